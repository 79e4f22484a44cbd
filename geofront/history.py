"""Histories: the snapshots of one source in time order."""

import bisect
import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Self, overload

import geopandas as gpd
from tqdm import tqdm

from geofront import _display, _frames
from geofront.days import Day, as_date, end_of_day
from geofront.errors import InvalidBoundaryError, MissingDateError
from geofront.model import Snapshot

__all__ = ["History", "digest_of"]

CARRY = dt.timedelta(hours=72)
"""How long the last snapshot of a history still speaks for the present."""


class History(Sequence[Snapshot]):
    """Snapshots of one source in time order.  Immutable.

    Parameters
    ----------
    snapshots : iterable of Snapshot
        In any order.

    Raises
    ------
    InvalidBoundaryError
        If there are none, they are of several sources, or two differ
        although they were published at the same moment.

    Examples
    --------
    >>> import geofront as gf
    >>> history = gf.example_history()
    >>> history.at("2025-02-20").date        # no file: the day before's
    datetime.date(2025, 2, 19)
    >>> len(history["2025-02-21":"2025-02-24"])     # and the one in force
    5
    """

    def __init__(self, snapshots: Iterable[Snapshot]) -> None:
        ordered = sorted(snapshots, key=lambda item: item.published_at)
        if not ordered:
            raise InvalidBoundaryError(
                "a history needs at least one snapshot, found none"
            )
        sources = sorted({snapshot.source for snapshot in ordered})
        if len(sources) > 1:
            raise InvalidBoundaryError(
                "a history holds one source, found " + ", ".join(sources)
            )
        self._snapshots = tuple(_without_repeats(ordered))
        self._moments = [item.published_at for item in self._snapshots]

    @property
    def source(self) -> str:
        """Name of the source."""
        return self._snapshots[0].source

    @cached_property
    def dates(self) -> tuple[dt.date, ...]:
        """Kyiv days that have a snapshot of their own, in order."""
        return tuple(sorted({item.date for item in self._snapshots}))

    @property
    def span(self) -> tuple[dt.date, dt.date]:
        """First and last Kyiv day with a snapshot."""
        return self.dates[0], self.dates[-1]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the snapshots' digests: one line to cite them all by."""
        return digest_of(self._snapshots)

    def at(self, day: Day) -> Snapshot:
        """State at the end of a day in Kyiv: the last snapshot before it.

        Parameters
        ----------
        day : str or datetime.date
            ``YYYY-MM-DD``.

        Returns
        -------
        Snapshot
            Carried forward where the day has none of its own: its
            ``date`` is then earlier than the day.

        Raises
        ------
        MissingDateError
            If nothing was published before the end of that day, or the
            last snapshot is more than 72 hours older than it.
        """
        date = as_date(day)
        moment = end_of_day(date)
        position = bisect.bisect_left(self._moments, moment)
        first, last = self.span
        if position == 0:
            raise MissingDateError(
                f"{self.source} has nothing for {date}: its snapshots "
                f"begin on {first}"
            )
        if moment - self._moments[-1] > CARRY:
            raise MissingDateError(
                f"{self.source} has nothing for {date}: its last snapshot "
                f"is of {last} and is carried forward for 72 hours at most"
            )
        return self._snapshots[position - 1]

    def daily(self) -> "History":
        """Last snapshot of each Kyiv day; days without one are left out.

        Returns
        -------
        History
            One snapshot a day, in time order.
        """
        return History({item.date: item for item in self._snapshots}.values())

    @overload
    def __getitem__(self, index: int) -> Snapshot: ...
    @overload
    def __getitem__(self, index: slice) -> "History": ...
    def __getitem__(self, index: int | slice) -> "Snapshot | History":
        """Snapshot by position, or a history by positions or dates.

        A slice of dates includes both ends and keeps the snapshot in force
        at its start, so that the change of its first day can be computed.
        """
        if isinstance(index, str | dt.date):
            raise TypeError(
                f"a history is indexed by position or by a slice of dates: "
                f"history.at({str(index)!r}) gives the state on a day"
            )
        if not isinstance(index, slice):
            try:
                return self._snapshots[index]
            except IndexError:
                raise IndexError(
                    f"no snapshot {index}: the history has {len(self)}"
                ) from None
        if isinstance(index.start, str | dt.date) or isinstance(
            index.stop, str | dt.date
        ):
            return self._between(index)
        return History(self._snapshots[index])

    def _between(self, days: slice) -> "History":
        if days.step is not None:
            raise ValueError("a slice of dates takes no step: use daily()")
        start, stop = 0, len(self._snapshots)
        if days.start is not None:
            if as_date(days.start) > self.span[1]:
                self.at(days.start)  # carried for 72 hours, else an error
            opening = end_of_day(as_date(days.start) - dt.timedelta(days=1))
            start = max(bisect.bisect_left(self._moments, opening) - 1, 0)
        if days.stop is not None:
            closing = end_of_day(as_date(days.stop))
            stop = bisect.bisect_left(self._moments, closing)
        if start >= stop or (
            days.start is not None
            and days.stop is not None
            and as_date(days.start) > as_date(days.stop)
        ):
            first, last = self.span
            raise MissingDateError(
                f"{self.source} has nothing from {days.start} to "
                f"{days.stop}: it spans {first} to {last}"
            )
        return History(self._snapshots[start:stop])

    def __len__(self) -> int:
        return len(self._snapshots)

    def __iter__(self) -> Iterator[Snapshot]:
        return iter(self._snapshots)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, History):
            return NotImplemented
        return self._snapshots == other._snapshots

    def __hash__(self) -> int:
        return hash(self._snapshots)

    def __repr__(self) -> str:
        return _display.history_text(self)

    def _repr_html_(self) -> str:
        return _display.history_html(self)

    def to_geodataframe(self) -> gpd.GeoDataFrame:
        """One row a state of each snapshot.

        Returns
        -------
        geopandas.GeoDataFrame
            Columns as of :meth:`geofront.Snapshot.to_geodataframe`.
        """
        return _frames.write(self._snapshots)

    @classmethod
    def from_geodataframe(cls, frame: gpd.GeoDataFrame) -> Self:
        """History from rows such as :meth:`to_geodataframe` gives.

        Parameters
        ----------
        frame : geopandas.GeoDataFrame
            Rows of any number of snapshots of one source, as
            :meth:`geofront.Snapshot.from_geodataframe` takes them of one.

        Returns
        -------
        History
            In time order, whatever the order of the rows.

        Raises
        ------
        InvalidBoundaryError
            If columns are missing, the frame is not in longitude and
            latitude, or it holds other states or sources.
        """
        return cls(Snapshot.from_parts(item) for item in _frames.read(frame))


def digest_of(snapshots: Sequence[Snapshot]) -> str:
    """SHA-256 of the digests of snapshots, by source and in time order."""
    ordered = sorted(
        snapshots, key=lambda item: (item.source, item.published_at)
    )
    whole = hashlib.sha256()
    # Dissolving may be due; disable=None: a bar in a terminal only.
    for snapshot in tqdm(
        ordered,
        desc="digesting",
        unit="snapshot",
        disable=None,
        leave=False,
    ):
        whole.update(snapshot.digest.encode())
    return whole.hexdigest()


def _without_repeats(ordered: list[Snapshot]) -> Iterator[Snapshot]:
    last: Snapshot | None = None
    for snapshot in ordered:
        if last is not None and snapshot.published_at == last.published_at:
            if snapshot != last:
                raise InvalidBoundaryError(
                    f"two snapshots are both {snapshot.id} but differ: "
                    "keep one of them"
                )
            continue
        yield snapshot
        last = snapshot
