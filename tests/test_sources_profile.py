"""geofront's own GeoJSON profile: written, read back, written by hand."""

import copy
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
import shapely

import geofront as gf
from geofront.sources.profile import Profile, file_name, write_snapshot

NAME = "2025-02-24T200000Z.geojson"
MOMENT = dt.datetime(2025, 2, 24, 20, tzinfo=dt.UTC)

Json = dict[str, Any]
Box = tuple[float, float, float, float]


def area(state: str, *boxes: Box, source: str = "test", **more: Any) -> Json:
    shape = shapely.MultiPolygon([shapely.box(*box) for box in boxes])
    return {
        "type": "Feature",
        "properties": {"state": state, "source": source, **more},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }


OCCUPIED = area("occupied", (38.0, 48.0, 38.1, 48.1))
GREY = area("grey_zone", (37.9, 48.0, 38.0, 48.1))
COVERAGE = area("coverage", (37.5, 47.5, 38.5, 48.5))


def text(*features: Any, **members: Any) -> bytes:
    whole = {"type": "FeatureCollection", "features": list(features)}
    return json.dumps({**whole, **members}).encode()


def read(data: bytes, name: str = NAME) -> gf.Snapshot:
    moment = Profile().published_at(Path(name))
    assert moment is not None
    return Profile().read(data, moment, name)


def reread(snapshot: gf.Snapshot) -> gf.Snapshot:
    return read(write_snapshot(snapshot), file_name(snapshot))


@pytest.fixture
def drawn() -> gf.Snapshot:
    """Snapshot with every state, awkward decimals and notes."""
    third = 1 / 3
    return gf.Snapshot(
        "test",
        MOMENT,
        occupied=[
            shapely.box(38 + third, 48 + third / 7, 38.5, 48.2),
            shapely.Point(37.1, 48.7).buffer(0.1),
        ],
        grey_zone=shapely.Point(38.2, 48.1).buffer(0.2),
        regained=shapely.box(36.1, 49.1, 36.2, 49.2),
        coverage=shapely.box(35.0, 47.0, 39.0, 50.0),
        notes=[
            gf.Note("dropped", "feature 3: кинуто «»", 1 / 3),
            gf.Note("clipped", "cut at the border", 1e-9),
            gf.Note("remark", "Schematic: not to be cited"),
        ],
    )


# ---- write, then read


def test_written_snapshot_reads_back_the_same(drawn: gf.Snapshot) -> None:
    again = reread(drawn)
    assert again.digest == drawn.digest
    assert again.notes == drawn.notes
    assert again.published_at == drawn.published_at


def test_every_vertex_reads_back_to_the_last_bit(drawn: gf.Snapshot) -> None:
    again = reread(drawn)
    for state in ("occupied", "grey_zone", "regained", "coverage"):
        before, after = getattr(drawn, state), getattr(again, state)
        assert shapely.to_wkb(before) == shapely.to_wkb(after)


def test_writing_again_gives_the_same_bytes(drawn: gf.Snapshot) -> None:
    once = write_snapshot(drawn)
    assert write_snapshot(read(once)) == once


def test_example_reads_back_the_same(example: gf.History) -> None:
    for snapshot in example:
        again = reread(snapshot)
        assert again.digest == snapshot.digest
        assert again.notes == snapshot.notes


@pytest.mark.archive
def test_real_snapshots_read_back_the_same(
    deepstate: dict[str, gf.History],
) -> None:
    for history in deepstate.values():
        for snapshot in history[::50]:
            again = reread(snapshot)
            assert again.digest == snapshot.digest
            assert again.notes == snapshot.notes


@pytest.mark.parametrize("grey", [None, []])
def test_grey_zone_not_drawn_differs_from_none_that_day(
    grey: list[shapely.Polygon] | None,
) -> None:
    snapshot = gf.Snapshot("test", MOMENT, shapely.box(38, 48, 39, 49), grey)
    again = reread(snapshot)
    assert again == snapshot
    assert again.draws_grey_zone == (grey is not None)


def test_snapshot_without_any_polygon_reads_back() -> None:
    snapshot = gf.Snapshot("test", MOMENT, [], [])
    assert reread(snapshot) == snapshot


def test_two_remarks_read_back_as_two() -> None:
    remarks = [gf.Note("remark", "one"), gf.Note("remark", "two; three")]
    snapshot = gf.Snapshot("test", MOMENT, [], notes=remarks)
    assert reread(snapshot).notes == snapshot.notes


def test_repair_is_noted_once_and_written_back() -> None:
    bow_tie = shapely.Polygon([(38, 48), (39, 49), (39, 48), (38, 49)])
    with pytest.warns(gf.RepairedBoundaryWarning):
        snapshot = gf.Snapshot("test", MOMENT, bow_tie)
    assert reread(snapshot).notes == snapshot.notes
    assert [note.kind for note in snapshot.notes] == ["repair"]


# ---- the text


def test_one_line_a_feature_with_sorted_keys(drawn: gf.Snapshot) -> None:
    lines = write_snapshot(drawn).decode().splitlines()
    assert len(lines) == 2 + 4
    for line in lines[1:-1]:
        feature = json.loads(line.removesuffix(","))
        compact = json.dumps(
            feature, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        assert line.removesuffix(",") == compact
    whole = json.loads("".join(lines))
    assert list(whole) == sorted(whole)
    assert whole["type"] == "FeatureCollection"


def test_numbers_are_the_shortest_that_read_back() -> None:
    west = 0.1 + 0.2 + 37.9
    snapshot = gf.Snapshot("test", MOMENT, shapely.box(west, 48, 39, 49))
    line = write_snapshot(snapshot).decode().splitlines()[1]
    assert repr(west) in line
    assert "48.0" in line


def test_features_are_multipolygons_with_their_properties(
    drawn: gf.Snapshot,
) -> None:
    features = json.loads(write_snapshot(drawn))["features"]
    assert [item["properties"]["state"] for item in features] == [
        "occupied",
        "grey_zone",
        "regained",
        "coverage",
    ]
    for item in features:
        assert item["type"] == "Feature"
        assert item["geometry"]["type"] == "MultiPolygon"
        assert item["properties"]["source"] == "test"
        assert item["properties"]["published_at"] == "2025-02-24T20:00:00Z"
        assert item["properties"]["remark"] == "Schematic: not to be cited"


def test_file_is_named_by_the_moment(drawn: gf.Snapshot) -> None:
    assert file_name(drawn) == NAME


# ---- dates


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("2025-02-24T200000Z", "2025-02-24T20:00:00+00:00"),
        ("2025-02-24", "2025-02-24T21:59:59+00:00"),
        ("2025-03-29", "2025-03-29T21:59:59+00:00"),
        ("2025-03-30", "2025-03-30T20:59:59+00:00"),
        ("2025-07-01", "2025-07-01T20:59:59+00:00"),
        ("2025-10-25", "2025-10-25T20:59:59+00:00"),
        ("2025-10-26", "2025-10-26T21:59:59+00:00"),
        ("2024-02-29", "2024-02-29T21:59:59+00:00"),
    ],
)
def test_name_gives_the_moment(name: str, moment: str) -> None:
    found = Profile().published_at(Path(f"any/{name}.geojson"))
    assert found == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize("day", ["2025-02-24", "2025-07-01", "2025-03-30"])
def test_file_of_a_day_is_of_that_day_in_kyiv(
    day: str, tmp_path: Path
) -> None:
    (tmp_path / f"{day}.geojson").write_bytes(text(OCCUPIED))
    (snapshot,) = history = gf.open_history(tmp_path)
    assert str(snapshot.date) == day
    assert history.at(day) is snapshot


@pytest.mark.parametrize(
    "name",
    [
        "2025-02-30.geojson",
        "2025-13-01.geojson",
        "2025-2-4.geojson",
        "20250224.geojson",
        "2025-02-24.json",
        "2025-02-24.geojson.gz",
        "2025-02-24T20:00:00Z.geojson",
        "2025-02-24T2000Z.geojson",
        "2025-02-24T246060Z.geojson",
        "2025-02-24T200000.geojson",
        "x2025-02-24.geojson",
        "1740427200.geojson",
        "0000-00-00.geojson",
        "9999-12-31.geojson",
        "",
    ],
)
def test_other_names_are_not_of_the_profile(name: str) -> None:
    assert Profile().published_at(Path(name)) is None


@pytest.mark.parametrize(
    "stated",
    [
        "2025-02-24T20:00:00Z",
        "2025-02-24T20:00:00+00:00",
        "2025-02-24T22:00:00+02:00",
    ],
)
def test_published_at_may_be_spelt_in_any_zone(stated: str) -> None:
    occupied = area("occupied", (38, 48, 39, 49), published_at=stated)
    assert read(text(occupied)).published_at == MOMENT


@pytest.mark.parametrize(
    "stated",
    [
        "2025-02-24T20:00:01Z",
        "2025-02-25T20:00:00Z",
        "2025-02-24T20:00:00",
        "2025-02-24",
        "yesterday",
        "",
        None,
        1740427200,
    ],
)
def test_published_at_that_is_not_the_name_s_is_told(stated: Any) -> None:
    occupied = area("occupied", (38, 48, 39, 49), published_at=stated)
    with pytest.raises(gf.SourceError, match="published_at is") as raised:
        read(text(occupied))
    assert "2025-02-24T20:00:00Z" in str(raised.value)


# ---- written by hand


def test_features_of_one_state_are_taken_together() -> None:
    one = read(
        text(
            area("occupied", (38.0, 48.0, 38.1, 48.1)),
            area("occupied", (38.1, 48.0, 38.2, 48.1)),
        )
    )
    both = read(text(area("occupied", (38.0, 48.0, 38.2, 48.1))))
    assert one.occupied.equals(both.occupied)


def test_polygon_serves_as_well_as_multipolygon() -> None:
    plain = copy.deepcopy(OCCUPIED)
    plain["geometry"] = {
        "type": "Polygon",
        "coordinates": OCCUPIED["geometry"]["coordinates"][0],
    }
    assert read(text(plain)) == read(text(OCCUPIED))


def test_remark_becomes_a_note_once() -> None:
    remark = "Schematic: hand-drawn"
    data = text(
        area("occupied", (38, 48, 39, 49), remark=remark),
        area("grey_zone", (37, 48, 38, 49), remark=remark),
    )
    assert read(data).notes == (gf.Note("remark", remark),)


def test_what_lies_outside_the_coverage_is_cut_and_noted() -> None:
    wide = area("occupied", (38.0, 48.0, 39.0, 48.1))
    snapshot = read(text(wide, COVERAGE))
    assert snapshot.occupied.bounds == (38.0, 48.0, 38.5, 48.1)
    assert [note.kind for note in snapshot.notes] == ["clipped"]
    assert reread(snapshot).notes == snapshot.notes


def test_occupied_wins_over_the_grey_zone() -> None:
    grey = area("grey_zone", (37.9, 48.0, 38.05, 48.1))
    snapshot = read(text(OCCUPIED, grey))
    assert snapshot.grey_zone is not None
    assert snapshot.grey_zone.bounds == (37.9, 48.0, 38.0, 48.1)


# ---- faults

LINE = {
    "type": "Feature",
    "properties": {"state": "occupied", "source": "test"},
    "geometry": {"type": "LineString", "coordinates": [[38, 48], [39, 49]]},
}
SWAPPED = area("occupied", (48.0, 38.0, 48.1, 38.1))


FAULTS: dict[str, tuple[bytes, str]] = {
    "two sources": (
        text(OCCUPIED, area("grey_zone", (37, 48, 38, 49), source="b")),
        "expected one source, found b, test",
    ),
    "no source": (
        text({**OCCUPIED, "properties": {"state": "occupied"}}),
        "expected one source, found none",
    ),
    "source of odd characters": (
        text(area("occupied", (38, 48, 39, 49), source="No Body")),
        "cannot name a source",
    ),
    "unknown state": (
        text(OCCUPIED, area("liberated", (37, 48, 38, 49))),
        "feature 2: the state is 'liberated', expected one of occupied",
    ),
    "held is derived": (
        text(OCCUPIED, area("held", (37, 48, 38, 49))),
        "feature 2: the state is 'held'",
    ),
    "state that is a list": (
        text({**OCCUPIED, "properties": {"state": ["occupied"]}}),
        "feature 1: the state is",
    ),
    "no state": (
        text(OCCUPIED, {**GREY, "properties": {"source": "test"}}),
        "feature 2: the state is 'None'",
    ),
    "missing occupied": (text(GREY), "no feature has the state 'occupied'"),
    "no features": (text(), "no feature has the state 'occupied'"),
    "swapped axes": (text(SWAPPED), "longitude and latitude swapped"),
    "projected": (
        text(area("occupied", (4e6, 6e6, 4.1e6, 6.1e6))),
        "latitude within ±90°",
    ),
    "point": (
        text(
            OCCUPIED,
            {**GREY, "geometry": {"type": "Point", "coordinates": [38, 48]}},
        ),
        "feature 2: holds points or lines, expected areas",
    ),
    "line": (text(OCCUPIED, LINE), "feature 2: holds points or lines"),
    "null geometry": (text({**OCCUPIED, "geometry": None}), "feature 1"),
    "null properties": (
        text(OCCUPIED, {**GREY, "properties": None}),
        "feature 2: has no properties",
    ),
    "feature that is text": (text(OCCUPIED, "grey"), "feature 2"),
    "NaN": (
        text(OCCUPIED).replace(b"38.0,", b"NaN,"),
        "feature 1: a coordinate is not a finite number",
    ),
    "notes that are text": (text(OCCUPIED, notes="none"), "notes: expected"),
    "notes that are a number": (text(OCCUPIED, notes=1), "notes: expected"),
    "notes that are null": (text(OCCUPIED, notes=None), "notes: expected"),
    "notes of two members": (
        text(OCCUPIED, notes=[["repair", "x"]]),
        "notes: expected",
    ),
    "notes without a number": (
        text(OCCUPIED, notes=[["repair", "x", "much"]]),
        "notes: expected a list of [kind, detail, km²]",
    ),
    "not JSON": (text(OCCUPIED)[:-1], "truncated or damaged"),
    "not UTF-8": (text(OCCUPIED).replace(b"test", b"t\xe9"), "expected JSON"),
    "one feature": (json.dumps(OCCUPIED).encode(), "FeatureCollection"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_file_at_fault_is_refused_by_name(fault: str) -> None:
    data, told = FAULTS[fault]
    with pytest.raises(gf.GeofrontError) as raised:
        read(data)
    assert told in str(raised.value)
    assert NAME in str(raised.value)
    assert isinstance(raised.value, gf.SourceError)


def test_all_faults_of_a_file_are_told_together() -> None:
    data = text(
        area("liberated", (38, 48, 39, 49)),
        area("grey_zone", (38, 48, 39, 49), published_at="yesterday"),
        {**GREY, "properties": None},
        area("grey_zone", (38, 48, 39, 49), source="other"),
        LINE,
        notes=7,
    )
    with pytest.raises(gf.SourceError) as raised:
        read(data)
    message = str(raised.value)
    for told in (
        "feature 1: the state is 'liberated'",
        "published_at is yesterday",
        "feature 3: has no properties",
        "expected one source, found other, test",
        "feature 5: holds points or lines",
        "no feature has the state 'occupied'",
        "notes: expected",
    ):
        assert told in message
    assert message.count(NAME) == 1
    assert "\n" not in message


@pytest.mark.parametrize("member", ["state", "source", "published_at"])
def test_control_characters_are_stripped_from_messages(member: str) -> None:
    hostile = "\x1b[31m{{7*7}}\x00\n\u202e" + "x" * 400
    odd = copy.deepcopy(OCCUPIED)
    odd["properties"][member] = hostile
    with pytest.raises(gf.GeofrontError) as raised:
        read(text(OCCUPIED, odd))
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 500


# ---- folders

Fill = Callable[..., Path]


@pytest.fixture
def filled(tmp_path: Path) -> Fill:
    def fill(**files: bytes) -> Path:
        for stem, data in files.items():
            name = stem.replace("_", "-").removeprefix("d") + ".geojson"
            (tmp_path / name).write_bytes(data)
        return tmp_path

    return fill


def test_same_moment_twice_is_one_snapshot(filled: Fill) -> None:
    folder = filled(
        d2025_02_24=text(OCCUPIED), d2025_02_24T215959Z=text(OCCUPIED)
    )
    assert len(gf.open_history(folder)) == 1


def test_same_moment_with_two_contents_is_refused(filled: Fill) -> None:
    other = area("occupied", (38.0, 48.0, 38.2, 48.1))
    folder = filled(
        d2025_02_24=text(OCCUPIED), d2025_02_24T215959Z=text(other)
    )
    with pytest.raises(gf.InvalidBoundaryError, match="2025-02-24T21:59:59Z"):
        gf.open_history(folder)


def test_sources_of_a_folder_are_listed_if_several(filled: Fill) -> None:
    folder = filled(
        d2025_02_24=text(OCCUPIED),
        d2025_02_25=text(area("occupied", (38, 48, 39, 49), source="other")),
    )
    with pytest.raises(gf.InvalidBoundaryError, match="other, test"):
        gf.open_history(folder)


def test_file_of_another_day_is_told_and_left_out(filled: Fill) -> None:
    late = area(
        "occupied", (38, 48, 39, 49), published_at="2025-02-25T21:59:59Z"
    )
    folder = filled(d2025_02_24=text(OCCUPIED), d2025_02_26=text(late))
    with pytest.warns(gf.GeofrontWarning, match="2025-02-26.geojson: publi"):
        history = gf.open_history(folder)
    assert len(history) == 1


def test_what_lies_abroad_is_left_out_and_told(tmp_path: Path) -> None:
    abroad = shapely.box(50, 50, 51, 51)
    here = shapely.box(37, 48, 38, 49)
    snapshot = gf.Snapshot("test", MOMENT, [here, abroad])
    (tmp_path / file_name(snapshot)).write_bytes(write_snapshot(snapshot))
    with pytest.warns(gf.GeofrontWarning, match="outside the territory"):
        history = gf.open_history(tmp_path)
    assert history[0].occupied.equals(here)
    assert [note.kind for note in history[0].notes] == ["dropped"]


@pytest.mark.parametrize("note", [["odd", "x", 0.0], ["repair", "x", "nan"]])
def test_notes_of_no_kind_or_size_are_refused(note: list[object]) -> None:
    collection = orjson.loads(write_snapshot(gf.Snapshot("test", MOMENT, [])))
    collection["notes"] = [note]
    with pytest.raises(gf.SourceError, match="notes: expected"):
        read(orjson.dumps(collection))
