"""Tables and polygons on their way out of the command line."""

import datetime as dt
import json
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import click
import geopandas as gpd
import pandas as pd
from pyogrio.errors import DataSourceError

from geofront import _durable
from geofront._sidecar import describe, sidecar
from geofront._table_files import WRITERS, plain_frame, plain_records
from geofront._table_text import as_text
from geofront._words import counted
from geofront.days import kyiv_date
from geofront.history import History

__all__ = [
    *("Form", "Format", "MAP_SUFFIXES", "POLYGON_DRIVERS", "TABLE_SUFFIXES"),
    *("AGREEMENT_SHOWN", "AREAS_SHOWN", "CHANGES_SHOWN", "CLAIMS_SHOWN"),
    *(
        "CLOSING_SHOWN",
        "DELTAS_SHOWN",
        "DISPUTED_SETTLEMENTS_SHOWN",
        "EVENTS_SHOWN",
    ),
    *("LOG_SHOWN", "NEAR_SHOWN", "PROXIMITY_SHOWN", "QUALITY_SHOWN"),
    *("REGIONS_SHOWN", "SETTLEMENTS_SHOWN", "STATUS_SHOWN", "WITHIN_SHOWN"),
    *("print_table", "tell_carried", "tell_carried_rows", "tell_written"),
    *("write_file", "write_polygons"),
]

Form = Literal["table", "csv", "json"]


class Format(NamedTuple):
    """In which form a table leaves."""

    printed: Form | None
    """None: as a table, or not at all if it goes into a file."""
    output: Path | None


TABLE_SUFFIXES = tuple(WRITERS)
"""Formats of tables, by the suffix of the file."""

POLYGON_DRIVERS = {
    ".geojson": "GeoJSON",
    ".gpkg": "GPKG",
    ".kml": "KML",
    ".parquet": "GeoParquet",
}
"""Formats of polygons, by the suffix of the file."""

MAP_SUFFIXES = (".html", ".png", ".svg")
"""Formats of maps, by the suffix of the file: a page, or a picture."""

# A terminal is too narrow for every field: these are shown in a table.
AREAS_SHOWN = [
    "date",
    "carried",
    "occupied_km2",
    "grey_zone_km2",
    "held_km2",
    "occupied_share",
]
REGIONS_SHOWN = [
    "date",
    "carried",
    "region",
    "occupied_km2",
    "grey_zone_km2",
    "denominator_km2",
    "occupied_share",
    "held_land_km2",
    "occupied_land_share",
]
DELTAS_SHOWN = [
    "since",
    "until",
    "complete",
    "since_carried",
    "carried",
    "occupied_gained_km2",
    "occupied_lost_km2",
    "occupied_net_km2",
    "grey_zone_net_km2",
    "break_km2",
]
CHANGES_SHOWN = [
    "since",
    "until",
    "source",
    "from_state",
    "to_state",
    "area_km2",
]
PROXIMITY_SHOWN = [
    "date",
    "place",
    "state",
    "occupied_km",
    "grey_zone_km",
    "front_km",
    "sector",
    "limited",
]

STATUS_SHOWN = [
    "date",
    "place",
    "state",
    "occupied_share",
    "grey_zone_share",
    "held_share",
    "uncertain",
]
EVENTS_SHOWN = [
    "place",
    "state",
    "since",
    "until",
    "first_touched_on",
    "not_before",
]
SETTLEMENTS_SHOWN = [
    "date",
    "place",
    "oblast",
    "from_state",
    "to_state",
    "population_reference",
]
CLAIMS_SHOWN = [
    "date",
    "place",
    "state",
    "claimant",
    "source",
    "map_state",
    "verdict",
]

AGREEMENT_SHOWN = [
    "date",
    "a",
    "b",
    "agreed_land_share",
    "jaccard_occupied_land",
    "disputed_land_km2",
    "a_occupied_b_not_land_km2",
    "b_occupied_a_not_land_km2",
    "disputed_km2",
]
DISPUTED_SETTLEMENTS_SHOWN = [
    "date",
    "a",
    "b",
    "place",
    "oblast",
    "a_state",
    "b_state",
    "a_occupied_share",
    "b_occupied_share",
    "population_reference",
]

CLOSING_SHOWN = ["closed_km", "closing_km_per_week", "closing_samples"]
WITHIN_SHOWN = [
    "date",
    "region",
    "band_km",
    "settlements",
    "population_reference",
    "entered",
    "left",
]
NEAR_SHOWN = [
    "place",
    "oblast",
    "raion",
    "population_reference",
    "front_km",
    "front_km_before",
]
QUALITY_SHOWN = ["date", "kind", "km2", "detail"]
LOG_SHOWN = [
    "recorded_at",
    "snapshot",
    "revision",
    "change",
    "occupied_km2",
    "occupied_change_km2",
    "grey_zone_km2",
    "grey_zone_change_km2",
]


def print_table(rows: pd.DataFrame, form: Format, shown: list[str]) -> None:
    """Print records on standard output, write them into a file, or both.

    ``json``, ``csv`` and files hold every field, unrounded; ``table`` those
    that are ``shown``, for people.  Standard error tells of carried days.
    """
    tell_carried_rows(rows)
    if form.output is not None:
        _durable.write(form.output, WRITERS[form.output.suffix.lower()](rows))
        describe(rows, form.output)
        tell_written(form.output, counted(len(rows), "row"))
        if form.printed is None:
            return
    if form.printed == "json":
        records = plain_records(rows)
        text = json.dumps(records, ensure_ascii=False, indent=1)
        click.echo(text, color=True)
    elif form.printed == "csv":
        text = plain_frame(rows).to_csv(index=False)
        # Into a pipe click would take out what looks like a colour.
        click.echo(text, nl=False, color=True)
    elif rows.empty:
        click.echo("nothing to list")
    else:
        click.echo(as_text(rows[shown], _terminal_width()))


def _terminal_width() -> int | None:
    """Columns of the terminal that is printed on; None: on none."""
    if not sys.stdout.isatty():
        return None
    return shutil.get_terminal_size().columns


def tell_written(output: Path, what: str) -> None:
    """Say on standard error which files were written."""
    click.echo(
        f"wrote {output}: {what}; {sidecar(output).name} says what they "
        "rest on",
        err=True,
    )


_ENDS = (
    ("date", "published_at"),
    ("since", "since_published_at"),
    ("until", "until_published_at"),
    ("compared_with", "compared_published_at"),
)
"""Columns of days, and of the moments of the snapshots that show them."""


def tell_carried_rows(rows: pd.DataFrame) -> None:
    """Say on standard error which days show the state of one before."""
    seen = {
        day.date(): kyiv_date(moment)
        for names in _ENDS
        if set(names) <= set(rows)
        for day, moment in rows[list(names)]
        .dropna()
        .drop_duplicates()
        .itertuples(index=False, name=None)
    }
    _tell_carried(seen)


def tell_carried(history: History, days: Iterable[dt.date]) -> None:
    """Say on standard error which of the days asked for are carried."""
    _tell_carried({day: history.at(day).date for day in days})


def _tell_carried(seen: Mapping[dt.date, dt.date]) -> None:
    """Of days, and those of the snapshots that show them."""
    days = sorted(day for day, shown in seen.items() if shown < day)
    if not days:
        return
    oldest = max((day - seen[day]).days for day in days)
    told = [str(day) for day in days[:_TOLD]]
    if len(days) > _TOLD:
        told.append(f"and {len(days) - _TOLD:,} more")
    one = len(days) == 1
    click.echo(
        f"carried: {len(days):,} of {counted(len(seen), 'day')} "
        f"{'has' if one else 'have'} no snapshot and "
        f"{'shows' if one else 'show'} the one before, "
        f"{'' if one else 'up to '}{counted(oldest, 'day')} older: "
        f"{', '.join(told)}",
        err=True,
    )


_TOLD = 6
"""Carried days that are told one by one."""


def write_polygons(frame: gpd.GeoDataFrame, output: Path) -> None:
    """Write polygons in the format that the file's suffix names.

    Beside them goes what they rest on.
    """
    driver = POLYGON_DRIVERS[output.suffix.lower()]
    if driver == "GeoParquet":
        with _durable.replacing(output) as staged:
            frame.to_parquet(staged)
    else:
        plain = frame.copy()
        for name in frame.select_dtypes("datetime"):
            plain[name] = frame[name].dt.strftime("%Y-%m-%d")
        write_file(plain, output, driver)
    describe(frame, output)


def write_file(frame: gpd.GeoDataFrame, output: Path, driver: str) -> None:
    """Write polygons through GDAL: what was there stays until all is.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    with _durable.replacing(output) as staged:
        try:
            frame.to_file(staged, driver=driver, engine="pyogrio")
        except DataSourceError as error:
            told = str(error).replace(str(staged), str(output))
            raise OSError(f"{output} cannot be written: {told}") from None
