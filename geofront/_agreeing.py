"""The command that sets sources against each other."""

import datetime as dt
from itertools import combinations
from pathlib import Path
from typing import Any

import click
import geopandas as gpd
import pandas as pd

import geofront as gf
from geofront._choices import by_options, regions_of
from geofront._options import (
    Asked,
    asks_for_history,
    command,
    day_option,
    file_option,
    series_options,
)
from geofront._output import (
    AGREEMENT_SHOWN,
    DISPUTED_SETTLEMENTS_SHOWN,
    MAP_SUFFIXES,
    POLYGON_DRIVERS,
    Format,
    print_table,
    write_polygons,
)
from geofront._words import clean, counted
from geofront.history import History
from geofront.opening import is_store

__all__ = ["agreement"]


def _as_names(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> list[str] | None:
    if value is None:
        return None
    names = [name.strip() for name in value.split(",")]
    if len(names) < 2 or len(set(names)) < len(names) or not all(names):
        raise click.BadParameter(
            f"expected two or more different sources as A,B, found {value!r}"
        )
    return names


@click.command()
@asks_for_history
@click.option(
    "--sources",
    metavar="A,B[,C]",
    callback=_as_names,
    help="Which to compare, each with each; by default all that the store "
    "holds.",
)
@day_option("--at", "One day only")
@click.option(
    "--settlements",
    is_flag=True,
    help="Instead of figures, the settlements on which the sources differ on "
    "--at, or on the last day of all.",
)
@file_option(
    "--polygons",
    suffixes=POLYGON_DRIVERS,
    meaning="Write what is disputed on that day, instead of a table "
    f"({', '.join(POLYGON_DRIVERS)}).",
)
@file_option(
    "--map",
    suffixes=MAP_SUFFIXES,
    meaning="Draw two sources' differences on that day, instead of a table "
    f"({', '.join(MAP_SUFFIXES)}).",
)
@series_options
@command
@by_options
def agreement(
    asked: Asked,
    series: dict[str, Any],
    sources: list[str] | None,
    at: dt.date | None,
    settlements: bool,
    polygons: Path | None,
    map: Path | None,
    by: gpd.GeoDataFrame | str | None,
    form: Format,
) -> None:
    """Print how far sources agree, a row a day and pair of sources.

    Compared is what both cover, by the state at the end of the day. Shares
    shown are of the land: agreed of all of it, and (jaccard) of what either
    maps as occupied what both do. csv and json hold the rest.

    \b
    geofront ingest data/boundaries --source geofront --store two-sources
    geofront ingest data/boundaries --source vector --as second \\
        --store two-sources
    geofront agreement two-sources --every week
    geofront agreement two-sources --at 2025-02-24 --map differences.png
    """
    if at is not None and (series["since"] or series["until"]):
        raise click.UsageError("--at goes without --since and --until")
    histories = _opened(asked, sources)
    if not (settlements or polygons or map):
        rows = gf.agreement(*histories, at=at, by=regions_of(by), **series)
        region = [] if by is None else ["region"]
        shown = [*AGREEMENT_SHOWN[:3], *region, *AGREEMENT_SHOWN[3:]]
        print_table(rows, form, shown)
        click.echo(rows.attrs["note"], err=True)
        return
    if series["since"] or series["until"] or by is not None:
        raise click.UsageError(
            "--settlements, --polygons and --map are of one day: --at goes "
            "with them, and neither --since, --until nor --by"
        )
    if series["every"] != "day":
        raise click.UsageError(
            "--settlements, --polygons and --map are of one day, without "
            "--every"
        )
    if not settlements and form != Format(None, None):
        raise click.UsageError(
            "--polygons and --map write no table: -o and --format go with "
            "--settlements"
        )
    day = at or min(history.span[1] for history in histories)
    if map:
        _draw(histories, day, map)
    if polygons:
        _write(histories, day, polygons)
    if settlements:
        _list(histories, day, form)


def _opened(asked: Asked, names: list[str] | None) -> list[History]:
    """Histories to compare, of a store that holds several."""
    if asked.source is not None:
        raise click.UsageError(
            "expected --sources A,B, found --source: it takes two to agree"
        )
    if not is_store(asked.store):
        raise click.UsageError(
            f"{asked.store} is no store: `geofront ingest` reads the files "
            "of several sources into one, which can then be compared"
        )
    held = gf.Store(asked.store).sources
    missing = [name for name in names or [] if name not in held]
    if missing or len(held) < 2:
        what = "expected two sources or more"
        if missing:
            what = f"found no {', '.join(map(clean, missing))}"
        raise click.UsageError(
            f"--sources: {what}; the store holds {', '.join(held)}"
        )
    opened = {history.source: history for history in asked.histories()}
    # What was not yet recorded by --known-at is left out, and said to be.
    known = [opened[name] for name in names or held if name in opened]
    if len(known) < 2:
        raise gf.MissingDateError(
            f"{asked.store}: by --known-at only {clean(known[0].source)} had "
            "been recorded: it takes two to agree"
        )
    return known


def _draw(histories: list[History], day: dt.date, output: Path) -> None:
    """Write a map of two sources, and say in words what it shows."""
    try:
        one, other = histories
    except ValueError:
        raise click.UsageError(
            f"--map: it shows two sources, found {len(histories)}: name them "
            "with --sources A,B"
        ) from None
    if output.suffix.lower() == ".html":
        from geofront.maps.disputes import disputes_page

        disputes_page(one, other, day).save(str(output))
    else:
        from geofront import charts

        drawn = charts.agreement_map(one, other, day)
        charts.save(drawn, output)
        click.echo(charts.alt_text(drawn))
    click.echo(f"wrote {output}", err=True)


def _write(histories: list[History], day: dt.date, output: Path) -> None:
    found = [gf.disputed(a, b, day) for a, b in combinations(histories, 2)]
    frame = _joined(found)
    write_polygons(frame, output)
    click.echo(frame.attrs["note"], err=True)
    click.echo(f"wrote {output}: {counted(len(frame), 'polygon')}", err=True)


def _list(histories: list[History], day: dt.date, form: Format) -> None:
    found = [
        gf.settlements_disputed(a, b, day)
        for a, b in combinations(histories, 2)
    ]
    rows = _joined(found)
    print_table(rows, form, DISPUTED_SETTLEMENTS_SHOWN)
    click.echo(rows.attrs["note"], err=True)


def _joined(tables: list[Any]) -> Any:
    """Tables of several pairs as one, which rests on what they rest on."""
    joined = pd.concat(tables, ignore_index=True)
    joined.attrs = {
        **tables[0].attrs,
        **{
            name: sorted(
                {item for each in tables for item in each.attrs[name]}
            )
            for name in ("source", "snapshots")
        },
        "note": "; ".join(each.attrs["note"] for each in tables),
    }
    return joined
