"""Features of the user's own files, whatever format they are in.

Polygons come out in longitude and latitude.  A reference system is taken
from the file, or from the user where the file has none, and never guessed.
"""

import json
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._words import clean
from geofront.errors import InvalidBoundaryError, SourceError
from geofront.geodesy import explode_polygons
from geofront.sources.geojson import (
    Drawn,
    describe,
    read_geometry,
    stated_crs,
    states_degrees,
)
from geofront.topology import Polygons, coordinate_fault, empty_polygons

DEGREES = "OGC:CRS84"

T = TypeVar("T")


class Shape(NamedTuple):
    """One feature."""

    properties: Mapping[str, Any]
    drawn: Drawn
    layer: str = ""
    """Layer or folder it lies in, within the file."""
    fault: str | None = None
    """Why its geometry could not be read, if it could not."""


NOTHING = Drawn(empty_polygons(), 0, 0)


class System:
    """The reference system of a file, which brings shapes to degrees.

    Parameters
    ----------
    stated : any
        What the file states: anything that pyproj understands, or None.
    told : str or None
        What the user says of files that state none.
    where : str
        The file, for messages.

    Raises
    ------
    SourceError
        If there is none, or it is not known.
    """

    def __init__(self, stated: Any, told: str | None, where: str) -> None:
        if _says_nothing(stated):
            stated = told
        if stated is None:
            raise SourceError(
                f"{where}: states no reference system, and none is ever "
                "guessed: name it (--crs EPSG:4326 for longitude and "
                "latitude)"
            )
        try:
            self._transformer = pyproj.Transformer.from_crs(
                stated, DEGREES, always_xy=True
            )
        except pyproj.exceptions.ProjError:
            raise SourceError(
                f"{where}: the reference system {clean(stated)!r} is not "
                "known, or leads to no longitude and latitude"
            ) from None

    def shape(
        self, geometry: BaseGeometry | None, properties: Any, layer: str
    ) -> Shape:
        """Feature of a geometry in this system."""
        try:
            return Shape(properties, self.drawn(geometry), layer)
        except InvalidBoundaryError as error:
            return Shape(properties, NOTHING, layer, str(error))

    def drawn(self, geometry: BaseGeometry | None) -> Drawn:
        """Polygons of a geometry, in longitude and latitude.

        Raises
        ------
        InvalidBoundaryError
            If it is missing, or its coordinates are none of this system.
        """
        if geometry is None:
            raise InvalidBoundaryError("expected a geometry, found nothing")
        polygons, not_areas = _areas_of(shapely.force_2d(geometry))
        return self.degrees(Drawn(polygons, not_areas, 0))

    def degrees(self, drawn: Drawn) -> Drawn:
        """Bring polygons of this system to longitude and latitude."""
        try:
            placed = shapely.transform(drawn.polygons, self._placed)
        except pyproj.exceptions.ProjError as error:
            raise InvalidBoundaryError(clean(error)) from None
        fault = coordinate_fault(shapely.get_coordinates(placed))
        if fault:
            raise InvalidBoundaryError(fault)
        return drawn._replace(polygons=placed)

    def _placed(self, coordinates: Any) -> Any:
        return np.column_stack(self._transformer.transform(*coordinates.T))


def _says_nothing(stated: Any) -> bool:
    # GeoPackages without a system are given one of this name by GDAL.
    return stated is None or "Undefined" in str(stated).split(",")[0]


def _areas_of(geometry: BaseGeometry) -> tuple[Polygons, int]:
    """Polygons of a geometry, however nested, and how much is none."""
    parts = np.array([geometry], dtype=object)
    while (shapely.get_type_id(parts) == _COLLECTION).any():
        parts = shapely.get_parts(parts)
    areas = np.isin(shapely.get_type_id(parts), _AREAS)
    polygons, _ = explode_polygons(parts[areas])
    return polygons, int((~areas & ~shapely.is_empty(parts)).sum())


_COLLECTION = 7
_AREAS = (3, 6)  # Polygon, MultiPolygon


def read_geojson(
    collection: Mapping[str, Any], crs: str | None, where: str
) -> Iterator[Shape]:
    """Features of a GeoJSON collection, one that states a system included.

    Raises
    ------
    SourceError
        If the system that it states is not known.
    """
    stated = stated_crs(collection)
    # GeoJSON is in longitude and latitude unless it says otherwise.
    degrees = stated is None or states_degrees(stated)
    if crs is not None and stated is None:
        degrees = states_degrees(crs)
    system = None if degrees else System(stated, crs, where)
    for feature in collection["features"]:
        if not isinstance(feature, dict):
            fault = "expected a feature, found " + describe(feature)
            yield Shape({}, NOTHING, fault=fault)
            continue
        properties = feature.get("properties")
        known = properties if isinstance(properties, dict) else {}
        try:
            drawn = _of_geojson(feature.get("geometry"), system)
        except InvalidBoundaryError as error:
            yield Shape(known, NOTHING, fault=str(error))
        else:
            yield Shape(known, drawn)


def _of_geojson(geometry: Any, system: System | None) -> Drawn:
    if system is None:
        return read_geometry(geometry)
    try:
        return system.drawn(shapely.from_geojson(json.dumps(geometry)))
    except (shapely.errors.GEOSException, RecursionError) as error:
        raise InvalidBoundaryError(clean(error)) from None


def read_tables(path: Path, crs: str | None) -> Iterator[Shape]:
    """Features of all layers of a GeoPackage or a Shapefile.

    Raises
    ------
    SourceError
        If it cannot be read, or a layer has no known reference system.
    """
    where = clean(path.name)
    try:
        layers = _told(lambda: _layers(path), where)
    except (RuntimeError, ValueError, OSError, UnicodeDecodeError) as error:
        # pyogrio's own errors are RuntimeErrors.
        raise SourceError(f"{where}: cannot be read: {clean(error)}") from None
    for name, (meta, _, geometry, values) in layers:
        if geometry is None or not len(geometry):
            continue
        system = System(meta["crs"], crs, where)
        columns = [str(field) for field in meta["fields"]]
        for number, blob in enumerate(geometry):
            row = [column[number] for column in values]
            properties = dict(zip(columns, row, strict=True))
            yield _of_wkb(system, blob, properties, name)


def _layers(path: Path) -> list[tuple[str, Any]]:
    """Name and content of each layer that has geometry."""
    import pyogrio

    return [
        (str(name), pyogrio.raw.read(path, layer=name))
        for name, kind in pyogrio.list_layers(path)
        if kind is not None
    ]


def _of_wkb(
    system: System, blob: bytes | None, properties: Any, layer: str
) -> Shape:
    try:
        geometry = None if blob is None else shapely.from_wkb(blob)
    except shapely.errors.GEOSException as error:
        return Shape(properties, NOTHING, layer, clean(error))
    return system.shape(geometry, properties, layer)


def _told(read: Callable[[], T], where: str) -> T:
    """Call GDAL, which only warns of much that is wrong."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = read()
    # Measures are dropped, as heights are.
    told = [
        str(item.message)
        for item in caught
        if not str(item.message).startswith("Measured (M)")
    ]
    if told:
        raise SourceError(f"{where}: {clean(told[0])}")
    return result


def read_parquet(path: Path, crs: str | None, limit: int) -> Iterator[Shape]:
    """Features of a GeoParquet file.

    Raises
    ------
    SourceError
        If it cannot be read, has no known reference system, or its columns
        inflate to more than ``limit`` bytes.
    """
    where = clean(path.name)
    frame = _frame(path, limit, where)
    system = System(frame.crs, crs, where)
    geometry = frame.geometry.array
    plain = frame.drop(columns=frame.geometry.name).to_dict("records")
    for shape, properties in zip(geometry, plain, strict=True):
        yield system.shape(shape, properties, "")


def _frame(path: Path, limit: int, where: str) -> Any:
    """Table of a GeoParquet file that is not too large."""
    import geopandas
    import pyarrow
    from pyarrow import parquet

    try:
        size = _inflated(parquet.read_metadata(path))
        if size > limit:
            raise SourceError(
                f"{where}: inflates to {size:,} bytes, expected at most "
                f"{limit:,}"
            )
        return geopandas.read_parquet(path)
    except (
        pyarrow.ArrowException,
        shapely.errors.ShapelyError,
        pyproj.exceptions.ProjError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        OSError,
    ) as error:
        raise SourceError(
            f"{where}: expected GeoParquet: {clean(error)}"
        ) from None


def _inflated(metadata: Any) -> int:
    groups = range(metadata.num_row_groups)
    return sum(metadata.row_group(each).total_byte_size for each in groups)
