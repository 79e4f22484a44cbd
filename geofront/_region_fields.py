"""Which fields of a file name its regions: the schemas that are known.

OCHA's COD-AB, geoBoundaries, exports of OpenStreetMap, and geofront's own.
Field names are taken in any case.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from geofront._transliteration import transliterate
from geofront._words import clean, counted, printable
from geofront.errors import InvalidBoundaryError
from geofront.geography import oblasts, settlements
from geofront.geography.gazetteer import OBLASTS

__all__ = ["LEVELS", "Level", "Named", "cod_level", "name_rows"]


class Level(NamedTuple):
    """A level of Ukraine's administrative division."""

    name: str
    number: int
    """As COD-AB and geoBoundaries count: ADM1 is the oblast."""
    admin_level: int
    """As OpenStreetMap counts."""
    code_length: int
    """Characters of a KATOTTG code that tell the unit."""
    counts: tuple[int, ...]
    """How many units there are, in the register and in COD-AB."""


LEVELS = (
    Level("oblast", 1, 4, 4, (27,)),
    Level("raion", 2, 6, 6, (136, 139)),
    Level("hromada", 3, 7, 9, (1_772, 1_769)),
    Level("settlement", 4, 9, 19, (29_703, 29_707)),
)

# ISO 3166-2 numbers the oblasts as the register does, but for these.
_CODE_OF_ISO = {
    "UA-09": "UA44",
    "UA-30": "UA80",
    "UA-40": "UA85",
    "UA-43": "UA01",
    "UA-77": "UA73",
}


class Named(NamedTuple):
    """Rows of a file that are regions, named; the level if it is known."""

    rows: pd.DataFrame
    """``region, region_id, name_uk``, then ``oblast`` and ``raion`` where
    they are known, then ``official_km2``; indexed as the file's rows."""
    level: Level | None


def name_rows(
    table: pd.DataFrame,
    level: Level | None,
    *,
    id_field: str | None,
    name_field: str | None,
    where: str,
) -> Named:
    """Name the regions of a file by the schema that its fields follow.

    Parameters
    ----------
    table : pandas.DataFrame
        The file's fields.
    level : Level, optional
        The one asked for; by default the deepest that the file holds.
    id_field, name_field : str, optional
        Fields that hold codes and names, whatever the schema.
    where : str
        The file, for messages.

    Raises
    ------
    InvalidBoundaryError
        If no schema fits and no field is named, a field is not there or
        empty, or the file does not hold that level, or it holds several
        and none is named.
    """
    plain = table.rename(columns=lambda name: str(name).casefold())
    plain = plain.loc[:, ~plain.columns.duplicated()]
    rows, level = _by_schema(plain, level, where)
    if {"region", "region_id"} <= set(rows):
        rows["region"] = rows["region_id"].map(OBLASTS).fillna(rows["region"])
    for target, field in (("region", name_field), ("region_id", id_field)):
        if field is not None:
            rows[target] = _field(plain, field, where)
    if "region" not in rows:
        found = ", ".join(map(clean, table))
        raise InvalidBoundaryError(
            f"{where}: expected fields of a known schema, found "
            f"{found or 'none'}: rename the one that names "
            "the regions to region and one of codes to region_id, or in "
            "Python say name_field= and id_field="
        )
    if "region_id" not in rows:
        _check_unique(rows["region"], where)
        rows["region_id"] = rows["region"]
    return Named(_told_apart(_finished(rows, where)), level)


def _check_unique(names: "pd.Series[str]", where: str) -> None:
    """Refuse rows of one name where no code says that they are one."""
    counts = names.dropna().astype(str).value_counts()
    if (counts > 1).any():
        raise InvalidBoundaryError(
            f"{where}: found {counts.iloc[0]:,} rows called "
            f"{clean(counts.index[0])}: rename the field that tells them "
            "apart to region_id, or in Python say id_field=; rows of one "
            "code are one region, so the field of the names joins them"
        )


def cod_level(fields: Iterable[object]) -> Level | None:
    """Deepest level of COD-AB that fields belong to; None if of none."""
    plain = {str(name).casefold() for name in fields}
    found = [item for item in LEVELS if f"adm{item.number}_pcode" in plain]
    return found[-1] if found else None


# ---- the schemas


def _by_schema(
    table: pd.DataFrame, level: Level | None, where: str
) -> tuple[pd.DataFrame, Level | None]:
    """Names and codes by the first schema that fits; none if none does."""
    if cod_level(table) is not None:
        return _cod_ab(table, level, where)
    if "shapename" in table:
        return _geoboundaries(table, level, where)
    if {"name", "admin_level"} <= set(table):
        return _openstreetmap(table, level, where)
    own = ["region", "region_id", "name_uk", "official_km2"]
    return table[[name for name in own if name in table]].copy(), level


def _cod_ab(
    table: pd.DataFrame, level: Level | None, where: str
) -> tuple[pd.DataFrame, Level]:
    """OCHA: ``ADM2_EN, ADM2_UA, ADM2_PCODE``, or ``adm2_name`` and so on.

    Rows of a deeper level are joined to those of the one asked for.
    """
    chosen = level or cod_level(table)
    assert chosen is not None
    prefix = f"adm{chosen.number}_"
    if f"{prefix}pcode" not in table:
        raise _not_held(chosen, f"no field {prefix.upper()}PCODE", where)
    english = _first(table, f"{prefix}en", f"{prefix}name")
    ukrainian = _first(table, f"{prefix}ua", f"{prefix}name1")
    return pd.DataFrame(
        {
            "region": english.fillna(_latin(ukrainian)),
            "region_id": table[f"{prefix}pcode"],
            "name_uk": ukrainian,
        }
    ), chosen


def _geoboundaries(
    table: pd.DataFrame, level: Level | None, where: str
) -> tuple[pd.DataFrame, Level | None]:
    """``shapeName, shapeISO, shapeID, shapeType``; one level a file."""
    kinds = set(_first(table, "shapetype").dropna().astype(str).str.upper())
    held = [item for item in LEVELS if f"ADM{item.number}" in kinds]
    if level is not None and held and held != [level]:
        raise _not_held(level, ", ".join(sorted(kinds)), where)
    iso = _first(table, "shapeiso").map(_code_of_iso, na_action="ignore")
    return pd.DataFrame(
        {
            "region": table["shapename"],
            "region_id": iso.fillna(_first(table, "shapeid", "shapename")),
        }
    ), (held[0] if len(held) == 1 else level)


def _openstreetmap(
    table: pd.DataFrame, level: Level | None, where: str
) -> tuple[pd.DataFrame, Level | None]:
    """``name, name:uk, name:en, admin_level, ISO3166-2, katotth``."""
    numbers = pd.to_numeric(table["admin_level"], errors="coerce")
    counts = numbers.value_counts().sort_index()
    if level is None and len(counts) == 1:
        wanted = counts.index[0]
    elif level is None or level.admin_level not in counts.index:
        found = ", ".join(f"{n:g} ({k:,})" for n, k in counts.items())
        raise _not_held(level, f"admin_level {found or 'nowhere'}", where)
    else:
        wanted = level.admin_level
    level = next((n for n in LEVELS if n.admin_level == wanted), None)
    kept = table[numbers == wanted]
    ukrainian = _first(kept, "name:uk", "name")
    code = _first(kept, "katotth", "katottg")
    if level is not None:
        code = code.str[: level.code_length]
    code = code.fillna(
        _first(kept, "iso3166-2").map(_code_of_iso, na_action="ignore")
    )
    return pd.DataFrame(
        {
            "region": _first(kept, "name:en").fillna(_latin(ukrainian)),
            "region_id": code.fillna(_first(kept, "@id", "osm_id", "name")),
            "name_uk": ukrainian,
        }
    ), level


def _first(table: pd.DataFrame, *fields: str) -> "pd.Series[str]":
    """Text of the first of the fields that is not empty, row by row."""
    found = pd.Series(None, index=table.index, dtype=object)
    for field in fields:
        if field in table:
            found = found.fillna(table[field].map(_text))
    return found


def _text(value: Any) -> str | None:
    """Text of a field; None where it is empty."""
    return None if pd.isna(value) else printable(value) or None


def _latin(names: "pd.Series[str]") -> "pd.Series[str]":
    return names.map(transliterate, na_action="ignore")


def _code_of_iso(iso: str) -> str | None:
    """Code of an oblast in the register, from ``UA-14``."""
    if not re.fullmatch(r"UA-\d\d", iso):
        return None
    return _CODE_OF_ISO.get(iso, iso.replace("-", ""))


def _field(table: pd.DataFrame, field: str, where: str) -> "pd.Series[str]":
    if field.casefold() not in table:
        raise InvalidBoundaryError(
            f"{where}: there is no field {clean(field)}: found "
            + ", ".join(map(clean, table))
        )
    return _first(table, field.casefold())


def _not_held(
    level: Level | None, found: str, where: str
) -> InvalidBoundaryError:
    if level is None:
        names = ", ".join(repr(item.name) for item in LEVELS)
        return InvalidBoundaryError(
            f"{where}: found {found}: choose one with level= (--level), of "
            f"{names}"
        )
    return InvalidBoundaryError(
        f"{where}: expected the level {level.name}, which is ADM"
        f"{level.number} or admin_level {level.admin_level}: found {found}"
    )


# ---- what all schemas have in common


def _finished(rows: pd.DataFrame, where: str) -> pd.DataFrame:
    """Every column, in order; codes say what lies around a region."""
    named = pd.DataFrame(
        {name: _first(rows, name) for name in ("region", "region_id")}
    )
    for name in named:
        if named[name].isna().any():
            raise InvalidBoundaryError(
                f"{where}: {counted(int(named[name].isna().sum()), 'row')} "
                f"without a {name}: expected one in each"
            )
    named["name_uk"] = _first(rows, "name_uk")
    code = named["region_id"]
    for name, around in (("oblast", OBLASTS), ("raion", _raions())):
        length = len(next(iter(around)))
        parent = code.str[:length].map(around).where(code.str.len() > length)
        if parent.notna().any():
            named[name] = parent
    official = oblasts().set_index("region_id")["official_km2"]
    named["official_km2"] = rows.get("official_km2", code.map(official))
    # Text as pandas itself would read it, like that of the oblasts.
    return named.astype({"official_km2": float}).infer_objects()


def _told_apart(named: pd.DataFrame) -> pd.DataFrame:
    """Regions of one name told apart by what lies around, or their codes."""
    for more in ("oblast", "raion", "region_id"):
        regions = named.drop_duplicates(["region", "region_id"])["region"]
        shared = named["region"].isin(regions[regions.duplicated()])
        if more in named:
            shared &= named[more].notna()
            longer = named["region"] + ", " + named[more].astype(str)
            named["region"] = named["region"].where(~shared, longer)
    return named


@cache
def _raions() -> dict[str, str]:
    """Names of the raions by code."""
    known = settlements().dropna(subset="raion")
    return dict(zip(known["place_id"].str[:6], known["raion"], strict=True))
