"""Control states and snapshots: what one source published at one moment."""

import datetime as dt
import enum
import hashlib
import re
import warnings
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple, NoReturn, Self

import geopandas as gpd
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geofront import _display, _frames
from geofront._words import counted
from geofront.days import as_utc, kyiv_date
from geofront.errors import InvalidBoundaryError, RepairedBoundaryWarning
from geofront.geodesy import area_km2
from geofront.geography import OFFICIAL_AREA_KM2, territory
from geofront.topology import (
    Polygons,
    as_polygons,
    canonical,
    clip,
    dissolve,
    empty_polygons,
    mend,
    subtract,
)

__all__ = ["ControlState", "Note", "Snapshot", "area_record"]

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

    @classmethod
    def _missing_(cls, value: object) -> None:
        raise ValueError(
            f"unknown state {value!r}: expected one of {', '.join(cls)}"
        )


NOTE_KINDS = (
    "repair",
    "dropped",
    "clipped",
    "date",
    "method_break",
    "remark",
)
"""What a note may be of."""


AT_THE_BORDER = "cut at the border"
"""How details end of notes of polygons that lie on both sides of it."""


class Note(NamedTuple):
    """What reading a snapshot found, or what its author says of it.

    Parameters
    ----------
    kind : str
        ``repair`` (an invalid polygon was mended), ``dropped`` (something
        drawn was left out), ``clipped`` (cut at the coverage or the
        border), ``date`` (``published_at`` is only a bound, or stands for
        a day), ``method_break`` (the source seems to have drawn otherwise
        than on other days: a jump here need not be one on the ground) or
        ``remark`` (the author's own words, shown on every map).
    detail : str
        In words.
    km2 : float
        The area concerned.
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
        source : str
            As for the class.
        published_at : datetime.datetime
            As for the class.
        drawn : mapping of str to ndarray of shapely.Polygon
            Polygons by state (``occupied``, ``grey_zone``, ``regained``),
            each valid and two-dimensional; they may overlap.
        coverage : shapely.MultiPolygon, optional
            Valid.
        notes : iterable of Note
            As for the class.

        Returns
        -------
        Snapshot
            Without a repair, and without a look for what needs one.
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

        Parameters
        ----------
        state : {'occupied', 'grey_zone', 'regained'}

        Returns
        -------
        ndarray of shapely.Polygon or None
            They may overlap.  None where the source does not draw the state.
        """
        return self._drawn[state]

    def parts(self, state: str) -> Polygons:
        """Polygons of a state, dissolved: none overlaps another.

        Parameters
        ----------
        state : {'occupied', 'grey_zone', 'regained'}

        Returns
        -------
        ndarray of shapely.Polygon
            The grey zone does not overlap occupied ground, either.  Empty
            where the source does not draw the state.
        """
        geometry = getattr(self, state)
        return (
            empty_polygons()
            if geometry is None
            else shapely.get_parts(geometry)
        )

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

        Returns
        -------
        shapely.MultiPolygon or None
            Longitude, latitude in degrees.  None where the source does not
            draw the grey zone: what is not occupied is then not known to be
            held.
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
        return area_record(
            self._km2("occupied") or 0.0,
            self._km2("grey_zone"),
            self.denominator_km2,
        )

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

        Returns
        -------
        Snapshot
            The one that all rows are of.

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
        return cls.from_parts(parts[0])

    @classmethod
    def from_parts(cls, parts: dict[str, Any]) -> Self:
        """Snapshot from its arguments, as the rows of a frame give them.

        Parameters
        ----------
        parts : dict
            Arguments of the class by name, the notes as plain tuples.

        Returns
        -------
        Snapshot
            As the class makes it.
        """
        notes = [Note(*note) for note in parts.pop("notes")]
        return cls(**parts, notes=notes)


def area_record(
    occupied_km2: float, grey_zone_km2: float | None, denominator_km2: float
) -> dict[str, float | None]:
    """Areas by state and what they are shares of: see `Snapshot.areas`."""
    held_km2, share = None, None
    if grey_zone_km2 is not None:
        held_km2 = denominator_km2 - occupied_km2 - grey_zone_km2
    if denominator_km2:
        share = occupied_km2 / denominator_km2
    return {
        "occupied_km2": occupied_km2,
        "grey_zone_km2": grey_zone_km2,
        "held_km2": held_km2,
        "denominator_km2": denominator_km2,
        "occupied_share": share,
    }


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
    kept: dict[str, Polygons] = {}
    notes: list[Note] = []
    for state, polygons in drawn.items():
        kept[state], cut_km2 = clip(polygons, coverage)
        if cut_km2:
            detail = f"{state}: cut off outside the coverage"
            notes.append(Note("clipped", detail, cut_km2))
    return kept, notes
