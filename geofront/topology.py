"""Any polygons → valid, disjoint, oriented multipolygons, all on record.

Sources draw polygons that cross themselves, overlap each other and leave
slivers.  Here they are mended without changing what they say, and whatever
was changed is told in km².
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geofront.errors import InvalidBoundaryError
from geofront.geodesy import (
    FloatArray,
    area_km2,
    explode,
    explode_polygons,
)

Polygons = npt.NDArray[Any]
"""Array of shapely polygons."""

# Two states that overlap by less than this, in square degrees (about
# 1e-8 km²), share a border that is already cut to match: cutting it anew
# would only move vertices by the last bit.
_TOUCHING_DEG2 = 1e-12


class Mended(NamedTuple):
    """Valid polygons, and what it took to get there."""

    polygons: Polygons
    """Valid polygons, two-dimensional, shells counter-clockwise."""
    origin: npt.NDArray[np.intp]
    """Which of the polygons given each one comes from."""
    repaired: npt.NDArray[np.bool_]
    """For each polygon given: whether it was invalid."""
    changed_km2: FloatArray
    """For each polygon given: area after the repair less area as drawn."""


def empty_polygons() -> Polygons:
    """Array of no polygons."""
    return np.empty(0, dtype=object)


def as_polygons(
    geometry: BaseGeometry | Iterable[BaseGeometry], *, what: str
) -> Polygons:
    """Polygons of one geometry or of several, however nested.

    Parameters
    ----------
    geometry : shapely geometry or iterable of them
    what : str
        What they stand for, for the message.

    Raises
    ------
    InvalidBoundaryError
        If there is anything but areas in it, or coordinates that are not
        longitude and latitude in degrees.
    """
    several = [geometry] if isinstance(geometry, BaseGeometry) else geometry
    given = np.array([None, *several], dtype=object)[1:]
    known = shapely.is_geometry(given)
    parts, _ = explode(given[known])
    stray = [item for item in given[~known] if item is not None]
    stray += [part for part in parts if not isinstance(part, Polygon)]
    if stray:
        found = getattr(stray[0], "geom_type", type(stray[0]).__name__)
        raise InvalidBoundaryError(
            f"{what}: expected polygons, found a {found}"
        )
    fault = coordinate_fault(shapely.get_coordinates(parts))
    if fault:
        raise InvalidBoundaryError(f"{what}: {fault}")
    return parts[~shapely.is_empty(parts)]


def coordinate_fault(coordinates: FloatArray) -> str | None:
    """What is wrong with longitudes and latitudes, or None.

    Parameters
    ----------
    coordinates : ndarray, shape (n, 2)
        Longitude, latitude in degrees.
    """
    if not np.isfinite(coordinates).all():
        return "a coordinate is not a finite number"
    limits = np.array([180.0, 90.0])
    beyond = (np.abs(coordinates) > limits).any(axis=1)
    if not beyond.any():
        return None
    found = ", ".join(f"{value:g}" for value in coordinates[beyond][0])
    return (
        f"found the position ({found}): expected longitude within ±180° and "
        "latitude within ±90°, in that order, on WGS 84"
    )


def mend(polygons: Polygons) -> Mended:
    """Make every polygon valid, alone, without moving what is valid.

    Parameters
    ----------
    polygons : ndarray of shapely.Polygon
        As drawn.

    Returns
    -------
    Mended

    Notes
    -----
    Repairs follow the structure of the rings: what the shell encloses is
    inside, what a hole encloses is not, however they cross.  A polygon
    without area vanishes.
    """
    drawn = shapely.force_2d(polygons)
    repaired = ~shapely.is_valid(drawn)
    changed = np.zeros(len(drawn))
    if not repaired.any():
        kept = np.flatnonzero(~shapely.is_empty(drawn))
        return Mended(orient(drawn[kept]), kept, repaired, changed)
    valid = drawn.copy()
    valid[repaired] = [_repair(polygon) for polygon in drawn[repaired]]
    changed[repaired] = area_km2(valid[repaired]) - area_km2(drawn[repaired])
    parts, origin = explode_polygons(valid)
    return Mended(orient(parts), origin, repaired, changed)


def _repair(polygon: Polygon) -> BaseGeometry:
    """What the shell encloses, less what the holes enclose.

    Ring by ring: left to itself, GEOS takes a hole outside the shell for
    another piece of the area.
    """
    rings = shapely.get_rings(polygon)
    shell, *holes = _valid(np.asarray(shapely.polygons(rings)))
    area: BaseGeometry = shapely.difference(shell, shapely.union_all(holes))
    return area


def orient(geometries: Any) -> Any:
    """Turn shells counter-clockwise and holes clockwise (RFC 7946)."""
    return shapely.orient_polygons(geometries)


def canonical(geometry: BaseGeometry) -> MultiPolygon:
    """One spelling of a multipolygon: ring starts, order and direction set.

    Two multipolygons of the same rings are equal to the last bit after
    this, whatever their rings started with.
    """
    polygons, _ = explode_polygons(np.array([geometry], dtype=object))
    # Adding zero turns −0.0 into 0.0, which else would differ in bytes.
    positive = shapely.transform(
        shapely.remove_repeated_points(MultiPolygon(list(polygons))),
        lambda coordinates: coordinates + 0.0,
    )
    oriented: MultiPolygon = orient(shapely.normalize(positive))
    return oriented


def dissolve(polygons: Polygons) -> MultiPolygon:
    """Union of polygons that may overlap: valid and canonical.

    Parameters
    ----------
    polygons : ndarray of shapely.Polygon
        Each valid.

    Returns
    -------
    shapely.MultiPolygon
        The same to the last bit for any order of the polygons and any
        start and direction of their rings.
    """
    normal = shapely.normalize(polygons)
    order = np.argsort(shapely.to_wkb(normal))
    return canonical(_valid(shapely.union_all(normal[order])))


def subtract(geometry: MultiPolygon, taken: MultiPolygon) -> MultiPolygon:
    """What remains of one multipolygon where another has precedence."""
    if overlap_deg2(geometry, taken) < _TOUCHING_DEG2:
        return geometry
    return canonical(_valid(shapely.difference(geometry, taken)))


def clip(polygons: Polygons, frame: MultiPolygon) -> tuple[Polygons, float]:
    """Cut off what lies outside a frame.

    Parameters
    ----------
    polygons : ndarray of shapely.Polygon
        Each valid.
    frame : shapely.MultiPolygon

    Returns
    -------
    polygons : ndarray of shapely.Polygon
    cut_km2 : float
        How much was cut off, overlaps counted as often as they occur.
    """
    outside = shapely.difference(polygons, frame)
    cut = shapely.area(outside) > _TOUCHING_DEG2
    if not cut.any():
        return polygons, 0.0
    pieces, _ = explode_polygons(shapely.intersection(polygons[cut], frame))
    kept = np.concatenate([polygons[~cut], orient(pieces)])
    return kept, float(area_km2(outside[cut]).sum())


def overlap_deg2(one: BaseGeometry, other: BaseGeometry) -> float:
    """Overlap in square degrees: to tell a touch from an overlap, no more."""
    return float(shapely.area(shapely.intersection(one, other)))


def _valid(geometry: Any) -> Any:
    """Follow the structure of rings where they cross or touch themselves."""
    if shapely.is_valid(geometry).all():  # as a rule, and ten times faster
        return geometry
    return shapely.make_valid(
        geometry, method="structure", keep_collapsed=False
    )
