"""Places from a user's own table: more of them, or surveyed outlines.

GeoNames locates one in seven of the registered settlements in the oblasts of
the front; OCHA's COD-AB, an export of OpenStreetMap or a table of one's own
knows more.  What such a table leaves out, the register adds by its codes.
"""

import math
import os
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geofront._frames import CRS
from geofront._transliteration import transliterate
from geofront._words import clean, counted, printable
from geofront.errors import GeofrontWarning, InvalidBoundaryError
from geofront.geography.gazetteer import settlements
from geofront.place import Place
from geofront.topology import coordinate_fault

__all__ = ["load_places"]

# Columns by what they hold, in any case; the first that is filled counts.
# OCHA COD-AB, OpenStreetMap, geofront's own tables, and plain ones.
_COLUMNS = {
    "id": ("place_id", "adm4_pcode", "katottg", "katotth", "code", "id"),
    "name": ("adm4_en", "adm4_name", "name:en", "name_en", "place", "name"),
    "name_uk": ("adm4_ua", "adm4_name1", "name:uk", "name_uk"),
    "oblast": ("adm1_en", "adm1_name", "oblast"),
    "raion": ("adm2_en", "adm2_name", "raion"),
    "hromada": ("adm3_en", "adm3_name", "hromada"),
    "population": ("population_reference", "population"),
    "published_area_km2": ("area_km2", "published_area_km2"),
    "longitude": ("longitude", "lon", "lng"),
    "latitude": ("latitude", "lat"),
    "category": ("category", "kind"),
    "geometry": ("geometry",),
}

# The register's categories, and values of OpenStreetMap's key "place".
_TOWNS = {"K", "M", "city", "town"}
_KINDS = _TOWNS | {"village", "hamlet", "suburb", "isolated_dwelling"}

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_UNITS = ("oblast", "raion", "hromada")
_TOLD = 5

Row = Mapping[str, Any]


def load_places(path: str | os.PathLike[str]) -> list[Place]:
    """Read places from a file: outlines or points, with names.

    Parameters
    ----------
    path : str or path-like
        CSV with a column for the longitude and one for the latitude, in
        degrees on WGS 84; or any file of polygons or points that GDAL
        reads (GeoJSON, GeoPackage, Shapefile), with its CRS.  Columns of
        OCHA COD-AB (``ADM4_EN``, ``ADM4_PCODE`` …), of OpenStreetMap
        (``name``, ``name:en``, ``place``, ``katotth`` …) and plain ones
        (``place_id``, ``place`` or ``name``, ``name_uk``, ``oblast``,
        ``raion``, ``hromada``, ``population``, ``area_km2``, ``longitude``,
        ``latitude``) are known, in any case.

    Returns
    -------
    list of Place
        In the order of the file.  Names, units and population that the
        file leaves out are the register's, where the id is a code of it.

    Raises
    ------
    InvalidBoundaryError
        If the file cannot be read, its CRS is missing, or no row of it is
        usable.

    Warns
    -----
    GeofrontWarning
        For rows that are left out while others are kept.
    """
    where = Path(path)
    table = _read(where)
    try:
        rows = list(_rows(table))
    except InvalidBoundaryError as error:
        raise InvalidBoundaryError(f"{where}: {error}") from None
    repeated = _repeated(rows)
    places, faults = [], []
    for number, row in enumerate(rows, start=1):
        try:
            if row.get("id") in repeated:
                raise InvalidBoundaryError(
                    f"the id {clean(row['id'])!r} stands in several rows"
                )
            places.append(_place(row, fallback_id=f"{where.stem}-{number}"))
        except InvalidBoundaryError as error:
            faults.append(f"row {number}: {error}")
    if faults:
        _tell(where, faults, kept=len(places))
    if not places:
        raise InvalidBoundaryError(f"{where}: expected places, found none")
    return places


def _tell(where: Path, faults: list[str], *, kept: int) -> None:
    listed = "; ".join(faults[:_TOLD])
    more = len(faults) - _TOLD
    told = f"{where}: {listed}" + (f"; and {more} more" if more > 0 else "")
    if not kept:
        raise InvalidBoundaryError(told)
    rows = counted(len(faults), "row")
    warnings.warn(
        f"{told}. {rows} left out, {kept} kept", GeofrontWarning, stacklevel=3
    )


# ---- files


def _read(where: Path) -> pd.DataFrame:
    """Rows of a file; with geometry in OGC:CRS84 if it has any."""
    if not where.is_file():
        raise InvalidBoundaryError(f"{where}: expected a file, found none")
    frame: pd.DataFrame
    try:
        if where.suffix.lower() == ".csv":
            frame = pd.read_csv(where, dtype=str, encoding="utf-8-sig")
        else:
            frame = pyogrio.read_dataframe(where)
    except (ValueError, pyogrio.errors.DataSourceError) as error:
        raise InvalidBoundaryError(
            f"{where}: cannot be read as a table: {printable(error)}"
        ) from None
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    if frame.crs is None:
        raise InvalidBoundaryError(
            f"{where}: expected coordinates with a CRS, found none: save the "
            "file with one (WGS 84, EPSG:4326)"
        )
    projected: pd.DataFrame = frame.to_crs(CRS)
    return projected


def _rows(table: pd.DataFrame) -> Iterator[Row]:
    """Rows by what their columns hold, without what is empty."""
    named = table.rename(columns=lambda name: str(name).casefold())
    if "place" in named and set(named["place"].dropna()) <= _KINDS:
        named = named.rename(columns={"place": "kind"})
    columns = {
        meaning: [name for name in names if name in named]
        for meaning, names in _COLUMNS.items()
    }
    if not columns["name"] and not columns["name_uk"]:
        raise InvalidBoundaryError(
            "expected a column with names ("
            + ", ".join((*_COLUMNS["name"], *_COLUMNS["name_uk"]))
            + "), found "
            + ", ".join(map(clean, table.columns))
        )
    for row in named.astype(object).to_dict("records"):
        told = {
            meaning: [row[name] for name in names if _is_told(row[name])]
            for meaning, names in columns.items()
        }
        yield {meaning: given[0] for meaning, given in told.items() if given}


def _is_told(value: Any) -> bool:
    if isinstance(value, BaseGeometry):
        return not value.is_empty
    return not pd.isna(value) and str(value).strip() != ""


def _repeated(rows: list[Row]) -> set[str]:
    ids = Counter(row["id"] for row in rows if "id" in row)
    return {code for code, count in ids.items() if count > 1}


# ---- rows


def _place(row: Row, *, fallback_id: str) -> Place:
    code = str(row.get("id", fallback_id)).strip()
    registered = _of_register(code)
    # A code says where a settlement belongs, whatever a table calls that.
    units = {unit: registered[unit] for unit in _UNITS if unit in registered}
    known = {**registered, **row, **units}
    name, name_uk = _names(known)
    outline = _outline(row)
    longitude, latitude = _position(known, row, outline)
    population = _number(known, "population")
    return Place(
        name,
        code,
        longitude,
        latitude,
        oblast=known.get("oblast"),
        raion=known.get("raion"),
        hromada=known.get("hromada"),
        name_uk=name_uk,
        population=None if population is None else round(population),
        published_area_km2=_number(known, "published_area_km2"),
        outline=outline,
        is_town=known.get("category") in _TOWNS,
    )


def _of_register(code: str) -> dict[str, Any]:
    """What the register says of a code; nothing of another id."""
    table = _register()
    if code not in table.index:
        return {}
    told = table.loc[code].dropna().to_dict()
    return {str(name): value for name, value in told.items()}


@cache
def _register() -> pd.DataFrame:
    columns = {"place": "name", "population_reference": "population"}
    return settlements().set_index("place_id").rename(columns=columns)


def _names(known: Row) -> tuple[str, str | None]:
    """Name in Latin letters, and in Ukrainian if it is known."""
    name, name_uk = (known.get(key) for key in ("name", "name_uk"))
    if name is None and name_uk is None:
        raise InvalidBoundaryError("expected a name, found none")
    if name is None or _CYRILLIC.search(str(name)):
        name_uk = name_uk or name
        name = transliterate(str(name_uk))
    return clean(str(name)), None if name_uk is None else clean(str(name_uk))


def _number(row: Row, field: str) -> float | None:
    if field not in row:
        return None
    try:
        number = float(row[field])
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidBoundaryError(
            f"{field}: expected a number, found {clean(row[field])!r}"
        )
    return number


def _outline(row: Row) -> Polygon | MultiPolygon | None:
    geometry = row.get("geometry")
    if geometry is None or isinstance(geometry, Point):
        return None
    if not isinstance(geometry, Polygon | MultiPolygon):
        raise InvalidBoundaryError(
            f"expected a point or a polygon, found a {geometry.geom_type}"
        )
    return shapely.force_2d(geometry)


def _position(
    known: Row, row: Row, outline: Polygon | MultiPolygon | None
) -> tuple[float, float]:
    """Centre: as given, as registered, or amid the outline."""
    point: Point | None = row.get("geometry")
    if outline is not None:
        point = _amid(outline, known)
    elif point is None:
        point = _given(row) or _given(known)
    if point is None:
        raise InvalidBoundaryError(
            "expected a longitude and a latitude, found none"
        )
    fault = coordinate_fault(shapely.get_coordinates(point))
    if fault is not None:
        raise InvalidBoundaryError(fault)
    return point.x, point.y


def _amid(outline: Polygon | MultiPolygon, known: Row) -> Point:
    """Registered centre if it lies within, else one that surely does."""
    registered = _given(known)
    if registered is not None and outline.covers(registered):
        return registered
    return outline.representative_point()


def _given(row: Row) -> Point | None:
    longitude = _number(row, "longitude")
    latitude = _number(row, "latitude")
    if longitude is None or latitude is None:
        return None
    return Point(longitude, latitude)
