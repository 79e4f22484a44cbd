"""The front line: where occupied ground or grey zone meets held ground."""

import itertools
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import shapely
from shapely import MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from geofront._expected import need_snapshots
from geofront._fronts import Limits, fronts
from geofront._given import as_kilometres
from geofront._timeline import Timeline, join, segments, timelines
from geofront.geodesy import LocalFrame, area_km2, length_km
from geofront.geography import territory
from geofront.model import Snapshot

__all__ = ["by_coverage", "drawing", "front_length", "front_line", "ground"]
__all__ += ["inland"]

BORDER_KM = 1.0
"""A line within this of border or coast is border or coast, not front.

Sources draw the border up to 0.75 km from the embedded outline, with hardly
anything between that and the front itself.
"""

SLIVER_KM = 0.02
"""A hole narrower than this, on average, is a gap in the drawing."""

# What is left of a coast between two cuts is shorter than the cut is wide.
_LIMITS = Limits(sliver_km=SLIVER_KM, remnant_km=BORDER_KM)

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
        Longitude, latitude in degrees, the held ground to its right; empty
        where there is no front.  Where no grey zone is drawn, it is the
        edge of the occupied area.

    Notes
    -----
    A lake that a source leaves out of the occupied area, such as the
    Molochnyi lagoon on DeepStateMap, cannot be told from an encircled
    pocket: its shore counts as front.  So do both sides of a gap in the
    drawing that opens to held ground, unless it is narrower than 0.1 mm.
    """
    need_snapshots(snapshot)
    pieces = MultiLineString(segments(drawing([snapshot]).front).tolist())
    lines = shapely.line_merge(pieces, directed=True)
    return MultiLineString(shapely.get_parts(lines).tolist())


def front_length(
    snapshot: Snapshot, *, smoothing_km: float | None = None
) -> float:
    """Length of the front line.

    Parameters
    ----------
    snapshot : Snapshot
    smoothing_km : float, optional
        Width below which windings are not counted.  Without it, the length
        is that of the line as drawn, which says as much about the hand that
        drew it: compare sources, and years, at one stated smoothing only.

    Returns
    -------
    float
        Kilometres.

    Raises
    ------
    ValueError
        If ``smoothing_km`` is not positive.

    Notes
    -----
    Smoothed, it is the area within half of ``smoothing_km`` of the line,
    divided by ``smoothing_km`` (Minkowski): for a straight line, its length;
    both banks of a pocket that is narrower count once.  Within 0.5 % for a
    front of 1,000 km.

    Examples
    --------
    >>> import geofront as gf
    >>> day = gf.example_history().at("2025-02-24")
    >>> gf.front_length(day, smoothing_km=5) < gf.front_length(day)
    True
    """
    line = front_line(snapshot)
    if smoothing_km is None:
        return length_km(line)
    smoothing_km = as_kilometres("smoothing_km", smoothing_km)
    if line.is_empty:
        return 0.0
    middle = line.centroid
    frame = LocalFrame(middle.x, middle.y)
    ribbon = shapely.buffer(
        frame.project(line), smoothing_km * 500.0, cap_style="flat"
    )
    return area_km2(frame.unproject(ribbon)) / smoothing_km


class Drawing(NamedTuple):
    """Edges of several snapshots, a day each."""

    occupied: Timeline
    grey_zone: Timeline
    front: Timeline


def drawing(snapshots: Sequence[Snapshot]) -> Drawing:
    """Edges of both states and of the front line of several snapshots.

    Parameters
    ----------
    snapshots : sequence of Snapshot
        In time order, since what stays is then computed once.
    """
    occupied, grey = timelines(
        *(
            [item.parts(state) for item in snapshots]
            for state in ("occupied", "grey_zone")
        )
    )
    lines = [
        _on_days(occupied, grey, days, ground(coverage), len(snapshots))
        for coverage, days in by_coverage(snapshots)
    ]
    return Drawing(occupied, grey, join(*lines))


def by_coverage(
    snapshots: Sequence[Snapshot],
) -> Iterator[tuple[MultiPolygon | None, list[int]]]:
    """Days, by number, whose coverage is the same."""
    for coverage, days in itertools.groupby(
        range(len(snapshots)), lambda day: snapshots[day].coverage
    ):
        yield coverage, list(days)


def _on_days(
    occupied: Timeline,
    grey: Timeline,
    days: list[int],
    inland: BaseGeometry,
    of: int,
) -> Timeline:
    """Front lines of some of the days."""
    states = [
        lines._replace(alive=lines.alive[:, days])
        for lines in (occupied, grey)
    ]
    found = fronts(states[0], states[1], inland, _LIMITS)
    alive = np.zeros((len(found.start), of), bool)
    alive[:, days] = found.alive
    return found._replace(alive=alive)


@lru_cache(maxsize=4)
def ground(coverage: MultiPolygon | None) -> BaseGeometry:
    """Ground where a line can be front: off the border, coast and edge."""
    if coverage is None:
        return inland()
    return shapely.intersection(inland(), _shrunk(coverage, metres=1.0))


@cache
def inland() -> BaseGeometry:
    """Land farther than `BORDER_KM` from border and coast.

    Not prepared, since all threads share it: who asks it often prepares a
    copy for each thread.
    """
    return _shrunk(territory(), metres=BORDER_KM * 1000.0)


def _shrunk(area: MultiPolygon, *, metres: float) -> BaseGeometry:
    frame = LocalFrame(*_CENTRE_OF_UKRAINE)
    edge = frame.project(shapely.boundary(area))
    strip = frame.unproject(shapely.buffer(edge, metres))
    return shapely.difference(area, strip)
