"""Notices on standard error of where a source seems to draw otherwise."""

from collections.abc import Iterable

import click
import pandas as pd

from geofront._breaks import Break
from geofront._words import counted, first_of

__all__ = ["tell_breaks", "tell_marks"]


def tell_marks(deltas: pd.DataFrame) -> None:
    """Say which steps of a table a break lies in."""
    marked = deltas[deltas["method_break"]].drop_duplicates("until")
    days = [
        f"{since:%Y-%m-%d} to {until:%Y-%m-%d}"
        + ("" if pd.isna(km2) else f" ({km2:,.2f} km²)")
        for since, until, km2 in zip(
            marked["since"], marked["until"], marked["break_km2"], strict=True
        )
    ]
    _tell("break_km2", days)


def tell_breaks(found: Iterable[Break]) -> None:
    """Say which steps between the days compared are breaks."""
    _tell(
        "method_break",
        [f"{_days(item)} ({item.km2:,.2f} km²)" for item in found],
    )


def _days(found: Break) -> str:
    """Days of a step, which may lie within one."""
    days = found.since.date, found.until.date
    return " to ".join(dict.fromkeys(map(str, days)))


def _tell(name: str, days: list[str]) -> None:
    if days:
        click.echo(
            f"{name}: in {counted(len(days), 'step')} the source seems to "
            "have drawn otherwise, so that it need not have changed on the "
            f"ground: {first_of(days)}. `geofront quality` says why",
            err=True,
        )
