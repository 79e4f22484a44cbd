"""What the commands have in common: options, and how faults are told."""

import datetime as dt
import functools
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, get_args

import click

import geofront as gf
from geofront._words import clean, counted
from geofront.days import Cadence, as_date, as_moment
from geofront.history import History
from geofront.opening import is_store
from geofront.sources import SOURCES

__all__ = [
    "Asked",
    "asks_for_history",
    "check_source",
    "command",
    "day_option",
    "format_option",
    "output_option",
    "series_options",
]


def _as_day(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> dt.date | None:
    try:
        return None if value is None else as_date(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def as_output(
    ctx: click.Context, param: click.Parameter, value: Path | None
) -> Path | None:
    if value is not None and not value.absolute().parent.is_dir():
        raise click.BadParameter(f"the folder {value.parent} does not exist")
    return value


def day_option(
    name: str, meaning: str, *, required: bool = False
) -> Callable[[Any], Any]:
    return click.option(
        name,
        metavar="DATE",
        callback=_as_day,
        required=required,
        help=f"{meaning}, as YYYY-MM-DD.",
    )


def output_option(meaning: str, *, required: bool) -> Callable[[Any], Any]:
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        callback=as_output,
        required=required,
        help=meaning,
    )


class StorePath(click.Path):
    """A folder, or an address over a network, which is not looked for."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Read a folder or an address."""
        if "://" in str(value):
            return str(value)
        return str(super().convert(value, param, ctx))


class Asked(NamedTuple):
    """Whose maps a command was asked about, and where they lie."""

    store: str
    source: str | None
    known_at: dt.datetime | None

    def open(self) -> History:
        """History to answer from."""
        if is_store(self.store):
            self.sources()
        elif self.known_at is not None:
            raise click.UsageError(
                f"--known-at is for a store: {self.store} keeps no record of "
                "when it was told what"
            )
        elif self.source is not None:
            check_source(self.source)
        return gf.open_history(
            self.store, source=self.source, known_at=self.known_at
        )

    def sources(self) -> tuple[str, ...]:
        """Sources of the store, the one to answer from among them."""
        held = gf.Store(self.store).sources
        named = ", ".join(held)
        if self.source is not None and self.source not in held:
            raise click.UsageError(
                f"--source {clean(self.source)}: the store holds {named}"
            )
        if self.source is None and len(held) > 1:
            raise click.UsageError(
                f"the store holds {counted(len(held), 'source')} ({named}): "
                "name one with --source"
            )
        return held


def check_source(name: str) -> None:
    """Refuse a name that is no source's: the call is at fault then."""
    if name not in SOURCES:
        known = ", ".join(sorted(SOURCES))
        raise click.UsageError(
            f"--source {clean(name)}: expected one of {known}"
        )


_store = click.argument(
    "store", type=StorePath(exists=True, file_okay=False, path_type=str)
)
_source = click.option(
    "--source",
    metavar="NAME",
    help="Of a store that holds several sources, the one to answer from; of "
    "a folder, whose own files it holds (`geofront sources` lists them; "
    "without it, dated GeoJSON in geofront's own profile).",
)


def _as_moment(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> dt.datetime | None:
    try:
        return None if value is None else as_moment(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


_known_at = click.option(
    "--known-at",
    metavar="TIME",
    callback=_as_moment,
    help="Answer from what a store held at this moment, before later "
    "corrections: 2025-03-01T12:00:00Z, or a day for its end in Kyiv.",
)


def asks_for_history(function: Callable[..., None]) -> Callable[..., None]:
    """Add STORE, --source and --known-at, handed on together as ``asked``."""

    @functools.wraps(function)
    def asking(
        store: str,
        source: str | None,
        known_at: dt.datetime | None,
        **options: Any,
    ) -> None:
        function(asked=Asked(store, source, known_at), **options)

    return _store(_source(_known_at(asking)))


_scheduler_option = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Compute on the Dask cluster of this scheduler, which has to reach "
    "STORE under the same name: tcp://10.0.0.1:8786.",
)


@contextmanager
def _workers(address: str | None) -> Iterator[Executor | None]:
    """Executor of a Dask cluster, if its scheduler's address is given."""
    if address is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError:
        raise click.UsageError(
            "--scheduler takes Dask: pip install 'geofront[dask]'"
        ) from None
    try:
        client = Client(address, timeout=_DIAL_SECONDS)
    except (OSError, ValueError) as error:
        raise click.ClickException(
            f"--scheduler {clean(address)}: {_one_line(error)}"
        ) from None
    with client:
        yield client.get_executor()


_DIAL_SECONDS = 10

_since_option = day_option("--since", "First day, in Kyiv")
_until_option = day_option("--until", "Last day, included")
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="table: the main fields, rounded; csv, json: all of them, exact.",
)


_every_option = click.option(
    "--every",
    type=click.Choice(get_args(Cadence)),
    default="day",
    show_default=True,
    help="Length of a step.",
)


def series_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add what every table over time is asked: days, steps, format, where.

    The days, the steps and the executor are handed on together, as
    ``series``, for the function that computes the table.
    """

    @functools.wraps(function)
    def asking(
        since: dt.date | None,
        until: dt.date | None,
        every: str,
        scheduler: str | None,
        **options: Any,
    ) -> None:
        with _workers(scheduler) as executor:
            series = {
                "since": since,
                "until": until,
                "every": every,
                "executor": executor,
            }
            function(series=series, **options)

    for option in (
        _scheduler_option,
        format_option,
        _every_option,
        _until_option,
        _since_option,
    ):
        asking = option(asking)
    return asking


def command(function: Callable[..., None]) -> Callable[..., None]:
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
    days = {**options, **options.get("series", {})}
    since, until = days.get("since"), days.get("until")
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
