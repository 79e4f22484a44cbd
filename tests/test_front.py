"""Where the front line runs, and where it does not."""

import datetime as dt

import numpy as np
import pyproj
import pytest
import shapely
from shapely import MultiLineString, Polygon, box

import geofront as gf
from geofront.front import ground, inland

GEOD = pyproj.Geod(ellps="WGS84")
NOON = dt.datetime(2025, 2, 24, 12, tzinfo=dt.UTC)
COVERAGE = box(37.8, 48.0, 38.4, 48.6)
METRE = 1 / 111_000


def front(occupied=(), grey_zone=(), coverage=COVERAGE):
    snapshot = gf.Snapshot(
        "test", NOON, occupied, grey_zone, coverage=coverage
    )
    return gf.front_line(snapshot)


def front_km(line):
    return GEOD.geometry_length(line) / 1000


def meridian_km(longitude, south, north):
    return GEOD.inv(longitude, south, longitude, north)[2] / 1000


def assert_runs_along(line, expected):
    """Both lines lie within three metres of each other."""
    assert not line.is_empty
    assert shapely.hausdorff_distance(line, expected, 0.01) < 3 * METRE
    assert front_km(line) == pytest.approx(front_km(expected), abs=0.01)


def test_it_runs_where_two_boxes_meet():
    line = front(box(38.1, 48.0, 38.4, 48.6))
    assert_runs_along(line, shapely.LineString([(38.1, 48), (38.1, 48.6)]))
    assert front_km(line) == pytest.approx(
        meridian_km(38.1, 48.0, 48.6), abs=0.005
    )


def test_it_runs_where_grey_zone_meets_held_ground():
    line = front(box(38.2, 48, 38.4, 48.6), box(38.1, 48, 38.2, 48.6))
    assert_runs_along(line, shapely.LineString([(38.1, 48), (38.1, 48.6)]))


def test_grey_zone_alone_has_a_front():
    line = front([], box(38.1, 48, 38.4, 48.6))
    assert_runs_along(line, shapely.LineString([(38.1, 48), (38.1, 48.6)]))


def test_it_changes_from_one_edge_to_the_other_where_grey_zone_begins():
    line = front(box(38.2, 48, 38.4, 48.6), box(38.1, 48, 38.2, 48.3))
    steps = [(38.1, 48), (38.1, 48.3), (38.2, 48.3), (38.2, 48.6)]
    assert_runs_along(line, shapely.LineString(steps))


def test_between_occupied_and_grey_zone_there_is_none():
    line = front(box(38.1, 48, 38.4, 48.6), box(37.8, 48, 38.1, 48.6))
    assert line.is_empty


def test_the_edge_of_the_coverage_is_none():
    assert front(COVERAGE).is_empty
    assert front([], COVERAGE).is_empty
    slanted = Polygon([(37.8, 48), (38.3, 48.1), (38.4, 48.6), (37.9, 48.5)])
    assert front(box(37, 47, 39, 49), coverage=slanted).is_empty


def test_an_occupied_box_inside_is_all_front():
    inner = box(38.0, 48.2, 38.2, 48.4)
    assert_runs_along(front(inner), shapely.boundary(inner))
    assert_runs_along(front(inner, coverage=None), shapely.boundary(inner))


def test_an_island_of_held_ground_has_a_front():
    island = box(38.0, 48.2, 38.2, 48.4)
    line = front(COVERAGE.difference(island))
    assert_runs_along(line, shapely.boundary(island))


def test_without_a_grey_zone_it_is_the_edge_of_the_occupied_area():
    snapshot = gf.Snapshot(
        "test", NOON, box(38.1, 48, 38.4, 48.6), coverage=COVERAGE
    )
    expected = shapely.LineString([(38.1, 48), (38.1, 48.6)])
    assert_runs_along(gf.front_line(snapshot), expected)


def test_regained_ground_makes_no_front():
    snapshot = gf.Snapshot(
        "test", NOON, [], [], regained=box(38, 48.2, 38.2, 48.4)
    )
    assert gf.front_line(snapshot).is_empty


def test_an_empty_snapshot_has_none():
    for coverage in (COVERAGE, None):
        line = front(coverage=coverage)
        assert isinstance(line, MultiLineString)
        assert line.is_empty


def test_neighbours_with_a_t_junction_leave_no_front_between_them():
    line = front(
        [box(38.2, 48, 38.4, 48.3), box(38.2, 48.3, 38.4, 48.6)],
        [box(38.1, 48, 38.2, 48.45), box(38.1, 48.45, 38.2, 48.6)],
    )
    assert_runs_along(line, shapely.LineString([(38.1, 48), (38.1, 48.6)]))


@pytest.mark.parametrize("in_grey_zone", [False, True])
def test_a_sliver_between_neighbours_is_no_front(in_grey_zone):
    # Five metres wide, closed at both ends.
    gap = box(38.2, 48.2, 38.2 + 5 * METRE, 48.4)
    ground = box(38.1, 48, 38.4, 48.6).difference(gap)
    line = front([], ground) if in_grey_zone else front(ground)
    assert_runs_along(line, shapely.LineString([(38.1, 48), (38.1, 48.6)]))


def test_a_sliver_between_occupied_and_grey_zone_is_no_front():
    gap = box(38.2, 48.2, 38.2 + 5 * METRE, 48.4)
    line = front(
        box(38.2, 48, 38.4, 48.6).difference(gap),
        box(38.1, 48, 38.2, 48.6),
    )
    assert_runs_along(line, shapely.LineString([(38.1, 48), (38.1, 48.6)]))


def test_a_wide_hole_is_front():
    hole = box(38.2, 48.2, 38.21, 48.4)
    line = front(box(38.1, 48, 38.4, 48.6).difference(hole))
    assert front_km(line) == pytest.approx(
        meridian_km(38.1, 48.0, 48.6) + front_km(shapely.boundary(hole)),
        abs=0.01,
    )


# Border and coast: polygons cut out of the territory, or drawn across it.

EAST_OF_38 = box(38, 46, 41, 51)


def assert_only_at_38(line):
    longitudes = shapely.get_coordinates(line)[:, 0]
    assert len(longitudes)
    assert np.abs(longitudes - 38).max() < 1e-9


def test_coast_and_border_are_none():
    ground = gf.territory().intersection(EAST_OF_38)
    line = front(ground, coverage=None)
    assert_only_at_38(line)
    # From a kilometre inside the coast to a kilometre inside the border.
    south, north = EAST_OF_38.boundary.intersection(ground).bounds[1::2]
    latitudes = shapely.get_coordinates(line)[:, 1]
    assert south < latitudes.min() < south + 0.05
    assert north - 0.05 < latitudes.max() < north


def test_a_polygon_across_border_and_sea_has_front_inland_only():
    line = front(EAST_OF_38, coverage=None)
    assert_only_at_38(line)
    outline = gf.territory()
    assert outline.covers(line)
    nearest = shapely.distance(outline.boundary, line)
    assert nearest > 0.6 * 0.009


@pytest.mark.parametrize("shift", [-0.009, -0.005, 0.005, 0.009])
def test_a_border_drawn_beside_the_border_is_none(shift):
    # Sources draw it up to 0.75 km from the embedded outline.
    moved = shapely.transform(
        gf.territory(), lambda points: np.add(points, [shift, 0])
    )
    line = front(moved.intersection(EAST_OF_38), coverage=None)
    assert_only_at_38(line)


def test_a_grey_zone_along_the_border_has_no_front_there():
    ground = gf.territory().intersection(EAST_OF_38)
    assert_only_at_38(front([], ground, coverage=None))


def test_there_is_none_at_sea_or_abroad():
    black_sea, russia = box(31, 43, 33, 44), box(42, 49, 43, 50)
    assert front([black_sea, russia], coverage=None).is_empty


def test_a_polygon_in_crimea_has_a_front():
    simferopol = box(34.0, 44.9, 34.2, 45.0)
    line = front(simferopol, coverage=None)
    assert_runs_along(line, shapely.boundary(simferopol))


def test_it_lies_inside_the_coverage(example):
    for snapshot in example:
        line = gf.front_line(snapshot)
        assert snapshot.coverage.covers(line)
        assert not line.is_empty


def test_held_ground_lies_on_one_side_of_it_and_not_on_the_other(example):
    snapshot = example.at("2025-02-24")
    held = snapshot.held()
    line = gf.front_line(snapshot)
    taken = shapely.union_all([snapshot.occupied, snapshot.grey_zone])
    assert shapely.distance(held, line) < METRE
    for part in shapely.get_parts(line):
        middle = shapely.line_interpolate_point(part, 0.5, normalized=True)
        assert shapely.distance(held, middle) < METRE
        assert shapely.distance(taken, middle) < METRE


def test_the_order_of_polygons_does_not_matter():
    drawn = [box(38.1 + x / 10, 48.1, 38.25 + x / 10, 48.4) for x in range(3)]
    assert front(drawn).equals(front(drawn[::-1]))


def test_land_that_threads_share_is_not_prepared():
    assert ground(None) is inland()
    assert not shapely.is_prepared(inland())
