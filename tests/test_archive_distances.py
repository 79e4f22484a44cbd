"""Distances and the front line of real snapshots against brute force."""

import numpy as np
import pandas as pd
import pytest
import shapely
from test_proximity import brute_km

import geofront as gf
from geofront.front import BORDER_KM, SLIVER_KM, drawing, ground
from geofront.geodesy import area_km2, length_km

pytestmark = pytest.mark.archive

METRE_KM = 0.001


@pytest.fixture(scope="module")
def histories(
    deepstate: dict[str, gf.History], tmp_path_factory: pytest.TempPathFactory
) -> list[gf.History]:
    """Parts of both archives from a store: 12 days of each."""
    store = gf.Store(tmp_path_factory.mktemp("distances") / "store")
    for history in deepstate.values():
        store.append(history[:: max(len(history) // 12, 1)])
    whole = store.open()
    return [
        gf.History([item for item in whole if item.published_at.year == year])
        for year in (2022, 2024, 2025)
    ]


@pytest.mark.parametrize(
    "pairs", [9, pytest.param(200, marks=pytest.mark.slow)]
)
def test_random_places_and_days_equal_a_brute_force_search(
    histories: list[gf.History], pairs: int
) -> None:
    rng = np.random.default_rng(pairs)
    towns = [place for place in gf.places.registered() if place.has_extent]
    checked = 0
    for history in histories:
        chosen = rng.choice(len(towns), pairs // 3 + 1, replace=False)
        places = [towns[number] for number in chosen]
        found = gf.proximity(history, places, every="snapshot")
        days = rng.integers(0, len(history), len(places))
        for number, (place, day) in enumerate(zip(places, days, strict=True)):
            row = found.iloc[day * len(places) + number]
            assert row.place_id == place.id
            assert_equals_search(row, place, history[int(day)])
            checked += 1
    assert checked >= pairs


def assert_equals_search(
    row: "pd.Series", place: gf.Place, snapshot: gf.Snapshot
) -> None:
    for name, target in (
        ("occupied_km", snapshot.occupied),
        ("grey_zone_km", snapshot.grey_zone),
        ("front_km", gf.front_line(snapshot)),
    ):
        near = within_reach(target, place, row[name])
        expected = brute_km(place.extent, near)
        assert row[name] == pytest.approx(expected, abs=METRE_KM), (
            f"{place} {snapshot.id} {name}"
        )


def within_reach(
    target: shapely.Geometry, place: gf.Place, km: float
) -> shapely.Geometry:
    """What of a target may be nearer than a distance: a search takes long."""
    degrees = (km + 0.2) / 66.0
    box = shapely.box(*place.extent.bounds).buffer(degrees, join_style="mitre")
    return shapely.intersection(target, box)


def test_the_front_is_the_edge_of_the_union_without_its_gaps(
    histories: list[gf.History],
) -> None:
    metre = 1 / 111_000
    for history in histories:
        for snapshot in history[::3]:
            line = gf.front_line(snapshot)
            states = [snapshot.occupied, snapshot.grey_zone]
            edge = edge_of_union(states)
            stray = shapely.difference(line, shapely.buffer(edge, metre))
            assert length_km(stray) < 0.01
            # A gap between the states that rounding has opened to held
            # ground is in the edge of the union, and is no front.
            missing = shapely.difference(edge, shapely.buffer(line, metre))
            near = [shapely.buffer(item, 40 * metre) for item in states]
            gap = shapely.intersection(near[0], near[1])
            assert length_km(shapely.difference(missing, gap)) < 0.5
            assert length_km(line) > 300


def edge_of_union(states: list[shapely.MultiPolygon]) -> shapely.Geometry:
    """The front line the slow way."""
    union = shapely.union_all(states)
    rings = shapely.get_rings(shapely.get_parts(union))
    width = 2 * area_km2(shapely.polygons(rings)) / length_km(rings)
    line = shapely.intersection(
        shapely.multilinestrings(rings[width >= SLIVER_KM]), ground(None)
    )
    parts = shapely.get_parts(shapely.line_merge(line))
    kept = shapely.is_closed(parts) | (length_km(parts) >= BORDER_KM)
    return shapely.multilinestrings(parts[kept])


def test_days_taken_together_have_the_fronts_of_each(
    histories: list[gf.History],
) -> None:
    for history in histories:
        together = drawing(list(history)).front
        for day in range(0, len(history), 4):
            alone = drawing([history[day]]).front
            alive = together.alive[:, day]
            for ours, theirs in (
                (together.start[alive], alone.start),
                (together.end[alive], alone.end),
            ):
                np.testing.assert_array_equal(
                    np.unique(ours, axis=0), np.unique(theirs, axis=0)
                )


def test_raw_files_and_the_store_agree(
    deepstate: dict[str, gf.History], histories: list[gf.History]
) -> None:
    raw = next(reversed(deepstate.values()))
    day = str(histories[2][3].date)
    stored = gf.proximity(histories[2], since=day, until=day)
    found = gf.proximity(raw, since=day, until=day)
    pd.testing.assert_frame_equal(found, stored, rtol=1e-9, atol=1e-9)


def test_no_sliver_is_front(histories: list[gf.History]) -> None:
    for history in histories:
        for part in gf.front_line(history[0]).geoms:
            if part.is_closed:
                width = 2 * area_km2(shapely.Polygon(part.coords))
                assert width >= SLIVER_KM * length_km(part)
