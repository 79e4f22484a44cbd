"""What a store or a folder holds, in words: the command ``info``."""

import datetime as dt
import itertools
from pathlib import Path

import click
import pandas as pd

import geofront as gf
from geofront._asked import Asked
from geofront._words import counted, lasting
from geofront.history import History
from geofront.opening import is_store
from geofront.sources.files import candidates

__all__ = ["print_digest", "print_history", "print_size"]


def print_size(place: str) -> None:
    """Print how much there is on disk."""
    if "://" in place:
        return
    if is_store(place):
        size = gf.Store(place).size_bytes
    else:
        size = sum(item.stat().st_size for item in candidates([Path(place)]))
    click.echo(f"size       {size / 1e6:,.1f} MB on disk")


def print_digest(asked: Asked) -> None:
    """Print one digest for all sources of a store, if there are several."""
    if asked.source is None and len(asked.histories()) > 1:
        click.echo(f"store      {asked.digest()}, one digest for all of it")


def print_history(history: History, *, notes: bool) -> None:
    """Print source, span, counts, what reading found, digest."""
    first, last = history.span
    days = (last - first).days + 1
    click.echo(f"source     {history.source}")
    click.echo(f"span       {first} to {last}, {counted(days, 'day')}")
    click.echo(
        f"snapshots  {len(history)} on {counted(len(history.dates), 'day')}, "
        f"the longest gap {_longest_gap(history)}"
    )
    click.echo(f"notes      {_count_notes(history)}")
    for remark in sorted(_remarks(history)):
        click.echo(f"remark     {remark}")
    click.echo(f"digest     {history.digest}")
    if notes:
        _print_notes(history)


def _print_notes(history: History) -> None:
    for snapshot in history:
        for note in snapshot.notes:
            if note.kind != "remark":  # They are told once for all.
                click.echo(
                    f"{snapshot.id}  {note.kind}  {note.detail}  "
                    f"{note.km2:,.6f} km²"
                )


def _longest_gap(history: History) -> str:
    moments = [snapshot.published_at for snapshot in history]
    gaps = [b - a for a, b in itertools.pairwise(moments)]
    return lasting(max(gaps, default=dt.timedelta()))


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
        f"{len(rows):,} {kind} in "
        + counted(rows.snapshot.nunique(), "snapshot")
        + _at_most(rows.groupby("snapshot").km2.sum().max())
        for kind, rows in notes.groupby("kind")
    )


def _at_most(km2: float) -> str:
    """Nothing of notes that are of no area, such as those of dates."""
    return f", at most {km2:,.3f} km² in one" if km2 else ""


def _remarks(history: History) -> set[str]:
    return {
        note.detail
        for snapshot in history
        for note in snapshot.notes
        if note.kind == "remark"
    }
