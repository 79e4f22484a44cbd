"""Commands that ask of places what maps show of them."""

import datetime as dt
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import click

import geofront as gf
from geofront._breaks import breaks
from geofront._choices import (
    own_places_option,
    place_arguments,
)
from geofront._doubts import tell_breaks
from geofront._options import (
    Asked,
    asks_for_history,
    command,
    day_option,
    executor_option,
    format_option,
    series_options,
)
from geofront._output import (
    CLAIMS_SHOWN,
    EVENTS_SHOWN,
    SETTLEMENTS_SHOWN,
    STATUS_SHOWN,
    Format,
    print_table,
    tell_carried,
)
from geofront.place import Place

__all__ = ["claims", "settlements", "status"]


@click.command()
@asks_for_history
@day_option("--at", "One day only")
@click.option(
    "--events",
    is_flag=True,
    help="Instead of days, the runs of one state: since when, until when.",
)
@series_options
@command
@place_arguments
def status(
    asked: Asked,
    series: dict[str, Any],
    places: list[Place],
    at: dt.date | None,
    events: bool,
    form: Format,
) -> None:
    """Print the state of places, a row a day and place.

    The state is that of the centre; the shares are of the extent, which for
    most places is an estimated disc. A row is uncertain if another verdict
    would come out at 0.7 or 1.3 of its radius.

    \b
    geofront status data/boundaries "Bilohorivka, Luhansk" --at 2025-02-24
    geofront status data/boundaries "Chasiv Yar" Toretsk --events
    """
    if at is not None:
        if series["since"] or series["until"]:
            raise click.UsageError("--at goes without --since and --until")
        series |= {"since": at, "until": at}
    if not events:
        rows = gf.place_status(asked.open(), places, **series)
        print_table(rows, form, STATUS_SHOWN)
        return
    if series.pop("every") != "day":
        raise click.UsageError("--events goes by snapshots, without --every")
    rows = gf.place_events(asked.open(), places, **series)
    print_table(rows, form, EVENTS_SHOWN)


@click.command()
@asks_for_history
@day_option("--since", "First day, whose end is compared", required=True)
@day_option("--until", "Last day, whose end is compared", required=True)
@executor_option
@format_option
@command
@own_places_option("Without it, those of the register.")
def settlements(
    asked: Asked,
    since: dt.date,
    until: dt.date,
    own: list[Place],
    executor: Executor | None,
    form: Format,
) -> None:
    """List the settlements whose state changed between two days.

    The state at the end of --since is compared with that at the end of
    --until, at the centre of each. Standard error says how many of the
    registered settlements could be seen.

    \b
    geofront settlements data/boundaries --since 2025-02-17 \\
        --until 2025-02-28
    """
    history = asked.open()
    rows = gf.settlements_changed(
        history,
        since=since,
        until=until,
        places=own or None,
        executor=executor,
    )
    tell_carried(history, (since, until))
    print_table(rows, form, SETTLEMENTS_SHOWN)
    click.echo(rows.attrs["note"], err=True)
    ends = history.at(since), history.at(until)
    tell_breaks(breaks(history, between=ends))


@click.command()
@asks_for_history
@click.argument(
    "table",
    metavar="CLAIMS.csv",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@executor_option
@format_option
@command
@own_places_option("They come before those of the register.")
def claims(
    asked: Asked,
    table: Path,
    own: list[Place],
    executor: Executor | None,
    form: Format,
) -> None:
    """Set claims against the map, a row a claim and source.

    CLAIMS.csv has the columns date, place, state, claimant, url. Without
    --source, each source of a store is asked.

    \b
    geofront claims data/boundaries \\
        data/claims/2025-02-24_bilohorivka.csv
    """
    said = gf.read_claims(table, among=own)
    rows = gf.assess_claims(
        said, asked.histories(), among=own, executor=executor
    )
    print_table(rows, form, CLAIMS_SHOWN)
