"""The shortest lines from many places to the edges of many days.

What may be nearest is found in one plane for all (``_candidates``).  Each
candidate is then measured in an azimuthal-equidistant plane centred on its
place, and the line that is found there as a geodesic on the ellipsoid.
"""

from typing import NamedTuple

import numpy as np
import shapely

from geofront._bodies import Outlines, divided, from_plane, to_plane
from geofront._candidates import blocks, candidates, firsts
from geofront._rows import Flags, Floats, Ints
from geofront._timeline import Timeline
from geofront.geodesy import GEOD

__all__ = ["Reach", "reach"]

# Nearer than this, two outlines are one line that rounding has parted.
_TOUCHING_METRES = 0.001
_TOUCHING_DEG = 1e-8

# What may touch in degrees may be a metre apart in a plane (`_touch`); planes
# are off by far less.
_SLACK_METRES = 2.0

# Bodies that are measured at once, so that the arrays stay small.
_BATCH = 512


class Reach(NamedTuple):
    """Shortest lines from places to edges: places × days.

    Not a number where there is no edge.
    """

    metres: Floats  # from the extent
    bearing: Floats  # degrees; not a number where they touch
    start: Floats  # longitude, latitude: places × days × 2
    end: Floats
    centre_metres: Floats  # from the centre


def reach(places: Outlines, lines: Timeline) -> Reach:
    """Shortest line from each place to what is drawn on each day.

    Parameters
    ----------
    places : Outlines
    lines : Timeline

    Returns
    -------
    Reach
        For a place and a day the same to the last bit, whatever other
        places and days are asked for.
    """
    lines = divided(lines)
    bodies = len(places.middle)
    several = blocks(lines, bodies)
    found = _nothing(bodies, lines.alive.shape[1])
    for first in range(0, bodies, _BATCH):
        batch = slice(first, first + _BATCH)
        body, edge = candidates(places, several, batch)
        if len(body):
            _fill(found, places, lines, body, edge)
    return _by_place(found, places)


def _by_place(found: Reach, places: Outlines) -> Reach:
    """The nearest body of each place; the last one is the centre."""
    if not len(places.centre):
        return found
    first = np.searchsorted(places.place, np.arange(len(places.centre)))
    last = np.append(first[1:], len(places.place)) - 1
    known = places.is_part[:, np.newaxis] & ~np.isnan(found.metres)
    metres = np.where(known, found.metres, np.inf)
    least = np.minimum.reduceat(metres, first, axis=0)[places.place]
    body = np.arange(len(metres))[:, np.newaxis]
    body = np.where(metres == least, body, len(metres))
    chosen = np.minimum.reduceat(body, first, axis=0)
    day = np.arange(metres.shape[1])
    nearest = Reach._make(column[chosen, day] for column in found)
    return nearest._replace(centre_metres=found.centre_metres[last])


def _nothing(bodies: int, days: int) -> Reach:
    unknown = [np.full((bodies, days), np.nan) for _ in range(3)]
    points = [np.full((bodies, days, 2), np.nan) for _ in range(2)]
    return Reach(unknown[0], unknown[1], points[0], points[1], unknown[2])


def _fill(
    found: Reach, places: Outlines, lines: Timeline, body: Ints, edge: Ints
) -> None:
    """Fill in the bodies of pairs, sorted by body, for all days."""
    ends = _ends(places, lines, body, edge)
    centre = _from_origin(ends)
    seen = lines.alive[edge]
    _put((found.centre_metres,), body, seen, (centre,))
    kept = _may_be_nearest(places, body, seen, centre)
    body, edge, seen = body[kept], edge[kept], seen[kept]
    metres, bearing, start, end = _measure(
        places, lines, body, edge, ends[kept]
    )
    _put(
        found[:4], body, seen, (metres, bearing, start, end), *end.T, *start.T
    )


def _put(
    columns: tuple[Floats, ...],
    body: Ints,
    seen: Flags,
    values: tuple[Floats, ...],
    *keys: Floats,
) -> None:
    """Fill in what belongs to the least of the first values of each day.

    Keys decide where these are equal, the last one first.
    """
    best = _least(body, seen, *keys, values[0])
    row, day = np.nonzero(best < len(body))
    pair = best[row, day]
    into = body[firsts(body)][row]
    for column, own in zip(columns, values, strict=True):
        column[into, day] = own[pair]


def _may_be_nearest(
    places: Outlines, body: Ints, seen: Flags, centre: Floats
) -> Flags:
    """Which of the pairs, by the edge's distance from the centre, may count.

    An extent reaches at least as far as its inner radius towards an edge,
    and nowhere farther than its outer one.
    """
    low, high = centre - places.outer[body], centre - places.inner[body]
    first = firsts(body)
    daily = np.where(seen, high[:, np.newaxis], np.inf)
    # All edges that are touched are equally near.
    bound = np.maximum(np.minimum.reduceat(daily, first, axis=0), 0.0)
    bound = np.repeat(bound, np.diff(first, append=len(body)), axis=0)
    may = seen & (low[:, np.newaxis] <= bound + _SLACK_METRES)
    return np.asarray(may.any(axis=1))


def _ends(places: Outlines, lines: Timeline, body: Ints, edge: Ints) -> Floats:
    """Edges in the planes of bodies: pairs × 2 ends × 2, in metres."""
    middle = places.middle[body]
    ends = (
        to_plane(middle, lines.start[edge]),
        to_plane(middle, lines.end[edge]),
    )
    return np.stack(ends, axis=1)


def _measure(
    places: Outlines, lines: Timeline, body: Ints, edge: Ints, ends: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Shortest lines from bodies to edges: length, bearing, both ends."""
    middle = places.middle[body]
    flat = shapely.shortest_line(places.shape[body], shapely.linestrings(ends))
    points = shapely.get_coordinates(flat).reshape(-1, 2, 2)
    start, end = (from_plane(middle, points[:, i]) for i in (0, 1))
    bearing, _, metres = GEOD.inv(*start.T, *end.T)
    touching = metres < _TOUCHING_METRES
    touching |= _touch(places, lines, body, edge, metres)
    return (
        np.where(touching, 0.0, metres),
        np.where(touching, np.nan, bearing % 360.0),
        start,
        end,
    )


def _touch(
    places: Outlines, lines: Timeline, body: Ints, edge: Ints, metres: Floats
) -> Flags:
    """Whether lines touch in degrees, where they are straight.

    In a plane they may be parted by what their curvature is.
    """
    touching = np.zeros(len(body), bool)
    near = np.flatnonzero(metres < 1.0)
    ends = np.stack([lines.start[edge[near]], lines.end[edge[near]]], axis=1)
    apart = shapely.distance(
        places.body[body[near]], shapely.linestrings(ends)
    )
    touching[near] = apart < _TOUCHING_DEG
    return touching


def _from_origin(ends: Floats) -> Floats:
    """Distance of edges from the origin of their plane."""
    start, end = ends[:, 0], ends[:, 1]
    along = end - start
    square = (along * along).sum(axis=1)
    share = -(start * along).sum(axis=1) / np.where(square > 0, square, 1.0)
    foot = start + np.clip(share, 0.0, 1.0)[:, np.newaxis] * along
    distance: Floats = np.hypot(*foot.T)
    return distance


def _least(body: Ints, seen: Flags, *keys: Floats) -> Ints:
    """Row of each body that is least of those of a day: bodies × days.

    The last key decides, the others where it is equal.  Beyond the last row
    where nothing is seen.
    """
    order = np.lexsort((*keys, body))
    rank = np.arange(len(body), dtype=np.int32)[:, np.newaxis]
    rank = np.where(seen[order], rank, np.int32(len(body)))
    best = np.minimum.reduceat(rank, firsts(body), axis=0)
    return np.append(order, len(body))[best]
