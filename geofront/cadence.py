"""A history looked at in steps: every snapshot, day, week, month, or once."""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from geofront._expected import need_history
from geofront.days import (
    Cadence,
    Day,
    as_date,
    check_cadence,
    end_of_day,
    ends_period,
    period_ends,
)
from geofront.history import CARRY, History
from geofront.model import Snapshot

__all__ = ["Look", "behind", "looks", "steps"]


class Look(NamedTuple):
    """A history looked at, at the end of a day."""

    date: dt.date
    snapshot: Snapshot

    @property
    def carried(self) -> bool:
        """Whether the day has no snapshot of its own."""
        return self.snapshot.date != self.date

    @property
    def outdated(self) -> bool:
        """Whether the snapshot is older than one may be carried forward.

        Within a history there is one for each day, however old; beyond its
        end such a day is an error.
        """
        return end_of_day(self.date) - self.snapshot.published_at > CARRY

    def fields(self) -> dict[str, Any]:
        """What every record of a day begins with."""
        return {
            "date": pd.Timestamp(self.date),
            "published_at": pd.Timestamp(self.snapshot.published_at),
            "source": self.snapshot.source,
            "carried": self.carried,
        }


def looks(
    history: History,
    since: Day | None = None,
    until: Day | None = None,
    every: Cadence = "day",
) -> list[Look]:
    """States at the ends of periods, or every snapshot of the days asked for.

    Parameters
    ----------
    history : History
    since, until : str or datetime.date, optional
        First and last day, both included; the history's own by default.
    every : {'snapshot', 'day', 'week', 'month', 'all'}
        ``all`` is the last day alone.  A period cut by ``until`` is looked
        at on that day.

    Raises
    ------
    MissingDateError
        If the history does not speak for one of the days.
    """
    first, last = _bounds(history, since, until, every)
    if every == "snapshot":
        return [
            Look(item.date, item)
            for item in history
            if first <= item.date <= last
        ]
    ends = period_ends(first, last, every)
    if not ends_period(first, every) and len(ends) > 1:
        ends = ends[1:]
    return [Look(day, history.at(day)) for day in ends]


def steps(
    history: History,
    since: Day | None = None,
    until: Day | None = None,
    every: Cadence = "day",
) -> list[tuple[Look, Look]]:
    """Pairs of states between which change is measured.

    The state at the end of ``since`` is the first term, the state at the
    end of ``until`` the last.  Parameters and errors as for :func:`looks`.
    """
    first, last = _bounds(history, since, until, every)
    if every == "snapshot":
        opening = history[0] if since is None else history.at(first)
        seen = [Look(first, opening)] + [
            Look(item.date, item)
            for item in history
            if item.published_at > opening.published_at and item.date <= last
        ]
    else:
        days = period_ends(first, last, every)
        seen = [Look(day, history.at(day)) for day in days]
    return list(itertools.pairwise(seen))


def behind(
    history: History, seen: Iterable[Look], until: Day | None = None
) -> Sequence[Snapshot]:
    """Snapshots that were looked at; if none, that of the last day."""
    found = [look.snapshot for look in seen]
    day = history.span[1] if until is None else until
    return found or [history.at(day)]


def _bounds(
    history: History, since: Day | None, until: Day | None, every: str
) -> tuple[dt.date, dt.date]:
    check_cadence(every)
    need_history(history)
    first, last = history.span
    if since is not None:
        first = as_date(since)
    # A day on which the last snapshot is carried may be asked for alone.
    last = max(first, last) if until is None else as_date(until)
    # Asking tells the user at once what the history does not speak for.
    history.at(first)
    history.at(last)
    if first > last:
        raise ValueError(f"since {first} is after until {last}")
    return first, last
