"""The front line: where occupied ground or grey zone meets held ground."""

import numpy as np
import shapely
from shapely import MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from geofront._threads import per_thread
from geofront.geodesy import LocalFrame, area_km2, length_km
from geofront.geography import territory
from geofront.model import Snapshot

__all__ = ["front_line"]

BORDER_KM = 1.0
"""A line within this of border or coast is border or coast, not front.

Sources draw the border up to 0.75 km from the embedded outline, with hardly
anything between that and the front itself.
"""

SLIVER_KM = 0.02
"""A hole narrower than this, on average, is a gap in the drawing."""

_CENTRE_OF_UKRAINE = (31.2, 48.5)


def front_line(snapshot: Snapshot) -> MultiLineString:
    """Line along which occupied ground or grey zone meets held ground.

    Neither coast nor state border belongs to it, nor the edge of the
    coverage, nor gaps of a few metres that drawing leaves between
    neighbouring polygons.

    Parameters
    ----------
    snapshot : Snapshot

    Returns
    -------
    shapely.MultiLineString
        Longitude, latitude in degrees; empty where there is no front.
        Where no grey zone is drawn, it is the edge of the occupied area.

    Notes
    -----
    A lake that a source leaves out of the occupied area, such as the
    Molochnyi lagoon on DeepStateMap, cannot be told from an encircled
    pocket: its shore counts as front.  So do both sides of a gap in the
    drawing that opens to held ground.
    """
    drawn = [snapshot.drawn("occupied"), snapshot.drawn("grey_zone")]
    polygons = np.concatenate([part for part in drawn if part is not None])
    rings = _rings(shapely.union_all(polygons))
    line = shapely.intersection(rings, _inland(snapshot.coverage))
    parts = shapely.get_parts(shapely.line_merge(line))
    lines = parts[
        shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    ]
    # What is left of a coast between two cuts is shorter than the cut wide.
    kept = shapely.is_closed(lines) | (length_km(lines) >= BORDER_KM)
    return MultiLineString(lines[kept].tolist())


def _rings(ground: BaseGeometry) -> MultiLineString:
    """Edges of an area, but not of its gaps."""
    rings = shapely.get_rings(shapely.get_parts(ground))
    inside = np.asarray(shapely.polygons(rings))
    width_km = 2.0 * area_km2(inside) / length_km(inside)
    return MultiLineString(rings[width_km >= SLIVER_KM].tolist())


def _inland(coverage: MultiPolygon | None) -> BaseGeometry:
    """Ground where a line can be front: off the border, coast and edge."""
    if coverage is None:
        return _inland_of_territory()
    return shapely.intersection(
        _inland_of_territory(), _shrunk(coverage, metres=1.0)
    )


@per_thread
def _inland_of_territory() -> BaseGeometry:
    inland = _shrunk(territory(), metres=BORDER_KM * 1000.0)
    shapely.prepare(inland)
    return inland


def _shrunk(area: MultiPolygon, *, metres: float) -> BaseGeometry:
    frame = LocalFrame(*_CENTRE_OF_UKRAINE)
    edge = frame.project(shapely.boundary(area))
    strip = frame.unproject(shapely.buffer(edge, metres))
    return shapely.difference(area, strip)
