"""DeepStateMap files: colours, territory, faults.  All files are authored."""

import datetime as dt
import json
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyproj
import pytest
import shapely

import geofront as gf
from geofront.sources.deepstate import DeepState

NAME = "1740427200.geojson"
MOMENT = dt.datetime(2025, 2, 24, 20, tzinfo=dt.UTC)
HOSTILE = "{{7*7}} ${7*7} <img src=x onerror=alert(1)>\x1b[31m\x07\u202e\r\n"

Json = dict[str, Any]
Encode = Callable[..., bytes]


def polygon(west: float, south: float, east: float, north: float) -> Json:
    return {
        "type": "Polygon",
        "coordinates": [
            [
                [west, south, 0],
                [east, south, 0],
                [east, north, 0],
                [west, north, 0],
                [west, south, 0],
            ]
        ],
    }


def ring_of(*positions: Any) -> Json:
    return {"type": "Polygon", "coordinates": [list(positions)]}


def collection(*geometries: Json) -> Json:
    return {"type": "GeometryCollection", "geometries": list(geometries)}


def feature(geometry: Any, fill: Any = "#a52714", **properties: Any) -> Json:
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {"fill": fill, **properties},
    }


def geojson(shape: shapely.Geometry) -> Json:
    return json.loads(shapely.to_geojson(shape))


HERE = polygon(38.0, 48.0, 38.1, 48.1)
THERE = polygon(37.0, 48.0, 37.1, 48.1)
ABROAD = polygon(41.0, 43.0, 41.1, 43.1)


@pytest.fixture(params=["compact", "indented"])
def encode(request: pytest.FixtureRequest) -> Encode:
    """Text of a file; the two layouts are read by different code."""
    layout: Json = {
        "compact": {"separators": (",", ":")},
        "indented": {"indent": 1},
    }[request.param]

    def write(*features: Any) -> bytes:
        whole = {"type": "FeatureCollection", "features": list(features)}
        text = json.dumps(whole, **layout)
        # json cannot spell a number that is beyond its range.
        return text.replace('"1e400"', "1e400").encode()

    return write


@pytest.fixture(autouse=True)
def no_rear(monkeypatch: pytest.MonkeyPatch) -> None:
    """These maps are of a village each: test_sources_missing.py asks more."""
    monkeypatch.setattr("geofront.sources.missing._REAR", ())


def read(data: bytes) -> gf.Snapshot:
    return DeepState().read(data, MOMENT, NAME)


def km2(shape: shapely.Geometry) -> float:
    """Oracle: geodesic area of the outline, its edges cut short."""
    fine = shapely.orient_polygons(shapely.segmentize(shape, 0.001))
    geod = pyproj.Geod(ellps="WGS84")
    return float(geod.geometry_area_perimeter(fine)[0]) / 1e6


# ---- what is drawn


@pytest.mark.parametrize(
    ("fill", "state"),
    [
        ("#a52714", "occupied"),
        ("#880e4f", "occupied"),
        ("#000000", "occupied"),
        ("#bcaaa4", "grey_zone"),
        ("#bdbdbd", "grey_zone"),
        ("#757575", "grey_zone"),
        ("#0f9d58", "regained"),
        ("#0288d1", "regained"),
        ("#0097a7", "regained"),
        ("#A52714", "occupied"),
        ("#BcAaA4", "grey_zone"),
        ("#0F9D58", "regained"),
    ],
)
def test_fill_decides_the_state(encode: Encode, fill: str, state: str) -> None:
    snapshot = read(encode(feature(HERE), feature(THERE, fill)))
    there = shapely.box(37.0, 48.0, 37.1, 48.1)
    found = [
        name
        for name in ("occupied", "grey_zone", "regained")
        if getattr(snapshot, name).intersects(there)
    ]
    assert found == [state]
    assert snapshot.notes == ()


def test_name_does_not_decide_the_state(encode: Encode) -> None:
    liberated = feature(HERE, name="Звільнено /// Liberated")
    occupied = feature(THERE, "#0f9d58", name="Окуповано /// Occupied")
    snapshot = read(encode(liberated, occupied))
    assert snapshot.occupied.equals(shapely.box(38.0, 48.0, 38.1, 48.1))


def test_states_without_polygons_are_drawn_but_empty(encode: Encode) -> None:
    snapshot = read(encode(feature(HERE)))
    assert snapshot.draws_grey_zone
    assert snapshot.grey_zone is not None
    assert snapshot.grey_zone.is_empty
    assert snapshot.source == "deepstate"
    assert snapshot.published_at == MOMENT


def test_occupied_area_is_that_of_the_polygons(encode: Encode) -> None:
    snapshot = read(encode(feature(HERE), feature(THERE)))
    expected = 2 * km2(shapely.box(38.0, 48.0, 38.1, 48.1))
    assert snapshot.areas()["occupied_km2"] == pytest.approx(expected, 1e-6)


def test_third_dimension_is_dropped(encode: Encode) -> None:
    snapshot = read(encode(feature(polygon(38, 48, 38.1, 48.1))))
    assert not snapshot.occupied.has_z
    assert not any(shapely.has_z(snapshot.drawn("occupied")))


def test_collection_three_deep_is_flattened(encode: Encode) -> None:
    boxes = [polygon(36 + i, 48, 36.1 + i, 48.1) for i in range(3)]
    deep = collection(boxes[0], collection(boxes[1], collection(boxes[2])))
    flat = read(encode(*map(feature, boxes)))
    assert read(encode(feature(deep))) == flat


def test_multipolygon_members_are_read_one_by_one(encode: Encode) -> None:
    both = {
        "type": "MultiPolygon",
        "coordinates": [HERE["coordinates"], ABROAD["coordinates"]],
    }
    snapshot = read(encode(feature(both)))
    assert snapshot == read(encode(feature(HERE)))
    (note,) = snapshot.notes
    assert note.km2 == pytest.approx(
        km2(shapely.box(41.0, 43.0, 41.1, 43.1)), 1e-6
    )


def test_points_and_lines_are_counted_and_never_kept(encode: Encode) -> None:
    point = {"type": "Point", "coordinates": [38.0, 48.0, 0]}
    line = {"type": "LineString", "coordinates": [[38, 48], [39, 49]]}
    snapshot = read(
        encode(
            feature(HERE),
            feature(point, name="Airfield"),
            feature(point, name="20th army"),
            feature(line),
            feature({"type": "MultiPoint", "coordinates": [[38, 48]]}),
            feature(collection(point, collection(line), THERE)),
        )
    )
    (note,) = snapshot.notes
    assert note.kind == "dropped"
    assert "6 points or lines" in note.detail
    assert snapshot == read(encode(feature(HERE), feature(THERE)))
    assert "Airfield" not in str(snapshot.notes)


def test_regained_and_grey_zone_may_be_missing_abroad(encode: Encode) -> None:
    snapshot = read(encode(feature(HERE), feature(ABROAD, "#01579b")))
    (note,) = snapshot.notes
    assert note.kind == "dropped"
    assert note.km2 == pytest.approx(90.5, abs=0.1)


# ---- where a polygon belongs


def test_land_of_other_states_is_dropped_with_its_area(encode: Encode) -> None:
    abkhazia = feature(ABROAD, "#ff5252", name="Окуповано /// Occupied")
    snapshot = read(encode(feature(HERE), abkhazia))
    (note,) = snapshot.notes
    assert note.kind == "dropped"
    assert "#ff5252" in note.detail
    assert note.km2 == pytest.approx(
        km2(shapely.box(41.0, 43.0, 41.1, 43.1)), 1e-6
    )
    assert snapshot == read(encode(feature(HERE)))


def test_occupied_colour_abroad_is_dropped_too(encode: Encode) -> None:
    transnistria = polygon(29.3, 47.0, 29.4, 47.1)
    snapshot = read(encode(feature(HERE), feature(transnistria, "#880e4f")))
    assert snapshot == read(encode(feature(HERE)))
    assert [note.kind for note in snapshot.notes] == ["dropped"]


def across_the_border(share: float) -> shapely.Polygon:
    """Box north of Kharkiv of which this share lies in Ukraine."""
    near = shapely.box(36.2, 49.7, 36.6, 51.1)
    ukraine = shapely.intersection(gf.territory(sea=True), near)
    low, high = 49.8, 50.9
    for _ in range(25):
        south = (low + high) / 2
        box = shapely.box(36.30, south, 36.50, south + 0.1)
        inside = shapely.intersection(box, ukraine).area / box.area
        low, high = (south, high) if inside > share else (low, south)
    return box


@pytest.mark.parametrize("share", [0.999, 0.955])
def test_polygon_mostly_inside_counts_whole(
    encode: Encode, share: float
) -> None:
    drawn = across_the_border(share)
    snapshot = read(encode(feature(geojson(drawn))))
    assert snapshot.occupied.equals(drawn)
    assert snapshot.notes == ()


@pytest.mark.parametrize("share", [0.94, 0.5, 0.06])
def test_polygon_across_the_border_is_cut_there(
    encode: Encode, share: float
) -> None:
    drawn = across_the_border(share)
    ukraine = gf.territory(sea=True)
    snapshot = read(encode(feature(geojson(drawn))))
    expected = shapely.intersection(drawn, ukraine)
    difference = shapely.symmetric_difference(snapshot.occupied, expected)
    assert difference.area < 1e-12
    (note,) = snapshot.notes
    assert note.kind == "clipped"
    outside = shapely.difference(drawn, ukraine)
    assert note.km2 == pytest.approx(km2(outside), abs=1e-4)


@pytest.mark.parametrize("share", [0.045, 0.001])
def test_polygon_mostly_outside_is_dropped(
    encode: Encode, share: float
) -> None:
    drawn = across_the_border(share)
    snapshot = read(encode(feature(HERE), feature(geojson(drawn))))
    assert snapshot == read(encode(feature(HERE)))
    (note,) = snapshot.notes
    assert note.kind == "dropped"
    assert note.km2 == pytest.approx(km2(drawn), rel=1e-5)


def test_polygon_in_the_territorial_sea_counts(encode: Encode) -> None:
    bay = polygon(33.2, 44.6, 33.3, 44.7)
    assert not gf.territory().intersects(shapely.box(33.2, 44.6, 33.3, 44.7))
    assert read(encode(feature(bay))).notes == ()


# ---- colours not known


def test_unknown_colour_is_listed_with_its_area(encode: Encode) -> None:
    small = polygon(37.0, 48.0, 37.005, 48.005)
    snapshot = read(encode(feature(HERE), feature(small, "#123456")))
    (note,) = snapshot.notes
    assert note.kind == "dropped"
    assert "#123456" in note.detail
    assert "feature 2" in note.detail
    assert 0.1 < note.km2 < 1
    assert snapshot == read(encode(feature(HERE)))


def test_unknown_colour_abroad_is_only_listed(encode: Encode) -> None:
    snapshot = read(encode(feature(HERE), feature(ABROAD, "#123456")))
    (note,) = snapshot.notes
    assert "outside the territory" in note.detail


@pytest.mark.parametrize("fill", ["#123456", None, 7, ["#a52714"], ""])
def test_unknown_colour_above_1_km2_is_warned_of(
    encode: Encode, fill: Any
) -> None:
    with pytest.warns(gf.GeofrontWarning, match=r"82\.9 km²") as told:
        snapshot = read(encode(feature(HERE), feature(THERE, fill)))
    assert len(told) == 1
    assert NAME in str(told[0].message)
    assert "feature 2" in str(told[0].message)
    assert snapshot == read(encode(feature(HERE)))


@pytest.mark.parametrize("properties", [None, "text", [], 1])
def test_properties_that_are_none_leave_the_colour_unknown(
    encode: Encode, properties: Any
) -> None:
    odd = {**feature(THERE), "properties": properties}
    with pytest.warns(gf.GeofrontWarning, match="feature 2"):
        snapshot = read(encode(feature(HERE), odd))
    assert snapshot == read(encode(feature(HERE)))


# ---- repairs


BOW_TIE = ring_of([37, 48], [37.1, 48.1], [37.1, 48], [37, 48.1], [37, 48])


def test_bow_tie_is_repaired_and_noted(encode: Encode) -> None:
    snapshot = read(encode(feature(BOW_TIE)))
    assert snapshot.occupied.is_valid
    (note,) = snapshot.notes
    assert note.kind == "repair"
    # As drawn its halves cancel; both lobes are 20.7 km².
    assert note.km2 == pytest.approx(km2(snapshot.occupied), rel=1e-3)


def test_hole_outside_its_shell_is_repaired_and_noted(encode: Encode) -> None:
    hole = polygon(37.5, 48.0, 37.52, 48.02)["coordinates"][0]
    odd = {"type": "Polygon", "coordinates": [*THERE["coordinates"], hole]}
    snapshot = read(encode(feature(odd)))
    assert snapshot.occupied.is_valid
    assert snapshot.occupied.contains(shapely.Point(37.05, 48.05))
    assert [note.kind for note in snapshot.notes] == ["repair"]
    assert snapshot.notes[0].km2 > 3


def test_unclosed_ring_is_closed_and_noted(encode: Encode) -> None:
    odd = ring_of([37, 48], [37.1, 48], [37.1, 48.1], [37, 48.1])
    snapshot = read(encode(feature(odd)))
    assert snapshot == read(encode(feature(THERE)))
    (note,) = snapshot.notes
    assert note.kind == "repair"
    assert "closed" in note.detail


def test_polygon_without_rings_is_nothing(encode: Encode) -> None:
    empty = {"type": "Polygon", "coordinates": []}
    snapshot = read(encode(feature(HERE), feature(empty)))
    assert snapshot == read(encode(feature(HERE)))


# ---- faults of one feature

FAULTS = {
    "NaN": feature(
        ring_of([float("nan"), 48], [37.1, 48], [37.1, 48.1], [37, 48])
    ),
    "Infinity": feature(
        ring_of([37, float("inf")], [37.1, 48], [37.1, 48.1], [37, 48])
    ),
    "minus Infinity": feature(
        ring_of([37, float("-inf")], [37.1, 48], [37.1, 48.1], [37, 48])
    ),
    "1e400": feature(
        ring_of(["1e400", 48], [37.1, 48], [37.1, 48.1], [37, 48])
    ),
    "strings": feature(
        ring_of(["37", "48"], ["37.1", "48"], ["37.1", "48.1"], ["37", "48"])
    ),
    "null coordinate": feature(
        ring_of([None, 48], [37.1, 48], [37.1, 48.1], [37, 48])
    ),
    "booleans": feature(
        ring_of([True, False], [False, True], [True, True], [True, False])
    ),
    "ragged ring": feature(
        ring_of([37, 48], [37.1, 48, 0], [37.1, 48.1], [37, 48])
    ),
    "one value a position": feature(ring_of([37], [37.1], [37.1], [37])),
    "numbers for positions": feature(ring_of(37, 48, 37.1, 48.1)),
    "ring of text": feature({"type": "Polygon", "coordinates": ["abc"]}),
    "rings of text": feature({"type": "Polygon", "coordinates": "abc"}),
    "ring that is an object": feature(
        {"type": "Polygon", "coordinates": [{"a": 1}]}
    ),
    "empty ring": feature({"type": "Polygon", "coordinates": [[]]}),
    "one position": feature(ring_of([37, 48])),
    "two positions": feature(ring_of([37, 48], [37.1, 48])),
    "no coordinates": feature({"type": "Polygon"}),
    "latitude beyond 90": feature(polygon(37, 48, 37.1, 98)),
    "longitude beyond 180": feature(polygon(37, 48, 237.1, 48.1)),
    "huge number": feature(
        ring_of([10**30, 48], [37.1, 48], [37.1, 48.1], [37, 48])
    ),
    "missing geometry": {"type": "Feature", "properties": {}},
    "null geometry": feature(None),
    "geometry of unknown type": feature(
        {"type": "Circle", "coordinates": [37, 48]}
    ),
    "geometry whose type is a list": feature({"type": ["Polygon"]}),
    "geometry that is text": feature("POLYGON((37 48))"),
    "collection without members": feature({"type": "GeometryCollection"}),
    "null in a collection": feature(collection(THERE, None)),  # type: ignore[arg-type]
    "null in a multipolygon": feature(
        {"type": "MultiPolygon", "coordinates": [None]}
    ),
    "feature that is text": "feature",
    "feature that is null": None,
    "feature that is a number": 3,
    "feature that is a list": [],
    "feature that is empty": {},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_damaged_feature_is_listed_and_costs_no_other(
    encode: Encode, fault: str
) -> None:
    data = encode(feature(HERE), FAULTS[fault], feature(THERE))
    with pytest.warns(gf.GeofrontWarning, match="feature 2") as told:
        snapshot = read(data)
    assert len(told) == 1
    assert NAME in str(told[0].message)
    assert snapshot == read(encode(feature(HERE), feature(THERE)))
    note, large = snapshot.notes
    assert (note.kind, large.kind) == ("dropped", "method_break")
    assert "feature 2" in note.detail


COLLAPSED = {
    "there and back": ring_of([37, 48], [37.1, 48], [37, 48]),
    "one position three times": ring_of([37, 48], [37, 48], [37, 48]),
    "one position four times": ring_of(*[[37, 48]] * 4),
}


@pytest.mark.parametrize("ring", COLLAPSED)
def test_ring_without_area_is_listed_and_costs_no_other(
    encode: Encode, ring: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", gf.GeofrontWarning)
        snapshot = read(encode(feature(HERE), feature(COLLAPSED[ring])))
    assert snapshot == read(encode(feature(HERE)))
    assert "feature 2" in snapshot.notes[0].detail


def test_hole_without_area_costs_no_other_feature(encode: Encode) -> None:
    rings = [*THERE["coordinates"], [[37.05, 48.05]] * 4]
    odd = {"type": "Polygon", "coordinates": rings}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", gf.GeofrontWarning)
        snapshot = read(encode(feature(HERE), feature(odd)))
    assert snapshot.occupied.contains(shapely.Point(38.05, 48.05))
    assert "feature 2" in snapshot.notes[0].detail


def test_all_faults_of_a_file_are_told_in_one_warning(encode: Encode) -> None:
    data = encode(feature(HERE), *FAULTS.values())
    with pytest.warns(gf.GeofrontWarning) as told:
        snapshot = read(data)
    assert len(told) == 1
    for number in range(2, len(FAULTS) + 2):
        assert re.search(rf"feature {number}\b", str(told[0].message))
    assert len(snapshot.notes) == len(FAULTS) + 1


def test_fault_says_what_was_expected(encode: Encode) -> None:
    with pytest.warns(gf.GeofrontWarning, match=r"latitude within ±90°"):
        read(encode(feature(HERE), FAULTS["latitude beyond 90"]))


@pytest.mark.parametrize("depth", [70, 400, 900, 1010])
@pytest.mark.parametrize("where", ["coordinates", "type", "fill", "feature"])
def test_nesting_below_the_limit_of_json_costs_one_feature(
    encode: Encode, depth: int, where: str
) -> None:
    deep: Any = []
    for _ in range(depth):
        deep = [deep]
    odd = {
        "coordinates": feature({"type": "Polygon", "coordinates": "@"}),
        "type": feature({"type": "@"}),
        "fill": feature(THERE, "@"),
        "feature": "@",
    }[where]
    nested = encode(feature(HERE), odd)
    data = nested.replace(b'"@"', b"[" * depth + b"]" * depth)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", gf.GeofrontWarning)
            snapshot = read(data)
    except gf.SourceError as error:
        assert NAME in str(error)  # noqa: PT017
    else:
        assert snapshot == read(encode(feature(HERE)))


# ---- faults of a file

GOOD = json.dumps(
    {"type": "FeatureCollection", "features": [feature(HERE)]},
    separators=(",", ":"),
).encode()

BROKEN = {
    "truncated": (GOOD[: len(GOOD) // 2], "truncated or damaged"),
    "last byte missing": (GOOD[:-1], "truncated or damaged"),
    "not JSON": (b"<html>502 Bad Gateway</html>", "expected JSON"),
    "empty file": (b"", "0 bytes"),
    "not UTF-8": (
        GOOD.replace(b'"fill"', b'"name":"\xe9\xff","fill"'),
        "expected JSON",
    ),
    "more after the end": (GOOD + b"\0\0", "expected JSON"),
    "a list": (b"[1, 2]", "found a list"),
    "text": (b'"FeatureCollection"', "FeatureCollection"),
    "null": (b"null", "FeatureCollection"),
    "no features": (b'{"type":"FeatureCollection"}', "list of features"),
    "null features": (
        b'{"type":"FeatureCollection","features":null}',
        "list of features",
    ),
    "features that are an object": (
        b'{"type":"FeatureCollection","features":{}}',
        "list of features",
    ),
    "one feature": (json.dumps(feature(HERE)).encode(), "'Feature'"),
    "empty features": (
        b'{"type":"FeatureCollection","features":[]}',
        "found none",
    ),
    "100,000 brackets": (b"[" * 100_000, "expected JSON"),
    "100,000 objects": (b'{"a":' * 100_000, "expected JSON"),
    "100,000 brackets in features": (
        b'{"type":"FeatureCollection","features":['
        + b"[" * 100_000
        + b"]" * 100_000
        + b"]}",
        "expected JSON",
    ),
    "only abroad": (
        json.dumps(
            {"type": "FeatureCollection", "features": [feature(ABROAD)]}
        ).encode(),
        "found none",
    ),
    "only grey": (
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [feature(HERE, "#bcaaa4")],
            }
        ).encode(),
        "found none",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_broken_file_names_file_expected_and_found(fault: str) -> None:
    data, told = BROKEN[fault]
    with pytest.raises(gf.SourceError) as raised:
        read(data)
    message = str(raised.value)
    assert message.startswith(NAME)
    assert "expected" in message
    assert "found" in message
    assert told in message
    assert len(message) < 300


def test_byte_order_mark_is_no_fault() -> None:
    assert read(b"\xef\xbb\xbf" + GOOD) == read(GOOD)


# ---- hostile text


def test_names_never_reach_messages_or_notes(encode: Encode) -> None:
    data = encode(
        feature(HERE, name=HOSTILE),
        feature(BOW_TIE, name=HOSTILE, description=HOSTILE),
        feature(None, name=HOSTILE),
        feature(ABROAD, name=HOSTILE),
        feature(THERE, "#123456", name=HOSTILE),
    )
    with pytest.warns(gf.GeofrontWarning) as told:
        snapshot = read(data)
    for text in (str(told[0].message), str(snapshot.notes), repr(snapshot)):
        assert "7*7" not in text
        assert "onerror" not in text
        assert text.isprintable()


def test_control_characters_of_a_fill_are_stripped(encode: Encode) -> None:
    hostile = "#\x1b[31m\x00\x07\n\u202e" + "x" * 500
    with pytest.warns(gf.GeofrontWarning) as told:
        snapshot = read(encode(feature(HERE), feature(THERE, hostile)))
    assert str(told[0].message).isprintable()
    assert all(note.detail.isprintable() for note in snapshot.notes)
    assert len(str(told[0].message)) < 300


@pytest.mark.parametrize(
    "data",
    [
        json.dumps({"type": HOSTILE, "error": HOSTILE}).encode(),
        ("<html>" + HOSTILE).encode(),
        json.dumps(HOSTILE).encode(),
    ],
)
def test_control_characters_of_a_broken_file_are_stripped(
    data: bytes,
) -> None:
    with pytest.raises(gf.SourceError) as raised:
        read(data)
    assert str(raised.value).isprintable()


def test_name_that_looks_like_a_feature_is_text(encode: Encode) -> None:
    name = '"},{"type":"Feature","geometry":null},'
    snapshot = read(encode(feature(HERE, name=name), feature(THERE)))
    assert snapshot == read(encode(feature(HERE), feature(THERE)))


# ---- files and folders


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("1740427200.geojson", MOMENT),
        (
            "1648989208.geojson",
            dt.datetime(2022, 4, 3, 12, 33, 28, tzinfo=dt.UTC),
        ),
        ("174042720.geojson", None),
        ("17404272000.geojson", None),
        ("1740427200.json", None),
        ("1740427200.geojson.gz", None),
        ("1740427200 (1).geojson", None),
        ("-740427200.geojson", None),
        ("٠٧٤٠٤٢٧٢٠٠.geojson", None),
        ("2025-02-24.geojson", None),
        ("latest.geojson", None),
    ],
)
def test_moment_is_that_in_the_name(
    name: str, moment: dt.datetime | None
) -> None:
    assert DeepState().published_at(Path("any") / name) == moment


def test_polygon_that_stays_is_read_once(
    encode: Encode, tmp_path: Path
) -> None:
    north = feature(polygon(38, 49, 38.1, 49.1))
    for stamp, changed in ((1740427200, HERE), (1740513600, THERE)):
        data = encode(feature(changed), north)
        (tmp_path / f"{stamp}.geojson").write_bytes(data)
    first, second = gf.open_history(tmp_path, source="deepstate")
    before, after = first.drawn("occupied"), second.drawn("occupied")
    assert before is not None
    assert after is not None
    assert before[1] is after[1]
    assert before[0] is not after[0]
    assert first != second


def test_same_damage_is_told_for_every_file(
    encode: Encode, tmp_path: Path
) -> None:
    data = encode(feature(HERE), feature(None))
    for stamp in (1740427200, 1740513600):
        (tmp_path / f"{stamp}.geojson").write_bytes(data)
    with pytest.warns(gf.GeofrontWarning) as told:
        history = gf.open_history(tmp_path, source="deepstate")
    assert [str(item.message)[:10] for item in told] == [
        "1740427200",
        "1740513600",
    ]
    assert [len(snapshot.notes) for snapshot in history] == [2, 2]


def test_order_of_features_does_not_matter(encode: Encode) -> None:
    features = [
        feature(HERE),
        feature(polygon(38.05, 48.05, 38.2, 48.2)),
        feature(polygon(37.9, 48.0, 38.05, 48.1), "#bcaaa4"),
        feature(THERE, "#0f9d58"),
    ]
    forth, back = (
        read(encode(*order)) for order in (features, features[::-1])
    )
    assert forth.digest == back.digest
