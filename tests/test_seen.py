"""States and shares of many places against plain intersections."""

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import Polygon, box

import geofront as gf
from geofront._extents import FACTORS, Extents
from geofront._seen import UNKNOWN, Seen, measure, verdicts
from geofront._transitions import STATES
from geofront.geodesy import area_km2
from geofront.place import Place

WEST, SOUTH = 37.0, 48.0
HELD, GREY, OCCUPIED = range(3)
# Of the extent: what two ways of cutting leave.
SAME = 1e-9


def snapshot(
    day: int,
    occupied: Any,
    grey_zone: Any = (),
    coverage: Any = None,
) -> gf.Snapshot:
    return gf.Snapshot(
        "test",
        dt.datetime(2025, 1, 1, 20, tzinfo=dt.UTC) + dt.timedelta(day),
        occupied,
        grey_zone,
        coverage=coverage,
    )


def star(rng: np.random.Generator, reach: float) -> Polygon:
    corners = rng.integers(5, 15)
    angles = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radii = rng.uniform(0.3, 1.0, corners) * reach
    middle = rng.uniform((WEST, SOUTH), (WEST + 1, SOUTH + 1))
    ring = np.column_stack([radii * np.cos(angles), radii * np.sin(angles)])
    return Polygon(middle + ring).buffer(0)


@cache
def places(seed: int) -> tuple[Place, ...]:
    """Discs, outlines, an agglomeration and a place without an extent."""
    rng = np.random.default_rng(seed)
    points = rng.uniform((WEST, SOUTH), (WEST + 1, SOUTH + 1), (40, 2))
    discs = [
        Place(f"disc {i}", f"disc-{i}", x, y, published_area_km2=km2)
        for i, ((x, y), km2) in enumerate(
            zip(points.tolist(), rng.uniform(0.5, 40, 40), strict=True)
        )
    ]
    outlines = []
    for number in range(10):
        outline = star(rng, 0.05)
        x, y = outline.centroid.coords[0]
        name = f"outline {number}"
        outlines.append(Place(name, name, x, y, outline=outline))
    joined = Place.agglomeration(
        "joined", "joined", [discs[0], discs[1], outlines[0]]
    )
    return (*discs, joined, *outlines, Place("bare", "bare", 37.5, 48.5))


@cache
def days(seed: int) -> tuple[gf.Snapshot, ...]:
    """Maps on which a few overlapping polygons come, go and change."""
    rng = np.random.default_rng(seed)
    drawn = [[star(rng, 0.3) for _ in range(5)] for _ in range(2)]
    found = []
    for day in range(8):
        for polygons in drawn:
            polygons[rng.integers(5)] = star(rng, 0.2)
            if day % 3 == 0:
                dent = box(*polygons[0].centroid.coords[0], 39.0, 50.0)
                polygons[0] = max(
                    shapely.get_parts(polygons[0] - dent),
                    key=shapely.area,
                )
        occupied, grey = ([*polygons] for polygons in drawn)
        found.append(snapshot(day, occupied, grey))
    return tuple(found)


def scaled(place: Place, factor: float) -> Place:
    """Another place, its estimated extent at a part of the radius."""
    if place.members:
        members = [scaled(member, factor) for member in place.members]
        return replace(place, members=tuple(members))
    if place.outline is not None:
        return place
    return replace(place, published_area_km2=place.area_km2 * factor**2)


def plain_shares(shown: gf.Snapshot, extent: Any) -> np.ndarray:
    """By states, straight from the dissolved areas."""
    whole = area_km2(extent)
    occupied = area_km2(extent & shown.occupied) / whole
    grey = area_km2(extent & shown.grey_zone) / whole
    return np.array([1 - occupied - grey, grey, occupied])


def plain_state(shown: gf.Snapshot, place: Place) -> int:
    if shown.occupied.covers(place.centre):
        return OCCUPIED
    return GREY if shown.grey_zone.covers(place.centre) else HELD


def seen(
    shown: tuple[gf.Snapshot, ...] | list[gf.Snapshot],
    asked: tuple[Place, ...] | list[Place],
) -> list[Seen]:
    return list(measure(shown, Extents.of_places(asked)))


# ---- exactness


@pytest.mark.parametrize("seed", range(4))
def test_shares_are_those_of_plain_intersections(seed: int) -> None:
    asked = places(seed)
    extents = Extents.of_places(asked)
    everything = np.arange(len(asked))
    cut = 0
    for shown, found in zip(
        days(seed), measure(days(seed), extents), strict=True
    ):
        for column, factor in enumerate(FACTORS):
            shapes = extents.shapes(everything, factor)
            for number, place in enumerate(asked):
                shares = found.shares[number, :, column]
                if not place.has_extent:
                    assert np.isnan(shares).all()
                    continue
                expected = plain_shares(shown, shapes[number])
                assert shares == pytest.approx(expected, abs=SAME)
                cut += 0.001 < shares[OCCUPIED] < 0.999
    # Else nothing was overlaid.
    assert cut > 50


@pytest.mark.parametrize("seed", range(4))
def test_states_are_those_at_the_centre(seed: int) -> None:
    asked = places(seed)
    told = set()
    for shown, found in zip(days(seed), seen(days(seed), asked), strict=True):
        for place, state in zip(asked, found.state, strict=True):
            if place.members:
                assert state == UNKNOWN
            else:
                assert state == plain_state(shown, place)
                told.add(int(state))
    assert told == {HELD, GREY, OCCUPIED}


def test_own_extent_is_that_of_the_place() -> None:
    asked = places(0)[:-1]
    shapes = Extents.of_places(asked).shapes(np.arange(len(asked)), 1.0)
    for place, shape in zip(asked, shapes, strict=True):
        assert area_km2(shape ^ place.extent) < SAME * place.area_km2


@pytest.mark.parametrize("factor", [0.7, 1.3])
def test_other_radii_are_those_of_discs_of_that_radius(factor: float) -> None:
    asked = places(1)[:-1]
    shapes = Extents.of_places(asked).shapes(np.arange(len(asked)), factor)
    for place, shape in zip(asked, shapes, strict=True):
        expected = scaled(place, factor).extent
        # Parallels shorten to the north: degrees scale no disc exactly.
        assert area_km2(shape ^ expected) < 1e-4 * area_km2(expected)


# ---- what is looked at again


@pytest.mark.parametrize("seed", range(4))
def test_a_pass_shows_what_each_map_shows_alone(seed: int) -> None:
    asked = places(seed)
    together = seen(days(seed), asked)
    for shown, found in zip(days(seed), together, strict=True):
        (alone,) = seen([shown], asked)
        assert (found.state == alone.state).all()
        np.testing.assert_allclose(found.shares, alone.shares, atol=SAME)


def test_ground_deep_within_a_polygon_that_vanishes_is_looked_at() -> None:
    place = Place("deep", "deep", 37.5, 48.5, published_area_km2=1.0)
    island, far = box(37.2, 48.2, 37.8, 48.8), box(39.0, 48.0, 39.1, 48.1)
    shown = [snapshot(0, [island, far]), snapshot(1, [far])]
    before, after = seen(shown, [place])
    assert (before.state[0], after.state[0]) == (OCCUPIED, HELD)
    assert before.shares[0, :, 0].tolist() == [0.0, 0.0, 1.0]
    assert after.shares[0, :, 0].tolist() == [1.0, 0.0, 0.0]


def test_only_places_near_a_change_are_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from geofront import _seen

    asked: list[int] = []
    original = _seen._look_again

    def counting(before: Any, rows: Any, *rest: Any) -> Any:
        asked.append(len(rows))
        return original(before, rows, *rest)

    monkeypatch.setattr(_seen, "_look_again", counting)
    towns = [
        Place(f"{i}", f"{i}", 37 + i / 10, 48.5, published_area_km2=1.0)
        for i in range(10)
    ]
    shown = [
        snapshot(0, box(36, 48, 37.5, 49)),
        snapshot(1, box(36, 48, 37.5, 49)),
        # East of the sixth, which it takes; the others keep theirs.
        snapshot(2, [box(36, 48, 37.5, 49), box(37.5, 48.4, 37.55, 48.6)]),
    ]
    states = [found.state.tolist() for found in seen(shown, towns)]
    assert asked == [10, 1]
    assert states[0] == states[1] == states[2] == [OCCUPIED] * 6 + [HELD] * 4


def test_polygons_may_come_in_any_order() -> None:
    asked = places(2)
    shown = days(2)[3]
    turned = gf.Snapshot(
        shown.source,
        shown.published_at,
        [item.reverse() for item in shown.drawn("occupied")[::-1]],
        shown.drawn("grey_zone")[::-1],
    )
    (one,), (other,) = seen([shown], asked), seen([turned], asked)
    assert (one.state == other.state).all()
    np.testing.assert_allclose(one.shares, other.shares, atol=SAME)


# ---- what is not known


def test_without_a_grey_zone_only_occupied_is_known() -> None:
    shown = gf.Snapshot(
        "test",
        dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
        box(37.0, 48.0, 37.5, 49.0),
    )
    asked = [
        Place("in", "in", 37.2, 48.5, published_area_km2=1.0),
        Place("out", "out", 37.8, 48.5, published_area_km2=1.0),
        Place("edge", "edge", 37.5, 48.5, outline=box(37.4, 48.4, 37.6, 48.6)),
    ]
    (found,) = seen([shown], asked)
    assert found.state.tolist() == [OCCUPIED, UNKNOWN, OCCUPIED]
    assert found.shares[:, OCCUPIED, 0] == pytest.approx([1, 0, 0.5])
    assert np.isnan(found.shares[:, [HELD, GREY]]).all()


def test_beyond_the_coverage_nothing_is_known() -> None:
    asked = [
        Place("in", "in", 37.5, 48.5, published_area_km2=1.0),
        Place("edge", "edge", 37.1, 48.5, outline=box(37.0, 48, 37.2, 49)),
        Place("far", "far", 36.5, 48.5, published_area_km2=1.0),
        Place("bare", "bare", 37.4, 48.5),
    ]
    shown = snapshot(0, (), (), coverage=box(37.05, 47.5, 38, 49.5))
    (found,) = seen([shown], asked)
    assert found.covered.tolist() == [True, True, False, True]
    assert found.state.tolist() == [HELD, HELD, UNKNOWN, HELD]
    assert found.shares[0, :, 0].tolist() == [1, 0, 0]
    assert np.isnan(found.shares[1:]).all()


def test_a_larger_disc_may_reach_beyond_the_coverage() -> None:
    place = Place("near", "near", 37.5, 48.5, published_area_km2=3.0)
    east = place.extent.bounds[2] + 1e-6
    shown = snapshot(0, (), (), coverage=box(37.0, 48.0, east, 49.0))
    (found,) = seen([shown], [place])
    assert found.shares[0, HELD, :2].tolist() == [1.0, 1.0]
    assert np.isnan(found.shares[0, :, 2]).all()


@pytest.mark.parametrize("back", [False, True])
def test_a_change_of_coverage_is_noticed(back: bool) -> None:
    place = Place("town", "town", 37.5, 48.5, published_area_km2=1.0)
    drawn = box(38, 48, 38.1, 48.1)
    shown = [
        snapshot(0, drawn, coverage=box(37, 48, 39, 49)),
        snapshot(1, drawn, coverage=box(37.8, 48, 39, 49)),
    ]
    if back:
        shown = [replace_day(item, 2 - i) for i, item in enumerate(shown)]
        shown.reverse()
    states = [int(found.state[0]) for found in seen(shown, [place])]
    assert states == ([UNKNOWN, HELD] if back else [HELD, UNKNOWN])


def replace_day(shown: gf.Snapshot, day: int) -> gf.Snapshot:
    return snapshot(day, shown.occupied, shown.grey_zone, shown.coverage)


def test_no_place_is_no_fault() -> None:
    for found in seen(days(0)[:2], []):
        assert found.state.shape == (0,)
        assert found.shares.shape == (0, len(STATES), len(FACTORS))


# ---- verdicts


def test_verdicts_begin_at_nine_tenths_and_end_at_one() -> None:
    shares = np.array([1, 0.9, np.nextafter(0.9, 0), 0.5, 0.1, 0, np.nan])
    assert verdicts(shares).tolist() == [2, 2, 1, 1, 0, 0, -1]


def test_shares_of_the_states_sum_to_one() -> None:
    for found in seen(days(3), places(3)[:-1]):
        np.testing.assert_allclose(found.shares.sum(axis=1), 1, atol=SAME)
