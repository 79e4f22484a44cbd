"""Where a polygon belongs: decided by its geometry, never by its name.

Against Ukraine with its territorial sea, since sources draw across bays;
they also draw "occupied" areas in Georgia, Karelia and the Kurils.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from geofront.geodesy import FloatArray, area_km2, explode_polygons
from geofront.geography import territory
from geofront.topology import Polygons, orient

WHOLE_SHARE = 0.95
"""Inside by this share or more, a polygon counts whole."""
DROPPED_SHARE = 0.05
"""Inside by this share or less, a polygon is dropped."""

# Shares in square degrees that decide as those in km² do: from the south of
# Ukraine to its north a square degree shrinks by a sixth.
_SURELY_WHOLE = 0.96
_SURELY_DROPPED = 0.04


class Belonging(NamedTuple):
    """What of some polygons is of Ukraine."""

    polygons: Polygons
    origin: npt.NDArray[np.intp]
    """Which of the polygons given each one is, or is cut from."""
    dropped_km2: FloatArray
    """Of each polygon given: its area if it was dropped, else 0."""
    cut_km2: FloatArray
    """Of each polygon given: what was cut off at the border."""


def of_ukraine(polygons: Polygons) -> Belonging:
    """Keep polygons whole, cut them at the border, or drop them.

    Parameters
    ----------
    polygons : ndarray of shapely.Polygon
        Each valid.
    """
    inside = share_inside(polygons)
    whole = np.flatnonzero(inside >= WHOLE_SHARE)
    outside = np.flatnonzero(inside <= DROPPED_SHARE)
    between = np.flatnonzero((inside > DROPPED_SHARE) & (inside < WHOLE_SHARE))
    dropped_km2, cut_km2 = np.zeros((2, len(polygons)))
    if len(outside):
        dropped_km2[outside] = area_km2(polygons[outside])
    if not len(between):
        return Belonging(polygons[whole], whole, dropped_km2, cut_km2)
    cut = shapely.intersection(polygons[between], territory(sea=True))
    cut_km2[between] = area_km2(polygons[between]) - area_km2(cut)
    pieces, piece_of = explode_polygons(cut)
    return Belonging(
        np.concatenate([polygons[whole], orient(pieces)]),
        np.concatenate([whole, between[piece_of]]),
        dropped_km2,
        cut_km2,
    )


def share_inside(polygons: Polygons) -> FloatArray:
    """Share of each polygon's area that lies in Ukraine or its sea.

    Measured in km² where the rule might turn on it; elsewhere a bound on the
    right side of the rule is enough, and an overlay along the whole border
    is spared.
    """
    frame = territory(sea=True)
    shares = shapely.contains_properly(frame, polygons).astype(float)
    across = np.flatnonzero(
        (shares == 0) & shapely.intersects(frame, polygons)
    )
    core = _core()
    shares[across] = [
        _share_deg2(polygon, _nearby(core, polygon))
        for polygon in polygons[across]
    ]
    left = across[shares[across] < _SURELY_WHOLE]
    for index in left:
        nearby = _nearby(frame, polygons[index])
        shares[index] = _share_deg2(polygons[index], nearby)
        if _SURELY_DROPPED < shares[index] < _SURELY_WHOLE:
            within = shapely.intersection(polygons[index], nearby)
            shares[index] = area_km2(within) / area_km2(polygons[index])
    return shares


def _share_deg2(polygon: Polygon, frame: BaseGeometry) -> float:
    """Share in square degrees; a sliver without area is nowhere."""
    within = shapely.intersection(polygon, frame).area
    return float(within / max(polygon.area, 1e-16))


@cache
def _core() -> BaseGeometry:
    """Coarse outline that lies within the territory."""
    core = shapely.buffer(territory(sea=True), -0.01).simplify(0.008)
    assert territory(sea=True).contains(core)
    return core


def _nearby(frame: BaseGeometry, polygon: Polygon) -> BaseGeometry:
    """Part of a large frame around a polygon: an overlay of all is slow."""
    west, south, east, north = polygon.bounds
    return shapely.clip_by_rect(
        frame, west - 0.01, south - 0.01, east + 0.01, north + 0.01
    )
