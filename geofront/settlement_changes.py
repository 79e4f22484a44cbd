"""Settlements whose state changed between two days."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from geofront._breaks import break_records, breaks
from geofront._extents import Extents
from geofront._record_tables import table
from geofront._rows import Flags, Floats
from geofront._seen import NAMES, Codes, Seen, measure, start_of_last
from geofront._tasks import spread_looks
from geofront._transitions import OCCUPIED
from geofront._words import counted
from geofront.cadence import Look, looks
from geofront.days import Day
from geofront.geography import settlements
from geofront.history import History
from geofront.model import Snapshot
from geofront.place import Place
from geofront.places import as_places, register_inputs, registered
from geofront.records import SETTLEMENTS
from geofront.status import settlements_of

__all__ = ["register_fields", "register_note", "settlements_changed"]


def settlements_changed(
    history: History,
    *,
    since: Day,
    until: Day,
    places: Iterable[Place | str] | Place | str | None = None,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Settlements whose state differs between the ends of two days.

    Parameters
    ----------
    history : History
    since, until : str or datetime.date
        The state at the end of ``since`` is compared with that at the end
        of ``until``.
    places : Place, name, or iterable of them, optional
        By default every settlement of the register whose position is known;
        an agglomeration stands for its members.
    executor : concurrent.futures.Executor, optional
        Where to compute; by default here.  The result is the same.

    Returns
    -------
    pandas.DataFrame
        A row a settlement, in the order of the dates: ``place_id, place,
        oblast, raion, population_reference, from_state, to_state, date,
        source, since, until, since_snapshot, until_snapshot``.  ``date``
        is the day from which on, up to ``until``, every snapshot shows
        ``to_state`` at the centre.  ``attrs["note"]`` says how many of the
        registered settlements could be seen, and ``attrs["method_breaks"]``
        in which steps between the days the source seems to have drawn
        otherwise: ``since_snapshot, until_snapshot, detail, km2``.

    Raises
    ------
    MissingDateError
        If the history does not speak for ``since`` or ``until``.
    UnknownPlaceError
        If there is no such place.
    ValueError
        If ``since`` is after ``until``.

    Notes
    -----
    What changed and changed back is not listed.  Nor is what only one of
    the days covers: newly mapped is not newly occupied.  Without a grey
    zone on both days, what became or ceased to be occupied is listed, and
    a null state reads as "not occupied".
    """
    chosen = registered() if places is None else as_places(places)
    asked = settlements_of(chosen)
    days = looks(history, since, until)
    ends = [days[0].snapshot, days[-1].snapshot]
    centres = np.array([(place.longitude, place.latitude) for place in asked])
    before, after = measure(ends, Extents.of_points(centres))
    with_grey = all(snapshot.draws_grey_zone for snapshot in ends)
    rows = np.flatnonzero(_differs(before, after, with_grey))
    dates = _dates(history, ends, centres[rows], after.state[rows], executor)
    between = {
        "since": days[0].date,
        "until": days[-1].date,
        "since_snapshot": ends[0].id,
        "until_snapshot": ends[1].id,
    }
    records = [
        {
            **register_fields(asked[row]),
            "from_state": NAMES[before.state[row]],
            "to_state": NAMES[after.state[row]],
            "date": date,
            "source": history.source,
            **between,
        }
        for row, date in zip(rows, dates, strict=True)
    ]
    records.sort(key=lambda record: (record["date"], record["place_id"]))
    # That nothing changed is seen on the two maps at the ends.
    behind = _between(history, ends) if records else ends
    frame = table(records, SETTLEMENTS, behind, register_inputs(places))
    found = breaks(history, between=(ends[0], ends[1]), executor=executor)
    frame.attrs["method_breaks"] = break_records(found)
    covered = before.covered & after.covered
    told = [place for place, seen in zip(asked, covered, strict=True) if seen]
    frame.attrs["note"] = register_note(told, frame)
    if places is not None:
        frame.attrs["note"] = (
            f"{len(told):,} of {counted(len(asked), 'place')} can be seen: "
            f"the source covers them; {frame.attrs['note']}"
        )
    return frame


def _differs(before: Seen, after: Seen, with_grey: bool) -> Flags:
    """Whether the state of centres differs, where both maps tell it."""
    one, other = before.state, after.state
    if not with_grey:
        one, other = one == OCCUPIED, other == OCCUPIED
    differs: Flags = (one != other) & before.covered & after.covered
    return differs


def _dates(
    history: History,
    ends: Sequence[Snapshot],
    centres: Floats,
    states: Codes,
    executor: Executor | None,
) -> list[pd.Timestamp]:
    """Days from which on centres were in the states that they end in."""
    if not len(centres):
        return []
    # What the first of them shows is what has ended.
    seen = [
        Look(snapshot.date, snapshot)
        for snapshot in _between(history, ends)[1:]
    ]
    found = spread_looks(
        partial(_states, extents=Extents.of_points(centres)),
        seen,
        executor=executor,
    )
    holds = np.array([shown == states for shown in found])
    first = [start_of_last(column) for column in holds.T]
    return [pd.Timestamp(seen[number].date) for number in first]


def _between(history: History, ends: Sequence[Snapshot]) -> list[Snapshot]:
    """Snapshots from one to another, both included."""
    begun, ended = (snapshot.published_at for snapshot in ends)
    return [
        snapshot
        for snapshot in history
        if begun <= snapshot.published_at <= ended
    ]


def _states(snapshots: list[Snapshot], extents: Extents) -> list[Codes]:
    return [seen.state for seen in measure(snapshots, extents)]


def register_fields(place: Place) -> dict[str, Any]:
    """What records of settlements take from the register."""
    return {
        "place_id": place.id,
        "place": place.name,
        "oblast": place.oblast,
        "raion": place.raion,
        "population_reference": place.population,
    }


def register_note(told: Sequence[Place], found: pd.DataFrame) -> str:
    """How many registered settlements can be seen, in all and there."""
    register = settlements().set_index("place_id")["oblast"]
    # Places of a caller's own need not be registered.
    seen = register[register.index.isin([place.id for place in told])]
    note = (
        f"{len(seen):,} of the {len(register):,} registered settlements can "
        "be seen: they have coordinates, and the source covers them"
    )
    concerned = found["oblast"].unique()
    if not len(concerned):
        return note
    there, known = (each.isin(concerned).sum() for each in (seen, register))
    return f"{note}; in the oblasts listed {there:,} of {known:,}"
