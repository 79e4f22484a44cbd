"""Areas, lengths and distances on the WGS 84 ellipsoid.

Coordinates are longitude, latitude in degrees (OGC:CRS84), in that order.

*Area* is that of the region bounded by straight lines in longitude and
latitude, as RFC 7946 defines a polygon's edges.  With this definition areas
are additive: cut a polygon anywhere along such lines and the pieces sum to
the whole, so that transitions sum to the difference of totals.  Geodesic
edges, the other usual definition, do not have this property: two maps that
put a vertex at different points of one straight border would seem to differ.

*Distance* and *length* are geodesic.
"""

from typing import Any, overload

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

KM_PER_DEGREE = 111.2
"""Of latitude, within 0.5 %: for how far to look, never for a figure."""

GEOD = pyproj.Geod(ellps="WGS84")

_SEMI_MAJOR_KM = GEOD.a / 1000.0
_ECCENTRICITY = float(np.sqrt(GEOD.es))
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(4)

# Longest edge, in degrees, that is still replaced by a straight line in a
# local projection: 0.01° leaves the true line by 3 cm at latitude 50.
_MAX_EDGE_DEG = 0.01

COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
"""Compass sectors, 45° each, clockwise; the first lies around 0°."""

FloatArray = npt.NDArray[np.float64]


def _authalic_integral(latitude_rad: FloatArray) -> FloatArray:
    """Area from the equator to a latitude, in km² per radian of longitude."""
    e = _ECCENTRICITY
    es = e * np.sin(latitude_rad)
    polar = (1.0 - e * e) * _SEMI_MAJOR_KM**2 / 2.0
    return polar * (es / e / (1.0 - es * es) + np.arctanh(es) / e)


def edge_areas_km2(start: FloatArray, end: FloatArray) -> FloatArray:
    """Signed contribution of directed edges to the area they bound.

    The contributions of a closed ring sum to its area, positive where the
    ring runs counter-clockwise.

    Parameters
    ----------
    start, end : ndarray, shape (n, 2)
        End points of the edges: longitude, latitude in degrees.

    Returns
    -------
    ndarray, shape (n,)
        Square kilometres.

    Notes
    -----
    Each edge gives −Δλ times the mean, along the edge, of the area between
    the equator and the latitude, by four-point Gauss–Legendre quadrature.
    For edges up to 1° the error of the quadrature is below 1e-9 of the
    area; edges along a parallel or a meridian are exact.

    References
    ----------
    Snyder, J. P. (1987). Map projections: a working manual. U.S. Geological
    Survey Professional Paper 1395, equation 3-12. doi:10.3133/pp1395
    """
    longitude_step = np.radians(end[:, 0] - start[:, 0])
    south, north = np.radians(start[:, 1]), np.radians(end[:, 1])
    middle, half = (south + north) / 2.0, (north - south) / 2.0
    mean = np.zeros(len(start))
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        mean += weight / 2.0 * _authalic_integral(middle + node * half)
    return -longitude_step * mean


def band_areas_km2(
    south: FloatArray, north: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Areas between parallels, of shapes one degree wide at one of them.

    What lies between two straight lines is the sum of two such shapes, each
    times the longitude from line to line at its parallel.

    Parameters
    ----------
    south, north : ndarray, shape (n,)
        The parallels, in degrees.

    Returns
    -------
    southern, northern : ndarray, shape (n,)
        Square kilometres of the shape that is one degree wide in the south
        and none in the north, and of the reverse.

    Notes
    -----
    The same definition and quadrature as in :func:`edge_areas_km2`.
    """
    low, height = np.radians(south), np.radians(north - south)
    southern, northern = np.zeros((2, len(south)))
    for node, weight in zip((1.0 + _NODES) / 2.0, _WEIGHTS, strict=True):
        density = weight / 2.0 * _area_density(low + node * height)
        southern += (1.0 - node) * density
        northern += node * density
    square_degree = np.radians(height)
    return southern * square_degree, northern * square_degree


def _area_density(latitude_rad: FloatArray) -> FloatArray:
    """Area in km² per square radian of longitude and latitude."""
    es = _ECCENTRICITY * np.sin(latitude_rad)
    polar = (1.0 - _ECCENTRICITY**2) * _SEMI_MAJOR_KM**2
    density: FloatArray = polar * np.cos(latitude_rad) / (1.0 - es * es) ** 2
    return density


def ring_areas_km2(
    coordinates: FloatArray, ring_of_vertex: npt.NDArray[np.intp], rings: int
) -> FloatArray:
    """Signed areas of closed rings, positive where counter-clockwise.

    Parameters
    ----------
    coordinates : ndarray, shape (n, 2)
        The rings' vertices one after the other, each ring closed.
    ring_of_vertex : ndarray of int, shape (n,)
        To which ring each vertex belongs.
    rings : int
        How many rings there are.

    Returns
    -------
    ndarray, shape (rings,)
        Square kilometres.
    """
    inside_ring = ring_of_vertex[1:] == ring_of_vertex[:-1]
    areas = edge_areas_km2(coordinates[:-1], coordinates[1:])
    return np.bincount(
        ring_of_vertex[:-1][inside_ring],
        weights=areas[inside_ring],
        minlength=rings,
    ).astype(np.float64)


@overload
def area_km2(geometry: BaseGeometry | None) -> float: ...
@overload
def area_km2(geometry: npt.NDArray[Any]) -> FloatArray: ...
def area_km2(
    geometry: BaseGeometry | npt.NDArray[Any] | None,
) -> float | FloatArray:
    """Area of polygons on the ellipsoid.

    Parameters
    ----------
    geometry : shapely geometry or array of them
        Polygons, multipolygons or collections of them.  The direction of
        the rings does not matter; points and lines have no area.

    Returns
    -------
    float or ndarray
        Square kilometres; one for each geometry of an array.

    Notes
    -----
    The region measured is bounded by straight lines in longitude and
    latitude on WGS 84 (see the module).  Overlapping members of a
    collection are counted as often as they overlap: dissolve them first.

    Examples
    --------
    >>> import shapely
    >>> round(area_km2(shapely.box(38, 48, 39, 49)), 3)
    8217.732
    """
    if isinstance(geometry, np.ndarray):
        return _areas_km2(geometry)
    return float(_areas_km2(np.array([geometry], dtype=object))[0])


def _areas_km2(geometries: npt.NDArray[Any]) -> FloatArray:
    polygons, geometry_of_polygon = explode_polygons(geometries)
    rings, polygon_of_ring = shapely.get_rings(polygons, return_index=True)
    coordinates, ring_of_vertex = shapely.get_coordinates(
        rings, return_index=True
    )
    sizes = np.abs(ring_areas_km2(coordinates, ring_of_vertex, len(rings)))
    # The first ring of each polygon is its shell, the others are holes.
    is_shell = np.diff(polygon_of_ring, prepend=-1) != 0
    return np.bincount(
        geometry_of_polygon[polygon_of_ring],
        weights=np.where(is_shell, sizes, -sizes),
        minlength=len(geometries),
    ).astype(np.float64)


def explode(
    geometries: npt.NDArray[Any],
) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp]]:
    """Simple geometries within collections, however deeply nested.

    Parameters
    ----------
    geometries : ndarray of shapely geometries

    Returns
    -------
    parts : ndarray
        Points, lines and polygons.
    index : ndarray of int
        Which of the geometries each part comes from.
    """
    parts, index = shapely.get_parts(geometries, return_index=True)
    while (
        shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT
    ).any():
        parts, member_of = shapely.get_parts(parts, return_index=True)
        index = index[member_of]
    return parts, index


def explode_polygons(
    geometries: npt.NDArray[Any],
) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp]]:
    """Polygons within geometries, however deeply nested.

    Parameters
    ----------
    geometries : ndarray of shapely geometries

    Returns
    -------
    polygons : ndarray of shapely.Polygon
        Points, lines and empty geometries are left out.
    index : ndarray of int
        Which of the geometries each polygon comes from.
    """
    parts, index = explode(geometries)
    is_polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    kept = is_polygon & ~shapely.is_empty(parts)
    return parts[kept], index[kept]


@overload
def length_km(geometry: BaseGeometry | None) -> float: ...
@overload
def length_km(geometry: npt.NDArray[Any]) -> FloatArray: ...
def length_km(
    geometry: BaseGeometry | npt.NDArray[Any] | None,
) -> float | FloatArray:
    """Geodesic length of lines; for polygons, of their boundaries.

    Parameters
    ----------
    geometry : shapely geometry or array of them

    Returns
    -------
    float or ndarray
        Kilometres: the sum of the geodesics between neighbouring vertices.

    Examples
    --------
    >>> import shapely
    >>> round(length_km(shapely.LineString([(38, 48), (39, 48)])), 3)
    74.625
    """
    if isinstance(geometry, np.ndarray):
        return np.array([_length_km(item) for item in geometry], dtype=float)
    return _length_km(geometry)


def _length_km(geometry: BaseGeometry | None) -> float:
    if geometry is None or geometry.is_empty:
        return 0.0
    lines = geometry if geometry.area == 0 else shapely.boundary(geometry)
    return float(GEOD.geometry_length(lines)) / 1000.0


class LocalFrame:
    """Plane, in metres, around one point: azimuthal equidistant on WGS 84.

    Distances from the centre are exact; between two points within 5° of it
    they are used only to find *which* points are nearest, and the distance
    between those is then taken on the ellipsoid.

    Parameters
    ----------
    longitude, latitude : float
        The centre, in degrees.
    """

    def __init__(self, longitude: float, latitude: float) -> None:
        self._projection = pyproj.Proj(
            proj="aeqd", lon_0=longitude, lat_0=latitude, ellps="WGS84"
        )

    def project(self, lines: BaseGeometry) -> BaseGeometry:
        """Degrees to metres, long edges divided first.

        A straight line in longitude and latitude is curved in the plane, so
        edges over 0.01° are divided: what remains is below 3 cm.

        Parameters
        ----------
        lines : points, lines or the boundaries of polygons
            Not polygons: GEOS drops thin spikes of those it divides.

        Returns
        -------
        shapely geometry
            In metres from the centre: east, north.
        """
        divided = shapely.segmentize(lines, _MAX_EDGE_DEG)
        return shapely.transform(divided, self._forward)

    def unproject(self, geometry: BaseGeometry) -> BaseGeometry:
        """Metres to degrees.

        Parameters
        ----------
        geometry : shapely geometry
            In metres from the centre: east, north.

        Returns
        -------
        shapely geometry
            Longitude, latitude in degrees; nothing is divided.
        """
        return shapely.transform(geometry, self._inverse)

    def _forward(self, coordinates: FloatArray) -> FloatArray:
        longitude, latitude = coordinates.T
        return np.column_stack(self._projection(longitude, latitude))

    def _inverse(self, coordinates: FloatArray) -> FloatArray:
        x, y = coordinates.T
        return np.column_stack(self._projection(x, y, inverse=True))


def compass_sector(bearing_deg: float) -> str:
    """Name of the one of eight compass sectors that holds a bearing.

    Examples
    --------
    >>> compass_sector(100.0)
    'E'
    """
    return COMPASS[round(bearing_deg / 45.0) % 8]


def compass_numbers(bearings_deg: FloatArray) -> npt.NDArray[np.intp]:
    """Numbers of the sectors that hold bearings; -1 for not a number."""
    known = ~np.isnan(bearings_deg)
    number = np.round(np.where(known, bearings_deg, 0.0) / 45.0) % 8
    numbers: npt.NDArray[np.intp] = np.where(known, number, -1).astype(np.intp)
    return numbers
