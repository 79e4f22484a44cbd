"""The last step of every importer: drawn areas → snapshot.

Polygons are mended, and kept or dropped by where they lie.  Each distinct
geometry is read once, however many days repeat it.
"""

import warnings
from typing import Any, NamedTuple

import numpy as np
import orjson
import shapely

from geofront.errors import GeofrontWarning, InvalidBoundaryError
from geofront.geodesy import FloatArray, area_km2, explode_polygons
from geofront.geography import territory
from geofront.model import Note
from geofront.sources.geojson import clean, read_geometry
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


# Three features of four are points, which need no reading.
_POINT = Area(empty_polygons(), (), 1)


class Reader:
    """Reads geometries of one source, each distinct one once."""

    def __init__(self) -> None:
        self._known: dict[bytes, Area] = {}

    def area(self, geometry: Any) -> Area:
        """Areas of a GeoJSON geometry that lie in Ukraine.

        Raises
        ------
        InvalidBoundaryError
            If the geometry cannot be read.
        """
        if isinstance(geometry, dict) and geometry.get("type") == "Point":
            return _POINT
        try:
            content = orjson.dumps(geometry)
        except TypeError as error:
            raise InvalidBoundaryError(f"not a geometry: {error}") from None
        if content not in self._known:
            self._known[content] = _read(geometry)
        return self._known[content]


def _read(geometry: Any) -> Area:
    drawn = read_geometry(geometry)
    notes: list[Note] = []
    if drawn.unclosed:
        notes.append(Note("repair", f"closed {drawn.unclosed} rings"))
    mended = mend(drawn.polygons)
    if mended.repaired.any():
        changed = np.abs(mended.changed_km2).sum()
        notes.append(Note("repair", "was invalid", float(changed)))
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
    within = shapely.intersection(polygons[across], frame)
    # Slivers without area lie wherever they touch.
    size = np.maximum(area_km2(polygons[across]), 1e-12)
    shares[across] = area_km2(within) / size
    return shares


class Findings:
    """Notes and faults of one file, collected while it is read."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._notes: list[Note] = []
        self._faults: list[str] = []
        self._not_areas = 0

    def feature(self, label: str, area: Area) -> None:
        """Record what reading a feature found."""
        self._not_areas += area.not_areas
        self._notes += [
            Note(kind, f"{label}: {detail}", km2)
            for kind, detail, km2 in area.notes
        ]

    def damaged(self, label: str, error: Exception) -> None:
        """Record a feature that could not be read."""
        self._faults.append(f"{label}: {clean(error)}")
        self._notes.append(Note("dropped", self._faults[-1]))

    def unknown(self, label: str, area: Area) -> None:
        """Record an area in Ukraine that says nothing geofront knows."""
        lost = float(area_km2(area.polygons).sum())
        detail = f"{label}: of no known meaning"
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
        detail = f"{self._not_areas} points and lines: only areas are kept"
        return [*self._notes, Note("dropped", detail)]
