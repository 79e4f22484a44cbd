"""Areas, lengths and distances against independent oracles."""

import numpy as np
import pyproj
import pytest
import shapely

from geofront.geodesy import (
    LocalFrame,
    area_km2,
    band_areas_km2,
    compass_sector,
    edge_areas_km2,
    explode_polygons,
    length_km,
)

GEOD = pyproj.Geod(ellps="WGS84")
SEEDS = range(6)

HOLED = shapely.Polygon(
    [(37, 48), (39, 48), (39, 50), (37, 50)],
    [[(37.5, 48.5), (38.5, 48.5), (38.5, 49.5), (37.5, 49.5)]],
)
HOLED_KM2 = area_km2(shapely.box(37, 48, 39, 50)) - area_km2(
    shapely.box(37.5, 48.5, 38.5, 49.5)
)


def ring(generator, centre, radius, vertices=12):
    """Star-shaped ring of random radii, between half and all of one."""
    angles = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    radii = radius * generator.uniform(0.5, 1.0, vertices)
    unit = np.column_stack([np.cos(angles), np.sin(angles)])
    return np.add(centre, radii[:, None] * unit)


def random_polygon(seed, radius=1.0):
    """Star with a star-shaped hole, somewhere over Ukraine."""
    generator = np.random.default_rng(seed)
    centre = generator.uniform((24, 45), (39, 51))
    shell = ring(generator, centre, radius)
    return shapely.Polygon(shell, [ring(generator, centre, radius / 3)])


def geod_area_km2(polygon, step_deg):
    """Area by geodesics between points that close together."""
    dense = shapely.orient_polygons(shapely.segmentize(polygon, step_deg))
    return GEOD.geometry_area_perimeter(dense)[0] / 1e6


def authalic_q(latitude_deg):
    """Snyder (1987), equation 3-12, with the logarithm he writes."""
    e = np.sqrt(GEOD.es)
    s = np.sin(np.radians(latitude_deg))
    logarithm = np.log((1 - e * s) / (1 + e * s))
    return (1 - e**2) * (s / (1 - e**2 * s**2) - logarithm / (2 * e))


def box_area_km2(west, south, east, north):
    """Closed form of the area between two meridians and two parallels."""
    half_square = (GEOD.a / 1000) ** 2 / 2
    zone = authalic_q(north) - authalic_q(south)
    return half_square * np.radians(east - west) * zone


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("radius", "step_deg"), [(0.01, 1e-5), (0.1, 1e-4), (1.0, 1e-3)]
)
def test_area_agrees_with_geod_on_dense_rings(seed, radius, step_deg):
    polygon = random_polygon(seed, radius)
    expected = geod_area_km2(polygon, step_deg)
    assert area_km2(polygon) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(
    "box",
    [
        (38, 48, 39, 49),
        (22, 44, 41, 53),
        (38, 48, 38.001, 48.001),
        (-10, -5, 10, 5),
        (-180, 60, 180, 90),
        (-70, -40, -60, -30),
    ],
)
def test_area_of_a_box_is_the_closed_form(box):
    expected = box_area_km2(*box)
    assert area_km2(shapely.box(*box)) == pytest.approx(expected, rel=1e-12)


def test_area_of_the_whole_ellipsoid():
    whole = shapely.box(-180, -90, 180, 90)
    assert area_km2(whole) == pytest.approx(510_065_621.724, abs=1e-3)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("slope", [-2.0, -0.3, 0.0, 0.7, 5.0])
def test_pieces_of_a_cut_polygon_sum_to_the_whole(seed, slope):
    polygon = random_polygon(seed, radius=0.3)
    x, y = polygon.centroid.coords[0]
    line = [(x - 2, y - 2 * slope), (x + 2, y + 2 * slope)]
    below = shapely.Polygon([*line, (x + 2, -60), (x - 2, -60)])
    pieces = np.array([polygon & below, polygon - below])
    assert area_km2(pieces).min() > 0
    assert area_km2(pieces).sum() == pytest.approx(
        area_km2(polygon), rel=0, abs=1e-9
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_vertex_on_a_straight_edge_changes_nothing(seed):
    polygon = random_polygon(seed)
    divided = shapely.segmentize(polygon, 0.05)
    assert area_km2(divided) == pytest.approx(area_km2(polygon), rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_direction_of_rings_does_not_matter(seed):
    polygon = random_polygon(seed)
    assert area_km2(polygon.reverse()) == pytest.approx(
        area_km2(polygon), rel=1e-12
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_start_of_a_ring_does_not_matter(seed):
    polygon = random_polygon(seed)
    shell = np.roll(polygon.exterior.coords[:-1], 5, axis=0)
    rolled = shapely.Polygon(shell, polygon.interiors)
    assert area_km2(rolled) == pytest.approx(area_km2(polygon), rel=1e-12)


@pytest.mark.parametrize("shell_ccw", [True, False])
@pytest.mark.parametrize("hole_ccw", [True, False])
def test_hole_is_subtracted_however_it_is_wound(shell_ccw, hole_ccw):
    shell, hole = HOLED.exterior, HOLED.interiors[0]
    wound = shapely.Polygon(
        shell if shell.is_ccw is shell_ccw else shell.reverse(),
        [hole if hole.is_ccw is hole_ccw else hole.reverse()],
    )
    assert area_km2(wound) == pytest.approx(HOLED_KM2, rel=1e-12)


def test_members_of_a_collection_sum():
    collection = shapely.MultiPolygon([HOLED, shapely.box(30, 48, 31, 49)])
    assert area_km2(collection) == pytest.approx(
        HOLED_KM2 + area_km2(shapely.box(30, 48, 31, 49)), rel=1e-12
    )


def test_nested_collections_are_opened():
    collection = shapely.GeometryCollection(
        [
            shapely.GeometryCollection([shapely.MultiPolygon([HOLED])]),
            shapely.Point(30, 48),
        ]
    )
    assert area_km2(collection) == pytest.approx(HOLED_KM2, rel=1e-12)


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        shapely.Polygon(),
        shapely.MultiPolygon(),
        shapely.GeometryCollection(),
        shapely.Point(38, 48),
        shapely.MultiPoint([(38, 48), (39, 49)]),
        shapely.LineString([(38, 48), (39, 49)]),
        shapely.LinearRing([(38, 48), (39, 48), (39, 49)]),
    ],
)
def test_what_has_no_area_measures_zero(geometry):
    assert area_km2(geometry) == 0.0


def test_area_of_no_geometries_is_no_numbers():
    areas = area_km2(np.array([], dtype=object))
    assert areas.shape == (0,)
    assert areas.dtype == np.float64


def test_area_of_one_geometry_is_a_float():
    assert type(area_km2(HOLED)) is float


def test_area_of_an_array_is_that_of_each():
    geometries = np.array(
        [HOLED, None, shapely.Point(1, 1), random_polygon(1), HOLED]
    )
    assert area_km2(geometries).tolist() == pytest.approx(
        [area_km2(item) for item in geometries], rel=1e-12
    )


def test_area_ignores_height():
    raised = shapely.force_3d(HOLED, 120.0)
    assert area_km2(raised) == area_km2(HOLED)


def test_reversed_edge_has_the_opposite_area():
    start, end = np.array([[38.0, 48.0]]), np.array([[39.3, 48.9]])
    assert edge_areas_km2(start, end) == -edge_areas_km2(end, start)


def test_edge_along_a_meridian_bounds_nothing():
    start, end = np.array([[38.0, 48.0]]), np.array([[38.0, 49.0]])
    assert edge_areas_km2(start, end).tolist() == [0.0]


@pytest.mark.parametrize("seed", SEEDS)
def test_bands_measure_trapezoids_as_polygons_are_measured(seed):
    generator = np.random.default_rng(seed)
    south, height, low, lean, high = generator.uniform(0.01, 0.9, 5)
    south += 48.0
    corners = [(37, south), (37 + low, south)]
    corners += [(x, south + height) for x in (37 + lean + high, 37 + lean)]
    southern, northern = band_areas_km2(
        np.array([south]), np.array([south + height])
    )
    assert low * southern + high * northern == pytest.approx(
        area_km2(shapely.Polygon(corners)), rel=1e-9
    )


def test_explode_tells_where_each_polygon_comes_from():
    geometries = np.array(
        [
            shapely.Polygon(),
            shapely.MultiPolygon([HOLED, shapely.box(30, 48, 31, 49)]),
            shapely.LineString([(38, 48), (39, 49)]),
            shapely.GeometryCollection([shapely.MultiPolygon([HOLED])]),
        ]
    )
    polygons, index = explode_polygons(geometries)
    assert index.tolist() == [1, 1, 3]
    assert [item.geom_type for item in polygons] == ["Polygon"] * 3


def test_length_of_a_line_is_the_sum_of_its_geodesics():
    line = shapely.LineString([(38, 48), (39, 48.5), (39.2, 47)])
    expected = GEOD.inv(38, 48, 39, 48.5)[2] + GEOD.inv(39, 48.5, 39.2, 47)[2]
    assert length_km(line) == pytest.approx(expected / 1000, rel=1e-12)


def test_length_of_lines_sums():
    line = shapely.LineString([(38, 48), (39, 48)])
    other = shapely.LineString([(30, 50), (30, 51)])
    several = shapely.MultiLineString([line, other])
    assert length_km(several) == pytest.approx(
        length_km(line) + length_km(other), rel=1e-12
    )


def test_length_of_a_polygon_is_that_of_its_boundary():
    assert length_km(HOLED) == pytest.approx(
        length_km(HOLED.boundary), rel=1e-12
    )


def test_length_of_a_meridian_quarter():
    quarter = shapely.LineString([(30, 0), (30, 90)])
    assert length_km(quarter) == pytest.approx(10_001.965_729, abs=1e-6)


@pytest.mark.parametrize(
    "geometry", [None, shapely.LineString(), shapely.Point(38, 48)]
)
def test_what_has_no_length_measures_zero(geometry):
    assert length_km(geometry) == 0.0


def test_length_of_an_array_is_that_of_each():
    line = shapely.LineString([(38, 48), (39, 48)])
    lengths = length_km(np.array([line, None, line.reverse()]))
    assert lengths.tolist() == [length_km(line), 0.0, length_km(line)]


def test_length_of_no_geometries_is_no_numbers():
    assert length_km(np.array([], dtype=object)).shape == (0,)


@pytest.mark.parametrize("seed", SEEDS)
def test_distance_from_the_centre_is_geodesic(seed):
    generator = np.random.default_rng(seed)
    longitude, latitude = generator.uniform((24, 45), (39, 51))
    there = np.add((longitude, latitude), generator.uniform(-5, 5, 2))
    projected = LocalFrame(longitude, latitude).project(shapely.Point(there))
    expected = GEOD.inv(longitude, latitude, *there)[2]
    assert np.hypot(projected.x, projected.y) == pytest.approx(
        expected, abs=1e-6
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_direction_from_the_centre_is_geodesic(seed):
    generator = np.random.default_rng(seed)
    longitude, latitude = generator.uniform((24, 45), (39, 51))
    there = np.add((longitude, latitude), generator.uniform(-5, 5, 2))
    projected = LocalFrame(longitude, latitude).project(shapely.Point(there))
    bearing = GEOD.inv(longitude, latitude, *there)[0]
    assert np.degrees(np.arctan2(projected.x, projected.y)) == pytest.approx(
        bearing, abs=1e-9
    )


def test_centre_is_the_origin():
    origin = LocalFrame(37.8, 48.6).project(shapely.Point(37.8, 48.6))
    assert origin.coords[0] == pytest.approx((0, 0), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_vertices_survive_there_and_back(seed):
    polygon = shapely.segmentize(random_polygon(seed), 0.009)
    frame = LocalFrame(*polygon.centroid.coords[0])
    back = frame.unproject(frame.project(polygon))
    assert np.abs(
        shapely.get_coordinates(back) - shapely.get_coordinates(polygon)
    ).max() == pytest.approx(0, abs=1e-10)


def test_long_edge_follows_the_straight_line_in_degrees():
    edge = shapely.LineString([(36, 49), (40, 49)])
    frame = LocalFrame(38, 49)
    back = frame.unproject(frame.project(edge))
    between = frame.project(shapely.Point(37.123, 49))
    assert np.abs(shapely.get_y(shapely.points(back.coords)) - 49).max() < 1e-9
    assert frame.project(edge).distance(between) < 0.03


@pytest.mark.parametrize(
    ("bearing", "sector"),
    [
        (0, "N"),
        (45, "NE"),
        (90, "E"),
        (135, "SE"),
        (180, "S"),
        (225, "SW"),
        (270, "W"),
        (315, "NW"),
        (360, "N"),
        (-45, "NW"),
        (-180, "S"),
    ],
)
def test_middle_of_a_sector_has_its_name(bearing, sector):
    assert compass_sector(bearing) == sector


@pytest.mark.parametrize(
    ("boundary", "before", "after"),
    [
        (22.5, "N", "NE"),
        (67.5, "NE", "E"),
        (112.5, "E", "SE"),
        (157.5, "SE", "S"),
        (202.5, "S", "SW"),
        (247.5, "SW", "W"),
        (292.5, "W", "NW"),
        (337.5, "NW", "N"),
    ],
)
def test_sector_changes_at_its_boundary(boundary, before, after):
    assert compass_sector(boundary - 1e-9) == before
    assert compass_sector(boundary + 1e-9) == after
    assert compass_sector(boundary) in (before, after)
