"""Any polygons become valid, disjoint and canonical, and nothing is silent."""

import itertools

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from geofront.errors import InvalidBoundaryError
from geofront.geodesy import area_km2
from geofront.topology import (
    as_polygons,
    canonical,
    clip,
    coordinate_fault,
    dissolve,
    empty_polygons,
    mend,
    orient,
    overlap_deg2,
    subtract,
)

BOW_TIE = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
HOLED = Polygon(
    [(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (2, 1), (2, 2), (1, 2)]]
)
REPEATED = Polygon([(0, 0), (0, 0), (1, 0), (1, 1), (1, 1), (0, 0)])
# Oblique edges that cross, so that vertices are computed and rounded.
OBLIQUE = (
    Polygon([(37.1, 48.1), (38.3, 48.37), (37.77, 49.13)]),
    Polygon([(37.45, 48.03), (38.91, 48.55), (37.2, 48.91)]),
    Polygon([(37.9, 48.2), (38.7, 48.9), (37.3, 49.3)]),
)


def polygons(*items):
    return np.array(items, dtype=object)


def turned(polygon, start, reverse):
    """The same polygon with its shell begun elsewhere and run back."""
    shell = np.roll(polygon.exterior.coords[:-1], start, axis=0)
    again = Polygon(shell, polygon.interiors)
    return again.reverse() if reverse else again


def wkb(geometry):
    return shapely.to_wkb(geometry)


def test_mend_leaves_a_valid_polygon_alone():
    mended = mend(polygons(HOLED))
    assert mended.polygons[0].equals(HOLED)
    assert mended.repaired.tolist() == [False]
    assert mended.changed_km2.tolist() == [0.0]


def test_mend_opens_a_bow_tie_into_two():
    mended = mend(polygons(BOW_TIE))
    assert shapely.is_valid(mended.polygons).all()
    assert mended.origin.tolist() == [0, 0]
    assert mended.repaired.tolist() == [True]


def test_mend_tells_how_much_a_repair_changed():
    # The two wings of the tie cancel each other as drawn, but for what the
    # parallels' curvature leaves.
    mended = mend(polygons(BOW_TIE))
    assert mended.changed_km2[0] == pytest.approx(
        area_km2(mended.polygons).sum() - area_km2(BOW_TIE)
    )


def test_mend_drops_a_hole_outside_its_shell():
    stray = Polygon(box(0, 0, 1, 1).exterior, [box(5, 5, 6, 6).exterior])
    mended = mend(polygons(stray))
    assert mended.polygons[0].equals(box(0, 0, 1, 1))
    assert mended.changed_km2[0] == pytest.approx(area_km2(box(5, 5, 6, 6)))


def test_mend_keeps_a_hole_that_crosses_its_shell_out():
    crossed = Polygon(box(0, 0, 2, 2).exterior, [box(1, 1, 3, 3).exterior])
    mended = mend(polygons(crossed))
    expected = box(0, 0, 2, 2) - box(1, 1, 3, 3)
    assert shapely.union_all(mended.polygons).equals(expected)


def test_mend_does_not_count_a_repeated_vertex_as_a_fault():
    assert mend(polygons(REPEATED)).repaired.tolist() == [False]


def test_mend_drops_height():
    mended = mend(polygons(shapely.force_3d(HOLED, 120.0)))
    assert not shapely.has_z(mended.polygons).any()
    assert mended.repaired.tolist() == [False]


def test_mend_drops_what_collapses_to_a_line():
    spike = Polygon([(0, 0), (1, 1), (2, 2), (0, 0)])
    mended = mend(polygons(spike, HOLED))
    assert mended.origin.tolist() == [1]
    assert mended.repaired.tolist() == [True, False]


def test_mend_tells_which_polygon_each_comes_from():
    mended = mend(polygons(HOLED, BOW_TIE, box(8, 8, 9, 9)))
    assert mended.origin.tolist() == [0, 1, 1, 2]
    assert mended.repaired.tolist() == [False, True, False]


def test_mend_turns_shells_counter_clockwise():
    mended = mend(polygons(HOLED.reverse(), BOW_TIE))
    assert all(item.exterior.is_ccw for item in mended.polygons)
    assert not mended.polygons[0].interiors[0].is_ccw


def test_mend_does_not_change_its_argument():
    given = polygons(BOW_TIE)
    mend(given)
    assert given[0] is BOW_TIE


def test_mend_of_nothing_is_nothing():
    mended = mend(empty_polygons())
    assert len(mended.polygons) == len(mended.repaired) == 0


def test_mended_polygons_need_no_mending():
    again = mend(mend(polygons(BOW_TIE)).polygons)
    assert not again.repaired.any()


def test_orient_turns_holes_clockwise():
    oriented = orient(HOLED)
    assert oriented.exterior.is_ccw
    assert not oriented.interiors[0].is_ccw


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_dissolve_does_not_depend_on_order(order):
    shuffled = polygons(*(OBLIQUE[index] for index in order))
    assert wkb(dissolve(shuffled)) == wkb(dissolve(polygons(*OBLIQUE)))


@pytest.mark.parametrize("start", range(3))
@pytest.mark.parametrize("reverse", [False, True])
def test_dissolve_does_not_depend_on_start_or_direction(start, reverse):
    again = polygons(*(turned(item, start, reverse) for item in OBLIQUE))
    assert wkb(dissolve(again)) == wkb(dissolve(polygons(*OBLIQUE)))


def test_dissolve_counts_an_overlap_once():
    both = dissolve(polygons(box(0, 0, 2, 1), box(1, 0, 3, 1)))
    assert both.equals(box(0, 0, 3, 1))


def test_dissolve_joins_neighbours():
    both = dissolve(polygons(box(0, 0, 1, 1), box(1, 0, 2, 1)))
    assert len(both.geoms) == 1


def test_dissolve_keeps_apart_what_touches_in_a_point():
    both = dissolve(polygons(box(0, 0, 1, 1), box(1, 1, 2, 2)))
    assert len(both.geoms) == 2


def test_dissolve_is_a_valid_multipolygon():
    dissolved = dissolve(polygons(*OBLIQUE))
    assert dissolved.geom_type == "MultiPolygon"
    assert dissolved.is_valid


def test_dissolve_of_nothing_is_an_empty_multipolygon():
    assert dissolve(empty_polygons()) == MultiPolygon()


def test_dissolve_keeps_holes():
    assert dissolve(polygons(HOLED)).equals(HOLED)


def test_subtract_takes_the_other_away():
    rest = subtract(MultiPolygon([box(0, 0, 2, 1)]), box(1, 0, 3, 1))
    assert rest.equals(box(0, 0, 1, 1))


def test_subtracting_again_changes_nothing():
    taken = dissolve(polygons(OBLIQUE[0]))
    rest = subtract(dissolve(polygons(*OBLIQUE[1:])), taken)
    assert subtract(rest, taken) is rest


def test_subtracting_a_neighbour_changes_nothing():
    whole = MultiPolygon([box(0, 0, 1, 1)])
    assert subtract(whole, MultiPolygon([box(1, 0, 2, 1)])) is whole


def test_subtracting_nothing_changes_nothing():
    whole = MultiPolygon([box(0, 0, 1, 1)])
    assert subtract(whole, MultiPolygon()) is whole


def test_subtracting_all_leaves_an_empty_multipolygon():
    whole = MultiPolygon([box(0, 0, 1, 1)])
    assert subtract(whole, whole) == MultiPolygon()


def test_clip_cuts_at_the_frame_and_tells_how_much():
    kept, cut_km2 = clip(polygons(box(0, 0, 2, 1)), box(0, 0, 1, 1))
    assert shapely.union_all(kept).equals(box(0, 0, 1, 1))
    assert cut_km2 == pytest.approx(area_km2(box(1, 0, 2, 1)))


def test_clip_drops_what_is_outside():
    kept, cut_km2 = clip(polygons(box(5, 5, 6, 6)), box(0, 0, 1, 1))
    assert len(kept) == 0
    assert cut_km2 == pytest.approx(area_km2(box(5, 5, 6, 6)))


def test_clip_leaves_what_is_inside_alone():
    given = polygons(HOLED)
    kept, cut_km2 = clip(given, box(0, 0, 4, 4))
    assert kept[0] is HOLED
    assert cut_km2 == 0.0


def test_clipping_again_changes_nothing():
    frame = dissolve(polygons(OBLIQUE[0]))
    once, _ = clip(polygons(*OBLIQUE[1:]), frame)
    twice, cut_km2 = clip(once, frame)
    assert wkb(twice).tolist() == wkb(once).tolist()
    assert cut_km2 == 0.0


def test_clip_of_nothing_is_nothing():
    kept, cut_km2 = clip(empty_polygons(), box(0, 0, 1, 1))
    assert len(kept) == 0
    assert cut_km2 == 0.0


def test_clip_keeps_no_line_where_polygon_and_frame_touch():
    touching = polygons(box(0, 0, 2, 1), box(1, 1, 3, 2))
    kept, _ = clip(touching, box(0, 0, 1, 2))
    assert [item.geom_type for item in kept] == ["Polygon"]


@pytest.mark.parametrize("geometry", [HOLED, MultiPolygon(OBLIQUE[:1])])
def test_canonical_is_idempotent(geometry):
    once = canonical(geometry)
    assert wkb(canonical(once)) == wkb(once)


@pytest.mark.parametrize("start", range(4))
@pytest.mark.parametrize("reverse", [False, True])
def test_canonical_spells_equal_rings_alike(start, reverse):
    again = turned(HOLED, start, reverse)
    assert wkb(canonical(again)) == wkb(canonical(HOLED))


def test_canonical_does_not_depend_on_the_order_of_members():
    one, two = box(0, 0, 1, 1), box(5, 5, 6, 6)
    assert wkb(canonical(MultiPolygon([one, two]))) == wkb(
        canonical(MultiPolygon([two, one]))
    )


def test_canonical_spells_zero_without_sign():
    negative = shapely.transform(box(0, 0, 1, 1), np.negative)
    positive = box(-1, -1, 0.0, 0.0)
    assert wkb(canonical(negative)) == wkb(canonical(positive))


def test_canonical_drops_repeated_vertices():
    once = Polygon([(0, 0), (1, 0), (1, 1)])
    assert wkb(canonical(REPEATED)) == wkb(canonical(once))


def test_canonical_turns_shells_counter_clockwise():
    member = canonical(HOLED.reverse()).geoms[0]
    assert member.exterior.is_ccw
    assert not member.interiors[0].is_ccw


def test_canonical_of_nothing_is_an_empty_multipolygon():
    assert canonical(Polygon()) == MultiPolygon()


def test_overlap_of_neighbours_is_nothing():
    assert overlap_deg2(box(0, 0, 1, 1), box(1, 0, 2, 1)) == 0.0


def test_overlap_is_in_square_degrees():
    assert overlap_deg2(box(0, 0, 2, 2), box(1, 1, 3, 3)) == 1.0


def test_as_polygons_opens_nested_collections():
    nested = shapely.GeometryCollection(
        [MultiPolygon([box(0, 0, 1, 1), HOLED]), box(5, 5, 6, 6)]
    )
    assert len(as_polygons(nested, what="occupied")) == 3


def test_as_polygons_takes_several():
    found = as_polygons(iter([HOLED, box(5, 5, 6, 6)]), what="occupied")
    assert found.tolist() == [HOLED, box(5, 5, 6, 6)]


@pytest.mark.parametrize(
    "nothing",
    [[], [None], Polygon(), MultiPolygon(), [Polygon(), MultiPolygon()]],
)
def test_as_polygons_of_nothing_is_nothing(nothing):
    assert len(as_polygons(nothing, what="occupied")) == 0


@pytest.mark.parametrize(
    "stray",
    [
        shapely.Point(38, 48),
        shapely.MultiPoint([(38, 48)]),
        shapely.LineString([(38, 48), (39, 49)]),
        shapely.LinearRing([(38, 48), (39, 48), (39, 49)]),
    ],
)
@pytest.mark.parametrize("nest", [False, True])
def test_as_polygons_refuses_what_is_no_area(stray, nest):
    given = shapely.GeometryCollection([HOLED, stray]) if nest else stray
    with pytest.raises(
        InvalidBoundaryError,
        match=r"occupied: expected polygons, found a (Point|Line)",
    ):
        as_polygons(given, what="occupied")


@pytest.mark.parametrize("stray", [["occupied.geojson"], [38.0, 48.0]])
def test_as_polygons_refuses_what_is_no_geometry(stray):
    with pytest.raises(
        InvalidBoundaryError, match="occupied: expected polygons"
    ):
        as_polygons(stray, what="occupied")


def test_as_polygons_refuses_metres():
    metres = box(4_230_000, 6_100_000, 4_240_000, 6_110_000)
    with pytest.raises(
        InvalidBoundaryError,
        match=r"grey_zone: found the position \(4.24e\+06, 6.1e\+06\): "
        r"expected longitude within ±180°",
    ):
        as_polygons(metres, what="grey_zone")


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_as_polygons_refuses_numbers_that_are_not_finite(odd):
    with np.errstate(invalid="ignore"):
        broken = Polygon([(38, 48), (39, odd), (39, 49)])
    with pytest.raises(
        InvalidBoundaryError, match="coverage: a coordinate is not a finite"
    ):
        as_polygons(broken, what="coverage")


def test_limits_of_longitude_and_latitude_are_allowed():
    assert coordinate_fault(np.array([[180.0, 90.0], [-180, -90]])) is None


@pytest.mark.parametrize("position", [(180.5, 0.0), (0.0, -90.5)])
def test_position_beyond_the_limits_is_named(position):
    fault = coordinate_fault(np.array([[38.0, 48.0], position]))
    assert "({:g}, {:g})".format(*position) in fault


def test_no_coordinates_have_no_fault():
    assert coordinate_fault(np.empty((0, 2))) is None
