"""GeoJSON as sources write it: one feature at a time, or the whole."""

import json
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geofront as gf
from geofront.sources.assembly import Reader
from geofront.sources.geojson import (
    clean,
    cut_features,
    parse,
    parse_collection,
    parse_cut,
    read_geometry,
)

RING = [[37, 48], [37.1, 48], [37.1, 48.1], [37, 48]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}
POINT = {"type": "Point", "coordinates": [37, 48]}


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


# ---- text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Сіверськ — ОРДЛО", "Сіверськ — ОРДЛО"),
        ("two\r\nlines\tand\u00a0more", "two lines and more"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("\u202eright to left", "right to left"),
        ("nul\x00 bell\x07", "nul bell"),
        ("\ud800 alone", "alone"),
        ("", ""),
        (None, "None"),
        (7, "7"),
    ],
)
def test_clean_leaves_one_printable_line(text: object, shown: str) -> None:
    assert clean(text) == shown


@given(st.text(max_size=200))
def test_clean_text_is_printable_and_short(text: str) -> None:
    shown = clean(text)
    assert shown.isprintable()
    assert len(shown) <= 60


def test_long_text_ends_with_an_ellipsis() -> None:
    assert clean("x" * 61) == "x" * 59 + "…"
    assert clean("x" * 60) == "x" * 60


# ---- collections


def test_collection_is_read_with_its_features() -> None:
    whole = {"type": "FeatureCollection", "features": [{"a": 1}], "b": 2}
    assert parse_collection(compact(whole), "file") == whole


@pytest.mark.parametrize(
    "literal", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400"]
)
def test_numbers_beyond_json_do_not_cost_the_file(literal: str) -> None:
    data = b'{"features":[%s,1]}' % literal.encode()
    first, second = parse_collection(data, "file")["features"]
    assert abs(first) != abs(first) or abs(first) == float("inf")
    assert second == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"{}]", b"[1,", b"\xff\xfe", b"nul", b"[" * 100_000],
)
def test_text_that_is_not_json_is_a_source_error(data: bytes) -> None:
    with pytest.raises(gf.SourceError, match="file: expected JSON, found"):
        parse(data, "file")


@pytest.mark.parametrize(
    "value", [None, 1, "a", [], {}, {"features": None}, {"features": {}}]
)
def test_json_that_is_no_collection_is_a_source_error(value: Any) -> None:
    with pytest.raises(gf.SourceError, match="expected a GeoJSON Feature"):
        parse_collection(compact(value), "file")


# ---- cutting a text into features


def test_compact_text_is_cut_at_its_features() -> None:
    features = [
        {"type": "Feature", "geometry": POINT, "properties": {"n": n}}
        for n in range(3)
    ]
    whole = {"type": "FeatureCollection", "features": features}
    pieces = cut_features(compact(whole))
    assert pieces is not None
    assert [parse_cut(piece, "file") for piece in pieces] == features


@pytest.mark.parametrize("joint", [b"", b",,", b"],", b";"])
def test_wrong_joint_between_features_is_told(joint: bytes) -> None:
    with pytest.raises(gf.SourceError, match="file: expected"):
        parse_cut(b'"properties":{}}' + joint, "file")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"type":"FeatureCollection","features":[]}',
        b'{"type":"FeatureCollection","features":[{"type": "Feature"}]}',
        b'{"type":"FeatureCollection","features":[{"type":"Feature","a":1}',
        b'[{"type":"Feature","a":1}]',
        b'{"map":{"features":[{"type":"Feature","a":1}]}}',
        b'{"features":[{"a":1},{"type":"Feature","a":1}]}',
    ],
)
def test_text_of_another_layout_is_not_cut(data: bytes) -> None:
    assert cut_features(data) is None


def outcome(data: bytes) -> Any:
    """Kinds and faults of a text's features, or that it is refused."""
    reader = Reader(lambda properties: json.dumps(properties, sort_keys=True))
    try:
        features = reader.features(data, "file")
    except gf.SourceError:
        return "refused"
    return [(feature.kind, feature.fault) for feature in features]


FEATURE = {"type": "Feature", "geometry": POINT, "properties": {"n": 1}}


@pytest.mark.parametrize(
    "whole",
    [
        {"features": [FEATURE, FEATURE]},
        {"features": [FEATURE], "notes": [["a", "b", 1]]},
        {"features": [FEATURE, 5, FEATURE]},
        {"features": [5, FEATURE]},
        {"features": [FEATURE, {"properties": {"n": 2}, "geometry": POINT}]},
        {"features": [{**FEATURE, "properties": {"n": FEATURE}}]},
        {"features": [{**FEATURE, "properties": {"n": [FEATURE]}}]},
        {"features": [{**FEATURE, "properties": {"n": [FEATURE, FEATURE]}}]},
        {"features": [{**FEATURE, "properties": {"n": '{"type":"Feature",'}}]},
        {"features": [], "other": [FEATURE]},
        {"other": [FEATURE], "features": []},
        {"other": [FEATURE]},
        {"features": {"a": [FEATURE]}},
        {"features": [[FEATURE]]},
        {"features": [FEATURE, []]},
    ],
    ids=lambda whole: compact(whole)[:70].decode(),
)
def test_layout_of_a_text_does_not_matter(whole: Any) -> None:
    assert outcome(compact(whole)) == outcome(json.dumps(whole).encode())


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.text(max_size=4)
    | st.just('{"type":"Feature",'),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=2)
        | inner.map(lambda value: {"type": "Feature", "properties": value})
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(values.map(lambda value: {**FEATURE, "properties": value})))
def test_cut_text_reads_as_the_parsed_one(features: list[Any]) -> None:
    whole = {"type": "FeatureCollection", "features": features}
    assert outcome(compact(whole)) == outcome(json.dumps(whole).encode())


@pytest.mark.parametrize(
    "data",
    [
        b'{"features":[{"type":"Feature","a":1},,{"type":"Feature","a":2}]}',
        b'{"features":[{"type":"Feature","a":1}{"type":"Feature","a":2}]}',
        b'{"features":[{"type":"Feature","a":1},]}',
    ],
)
def test_text_with_wrong_commas_is_refused(data: bytes) -> None:
    assert outcome(data) == "refused"


# ---- geometries


def test_polygon_is_read_in_two_dimensions() -> None:
    ring = [[*position, 7.5] for position in RING]
    drawn = read_geometry({"type": "Polygon", "coordinates": [ring]})
    assert drawn.polygons[0].equals(shapely.Polygon(RING))
    assert not drawn.polygons[0].has_z


def test_hole_is_read() -> None:
    shell = [[37, 48], [38, 48], [38, 49], [37, 49], [37, 48]]
    hole = [[37.2, 48.2], [37.4, 48.2], [37.4, 48.4], [37.2, 48.2]]
    drawn = read_geometry({"type": "Polygon", "coordinates": [shell, hole]})
    assert drawn.polygons[0].equals(shapely.Polygon(shell, [hole]))


def test_order_of_members_is_kept_however_nested() -> None:
    def at(west: float) -> dict[str, Any]:
        ring = [[west + x, y] for x, y in ((0, 48), (1, 48), (1, 49), (0, 48))]
        return {"type": "Polygon", "coordinates": [ring]}

    nested = {
        "type": "GeometryCollection",
        "geometries": [
            at(30),
            {
                "type": "GeometryCollection",
                "geometries": [
                    {
                        "type": "MultiPolygon",
                        "coordinates": [
                            at(31)["coordinates"],
                            at(32)["coordinates"],
                        ],
                    },
                    POINT,
                ],
            },
            at(33),
        ],
    }
    drawn = read_geometry(nested)
    assert [item.bounds[0] for item in drawn.polygons] == [30, 31, 32, 33]
    assert drawn.not_areas == 1


@pytest.mark.parametrize(
    "kind", ["Point", "MultiPoint", "LineString", "MultiLineString"]
)
def test_points_and_lines_are_only_counted(kind: str) -> None:
    drawn = read_geometry({"type": kind, "coordinates": "not looked at"})
    assert len(drawn.polygons) == 0
    assert drawn.not_areas == 1


def test_unclosed_rings_are_closed_and_counted() -> None:
    drawn = read_geometry({"type": "Polygon", "coordinates": [RING[:-1]]})
    assert drawn.unclosed == 1
    assert drawn.polygons[0].equals(shapely.Polygon(RING))


@pytest.mark.parametrize(
    ("geometry", "message"),
    [
        (None, "expected a geometry"),
        ("POINT(1 1)", "expected a geometry"),
        ({}, "expected a geometry"),
        ({"type": "Circle"}, "'Circle'"),
        ({"type": "Polygon"}, "expected a list of coordinates"),
        ({"type": "GeometryCollection"}, "expected a list of geometries"),
        ({"type": "Polygon", "coordinates": [[]]}, "expected a ring"),
        ({"type": "Polygon", "coordinates": [RING[:2]]}, "four or more"),
        (
            {"type": "Polygon", "coordinates": [[*RING, [1, 2, 3]]]},
            "differ in their number",
        ),
        (
            {"type": "Polygon", "coordinates": [[[48, 137], *RING]]},
            "latitude within ±90°",
        ),
        (
            {"type": "Polygon", "coordinates": [[[float("nan"), 0], *RING]]},
            "not a finite number",
        ),
    ],
)
def test_geometry_at_fault_says_what_was_expected(
    geometry: Any, message: str
) -> None:
    with pytest.raises(gf.InvalidBoundaryError, match=message):
        read_geometry(geometry)


@pytest.mark.parametrize(
    "data",
    [
        b'{"features":[],"previous":{"features":[{"type":"Feature","a":1}]}}',
        b'{"previous":{"features":[]},"features":[{"type":"Feature","a":1}]}',
    ],
)
def test_features_within_something_else_are_not_cut(data: bytes) -> None:
    assert cut_features(data) is None


def test_only_white_space_of_json_stands_between_features() -> None:
    with pytest.raises(gf.SourceError, match="expected a comma"):
        parse_cut(b'"a":1},\x0c', "file")
