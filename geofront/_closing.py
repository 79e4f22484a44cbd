"""How fast a distance shrinks, and by how much it did.

A trend that a few odd days do not sway is 0 where a front rests on most days
and leaps on few, as real ones do: what it leaps is told beside.
"""

import bisect
import datetime as dt
from collections.abc import Sequence
from concurrent.futures import Executor

import numpy as np

from geofront._breaks import breaks
from geofront._columns import Columns
from geofront._rows import Flags, Floats, Ints
from geofront.cadence import Look
from geofront.history import History

__all__ = ["closing", "drawings", "samples"]

_FEWEST = 3
"""Days that a trend needs."""

# Days of less than this part of the window say nothing of all of it.
_LEAST_SPAN = 0.5

_DAYS_PER_WEEK = 7.0


def samples(
    history: History, seen: Sequence[Look], window_days: int
) -> list[Look]:
    """Days with a snapshot of their own in the windows of several looks.

    Parameters
    ----------
    history : History
    seen : sequence of Look
        In time order.
    window_days : int
        How many days before each look its window begins.
    """
    window = dt.timedelta(days=window_days)
    return [
        Look(snapshot.date, snapshot)
        for snapshot in history.daily()
        if seen[0].date - window <= snapshot.date <= seen[-1].date
    ]


def drawings(
    history: History,
    sampled: Sequence[Look],
    across_breaks: bool,
    executor: Executor | None,
) -> Ints:
    """Number the ways in which the source drew: a break begins another.

    Parameters
    ----------
    history : History
    sampled : sequence of Look
        As `samples` gives them.
    across_breaks : bool
        Take all for one.
    executor : concurrent.futures.Executor or None

    Returns
    -------
    ndarray of int, shape (sampled,)
        Days of one number may be compared.
    """
    if across_breaks or not sampled:
        return np.zeros(len(sampled), np.intp)
    whole = sampled[0].snapshot, sampled[-1].snapshot
    moments = [
        found.until.published_at
        for found in breaks(history, between=whole, executor=executor)
        if found.moves_line
    ]
    return np.array(
        [
            bisect.bisect_right(moments, look.snapshot.published_at)
            for look in sampled
        ],
        np.intp,
    )


def closing(
    seen: Sequence[Look],
    sampled: Sequence[Look],
    distances: Floats,
    window_days: int,
    drawing: Ints,
) -> Columns:
    """Trend of distances over the window that ends with each look.

    Parameters
    ----------
    seen : sequence of Look
    sampled : sequence of Look
        As `samples` gives them.
    distances : ndarray, shape (sampled, places)
        Kilometres; not a number where not known.
    window_days : int
    drawing : ndarray of int, shape (sampled,)
        Only days of one number are compared.

    Returns
    -------
    dict of str to ndarray, shape (seen × places,)
    """
    # By the day, not by the moment: two days' last maps can be an hour apart.
    days = np.array([look.date.toordinal() for look in sampled], float)
    trends, counts, nearer = [], [], []
    for look in seen:
        last = look.date.toordinal()
        rows = (days >= last - window_days) & (days <= last)
        slope, count = _trend(
            days[rows], distances[rows], window_days, drawing[rows]
        )
        trends.append(-_DAYS_PER_WEEK * slope)
        counts.append(count)
        nearer.append(_closed(distances[rows], drawing[rows]))
    speed, known = np.concatenate(trends), np.concatenate(counts)
    return {
        # Adding zero turns −0.0 into 0.0.
        "closing_km_per_week": speed + 0.0,
        "closing_window_days": np.full(len(speed), window_days),
        "closing_samples": known,
        "closed_km": np.concatenate(nearer) + 0.0,
    }


def _closed(distances: Floats, drawing: Ints) -> Floats:
    """How much nearer each column came, by the days of each drawing.

    From the first to the last known value of a drawing, and of drawings the
    sum; not a number where none has two values.
    """
    parts = [_fall(distances[own]) for own in _groups(drawing)]
    each = np.array(parts).reshape(len(parts), distances.shape[1])
    total: Floats = np.nansum(each, axis=0)
    return np.where(np.isnan(each).all(axis=0), np.nan, total)


def _fall(distances: Floats) -> Floats:
    """The first known value of each column less the last."""
    is_known = ~np.isnan(distances)
    first = np.argmax(is_known, axis=0)
    last = len(distances) - 1 - np.argmax(is_known[::-1], axis=0)
    column = np.arange(distances.shape[1])
    fall = distances[first, column] - distances[last, column]
    return np.where(first < last, fall, np.nan)


def _trend(
    days: Floats, distances: Floats, window_days: int, drawing: Ints
) -> tuple[Floats, Ints]:
    """Slope of each column, and how many values it rests on.

    Repeated medians (Siegel): of the slopes from each value to all others
    of its drawing the median, of these the median.  Scattered values that
    jump, up to half of them, do not sway it.  Not a number where too few
    values can be compared, or too close ones.

    References
    ----------
    Siegel, A. F. (1982). Robust regression using repeated medians.
    Biometrika 69, 242-244. doi:10.1093/biomet/69.1.242
    """
    each = days[:, np.newaxis]
    rise = distances[:, np.newaxis] - distances
    run = np.where(drawing[:, np.newaxis] == drawing, each - days, np.nan)
    np.fill_diagonal(run, np.nan)
    slopes = rise / run[:, :, np.newaxis]
    # A value that can be compared with no other does not count.
    counts: Flags = np.asarray((~np.isnan(slopes)).any(axis=1))
    known: Ints = counts.sum(axis=0)
    span = sum(
        (_span(each[own], counts[own]) for own in _groups(drawing)),
        start=np.zeros(distances.shape[1]),
    )
    is_enough = (known >= _FEWEST) & (span >= _LEAST_SPAN * window_days)
    slope = _median(_median(slopes))
    return np.where(is_enough, slope, np.nan), known


def _groups(drawing: Ints) -> list[Flags]:
    return [drawing == number for number in np.unique(drawing)]


def _span(days: Floats, counts: Flags) -> Floats:
    """From the first to the last day that counts, of each column."""
    latest = np.where(counts, days, -np.inf).max(axis=0, initial=-np.inf)
    earliest = np.where(counts, days, np.inf).min(axis=0, initial=np.inf)
    span: Floats = np.maximum(latest - earliest, 0.0)
    return span


def _median(values: Floats) -> Floats:
    """Medians over the first axis but of what is not a number."""
    if not len(values):
        return np.full(values.shape[1:], np.nan)
    ordered = np.sort(values, axis=0)
    count = (~np.isnan(values)).sum(axis=0)[np.newaxis]
    low = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=0)
    high = np.take_along_axis(
        ordered, np.minimum(count // 2, len(values) - 1), axis=0
    )
    middle: Floats = np.where(count > 0, (low + high) / 2.0, np.nan)[0]
    return middle
