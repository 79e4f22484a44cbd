"""The command that counts who lives near the front."""

import datetime as dt
from pathlib import Path
from typing import Any

import click
import geopandas as gpd
import pandas as pd

import geofront as gf
from geofront._choices import (
    by_options,
    own_places_option,
)
from geofront._inputs import file_input
from geofront._options import (
    Asked,
    asks_for_history,
    command,
    day_option,
    format_option,
)
from geofront._output import NEAR_SHOWN, WITHIN_SHOWN, Format, print_table
from geofront._sidecar import note_input
from geofront._words import cause, clean, printable
from geofront.errors import InvalidBoundaryError
from geofront.places import Place
from geofront.within import BANDS_KM

__all__ = ["within"]

_MOST = 1e8
"""People in one settlement: more than any has."""

_WIDEST_KM = 10_000.0
"""From pole to equator."""

_CODES = ("place_id", "adm4_pcode", "katottg", "katotth", "code", "id")


def _as_bands(
    ctx: click.Context, param: click.Parameter, value: str
) -> list[float]:
    try:
        bands = [float(item) for item in value.split(",")]
    except ValueError:
        bands = []
    if not bands or not all(0 < band < _WIDEST_KM for band in bands):
        raise click.BadParameter(
            f"expected kilometres such as 5,10,20, above 0 and below "
            f"{_WIDEST_KM:,.0f}, found {value!r}"
        )
    if len(set(bands)) < len(bands):
        raise click.BadParameter(
            f"expected each band once, as in 5,10,20, found {value!r}"
        )
    return bands


def _as_figures(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> tuple[Path, str] | None:
    if value is None:
        return None
    path, _, column = value.rpartition(":")
    if not path or not column:
        raise click.BadParameter(f"expected FILE.csv:COLUMN, found {value!r}")
    if not Path(path).is_file():
        raise click.BadParameter(f"{value}: there is no file {path}")
    return Path(path), column


@click.command()
@asks_for_history
@click.option(
    "--km",
    metavar="KM,KM,…",
    callback=_as_bands,
    default=",".join(f"{band:g}" for band in BANDS_KM),
    show_default=True,
    help="Distances from the front line in km; each band holds the narrower "
    "ones.",
)
@day_option("--at", "Day to ask about, STORE's last by default")
@day_option("--compare", "Earlier day, to tell what changed", before="--at")
@click.option(
    "--population",
    metavar="FILE:COLUMN",
    callback=_as_figures,
    help="Figures of a CSV with the settlements' codes instead of the "
    "register's: people.csv:present.",
)
@click.option(
    "--list",
    "each",
    is_flag=True,
    help="Name the settlements within the widest band, one a row.",
)
@format_option
@command
@by_options
@own_places_option("They take the place of the register's.")
def within(
    asked: Asked,
    km: list[float],
    at: dt.date | None,
    compare: dt.date | None,
    by: gpd.GeoDataFrame | str | None,
    own: list[Place],
    population: tuple[Path, str] | None,
    each: bool,
    form: Format,
) -> None:
    """Count settlements and people near the front, on its held side.

    Population is the register's, from before the war: not people present.

    \b
    geofront within data/boundaries --km 5,10,20 --compare 7d --by oblast
    """
    history = asked.open()
    day = at or history.span[1]
    if compare is not None and compare > day:
        which = "" if at else ", the last day"
        raise click.UsageError(f"--compare {compare} is after {day}{which}")
    options: dict[str, Any] = {
        "at": at,
        "compare": compare,
        # The settlements' own codes know better than the oblasts' borders.
        "by": by,
        "places": own or None,
        "population": _figures(*population) if population else None,
    }
    if each:
        rows = gf.settlements_within(history, km=max(km), **options)
        print_table(rows, form, NEAR_SHOWN)
        return
    rows = gf.within(history, km=km, **options)
    if form == Format(None, None) and by is not None:
        rows = _with_somebody(rows)
    print_table(rows, form, WITHIN_SHOWN)
    for note in rows["coverage_note"].unique():
        click.echo(note, err=True)


def _with_somebody(rows: pd.DataFrame) -> pd.DataFrame:
    """Regions in which somebody is near, or was; the others are named."""
    counts = rows[["settlements", "entered", "left"]].fillna(0).sum(axis=1)
    near = counts.groupby(rows["region"], dropna=False).transform("sum") > 0
    nobody = rows.loc[~near, "region"].dropna().unique()
    if len(nobody):
        named = ", ".join(map(printable, nobody))
        click.echo(
            f"no settlement with coordinates is near in {named}", err=True
        )
    return rows[near]


def _figures(path: Path, column: str) -> dict[str, float]:
    """Population by code, of a CSV."""
    note_input(file_input("population", path))
    try:
        table = pd.read_csv(path, dtype=str)
    except ValueError as error:  # pandas' own are of this kind
        raise InvalidBoundaryError(
            f"{path}: expected a CSV with a header: {cause(error)}"
        ) from None
    codes = [name for name in table if str(name).casefold() in _CODES]
    if column not in table or not codes:
        raise InvalidBoundaryError(
            f"{path}: expected a column {clean(column)!r} and one of codes "
            f"({', '.join(_CODES)}), found {', '.join(map(clean, table))}"
        )
    told = table[table[column].notna()]
    figures = pd.to_numeric(told[column], errors="coerce")
    for what, is_faulty, found in (
        ("a number of people", ~figures.between(0, _MOST), column),
        ("a code once", told[codes[0]].duplicated(keep=False), codes[0]),
    ):
        if is_faulty.any():
            first = int(is_faulty.to_numpy().argmax())
            value = told[found].iloc[first]
            raise InvalidBoundaryError(
                f"{path}, row {told.index[first] + 2}: expected {what}, "
                f"found {clean(value)!r}"
            )
    return dict(zip(told[codes[0]], figures.astype(float), strict=True))
