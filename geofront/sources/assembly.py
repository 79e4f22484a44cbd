"""The last step of every importer: drawn areas → snapshot.

Polygons are mended, and kept or dropped by where they lie.  Each distinct
geometry is read once, however many days repeat it.
"""

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import orjson
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from geofront._words import clean, counted
from geofront.errors import (
    GeofrontWarning,
    InvalidBoundaryError,
    SourceError,
)
from geofront.geodesy import FloatArray, area_km2, explode_polygons
from geofront.geography import territory
from geofront.model import Note
from geofront.sources.geojson import (
    cut_features,
    describe,
    parse_collection,
    parse_cut,
    read_geometry,
)
from geofront.topology import Polygons, empty_polygons, mend, orient

WHOLE_SHARE = 0.95
"""Inside by this share or more, a polygon counts whole."""
DROPPED_SHARE = 0.05
"""Inside by this share or less, a polygon is dropped."""

_LOUD_KM2 = 1.0


class Area(NamedTuple):
    """What one geometry says of Ukraine, and what was done to it."""

    polygons: Polygons
    """Valid, of Ukraine, maybe overlapping."""
    notes: tuple[Note, ...]
    not_areas: int


_NOTHING = Area(empty_polygons(), (), 0)


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
    """

    def __init__(self, kind_of: Callable[[dict[str, Any]], str]) -> None:
        self._kind_of = kind_of
        self._known: dict[bytes, Feature] = {}

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
                return [
                    self._once(piece, parse_cut, piece, where)
                    for piece in pieces
                ]
            except SourceError:
                # Not cut at its joints, or damaged: parsing the whole tells.
                pass
        return [
            self._once_parsed(feature)
            for feature in parse_collection(data, where)["features"]
        ]

    def _once(
        self, text: bytes, parsed: Callable[..., Any], *given: Any
    ) -> Feature:
        """Feature of a text, taken from ``parsed(*given)`` if it is new."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._read(parsed(*given))
        return known

    def _once_parsed(self, feature: Any) -> Feature:
        try:
            text = orjson.dumps(feature)
        except orjson.JSONEncodeError:  # nested too deep, or huge integers
            return self._read(feature)
        return self._once(text, lambda: feature)

    def _read(self, feature: Any) -> Feature:
        if not isinstance(feature, dict):
            fault = "expected a feature, found " + describe(feature)
            return Feature("", _NOTHING, fault)
        properties = feature.get("properties")
        kind = self._kind_of(
            properties if isinstance(properties, dict) else {}
        )
        try:
            return Feature(kind, _read_area(feature.get("geometry")))
        except InvalidBoundaryError as error:
            return Feature(kind, _NOTHING, str(error))


def _read_area(geometry: Any) -> Area:
    drawn = read_geometry(geometry)
    if not len(drawn.polygons):
        return Area(drawn.polygons, (), drawn.not_areas)
    notes: list[Note] = []
    if drawn.unclosed:
        notes.append(
            Note("repair", f"closed {counted(drawn.unclosed, 'ring')}")
        )
    mended = mend(drawn.polygons)
    if mended.repaired.any():
        changed = np.abs(mended.changed_km2).sum()
        notes.append(Note("repair", "was invalid", float(changed)))
    vanished = len(drawn.polygons) - len(np.unique(mended.origin))
    if vanished:
        detail = f"{counted(vanished, 'polygon')} without area"
        notes.append(Note("dropped", detail))
    polygons, moved = _of_ukraine(mended.polygons)
    return Area(polygons, (*notes, *moved), drawn.not_areas)


def _of_ukraine(polygons: Polygons) -> tuple[Polygons, list[Note]]:
    """Keep, cut or drop polygons by the share of them inside.

    Against the territory with its sea, since sources draw across bays.
    """
    inside = share_inside(polygons)
    whole = inside >= WHOLE_SHARE
    outside = inside <= DROPPED_SHARE
    notes = []
    if outside.any():
        lost = float(area_km2(polygons[outside]).sum())
        notes.append(Note("dropped", "outside the territory", lost))
    between = polygons[~whole & ~outside]
    if not len(between):
        return polygons[whole], notes
    cut, _ = explode_polygons(
        shapely.intersection(between, territory(sea=True))
    )
    lost = float(area_km2(between).sum() - area_km2(cut).sum())
    notes.append(Note("clipped", "cut at the border", lost))
    return np.concatenate([polygons[whole], orient(cut)]), notes


def share_inside(polygons: Polygons) -> FloatArray:
    """Share of each polygon's area that lies in Ukraine or its sea."""
    frame = territory(sea=True)
    shares = shapely.contains_properly(frame, polygons).astype(float)
    across = (shares == 0) & shapely.intersects(frame, polygons)
    if not across.any():
        return shares
    within = [
        shapely.intersection(polygon, _nearby(frame, polygon))
        for polygon in polygons[across]
    ]
    # Slivers without area lie wherever they touch.
    size = np.maximum(area_km2(polygons[across]), 1e-12)
    shares[across] = area_km2(np.array(within, dtype=object)) / size
    return shares


def _nearby(frame: BaseGeometry, polygon: Polygon) -> BaseGeometry:
    """Part of a large frame around a polygon: an overlay of all is slow."""
    west, south, east, north = polygon.bounds
    return shapely.clip_by_rect(
        frame, west - 0.01, south - 0.01, east + 0.01, north + 0.01
    )


class Findings:
    """Notes and faults of one file, collected while it is read."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._notes: list[Note] = []
        self._faults: list[str] = []
        self._not_areas = 0

    def feature(self, number: int, feature: Feature) -> None:
        """Record what reading a feature found."""
        self._not_areas += feature.area.not_areas
        if feature.fault is None and not feature.area.notes:
            return
        label = _label(number, feature)
        if feature.fault is not None:
            self._faults.append(f"{label}: {feature.fault}")
            self._notes.append(Note("dropped", self._faults[-1]))
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

    def warn(self) -> None:
        """Tell all faults of the file at once, if there are any."""
        if self._faults:
            warnings.warn(
                f"{self._where}: left out {'; '.join(self._faults)}. "
                "The rest of the file is kept",
                GeofrontWarning,
                stacklevel=3,
            )

    def notes(self) -> list[Note]:
        """Notes, with one for all points and lines together."""
        if not self._not_areas:
            return self._notes
        left_out = counted(self._not_areas, "point or line", "points or lines")
        detail = f"{left_out}: only areas are kept"
        return [*self._notes, Note("dropped", detail)]


def _label(number: int, feature: Feature) -> str:
    kind = f" ({clean(feature.kind)})" if feature.kind else ""
    return f"feature {number}{kind}"
