"""Tables of places in files: which layer, which columns, row by row."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from shapely.geometry.base import BaseGeometry

from geofront._frames import CRS
from geofront._region_fields import LEVELS, cod_level
from geofront._words import clean, printable
from geofront.errors import InvalidBoundaryError

__all__ = ["TOWNS", "Row", "rows_of"]

# How a key of OpenStreetMap's is called here, apart from a column of names.
_PLACE_KEY = "place="

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
    "category": ("category", _PLACE_KEY, "kind"),
    "geometry": ("geometry",),
}

# The register's categories, and values of OpenStreetMap's key "place".
TOWNS = {"K", "M", "city", "town"}
_KINDS = TOWNS | {"village", "hamlet", "suburb", "isolated_dwelling"}

Row = Mapping[str, Any]
"""What is told of a place, by what it means."""


def rows_of(where: Path) -> list[Row]:
    """Rows of a file by what their columns hold, without what is empty.

    Geometry is in OGC:CRS84.

    Raises
    ------
    InvalidBoundaryError
        If the file cannot be read, holds several layers of places, declares
        no CRS, or has no column of names.
    """
    table = _read(where)
    try:
        return list(_rows(table))
    except InvalidBoundaryError as error:
        raise InvalidBoundaryError(f"{where}: {error}") from None


# ---- files


def _read(where: Path) -> pd.DataFrame:
    if not where.is_file():
        raise InvalidBoundaryError(f"{where}: expected a file, found none")
    frame: pd.DataFrame
    try:
        if where.suffix.lower() == ".csv":
            frame = _read_csv(where)
        else:
            frame = pyogrio.read_dataframe(where, layer=_layer(where))
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


def _read_csv(where: Path) -> pd.DataFrame:
    """Table parted by commas, or by semicolons if its header is."""
    with where.open(encoding="utf-8-sig") as file:
        header = file.readline()
    parted_by = max(",;", key=header.count)
    return pd.read_csv(where, sep=parted_by, dtype=str, encoding="utf-8-sig")


def _layer(where: str | os.PathLike[str]) -> str:
    """The only layer, or the one of COD-AB's settlements."""
    layers = dict(pyogrio.list_layers(where))
    found = list(layers)
    if len(layers) > 1:
        found = [name for name in layers if _is_of_settlements(where, name)]
    if len(found) > 1:
        # Beside the outlines there may be points.
        found = [name for name in found if "Polygon" in (layers[name] or "")]
    if len(found) != 1:
        held = ", ".join(map(clean, layers))
        raise ValueError(
            "expected one layer, or one with the columns of ADM4, found "
            f"{held or 'none'}: save the one of places to a file of its own"
        )
    return str(found[0])


def _is_of_settlements(where: str | os.PathLike[str], layer: str) -> bool:
    fields = pyogrio.read_info(where, layer=layer)["fields"]
    return cod_level(fields) == LEVELS[-1]


# ---- columns


def _rows(table: pd.DataFrame) -> Iterator[Row]:
    named = table.rename(columns=lambda name: str(name).casefold())
    named = named.loc[:, ~named.columns.duplicated()]
    if _place_is_a_kind(named):
        named = named.rename(columns={"place": _PLACE_KEY})
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


def _place_is_a_kind(table: pd.DataFrame) -> bool:
    """Whether ``place`` is OpenStreetMap's key: village, quarter, farm."""
    if "place" not in table:
        return False
    beside = any(
        name in ("name", "name_en") or name.startswith("name:")
        for name in map(str, table)
    )
    return beside or set(table["place"].dropna()) <= _KINDS


def _is_told(value: Any) -> bool:
    if isinstance(value, BaseGeometry):
        return not value.is_empty
    return not pd.isna(value) and str(value).strip() != ""
