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
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import shapely
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geofront._place_files import TOWNS, Row, rows_of
from geofront._threads import per_thread
from geofront._transliteration import transliterate
from geofront._words import clean, counted
from geofront.errors import GeofrontWarning, InvalidBoundaryError
from geofront.geography import territory
from geofront.geography.gazetteer import plain_rows, settlements
from geofront.place import Place
from geofront.topology import coordinate_fault

__all__ = ["load_places"]

Number = TypeVar("Number", int, float)

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_UNITS = ("oblast", "raion", "hromada")
_TOLD = 5

# What a settlement can have, from and to: Kyiv has 3 million on 839 km².
_PLAUSIBLE = {
    "population": (0, 10_000_000),
    "published_area_km2": (0.001, 1_000),
}

# As codes begin that OCHA's COD-AB has of settlements.
_PCODE_LENGTH = 12

# How far outside the border and the sea a place may lie: about 10 km.
_BEYOND_DEG = 0.1


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
        ``latitude``) are known, in any case.  ``place`` beside a ``name``
        is OpenStreetMap's, the kind of settlement.  Of several layers the
        one with columns of ADM4 is read.

    Returns
    -------
    list of Place
        In the order of the file.  Names, units and population that the
        file leaves out are the register's, where the id is a code of it,
        or its first 12 characters, which are COD-AB's; the code in full is
        the place's id then.

    Raises
    ------
    InvalidBoundaryError
        If the file cannot be read, its CRS is missing, several layers may
        be meant, or no row of it is usable.

    Warns
    -----
    GeofrontWarning
        For rows that are left out while others are kept: those without a
        name or a position, more than some 10 km outside Ukraine, or of an
        impossible population or area (over 1,000 km²).  And for numbers
        that cannot be read, without which their rows are kept.
    """
    where = Path(path)
    rows = [_registered(row) for row in rows_of(where)]
    repeated = _repeated(rows)
    places, faults, told = [], 0, []
    for number, row in enumerate(rows, start=1):
        try:
            if row.get("id") in repeated:
                raise InvalidBoundaryError(
                    f"the id {clean(row['id'])!r} stands in several rows"
                )
            usable, dropped = _plausible(row)
            places.append(_place(usable, fallback_id=f"{where.stem}-{number}"))
        except InvalidBoundaryError as error:
            dropped, faults = [str(error)], faults + 1
        told += [f"row {number}: {fault}" for fault in dropped]
    if told:
        _tell(where, told, faults, kept=len(places))
    if not places:
        raise InvalidBoundaryError(f"{where}: expected places, found none")
    return places


def _tell(where: Path, told: list[str], faults: int, *, kept: int) -> None:
    listed = "; ".join(told[:_TOLD])
    more = len(told) - _TOLD
    text = f"{where}: {listed}" + (f"; and {more} more" if more > 0 else "")
    if not kept:
        raise InvalidBoundaryError(text)
    rows = counted(faults, "row")
    warnings.warn(
        f"{text}. {rows} left out, {kept} kept", GeofrontWarning, stacklevel=3
    )


# ---- rows


def _registered(row: Row) -> Row:
    """The row with its id as text, in full if that is a code."""
    if "id" not in row:
        return row
    code = str(row["id"]).strip()
    return {**row, "id": _register().get(code.upper(), {}).get("id", code)}


@cache
def _register() -> dict[str, Row]:
    """What the register says of its codes, in full and as COD-AB has them."""
    names = {
        "place_id": "id",
        "place": "name",
        "population_reference": "population",
    }
    rows = [
        {str(name): value for name, value in row.items() if value is not None}
        for row in plain_rows(settlements().rename(columns=names))
    ]
    begun = {row["id"][:_PCODE_LENGTH]: row for row in rows}
    return begun | {row["id"]: row for row in rows}


def _repeated(rows: list[Row]) -> set[str]:
    ids = Counter(row["id"] for row in rows if "id" in row)
    return {code for code, count in ids.items() if count > 1}


def _plausible(row: Row) -> tuple[Row, list[str]]:
    """The row without numbers that cannot be read, and what these are.

    Raises
    ------
    InvalidBoundaryError
        If a number can be read and cannot be right.
    """
    kept, dropped = dict(row), []
    for field, (least, most) in _PLAUSIBLE.items():
        if field not in row:
            continue
        try:
            number = _number(row, field)
        except InvalidBoundaryError as error:
            dropped.append(f"{error}: the number is left out")
            del kept[field]
            continue
        if not least <= number <= most:
            raise InvalidBoundaryError(
                f"{field}: expected {least:,} to {most:,}, found {number:,g}"
            )
    return kept, dropped


def _place(row: Row, *, fallback_id: str) -> Place:
    code = row.get("id", fallback_id)
    registered = _register().get(code, {})
    # A code says where a settlement belongs, whatever a table calls that.
    units = {unit: registered[unit] for unit in _UNITS if unit in registered}
    known = {**registered, **row, **units}
    name, name_uk = _names(known)
    outline = _outline(row)
    longitude, latitude = _position(known, row, outline)
    return Place(
        name,
        code,
        longitude,
        latitude,
        oblast=known.get("oblast"),
        raion=known.get("raion"),
        hromada=known.get("hromada"),
        name_uk=name_uk,
        population=_if_told(known, "population", round),
        published_area_km2=_if_told(known, "published_area_km2", float),
        outline=outline,
        is_town=known.get("category") in TOWNS,
    )


def _if_told(
    row: Row, field: str, kind: Callable[[float], Number]
) -> Number | None:
    return kind(_number(row, field)) if field in row else None


def _names(known: Row) -> tuple[str, str | None]:
    """Name in Latin letters, and in Ukrainian if it is known."""
    name, name_uk = (known.get(key) for key in ("name", "name_uk"))
    if name is None and name_uk is None:
        raise InvalidBoundaryError("expected a name, found none")
    if name is None or _CYRILLIC.search(str(name)):
        name_uk = name_uk or name
        name = transliterate(str(name_uk))
    return clean(str(name)), None if name_uk is None else clean(str(name_uk))


def _number(row: Row, field: str) -> float:
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
    if not _near_ukraine().contains(point):
        raise InvalidBoundaryError(
            f"the position ({point.x:g}, {point.y:g}) lies outside Ukraine: "
            "expected longitude, latitude in that order"
        )
    return point.x, point.y


@per_thread
def _near_ukraine() -> BaseGeometry:
    near = shapely.buffer(territory(sea=True), _BEYOND_DEG)
    shapely.prepare(near)
    return near


def _amid(outline: Polygon | MultiPolygon, known: Row) -> Point:
    """Registered centre if it lies within, else one that surely does."""
    registered = _given(known)
    if registered is not None and outline.covers(registered):
        return registered
    return outline.representative_point()


def _given(row: Row) -> Point | None:
    if "longitude" not in row or "latitude" not in row:
        return None
    return Point(_degrees(row, "longitude"), _degrees(row, "latitude"))


def _degrees(row: Row, field: str) -> float:
    """A coordinate; where semicolons part columns, commas part decimals."""
    return _number({field: str(row[field]).replace(",", ".")}, field)
