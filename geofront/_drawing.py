"""Commands that write maps: to look at, or as geometry to go on with."""

import datetime as dt
from pathlib import Path
from typing import Any

import click

import geofront as gf
from geofront import _durable
from geofront._breaks import breaks
from geofront._doubts import tell_breaks
from geofront._options import (
    Asked,
    as_output,
    asks_for_history,
    command,
    day_option,
    file_option,
)
from geofront._output import MAP_SUFFIXES, write_file
from geofront._words import clean, counted
from geofront.history import History
from geofront.model import Snapshot
from geofront.sources.profile import file_name, write_snapshot

__all__ = ["export", "map_"]


@click.command(name="map")
@asks_for_history
@file_option(
    *("-o", "--output"),
    suffixes=MAP_SUFFIXES,
    meaning="FILE.html, .png or .svg to write.",
    required=True,
)
@day_option(
    "--at",
    "One day, and with --compare what leads to it; by default the whole "
    "history",
)
@day_option("--compare", "Earlier day to compare with", before="--at")
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
@click.option(
    "--embed",
    is_flag=True,
    help="For a page inside a page: scrolling past it does not move the map.",
)
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
    """Draw a history or a day as a page, or a day as a picture.

    A page (.html) is self-contained. A picture (.png, .svg) shows --at, or
    the last day, and takes no other option but --compare.

    \b
    geofront map data/boundaries -o map.html --compare 2025-02-17
    geofront map data/boundaries -o map.svg
    """
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
            f"xyzservices knows no tiles called {clean(name)}: expected a "
            "name such as OpenStreetMap.Mapnik",
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


def _as_export(
    ctx: click.Context, param: click.Parameter, value: Path
) -> Path:
    """A folder, which is made, or a file of all snapshots."""
    if value.suffix.lower() == ".gpkg":
        return as_output(value)
    if value.suffix and not value.is_dir():
        raise click.BadParameter(f"{value}: expected a folder or FILE.gpkg")
    return value


@click.command()
@asks_for_history
@click.option(
    "-o",
    "--output",
    metavar="DIR|FILE.gpkg",
    type=click.Path(path_type=Path),
    callback=_as_export,
    required=True,
    help="Folder for one GeoJSON a snapshot, or FILE.gpkg.",
)
@day_option("--at", "One day only")
@command
def export(asked: Asked, output: Path, at: dt.date | None) -> None:
    """Write snapshots as geofront's own GeoJSON, or as GeoPackage.

    \b
    geofront export data/boundaries -o mine
    geofront export data/boundaries --at 2025-02-24 -o day.gpkg
    """
    history = asked.open()
    kept = history if at is None else History([history.at(at)])
    if output.suffix.lower() == ".gpkg":
        write_file(kept.to_geodataframe(), output, "GPKG")
    else:
        output.mkdir(parents=True, exist_ok=True)
        for snapshot in kept:
            _durable.write(
                output / file_name(snapshot), write_snapshot(snapshot)
            )
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
