"""The nouns: control states, snapshots, histories."""

import bisect
import datetime as dt
import enum
import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, NoReturn, Self, overload

import geopandas as gpd
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geofront import _display, _frames
from geofront._words import counted
from geofront.days import Day, as_date, as_utc, end_of_day, kyiv_date
from geofront.errors import (
    InvalidBoundaryError,
    MissingDateError,
    RepairedBoundaryWarning,
)
from geofront.geodesy import area_km2
from geofront.geography import OFFICIAL_AREA_KM2, territory
from geofront.topology import (
    Polygons,
    as_polygons,
    canonical,
    clip,
    dissolve,
    mend,
    subtract,
)

__all__ = ["ControlState", "History", "Note", "Snapshot"]

CARRY = dt.timedelta(hours=72)
"""How long the last snapshot of a history still speaks for the present."""

DRAWN_STATES = ("occupied", "grey_zone", "regained")
"""States that a source draws; held is derived from them."""

_SOURCE_NAME = re.compile(r"[a-z0-9_]+")


class ControlState(enum.StrEnum):
    """Who controls a piece of ground, as one source maps it."""

    OCCUPIED = "occupied"
    """Occupied by Russian forces."""
    GREY_ZONE = "grey_zone"
    """No man's land: neither side controls it."""
    HELD = "held"
    """Held by Ukraine: within the coverage, neither occupied nor grey."""


NOTE_KINDS = ("repair", "dropped", "clipped", "remark")
"""What a note may be of."""


class Note(NamedTuple):
    """What reading a snapshot found, or what its author says of it.

    ``kind`` is ``repair`` (an invalid polygon was mended), ``dropped``
    (something drawn was left out), ``clipped`` (cut at the coverage or the
    border) or ``remark`` (the author's own words, shown on every map);
    ``km2`` is the area concerned.
    """

    kind: str
    detail: str
    km2: float = 0.0


class Snapshot:
    """What one source published at one moment.  Frozen.

    Parameters
    ----------
    source : str
        Name of the source: lower-case letters, digits, underscores.
    published_at : datetime.datetime
        When it was published, to the second; with a time zone.
    occupied : polygon, multipolygon or iterable of polygons
        Longitude, latitude in degrees, WGS 84.  May overlap.
    grey_zone : the same, optional
        None where the source draws no grey zone; empty where it draws one
        but there was none.  Where both are drawn, occupied wins.
    regained : the same, optional
        The part of held that was once occupied; for maps only.
    coverage : the same, optional
        The part of the territory that the source draws; None: all of it.
        What is drawn outside is cut off and noted.
    notes : iterable of Note
        What reading it found.

    Raises
    ------
    InvalidBoundaryError
        If something given is not an area, or the name of the source is not
        of the form above.
    ValueError
        If ``published_at`` has no time zone.

    Warns
    -----
    RepairedBoundaryWarning
        If a polygon is invalid; it is mended and noted.

    Notes
    -----
    What is read from a snapshot is valid, disjoint, dissolved and in one
    canonical order of vertices.  Inside, polygons stay as drawn until they
    are asked for, since dissolving is the dearest step of all.

    Examples
    --------
    >>> import datetime as dt, shapely
    >>> snapshot = Snapshot(
    ...     "example",
    ...     dt.datetime(2025, 2, 24, 20, tzinfo=dt.UTC),
    ...     occupied=shapely.box(38.2, 48.8, 38.4, 49.0),
    ...     grey_zone=shapely.box(38.1, 48.8, 38.2, 49.0),
    ...     coverage=shapely.box(38.0, 48.8, 38.4, 49.0),
    ... )
    >>> snapshot
    <Snapshot example@2025-02-24T20:00:00Z: occupied 326.1, grey zone 163.1, \
held 163.1 km²>
    """

    _source: str
    _published_at: dt.datetime
    _drawn: Mapping[str, Polygons | None]
    _coverage: MultiPolygon | None
    _notes: tuple[Note, ...]

    def __init__(
        self,
        source: str,
        published_at: dt.datetime,
        occupied: BaseGeometry | Iterable[BaseGeometry],
        grey_zone: BaseGeometry | Iterable[BaseGeometry] | None = None,
        regained: BaseGeometry | Iterable[BaseGeometry] | None = None,
        coverage: BaseGeometry | Iterable[BaseGeometry] | None = None,
        notes: Iterable[Note] = (),
    ) -> None:
        given = {
            "occupied": occupied,
            "grey_zone": grey_zone,
            "regained": regained,
            "coverage": coverage,
        }
        valid: dict[str, Polygons] = {}
        repairs: list[Note] = []
        for state, geometry in given.items():
            if geometry is not None:
                valid[state], mended = _mended(state, geometry)
                repairs += mended
        frame = valid.pop("coverage", None)
        self._fill(
            source,
            published_at,
            valid,
            None if frame is None else dissolve(frame),
            (*notes, *repairs),
        )
        if repairs:
            _warn_of_repairs(self, repairs)

    @classmethod
    def from_valid(
        cls,
        source: str,
        published_at: dt.datetime,
        drawn: Mapping[str, Polygons],
        *,
        coverage: MultiPolygon | None = None,
        notes: Iterable[Note] = (),
    ) -> Self:
        """Snapshot of polygons that are valid already, as importers have.

        Parameters
        ----------
        source, published_at, notes
            As for the class.
        drawn : mapping of str to ndarray of shapely.Polygon
            Polygons by state (``occupied``, ``grey_zone``, ``regained``),
            each valid and two-dimensional; they may overlap.
        coverage : shapely.MultiPolygon, optional
            Valid.
        """
        snapshot = cls.__new__(cls)
        snapshot._fill(source, published_at, drawn, coverage, notes)
        return snapshot

    def _fill(
        self,
        source: str,
        published_at: dt.datetime,
        drawn: Mapping[str, Polygons],
        coverage: MultiPolygon | None,
        notes: Iterable[Note],
    ) -> None:
        if not _SOURCE_NAME.fullmatch(source):
            raise InvalidBoundaryError(
                f"{source!r} cannot name a source: expected lower-case "
                "letters, digits and underscores"
            )
        clipped: list[Note] = []
        if coverage is not None:
            if coverage.is_empty:
                raise InvalidBoundaryError(
                    f"{source}: the coverage is empty; expected an area, or "
                    "None for the whole territory"
                )
            coverage = canonical(coverage)
            drawn, clipped = _clipped(drawn, coverage)
        # __setattr__ refuses, as for anything frozen.
        self.__dict__.update(
            _source=source,
            _published_at=as_utc(published_at).replace(microsecond=0),
            _drawn={
                state: _read_only(drawn.get(state)) for state in DRAWN_STATES
            },
            _coverage=coverage,
            _notes=(*notes, *clipped),
        )

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"a Snapshot is frozen: {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Snapshot is frozen: {name} stays")

    @property
    def source(self) -> str:
        """Name of the source."""
        return self._source

    @property
    def published_at(self) -> dt.datetime:
        """When it was published, in UTC."""
        return self._published_at

    @property
    def date(self) -> dt.date:
        """Day in Kyiv on which it was published."""
        return kyiv_date(self._published_at)

    @property
    def id(self) -> str:
        """Source and moment, as in ``deepstate@2025-02-24T20:00:00Z``."""
        return f"{self._source}@{self._published_at:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def notes(self) -> tuple[Note, ...]:
        """What reading it found."""
        return self._notes

    @property
    def coverage(self) -> MultiPolygon | None:
        """Part of the territory that the source draws; None: all of it."""
        return self._coverage

    @property
    def draws_grey_zone(self) -> bool:
        """Whether the source draws a grey zone at all."""
        return self._drawn["grey_zone"] is not None

    def drawn(self, state: str) -> Polygons | None:
        """Polygons of a state as the source drew them, each made valid.

        They may overlap.  None for a state that the source does not draw.
        """
        return self._drawn[state]

    @cached_property
    def occupied(self) -> MultiPolygon:
        """Occupied area, dissolved."""
        drawn = self._drawn["occupied"]
        return MultiPolygon() if drawn is None else dissolve(drawn)

    @cached_property
    def grey_zone(self) -> MultiPolygon | None:
        """Grey zone less what is occupied; None where it is not drawn."""
        drawn = self._drawn["grey_zone"]
        if drawn is None:
            return None
        return subtract(dissolve(drawn), self.occupied)

    @cached_property
    def regained(self) -> MultiPolygon | None:
        """Regained area, dissolved; None where it is not drawn."""
        drawn = self._drawn["regained"]
        return None if drawn is None else dissolve(drawn)

    def held(self) -> MultiPolygon | None:
        """Coverage less occupied and grey zone.

        Where no coverage is stated, it is the embedded outline of the land,
        of 598,880 km², while ``held_km2`` refers to the official area.

        None where the source does not draw the grey zone: what is not
        occupied is then not known to be held.
        """
        if self.grey_zone is None:
            return None
        frame = territory() if self.coverage is None else self.coverage
        return subtract(subtract(frame, self.occupied), self.grey_zone)

    @cached_property
    def denominator_km2(self) -> float:
        """Area that shares refer to.

        The official area of Ukraine where the source draws all of it, else
        the area of the coverage.
        """
        coverage = self._km2("coverage")
        return OFFICIAL_AREA_KM2 if coverage is None else coverage

    def _km2(self, state: str) -> float | None:
        """Area of a state, or of the coverage; None where not drawn."""
        geometry = getattr(self, state)
        return None if geometry is None else area_km2(geometry)

    @cached_property
    def _areas(self) -> dict[str, float | None]:
        occupied = self._km2("occupied") or 0.0
        grey_zone, held = self._km2("grey_zone"), None
        if grey_zone is not None:
            held = self.denominator_km2 - occupied - grey_zone
        return {
            "occupied_km2": occupied,
            "grey_zone_km2": grey_zone,
            "held_km2": held,
            "denominator_km2": self.denominator_km2,
            "occupied_share": occupied / self.denominator_km2,
        }

    def areas(self) -> dict[str, float | None]:
        """Areas by state, in km², and what they are shares of.

        Returns
        -------
        dict
            ``occupied_km2, grey_zone_km2, held_km2, denominator_km2,
            occupied_share``; the grey zone and held are None where the
            source draws no grey zone.
        """
        return dict(self._areas)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of source, moment, coverage and states.

        It does not depend on the order of the features, nor on where their
        rings start or which way they run.
        """
        content = hashlib.sha256(self.id.encode())
        for name in (*DRAWN_STATES, "coverage"):
            geometry = getattr(self, name)
            if geometry is not None:
                content.update(b"\0" + name.encode() + b"\0")
                content.update(
                    shapely.to_wkb(geometry, byte_order=1, output_dimension=2)
                )
        return content.hexdigest()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Snapshot):
            return NotImplemented
        return self is other or self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return _display.snapshot_text(self)

    def _repr_html_(self) -> str:
        return _display.snapshot_html(self)

    def to_geodataframe(self) -> gpd.GeoDataFrame:
        """One row a state drawn, and one for the coverage if it is stated.

        Returns
        -------
        geopandas.GeoDataFrame
            ``source, published_at, state, area_km2, notes, geometry`` in
            OGC:CRS84.  ``notes`` is a JSON list, the same in every row.
        """
        return _frames.write([self])

    @classmethod
    def from_geodataframe(cls, frame: gpd.GeoDataFrame) -> Self:
        """Snapshot from rows such as :meth:`to_geodataframe` gives.

        Parameters
        ----------
        frame : geopandas.GeoDataFrame
            Columns ``source, published_at, state, geometry`` and, if there
            are any, ``notes``; rows of one state are taken together.

        Raises
        ------
        InvalidBoundaryError
            If columns are missing, the frame is not in longitude and
            latitude, or it holds other states or several snapshots.
        """
        parts = _frames.read(frame)
        if len(parts) != 1:
            raise InvalidBoundaryError(
                f"expected the rows of one snapshot, found {len(parts)}: "
                "History.from_geodataframe reads several"
            )
        return cls._from_parts(parts[0])

    @classmethod
    def _from_parts(cls, parts: dict[str, Any]) -> Self:
        notes = [Note(*note) for note in parts.pop("notes")]
        return cls(**parts, notes=notes)


def _mended(
    state: str, geometry: BaseGeometry | Iterable[BaseGeometry]
) -> tuple[Polygons, list[Note]]:
    mended = mend(as_polygons(geometry, what=state))
    notes = [
        Note("repair", f"{state}: polygon {index + 1} was invalid", float(km2))
        for index, km2 in enumerate(mended.changed_km2)
        if mended.repaired[index]
    ]
    return mended.polygons, notes


def _read_only(polygons: Polygons | None) -> Polygons | None:
    if polygons is None:
        return None
    view = polygons.view()
    view.setflags(write=False)
    return view


def _warn_of_repairs(snapshot: Snapshot, repairs: list[Note]) -> None:
    changed = sum(abs(note.km2) for note in repairs)
    warnings.warn(
        f"{snapshot.id}: {counted(len(repairs), 'invalid polygon')} repaired, "
        f"changing {changed:.3f} km² (see its notes). To silence this, mend "
        "them first with geofront.topology.mend, or filter "
        "geofront.RepairedBoundaryWarning",
        RepairedBoundaryWarning,
        stacklevel=3,
    )


def _clipped(
    drawn: Mapping[str, Polygons], coverage: MultiPolygon
) -> tuple[dict[str, Polygons], list[Note]]:
    """Cut off what is drawn outside the coverage: nothing is known there."""
    shapely.prepare(coverage)
    kept: dict[str, Polygons] = {}
    notes: list[Note] = []
    for state, polygons in drawn.items():
        kept[state], cut_km2 = clip(polygons, coverage)
        if cut_km2:
            detail = f"{state}: cut off outside the coverage"
            notes.append(Note("clipped", detail, cut_km2))
    return kept, notes


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
        whole = hashlib.sha256()
        for snapshot in self._snapshots:
            whole.update(snapshot.digest.encode())
        return whole.hexdigest()

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
        """Last snapshot of each Kyiv day; days without one are left out."""
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
            return self._snapshots[index]
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
        """One row a state of each snapshot: see `Snapshot.to_geodataframe`."""
        return _frames.write(self._snapshots)

    @classmethod
    def from_geodataframe(cls, frame: gpd.GeoDataFrame) -> Self:
        """History from rows such as :meth:`to_geodataframe` gives."""
        return cls(Snapshot._from_parts(item) for item in _frames.read(frame))


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
