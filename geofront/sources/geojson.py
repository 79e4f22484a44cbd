"""GeoJSON as sources write it: features one by one, faults and all.

Nothing here knows what a feature means.  A damaged feature raises an error
of its own, so that it never costs the file.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import orjson
import shapely
from shapely import Polygon

from geofront._words import clean, counted
from geofront.errors import InvalidBoundaryError, SourceError
from geofront.geodesy import FloatArray
from geofront.topology import Polygons, coordinate_fault

_NOT_AREAS = ("Point", "MultiPoint", "LineString", "MultiLineString")
_KINDS = {
    dict: "an object without a type",
    list: "a list",
    str: "text",
    bool: "a truth value",
    type(None): "nothing",
}
# GeoJSON writes longitude first whatever the registry says of EPSG:4326.
_LONGITUDE_LATITUDE = re.compile(
    r"(urn:ogc:def:crs:)?(OGC:[\d.]*:?CRS84|EPSG:[\d.]*:?4326)|CRS84", re.I
)
_FEATURE_MARK = b'{"type":"Feature",'


class Drawn(NamedTuple):
    """Areas of one geometry, as drawn."""

    polygons: Polygons
    not_areas: int
    """Points and lines left out."""
    unclosed: int
    """Rings whose last position was not their first; they were closed."""


def cut_features(data: bytes) -> list[bytes] | None:
    """Texts of a collection's features, cut apart without parsing them.

    From one day to the next nearly all features stay the same to the byte,
    and comparing bytes is ten times faster than parsing them.

    Returns
    -------
    list of bytes or None
        What `parse_cut` takes.  None where the text is not written
        compactly, or not as expected: it has to be parsed whole then.

    Notes
    -----
    Within a JSON string every quotation mark is escaped, so the mark that
    the text is cut at cannot stand in anybody's name.
    """
    head, *pieces = data.split(_FEATURE_MARK)
    if not pieces or not head.rstrip().endswith(b'"features":['):
        return None
    last, bracket, tail = pieces.pop().rpartition(b"]")
    try:
        frame = orjson.loads(head + bracket + tail)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(frame, dict) or frame.get("features") != []:
        return None
    if "crs" in frame:
        return None  # to be checked
    if (head + tail).count(b'"features"') != 1:
        return None  # others, maybe within others: which were cut?
    return [*pieces, last.rstrip() + b","]


def parse_cut(piece: bytes, where: str) -> Any:
    """Feature in a text that `cut_features` has cut off.

    Raises
    ------
    SourceError
        If it is not a feature and a comma: the cut was wrong.
    """
    body, comma, rest = piece.rpartition(b",")
    if not comma or rest.strip(b" \t\r\n"):
        raise SourceError(f"{where}: expected a comma between features")
    return parse(_FEATURE_MARK + body, where)


def parse_collection(data: bytes, where: str) -> dict[str, Any]:
    """FeatureCollection in a GeoJSON text; its ``features`` are a list.

    Raises
    ------
    SourceError
        If it is not JSON, not a FeatureCollection, or says that it is not
        in longitude and latitude.
    """
    return collection_of(parse(data, where), where)


def collection_of(collection: Any, where: str) -> dict[str, Any]:
    """Take a JSON value for a FeatureCollection, as `parse_collection`."""
    found = with_features(collection, where)
    _check_crs(found, where)
    return found


def with_features(collection: Any, where: str) -> dict[str, Any]:
    """Take a JSON value for a FeatureCollection in any reference system.

    Raises
    ------
    SourceError
        If it has no list of features.
    """
    if isinstance(collection, dict) and isinstance(
        collection.get("features"), list
    ):
        return collection
    raise SourceError(
        f"{where}: expected a GeoJSON FeatureCollection with a list of "
        f"features, found {describe(collection)} without one"
    )


def _check_crs(collection: dict[str, Any], where: str) -> None:
    stated = stated_crs(collection)
    if stated is not None and not states_degrees(stated):
        raise SourceError(
            f"{where}: the file is in {clean(stated)}, expected longitude "
            "and latitude (CRS84)"
        )


def states_degrees(crs: str) -> bool:
    """Whether a system's name is one of longitude and latitude on WGS 84."""
    return _LONGITUDE_LATITUDE.fullmatch(crs) is not None


def stated_crs(collection: Mapping[str, Any]) -> str | None:
    """Name of the reference system that a file states, if it does.

    GeoJSON has known the member ``crs`` until 2016, and files still have it.
    """
    crs = collection.get("crs")
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else describe(crs)


def parse(data: bytes, where: str) -> Any:
    """Value of a JSON text.

    Raises
    ------
    SourceError
        If it is not JSON.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        fault = str(error)
    try:
        # Python's own reader takes NaN and Infinity, which orjson refuses:
        # they then cost one feature instead of the file.
        return json.loads(data)
    except (ValueError, RecursionError):
        raise SourceError(
            f"{where}: expected JSON, found {len(data):,} bytes that are not "
            f"({fault}): the file is truncated or damaged"
        ) from None


def describe(value: Any) -> str:
    """What a JSON value is, in words."""
    if isinstance(value, dict):
        kind = value.get("type")
        if isinstance(kind, str):
            return f"an object of type {clean(kind)!r}"
    return _KINDS.get(type(value), "a number")


def read_geometry(geometry: Any) -> Drawn:
    """Polygons of a GeoJSON geometry, collections flattened recursively.

    Raises
    ------
    InvalidBoundaryError
        If the geometry is not one, or a ring cannot be read.
    """
    polygons: list[Polygon] = []
    not_areas = unclosed = 0
    waiting = [geometry]
    while waiting:
        member = waiting.pop()
        kind = member.get("type") if isinstance(member, dict) else None
        if kind == "GeometryCollection":
            waiting += reversed(_members(member, "geometries"))
        elif kind == "MultiPolygon":
            waiting += [
                {"type": "Polygon", "coordinates": rings}
                for rings in reversed(_members(member, "coordinates"))
            ]
        elif kind == "Polygon":
            polygon, open_rings = _polygon(_members(member, "coordinates"))
            unclosed += open_rings
            if polygon is not None:
                polygons.append(polygon)
        elif kind in _NOT_AREAS:
            not_areas += 1
        else:
            raise InvalidBoundaryError(
                "expected a geometry, found " + describe(member)
            )
    return Drawn(np.array(polygons, dtype=object), not_areas, unclosed)


def _members(geometry: dict[str, Any], name: str) -> list[Any]:
    members = geometry.get(name)
    if not isinstance(members, list):
        raise InvalidBoundaryError(
            f"expected a list of {name}, found " + describe(members)
        )
    return members


def _polygon(rings: list[Any]) -> tuple[Polygon | None, int]:
    """Polygon, None if empty, and how many rings had to be closed."""
    if not rings:
        return None, 0
    lines = [_ring(ring) for ring in rings]
    unclosed = sum(not np.array_equal(line[0], line[-1]) for line in lines)
    closed = [shapely.linearrings(line) for line in lines]
    return Polygon(closed[0], closed[1:]), unclosed


def _ring(ring: Any) -> FloatArray:
    try:
        positions = np.array(ring)
    except ValueError:
        raise InvalidBoundaryError(
            "positions of a ring differ in their number of values"
        ) from None
    if (
        positions.ndim != 2
        or positions.shape[1] < 2
        or positions.dtype.kind not in "iuf"
    ):
        raise InvalidBoundaryError(
            "expected a ring of positions [longitude, latitude]"
        )
    line = positions[:, :2].astype(float)
    fault = coordinate_fault(line)
    if fault:
        raise InvalidBoundaryError(fault)
    if len(line) < 3:
        raise InvalidBoundaryError(
            f"a ring has {counted(len(line), 'position')}, expected four or "
            "more"
        )
    return line
