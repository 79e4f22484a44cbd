"""Commands that tell what changed between days."""

import datetime as dt
from pathlib import Path
from typing import Any, Literal

import click
import geopandas as gpd
import pandas as pd

import geofront as gf
from geofront._breaks import break_records, breaks
from geofront._choices import by_options, regions_of
from geofront._doubts import tell_breaks, tell_marks
from geofront._options import (
    Asked,
    asks_for_history,
    command,
    day_option,
    file_option,
    format_option,
    print_option,
    series_options,
)
from geofront._output import (
    CHANGES_SHOWN,
    DELTAS_SHOWN,
    POLYGON_DRIVERS,
    Format,
    print_table,
    tell_carried,
    tell_carried_rows,
    tell_written,
    write_polygons,
)
from geofront._record_tables import table
from geofront._words import counted, printable
from geofront.records import CHANGES

__all__ = ["changes", "deltas", "explain"]


@click.command()
@asks_for_history
@series_options
@click.option(
    "--accumulate",
    type=click.Choice(["day"]),
    help="Sum the gross figures of the days of each step, instead of "
    "comparing its ends; net figures are the same.",
)
@command
@by_options
def deltas(
    asked: Asked,
    series: dict[str, Any],
    by: gpd.GeoDataFrame | str | None,
    accumulate: Literal["day"] | None,
    form: Format,
) -> None:
    """Print the change of area, step by step.

    The state at the end of --since is the first term, the state at the end
    of --until the last. Gross figures compare the ends of each step: ground
    that went back and forth within it shows with --accumulate only.

    \b
    geofront deltas data/boundaries --every week
    geofront deltas data/boundaries --every all --accumulate day
    geofront deltas data/boundaries --every all --by oblast
    """
    if accumulate and series["every"] == "snapshot":
        raise click.UsageError(
            "--accumulate day takes steps of a day or longer, not --every "
            "snapshot"
        )
    rows = gf.deltas(
        asked.open(), by=regions_of(by), accumulate=accumulate, **series
    )
    region = [] if by is None else ["region"]
    print_table(rows, form, [*DELTAS_SHOWN[:2], *region, *DELTAS_SHOWN[2:]])
    tell_marks(rows)


@click.command()
@asks_for_history
@day_option("--since", "First day, whose end is compared", required=True)
@day_option("--until", "Last day, whose end is compared", required=True)
@file_option(
    *("-o", "--output"),
    suffixes=POLYGON_DRIVERS,
    meaning="File to write; its suffix says how: "
    f"{', '.join(POLYGON_DRIVERS)}. What it rests on goes to FILE.meta.json. "
    "Without it a table is printed.",
)
@print_option
@command
def changes(
    asked: Asked,
    since: dt.date,
    until: dt.date,
    output: Path | None,
    form: Format,
) -> None:
    """List or write the polygons that changed between two days.

    \b
    geofront changes data/boundaries --since 2025-02-22 --until 2025-02-23 \\
        -o change.geojson
    """
    history = asked.open()
    ends = [history.at(day) for day in (since, until)]
    tell_carried(history, (since, until))
    found = breaks(history, between=(ends[0], ends[1]))
    tell_breaks(found)
    frame = gf.delta(*ends).to_geodataframe()
    frame.attrs["method_breaks"] = break_records(found)
    frame.insert(0, "since", pd.Timestamp(since))
    frame.insert(1, "until", pd.Timestamp(until))
    frame.insert(2, "source", history.source)
    frame["since_snapshot"], frame["until_snapshot"] = (end.id for end in ends)
    if output is not None:
        write_polygons(frame, output)
        tell_written(output, counted(len(frame), "polygon"))
    if output is None or form.printed is not None:
        plain = frame.drop(columns="geometry").to_dict("records")
        rows = table(plain, CHANGES, ends)
        rows.attrs["method_breaks"] = break_records(found)
        print_table(rows, form, CHANGES_SHOWN)


@click.command()
@asks_for_history
@day_option("--since", "First day, whose end is compared", required=True)
@day_option("--until", "Last day, whose end is compared", required=True)
@format_option
@command
@by_options
def explain(
    asked: Asked,
    since: dt.date,
    until: dt.date,
    by: gpd.GeoDataFrame | str | None,
    form: Format,
) -> None:
    """Say what changed between two days in a sentence to quote.

    It names both snapshots with their Kyiv times and digests, the
    definition, the source and its terms; carried days, breaks in how the
    map is drawn and other reservations follow. --format json gives all of
    it as data.

    \b
    geofront explain data/boundaries --since 2025-02-17 --until 2025-02-24
    """
    if since == until:
        raise click.UsageError(
            f"--since and --until are the same day, {since}: expected two, "
            "between which something may have changed"
        )
    rows = gf.explain(
        asked.open(), since=since, until=until, by=regions_of(by)
    )
    if form.printed in ("csv", "json"):
        print_table(rows, form, [])
        return
    if form.output is None:
        tell_carried_rows(rows)
    else:
        print_table(rows, form._replace(printed=None), [])
    if form.output is None or form.printed == "table":
        _print_sentences(rows, whole=by is None)


def _print_sentences(rows: pd.DataFrame, *, whole: bool) -> None:
    """Print what is to be quoted; of regions, those that changed."""
    gross = rows[["occupied_gained_km2", "occupied_lost_km2"]]
    told = rows["sentence"][whole | (gross > 0).any(axis=1)]
    click.echo(
        "\n\n".join(map(printable, told)) or "nothing changed in any region"
    )
    if len(told) < len(rows):
        click.echo(
            f"{counted(len(rows) - len(told), 'region')} without a change "
            "not listed: --format json has all",
            err=True,
        )
