"""The command line: it parses, calls and prints."""

import datetime as dt
import functools
import hashlib
import itertools
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pandas as pd

import geofront as gf
from geofront._output import (
    AREAS_SHOWN,
    DELTAS_SHOWN,
    POLYGON_DRIVERS,
    PROXIMITY_SHOWN,
    Format,
    print_table,
    write_polygons,
)
from geofront._words import counted
from geofront.days import Cadence, as_date
from geofront.model import History
from geofront.places import BUILT_IN, Place
from geofront.records import CHANGES, table
from geofront.sources import SOURCES
from geofront.sources.folder import candidates
from geofront.sources.profile import file_name, write_snapshot


def _as_day(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> dt.date | None:
    try:
        return None if value is None else as_date(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _as_places(
    ctx: click.Context, param: click.Parameter, value: tuple[str, ...]
) -> tuple[Place, ...]:
    try:
        return tuple(gf.places.find(name) for name in value)
    except gf.UnknownPlaceError as error:
        raise click.BadParameter(str(error)) from None


def _as_output(
    ctx: click.Context, param: click.Parameter, value: Path | None
) -> Path | None:
    if value is not None and not value.absolute().parent.is_dir():
        raise click.BadParameter(f"the folder {value.parent} does not exist")
    return value


def _day(
    name: str, meaning: str, *, required: bool = False
) -> Callable[[Any], Any]:
    return click.option(
        name,
        metavar="DATE",
        callback=_as_day,
        required=required,
        help=f"{meaning}, as YYYY-MM-DD.",
    )


def _output(meaning: str, *, required: bool) -> Callable[[Any], Any]:
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        callback=_as_output,
        required=required,
        help=meaning,
    )


_store = click.argument(
    "store", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
_source = click.option(
    "--source",
    type=click.Choice(sorted(SOURCES)),
    help="Whose own files the folder holds; without it, dated GeoJSON in "
    "geofront's own profile.",
)
_since = _day("--since", "First day, in Kyiv")
_until = _day("--until", "Last day, included")
_format = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="table: the main fields, rounded; csv, json: all of them, exact.",
)


def _every(default: str) -> Callable[[Any], Any]:
    return click.option(
        "--every",
        type=click.Choice(["snapshot", "day", "week", "month", "all"]),
        default=default,
        show_default=True,
        help="Length of a step.",
    )


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(gf.__version__, prog_name="geofront")
def main() -> None:
    """Measure a war's front line from open sources.

    STORE is a folder of dated GeoJSON in geofront's own profile or, with
    --source, of that source's own files. Days are Kyiv days, YYYY-MM-DD.

    \b
    geofront areas data/boundaries
    geofront deltas deepstate/ --source deepstate --since 2025-01-31 \\
        --until 2025-02-28 --every all
    """


def _command(function: Callable[..., None]) -> Callable[..., None]:
    """Show errors and warnings as lines on standard error."""

    @functools.wraps(function)
    def guarded(**options: Any) -> None:
        _check_order(options)
        with _told_warnings():
            try:
                function(**options)
            except BrokenPipeError:
                raise  # The reader has seen enough: click ends quietly.
            except OSError as error:
                where = f"{error.filename}: " if error.filename else ""
                raise click.ClickException(
                    where + (error.strerror or _one_line(error))
                ) from None
            except gf.GeofrontError as error:
                raise click.ClickException(_one_line(error)) from None

    return guarded


def _check_order(options: Mapping[str, Any]) -> None:
    since, until = options.get("since"), options.get("until")
    if since and until and since > until:
        raise click.UsageError(f"--since {since} is after --until {until}")


def _one_line(error: object) -> str:
    return " ".join(str(error).split())


@contextmanager
def _told_warnings() -> Iterator[None]:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", gf.GeofrontWarning)
        try:
            yield
        finally:
            for warning in told:
                text = _one_line(warning.message)
                click.echo(f"Warning: {text}", err=True)


@main.command()
@_store
@_source
@click.option("--notes", is_flag=True, help="List every repair and drop.")
@_command
def info(store: Path, source: str | None, notes: bool) -> None:
    """Show what a store holds: source, span, counts, size, digest."""
    history = gf.open_history(store, source=source)
    first, last = history.span
    size = sum(item.stat().st_size for item in candidates(store))
    click.echo(f"source     {history.source}")
    click.echo(f"span       {first} to {last}, {(last - first).days + 1} days")
    click.echo(
        f"snapshots  {len(history)} on {len(history.dates)} days, the "
        f"longest gap {_longest_gap_hours(history):.1f} hours"
    )
    click.echo(f"size       {size / 1e6:,.1f} MB on disk")
    click.echo(f"notes      {_count_notes(history)}")
    for remark in sorted(_remarks(history)):
        click.echo(f"remark     {remark}")
    click.echo(f"digest     {_digest(history)}")
    if notes:
        for snapshot in history:
            for note in snapshot.notes:
                click.echo(
                    f"{snapshot.id}  {note.kind}  {note.detail}  "
                    f"{note.km2:.6f} km²"
                )


def _longest_gap_hours(history: History) -> float:
    moments = [snapshot.published_at for snapshot in history]
    gaps = [b - a for a, b in itertools.pairwise(moments)]
    return max(gaps, default=dt.timedelta()).total_seconds() / 3600


def _count_notes(history: History) -> str:
    """How often something was noted, and how much at most in a snapshot."""
    notes = pd.DataFrame(
        [
            (snapshot.id, note.kind, abs(note.km2))
            for snapshot in history
            for note in snapshot.notes
            if note.kind != "remark"
        ],
        columns=["snapshot", "kind", "km2"],
    )
    if notes.empty:
        return "none"
    return "\n           ".join(
        f"{len(rows):,} {kind} in {rows.snapshot.nunique()} snapshots, at "
        f"most {rows.groupby('snapshot').km2.sum().max():,.3f} km² in one"
        for kind, rows in notes.groupby("kind")
    )


def _remarks(history: History) -> set[str]:
    return {
        note.detail
        for snapshot in history
        for note in snapshot.notes
        if note.kind == "remark"
    }


def _digest(history: History) -> str:
    whole = hashlib.sha256()
    for snapshot in history:
        whole.update(snapshot.digest.encode())
    return whole.hexdigest()


@main.command()
@_store
@_source
@_since
@_until
@_every("day")
@_format
@_command
def areas(
    store: Path,
    source: str | None,
    since: dt.date | None,
    until: dt.date | None,
    every: Cadence,
    form: Format,
) -> None:
    """Print the area of each state, a row a day.

    \b
    geofront areas data/boundaries --every week
    """
    history = gf.open_history(store, source=source)
    rows = gf.areas(history, since=since, until=until, every=every)
    print_table(rows, form, AREAS_SHOWN)


@main.command()
@_store
@_source
@_since
@_until
@_every("day")
@_format
@_command
def deltas(
    store: Path,
    source: str | None,
    since: dt.date | None,
    until: dt.date | None,
    every: Cadence,
    form: Format,
) -> None:
    """Print the change of area, a row a step, with every transition.

    The state at the end of --since is the first term, the state at the end
    of --until the last. Gross figures compare the ends of each step.

    \b
    geofront deltas data/boundaries --every week
    """
    history = gf.open_history(store, source=source)
    rows = gf.deltas(history, since=since, until=until, every=every)
    print_table(rows, form, DELTAS_SHOWN)


@main.command()
@_store
@_source
@_day("--since", "First day, in Kyiv", required=True)
@_day("--until", "Last day, included", required=True)
@_output(
    f"File to write; its suffix says how: {', '.join(POLYGON_DRIVERS)}. "
    "Without it a table is printed.",
    required=False,
)
@_format
@_command
def changes(
    store: Path,
    source: str | None,
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
    if output is not None and output.suffix.lower() not in POLYGON_DRIVERS:
        raise click.UsageError(
            f"-o {output}: expected a suffix of " + ", ".join(POLYGON_DRIVERS)
        )
    history = gf.open_history(store, source=source)
    delta = gf.delta(history.at(since), history.at(until))
    frame = delta.to_geodataframe()
    frame.insert(0, "since", pd.Timestamp(since))
    frame.insert(1, "until", pd.Timestamp(until))
    frame.insert(2, "source", history.source)
    if output is None:
        plain = frame.drop(columns="geometry").to_dict("records")
        print_table(table(plain, CHANGES, history), form, list(CHANGES))
        return
    write_polygons(frame, output)
    click.echo(f"wrote {output}: {counted(len(frame), 'polygon')}", err=True)


@main.command()
@_store
@_source
@_since
@_until
@_every("day")
@click.option(
    "--place",
    "places",
    callback=_as_places,
    multiple=True,
    help="Name, 'NAME, OBLAST' or code; may be repeated. Default: all that "
    "are built in.",
)
@_format
@_command
def proximity(
    store: Path,
    source: str | None,
    since: dt.date | None,
    until: dt.date | None,
    every: Cadence,
    places: tuple[Place, ...],
    form: Format,
) -> None:
    """Print how near the front stands to places.

    \b
    geofront proximity data/boundaries --place Siversk --every week
    """
    history = gf.open_history(store, source=source)
    rows = gf.proximity(
        history, places or BUILT_IN, since=since, until=until, every=every
    )
    print_table(rows, form, PROXIMITY_SHOWN)


@main.command(name="map")
@_store
@_source
@_output("FILE.html to write.", required=True)
@_day("--at", "Day to show, the last by default")
@_day("--compare", "Earlier day to compare with")
@_command
def map_(
    store: Path,
    source: str | None,
    output: Path,
    at: dt.date | None,
    compare: dt.date | None,
) -> None:
    """Write a map of one day as a self-contained page.

    \b
    geofront map data/boundaries -o map.html --compare 2025-02-17
    """
    if output.suffix.lower() != ".html":
        raise click.UsageError(f"-o {output}: expected FILE.html")
    history = gf.open_history(store, source=source)
    day = at or history.span[1]
    if compare and compare > day:
        raise click.UsageError(f"--compare {compare} is after {day}")
    snapshot = history.at(day)
    earlier = history.at(compare) if compare else None
    gf.front_map(snapshot, compare=earlier).save(str(output))
    click.echo(f"wrote {output}", err=True)


@main.command()
@_store
@_source
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder for one GeoJSON a snapshot, or FILE.gpkg.",
)
@_day("--at", "One day only")
@_command
def export(
    store: Path, source: str | None, output: Path, at: dt.date | None
) -> None:
    """Write snapshots as GeoJSON in geofront's profile, or as GeoPackage.

    \b
    geofront export deepstate/ --source deepstate -o mine/
    """
    is_package = output.suffix.lower() == ".gpkg"
    if output.suffix and not is_package and not output.is_dir():
        raise click.UsageError(f"-o {output}: expected a folder or FILE.gpkg")
    history = gf.open_history(store, source=source)
    kept = history if at is None else History([history.at(at)])
    if is_package:
        output.absolute().parent.mkdir(parents=True, exist_ok=True)
        kept.to_geodataframe().to_file(output, driver="GPKG")
    else:
        output.mkdir(parents=True, exist_ok=True)
        for snapshot in kept:
            path = output / file_name(snapshot)
            path.write_bytes(write_snapshot(snapshot))
    click.echo(f"wrote {output}: {counted(len(kept), 'snapshot')}", err=True)


@main.command()
def sources() -> None:
    """Describe each source: what it draws, how it dates, its terms."""
    for adapter in SOURCES.values():
        known = adapter.info
        click.echo(f"{known.name}: {known.title}")
        for label, text in (
            ("draws", known.draws),
            ("dates", known.dates),
            ("files", known.files),
            ("terms", known.terms),
            ("credit", known.attribution),
            ("address", known.address),
        ):
            if text:
                click.echo(f"  {label:8} {text}")
