"""What the commands have in common: options, and how faults are told."""

import datetime as dt
import functools
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import click

import geofront as gf
from geofront._asked import Asked, asks_for_history
from geofront._output import TABLE_SUFFIXES, Form, Format
from geofront._words import clean
from geofront.days import Cadence, DaysBefore, read_day, today

__all__ = [
    "Asked",
    "as_output",
    "asks_for_history",
    "command",
    "day_option",
    "executor_option",
    "file_option",
    "format_option",
    "print_option",
    "series_options",
    "since_option",
    "until_option",
]


def _as_day(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> dt.date | DaysBefore | None:
    try:
        return None if value is None else read_day(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def as_output(file: Path) -> Path:
    """Refuse a file that cannot be written: no folder is made for it."""
    if not file.absolute().parent.is_dir():
        raise click.BadParameter(f"the folder {file.parent} does not exist")
    if file.is_dir():
        raise click.BadParameter(f"{file} is a folder: expected a file")
    return file


def day_option(
    name: str,
    meaning: str,
    *,
    required: bool = False,
    before: str = "the last day",
) -> Callable[[Any], Any]:
    """Add an option for a day; `command` makes a date of it.

    The help says what ``7d`` counts back from.
    """
    return click.option(
        name,
        metavar="DATE",
        callback=_as_day,
        required=required,
        help=f"{meaning}: YYYY-MM-DD, today, yesterday or 7d (before "
        f"{before}).",
    )


def file_option(
    *names: str, suffixes: Iterable[str], meaning: str, required: bool = False
) -> Callable[[Any], Any]:
    """Add an option for a file to write, whose suffix says its format."""

    def as_file(
        ctx: click.Context, param: click.Parameter, value: Path | None
    ) -> Path | None:
        if value is None:
            return None
        if value.suffix.lower() not in suffixes:
            raise click.BadParameter(
                f"{value}: expected a suffix of {', '.join(suffixes)}"
            )
        return as_output(value)

    return click.option(
        *names,
        metavar="FILE",
        type=click.Path(path_type=Path),
        callback=as_file,
        required=required,
        help=meaning,
    )


_scheduler_option = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Compute on the Dask cluster of this scheduler, which has to reach "
    "STORE under the same name: tcp://10.0.0.1:8786. It takes "
    "geofront[dask].",
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

since_option = day_option("--since", "First day, STORE's first by default")
until_option = day_option(
    "--until", "Last day, included, STORE's last by default"
)

_form_option = click.option(
    "--format",
    "form",
    type=click.Choice(get_args(Form)),
    help="table: the main fields, rounded; csv, json: all of them, exact. "
    "By default table, or nothing with -o.",
)
_table_option = file_option(
    *("-o", "--output"),
    suffixes=TABLE_SUFFIXES,
    meaning="Write all fields to FILE.csv, .parquet or .xlsx, and what they "
    "rest on to FILE.meta.json.",
)


def print_option(function: Callable[..., None]) -> Callable[..., None]:
    """Add --format alone, handed on as ``form``: where -o is for a map."""

    @functools.wraps(function)
    def asking(form: Form | None, **options: Any) -> None:
        function(form=Format(form, None), **options)

    return _form_option(asking)


def format_option(function: Callable[..., None]) -> Callable[..., None]:
    """Add --format and -o for a table, handed on together as ``form``."""

    @functools.wraps(function)
    def asking(form: Form | None, output: Path | None, **options: Any) -> None:
        function(form=Format(form, output), **options)

    added: Callable[..., None] = _form_option(_table_option(asking))
    return added


_every_option = click.option(
    "--every",
    type=click.Choice(get_args(Cadence)),
    default="day",
    show_default=True,
    help="A row for each snapshot, day, week (to Sunday), month, or one for "
    "all.",
)


def executor_option(function: Callable[..., None]) -> Callable[..., None]:
    """Add --scheduler, handed on as ``executor``: of its cluster, or None."""

    @functools.wraps(function)
    def asking(scheduler: str | None, **options: Any) -> None:
        with _workers(scheduler) as executor:
            function(executor=executor, **options)

    return _scheduler_option(asking)


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
        executor: Executor | None,
        **options: Any,
    ) -> None:
        series = {
            "since": since,
            "until": until,
            "every": every,
            "executor": executor,
        }
        function(series=series, **options)

    added: Callable[..., None] = executor_option(asking)
    for option in (format_option, _every_option, until_option, since_option):
        added = option(added)
    return added


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Make days of what was typed; show faults as lines on standard error."""

    @functools.wraps(function)
    def guarded(**options: Any) -> None:
        with _told_warnings():
            try:
                asked = options.get("asked")
                if asked is not None:
                    asked.check_age()
                _resolve(options, asked)
                _check_order(options)
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


def _resolve(options: dict[str, Any], asked: Asked | None) -> None:
    """Put dates for days that were told by how far back they lie."""
    for given in (options, options.get("series", {})):
        # --compare comes last: it counts back from --at.
        for name in sorted(given, key=lambda name: name == "compare"):
            value = given[name]
            if not isinstance(value, DaysBefore):
                continue
            last = today() if asked is None else asked.last_day()
            if name == "compare" and options.get("at"):
                last = options["at"]
            given[name] = value.before(last)


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
