"""Distances, bearings and shares against a brute-force geodesic search."""

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

import geofront as gf
from geofront.places import SIVERSK, SLOVIANSK_KRAMATORSK, Place

GEOD = pyproj.Geod(ellps="WGS84")
METRE_KM = 0.001
LONGITUDE, LATITUDE = 38.0, 48.8
FIELDS = {
    "date": "datetime64[s]",
    "published_at": "datetime64[s, UTC]",
    "source": "str",
    "carried": "bool",
    "place": "str",
    "place_id": "str",
    "state": "str",
    "occupied_km": "float64",
    "grey_zone_km": "float64",
    "front_km": "float64",
    "bearing_deg": "float64",
    "sector": "str",
    "nearest_lon": "float64",
    "nearest_lat": "float64",
    "occupied_share": "float64",
    "grey_zone_share": "float64",
    "held_share": "float64",
    "limited": "bool",
    "centre_occupied_km": "float64",
    "centre_front_km": "float64",
}


def edges(geometry):
    """Edges of all rings or lines: (n, 2, 2) of longitude, latitude."""
    found = []
    for part in shapely.get_parts(geometry):
        rings = shapely.get_rings(part)
        for line in rings if len(rings) else [part]:
            points = shapely.get_coordinates(line)
            found.append(np.stack([points[:-1], points[1:]], axis=1))
    return np.concatenate(found)


def brute_km(one, other):
    """Shortest geodesic between two boundaries, by halving their edges.

    Edges are straight in longitude and latitude.  Pairs that cannot hold
    the shortest line are left out, the others halved until both pieces
    together are shorter than 60 m; then their ends and middles are paired.
    """
    if shapely.intersects(one, other):
        return 0.0
    a, b = edges(one), edges(other)
    a, b = np.repeat(a, len(b), axis=0), np.tile(b, (len(a), 1, 1))
    while True:
        metres = geodesic_m(a.mean(axis=1), b.mean(axis=1))
        slack = reach_m(a) + reach_m(b)
        kept = metres - slack <= metres.min()
        a, b = a[kept], b[kept]
        if slack[kept].max() < 30:
            return nearest_m(a, b) / 1000
        a, b = halved(a, b, reach_m(a) > reach_m(b))


def nearest_m(a, b):
    samples = [
        np.stack([piece[:, 0], piece.mean(axis=1), piece[:, 1]])
        for piece in (a, b)
    ]
    return min(
        geodesic_m(start, end).min()
        for start in samples[0]
        for end in samples[1]
    )


def reach_m(pieces):
    """A little more than from the middle of each piece to its ends."""
    east, north = np.abs(pieces[:, 1] - pieces[:, 0]).T
    widest = np.cos(np.radians(pieces[:, :, 1].min(axis=1)))
    return 0.5 * 111_800 * np.hypot(east * widest, north)


def geodesic_m(start, end):
    return GEOD.inv(*start.T, *end.T)[2]


def halved(a, b, longer):
    """Halve the longer edge of each pair."""
    first, second = split(a[longer])
    third, fourth = split(b[~longer])
    return (
        np.concatenate([first, second, a[~longer], a[~longer]]),
        np.concatenate([b[longer], b[longer], third, fourth]),
    )


def split(pieces):
    middle = pieces.mean(axis=1)
    return (
        np.stack([pieces[:, 0], middle], axis=1),
        np.stack([middle, pieces[:, 1]], axis=1),
    )


def snapshot(occupied=(), grey_zone=(), *, coverage=None, day=24):
    return gf.Snapshot(
        "test",
        dt.datetime(2025, 2, day, 20, tzinfo=dt.UTC),
        occupied,
        grey_zone,
        coverage=coverage,
    )


def measured(snapshot, place=SIVERSK):
    (row,) = gf.proximity(gf.History([snapshot]), place).itertuples()
    return row


def disc(longitude=LONGITUDE, latitude=LATITUDE, km2=3.0):
    return Place("Disc", "disc", longitude, latitude, published_area_km2=km2)


def outlined(outline, name="Outlined"):
    centre = outline.centroid
    return Place(name, name.lower(), centre.x, centre.y, outline=outline)


def star(rng, longitude, latitude, radius):
    corners = rng.integers(5, 20)
    angles = np.sort(rng.uniform(0, 2 * np.pi, corners))
    reach = rng.uniform(0.3, 1.0, corners) * radius
    points = [
        longitude + reach * np.cos(angles),
        latitude + reach * np.sin(angles),
    ]
    return Polygon(np.column_stack(points)).buffer(0)


@cache
def random_case(seed):
    """A place, and polygons at 3 to 150 km from it, or touching it."""
    rng = np.random.default_rng(seed)
    longitude, latitude = rng.uniform(34, 37), rng.uniform(47.8, 49.5)
    if seed % 3:
        place = disc(longitude, latitude, km2=rng.uniform(1, 60))
    else:
        place = outlined(star(rng, longitude, latitude, 0.1))
    drawn = [
        star(
            rng,
            longitude + rng.uniform(-1.5, 1.5),
            latitude + rng.uniform(-1, 1),
            rng.uniform(0.05, 0.6),
        )
        for _ in range(4)
    ]
    return place, snapshot(drawn[:2], drawn[2:])


@cache
def random_row(seed):
    place, drawn = random_case(seed)
    return measured(drawn, place)


@pytest.mark.parametrize("seed", range(30))
def test_distances_equal_a_brute_force_search(seed):
    place, drawn = random_case(seed)
    row = random_row(seed)
    for found, target in (
        (row.occupied_km, drawn.occupied),
        (row.grey_zone_km, drawn.grey_zone),
    ):
        expected = brute_km(place.extent, target)
        assert found == pytest.approx(expected, abs=METRE_KM)


@pytest.mark.parametrize("seed", range(0, 30, 5))
def test_distance_to_the_front_equals_a_brute_force_search(seed):
    place, drawn = random_case(seed)
    expected = brute_km(place.extent, gf.front_line(drawn))
    found = random_row(seed).front_km
    assert found == pytest.approx(expected, abs=METRE_KM)


@pytest.mark.parametrize("seed", range(1, 30, 5))
def test_the_nearest_point_is_occupied_and_as_far_as_stated(seed):
    place, drawn = random_case(seed)
    row = random_row(seed)
    point = shapely.Point(row.nearest_lon, row.nearest_lat)
    assert shapely.distance(point, drawn.occupied) < 1e-6
    if row.occupied_km > 0:
        corners = shapely.get_coordinates(
            shapely.segmentize(place.extent.boundary, 1e-4)
        )
        bearings, _, metres = GEOD.inv(
            *corners.T,
            np.full(len(corners), row.nearest_lon),
            np.full(len(corners), row.nearest_lat),
        )
        closest = metres.argmin()
        assert row.occupied_km == pytest.approx(
            metres[closest] / 1000, abs=0.005
        )
        turn = (row.bearing_deg - bearings[closest] + 180) % 360 - 180
        assert abs(turn) < 1.0


def test_brute_force_agrees_with_a_closed_form():
    # Along a meridian, between two parallels.
    south, north = box(38, 48, 38.11, 48.1), box(38.1, 48.3, 38.3, 48.4)
    expected = GEOD.inv(38.1, 48.1, 38.1, 48.3)[2] / 1000
    assert brute_km(south, north) == pytest.approx(expected, abs=0.0005)


# Touching


@pytest.mark.parametrize(
    "occupied",
    [
        box(37.9, 48.7, 38.05, 48.9),
        box(37, 48, 39, 49.5),
        box(37.999, 48.799, 38.001, 48.801),
    ],
    ids=["overlaps", "encloses", "lies within"],
)
def test_it_is_zero_without_bearing_where_they_overlap(occupied):
    row = measured(snapshot(occupied), disc())
    assert row.occupied_km == 0.0
    assert np.isnan(row.bearing_deg)
    assert pd.isna(row.sector)
    nearest = shapely.Point(row.nearest_lon, row.nearest_lat)
    assert shapely.distance(nearest, disc().extent) < 1e-6


@pytest.mark.parametrize(
    "occupied",
    [
        box(38.1, 48.8, 38.2, 48.9),
        box(38.1, 48.7, 38.3, 49.0),
        box(38.1, 48.85, 38.3, 48.87),
        box(37.9, 48.9, 38.3, 49.0),
        box(37.5, 48.6, 38.7, 48.8),
        box(38.1, 48.9, 38.2, 49.0),
        box(38.1, 48.65, 38.3, 48.8),
        Polygon([(38.1, 48.853), (38.2, 48.8), (38.2, 48.9)]),
        Polygon([(38.05, 48.85), (38.2, 48.7), (38.2, 49.0)]),
        Polygon([(38.0, 49.0), (38.2, 48.8), (38.2, 49.0)]),
    ],
    ids=[
        "equal edge",
        "longer edge",
        "shorter edge",
        "north edge",
        "south edge",
        "corner",
        "lower corner",
        "tip on edge",
        "tip inside",
        "corner on slanted edge",
    ],
)
def test_it_is_zero_without_bearing_where_they_touch(occupied):
    place = outlined(box(38.0, 48.8, 38.1, 48.9))
    row = measured(snapshot(occupied), place)
    assert row.occupied_km == pytest.approx(0.0, abs=METRE_KM)
    assert row.occupied_km == 0.0
    assert np.isnan(row.bearing_deg)
    assert pd.isna(row.sector)


# Bearing


@pytest.mark.parametrize(
    ("east", "north", "bearing", "sector"),
    [
        (0, 0.4, 0, "N"),
        (0.5, 0, 90, "E"),
        (0, -0.4, 180, "S"),
        (-0.5, 0, 270, "W"),
        (0.456, 0.3, 45, "NE"),
        (0.456, -0.3, 135, "SE"),
        (-0.456, -0.3, 225, "SW"),
        (-0.456, 0.3, 315, "NW"),
    ],
)
def test_bearing_and_sector_lead_to_the_target(east, north, bearing, sector):
    x, y = LONGITUDE + east, LATITUDE + north
    target = box(x - 0.01, y - 0.01, x + 0.01, y + 0.01)
    row = measured(snapshot(target), disc())
    turn = (row.bearing_deg - bearing + 180) % 360 - 180
    assert abs(turn) < 2.0
    assert 0 <= row.bearing_deg < 360
    assert row.sector == sector


# Laws


@pytest.mark.parametrize("seed", range(2, 30, 4))
def test_the_edge_is_no_farther_than_the_centre(seed):
    place, drawn = random_case(seed)
    row = random_row(seed)
    from_centre = brute_km(
        shapely.buffer(place.centre, 1e-7, quad_segs=2), drawn.occupied
    )
    assert row.occupied_km <= from_centre + METRE_KM


@given(
    st.lists(st.tuples(*[st.integers(-60, 60)] * 2), min_size=2, max_size=6)
)
@settings(max_examples=15, deadline=None)
def test_more_occupied_ground_is_never_farther(steps):
    boxes = [
        box(38 + x / 40, 48.8 + y / 60, 38.02 + x / 40, 48.82 + y / 60)
        for x, y in steps
    ]
    history = gf.History(
        snapshot(boxes[: number + 1], day=number + 1)
        for number in range(len(boxes))
    )
    distances = gf.proximity(history, disc()).occupied_km
    assert (distances.diff().dropna() <= 1e-5).all()


def test_a_front_that_moves_nearer_shortens_the_distance():
    history = gf.History(
        snapshot(
            box(38.5 - day / 50, 48.5, 39, 49),
            box(38.4 - day / 50, 48.5, 38.5 - day / 50, 49),
            day=day,
        )
        for day in range(1, 21)
    )
    table = gf.proximity(history, disc())
    for name in ("occupied_km", "grey_zone_km", "front_km"):
        steps = table[name].diff().dropna()
        far = table[name] > 0
        assert (steps <= 1e-5).all()
        assert (steps[far] < -1.0).all()


DISTANCES = ["occupied_km", "grey_zone_km", "front_km"]
DISTANCES += ["centre_occupied_km", "centre_front_km"]


def shifted(place, drawn, east, north):
    """A place and a snapshot, both moved by as many degrees."""

    def move(geometry):
        return shapely.transform(
            geometry, lambda xy: xy + np.array([east, north])
        )

    moved = Place(
        place.name,
        place.id,
        place.longitude + east,
        place.latitude + north,
        outline=move(place.extent),
    )
    return moved, snapshot(move(drawn.occupied), move(drawn.grey_zone))


@pytest.mark.parametrize("seed", range(0, 30, 3))
@pytest.mark.parametrize("east", [0.0137, -0.25])
def test_moving_all_along_a_parallel_changes_nothing(seed, east):
    # The ellipsoid is the same all round.
    place, drawn = random_case(seed)
    here = measured(drawn, shifted(place, drawn, 0.0, 0.0)[0])
    moved, there = shifted(place, drawn, east, 0.0)
    row = measured(there, moved)
    for name in DISTANCES:
        expected = getattr(here, name)
        assert getattr(row, name) == pytest.approx(expected, abs=METRE_KM)
    assert row.occupied_share == pytest.approx(here.occupied_share, abs=1e-9)
    assert row.state == here.state


@pytest.mark.parametrize("seed", range(1, 30, 5))
def test_moving_all_a_little_along_a_meridian_keeps_the_distance(seed):
    # A degree of longitude shrinks by tan(latitude), 1.2 at most here.
    north = 0.001
    place, drawn = random_case(seed)
    here = measured(drawn, shifted(place, drawn, 0.0, 0.0)[0])
    moved, there = shifted(place, drawn, 0.0, north)
    row = measured(there, moved)
    part = 1.25 * np.radians(north)
    for name in DISTANCES:
        expected = getattr(here, name)
        assert getattr(row, name) == pytest.approx(
            expected, rel=part, abs=METRE_KM
        )


def test_results_do_not_depend_on_the_order_of_polygons():
    place, drawn = random_case(3)
    parts = shapely.get_parts(drawn.occupied)
    turned = [Polygon(part.exterior.coords[::-1]) for part in parts[::-1]]
    same = snapshot(turned, drawn.grey_zone)
    assert measured(same, place) == random_row(3)


# Long edges are straight in longitude and latitude.


def test_a_long_edge_along_a_parallel_is_straight():
    target = box(36.5, 47.0, 39.5, 48.0)
    point = outlined(box(37.999, 48.3, 38.001, 48.301))
    row = measured(snapshot(target), point)
    along_meridian = GEOD.inv(38, 48.0, 38, 48.3)[2] / 1000
    assert row.occupied_km == pytest.approx(along_meridian, abs=METRE_KM)
    assert row.nearest_lat == pytest.approx(48.0, abs=1e-5)
    # A geodesic edge would bulge north by a kilometre.
    geodesic = GEOD.npts(36.5, 48, 39.5, 48, 1)[0][1]
    assert geodesic > 48.009


def test_a_long_slanted_edge_is_straight():
    target = Polygon([(36, 47.2), (39, 48.6), (39, 47.0), (36, 47.0)])
    place = disc(37.2, 48.2)
    dense = shapely.segmentize(shapely.boundary(target), 0.05)
    expected = brute_km(place.extent, dense)
    found = measured(snapshot(target), place).occupied_km
    assert found == pytest.approx(expected, abs=METRE_KM)


def test_long_edges_of_an_outline_are_straight():
    place = outlined(box(36.5, 47.0, 39.5, 48.0))
    target = box(37.999, 48.3, 38.001, 48.301)
    row = measured(snapshot(target), place)
    expected = GEOD.inv(38, 48.0, 38, 48.3)[2] / 1000
    assert row.occupied_km == pytest.approx(expected, abs=METRE_KM)


# Thin spikes, valid as drawn, which GEOS drops when it divides the edges.

SPIKE = Polygon(
    [
        (38.0, 48.5),
        (38.07897295567852, 48.656584427440166),
        (38.037521888773796, 48.57439690485988),
        (37.930377594253386, 48.62843485589176),
        (37.90281579233181, 48.52937318311588),
        (38.0, 48.5),
    ]
)


@pytest.mark.parametrize("longitude", [36.0, 37.0, 38.4])
def test_an_occupied_polygon_with_a_spike_counts_whole(longitude):
    assert SPIKE.is_valid
    place = disc(longitude, 47.6)
    found = measured(snapshot(SPIKE), place).occupied_km
    expected = brute_km(place.extent, SPIKE)
    assert found == pytest.approx(expected, abs=METRE_KM)


def test_an_outline_with_a_spike_counts_whole():
    target = box(37.2, 48.45, 37.4, 48.65)
    found = measured(snapshot(target), outlined(SPIKE)).occupied_km
    expected = brute_km(SPIKE, target)
    assert found == pytest.approx(expected, abs=METRE_KM)


# Coverage


COVERED = box(37.5, 48.5, 38.5, 49.1)


def edge_km(place, coverage=COVERED):
    return brute_km(place.extent, shapely.boundary(coverage))


def test_a_front_nearer_than_the_edge_of_the_coverage_is_not_limited():
    drawn = snapshot(box(38.1, 48.5, 38.5, 49.1), coverage=COVERED)
    row = measured(drawn, disc())
    assert row.occupied_km < edge_km(disc())
    assert not row.limited
    assert row.front_km == pytest.approx(row.occupied_km, abs=METRE_KM)
    assert np.isnan(row.grey_zone_km)


def test_a_coverage_that_ends_nearer_than_the_front_limits():
    drawn = snapshot(box(38.45, 48.5, 38.5, 49.1), coverage=COVERED)
    place = disc(37.6)
    row = measured(drawn, place)
    assert row.limited
    assert np.isnan(
        [row.occupied_km, row.front_km, row.nearest_lon, row.nearest_lat]
    ).all()
    assert np.isnan(row.bearing_deg)
    assert pd.isna(row.sector)
    assert row.state == "held"


def test_a_coverage_without_anything_occupied_limits():
    row = measured(snapshot(coverage=COVERED), disc())
    assert row.limited
    assert np.isnan(row.occupied_km)
    assert row.held_share == 1.0


def test_the_whole_territory_without_anything_occupied_does_not_limit():
    row = measured(snapshot(), disc())
    assert not row.limited
    assert np.isnan([row.occupied_km, row.front_km, row.grey_zone_km]).all()
    assert row.state == "held"


def test_the_limit_is_where_the_coverage_ends():
    # Occupied ground is 0.1° off to the east, the edge a bit more or less.
    target = box(38.1, 48.79, 38.12, 48.81)
    for north, limited in ((48.9, False), (48.86, True)):
        coverage = box(37.5, 48.5, 38.5, north)
        row = measured(snapshot(target, coverage=coverage), disc())
        assert bool(row.limited) is limited
        nearer = edge_km(disc(), coverage) < brute_km(disc().extent, target)
        assert bool(nearer) is limited


def test_a_place_outside_the_coverage_has_no_state_and_no_distances():
    drawn = snapshot(box(38.1, 48.5, 38.5, 49.1), coverage=COVERED)
    row = measured(drawn, disc(36.0))
    assert pd.isna(row.state)
    assert np.isnan(
        [
            row.occupied_km,
            row.front_km,
            row.occupied_share,
            row.grey_zone_share,
            row.held_share,
        ]
    ).all()
    assert row.limited


def test_a_place_across_the_edge_of_the_coverage_has_no_shares():
    drawn = snapshot(box(38.4, 48.5, 38.5, 49.1), coverage=COVERED)
    row = measured(drawn, disc(37.505))
    assert row.state == "held"
    assert np.isnan([row.occupied_share, row.held_share]).all()
    assert row.limited


def test_a_place_abroad_is_not_held():
    belgorod = disc(36.59, 50.6)
    row = measured(snapshot(box(38, 48.5, 38.5, 49)), belgorod)
    assert pd.isna(row.state)
    assert np.isnan(row.held_share)


# Shares and states


def test_shares_are_those_of_the_extent_and_sum_to_one():
    place = outlined(box(38.0, 48.8, 38.1, 48.9))
    drawn = snapshot(
        box(38.08, 48.7, 38.3, 49.0), box(38.05, 48.7, 38.08, 49.0)
    )
    row = measured(drawn, place)
    shares = [row.occupied_share, row.grey_zone_share, row.held_share]
    assert shares == pytest.approx([0.2, 0.3, 0.5], abs=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_shares_sum_to_one(seed):
    row = random_row(seed)
    shares = [row.occupied_share, row.grey_zone_share, row.held_share]
    assert sum(shares) == pytest.approx(1.0, abs=1e-9)
    assert min(shares) >= 0.0
    assert max(shares) <= 1.0


@pytest.mark.parametrize(
    ("occupied", "grey_zone", "state"),
    [
        (box(37.9, 48.7, 38.1, 48.9), [], "occupied"),
        ([], box(37.9, 48.7, 38.1, 48.9), "grey_zone"),
        (box(38.0, 48.7, 38.1, 48.9), box(37.9, 48.7, 38, 48.9), "occupied"),
        (box(38.001, 48.7, 38.1, 48.9), [], "held"),
    ],
    ids=["inside", "grey", "on the line", "beside the centre"],
)
def test_state_is_that_of_the_centre(occupied, grey_zone, state):
    assert measured(snapshot(occupied, grey_zone), disc()).state == state


def test_an_agglomeration_has_no_state_but_shares():
    row = measured(snapshot(box(36, 48, 39, 49.5)), SLOVIANSK_KRAMATORSK)
    assert pd.isna(row.state)
    assert row.occupied_share == pytest.approx(1.0, abs=1e-9)
    assert row.occupied_km == 0.0


def test_distance_of_an_agglomeration_is_that_of_its_nearest_member():
    drawn = snapshot(box(38.0, 48, 38.5, 49.5))
    members = SLOVIANSK_KRAMATORSK.members
    table = gf.proximity(gf.History([drawn]), [SLOVIANSK_KRAMATORSK, *members])
    whole, *parts = table.occupied_km
    assert whole == pytest.approx(min(parts), abs=1e-6)


# Sources without a grey zone


def occupied_only(occupied):
    moment = dt.datetime(2025, 2, 24, 20, tzinfo=dt.UTC)
    return gf.Snapshot("test", moment, occupied)


def test_without_a_grey_zone_nothing_is_held():
    row = measured(occupied_only(box(38.1, 48.7, 38.3, 48.9)), disc())
    assert pd.isna(row.state)
    assert np.isnan(
        [row.grey_zone_km, row.grey_zone_share, row.held_share]
    ).all()
    assert row.occupied_share == 0.0
    assert row.occupied_km > 0
    assert row.front_km == pytest.approx(row.occupied_km, abs=METRE_KM)
    assert not row.limited


def test_without_a_grey_zone_occupied_is_still_occupied():
    row = measured(occupied_only(box(37.9, 48.7, 38.1, 48.9)), disc())
    assert row.state == "occupied"
    assert row.occupied_share == pytest.approx(1.0)
    assert np.isnan(row.held_share)


# Tables


@pytest.fixture
def three_days():
    """Snapshots of the 20th and 22nd, a day between them and one after."""
    return gf.History(
        [
            snapshot(box(38.4, 48.5, 39, 49), day=20),
            snapshot(
                box(38.3, 48.5, 39, 49), box(38.2, 48.5, 38.3, 49), day=22
            ),
        ]
    )


def test_records_have_the_fields_of_the_interface(three_days):
    table = gf.proximity(three_days, disc())
    assert {name: str(kind) for name, kind in table.dtypes.items()} == FIELDS


def test_carried_days_equal_the_day_before(three_days):
    table = gf.proximity(three_days, [disc(), SIVERSK], until="2025-02-23")
    assert list(table.carried[::2]) == [False, True, False, True]
    same = [name for name in table if name not in ("date", "carried")]
    for carried in (2, 6):
        pd.testing.assert_frame_equal(
            table.loc[carried : carried + 1, same].reset_index(drop=True),
            table.loc[carried - 2 : carried - 1, same].reset_index(drop=True),
        )


def test_a_row_for_each_day_and_place_in_the_order_asked(three_days):
    asked = [SLOVIANSK_KRAMATORSK, disc(), SIVERSK]
    table = gf.proximity(three_days, asked)
    assert list(table.place_id) == [place.id for place in asked] * 3
    assert table.date.is_monotonic_increasing


def test_cadences_choose_the_days(three_days):
    dates = {
        every: [
            f"{day:%d}"
            for day in gf.proximity(three_days, disc(), every=every).date
        ]
        for every in ("snapshot", "day", "week", "month", "all")
    }
    assert dates == {
        "snapshot": ["20", "22"],
        "day": ["20", "21", "22"],
        "week": ["22"],
        "month": ["22"],
        "all": ["22"],
    }


def test_attrs_name_the_definition_of_distance(three_days):
    attrs = gf.proximity(three_days, disc()).attrs
    assert attrs["definitions"]["distance"] == "geodesic on WGS 84"
    assert attrs["source"] == "test"


def test_the_built_in_places_are_the_default(example):
    table = gf.proximity(example, every="all")
    assert list(table.place) == [item.name for item in gf.places.BUILT_IN]


def test_the_example_never_calls_unseen_ground_held(example):
    table = gf.proximity(example)
    covered = example[0].coverage
    seen = {
        place.id: covered.covers(place.extent) for place in gf.places.BUILT_IN
    }
    for row in table.itertuples():
        assert np.isnan(row.held_share) is not seen[row.place_id]
        if not seen[row.place_id]:
            assert row.limited or row.occupied_km == 0.0


def test_a_day_the_history_does_not_speak_for_is_refused(three_days):
    with pytest.raises(gf.MissingDateError, match="begin on 2025-02-20"):
        gf.proximity(three_days, disc(), since="2025-02-01")


def test_places_may_be_named(example):
    last = {"since": "2025-02-28", "until": "2025-02-28"}
    named = gf.proximity(example, "Siversk", **last)
    given = gf.proximity(example, SIVERSK, **last)
    pd.testing.assert_frame_equal(named, given)


def test_an_unknown_name_is_told(example):
    with pytest.raises(gf.UnknownPlaceError, match="unknown place 'Nowhere'"):
        gf.proximity(example, ["Nowhere"])


def test_of_no_place_there_is_no_distance(example):
    with pytest.raises(
        ValueError, match="expected at least one place or name"
    ):
        gf.proximity(example, [])


@pytest.mark.parametrize("days", [1.5, 0, -7, "28", True, 10**6])
def test_a_window_is_a_whole_number_of_days(example, days):
    with pytest.raises(
        ValueError, match=r"speed_days=.*: expected a whole num"
    ):
        gf.proximity(example, SIVERSK, speed_days=days)
