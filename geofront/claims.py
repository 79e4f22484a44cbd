"""Claims that a place was in a state, and what each map says of them."""

import csv
import datetime as dt
import io
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from geofront._extents import FACTORS, Extents
from geofront._inputs import file_input, inputs_of
from geofront._record_tables import attributes, typed
from geofront._rows import Flags, Floats
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
from geofront._transitions import OCCUPIED, STATES
from geofront._words import clean, counted, first_of
from geofront.cadence import looks
from geofront.days import as_date
from geofront.errors import (
    MissingDateError,
    SourceError,
    UnknownPlaceError,
)
from geofront.geography.gazetteer import register_input
from geofront.history import History
from geofront.model import ControlState, Snapshot
from geofront.place import Place
from geofront.places import finder
from geofront.records import CLAIMS

__all__ = ["assess_claims", "checked_claims", "read_claims"]

COLUMNS = ("date", "place", "state", "claimant", "url")
NEEDED = COLUMNS[:-1]  # An address may be empty.
OPTIONAL = ("words",)

_MOST_TOLD = 6

SUPPORTED, PARTLY, CONTRADICTED = 2, 1, 0

VERDICTS = {
    SUPPORTED: "supported",
    PARTLY: "partly",
    CONTRADICTED: "contradicted",
    UNKNOWN: "not mapped",
}


def read_claims(
    path: str | os.PathLike[str], *, among: Iterable[Place] = ()
) -> pd.DataFrame:
    """Read claims from a table: who said what of which place, and when.

    Parameters
    ----------
    path : str or path-like
        CSV in UTF-8, its header ``date, place, state, claimant, url``: the
        Kyiv day of the claim as ``YYYY-MM-DD``; a place as for
        `geofront.places.find`; ``occupied``, ``grey_zone`` or ``held``;
        who says so; and where, which may be empty.  A column ``words`` may
        hold what was said, in short, for a state may be more than that.
    among : iterable of Place
        Places to look in first, such as `geofront.load_places` gives.

    Returns
    -------
    pandas.DataFrame
        ``date, place, state, claimant, url, words``, in the order of the
        file, which ``attrs["inputs"]`` names with its SHA-256.

    Raises
    ------
    SourceError
        If anything in the file cannot be used: every fault, with the number
        of its line.
    """
    where, find = os.fspath(path), finder(among)
    rows = list(_rows(where))
    faults = [
        f"line {line}: {fault}"
        for line, row in rows
        for fault in _faults(row, find)
    ]
    if faults:
        raise SourceError(
            f"{where}: {counted(len(faults), 'fault')}: " + "; ".join(faults)
        )
    fields = {name: CLAIMS[name] for name in COLUMNS + OPTIONAL}
    frame = typed(
        [{**row, "date": pd.Timestamp(row["date"])} for _, row in rows], fields
    )
    frame.attrs["inputs"] = [file_input("claims", path)]
    return frame


def _rows(where: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows of a file by column, each with the number of its last line."""
    try:
        text = Path(where).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{where}: expected text in UTF-8, found byte "
            f"{error.object[error.start]:#04x} at {error.start}"
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        known = [name for name in header if name not in OPTIONAL]
        if sorted(known) != sorted(COLUMNS) or len({*header}) < len(header):
            raise SourceError(
                f"{where}: line 1: expected the columns {', '.join(COLUMNS)} "
                "(and, where there are any, words), with commas between, "
                f"found {clean(', '.join(header)) or 'none'}"
            )
        for cells in reader:
            if cells:
                yield reader.line_num, _row(header, cells)
    except csv.Error as error:
        raise SourceError(
            f"{where}: line {reader.line_num}: {error}"
        ) from None


def _row(header: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    """Cells by column; those beyond the header by no name."""
    values = [cell.strip() or None for cell in cells]
    row: dict[str, Any] = dict.fromkeys(COLUMNS + OPTIONAL)
    row |= dict(zip(header, values, strict=False))
    if len(cells) != len(header):
        row[""] = f"expected {len(header)} cells, found {len(cells)}"
    return row


def _faults(
    row: Mapping[str, Any], find: Callable[[str], Place]
) -> Iterator[str]:
    if "" in row:
        yield row[""]
        return
    for name in NEEDED:
        if row[name] is None:
            yield f"{name} is empty"
    for name, check in (
        ("date", as_date),
        ("place", find),
        ("state", _state),
        ("url", _address),
    ):
        if row[name] is not None:
            try:
                check(row[name])
            except (ValueError, UnknownPlaceError) as error:
                yield str(error)


def _state(name: str) -> ControlState:
    try:
        return ControlState(name)
    except ValueError:
        raise ValueError(
            f"unknown state {clean(name)!r}: expected "
            + ", ".join(map(str, ControlState))
        ) from None


def _address(url: str) -> None:
    if not url.startswith(("https://", "http://")):
        raise ValueError(
            f"expected an address that begins with https://, or nothing, "
            f"found {clean(url)!r}"
        )


def checked_claims(claims: pd.DataFrame) -> pd.DataFrame:
    """Claims, if nothing that they need is missing.

    Raises
    ------
    ValueError
        If a column is missing, or a cell other than of ``url`` is empty:
        all of them, by the labels of their rows.
    """
    missing = [name for name in COLUMNS if name not in claims]
    if missing:
        raise ValueError(
            f"claims: expected the columns {', '.join(COLUMNS)}, as "
            f"read_claims gives them, found no {', '.join(missing)}"
        )
    needed = claims[list(NEEDED)]
    is_empty = needed.isna() | (needed == "")
    faults = [
        f"row {clean(label)}: {' and '.join(cells.index[cells])} empty"
        for label, cells in is_empty.iterrows()
        if cells.any()
    ]
    if faults:
        raise ValueError(f"claims: {first_of(faults, _MOST_TOLD)}")
    return claims


def assess_claims(
    claims: pd.DataFrame,
    histories: History | Iterable[History],
    *,
    among: Iterable[Place] = (),
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Set claims against what each source's map shows on that day.

    Parameters
    ----------
    claims : pandas.DataFrame
        ``date, place, state, claimant, url``, as `read_claims` gives.
    histories : History, or iterable of them
        One for each source.
    among : iterable of Place
        Places to look in first, such as `geofront.load_places` gives.
    executor : concurrent.futures.Executor, optional
        Where to compute; by default here.  The result is the same.

    Returns
    -------
    pandas.DataFrame
        A row a claim and source: the columns of the claims, then ``source,
        published_at, carried, map_state, map_state_since, occupied_share,
        grey_zone_share, held_share, verdict, uncertain, first_supported_on,
        lag_days, place_id, words``.  ``map_state`` is that of the centre,
        since the day of the snapshot that first showed it.

    Raises
    ------
    UnknownPlaceError
        If there is no such place.
    ValueError
        If a column is missing, a cell other than of ``url`` is empty, or a
        date or a state is none.

    Notes
    -----
    A claim is ``supported`` if 0.9 or more of the place's extent is in the
    claimed state at the end of the day, ``contradicted`` if 0.1 or less is,
    ``partly`` between, ``not mapped`` if the source does not tell: the day
    or the extent is beyond what it covers, or it draws no grey zone.  Even
    then, 0.9 or more occupied contradicts any other state.  ``uncertain``
    if the verdict differs at 0.7 or 1.3 of an estimated extent's radius.

    ``first_supported_on`` is, for a claim that is supported, the day from
    which on it has been without a break, and null where the maps begin
    with it, which may be older then; for another that is mapped, the first
    later day on which it is.  ``lag_days`` counts from the claim to that
    day, and is negative where the map came first.

    A verdict compares two statements; neither is what is true.
    """
    find, given = finder(among), checked_claims(claims)
    rows = [_Claim.of(row, find) for row in given.to_dict("records")]
    places = list({claim.place.id: claim.place for claim in rows}.values())
    maps = [histories] if isinstance(histories, History) else list(histories)
    traces = [_Trace.of(history, places, executor) for history in maps]
    frame = typed(
        [trace.assess(claim) for claim in rows for trace in traces], CLAIMS
    )
    frame.attrs = {
        **attributes(itertools.chain.from_iterable(maps)),
        "source": [history.source for history in maps],
        "inputs": [*inputs_of(claims), register_input()],
    }
    return frame


class _Claim(NamedTuple):
    date: dt.date
    place: Place
    state: int
    fields: dict[str, Any]

    @classmethod
    def of(
        cls, row: Mapping[Any, Any], find: Callable[[str], Place]
    ) -> "_Claim":
        fields = {name: row[name] for name in COLUMNS}
        fields |= {name: row.get(name) for name in OPTIONAL}
        date = as_date(row["date"])
        return cls(
            date,
            find(row["place"]),
            STATES.index(_state(row["state"])),
            {**fields, "date": pd.Timestamp(date)},
        )


class _Trace(NamedTuple):
    """What one source's maps show of places, snapshot by snapshot."""

    history: History
    numbers: dict[str, int]  # of places, by their ids
    state: Codes  # (snapshots, places)
    shares: Floats  # (snapshots, places, states, factors)

    @classmethod
    def of(
        cls,
        history: History,
        places: Sequence[Place],
        executor: Executor | None,
    ) -> "_Trace":
        found = spread_looks(
            partial(_seen, extents=Extents.of_places(places)),
            looks(history, every="snapshot"),
            executor=executor,
        )
        return cls(
            history,
            {place.id: number for number, place in enumerate(places)},
            np.array([seen.state for seen in found]),
            np.array([seen.shares for seen in found]),
        )

    def assess(self, claim: _Claim) -> dict[str, Any]:
        """Record of a claim."""
        nothing = {
            **dict.fromkeys(CLAIMS),
            **claim.fields,
            "source": self.history.source,
            "place_id": claim.place.id,
            "verdict": VERDICTS[UNKNOWN],
            "uncertain": False,
        }
        try:
            snapshot = self.history.at(claim.date)
        except MissingDateError:
            return nothing
        # By identity: to compare snapshots is to dissolve them.
        number = [item is snapshot for item in self.history].index(True)
        place = self.numbers[claim.place.id]
        found = _verdicts(self.shares[:, place], claim.state)
        return {
            **nothing,
            "published_at": pd.Timestamp(snapshot.published_at),
            "carried": snapshot.date != claim.date,
            **self._shown(number, place),
            "verdict": VERDICTS[int(found[number, 0])],
            "uncertain": bool((found[number] != found[number, 0]).any()),
            **self._support(found[:, 0], number, claim.date),
        }

    def _shown(self, number: int, place: int) -> dict[str, Any]:
        state = self.state[: number + 1, place]
        since = None
        if state[-1] != UNKNOWN:
            since = self._day(start_of_last(state == state[-1]))
        shares = self.shares[number, place, :, FACTORS.index(1.0)]
        return {
            "map_state": NAMES[state[-1]],
            "map_state_since": since,
            **dict(zip(SHARES, shares, strict=True)),
        }

    def _support(
        self, found: Codes, number: int, date: dt.date
    ) -> dict[str, Any]:
        supported: Flags = found == SUPPORTED
        later = np.flatnonzero(supported[number:])
        if not len(later) or found[number] == UNKNOWN:
            return {}
        first = number + int(later[0])
        if first == number:
            first = start_of_last(supported[: number + 1])
            if not first or found[first - 1] == UNKNOWN:
                return {}  # Supported from the first: since when is not told.
        day = self._day(first)
        return {
            "first_supported_on": day,
            "lag_days": (day.date() - date).days,
        }

    def _day(self, number: int) -> pd.Timestamp:
        return pd.Timestamp(self.history[number].date)


def _seen(snapshots: list[Snapshot], extents: Extents) -> list[Seen]:
    return list(measure(snapshots, extents))


def _verdicts(shares: Floats, state: int) -> Codes:
    """Verdicts on a state by snapshot and factor.

    Parameters
    ----------
    shares : ndarray, shape (snapshots, states, factors)
    """
    found = verdicts(shares[:, state])
    if state != OCCUPIED:
        # What is occupied cannot be in another state, drawn or not.
        bound = verdicts(shares[:, OCCUPIED]) == SUPPORTED
        found[bound] = CONTRADICTED
    return found
