"""The real archive: both folders of DeepStateMap, read and measured."""

import datetime as dt
import itertools
import json
import math

import numpy as np
import pyproj
import pytest
import shapely
from click.testing import CliRunner

import geofront as gf
from geofront.cli import main
from geofront.geodesy import area_km2
from geofront.places import BILOHORIVKA, SIVERSK, SLOVIANSK_KRAMATORSK

pytestmark = pytest.mark.archive

GEOD = pyproj.Geod(ellps="WGS84")
EARLY, LATE = "deepstate-2022-04_2022-12", "deepstate-2024-07_2025-03"
PUBLISHED_NET_KM2 = {
    "2024-08-31": 363.5,
    "2024-11-30": 725.9,
    "2025-01-31": 326.1,
    "2025-02-28": 191.8,
    "2025-03-31": 133.6,
}
# The state at Bilohorivka's centre, and when it changed (UTC).
BILOHORIVKA_CHANGES = [
    ("2022-07-03T10:28:58Z", "held", "grey_zone"),
    ("2022-07-03T17:08:37Z", "grey_zone", "occupied"),
    ("2022-09-15T19:57:51Z", "occupied", "grey_zone"),
    ("2022-09-19T20:15:39Z", "grey_zone", "held"),
    ("2025-02-11T21:54:32Z", "held", "grey_zone"),
    ("2025-03-13T13:43:18Z", "grey_zone", "occupied"),
]


@pytest.fixture(scope="module")
def all_snapshots(deepstate):
    return [item for history in deepstate.values() for item in history]


def moment(snapshot):
    return f"{snapshot.published_at:%Y-%m-%dT%H:%M:%SZ}"


# Reading


def test_every_file_is_read(archive, deepstate):
    # Warnings are errors: none was raised while the fixture read them.
    counts = {name: len(history) for name, history in deepstate.items()}
    assert counts == {EARLY: 420, LATE: 274}
    for name, history in deepstate.items():
        stamps = {int(item.published_at.timestamp()) for item in history}
        assert stamps == {
            int(path.stem) for path in (archive / name).glob("*.geojson")
        }


def test_every_polygon_is_valid(all_snapshots):
    for snapshot in all_snapshots:
        for area in (snapshot.occupied, snapshot.grey_zone, snapshot.regained):
            assert area.is_valid, snapshot.id


def test_occupied_and_grey_zone_are_disjoint(all_snapshots):
    for snapshot in all_snapshots:
        common = shapely.intersection(snapshot.occupied, snapshot.grey_zone)
        assert area_km2(common) < 1e-9, snapshot.id


def test_repairs_drops_and_cuts_are_listed_with_finite_areas(all_snapshots):
    notes = [note for item in all_snapshots for note in item.notes]
    assert {note.kind for note in notes} == {"repair", "dropped", "clipped"}
    for note in notes:
        assert math.isfinite(note.km2)
        assert note.km2 >= 0
        assert note.detail


def test_repairs_change_hardly_anything(all_snapshots):
    repairs = [
        note.km2
        for item in all_snapshots
        for note in item.notes
        if note.kind == "repair"
    ]
    assert len(repairs) == 209
    assert sum(repairs) < 0.01


def test_other_states_lands_are_dropped_not_counted(all_snapshots):
    for snapshot in all_snapshots:
        dropped = [
            note.km2 for note in snapshot.notes if note.kind == "dropped"
        ]
        assert sum(dropped) > 1000
        assert 60_000 < snapshot.areas()["occupied_km2"] < 170_000


def test_names_hold_template_like_text_that_no_note_repeats(
    archive, deepstate
):
    files = sorted((archive / LATE).glob("*.geojson"))
    assert all(b"{{at:" in path.read_bytes() for path in files)
    told = [
        note.detail
        for history in deepstate.values()
        for item in history
        for note in item.notes
    ]
    for mark in ("{{", "}}", "${", "<", ">", "&"):
        assert not [detail for detail in told if mark in detail]
    assert all(detail.isprintable() for detail in told)


# Change


def test_monthly_net_is_as_published(deepstate):
    table = gf.deltas(deepstate[LATE], every="month")
    assert list(table.complete) == [False] + [True] * 8
    nets = table.set_index(table.until.dt.strftime("%Y-%m-%d"))
    for until, published in PUBLISHED_NET_KM2.items():
        net = nets.loc[until, "occupied_net_km2"]
        assert net == pytest.approx(published, abs=0.5)


def test_transitions_sum_to_the_difference_of_totals(deepstate):
    history = deepstate[LATE]["2025-01-01":"2025-03-31"]
    table = gf.deltas(history, every="snapshot")
    assert len(table) == len(history) - 1
    totals = [item.areas() for item in history]
    for row, (old, new) in zip(
        table.itertuples(), itertools.pairwise(totals), strict=True
    ):
        occupied = (
            row.held_to_occupied_km2
            + row.grey_zone_to_occupied_km2
            - row.occupied_to_held_km2
            - row.occupied_to_grey_zone_km2
        )
        grey_zone = (
            row.held_to_grey_zone_km2
            + row.occupied_to_grey_zone_km2
            - row.grey_zone_to_held_km2
            - row.grey_zone_to_occupied_km2
        )
        assert occupied == pytest.approx(
            new["occupied_km2"] - old["occupied_km2"], abs=1e-6
        )
        assert grey_zone == pytest.approx(
            new["grey_zone_km2"] - old["grey_zone_km2"], abs=1e-6
        )


def test_transitions_equal_plain_differences(deepstate):
    history = deepstate[LATE]["2025-02-17":"2025-02-28"]
    for before, after in itertools.pairwise(history):
        found = gf.delta(before, after).transitions
        taken = shapely.union_all([before.occupied, before.grey_zone])
        expected = {
            "grey_zone_to_occupied_km2": before.grey_zone & after.occupied,
            "occupied_to_grey_zone_km2": before.occupied & after.grey_zone,
            "held_to_occupied_km2": after.occupied - taken,
            "held_to_grey_zone_km2": after.grey_zone - taken,
        }
        for name, polygons in expected.items():
            assert found[name] == pytest.approx(area_km2(polygons), abs=1e-5)


def test_the_bilohorivka_advance_is_found(deepstate):
    history = deepstate[LATE]
    before, after = history.at("2025-02-22"), history.at("2025-02-23")
    assert moment(before) == "2025-02-22T21:10:39Z"
    assert moment(after) == "2025-02-23T20:44:43Z"
    found = gf.delta(before, after).to_geodataframe()
    advance = found[
        (found.from_state == "grey_zone")
        & (found.to_state == "occupied")
        & ((found.area_km2 - 2.79).abs() <= 0.02)
    ]
    (polygon,) = advance.geometry
    middle = polygon.centroid
    metres = GEOD.inv(*BILOHORIVKA.centre.coords[0], middle.x, middle.y)[2]
    assert metres < 3000


def test_a_small_part_of_bilohorivka_was_occupied_most_of_it_grey(deepstate):
    (row,) = gf.proximity(
        deepstate[LATE], BILOHORIVKA, since="2025-02-24", until="2025-02-24"
    ).itertuples()
    assert row.state == "grey_zone"
    assert row.occupied_km == 0.0
    assert 0 < row.occupied_share < row.grey_zone_share


def state_at(snapshot, point):
    if snapshot.occupied.covers(point):
        return "occupied"
    return "grey_zone" if snapshot.grey_zone.covers(point) else "held"


def test_bilohorivkas_centre_changed_state_when_it_did(deepstate):
    changes = []
    for history in deepstate.values():
        states = [state_at(item, BILOHORIVKA.centre) for item in history]
        changes += [
            (moment(history[number]), states[number - 1], states[number])
            for number in range(1, len(states))
            if states[number] != states[number - 1]
        ]
    assert changes == BILOHORIVKA_CHANGES


@pytest.mark.parametrize(
    ("folder", "day", "before", "after"),
    [
        (EARLY, "2022-07-03", "held", "occupied"),
        (EARLY, "2022-09-15", "occupied", "grey_zone"),
        (EARLY, "2022-09-19", "grey_zone", "held"),
        (LATE, "2025-02-11", "held", "grey_zone"),
    ],
)
def test_proximity_tells_the_same_by_kyiv_days(
    deepstate, folder, day, before, after
):
    eve = dt.date.fromisoformat(day) - dt.timedelta(days=1)
    table = gf.proximity(deepstate[folder], BILOHORIVKA, since=eve, until=day)
    assert list(table.state) == [before, after]


def test_bilohorivkas_centre_was_regained_in_september_2022(deepstate):
    regained = [
        item.regained.covers(BILOHORIVKA.centre)
        for item in deepstate[EARLY]["2022-09-19":"2022-09-20"]
    ]
    assert not regained[0]
    assert regained[-1]


# Distance: against the raw files, by samples every 5 m.

OCCUPIED_FILLS = ("#a52714", "#880e4f")


def raw_occupied_edges(path):
    """Edges of all occupied rings in a file, read by nothing of geofront."""
    found = []
    waiting = [
        feature["geometry"]
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
        if str(feature["properties"].get("fill")).lower() in OCCUPIED_FILLS
    ]
    while waiting:
        geometry = waiting.pop()
        if geometry["type"] == "GeometryCollection":
            waiting += geometry["geometries"]
        elif geometry["type"] == "Polygon":
            for ring in geometry["coordinates"]:
                points = np.array(ring)[:, :2]
                found.append(np.stack([points[:-1], points[1:]], axis=1))
    return np.concatenate(found)


def boundary_edges(extent):
    rings = [
        shapely.get_coordinates(ring)
        for ring in shapely.get_rings(shapely.get_parts(extent))
    ]
    return np.concatenate(
        [np.stack([ring[:-1], ring[1:]], axis=1) for ring in rings]
    )


def within_reach(pieces, extent, degrees=1.0):
    west, south, east, north = shapely.buffer(extent, degrees).bounds
    low, high = pieces.min(axis=1), pieces.max(axis=1)
    return pieces[
        (high[:, 0] >= west)
        & (low[:, 0] <= east)
        & (high[:, 1] >= south)
        & (low[:, 1] <= north)
    ]


def divided(pieces, metres):
    """Pieces of at most a length, straight in longitude and latitude."""
    start, end = pieces[:, 0], pieces[:, 1]
    lengths = GEOD.inv(*start.T, *end.T)[2]
    counts = np.maximum(np.ceil(lengths / metres).astype(int), 1)
    index = np.repeat(np.arange(len(pieces)), counts)
    first = np.cumsum(counts) - counts
    step = (np.arange(len(index)) - first[index])[:, None]
    share, total = (end - start)[index], counts[index][:, None]
    return np.stack(
        [
            start[index] + share * step / total,
            start[index] + share * (step + 1) / total,
        ],
        axis=1,
    )


def brute_km(one, other):
    """Shortest geodesic, coarse to fine, down to samples every 5 m."""
    for metres in (2000.0, 200.0, 20.0, 5.0):
        one, other = divided(one, metres), divided(other, metres)
        table = distances(one[:, 0], other[:, 0])
        shortest = table.min()
        # Starts of two pieces are at most two lengths off their nearest.
        near = table <= shortest + 2 * metres
        one, other = one[near.any(axis=1)], other[near.any(axis=0)]
    return shortest / 1000


def distances(some, others):
    first, second = np.repeat(some, len(others), axis=0), len(some)
    found = GEOD.inv(*first.T, *np.tile(others, (second, 1)).T)[2]
    return np.reshape(found, (len(some), len(others)))


@pytest.mark.parametrize(
    "place", [SIVERSK, SLOVIANSK_KRAMATORSK], ids=lambda item: item.id
)
def test_distance_equals_a_brute_force_search_of_the_file(
    archive, deepstate, place
):
    snapshot = deepstate[LATE].at("2025-02-24")
    assert moment(snapshot) == "2025-02-24T21:55:28Z"
    stamp = int(snapshot.published_at.timestamp())
    drawn = raw_occupied_edges(archive / LATE / f"{stamp}.geojson")
    expected = brute_km(
        boundary_edges(place.extent), within_reach(drawn, place.extent)
    )
    (row,) = gf.proximity(
        deepstate[LATE], place, since="2025-02-24", until="2025-02-24"
    ).itertuples()
    assert not row.carried
    assert row.occupied_km == pytest.approx(expected, abs=0.001)


# Export


def test_what_is_exported_reads_back_the_same(archive, deepstate, tmp_path):
    files = sorted(archive.glob("deepstate-*/*.geojson"))[::24][:30]
    assert len(files) >= 29
    raw, mine = tmp_path / "raw", tmp_path / "mine"
    raw.mkdir()
    for path in files:
        (raw / path.name).symlink_to(path)
    told = CliRunner().invoke(
        main, ["export", str(raw), "--source", "deepstate", "-o", str(mine)]
    )
    assert told.exit_code == 0, told.output
    reread = gf.open_history(mine)
    known = {
        item.id: item for history in deepstate.values() for item in history
    }
    assert len(reread) == len(files)
    for snapshot in reread:
        assert snapshot.digest == known[snapshot.id].digest
        assert snapshot.notes == known[snapshot.id].notes
