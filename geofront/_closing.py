"""How fast a distance shrinks: a trend that a few odd days do not sway."""

import datetime as dt
from collections.abc import Sequence

import numpy as np

from geofront._columns import Columns
from geofront._rows import Floats, Ints
from geofront.cadence import Look
from geofront.history import History

__all__ = ["closing", "samples"]

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


def closing(
    seen: Sequence[Look],
    sampled: Sequence[Look],
    distances: Floats,
    window_days: int,
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

    Returns
    -------
    dict of str to ndarray, shape (seen × places,)
    """
    # By the day, not by the moment: two days' last maps can be an hour apart.
    days = np.array([look.date.toordinal() for look in sampled], float)
    trends, counts = [], []
    for look in seen:
        last = look.date.toordinal()
        rows = (days >= last - window_days) & (days <= last)
        slope, count = _trend(days[rows], distances[rows], window_days)
        trends.append(-_DAYS_PER_WEEK * slope)
        counts.append(count)
    speed, known = np.concatenate(trends), np.concatenate(counts)
    return {
        # Adding zero turns −0.0 into 0.0.
        "closing_km_per_week": speed + 0.0,
        "closing_window_days": np.full(len(speed), window_days),
        "closing_samples": known,
    }


def _trend(
    days: Floats, distances: Floats, window_days: int
) -> tuple[Floats, Ints]:
    """Slope of each column, and how many values it rests on.

    Repeated medians (Siegel): of the slopes from each value to all others
    the median, of these the median.  Scattered values that jump, up to half
    of them, do not sway it; a step that stays does while it lies amid the
    window.  Not a number where too few values are known, or too close.

    References
    ----------
    Siegel, A. F. (1982). Robust regression using repeated medians.
    Biometrika 69, 242-244. doi:10.1093/biomet/69.1.242
    """
    is_known = ~np.isnan(distances)
    known = is_known.sum(axis=0)
    each = days[:, np.newaxis]
    latest = np.where(is_known, each, -np.inf).max(axis=0, initial=-np.inf)
    earliest = np.where(is_known, each, np.inf).min(axis=0, initial=np.inf)
    is_enough = (known >= _FEWEST) & (
        latest - earliest >= _LEAST_SPAN * window_days
    )
    rise = distances[:, np.newaxis] - distances
    run = days[:, np.newaxis] - days
    np.fill_diagonal(run, np.nan)
    slopes = rise / run[:, :, np.newaxis]
    slope = _median(_median(slopes))
    return np.where(is_enough, slope, np.nan), known


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
