"""The command line: it parses, calls and prints."""

import datetime as dt
import shlex
from pathlib import Path
from typing import Any

import click
import geopandas as gpd

import geofront as gf
from geofront._agreeing import agreement
from geofront._asking import claims, settlements, status
from geofront._bands import within
from geofront._breaks import breaks
from geofront._changing import changes, deltas, explain
from geofront._choices import (
    by_options,
    places_options,
    regions_of,
)
from geofront._doubts import tell_breaks
from geofront._filling import fetch, ingest, sources
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
    day_option,
    output_option,
    series_options,
)
from geofront._output import (
    AREAS_SHOWN,
    CLOSING_SHOWN,
    PROXIMITY_SHOWN,
    REGIONS_SHOWN,
    Format,
    print_table,
    write_file,
)
from geofront._reporting import report
from geofront._sidecar import COMMAND
from geofront._words import clean, counted
from geofront.days import MOST_DAYS
from geofront.history import History
from geofront.model import Snapshot
from geofront.places import BUILT_IN, Place
from geofront.sources.profile import file_name, write_snapshot


class _Recorded(click.Group):
    """Commands that know, and may write down, what was typed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep what was typed for files that say where they come from."""
        ctx.meta[COMMAND] = shlex.join(["geofront", *args])
        return super().parse_args(ctx, args)


@click.group(
    cls=_Recorded,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(gf.__version__, prog_name="geofront")
def main() -> None:
    """Measure a war's front line from open sources.

    STORE is a store, a folder of dated GeoJSON in geofront's own profile
    or, with --source, of that source's own files.

    Days are Kyiv days: YYYY-MM-DD, today, yesterday, or 7d, which is 7 days
    before the last day that STORE has a snapshot of (of several sources,
    the one that ends first); for ingest and fetch, before today; for
    --compare, before --at. A day stands for its end.

    Tables go to standard output, or with -o to a file; all else to standard
    error. Exit status: 0 done, 1 the data is at fault, 2 the call is.

    \b
    geofront areas data/boundaries
    geofront deltas deepstate/ --source deepstate --since 2025-01-31 \\
        --until 2025-02-28 --every all
    geofront deltas my-store --since 7d --max-age 24h -o week.csv
    """


@main.command()
@asks_for_history
@click.option("--notes", is_flag=True, help="List every repair and drop.")
@command
def info(asked: Asked, notes: bool) -> None:
    """Show what a store holds: sources, span, counts, size, digest."""
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


@main.command(name="map")
@asks_for_history
@output_option("FILE.html, .png or .svg to write.", required=True)
@day_option(
    "--at",
    "One day, and with --compare what leads to it; by default the whole "
    "history",
)
@day_option("--compare", "Earlier day to compare with")
@click.option(
    "--tiles",
    metavar="NAME",
    help="Background from the network, as xyzservices names it: "
    "OpenStreetMap.Mapnik. Without it the page needs no network.",
)
@click.option(
    "--lang",
    type=click.Choice(["en", "uk"]),
    default="en",
    show_default=True,
    help="Language of the page.",
)
@click.option("--embed", is_flag=True, help="For a page inside a page.")
@command
def map_(
    asked: Asked,
    output: Path,
    at: dt.date | None,
    compare: dt.date | None,
    tiles: str | None,
    lang: str,
    embed: bool,
) -> None:
    """Write a map: of a history or a day as a page, of a day as a picture.

    A page (.html) is self-contained. A picture (.png, .svg) shows --at, or
    the last day, and takes no other option but --compare.

    \b
    geofront map data/boundaries -o map.html --compare 2025-02-17
    geofront map data/boundaries -o map.svg
    """
    if output.suffix.lower() not in (".html", ".png", ".svg"):
        raise click.UsageError(
            f"-o {output}: expected FILE.html, FILE.png or FILE.svg"
        )
    is_page = output.suffix.lower() == ".html"
    if not is_page and (tiles or embed or lang != "en"):
        raise click.UsageError(
            f"-o {output}: --tiles, --lang and --embed are for pages (.html)"
        )
    history = asked.open()
    if is_page:
        # For what it refuses, and what it says of days without a map.
        _mapped(history, at, compare)
        gf.FrontMap(
            history,
            compare=compare,
            at=at,
            basemap=_provider(tiles) if tiles else "vector",
            offline=tiles is None,
            lang=lang,
            embed=embed,
        ).save(output)
    else:
        _picture(history, at, compare, output)
    if compare:
        ends = history.at(compare), history.at(at or history.span[1])
        tell_breaks(breaks(history, between=ends))
    click.echo(f"wrote {output}", err=True)


def _mapped(
    history: History, at: dt.date | None, compare: dt.date | None
) -> list[Snapshot]:
    """A day and, before it, the one that it is compared with."""
    day = at or history.span[1]
    if compare and compare >= day:
        raise click.UsageError(
            f"--compare {compare} is not before {day}, which is shown"
        )
    found = [_state(history, each) for each in (compare, day) if each]
    if len(found) == 2 and found[0] is found[1]:
        raise click.UsageError(
            f"--compare {compare}: both days have the map of {found[0].date}"
        )
    return found


def _provider(name: str) -> Any:
    import xyzservices

    try:
        provider = xyzservices.providers.query_name(name)
    except ValueError:
        raise click.BadParameter(
            f"xyzservices knows no tiles called {clean(name)}",
            param_hint="'--tiles'",
        ) from None
    if provider.requires_token():
        raise click.BadParameter(
            f"{provider.name} needs a key of your own: take other tiles, or "
            "in Python give gf.FrontMap a basemap= with the key in it",
            param_hint="'--tiles'",
        )
    return provider


def _picture(
    history: History, at: dt.date | None, compare: dt.date | None, output: Path
) -> None:
    """Write a picture of a day, and say in words what it shows."""
    # Imported here: it takes longer than most commands.
    from geofront import charts

    *earlier, snapshot = _mapped(history, at or history.span[1], compare)
    drawn = charts.static_map(
        snapshot, compare=earlier[0] if earlier else None, history=history
    )
    charts.save(drawn, output)
    click.echo(charts.alt_text(drawn))


@main.command()
@asks_for_history
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder for one GeoJSON a snapshot, or FILE.gpkg.",
)
@day_option("--at", "One day only")
@command
def export(asked: Asked, output: Path, at: dt.date | None) -> None:
    """Write snapshots as GeoJSON in geofront's profile, or as GeoPackage.

    \b
    geofront export deepstate/ --source deepstate -o mine/
    """
    is_package = output.suffix.lower() == ".gpkg"
    if output.suffix and not is_package and not output.is_dir():
        raise click.UsageError(f"-o {output}: expected a folder or FILE.gpkg")
    history = asked.open()
    kept = history if at is None else History([history.at(at)])
    if is_package:
        output.absolute().parent.mkdir(parents=True, exist_ok=True)
        write_file(kept.to_geodataframe(), output, "GPKG")
    else:
        output.mkdir(parents=True, exist_ok=True)
        for snapshot in kept:
            path = output / file_name(snapshot)
            path.write_bytes(write_snapshot(snapshot))
    click.echo(f"wrote {output}: {counted(len(kept), 'snapshot')}", err=True)


def _state(history: History, day: dt.date) -> Snapshot:
    """State on a day, said to be carried if it is."""
    snapshot = history.at(day)
    if snapshot.date != day:
        click.echo(
            f"{day} has no snapshot: the state is that of {snapshot.date}",
            err=True,
        )
    return snapshot


for _each in (
    *(deltas, changes, explain),
    *(status, settlements, claims, within, quality, agreement, report),
    *(ingest, fetch, sources, log, verify),
):
    main.add_command(_each)
