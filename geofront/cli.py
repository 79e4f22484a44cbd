"""The command line: it parses, calls and prints."""

import shlex
from typing import Any

import click
import geopandas as gpd

import geofront as gf
from geofront._agreeing import agreement
from geofront._asking import claims, settlements, status
from geofront._bands import within
from geofront._changing import changes, deltas, explain
from geofront._choices import (
    by_options,
    places_options,
    regions_of,
)
from geofront._drawing import export, map_
from geofront._filling import fetch, ingest, sources
from geofront._help import complete, list_sections
from geofront._holdings import (
    print_digest,
    print_history,
    print_size,
)
from geofront._judging import quality
from geofront._keeping import log, verify
from geofront._options import (
    Asked,
    asks_for_history,
    command,
    series_options,
)
from geofront._output import (
    AREAS_SHOWN,
    CLOSING_SHOWN,
    PROXIMITY_SHOWN,
    REGIONS_SHOWN,
    Format,
    print_table,
)
from geofront._reporting import report
from geofront._sidecar import COMMAND
from geofront.days import MOST_DAYS
from geofront.places import BUILT_IN, Place


class _Recorded(click.Group):
    """Commands that know, and may write down, what was typed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep what was typed for files that say where they come from."""
        ctx.meta[COMMAND] = shlex.join(["geofront", *args])
        return super().parse_args(ctx, args)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """List the commands by what they are for."""
        list_sections(self.commands, formatter)


@click.group(
    cls=_Recorded,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(gf.__version__, prog_name="geofront")
def main() -> None:
    """Measure a war's front line from open sources.

    STORE is a store, which ingest or fetch makes; or a folder of dated
    GeoJSON in geofront's own profile; or, with --source, a folder of that
    source's own files.

    Days are Kyiv days: YYYY-MM-DD, today, yesterday, or 7d, which is 7 days
    before the last day that STORE has a snapshot of (of several sources,
    the one that ends first); for ingest and fetch, before today; for
    --compare, before --at. A day stands for its end.

    Tables go to standard output, or with -o to a file; all else to standard
    error. Exit status: 0 done, 1 the data is at fault, 2 the call is.
    `geofront COMMAND --help` explains a command, its options and columns.

    \b
    geofront areas data/boundaries
    geofront ingest data/boundaries --source geofront --store my-store
    geofront deltas my-store --since 7d --every all -o week.csv
    """


@main.command()
@asks_for_history
@click.option(
    "--notes",
    is_flag=True,
    help="List what reading repaired, cut off or left out, snapshot by "
    "snapshot.",
)
@command
def info(asked: Asked, notes: bool) -> None:
    """Show what a store holds: sources, span, counts, size, digest.

    \b
    geofront info data/boundaries
    """
    print_size(asked.store)
    for history in asked.histories():
        print_history(history, notes=notes)
    print_digest(asked)


@main.command()
@asks_for_history
@series_options
@command
@by_options
def areas(
    asked: Asked,
    series: dict[str, Any],
    by: gpd.GeoDataFrame | str | None,
    form: Format,
) -> None:
    """Print the area of each state, a row a day.

    \b
    geofront areas data/boundaries --every week
    geofront areas data/boundaries --every all --by oblast
    """
    rows = gf.areas(asked.open(), by=regions_of(by), **series)
    print_table(rows, form, AREAS_SHOWN if by is None else REGIONS_SHOWN)


class _Days(click.IntRange):
    name = f"whole number of days, 1 to {MOST_DAYS:,}"


@main.command()
@asks_for_history
@series_options
@command
@places_options
@click.option(
    "--speed",
    "speed_days",
    metavar="DAYS",
    type=_Days(min=1, max=MOST_DAYS),
    help="Add how fast occupied ground came nearer over so many days before "
    "each row's: km a week, positive when nearing; no forecast. A front that "
    "rests on most days and leaps on few has speed 0: closed_km tells by how "
    "much it came nearer in all.",
)
@click.option(
    "--across-breaks",
    is_flag=True,
    help="Let the speed compare days although the source seems to have drawn "
    "otherwise between them.",
)
def proximity(
    asked: Asked,
    series: dict[str, Any],
    places: list[Place],
    speed_days: int | None,
    across_breaks: bool,
    form: Format,
) -> None:
    """Print how near the front stands to places.

    Without --place or --places, to the targets that are built in.

    \b
    geofront proximity data/boundaries --place Siversk --every week
    """
    if across_breaks and not speed_days:
        raise click.UsageError("--across-breaks goes with --speed DAYS")
    rows = gf.proximity(
        asked.open(),
        places or BUILT_IN,
        speed_days=speed_days,
        across_breaks=across_breaks,
        **series,
    )
    shown = PROXIMITY_SHOWN + (CLOSING_SHOWN if speed_days else [])
    print_table(rows, form, shown)


for _each in (
    *(deltas, changes, explain),
    *(status, settlements, claims, within, quality, agreement, report),
    *(map_, export, ingest, fetch, sources, log, verify),
):
    main.add_command(_each)
for _each in main.commands.values():
    complete(_each)
