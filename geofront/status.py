"""The state of places, day by day, and the runs of days of one state."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from geofront._extents import Extents
from geofront._record_tables import table
from geofront._rows import Flags, Floats, Objects
from geofront._seen import (
    NAMES,
    SHARES,
    UNKNOWN,
    Codes,
    Seen,
    measure,
    start_of_last,
    verdicts,
)
from geofront._tasks import spread_looks
from geofront.cadence import Look, behind, looks
from geofront.days import Cadence, Day
from geofront.history import History
from geofront.model import Snapshot
from geofront.place import Place
from geofront.places import as_places
from geofront.records import EVENTS, STATUS

__all__ = ["kind_of_extent", "place_events", "place_status"]
__all__ += ["settlements_of"]

# Less of an extent, 3 m² of Bilohorivka's, is what rounding leaves over.
_TOUCHED = 1e-6


def place_status(
    history: History,
    places: Iterable[Place | str] | Place | str,
    *,
    since: Day | None = None,
    until: Day | None = None,
    every: Cadence = "day",
    executor: Executor | None = None,
) -> pd.DataFrame:
    """State of places, and shares of their extents by state, day by day.

    Parameters
    ----------
    history : History
    places : Place, name, or iterable of them
        One or thousands; names as for `geofront.places.find`.
    since, until : str or datetime.date, optional
        First and last day, both included; by default the whole history.
    every : {'day', 'snapshot', 'week', 'month', 'all'}
        A week or month is given by its last day; ``all`` is the last day.
    executor : concurrent.futures.Executor, optional
        Where to compute; by default here.  The result is the same.

    Returns
    -------
    pandas.DataFrame
        A row a day and place: ``date, published_at, source, place,
        place_id, oblast, raion, state, occupied_share, grey_zone_share,
        held_share, extent, uncertain, carried``.  ``state`` is that of the
        centre, the shares are of the extent.  ``extent`` is ``polygon`` or
        ``estimated``, a disc; null where nothing tells its size, and then
        the shares are null too.

    Raises
    ------
    MissingDateError
        If the history does not speak for ``since`` or ``until``.
    UnknownPlaceError
        If there is no such place.

    Notes
    -----
    A row is ``uncertain`` if, with the disc at 0.7 or 1.3 of its radius, a
    claim that the place is in one of the states would get another verdict:
    0.9 or more of the extent, 0.1 or less, or between.

    Shares are null where the source does not cover all of the extent; all
    but the occupied one are where it draws no grey zone.  They equal those
    of intersections with the dissolved areas to 1e-9.

    Examples
    --------
    >>> import geofront as gf
    >>> table = gf.place_status(gf.example_history(), "Bilohorivka, Luhansk",
    ...                         since="2025-02-24", until="2025-02-24")
    >>> table.loc[0, "state"]
    'grey_zone'
    """
    asked = as_places(places, needed=False)
    seen = looks(history, since, until, every)
    found = spread_looks(
        partial(_figures, extents=Extents.of_places(asked)),
        seen,
        executor=executor,
    )
    shares = np.concatenate([figures.shares for figures in found])
    columns = {
        **_of_looks(seen, len(asked)),
        **_of_places(asked, len(seen)),
        "state": NAMES[np.concatenate([item.state for item in found])],
        **dict(zip(SHARES, shares.T, strict=True)),
        "uncertain": np.concatenate([item.uncertain for item in found]),
    }
    return table(columns, STATUS, behind(history, seen, until))


class _Figures(NamedTuple):
    """What goes into the table, of one map and all places."""

    state: Codes
    shares: Floats  # (places, states)
    uncertain: Flags


def _figures(snapshots: list[Snapshot], extents: Extents) -> list[_Figures]:
    """Figures of each snapshot: what one task computes."""
    return [
        _Figures(seen.state, seen.shares[:, :, 0], _is_uncertain(seen))
        for seen in measure(snapshots, extents)
    ]


def _is_uncertain(seen: Seen) -> Flags:
    found = verdicts(seen.shares)
    differs: Flags = (found != found[:, :, :1]).any(axis=(1, 2))
    return differs


def _of_looks(seen: Sequence[Look], places: int) -> dict[str, Any]:
    """Columns that a day has in common for all places."""
    frame = pd.DataFrame([look.fields() for look in seen])
    rows = np.repeat(np.arange(len(seen)), places)
    return {str(name): frame[name].array[rows] for name in frame}


def _of_places(places: Sequence[Place], days: int) -> dict[str, Objects]:
    """Columns that a place has in common for all days."""
    values = {
        "place": [place.name for place in places],
        "place_id": [place.id for place in places],
        "oblast": [place.oblast for place in places],
        "raion": [place.raion for place in places],
        "extent": [kind_of_extent(place) for place in places],
    }
    return {
        name: np.tile(np.array(value, dtype=object), days)
        for name, value in values.items()
    }


def kind_of_extent(place: Place) -> str | None:
    """What is known of a place's size: an outline, an estimate, nothing."""
    if not place.has_extent:
        return None
    return "estimated" if place.extent_is_estimated else "polygon"


# ---- events


def place_events(
    history: History,
    places: Iterable[Place | str] | Place | str,
    *,
    since: Day | None = None,
    until: Day | None = None,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Runs of the state at the centre of places, snapshot by snapshot.

    Parameters
    ----------
    history : History
    places : Place, name, or iterable of them
        An agglomeration stands for its members: it has no state itself.
    since, until : str or datetime.date, optional
        First and last day: runs that reach into them are listed, with
        their own ends, not cut.  By default all.
    executor : concurrent.futures.Executor, optional
        Where to compute; by default here.  The result is the same.

    Returns
    -------
    pandas.DataFrame
        A row a run, in time order, place by place: ``source, place,
        place_id, state, since, until, first_touched_on,
        since_published_at, until_published_at, not_before``.  ``until`` is
        the day on which another state began, null while the run lasts.

    Raises
    ------
    MissingDateError
        If the history does not speak for ``since`` or ``until``.
    UnknownPlaceError
        If there is no such place.

    Notes
    -----
    Every snapshot counts, not only the last of a day: a run can begin and
    end on one day.  A change was mapped on ``since``, and happened on the
    map after ``not_before``, the day of the snapshot before; without one
    the run began then or earlier.

    ``first_touched_on`` is the day from which on, without a break up to the
    run, some of the extent was in its state; null if no share is known.

    A run ends, too, where nothing is known of the centre; such stretches
    have no row of their own.
    """
    asked = settlements_of(as_places(places, needed=False))
    days = looks(history, since, until)
    seen = looks(history, every="snapshot")
    found = spread_looks(
        partial(_traces, extents=Extents.of_places(asked)),
        seen,
        executor=executor,
    )
    states = np.array([trace.state for trace in found])
    touched = np.array([trace.touched for trace in found])
    rows = [
        {"place": place.name, "place_id": place.id, **_event(seen, run)}
        for number, place in enumerate(asked)
        for run in _runs(states[:, number], touched[:, number])
        if seen[run.first].date <= days[-1].date
        and (run.end is None or seen[run.end].date >= days[0].date)
    ]
    return table(rows, EVENTS, history)


def settlements_of(places: Iterable[Place]) -> list[Place]:
    """Places, each once, agglomerations replaced by their members."""
    single: dict[str, Place] = {}
    for place in places:
        members = settlements_of(place.members)
        single |= {item.id: item for item in members or [place]}
    return list(single.values())


class _Trace(NamedTuple):
    """What one map shows of places, as far as runs need it."""

    state: Codes
    touched: Codes  # (places, states): 1 if some of it is, -1 not known


def _traces(snapshots: list[Snapshot], extents: Extents) -> list[_Trace]:
    return [
        _Trace(seen.state, _touched(seen.shares[:, :, 0]))
        for seen in measure(snapshots, extents)
    ]


def _touched(shares: Floats) -> Codes:
    found = (shares > _TOUCHED).astype(np.int8)
    found[np.isnan(shares)] = UNKNOWN
    return found


class _Run(NamedTuple):
    """Neighbouring looks of one state."""

    state: int
    first: int
    end: int | None  # the look that ended it
    touched: int | None  # the first look of its prelude


def _runs(states: Codes, touched: Codes) -> Iterator[_Run]:
    """Runs of known states of one place.

    Parameters
    ----------
    states : ndarray of int8, shape (looks,)
    touched : ndarray of int8, shape (looks, states)
    """
    starts = [0, *(np.flatnonzero(np.diff(states)) + 1).tolist()]
    for first, end in zip(starts, [*starts[1:], None], strict=True):
        state = int(states[first])
        if state != UNKNOWN:
            prelude = _prelude(touched[: first + 1, state])
            yield _Run(state, first, end, prelude)


def _prelude(touched: Codes) -> int | None:
    """First look of the unbroken stretch that the last one belongs to."""
    if touched[-1] == UNKNOWN:
        return None
    return start_of_last(np.append(touched[:-1] == 1, True))


def _event(seen: Sequence[Look], run: _Run) -> dict[str, Any]:
    before = run.first - 1 if run.first else None
    return {
        "source": seen[run.first].snapshot.source,
        "state": NAMES[run.state],
        "since": _day(seen, run.first),
        "until": _day(seen, run.end),
        "first_touched_on": _day(seen, run.touched),
        "since_published_at": _moment(seen, run.first),
        "until_published_at": _moment(seen, run.end),
        "not_before": _day(seen, before),
    }


def _day(seen: Sequence[Look], number: int | None) -> pd.Timestamp | None:
    return None if number is None else pd.Timestamp(seen[number].date)


def _moment(seen: Sequence[Look], number: int | None) -> pd.Timestamp | None:
    if number is None:
        return None
    return pd.Timestamp(seen[number].snapshot.published_at)
