"""Regions: named parts of the territory, read from files of known schemas."""

import os
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import (
    DataLayerError,
    DataSourceError,
    FeatureError,
    GeometryError,
)

from geofront._expected import kind_of
from geofront._frames import CRS
from geofront._inputs import file_input
from geofront._outlines import at_the_coast, disjoint, dissolved
from geofront._region_fields import LEVELS, Level, cod_level, name_rows
from geofront._words import cause, clean, counted
from geofront.errors import GeofrontWarning, InvalidBoundaryError
from geofront.geodesy import explode
from geofront.model import Note
from geofront.topology import coordinate_fault

__all__ = ["ELSEWHERE", "checked", "load_regions"]

ELSEWHERE = "elsewhere"
"""What the ground is called that lies in no region, nor near one."""

_BEFORE_2020 = range(400, 600)


def load_regions(
    path: str | os.PathLike[str],
    *,
    level: int | str | None = None,
    id_field: str | None = None,
    name_field: str | None = None,
) -> gpd.GeoDataFrame:
    """Regions from a file: raions, hromadas, or any areas of your own.

    Parameters
    ----------
    path : str or path-like
        Any format that pyogrio reads: GeoPackage, GeoJSON, shapefile (also
        zipped), FlatGeobuf.
    level : {'oblast', 'raion', 'hromada', 'settlement'} or 1 to 4, optional
        Level to read of a file that holds several; else it is deduced.
    id_field, name_field : str, optional
        Fields that hold codes and names, in any case.  Needed only where
        the file is of no known schema.  Rows of one code are one region.

    Returns
    -------
    geopandas.GeoDataFrame
        As :func:`geofront.oblasts` returns: ``region, region_id, name_uk,
        official_km2, geometry`` in OGC:CRS84; before ``official_km2`` the
        names of the ``oblast`` and ``raion`` around, where codes tell them.
        ``attrs["notes"]`` lists what was repaired, cut off or left out,
        ``attrs["inputs"]`` names the file and its SHA-256.

    Raises
    ------
    InvalidBoundaryError
        If the file cannot be read, declares no reference system, holds no
        areas or areas outside Ukraine, or its regions cannot be named: rows
        without codes have to differ in their names.

    Warns
    -----
    RepairedBoundaryWarning
        If polygons are invalid; they are mended.
    GeofrontWarning
        If regions overlap, or are not as many as their level should have.

    Notes
    -----
    Known are OCHA's COD-AB (``ADM2_EN, ADM2_UA, ADM2_PCODE``; recommended,
    its codes are those of the register), geoBoundaries (``shapeName``) and
    exports of OpenStreetMap (``name``, ``admin_level``).  Regions of one
    name get that of the oblast and raion around, or their code.  Where regions
    take in the territorial sea, they are cut at the coast.  What regions
    share belongs to the first of them.
    """
    where = os.fspath(path)
    wanted = None if level is None else _as_level(level)
    raw = _read(where, wanted)
    named = name_rows(
        pd.DataFrame(raw.drop(columns=raw.active_geometry_name)),
        wanted,
        id_field=id_field,
        name_field=name_field,
        where=where,
    )
    rows = named.rows.join(raw.geometry.rename("geometry"))
    regions, notes = _joined(rows, where, at_sea=False)
    if named.level is not None:
        _check_count(len(regions), named.level, where)
    regions.attrs["notes"] = notes
    regions.attrs["inputs"] = [file_input("regions", where)]
    return regions


def checked(regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Regions that a caller gave, valid and disjoint.

    Returns
    -------
    geopandas.GeoDataFrame
        ``region, region_id, official_km2, geometry``, in the same order;
        rows of one ``region_id`` joined.

    Raises
    ------
    TypeError, InvalidBoundaryError
        If they are no regions.
    """
    if not isinstance(regions, gpd.GeoDataFrame):
        raise TypeError(
            "by= takes regions, as gf.oblasts() gives them, found "
            f"{kind_of(regions)}: gf.load_regions(path) reads a file"
        )
    where = "regions"
    if "region" not in regions or regions["region"].isna().any():
        raise InvalidBoundaryError(
            f"{where}: expected a name in the column region of each row, as "
            "gf.load_regions(path) gives them, found the columns "
            + ", ".join(map(clean, regions.columns))
        )
    names = regions["region"].astype(str)
    if "region_id" not in regions and names.duplicated().any():
        raise InvalidBoundaryError(
            f"{where}: found several rows called "
            f"{clean(names[names.duplicated()].iloc[0])}: expected names "
            "that differ, or a column region_id, whose rows of one code are "
            "one region"
        )
    rows = pd.DataFrame(
        {
            "region": names,
            "region_id": regions.get("region_id", names).fillna(names),
            "official_km2": regions.get("official_km2", np.nan),
            "geometry": _in_degrees(regions, where).geometry,
        }
    )
    return _joined(rows, where, at_sea=True)[0]


# ---- reading


def _as_level(level: int | str) -> Level:
    for known in LEVELS:
        if level in (known.name, known.number):
            return known
    raise ValueError(
        f"level={level!r}: expected one of "
        + ", ".join(f"{item.name!r} ({item.number})" for item in LEVELS)
    )


def _read(where: str, level: Level | None) -> gpd.GeoDataFrame:
    """Rows of a file, in longitude and latitude."""
    if not Path(where).exists():
        raise InvalidBoundaryError(f"{where}: there is no such file")
    try:
        frame = pyogrio.read_dataframe(where, layer=_layer(where, level))
    except (*_UNREADABLE, shapely.GEOSException) as error:
        raise InvalidBoundaryError(
            f"{where}: cannot be read as a file of areas: {cause(error)}"
        ) from None
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InvalidBoundaryError(
            f"{where}: holds a table without geometry: expected areas"
        )
    return _in_degrees(frame, where)


_UNREADABLE = (DataSourceError, DataLayerError, GeometryError, FeatureError)


def _layer(where: str, level: Level | None) -> str:
    """Layer to read: the only one of areas, or the one of the level."""
    areal = [
        str(name)
        for name, kind in pyogrio.list_layers(where)
        if kind is not None and "Point" not in kind and "Line" not in kind
    ]
    if len(areal) == 1:
        return areal[0]
    if not areal:
        raise InvalidBoundaryError(
            f"{where}: holds no areas: expected a polygon for each region"
        )
    levels = {
        name: cod_level(pyogrio.read_info(where, layer=name)["fields"])
        for name in areal
    }
    fitting = [name for name in areal if level and levels[name] == level]
    if len(fitting) == 1:
        return fitting[0]
    found = ", ".join(
        clean(name) + (f" ({known.name})" if known else "")
        for name, known in levels.items()
    )
    raise InvalidBoundaryError(
        f"{where}: expected one layer of areas, found {found}: choose one "
        "by its level= (--level), or save it to a file of its own"
    )


def _in_degrees(frame: gpd.GeoDataFrame, where: str) -> gpd.GeoDataFrame:
    if frame.crs is None:
        raise InvalidBoundaryError(
            f"{where}: declares no reference system, and it is never "
            "guessed: expected one, such as the .prj beside a shapefile; "
            "set_crs() of geopandas sets the one that you know it has"
        )
    if frame.crs.equals(CRS, ignore_axis_order=True):
        return frame
    return frame.to_crs(CRS)


# ---- from rows to regions


def _joined(
    rows: pd.DataFrame, where: str, *, at_sea: bool
) -> tuple[gpd.GeoDataFrame, list[Note]]:
    """One row a region, valid and disjoint, and what was done to them.

    Parameters
    ----------
    rows : pandas.DataFrame
        With columns ``region``, ``region_id`` and ``geometry``.
    where : str
    at_sea : bool
        Whether regions may take in the sea.
    """
    parts, row = explode(rows["geometry"].to_numpy())
    is_area = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (
        ~shapely.is_empty(parts)
    )
    if not is_area.any():
        raise InvalidBoundaryError(f"{where}: holds no areas")
    fault = coordinate_fault(shapely.get_coordinates(parts))
    if fault:
        raise InvalidBoundaryError(f"{where}: {fault}")
    notes = _left_out(rows, row[is_area], int((~is_area).sum()))
    row = row[is_area]
    number, _ = pd.factorize(rows["region_id"].to_numpy()[row])
    _check_names(rows, where)
    _, first = np.unique(number, return_index=True)
    regions = rows.iloc[row[first]].reset_index(drop=True)
    names = regions["region"].to_list()
    outlines, more = dissolved(parts[is_area], number, names, where)
    for step in (disjoint,) if at_sea else (at_the_coast, disjoint):
        notes += more
        outlines, more = step(outlines, names, where)
    regions["geometry"] = outlines
    return gpd.GeoDataFrame(regions, crs=CRS), [*notes, *more]


def _left_out(
    rows: pd.DataFrame, with_areas: npt.NDArray[np.intp], strays: int
) -> list[Note]:
    """Note points, lines and rows without an area."""
    empty = len(rows) - len(np.unique(with_areas))
    found = [counted(empty, "row") + " without an area"] if empty else []
    if strays:
        found.append(counted(strays, "point or line", "points and lines"))
    return [Note("dropped", detail) for detail in found]


def _check_names(rows: pd.DataFrame, where: str) -> None:
    if (rows["region"].str.casefold() == ELSEWHERE).any():
        raise InvalidBoundaryError(
            f"{where}: found a region called {ELSEWHERE}, which is the name "
            "of what lies in no region: expected another name"
        )
    names = rows.groupby("region_id")["region"].unique()
    for code, found in names[names.str.len() > 1].items():
        raise InvalidBoundaryError(
            f"{where}: {clean(code)} is the code of several regions, "
            f"{', '.join(map(clean, found))}: expected a code for each"
        )


def _check_count(count: int, level: Level, where: str) -> None:
    """Warn where there are not as many units as the level has."""
    if count in level.counts:
        return
    expected = " or ".join(f"{known:,}" for known in level.counts)
    hint = ""
    if level.name == "raion" and count in _BEFORE_2020:
        hint = "; raions of before July 2020 were some 490"
    warnings.warn(
        f"{where}: found {count:,} units of the level {level.name}, expected "
        f"{expected}{hint}",
        GeofrontWarning,
        stacklevel=3,
    )
