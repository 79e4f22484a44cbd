"""Settlements to which two sources give different states."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from geofront._extents import Extents
from geofront._pairs import attributes_of_pairs, pair_on
from geofront._record_tables import typed
from geofront._rows import Flags
from geofront._seen import Seen, measure
from geofront._transitions import OCCUPIED
from geofront._words import counted
from geofront.days import Day
from geofront.history import History
from geofront.place import Place
from geofront.places import as_places, register_inputs, registered
from geofront.records import SETTLEMENTS_DISPUTED
from geofront.settlement_changes import register_fields, register_note
from geofront.status import kind_of_extent, settlements_of

__all__ = ["settlements_disputed"]


def settlements_disputed(
    a: History,
    b: History,
    day: Day,
    *,
    places: Iterable[Place | str] | Place | str | None = None,
) -> pd.DataFrame:
    """Settlements to which two sources give different states on one day.

    Parameters
    ----------
    a, b : History
        Of two sources.
    day : str or datetime.date
    places : Place, name, or iterable of them, optional
        By default every settlement of the register whose position is known;
        an agglomeration stands for its members.

    Returns
    -------
    pandas.DataFrame
        A row a settlement, the most populous first: ``date, a, b, place_id,
        place, oblast, raion, population_reference, a_state, b_state``, the
        shares of its extent by state on either map, its position, and which
        snapshots were compared.  ``attrs["note"]`` says how many of the
        registered settlements could be seen.

    Raises
    ------
    MissingDateError
        If a source does not speak for that day.
    UnknownPlaceError
        If there is no such place.

    Notes
    -----
    States are those at the centre.  Where a source draws no grey zone, a
    null state reads as "not occupied", and a settlement is listed if only
    one of the two maps it as occupied.  What only one of them covers is not
    listed.
    """
    pair = pair_on(a, b, day)
    asked = settlements_of(
        registered() if places is None else as_places(places)
    )
    extents = Extents.of_places(asked)
    one, other = (next(measure([item], extents)) for item in pair.snapshots)
    with_grey = all(item.draws_grey_zone for item in pair.snapshots)
    covered = one.covered & other.covered
    rows = np.flatnonzero(covered & _differs(one, other, with_grey))
    records = [
        {
            **pair.names(),
            **register_fields(asked[row]),
            **_fields("a", one, row),
            **_fields("b", other, row),
            "extent": kind_of_extent(asked[row]),
            "longitude": asked[row].longitude,
            "latitude": asked[row].latitude,
            **pair.seen(),
        }
        for row in rows.tolist()
    ]
    records.sort(key=_by_population)
    frame = typed(records, SETTLEMENTS_DISPUTED)
    frame.attrs = attributes_of_pairs(a, [pair])
    frame.attrs["inputs"] = register_inputs(places)
    told = [place for place, seen in zip(asked, covered, strict=True) if seen]
    frame.attrs["note"] = (
        f"{' and '.join(item.source for item in pair.snapshots)}: "
        f"{counted(len(frame), 'settlement')} of {len(told):,} that both "
        f"cover; {register_note(told, frame)}"
    )
    return frame


def _differs(one: Seen, other: Seen, with_grey: bool) -> Flags:
    if with_grey:
        found: Flags = one.state != other.state
    else:
        found = (one.state == OCCUPIED) != (other.state == OCCUPIED)
    return found


def _fields(side: str, seen: Seen, row: int) -> dict[str, Any]:
    """State and shares on one map, all but the known ones null."""
    fields = seen.fields(row)
    return {f"{side}_{name}": value for name, value in fields.items()}


def _by_population(record: dict[str, Any]) -> tuple[float, str]:
    people = record["population_reference"]
    return -1.0 * (people or 0), record["place_id"]
