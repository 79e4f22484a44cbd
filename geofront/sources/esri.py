"""Esri JSON as feature services write it: rings in any reference system.

Rings are even-odd: what an odd number of them enclose is inside, whichever
way they run.
"""

from functools import cache
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely import Polygon

from geofront._words import clean, counted
from geofront.errors import InvalidBoundaryError, SourceError
from geofront.geodesy import explode_polygons
from geofront.sources.geojson import Drawn, describe
from geofront.sources.tangles import refuse_crossings
from geofront.topology import (
    Polygons,
    coordinate_fault,
    empty_polygons,
    mend,
)


def is_esri(content: Any) -> bool:
    """Whether a JSON value is a feature set of Esri's, not GeoJSON."""
    if not isinstance(content, dict) or "type" in content:
        return False
    return "geometryType" in content or "spatialReference" in content


def as_features(content: dict[str, Any], where: str) -> list[Any]:
    """Features with ``properties``, and with their system in the geometry.

    Raises
    ------
    SourceError
        If there is no list of features, or no known reference system.
    """
    features = content.get("features")
    if not isinstance(features, list):
        raise SourceError(
            f"{where}: expected a list of features, found "
            + describe(features)
        )
    shared = content.get("spatialReference")
    return [_as_feature(feature, shared, where) for feature in features]


def _as_feature(feature: Any, shared: Any, where: str) -> Any:
    if not isinstance(feature, dict):
        return feature
    geometry = feature.get("geometry")
    if isinstance(geometry, dict):
        system = geometry.get("spatialReference", shared)
        geometry = {**geometry, "system": _system(system, where)}
    return {"properties": feature.get("attributes"), "geometry": geometry}


def _system(reference: Any, where: str) -> str:
    """Code of a spatial reference."""
    stated = reference if isinstance(reference, dict) else {}
    code = stated.get("latestWkid", stated.get("wkid"))
    if not isinstance(code, int):
        raise SourceError(
            f"{where}: expected a spatial reference with a wkid, found "
            f"{describe(reference)}: coordinates cannot be understood"
        )
    for authority in ("EPSG", "ESRI"):
        name = f"{authority}:{code}"
        if _to_degrees(name) is not None:
            return name
    raise SourceError(
        f"{where}: the spatial reference {clean(code)} is not known"
    )


@cache
def _to_degrees(system: str) -> pyproj.Transformer | None:
    try:
        return pyproj.Transformer.from_crs(system, "OGC:CRS84", always_xy=True)
    except pyproj.exceptions.CRSError:
        return None


def read_rings(geometry: dict[str, Any]) -> Drawn:
    """Polygons of an Esri geometry, in longitude and latitude.

    Raises
    ------
    InvalidBoundaryError
        If a ring cannot be read.
    """
    rings = geometry.get("rings")
    if not isinstance(rings, list):
        # A point, a line, a curve: no area in this format.
        return Drawn(empty_polygons(), 1, 0)
    transformer = _to_degrees(geometry["system"])
    assert transformer is not None
    lines = [_ring(ring, transformer) for ring in rings]
    unclosed = sum(not np.array_equal(line[0], line[-1]) for line in lines)
    drawn = np.array(list(map(Polygon, lines)), dtype=object)
    if not len(drawn):
        return Drawn(empty_polygons(), 0, unclosed)
    refuse_crossings(shapely.get_rings(drawn))
    return Drawn(_even_odd(mend(drawn).polygons), 0, unclosed)


def _even_odd(enclosed: Polygons) -> Polygons:
    """What an odd number of polygons enclose, of all of them in one go."""
    lines = shapely.node(shapely.union_all(shapely.boundary(enclosed)))
    faces = shapely.get_parts(shapely.polygonize([lines]))
    tree = shapely.STRtree(enclosed)
    inside, _ = tree.query(shapely.point_on_surface(faces), "within")
    odd = np.bincount(inside, minlength=len(faces)) % 2 == 1
    whole = shapely.coverage_union_all(faces[odd])
    parts, _ = explode_polygons(np.array([whole], dtype=object))
    return parts


def _ring(ring: Any, transformer: pyproj.Transformer) -> Any:
    try:
        positions = np.array(ring, dtype=float)[:, :2]
    except (TypeError, ValueError, IndexError):
        raise InvalidBoundaryError(
            "expected a ring of positions [x, y]"
        ) from None
    if len(positions) < 3 or positions.shape[1] != 2:
        raise InvalidBoundaryError(
            f"a ring has {counted(len(positions), 'position')}, expected "
            "four or more"
        )
    line = np.column_stack(transformer.transform(*positions.T))
    fault = coordinate_fault(line)
    if fault:
        raise InvalidBoundaryError(fault)
    return line
