"""Features of the user's own files, whatever format they are in.

Polygons come out in longitude and latitude.  A reference system is taken
from the file, or from the user where the file has none, and never guessed.
"""

import json
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._words import cause, clean, first_of
from geofront.errors import (
    GeofrontWarning,
    InvalidBoundaryError,
    SourceError,
)
from geofront.geodesy import explode_polygons
from geofront.sources.geojson import (
    Drawn,
    describe,
    read_geometry,
    stated_crs,
    states_degrees,
)
from geofront.sources.tangles import refuse_tangles
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


def untangled(shape: Shape) -> Shape:
    """Take a feature as it is, unless mending it would take too long."""
    try:
        refuse_tangles(shape.drawn.polygons)
    except InvalidBoundaryError as error:
        return shape._replace(drawn=NOTHING, fault=str(error))
    return shape


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
                "guessed: name it (crs='EPSG:4326' in Python, --crs "
                "EPSG:4326 on the command line, for longitude and latitude)"
            )
        try:
            _check_horizontal(pyproj.CRS.from_user_input(stated))
            self._transformer = pyproj.Transformer.from_crs(
                stated, DEGREES, always_xy=True
            )
        except pyproj.exceptions.ProjError:
            raise SourceError(
                f"{where}: the reference system {clean(stated)!r} is not "
                "known, or leads to no longitude and latitude: expected "
                "one such as EPSG:4326"
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


def _check_horizontal(crs: pyproj.CRS) -> None:
    """Refuse a system of heights alone, by which nothing is placed."""
    plain = crs.sub_crs_list[0] if crs.is_compound else crs
    if not (plain.is_geographic or plain.is_projected):
        raise pyproj.exceptions.CRSError("it places nothing on the ground")


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
    _check_kind(path, where)
    try:
        with _at_rest(path) as copy:
            layers = _told(lambda: _layers(copy), where)
    except (RuntimeError, ValueError, OSError, UnicodeDecodeError) as error:
        # pyogrio's own errors are RuntimeErrors.
        raise SourceError(f"{where}: cannot be read: {cause(error)}") from None
    for name, (meta, _, geometry, values) in layers:
        if geometry is None or not len(geometry):
            continue
        system = System(meta["crs"], crs, where)
        columns = [str(field) for field in meta["fields"]]
        for number, blob in enumerate(geometry):
            row = [column[number] for column in values]
            properties = dict(zip(columns, row, strict=True))
            yield _of_wkb(system, blob, properties, name)


def _check_kind(path: Path, where: str) -> None:
    """Refuse a file that GDAL would take for another kind than it says.

    Some kinds lead to other files, or over the network.
    """
    with path.open("rb") as file:
        head = file.read(72)
    package = head.startswith(b"SQLite format 3\0") and head[68:70] == b"GP"
    right = {".gpkg": package, ".shp": head.startswith(b"\0\0\x27\x0a")}
    if not right[path.suffix.lower()]:
        kind = "GeoPackage" if path.suffix.lower() == ".gpkg" else "Shapefile"
        raise SourceError(
            f"{where}: cannot be read: expected a {kind}, found other bytes"
        )


@contextmanager
def _at_rest(path: Path) -> Iterator[Path]:
    """A file that nobody writes: of a GeoPackage a copy.

    Reading one that QGIS has open would fold its journal (``-wal``) into it,
    and delete that; the copy has what the journal holds.
    """
    if path.suffix.lower() != ".gpkg":
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="geofront-") as folder:
        copy = Path(folder) / "copy.gpkg"
        shutil.copyfile(path, copy)
        journal = journal_of(path)
        if journal.exists():
            shutil.copyfile(journal, f"{copy}-wal")
        yield copy


def journal_of(path: Path) -> Path:
    """Where SQLite keeps what is not yet folded into a file."""
    return path.with_name(f"{path.name}-wal")


def _layers(path: Path) -> list[tuple[str, Any]]:
    """Name and content of each layer that has geometry."""
    import pyogrio

    return [
        (str(name), _layer(path, name))
        for name, kind in pyogrio.list_layers(path)
        if kind is not None
    ]


def _layer(path: Path, name: str) -> Any:
    """Content of a layer; text that is not UTF-8 costs its own characters."""
    from pyogrio import raw

    try:
        return raw.read(path, layer=name)
    except UnicodeDecodeError:
        meta, fids, geometry, values = raw.read(
            path, layer=name, encoding="latin-1"
        )
    warnings.warn(
        "a text that is not UTF-8: what cannot be read of it is replaced",
        GeofrontWarning,
        stacklevel=2,
    )
    meta["fields"] = [_as_utf8(field) for field in meta["fields"]]
    kept = [[_as_utf8(value) for value in column] for column in values]
    return meta, fids, geometry, kept


def _as_utf8(value: Any) -> Any:
    """Text whose bytes were read as Latin-1, as UTF-8."""
    if not isinstance(value, str):
        return value
    return value.encode("latin-1").decode("utf-8", "replace")


def _of_wkb(
    system: System, blob: bytes | None, properties: Any, layer: str
) -> Shape:
    try:
        geometry = None if blob is None else shapely.from_wkb(blob)
    except shapely.errors.GEOSException as error:
        return Shape(properties, NOTHING, layer, clean(error))
    return system.shape(geometry, properties, layer)


def _told(read: Callable[[], T], where: str) -> T:
    """Call GDAL, and pass on under the file's name what it warns of."""
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
        shown = first_of([cause(text) for text in dict.fromkeys(told)])
        warnings.warn(f"{where}: {shown}", GeofrontWarning, stacklevel=2)
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
            f"{where}: expected GeoParquet: {cause(error)}"
        ) from None


def _inflated(metadata: Any) -> int:
    groups = range(metadata.num_row_groups)
    return sum(metadata.row_group(each).total_byte_size for each in groups)
