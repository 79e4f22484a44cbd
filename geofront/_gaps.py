"""Gaps in a series: figures do not draw what no snapshot showed.

A day without a snapshot carries the last one forward, and over a few days a
chart may do so too.  What is older than that is no measurement: lines break,
bars are left out, and the gap is marked.
"""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from geofront._figures import FAINT
from geofront._languages import day_text
from geofront._rows import Flags
from geofront.days import KYIV

__all__ = [
    "Gap",
    "broken",
    "gaps",
    "gaps_told",
    "is_daily",
    "is_fresh",
    "joined",
    "mark",
    "spans",
]

_CARRIED = pd.Timedelta(days=3)
"""A snapshot this old still stands for a day."""

_DAY = pd.Timedelta(days=1)
_SHADE = "#ECECEC"


class Gap(NamedTuple):
    """Days for which nothing is known."""

    since: pd.Timestamp
    until: pd.Timestamp  # the first day after it


def is_fresh(
    days: "pd.Series[Any]", published_at: "pd.Series[Any]"
) -> "pd.Series[bool]":
    """Whether snapshots are recent enough to stand for days."""
    shown = published_at.dt.tz_convert(KYIV).dt.tz_localize(None)
    fresh: pd.Series[bool] = days - shown.dt.normalize() <= _CARRIED
    return fresh


def spans(table: pd.DataFrame) -> list[Gap]:
    """Gaps in a table of days, with ``date`` and ``published_at``."""
    days = table.drop_duplicates("date").sort_values("date")
    date = days["date"].reset_index(drop=True)
    fresh = is_fresh(days["date"], days["published_at"]).to_numpy()
    # What follows a row: a row that is stale, or one that is far off.
    step = date.diff().shift(-1)
    jump = step > max(_CARRIED, 2 * step.median())
    ends = date.shift(-1, fill_value=date.iloc[-1] + _DAY)
    found = [
        Gap(date[row] + (_DAY if fresh[row] else 0 * _DAY), ends[row])
        for row in range(len(date))
        if jump[row] or not fresh[row]
    ]
    return joined(found)


def is_daily(table: pd.DataFrame) -> bool:
    """Whether a table of days has so many that its gaps hold no snapshot."""
    days = pd.DatetimeIndex(table["date"].drop_duplicates().sort_values())
    return len(days) > 1 and bool(np.median(np.diff(days)) <= _DAY)


def joined(found: list[Gap]) -> list[Gap]:
    """Gaps in time order, those that adjoin as one."""
    whole: list[Gap] = []
    for gap in found:
        if whole and gap.since <= whole[-1].until:
            whole[-1] = Gap(whole[-1].since, gap.until)
        else:
            whole.append(gap)
    return whole


def broken(line: "pd.Series[Any]", without: list[Gap]) -> "pd.Series[Any]":
    """A line by date with nothing in the gaps, where it is to break."""
    kept = line.copy()
    for gap in without:
        inside = (kept.index >= gap.since) & (kept.index < gap.until)
        kept = kept[~inside]
        if len(kept) and kept.index[0] < gap.since:
            kept = kept.reindex(kept.index.union([gap.since]))
    return kept


def gaps(deltas: pd.DataFrame) -> Flags:
    """Which steps a gap falls into: their change belongs to no time."""
    step = deltas["until"] - deltas["since"]
    short = deltas["cadence"].isin(["snapshot", "day"])
    fresh = is_fresh(deltas["since"], deltas["since_published_at"])
    fresh &= is_fresh(deltas["until"], deltas["until_published_at"])
    return np.asarray(~fresh | (short & (step > _CARRIED)))


def mark(
    axes: Axes, found: list[Gap], *, label: bool = True, whole: bool = True
) -> None:
    """Shade gaps, and say what they are where there is room.

    Days of them may have snapshots unless ``whole``.
    """
    first, last = axes.get_xlim()
    for gap in found:
        since, until = (axes.convert_xunits(day) for day in gap)
        axes.axvspan(since, until, color=_SHADE, linewidth=0, zorder=0)
        if label and until - since > 0.14 * (last - first):
            axes.text(
                (since + until) / 2.0,
                0.97,
                "no snapshots" if whole else "not shown",
                transform=axes.get_xaxis_transform(),
                fontsize=8,
                color=FAINT,
                horizontalalignment="center",
                verticalalignment="top",
            )
    axes.set_xlim(first, last)


def gaps_told(found: list[Gap], *, whole: bool = True) -> str:
    """Gaps in words, for the alt text: empty if there is none.

    Days of them may have snapshots unless ``whole``.
    """
    if not found:
        return ""
    ends = [
        (gap.since, gap.until - _DAY if whole else gap.until) for gap in found
    ]
    days = "; ".join(
        " to ".join(day_text(day.date()) for day in pair) for pair in ends
    )
    why = "No snapshots" if whole else "Not shown, as a gap falls into it"
    return f" {why}: {days}."
