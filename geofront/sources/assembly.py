"""The last step of every importer: drawn areas → snapshot.

Polygons are mended, and kept or dropped by where they lie.  Each distinct
feature is read once, however many days repeat it, and the new ones of a file
are read together.
"""

import warnings
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from geofront import _reasons
from geofront._words import clean, counted, first_of
from geofront.errors import (
    GeofrontWarning,
    InvalidBoundaryError,
    SourceError,
)
from geofront.geodesy import area_km2
from geofront.model import AT_THE_BORDER, Note
from geofront.sources.belonging import of_ukraine
from geofront.sources.geojson import (
    Drawn,
    cut_features,
    describe,
    parse_collection,
    parse_cut,
    read_geometry,
)
from geofront.sources.tangles import refuse_tangles
from geofront.topology import Polygons, empty_polygons, mend

Indices = npt.NDArray[np.intp]

_TOLD = 50
"""Faults of one file that are told one by one."""
_LOUD_KM2 = 1.0
_LARGE_KM2 = 100.0
"""Left out, more than this looks like a change of control."""


class Area(NamedTuple):
    """What one geometry says of Ukraine, and what was done to it."""

    polygons: Polygons
    """Valid, of Ukraine, maybe overlapping."""
    notes: tuple[Note, ...]
    not_areas: int


class Feature(NamedTuple):
    """What one feature of a file says."""

    kind: str
    """What the source means by it: a fill colour, a state."""
    area: Area
    fault: str | None = None
    """Why it could not be read, if it could not."""


class Reader:
    """Reads the features of one source, each distinct one once.

    Parameters
    ----------
    kind_of : callable
        From a feature's properties to what the source means by it.
    geometry_of : callable, optional
        From a feature's geometry to its areas; GeoJSON by default.
    """

    def __init__(
        self,
        kind_of: Callable[[dict[str, Any]], str],
        geometry_of: Callable[[Any], Drawn] = read_geometry,
    ) -> None:
        self._kind_of = kind_of
        self._geometry_of = geometry_of
        self._known: dict[Hashable, Feature] = {}

    def features(self, data: bytes, where: str) -> list[Feature]:
        """Features of a GeoJSON text, in order.

        Raises
        ------
        SourceError
            If the text is no FeatureCollection.
        """
        pieces = cut_features(data)
        if pieces is not None:
            try:
                self._learn(
                    {
                        piece: parse_cut(piece, where)
                        for piece in pieces
                        if piece not in self._known
                    }
                )
                return [self._known[piece] for piece in pieces]
            except SourceError:
                # Not cut at its joints, or damaged: parsing the whole tells.
                pass
        return self.parsed(parse_collection(data, where)["features"])

    def parsed(self, parsed: Sequence[Any]) -> list[Feature]:
        """Features of a text that is parsed already, in order."""
        keys = [_key(feature) for feature in parsed]
        self._learn(
            {
                key: feature
                for key, feature in zip(keys, parsed, strict=True)
                if key not in self._known
            }
        )
        return [self._known[key] for key in keys]

    def _learn(self, parsed: Mapping[Hashable, Any]) -> None:
        """Read features that are new, all polygons together."""
        if not parsed:
            return
        read = [self._read(feature) for feature in parsed.values()]
        areas = areas_of([drawn for _, drawn, _ in read])
        for key, (kind, _, fault), area in zip(
            parsed, read, areas, strict=True
        ):
            self._known[key] = Feature(kind, area, fault)

    def _read(self, feature: Any) -> tuple[str, Drawn, str | None]:
        """What a feature means, what it draws, and why that is nothing."""
        nothing = Drawn(empty_polygons(), 0, 0)
        if not isinstance(feature, dict):
            fault = "expected a feature, found " + describe(feature)
            return "", nothing, fault
        properties = feature.get("properties")
        kind = self._kind_of(
            properties if isinstance(properties, dict) else {}
        )
        try:
            drawn = self._geometry_of(feature.get("geometry"))
            refuse_tangles(drawn.polygons)
            return kind, drawn, None
        except InvalidBoundaryError as error:
            return kind, nothing, str(error)


def _key(feature: Any) -> Hashable:
    """What a feature is known by: its text, or nothing but itself."""
    try:
        text = orjson.dumps(feature)
    except orjson.JSONEncodeError:  # nested too deep, or huge integers
        return object()
    # Not a number is written as null: this may be either.
    return object() if b"null" in text else text


def areas_of(drawn: Sequence[Drawn]) -> list[Area]:
    """Mend polygons, and keep of each geometry what is of Ukraine."""
    polygons = np.concatenate(
        [empty_polygons(), *(item.polygons for item in drawn)]
    )
    owner = np.repeat(
        np.arange(len(drawn)), [len(item.polygons) for item in drawn]
    )
    mended = mend(polygons)
    kept = of_ukraine(mended.polygons)
    owner_mended = owner[mended.origin]
    has_area = np.isin(np.arange(len(owner)), mended.origin)

    def total(owners: Indices, values: npt.NDArray[Any]) -> list[float]:
        sums = np.bincount(owners, values, minlength=len(drawn))
        return [float(value) for value in sums]

    notes = map(
        _notes,
        drawn,
        total(owner, mended.repaired),
        total(owner, np.abs(mended.changed_km2)),
        total(owner, ~has_area),
        total(owner_mended, kept.dropped_km2),
        total(owner_mended, kept.cut_km2),
    )
    parts = _split(kept.polygons, owner_mended[kept.origin], len(drawn))
    return [
        Area(part, found, item.not_areas)
        for part, found, item in zip(parts, notes, drawn, strict=True)
    ]


def _notes(
    drawn: Drawn,
    repaired: float,
    changed_km2: float,
    vanished: float,
    dropped_km2: float,
    cut_km2: float,
) -> tuple[Note, ...]:
    closed = f"closed {counted(drawn.unclosed, 'ring')}"
    empty = f"{counted(int(vanished), 'polygon')} without area"
    known = (
        (drawn.unclosed, Note("repair", closed)),
        (repaired, Note("repair", "was invalid", changed_km2)),
        (vanished, Note("dropped", empty)),
        (dropped_km2, Note("dropped", "outside the territory", dropped_km2)),
        (cut_km2, Note("clipped", AT_THE_BORDER, cut_km2)),
    )
    return tuple(note for occurs, note in known if occurs)


def _split(polygons: Polygons, owner: Indices, count: int) -> list[Polygons]:
    """Polygons of each owner."""
    order = np.argsort(owner, kind="stable")
    ends = np.cumsum(np.bincount(owner, minlength=count))
    return np.split(polygons[order], ends[:-1])


class Findings:
    """Notes and faults of one file, collected while it is read."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._notes: list[Note] = []
        self._faults: list[str] = []
        self._not_areas = 0
        self._large = 0

    def feature(self, number: int, feature: Feature) -> None:
        """Record what reading a feature found."""
        self._not_areas += feature.area.not_areas
        if feature.fault is None and not feature.area.notes:
            return
        label = _label(number, feature)
        if feature.fault is not None:
            self._faults.append(f"{label}: {feature.fault}")
            self._notes.append(Note("dropped", self._faults[-1]))
            self._large += 1
        self._notes += [
            Note(kind, f"{label}: {detail}", km2)
            for kind, detail, km2 in feature.area.notes
        ]

    def unknown(self, number: int, feature: Feature) -> None:
        """Record an area in Ukraine that says nothing geofront knows."""
        lost = float(area_km2(feature.area.polygons).sum())
        detail = f"{_label(number, feature)}: of no known meaning"
        self._notes.append(Note("dropped", detail, lost))
        if lost > _LOUD_KM2:
            self._faults.append(f"{detail}, {lost:,.1f} km² in Ukraine")
        if lost > _LARGE_KM2:
            self._large += 1

    def warn(self) -> None:
        """Tell all faults of the file at once, if there are any."""
        if self._faults:
            warnings.warn(
                f"{self._where}: left out {first_of(self._faults, _TOLD)}. "
                "The rest of the file is kept",
                GeofrontWarning,
                stacklevel=3,
            )

    def notes(self) -> list[Note]:
        """Notes, with one for all points and lines together."""
        notes = list(self._notes)
        if self._not_areas:
            what = counted(self._not_areas, "point or line", "points or lines")
            notes.append(Note("dropped", f"{what}: only areas are kept"))
        if self._large:
            what = counted(self._large, "feature")
            notes.append(
                Note(
                    "method_break",
                    _reasons.LEFT_OUT.format(what=what),
                )
            )
        return notes


def _label(number: int, feature: Feature) -> str:
    kind = f" ({clean(feature.kind)})" if feature.kind else ""
    return f"feature {number}{kind}"
