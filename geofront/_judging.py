"""Commands that ask how far maps and figures can be trusted."""

import datetime as dt
from concurrent.futures import Executor

import click

import geofront as gf
from geofront._options import (
    Asked,
    asks_for_history,
    command,
    executor_option,
    format_option,
    since_option,
    until_option,
)
from geofront._output import QUALITY_SHOWN, Format, print_table
from geofront._words import counted
from geofront.quality import KINDS

__all__ = ["quality"]

_SELDOM = ("gap", "carried", "duplicate", "method_break")
"""What a table shows unless told otherwise: the rest is of every map."""


@click.command()
@asks_for_history
@since_option
@until_option
@click.option(
    "--kind",
    "kinds",
    metavar="KIND",
    multiple=True,
    type=click.Choice(KINDS),
    help=f"Only this kind, of {', '.join(KINDS)}; may be repeated. Without "
    "it csv and json hold all, and a table those that are not of every map.",
)
@executor_option
@format_option
@command
def quality(
    asked: Asked,
    since: dt.date | None,
    until: dt.date | None,
    kinds: tuple[str, ...],
    executor: Executor | None,
    form: Format,
) -> None:
    """List gaps, repeated maps, method breaks, repairs and drops.

    A method break is a step in which the source seems to have drawn
    otherwise than before, so that the change need not be one on the ground.
    Days are judged against all that STORE holds of the source, however few
    are asked for.

    \b
    geofront quality data/boundaries
    geofront quality data/boundaries --kind gap --kind carried
    """
    rows = gf.quality(
        asked.open(), since=since, until=until, executor=executor
    )
    narrow = form.output is None and form.printed in (None, "table")
    told = kinds or (_SELDOM if narrow else KINDS)
    shown = rows[rows["kind"].isin(told)]
    print_table(shown, form, QUALITY_SHOWN)
    counts = rows.attrs["counts"]
    click.echo(_summary(counts, rows.attrs["outdated"]), err=True)
    for detail in rows.attrs["dating"]:
        click.echo(f"dates: {detail}", err=True)
    left = sum(counts[kind] for kind in KINDS if kind not in told)
    if left and not kinds:
        click.echo(
            f"{counted(left, 'record')} of repair and dropped not shown: "
            "--kind or --format csv",
            err=True,
        )


def _summary(counts: dict[str, int], outdated: int) -> str:
    """How many records there are of each kind."""
    late = (
        f" ({outdated:,} more than 72 hours after a map)" if outdated else ""
    )
    mended, dropped = (
        counted(counts[kind], "snapshot") for kind in ("repair", "dropped")
    )
    words = (
        counted(counts["gap"], "gap"),
        counted(counts["carried"], "carried day") + late,
        counted(counts["duplicate"], "duplicate"),
        counted(counts["method_break"], "method break"),
        f"repairs in {mended}",
        f"parts dropped in {dropped}",
    )
    return ", ".join(words)
