"""Method breaks: steps that look like a change of drawing, not of control.

A step is judged by how it looks from afar (``_trace``) and by the steps
around it (``_surroundings``): how much ground moved, which way and in which
cells, and how much of the map was drawn anew.  Nothing is known of the war,
and no day by name.
"""

import bisect
import datetime as dt
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import Any, NamedTuple

import shapely

from geofront import _reasons
from geofront._comparing import Ends, comparable, kept, traces_of
from geofront._residual import change
from geofront._surroundings import (
    AROUND_DAYS,
    AWAY,
    NEAR_DAYS,
    TOWARDS,
    Steps,
)
from geofront._transitions import FEW_CELLS
from geofront.geodesy import area_km2
from geofront.geography import territory
from geofront.history import History
from geofront.model import AT_THE_BORDER, Snapshot

__all__ = ["Break", "break_records", "breaks"]

# Out of line: more than so many km², and so many times the median of the
# steps around, if there are so many.
_FLOOR_KM2 = 100.0
_TIMES = 5.0
_FEWEST = 7

# An advance or a retreat, however large: no more goes the other way than that
# or than the median of the steps around, and so much of it lies where the
# days around went the same way.
_OTHER_WAY = 0.05
_SHARED = 0.5

# Undone: so much of cells is moved back, so many km² in all and no less than
# the median of the steps around.  It is so much of one of the two steps, or
# so many times the median: where much moves on most days, some of it goes
# back by itself.
_UNDONE = 0.8
_UNDONE_KM2 = 20.0
_MAINLY = 0.5
_UNUSUAL = 2.0

# Drawn anew: so much of the cells in which lines run.
_REDRAWN = 0.25

# Rounded otherwise: so much of the new vertices, and so many of them; of so
# much, nothing else is drawn anew.
_SHIFTED = 0.5
_SHIFTED_VERTICES = 250
_ALL = 0.8

# A large part of the occupied area; only looked for where so much moved.
_LARGE = 0.05
_LARGE_KM2 = 500.0

# Changes sides at the border: so much is cut from a polygon on one day only.
_CUT_KM2 = 10.0

_SMALL_KM2 = 1.0


class Finding(NamedTuple):
    """Why a step looks like a change of drawing."""

    reason: str
    km2: float


class Break(NamedTuple):
    """A step that looks like a change of drawing."""

    position: int
    """Place of its later snapshot in the history."""
    since: Snapshot
    until: Snapshot
    reason: str
    km2: float
    """Area in doubt: what moved, or the part that the reason explains."""

    @property
    def moves_line(self) -> bool:
        """Whether it puts 1 km² or more in doubt.

        As a rule, what rounding moves does not.
        """
        return self.km2 >= _SMALL_KM2


def breaks(
    history: History,
    *,
    between: Ends | None = None,
    executor: Executor | None = None,
) -> tuple[Break, ...]:
    """Find the steps of a history that look like a change of drawing.

    Parameters
    ----------
    history : History
    between : (Snapshot, Snapshot), optional
        Only the steps from the first of these to the second; by default
        all.
    executor : concurrent.futures.Executor, optional
        Where to compare snapshots; by default here.

    Returns
    -------
    tuple of Break
        In time order, one a step at most.

    Notes
    -----
    Jumps are judged against the steps within 30 days.  A slice of a history
    knows only its own steps: near its ends it may judge otherwise than the
    whole, and with fewer than seven others it judges no jump.  ``between``
    does not have this effect.

    Each step is compared once in the life of a history.
    """
    first, last = 1, len(history) - 1
    if between is not None:
        moments = [snapshot.published_at for snapshot in history]
        since, until = (item.published_at for item in between)
        first = max(bisect.bisect_right(moments, since), 1)
        last = bisect.bisect_right(moments, until) - 1
    if last < first:
        return ()
    known: dict[int, Break | None] = kept(history, "breaks")
    indices = range(first, last + 1)
    if not known.keys() >= set(indices):
        steps = _steps(history, first, last, executor)
        for index in indices:
            if index not in known:
                known[index] = _judged(steps, index)
    found = (known[index] for index in indices)
    return tuple(item for item in found if item is not None)


def break_records(found: Iterable[Break]) -> list[dict[str, Any]]:
    """Breaks as plain records, for the attributes of a table."""
    return [
        {
            "since_snapshot": item.since.id,
            "until_snapshot": item.until.id,
            "detail": item.reason,
            "km2": item.km2,
        }
        for item in found
    ]


def _steps(
    history: History, first: int, last: int, executor: Executor | None
) -> Steps:
    """Steps to be judged, with those around them."""
    moments = [snapshot.published_at for snapshot in history]
    around = dt.timedelta(days=AROUND_DAYS)
    low = bisect.bisect_left(moments, moments[first] - around)
    high = bisect.bisect_right(moments, moments[last] + around)
    indices = range(max(low, 1), high)
    return Steps(history, indices[0], traces_of(history, indices, executor))


def _judged(steps: Steps, index: int) -> Break | None:
    findings = [
        finding
        for look in _LOOKS
        if (finding := look(steps, index)) is not None
    ]
    if not findings:
        return None
    return Break(
        index,
        *steps.ends(index),
        "; ".join(finding.reason for finding in findings),
        max(finding.km2 for finding in findings),
    )


def _noted(steps: Steps, index: int) -> Finding | None:
    """Notes of reading that only one of the maps has."""
    one, other = (
        {note.detail for note in item.notes if note.kind == "method_break"}
        for item in steps.ends(index)
    )
    if one == other:
        return None
    ended = (_reasons.ENDED.format(note=note) for note in one - other)
    told = [*(other - one), *ended]
    return Finding("; ".join(sorted(told)), steps.moved_km2(index))


def _drawn_otherwise(steps: Steps, index: int) -> Finding | None:
    """Another coverage, or a grey zone only on one of the maps."""
    before, after = steps.ends(index)
    if before.draws_grey_zone != after.draws_grey_zone:
        grey = before.grey_zone or after.grey_zone
        km2 = float(area_km2(grey)) if grey is not None else 0.0
        begins = after.draws_grey_zone
        reason = (
            _reasons.GREY_ZONE_BEGINS if begins else _reasons.GREY_ZONE_ENDS
        )
        return Finding(reason, km2)
    if before.coverage == after.coverage:
        return None
    whole = _coverage(before), _coverage(after)
    differing = shapely.symmetric_difference(*whole)
    return Finding(_reasons.COVERAGE, float(area_km2(differing)))


def _emptied(steps: Steps, index: int) -> Finding | None:
    """A map that is empty, or lost or won a large part at once."""
    before, after = steps.ends(index)
    moved = steps.moved_km2(index)
    was_empty, is_empty = _is_empty(before), _is_empty(after)
    if was_empty != is_empty:
        reason = _reasons.IS_EMPTY if is_empty else _reasons.WAS_EMPTY
        return Finding(reason, moved)
    if moved < _LARGE_KM2 or steps.is_long(index):
        return None
    one, other = area_km2(before.occupied), area_km2(after.occupied)
    # Nothing may be occupied on both: the grey zone moves, too.
    if abs(other - one) < _LARGE * max(one, other) or one == other:
        return None
    part = abs(other - one) / max(one, other)
    reason = _reasons.GROWS if other > one else _reasons.SHRINKS
    return Finding(reason.format(part=f"{part:.0%}"), moved)


def _is_empty(snapshot: Snapshot) -> bool:
    drawn = snapshot.drawn("occupied")
    return drawn is None or not len(drawn)


def _jumps(steps: Steps, index: int) -> Finding | None:
    """Out of line with the source's own history, and no advance."""
    moved = steps.moved(index)
    median_km2, count = steps.level_km2(index)
    level_km2 = median_km2 * max(steps.days(index), 1.0)
    if (
        steps.is_long(index)
        or steps.is_early(index)
        or count < _FEWEST
        or moved.sum() < max(_FLOOR_KM2, _TIMES * level_km2)
    ):
        return None
    way = TOWARDS if moved[TOWARDS] > moved[AWAY] else AWAY
    is_one_way = moved[1 - way] <= max(_OTHER_WAY * moved[way], level_km2)
    if is_one_way and steps.shared(index, way) >= _SHARED:
        return None
    area = f"{moved.sum():,.0f}"
    reason = _reasons.JUMP_FROM_NOTHING.format(area=area)
    if level_km2:
        times = f"{moved.sum() / level_km2:,.0f}"
        reason = _reasons.JUMP.format(area=area, times=times)
    return Finding(reason, float(moved.sum()))


def _undone(steps: Steps, index: int) -> Finding | None:
    """Ground that moves one way, and back again soon.

    Where what undoes a step is undone itself, the step stands.
    """
    for other in steps.near(index):
        first, later = sorted((index, other))
        km2 = _undone_km2(steps, first, later)
        if _is_unusual(steps, first, later, km2) and not any(
            _is_unusual(steps, later, last, _undone_km2(steps, later, last))
            for last in steps.near(later)
            if last > later
        ):
            reason = _reasons.UNDONE if index == first else _reasons.UNDOES
            told = reason.format(area=f"{km2:,.0f}", days=NEAR_DAYS)
            return Finding(told, km2)
    return None


def _is_unusual(steps: Steps, first: int, later: int, km2: float) -> bool:
    """Whether so much does not go back by itself."""
    both = first, later
    level_km2 = max(steps.level_km2(step)[0] for step in both)
    mainly_km2 = _MAINLY * min(steps.moved_km2(step) for step in both)
    return km2 >= max(
        _UNDONE_KM2, level_km2, min(mainly_km2, _UNUSUAL * level_km2)
    )


def _undone_km2(steps: Steps, index: int, later: int) -> float:
    """How much of what a step moved a later one takes back.

    By cells first; then exactly: how much nearer the later one brings the
    map to what it was before.
    """
    by_cell = steps.returned_km2(index, later, _UNDONE)
    if by_cell < _UNDONE_KM2:
        return 0.0
    away, left = (
        _apart_km2(steps.history[index - 1], steps.history[end])
        for end in (later - 1, later)
    )
    exactly = (away + steps.moved_km2(later) - left) / 2.0
    if exactly < _UNDONE * by_cell:
        return 0.0
    # Where the grey zone begins or ends to be drawn on the way, the maps are
    # set against each other in other terms: no more is undone than moved.
    return min(exactly, *(steps.moved_km2(step) for step in (index, later)))


def _apart_km2(one: Snapshot, other: Snapshot) -> float:
    return float(change(*comparable(one, other)).areas_km2.sum())


def _rounded(steps: Steps, index: int) -> Finding | None:
    """Many vertices that hardly move: coordinates of another precision."""
    trace = steps.trace(index)
    if trace.shifted < max(_SHIFTED_VERTICES, _SHIFTED * trace.renewed):
        return None
    reason = _reasons.ROUNDED.format(count=f"{trace.shifted:,}")
    return Finding(reason, trace.slivers_km2)


def _redrawn(steps: Steps, index: int) -> Finding | None:
    """Lines drawn anew over much of the map, and not by rounding."""
    trace = steps.trace(index)
    if (
        steps.is_long(index)
        or trace.redrawn < max(FEW_CELLS, _REDRAWN * trace.cells)
        or trace.shifted >= max(_SHIFTED_VERTICES, _ALL * trace.renewed)
    ):
        return None
    part = trace.redrawn / trace.cells
    reason = _reasons.REDRAWN.format(part=f"{part:.0%}")
    return Finding(reason, steps.moved_km2(index))


def _switched(steps: Steps, index: int) -> Finding | None:
    """Polygons at the border that are cut there on one of the days only.

    Whole, cut or left out: that depends on where most of a polygon lies, so
    that a polygon may change sides as a whole while its line hardly moves.
    """
    one, other = (_cut(item) for item in steps.ends(index))
    if len(one) == len(other):
        return None
    more_km2 = sum(other) - sum(one)
    reason = _reasons.CUT_MORE if more_km2 > 0 else _reasons.CUT_LESS
    told = reason.format(area=f"{abs(more_km2):,.1f}")
    return Finding(told, min(abs(more_km2), steps.moved_km2(index)))


def _cut(snapshot: Snapshot) -> list[float]:
    """How much was cut from each polygon at the border."""
    return [
        note.km2
        for note in snapshot.notes
        if note.detail.endswith(AT_THE_BORDER) and note.km2 >= _CUT_KM2
    ]


def _coverage(snapshot: Snapshot) -> shapely.MultiPolygon:
    return territory() if snapshot.coverage is None else snapshot.coverage


_LOOKS: tuple[Callable[[Steps, int], Finding | None], ...] = (
    _noted,
    _drawn_otherwise,
    _emptied,
    _jumps,
    _undone,
    _rounded,
    _redrawn,
    _switched,
)
