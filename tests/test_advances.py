"""Length and displacement of fronts that are known in closed form."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely import box
from test_proximity import snapshot

import geofront as gf

GEOD = pyproj.Geod(ellps="WGS84")
PLANE = "+proj=aeqd +lon_0=38 +lat_0=48.8 +ellps=WGS84 +units=m"
SOUTH, NORTH = 48.3, 49.3
COVERAGE = box(37, SOUTH, 39, NORTH)


def front_at(longitude, day=1, grey=0.0):
    return snapshot(
        box(longitude, SOUTH, 39, NORTH),
        box(longitude - grey, SOUTH, longitude, NORTH) if grey else [],
        coverage=COVERAGE,
        day=day,
    )


def meridian_km():
    return GEOD.inv(38, SOUTH, 38, NORTH)[2] / 1000


def width_km(degrees):
    return GEOD.inv(38, 48.8, 38 + degrees, 48.8)[2] / 1000


# ---- length


@pytest.mark.parametrize("smoothing", [None, 0.5, 5.0, 20.0])
def test_a_straight_front_has_its_length_at_every_smoothing(smoothing):
    found = gf.front_length(front_at(38.0), smoothing_km=smoothing)
    assert found == pytest.approx(meridian_km(), rel=0.005)


def test_a_zigzag_is_straight_when_smoothed_beyond_its_teeth():
    rows = np.linspace(SOUTH, NORTH, 401)
    teeth = 38.0 + 0.006 * (np.arange(401) % 2)
    ground = shapely.Polygon(
        [(39, SOUTH), *zip(teeth, rows, strict=True), (39, NORTH)]
    )
    drawn = snapshot(ground, [], coverage=COVERAGE)
    raw = gf.front_length(drawn)
    assert raw > 1.5 * meridian_km()
    lengths = [gf.front_length(drawn, smoothing_km=s) for s in (0.05, 5, 20)]
    assert raw > lengths[0] > lengths[1] > lengths[2]
    # The ribbon sticks out where the last tooth leans.
    assert lengths[2] == pytest.approx(meridian_km(), rel=0.1)


def test_nothing_has_no_length():
    assert gf.front_length(snapshot(), smoothing_km=5.0) == 0.0
    assert gf.front_length(snapshot()) == 0.0


@pytest.mark.parametrize("smoothing", [0.0, -1.0, float("nan")])
def test_smoothing_must_be_positive(smoothing):
    with pytest.raises(ValueError, match="expected kilometres, above 0"):
        gf.front_length(front_at(38.0), smoothing_km=smoothing)


# ---- displacement


@pytest.mark.parametrize("step", [0.01, 0.1])
@pytest.mark.parametrize("grey", [0.0, 0.03])
def test_a_straight_front_moves_by_its_step(step, grey):
    moved = gf.advances(
        front_at(38.0, 1, grey), front_at(38.0 - step, 2, grey)
    )
    assert len(moved) == round(meridian_km() / 20)
    expected = width_km(step)
    assert moved.mean_km.to_numpy() == pytest.approx(
        [expected] * len(moved), rel=0.02
    )
    assert moved.largest_km.to_numpy() == pytest.approx(
        [expected] * len(moved), rel=0.02
    )
    assert (moved.receded_km2 == 0).all()
    assert moved.length_km.sum() == pytest.approx(meridian_km(), rel=0.001)


def test_backwards_it_recedes_by_as_much():
    there = gf.advances(front_at(38.0, 1), front_at(37.9, 2))
    back = gf.advances(front_at(37.9, 1), front_at(38.0, 2))
    assert (back.advanced_km2 == 0).all()
    assert (back.largest_km < 0).all()
    assert back.mean_km.to_numpy() == pytest.approx(
        -there.mean_km.to_numpy(), rel=0.02
    )


def test_what_changed_is_shared_out_without_loss():
    before, after = front_at(38.0, 1), front_at(37.95, 2)
    moved = gf.advances(before, after)
    assert moved.advanced_km2.sum() == pytest.approx(
        gf.delta(before, after).gained_km2, rel=1e-5
    )
    areas = moved.to_crs("EPSG:6933").geometry.area / 1e6
    assert areas.to_numpy() == pytest.approx(
        moved.advanced_km2.to_numpy(), rel=0.001
    )


def test_a_salient_moves_its_own_section():
    tip = box(37.8, 48.71, 38, 48.73)
    after = snapshot(
        shapely.union(box(38, SOUTH, 39, NORTH), tip),
        [],
        coverage=COVERAGE,
        day=2,
    )
    moved = gf.advances(front_at(38.0, 1), after)
    number = moved.advanced_km2.idxmax()
    assert moved.largest_km[number] == pytest.approx(width_km(0.2), rel=0.01)
    others = moved.drop(index=number)
    assert others.advanced_km2.sum() < 0.01 * moved.advanced_km2.sum()
    assert abs(moved.latitude[number] - 48.72) < 0.1


def test_a_new_pocket_far_off_did_not_move_the_line():
    before = front_at(38.0, 1)
    pocket = box(37.3, 48.7, 37.4, 48.8)
    after = snapshot(
        [box(38, SOUTH, 39, NORTH), pocket], [], coverage=COVERAGE, day=2
    )
    assert (gf.advances(before, after).mean_km == 0).all()


def test_what_is_off_the_line_is_told():
    before = front_at(38.0, 1)
    pocket = box(37.3, 48.7, 37.4, 48.8)
    after = snapshot(
        [box(38, SOUTH, 39, NORTH), pocket], [], coverage=COVERAGE, day=2
    )
    for since, until, name in (
        (before, after, "advanced"),
        (after, before, "receded"),
    ):
        moved = gf.advances(since, until)
        told = moved.attrs[f"left_out_{name}_km2"] + moved.advanced_km2.sum()
        change = gf.delta(since, until)
        assert told + moved.receded_km2.sum() == pytest.approx(
            change.gained_km2 + change.lost_km2, rel=1e-5
        )


def test_a_pocket_that_collapses_moves_to_its_middle():
    # Of held ground amid occupied: its rim is all of the line.
    half = 0.05
    wide, tall = half * width_km(1), half * meridian_km() / (NORTH - SOUTH)
    around = box(37.5, 48.5, 38.5, 49.1)
    hole = box(38 - half, 48.8 - half, 38 + half, 48.8 + half)
    moved = gf.advances(
        snapshot(around.difference(hole), [], coverage=around, day=1),
        snapshot(around, [], coverage=around, day=2),
    )
    farthest = moved.largest_km.max()
    assert farthest == pytest.approx(min(wide, tall), rel=0.02)


def star(numbers, longitude, latitude, reach):
    """Ground with a corner in each direction, as far off as told."""
    angles = np.linspace(0, 2 * np.pi, len(numbers), endpoint=False)
    radius = reach * np.array(numbers) / 100
    points = [
        longitude + 1.5 * radius * np.cos(angles),
        latitude + radius * np.sin(angles),
    ]
    return shapely.Polygon(np.column_stack(points))


# Where edges of two days cross, projecting them leaves slivers of ground.
SLIVER_KM = 1e-4


@given(
    st.lists(st.integers(20, 100), min_size=4, max_size=9),
    st.lists(st.integers(20, 100), min_size=4, max_size=9),
    st.floats(5, 60),
)
@example([20, 33, 64, 90, 44], [20, 20, 20, 20], 5.0)
@example([20, 20, 37, 22], [20, 20, 20, 20], 5.0)
@settings(max_examples=12, deadline=None)
def test_the_mean_lies_between_nothing_and_the_largest(inner, grown, length):
    small = star(inner, 38, 48.8, 0.08)
    large = shapely.union(small, star(grown, 38.01, 48.8, 0.12))
    around = box(37, 48, 39, 49.6)
    before, after = (
        snapshot(area, [], coverage=around, day=day)
        for day, area in ((1, small), (2, large))
    )
    for since, until, sign in ((before, after, 1), (after, before, -1)):
        moved = gf.advances(since, until, section_km=length)
        mean, largest = sign * moved.mean_km, sign * moved.largest_km
        assert (mean >= -SLIVER_KM).all()
        assert (mean <= np.maximum(largest, 0.0) + SLIVER_KM).all()
        net = sign * (moved.advanced_km2 - moved.receded_km2)
        most = net + SLIVER_KM * moved.length_km
        assert (mean * moved.length_km <= most).all()


def test_the_largest_is_that_of_a_close_search():
    small = star([40, 90, 30, 70, 50], 38, 48.8, 0.15)
    large = shapely.union(
        small, star([90, 30, 80, 40, 60, 100], 38.02, 48.8, 0.25)
    )
    around = box(37, 48, 39, 49.6)
    before, after = (
        snapshot(area, [], coverage=around, day=day)
        for day, area in ((1, small), (2, large))
    )
    moved = gf.advances(before, after, section_km=5.0)
    # Another plane, each point of rims of 5 m, and no tree.
    plane = gpd.GeoSeries([gf.front_line(before)], crs="OGC:CRS84")
    line = plane.to_crs(PLANE).segmentize(100.0).union_all()
    shapely.prepare(line)
    assert (moved.advanced_km2 > 0.5).sum() > 3
    for row in moved[moved.advanced_km2 > 0.5].itertuples():
        rim = gpd.GeoSeries([row.geometry.boundary], crs="OGC:CRS84")
        points = shapely.get_coordinates(rim.to_crs(PLANE).segmentize(5.0))
        apart = shapely.distance(shapely.points(points), line).max() / 1000.0
        assert row.largest_km == pytest.approx(apart, abs=0.005)


def test_between_two_fronts_there_is_no_line_to_be_near():
    def fronts(day, step):
        return snapshot(
            [box(37, SOUTH, 37.2, NORTH), box(38 - step, SOUTH, 39, NORTH)],
            [],
            coverage=COVERAGE,
            day=day,
        )

    moved = gf.advances(fronts(1, 0.0), fronts(2, 0.2), section_km=5)
    largest = moved.largest_km[moved.advanced_km2 > 1]
    assert len(largest) == round(meridian_km() / 5)
    assert largest.to_numpy() == pytest.approx(width_km(0.2), rel=0.02)


def test_a_front_that_stays_moved_nowhere():
    moved = gf.advances(front_at(38.0, 1), front_at(38.0, 2))
    assert (moved[["mean_km", "largest_km", "advanced_km2"]] == 0).all(
        axis=None
    )
    assert moved.geometry.is_empty.all()


def test_without_a_front_there_are_no_sections():
    moved = gf.advances(snapshot(day=1), front_at(38.0, 2))
    assert len(moved) == 0
    assert moved.crs is not None


def test_sections_must_have_a_length():
    with pytest.raises(ValueError, match="section_km=0: expected kilometres"):
        gf.advances(front_at(38, 1), front_at(37.9, 2), section_km=0)
