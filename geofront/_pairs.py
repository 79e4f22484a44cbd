"""Two sources set against each other: on which days, where, in which terms."""

import bisect
import datetime as dt
from collections.abc import Hashable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geofront._record_tables import attributes
from geofront._rows import Flags
from geofront._split import common_coverage
from geofront._transitions import OCCUPIED
from geofront._words import counted
from geofront.cadence import Look, looks
from geofront.days import Cadence, Day, as_date, end_of_day, kyiv_date
from geofront.errors import InvalidBoundaryError, MissingDateError
from geofront.geodesy import area_km2
from geofront.history import CARRY, History
from geofront.model import Snapshot

__all__ = ["SourcePair", "attributes_of_pairs", "common_ground", "differing"]
__all__ += ["note_of", "pair_on", "pairs_of"]


class SourcePair(NamedTuple):
    """Two sources looked at, at the same moment."""

    a: Look
    b: Look

    @property
    def snapshots(self) -> tuple[Snapshot, Snapshot]:
        """The maps that are compared."""
        return self.a.snapshot, self.b.snapshot

    def names(self) -> dict[str, Any]:
        """What every record of a comparison begins with."""
        return {
            "date": pd.Timestamp(self.a.date),
            "a": self.a.snapshot.source,
            "b": self.b.snapshot.source,
        }

    def seen(self) -> dict[str, Any]:
        """What every record of a comparison ends with."""
        return {
            f"{side}_{name}": value
            for side, look in (("a", self.a), ("b", self.b))
            for name, value in (
                ("published_at", pd.Timestamp(look.snapshot.published_at)),
                ("snapshot", look.snapshot.id),
                ("carried", look.carried),
            )
        }


def pair_on(a: History, b: History, day: Day) -> SourcePair:
    """What two sources show at the end of a day.

    Raises
    ------
    MissingDateError
        As for :func:`pairs_of`.
    """
    return pairs_of(a, b, day, day)[0][0]


def pairs_of(
    a: History,
    b: History,
    since: Day | None = None,
    until: Day | None = None,
    every: Cadence = "day",
) -> tuple[list[SourcePair], list[dt.date]]:
    """What two sources show at the same moments.

    Parameters
    ----------
    a, b : History
    since, until : str or datetime.date, optional
        By default the first and the last day of both.
    every : {'day', 'snapshot', 'week', 'month', 'all'}
        ``snapshot``: whenever either publishes, while both speak.

    Returns
    -------
    pairs : list of SourcePair
    left_out : list of datetime.date
        Days on which one of them shows what is more than 72 hours old: the
        difference would be that of two dates.

    Raises
    ------
    MissingDateError
        If a source does not speak for ``since`` or ``until``, or no day is
        left.
    """
    first, last = max(a.span[0], b.span[0]), min(a.span[1], b.span[1])
    if since is None and until is None and first > last:
        raise MissingDateError(f"{_spans(a, b)}: no day is common to both")
    begin = first if since is None else as_date(since)
    end = last if until is None else as_date(until)
    # Of one end given beyond the other, `looks` says who does not speak then.
    if since is None:
        begin = min(begin, end)
    if until is None:
        end = max(begin, end)
    if every == "snapshot":
        for history in (a, b):
            looks(history, begin, end)  # which refuses days not spoken for
        found = list(_moments(a, b, begin, end))
    else:
        sides = (looks(item, begin, end, every) for item in (a, b))
        found = [
            (SourcePair(*seen), end_of_day(seen[0].date))
            for seen in zip(*sides, strict=True)
        ]
    fresh = [pair for pair, moment in found if _is_fresh(pair, moment)]
    if not fresh:
        raise MissingDateError(
            f"{_spans(a, b)}: from {begin} to {end} there is no day on which "
            "each has a snapshot of the last 72 hours"
        )
    old = {
        pair.a.date for pair, moment in found if not _is_fresh(pair, moment)
    }
    return fresh, sorted(old)


def _moments(
    a: History, b: History, begin: dt.date, end: dt.date
) -> Iterator[tuple[SourcePair, dt.datetime]]:
    """What both show whenever either publishes, from one day to another."""
    last = end_of_day(end)
    first = end_of_day(begin - dt.timedelta(days=1))
    moments = {
        snapshot.published_at
        for history in (a, b)
        for snapshot in history
        if first <= snapshot.published_at < last
    }
    for moment in sorted(moments):
        if moment >= max(a[0].published_at, b[0].published_at):
            day = kyiv_date(moment)
            yield (
                SourcePair(
                    *(Look(day, _in_force(each, moment)) for each in (a, b))
                ),
                moment,
            )


def _in_force(history: History, moment: dt.datetime) -> Snapshot:
    """Last snapshot published up to a moment."""
    number = bisect.bisect_right(
        history, moment, key=lambda item: item.published_at
    )
    return history[number - 1]


def _is_fresh(pair: SourcePair, moment: dt.datetime) -> bool:
    return all(
        moment - snapshot.published_at <= CARRY for snapshot in pair.snapshots
    )


def _spans(a: History, b: History) -> str:
    return " and ".join(
        f"{item.source} ({item.span[0]} to {item.span[1]})" for item in (a, b)
    )


def attributes_of_pairs(
    history: History, pairs: Sequence[SourcePair]
) -> dict[Hashable | None, Any]:
    """What a table of comparisons rests on."""
    seen = {item.id: item for pair in pairs for item in pair.snapshots}
    return {
        **attributes(history),
        "source": sorted({item.source for item in seen.values()}),
        "snapshots": sorted(seen),
    }


def note_of(pairs: Sequence[SourcePair], left_out: Sequence[dt.date]) -> str:
    """How much of two sources was compared, and by which states."""
    one, other = pairs[-1].snapshots
    lacking = [
        item.source for item in (one, other) if not item.draws_grey_zone
    ]
    states = "occupied, grey zone and held are compared"
    if lacking:
        verb = "draw" if len(set(lacking)) > 1 else "draws"
        states = (
            "occupied and not occupied are compared, since "
            f"{' and '.join(dict.fromkeys(lacking))} {verb} no grey zone"
        )
    text = f"{one.source} and {other.source}: {states}"
    carried = sum(pair.a.carried or pair.b.carried for pair in pairs)
    if carried:
        text += (
            f"; in {carried} of {counted(len(pairs), 'comparison')} a map is "
            "carried forward"
        )
    if left_out:
        text += (
            f"; left out {counted(len(left_out), 'day')} from {left_out[0]} "
            f"to {left_out[-1]} on which one of the maps is older than 72 "
            "hours"
        )
    return text


def common_ground(one: Snapshot, other: Snapshot) -> BaseGeometry | None:
    """What both cover; None is everything."""
    common = common_coverage(one.coverage, other.coverage)
    if common is not None and not area_km2(common):
        raise InvalidBoundaryError(
            f"{one.id} and {other.id} have no ground in common: what the one "
            "covers, the other does not"
        )
    return common


def differing(one: Snapshot, other: Snapshot) -> Flags:
    """Which states on one map and the other are a dispute: (3, 3)."""
    if one.draws_grey_zone and other.draws_grey_zone:
        return ~np.eye(3, dtype=bool)
    occupied = np.arange(3) == OCCUPIED
    found: Flags = occupied[:, np.newaxis] != occupied
    return found
