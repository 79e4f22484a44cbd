"""Changes between authored boxes and polygons, measured two ways."""

import datetime as dt
import itertools
import math

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

import geofront as gf

GEOD = pyproj.Geod(ellps="WGS84")
WEST, SOUTH, EAST, NORTH = BOX = (38.0, 48.8, 38.2, 49.0)
STATES = ("held", "grey_zone", "occupied")
TRANSITIONS = [f"{a}_to_{b}_km2" for a, b in itertools.permutations(STATES, 2)]
NO_GREY = {"held_to_occupied_km2", "occupied_to_held_km2"}
DELTAS = {
    "since": "datetime64[s]",
    "until": "datetime64[s]",
    "since_published_at": "datetime64[s, UTC]",
    "until_published_at": "datetime64[s, UTC]",
    "since_snapshot": "str",
    "until_snapshot": "str",
    "source": "str",
    "cadence": "str",
    "complete": "bool",
    "carried": "bool",
    "method_break": "bool",
    "occupied_gained_km2": "float64",
    "occupied_lost_km2": "float64",
    "occupied_net_km2": "float64",
    "grey_zone_net_km2": "float64",
    "held_to_grey_zone_km2": "float64",
    "held_to_occupied_km2": "float64",
    "grey_zone_to_held_km2": "float64",
    "grey_zone_to_occupied_km2": "float64",
    "occupied_to_held_km2": "float64",
    "occupied_to_grey_zone_km2": "float64",
    "gross_cadence": "str",
    "break_km2": "float64",
    "since_carried": "bool",
}
AREAS = {
    "date": "datetime64[s]",
    "published_at": "datetime64[s, UTC]",
    "source": "str",
    "snapshot": "str",
    "carried": "bool",
    "occupied_km2": "float64",
    "grey_zone_km2": "float64",
    "held_km2": "float64",
    "denominator_km2": "float64",
    "occupied_share": "float64",
}


def box_km2(west, south, east, north):
    """Closed form: the zone between two parallels, cut by two meridians."""
    e = math.sqrt(GEOD.es)

    def zone(latitude):
        sine = math.sin(math.radians(latitude))
        return sine / (1 - (e * sine) ** 2) + math.atanh(e * sine) / e

    half = (GEOD.b / 1000) ** 2 / 2
    return math.radians(east - west) * half * (zone(north) - zone(south))


def geod_km2(geometry):
    """Geodesic area of polygons whose edges are cut at every 0.001°."""
    return sum(
        ring_km2(polygon.exterior) - sum(map(ring_km2, polygon.interiors))
        for polygon in shapely.get_parts(geometry)
        if isinstance(polygon, Polygon)
    )


def ring_km2(ring):
    # Rings, not polygons: segmentize may drop part of a polygon.
    longitude, latitude = shapely.segmentize(ring, 0.001).xy
    return abs(GEOD.polygon_area_perimeter(longitude, latitude)[0]) / 1e6


def differences_km2(before, after):
    """Transitions by plain differences of what the snapshots say."""
    old, new = (
        {"occupied": item.occupied, "grey_zone": item.grey_zone}
        for item in (before, after)
    )
    held = {
        True: shapely.union_all([*old.values()]),
        False: shapely.union_all([*new.values()]),
    }
    found = {}
    for a, b in itertools.permutations(STATES, 2):
        if a == "held":
            piece = shapely.difference(new[b], held[True])
        elif b == "held":
            piece = shapely.difference(old[a], held[False])
        else:
            piece = shapely.intersection(old[a], new[b])
        found[f"{a}_to_{b}_km2"] = geod_km2(piece)
    return found


def moment(day, hour=20):
    return dt.datetime(2025, 2, day, hour, tzinfo=dt.UTC)


def snapshot(occupied=(), grey_zone=(), *, day=24, hour=20, coverage=None):
    return gf.Snapshot(
        "test", moment(day, hour), occupied, grey_zone, coverage=coverage
    )


def star(rng, longitude, latitude, radius=0.3, corners=17):
    """Simple polygon, drawn at random around a point."""
    angles = np.sort(rng.uniform(0, 2 * np.pi, corners))
    reach = rng.uniform(0.3, 1.0, corners) * radius
    return Polygon(
        np.column_stack(
            [
                longitude + reach * np.cos(angles),
                latitude + reach * np.sin(angles),
            ]
        )
    ).buffer(0)


def strips(state_of_strip):
    """Snapshot of six strips side by side, each in one state."""
    drawn = {"occupied": [], "grey_zone": [], "held": []}
    for number, state in enumerate(state_of_strip):
        drawn[state].append(strip(number))
    return snapshot(drawn["occupied"], drawn["grey_zone"])


def strip(number):
    west = 38 + number / 8
    return box(west, 48.5, west + (number + 1) / 64, 49)


@pytest.mark.parametrize(
    ("origin", "target"), list(itertools.permutations(STATES, 2))
)
def test_a_box_that_changes_state_is_one_transition(
    box_snapshot, origin, target
):
    drawn = {
        "held": (None, None),
        "grey_zone": (None, BOX),
        "occupied": (BOX, None),
    }
    found = gf.delta(
        box_snapshot(*drawn[origin]), box_snapshot(*drawn[target])
    )
    expected = dict.fromkeys(TRANSITIONS, 0.0)
    expected[f"{origin}_to_{target}_km2"] = box_km2(*BOX)
    assert dict(found.transitions) == pytest.approx(expected, abs=1e-6)


def test_the_closed_form_agrees_with_geodesics():
    assert geod_km2(box(*BOX)) == pytest.approx(box_km2(*BOX), rel=1e-7)


def test_six_transitions_at_once_keep_apart():
    pairs = list(itertools.permutations(STATES, 2))
    found = gf.delta(
        strips(origin for origin, _ in pairs),
        strips(target for _, target in pairs),
    )
    for number, (origin, target) in enumerate(pairs):
        km2 = found.transitions[f"{origin}_to_{target}_km2"]
        assert km2 == pytest.approx(box_km2(*strip(number).bounds), abs=1e-6)
        assert km2 == pytest.approx(geod_km2(strip(number)), rel=1e-6)


def test_overlapping_boxes_split_where_they_cross(box_snapshot):
    moved = (38.1, 48.9, 38.3, 49.1)
    common = (38.1, 48.9, 38.2, 49.0)
    found = gf.delta(box_snapshot(BOX), box_snapshot(moved))
    shared = box_km2(*common)
    assert found.gained_km2 == pytest.approx(
        box_km2(*moved) - shared, abs=1e-6
    )
    assert found.lost_km2 == pytest.approx(box_km2(*BOX) - shared, abs=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_transitions_equal_plain_differences(seed):
    rng = np.random.default_rng(seed)
    before, after = (
        snapshot(
            [star(rng, 38 + x, 48.5) for x in (0, 0.2)],
            [star(rng, 37.8 + x, 48.5) for x in (0, 0.3)],
        )
        for _ in range(2)
    )
    found = gf.delta(before, after)
    expected = differences_km2(before, after)
    assert dict(found.transitions) == pytest.approx(
        expected, rel=1e-6, abs=2e-5
    )


@pytest.mark.parametrize("seed", range(8))
def test_transitions_sum_to_the_difference_of_totals(seed):
    rng = np.random.default_rng(100 + seed)
    before, after = (
        snapshot(star(rng, 38, 48.5), star(rng, 37.8, 48.5)) for _ in range(2)
    )
    found = gf.delta(before, after)
    old, new = before.areas(), after.areas()
    assert found.net_km2 == pytest.approx(
        new["occupied_km2"] - old["occupied_km2"], abs=1e-6
    )
    assert found.grey_zone_net_km2 == pytest.approx(
        new["grey_zone_km2"] - old["grey_zone_km2"], abs=1e-6
    )


def test_gained_and_lost_are_sums_of_transitions():
    rng = np.random.default_rng(7)
    before, after = (
        snapshot(star(rng, 38, 48.5), star(rng, 37.8, 48.5)) for _ in range(2)
    )
    found = gf.delta(before, after)
    moved = found.transitions
    assert found.gained_km2 == pytest.approx(
        moved["held_to_occupied_km2"] + moved["grey_zone_to_occupied_km2"]
    )
    assert found.lost_km2 == pytest.approx(
        moved["occupied_to_held_km2"] + moved["occupied_to_grey_zone_km2"]
    )
    assert found.net_km2 == found.gained_km2 - found.lost_km2


def test_occupied_wins_where_the_grey_zone_is_drawn_too():
    before = snapshot(grey_zone=box(*BOX))
    after = snapshot(box(*BOX), box(*BOX))
    found = gf.delta(before, after)
    assert found.transitions["grey_zone_to_occupied_km2"] == pytest.approx(
        box_km2(*BOX), abs=1e-6
    )
    assert found.grey_zone_net_km2 == pytest.approx(-box_km2(*BOX), abs=1e-6)


def test_polygons_of_one_state_that_overlap_count_once():
    halves = [box(38.0, 48.8, 38.15, 49.0), box(38.1, 48.8, 38.2, 49.0)]
    found = gf.delta(snapshot(), snapshot(halves))
    assert found.gained_km2 == pytest.approx(box_km2(*BOX), abs=1e-6)


def test_an_island_of_held_ground_is_not_gained():
    island = (38.05, 48.85, 38.1, 48.9)
    ring = box(*BOX).difference(box(*island))
    found = gf.delta(snapshot(), snapshot(ring))
    assert found.gained_km2 == pytest.approx(
        box_km2(*BOX) - box_km2(*island), abs=1e-6
    )


def test_nothing_changes_from_a_snapshot_to_itself(example):
    for item in example:
        found = gf.delta(item, item)
        assert set(found.transitions.values()) == {0.0}
        assert found.to_geodataframe().empty


def test_nothing_changes_from_nothing_to_nothing():
    found = gf.delta(snapshot(), snapshot())
    assert set(found.transitions.values()) == {0.0}


def test_other_ring_starts_and_directions_are_no_change():
    ring = np.array(star(np.random.default_rng(1), 38, 48.5).exterior.coords)
    before = snapshot(Polygon(ring))
    for start in range(1, len(ring) - 1):
        turned = np.roll(ring[:-1], start, axis=0)
        for drawn in (turned, turned[::-1]):
            found = gf.delta(before, snapshot(Polygon(drawn)))
            assert set(found.transitions.values()) == {0.0}


def test_other_orders_of_polygons_are_no_change():
    rng = np.random.default_rng(2)
    drawn = [star(rng, 38 + x / 10, 48.5) for x in range(5)]
    found = gf.delta(snapshot(drawn), snapshot(drawn[::-1]))
    assert set(found.transitions.values()) == {0.0}


def test_neighbours_with_a_t_junction_are_no_change():
    whole = snapshot(box(38, 48, 39, 49), box(37, 48, 38, 49))
    # The border at 38° has vertices on one side that the other lacks.
    split = snapshot(
        [box(38, 48, 39, 48.3), box(38, 48.3, 39, 49)],
        [box(37, 48, 38, 48.7), box(37, 48.7, 38, 49)],
    )
    for found in (gf.delta(whole, split), gf.delta(split, whole)):
        assert set(found.transitions.values()) == {0.0}
        assert found.to_geodataframe().empty


def test_a_t_junction_on_a_slanted_border_is_no_change():
    west = Polygon([(37, 48), (38, 48), (38.3, 49), (37, 49)])
    east = Polygon([(38, 48), (39, 48), (39, 49), (38.3, 49)])
    on_border = shapely.line_interpolate_point(
        shapely.LineString([(38, 48), (38.3, 49)]), 0.37, normalized=True
    )
    vertex = (on_border.x, on_border.y)
    jagged = Polygon([(38, 48), (39, 48), (39, 49), (38.3, 49), vertex])
    found = gf.delta(snapshot(east, west), snapshot(jagged, west))
    assert max(found.transitions.values()) < 1e-6


def test_more_vertices_on_a_line_are_no_change():
    dense = shapely.segmentize(box(*BOX), 0.0137)
    found = gf.delta(snapshot(box(*BOX)), snapshot(dense))
    assert max(found.transitions.values()) < 1e-6


def test_coordinates_moved_by_rounding_are_no_change():
    drawn = star(np.random.default_rng(3), 38, 48.5)
    rounded = shapely.transform(drawn, lambda points: points.round(10))
    found = gf.delta(snapshot(drawn), snapshot(rounded))
    assert max(found.transitions.values()) < 1e-5


def test_reversed_delta_swaps_the_transitions():
    rng = np.random.default_rng(4)
    before, after = (
        snapshot(star(rng, 38, 48.5), star(rng, 37.8, 48.5), day=day)
        for day in (23, 24)
    )
    found = gf.delta(before, after)
    back = ~found
    assert (back.since, back.until) == (after, before)
    for a, b in itertools.permutations(STATES, 2):
        assert back.transitions[f"{b}_to_{a}_km2"] == pytest.approx(
            found.transitions[f"{a}_to_{b}_km2"], abs=1e-9
        )
    assert back.net_km2 == pytest.approx(-found.net_km2, abs=1e-9)
    assert dict((~back).transitions) == dict(found.transitions)


def test_transitions_cannot_be_changed():
    found = gf.delta(snapshot(), snapshot(box(*BOX)))
    with pytest.raises(TypeError):
        found.transitions["held_to_occupied_km2"] = 0.0


def test_repr_names_both_snapshots_and_the_net():
    found = gf.delta(snapshot(day=23), snapshot(box(*BOX)))
    assert "test@2025-02-23T20:00:00Z" in repr(found)
    assert f"{box_km2(*BOX):+,.2f} km²" in repr(found)


# Sources without a grey zone


def without_grey(occupied, day=24):
    return gf.Snapshot("test", moment(day), occupied)


def test_without_a_grey_zone_its_fields_are_none():
    found = gf.delta(without_grey([]), without_grey(box(*BOX)))
    known = {k: v for k, v in found.transitions.items() if v is not None}
    assert set(known) == NO_GREY
    assert found.grey_zone_net_km2 is None
    assert not found.draws_grey_zone


def test_without_a_grey_zone_held_reads_as_not_occupied():
    there = gf.delta(without_grey([]), without_grey(box(*BOX)))
    back = gf.delta(without_grey(box(*BOX)), without_grey([]))
    km2 = pytest.approx(box_km2(*BOX), abs=1e-6)
    assert there.transitions["held_to_occupied_km2"] == km2
    assert back.transitions["occupied_to_held_km2"] == km2


@pytest.mark.parametrize("grey_first", [True, False])
def test_a_grey_zone_of_one_side_only_is_left_out(grey_first):
    drawn = snapshot(grey_zone=box(*BOX))
    plain = without_grey(box(*BOX))
    pair = (drawn, plain) if grey_first else (plain, drawn)
    found = gf.delta(*pair)
    name = NAMES_OF_CHANGE[grey_first]
    assert found.transitions[name] == pytest.approx(box_km2(*BOX), abs=1e-6)
    assert found.grey_zone_net_km2 is None
    assert {k for k, v in found.transitions.items() if v is None} == {
        *TRANSITIONS
    } - NO_GREY


NAMES_OF_CHANGE = {True: "held_to_occupied_km2", False: "occupied_to_held_km2"}


def test_polygons_without_a_grey_zone_are_held_or_occupied():
    found = gf.delta(without_grey([]), without_grey(box(*BOX)))
    frame = found.to_geodataframe()
    assert list(frame.from_state) == ["held"]
    assert list(frame.to_state) == ["occupied"]


def test_records_without_a_grey_zone_are_null_and_numeric():
    history = gf.History(
        [without_grey([], day=23), without_grey(box(*BOX), day=24)]
    )
    row = gf.deltas(history)
    null = [name for name in DELTAS if row[name].isna().all()]
    assert set(null) == {
        "grey_zone_net_km2",
        *(set(TRANSITIONS) - NO_GREY),
    }
    assert (row.dtypes[["grey_zone_net_km2"]] == "float64").all()
    assert (
        gf.areas(history)[["grey_zone_km2", "held_km2"]].isna().all(axis=None)
    )


# Coverage


def test_newly_mapped_is_not_newly_occupied():
    drawn = box(38, 48, 39, 49)
    small = snapshot(drawn, coverage=box(38, 48, 38.5, 49))
    large = snapshot(drawn, coverage=box(37, 48, 40, 49))
    for found in (gf.delta(small, large), gf.delta(large, small)):
        assert max(found.transitions.values()) < 1e-6


def test_newly_mapped_grey_zone_is_no_change():
    drawn = box(38, 48, 39, 49)
    small = snapshot([], drawn, coverage=box(38, 48, 38.5, 49))
    large = snapshot([], drawn, coverage=box(37, 48, 40, 49))
    assert max(gf.delta(small, large).transitions.values()) < 1e-6


def test_differing_coverages_compare_what_both_cover():
    before = snapshot([], coverage=box(38, 48, 38.6, 49))
    after = snapshot(box(38, 48, 39, 49), coverage=box(38.2, 48, 39, 49))
    found = gf.delta(before, after)
    assert found.gained_km2 == pytest.approx(
        box_km2(38.2, 48, 38.6, 49), abs=1e-6
    )
    assert found.to_geodataframe().area_km2.sum() == pytest.approx(
        found.gained_km2, abs=1e-6
    )


def test_one_stated_coverage_bounds_both():
    whole = snapshot([], box(38, 48, 39, 49))
    part = snapshot(box(38, 48, 39, 49), coverage=box(38.5, 48, 40, 49))
    for found, name in (
        (gf.delta(whole, part), "grey_zone_to_occupied_km2"),
        (gf.delta(part, whole), "occupied_to_grey_zone_km2"),
    ):
        assert found.transitions[name] == pytest.approx(
            box_km2(38.5, 48, 39, 49), abs=1e-6
        )


def test_coverages_apart_share_no_change():
    west = snapshot(box(37, 48, 38, 49), coverage=box(37, 48, 38, 49))
    east = snapshot(box(39, 48, 40, 49), coverage=box(39, 48, 40, 49))
    found = gf.delta(west, east)
    assert set(found.transitions.values()) == {0.0}
    assert found.to_geodataframe().empty


# Polygons


def test_polygons_sum_to_the_transitions():
    rng = np.random.default_rng(5)
    before, after = (
        snapshot(
            [star(rng, 38 + x, 48.5) for x in (0, 0.4)],
            [star(rng, 37.8 + x, 48.5) for x in (0, 0.4)],
        )
        for _ in range(2)
    )
    found = gf.delta(before, after)
    frame = found.to_geodataframe()
    sums = dict.fromkeys(TRANSITIONS, 0.0)
    measured = dict(sums)
    for row in frame.itertuples():
        sums[f"{row.from_state}_to_{row.to_state}_km2"] += row.area_km2
        measured[f"{row.from_state}_to_{row.to_state}_km2"] += geod_km2(
            row.geometry
        )
    assert sums == pytest.approx(dict(found.transitions), abs=1e-6)
    assert measured == pytest.approx(sums, rel=1e-6, abs=2e-5)


def test_polygons_are_valid_apart_and_largest_first(example):
    frame = gf.delta(example[0], example[-1]).to_geodataframe()
    assert list(frame.columns) == [
        "from_state",
        "to_state",
        "area_km2",
        "geometry",
    ]
    assert frame.crs == "OGC:CRS84"
    assert frame.geometry.is_valid.all()
    assert set(frame.geom_type) == {"Polygon"}
    assert frame.area_km2.is_monotonic_decreasing
    assert (frame.from_state != frame.to_state).all()
    union = shapely.union_all(frame.geometry.to_numpy())
    assert shapely.area(union) == pytest.approx(
        shapely.area(frame.geometry.to_numpy()).sum(), rel=1e-9
    )


def test_a_polygon_lies_where_the_box_changed():
    found = gf.delta(snapshot(grey_zone=box(*BOX)), snapshot(box(*BOX)))
    (row,) = found.to_geodataframe().itertuples()
    assert (row.from_state, row.to_state) == ("grey_zone", "occupied")
    assert shapely.hausdorff_distance(row.geometry, box(*BOX)) < 1e-8


def test_no_change_gives_an_empty_frame_with_its_columns():
    frame = gf.delta(snapshot(), snapshot()).to_geodataframe()
    assert frame.empty
    assert frame.area_km2.dtype == "float64"
    assert frame.crs == "OGC:CRS84"


# Records


@pytest.fixture
def growing():
    """Occupied grows by 0.1° on the 20th, 22nd (twice) and 24th."""
    return gf.History(
        snapshot(box(38, 48, 38 + east, 49), day=day, hour=hour)
        for day, hour, east in (
            (20, 20, 0.1),
            (22, 8, 0.2),
            (22, 20, 0.3),
            (24, 20, 0.4),
        )
    )


def test_delta_records_have_the_fields_of_the_interface(growing):
    frame = gf.deltas(growing)
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == DELTAS


def test_area_records_have_the_fields_of_the_interface(growing):
    frame = gf.areas(growing)
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == AREAS


def test_attrs_name_definitions_territory_source_and_snapshots(growing):
    for frame in (gf.areas(growing), gf.deltas(growing)):
        assert frame.attrs["source"] == "test"
        assert frame.attrs["snapshots"] == [
            item.id for item in growing.daily()
        ]
        assert "recognised borders" in frame.attrs["territory"]
        assert {"area", "day", "gross"} <= set(frame.attrs["definitions"])


def test_every_day_has_a_row_and_carried_ones_are_zero(growing):
    frame = gf.deltas(growing, every="day")
    assert [f"{day:%d}" for day in frame.until] == ["21", "22", "23", "24"]
    assert list(frame.carried) == [True, False, True, False]
    carried = frame[frame.carried]
    figures = [name for name in DELTAS if name.endswith("_km2")]
    figures.remove("break_km2")
    assert (carried[figures] == 0).all(axis=None)
    assert not carried.method_break.any()
    assert carried.break_km2.isna().all()
    assert (carried.since_snapshot == carried.until_snapshot).all()
    assert frame.complete.all()


def test_a_day_with_two_snapshots_counts_the_last(growing):
    row = gf.deltas(growing).set_index("until").loc["2025-02-22"]
    assert row.until_snapshot == "test@2025-02-22T20:00:00Z"
    assert row.occupied_gained_km2 == pytest.approx(
        box_km2(38.1, 48, 38.3, 49), abs=1e-6
    )


def test_every_snapshot_gives_a_row_for_each_of_a_day(growing):
    frame = gf.deltas(growing, every="snapshot")
    assert list(frame.until_snapshot) == [item.id for item in growing[1:]]
    assert list(frame.since_snapshot) == [item.id for item in growing[:-1]]
    assert not frame.carried.any()
    strip_km2 = box_km2(38, 48, 38.1, 49)
    assert frame.occupied_net_km2.to_numpy() == pytest.approx(
        [strip_km2] * 3, abs=1e-6
    )


def test_every_all_gives_one_row_from_end_to_end(growing):
    frame = gf.deltas(growing, every="all")
    assert len(frame) == 1
    assert frame.occupied_net_km2[0] == pytest.approx(
        box_km2(38.1, 48, 38.4, 49), abs=1e-6
    )
    assert frame.complete[0]
    assert frame.cadence[0] == "all"


def test_since_is_the_state_at_the_end_of_its_day(growing):
    frame = gf.deltas(growing, since="2025-02-21", until="2025-02-23")
    assert frame.since_snapshot[0] == "test@2025-02-20T20:00:00Z"
    assert frame.until_snapshot.iloc[-1] == "test@2025-02-22T20:00:00Z"
    assert frame.occupied_net_km2.sum() == pytest.approx(
        box_km2(38.1, 48, 38.3, 49), abs=1e-6
    )


def test_net_does_not_depend_on_the_cadence(example):
    nets = [
        gf.deltas(example, every=every).occupied_net_km2.sum()
        for every in ("snapshot", "day", "week", "month", "all")
    ]
    assert nets == pytest.approx([nets[0]] * 5, abs=1e-6)


def test_weeks_end_on_sunday_and_cut_ones_say_so(growing):
    frame = gf.deltas(growing, every="week")
    assert [str(day.date()) for day in frame.until] == [
        "2025-02-23",
        "2025-02-24",
    ]
    assert not frame.complete.any()
    assert list(frame.carried) == [True, False]


def test_a_whole_month_runs_from_the_last_day_of_the_one_before():
    days = [
        dt.date(2025, 1, 31),
        dt.date(2025, 2, 10),
        dt.date(2025, 2, 28),
        dt.date(2025, 3, 9),
    ]
    history = gf.History(
        gf.Snapshot(
            "test",
            dt.datetime.combine(day, dt.time(20), dt.UTC),
            box(38, 48, 38.1 + number / 10, 49),
            [],
        )
        for number, day in enumerate(days)
    )
    frame = gf.deltas(history, every="month")
    assert [str(day.date()) for day in frame.since] == [
        "2025-01-31",
        "2025-02-28",
    ]
    assert list(frame.complete) == [True, False]
    cut = gf.deltas(history, since="2025-02-01", every="month")
    assert list(cut.complete) == [False, False]


def test_areas_of_a_day_are_those_of_its_last_snapshot(growing):
    frame = gf.areas(growing).set_index("date")
    assert list(frame.carried) == [False, True, False, True, False]
    assert frame.snapshot["2025-02-22"] == "test@2025-02-22T20:00:00Z"
    assert frame.occupied_km2["2025-02-23"] == pytest.approx(
        box_km2(38, 48, 38.3, 49), abs=1e-6
    )


def test_areas_sum_to_the_denominator():
    covered = snapshot(
        box(38.4, 48, 39, 49),
        box(38.2, 48, 38.4, 49),
        coverage=box(38, 48, 39, 49),
    )
    (row,) = gf.areas(gf.History([covered])).itertuples()
    assert row.denominator_km2 == pytest.approx(
        box_km2(38, 48, 39, 49), rel=1e-9
    )
    assert row.occupied_km2 == pytest.approx(
        box_km2(38.4, 48, 39, 49), rel=1e-9
    )
    assert row.grey_zone_km2 == pytest.approx(
        box_km2(38.2, 48, 38.4, 49), rel=1e-9
    )
    assert row.held_km2 == pytest.approx(box_km2(38, 48, 38.2, 49), rel=1e-9)
    assert row.occupied_share == row.occupied_km2 / row.denominator_km2


def test_the_whole_territory_is_the_official_denominator(growing):
    frame = gf.areas(growing)
    assert (frame.denominator_km2 == 603_628).all()
    total = frame.occupied_km2 + frame.grey_zone_km2 + frame.held_km2
    assert total.to_numpy() == pytest.approx(603_628)


def test_one_snapshot_has_areas_but_no_step():
    history = gf.History([snapshot(box(*BOX))])
    assert len(gf.areas(history)) == 1
    frame = gf.deltas(history)
    assert frame.empty
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == DELTAS


def test_an_unknown_cadence_is_refused(growing):
    with pytest.raises(ValueError, match="'hour' is no cadence"):
        gf.deltas(growing, every="hour")


def test_since_after_until_is_refused(growing):
    with pytest.raises(ValueError, match=r"since 2025-02-24 is after until"):
        gf.areas(growing, since="2025-02-24", until="2025-02-22")


def test_a_day_the_history_does_not_speak_for_is_refused(growing):
    with pytest.raises(gf.MissingDateError, match="begin on 2025-02-20"):
        gf.deltas(growing, since="2025-02-01")
    with pytest.raises(gf.MissingDateError, match="72 hours at most"):
        gf.deltas(growing, until="2025-02-28")


def test_no_argument_is_changed(growing):
    before = growing.to_geodataframe()
    gf.deltas(growing)
    gf.areas(growing)
    after = growing.to_geodataframe()
    pd.testing.assert_frame_equal(
        pd.DataFrame(before.drop(columns="geometry")),
        pd.DataFrame(after.drop(columns="geometry")),
    )
    assert isinstance(growing[0].occupied, MultiPolygon)


def test_a_delta_says_which_way_it_was_found(example):
    first, second, third = example[4:7]
    assert gf.delta(first, first).way == "equal"
    assert gf.delta(second, third).way == "residual"
