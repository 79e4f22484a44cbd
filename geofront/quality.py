"""How far the maps of a history can be trusted, and on which days."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

import pandas as pd

from geofront import _reasons
from geofront._breaks import breaks
from geofront._comparing import traces_of
from geofront._record_tables import table
from geofront._transitions import Trace
from geofront._words import counted, first_of
from geofront.cadence import looks
from geofront.days import Day
from geofront.history import History
from geofront.model import Snapshot
from geofront.records import QUALITY

__all__ = ["KINDS", "quality"]

KINDS = ("gap", "carried", "duplicate", "method_break", "repair", "dropped")
"""What a record may be of."""

GAP = dt.timedelta(hours=48)
"""From how long without a snapshot on it is a gap."""

# Of which kinds notes become records; the others concern single moments or
# are in the breaks already.
_OF_NOTES = {"repair": ("repair",), "dropped": ("dropped", "clipped")}


def quality(
    history: History,
    *,
    since: Day | None = None,
    until: Day | None = None,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """List gaps, repeated maps, method breaks, repairs and what was dropped.

    Parameters
    ----------
    history : History
    since, until : str or datetime.date, optional
        First and last day, both included; by default the whole history.
    executor : concurrent.futures.Executor, optional
        Where to compare snapshots; by default here.  The result is the same.

    Returns
    -------
    pandas.DataFrame
        ``kind, date, source, detail, km2, snapshot``, in time order.
        ``kind`` is

        ``gap``
            48 hours or more without a snapshot; ``date`` is its end and
            ``km2`` what changed hands meanwhile.
        ``carried``
            A day without a snapshot, which shows an earlier one.
        ``duplicate``
            A snapshot with the same lines as the one before.
        ``method_break``
            A step in which the source seems to have drawn otherwise than
            before: the change need not be one on the ground.  ``km2`` is
            the area in doubt.
        ``repair``, ``dropped``
            What reading the snapshot mended, left out or cut off: a record
            for all of them, with their area.

        ``attrs["counts"]`` is how many there are of each kind,
        ``attrs["outdated"]`` how many of the carried days lie more than 72
        hours after the map that they show, and ``attrs["dating"]`` what is
        known of the source's dates, such as that they are upper bounds.

    Raises
    ------
    MissingDateError
        If the history does not speak for ``since`` or ``until``.

    Notes
    -----
    A break is told by how a step looks: many vertices that hardly move,
    lines drawn anew over much of the map, ground that is soon moved back, a
    jump against the source's own steps within 30 days, an empty map, a
    polygon at the border that is cut on one day only, another coverage.  A
    large advance or retreat that goes one way for some days in one place is
    none; a large one in a single step is taken for one.  Days are judged
    against the whole of ``history``; a slice knows less.

    Examples
    --------
    >>> import geofront as gf
    >>> found = gf.quality(gf.example_history())
    >>> found[["date", "kind"]]
            date       kind
    0 2025-02-20    carried
    1 2025-02-21        gap
    2 2025-02-26    carried
    3 2025-02-27        gap
    4 2025-02-28  duplicate
    """
    days = looks(history, since, until, "day")
    first, last = days[0].date, days[-1].date
    steps = [i for i, item in enumerate(history) if first <= item.date <= last]
    rows = [
        _row("carried", look.snapshot, f"shows {look.snapshot.id}")
        | {"date": pd.Timestamp(look.date), "snapshot": None}
        for look in days
        if look.carried
    ]
    rows += _of_steps(history, [i for i in steps if i], executor)
    for index in steps:
        rows += _of_notes(history[index])
    rows.sort(key=lambda row: (row["date"], KINDS.index(row["kind"])))
    seen = [look.snapshot for look in days]
    seen += [
        history[at] for step in steps for at in (step - 1, step) if at >= 0
    ]
    frame = table(rows, QUALITY, seen)
    counts = Counter(row["kind"] for row in rows)
    frame.attrs["counts"] = {kind: counts[kind] for kind in KINDS}
    frame.attrs["outdated"] = sum(look.outdated for look in days)
    frame.attrs["dating"] = sorted(
        {
            note.detail
            for index in steps
            for note in history[index].notes
            if note.kind == "date"
        }
    )
    return frame


def _of_steps(
    history: History, steps: list[int], executor: Executor | None
) -> Iterator[dict[str, Any]]:
    """Records of steps, each known by its later snapshot."""
    if not steps:
        return
    whole = history[steps[0] - 1], history[steps[-1]]
    for found in breaks(history, between=whole, executor=executor):
        yield _row("method_break", found.until, found.reason, found.km2)
    traces = traces_of(history, steps, executor)
    for index, trace in zip(steps, traces, strict=True):
        before, after = history[index - 1], history[index]
        apart = after.published_at - before.published_at
        moved_km2 = float(trace.ground.km2.sum())
        if apart >= GAP:
            hours = apart.total_seconds() / 3600.0
            detail = _reasons.GAP.format(hours=f"{hours:,.1f}")
            yield _row("gap", after, detail, moved_km2)
        if not moved_km2 and _is_repeated(before, after, trace):
            yield _row("duplicate", after, f"the same map as {before.id}")


def _is_repeated(one: Snapshot, other: Snapshot, trace: Trace) -> bool:
    """Whether two maps are the same, once each is dissolved."""
    if one.coverage != other.coverage:
        return False
    if one.draws_grey_zone != other.draws_grey_zone:
        return False
    if not trace.redrawn:
        return True
    return one.occupied == other.occupied and one.grey_zone == other.grey_zone


def _of_notes(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """A record for all notes of a kind."""
    for kind, kinds in _OF_NOTES.items():
        notes = [note for note in snapshot.notes if note.kind in kinds]
        if notes:
            notes.sort(key=lambda note: -abs(note.km2))
            what = counted(len(notes), "note")
            details = first_of([note.detail for note in notes])
            km2 = float(sum(note.km2 for note in notes))
            yield _row(kind, snapshot, f"{what}: {details}", km2)


def _row(
    kind: str, snapshot: Snapshot, detail: str, km2: float | None = None
) -> dict[str, Any]:
    return {
        "kind": kind,
        "date": pd.Timestamp(snapshot.date),
        "source": snapshot.source,
        "detail": detail,
        "km2": km2,
        "snapshot": snapshot.id,
    }
