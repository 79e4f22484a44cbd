"""The front lines of many snapshots at once, edge by edge.

The front line is the edge of all that is drawn, less border, coast and gaps
in the drawing.  A union of the polygons of each day would tell; it is the
dearest step of all, and the days hardly differ.  Here nothing is united:

1. Edges of the grey zone that run against edges of the occupied area cancel.
2. What is left is divided where the two states meet.
3. A piece belongs to the edge of both where neither lies to its right.
4. Pieces that follow each other are joined to rings, which tell the gaps,
   and to lines off border and coast, which tell what is left of these.
"""

from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._chains import Chains, chains, follow
from geofront._rows import Flags, Floats, Ints, sum_by
from geofront._threads import per_thread, prepared
from geofront._timeline import (
    Timeline,
    covered,
    cut,
    join,
    opposite,
    segments,
    select,
)
from geofront.geodesy import GEOD, edge_areas_km2

__all__ = ["fronts"]

# Closer than this, 0.1 mm, two edges are one that rounding has parted.
_TOUCH_DEG = 1e-9


class Limits(NamedTuple):
    """What is told from the front by its size."""

    sliver_km: float
    """Rings of a smaller mean width are gaps in the drawing."""
    remnant_km: float
    """Open lines that are shorter are what is left of border or coast."""


def fronts(
    occupied: Timeline, grey: Timeline, inland: BaseGeometry, limits: Limits
) -> Timeline:
    """Pieces of the front line of each day, the held ground on their right.

    Parameters
    ----------
    occupied, grey : Timeline
        Edges of each state's polygons, which do not overlap.
    inland : shapely geometry
        Area outside which a line is border or coast.
    limits : Limits
    """
    edge = _edge_of_both(occupied, grey)
    inland, rim = _prepared(inland)
    pieces = _drawn(_cut_at(edge, rim))
    if not len(pieces.start):
        return pieces
    middle = (pieces.start + pieces.end) / 2.0
    is_inland = np.asarray(shapely.contains_xy(inland, *middle.T))
    found = chains(pieces, is_inland)
    kept = _kept(pieces, is_inland, found, limits)
    return _drawn(pieces._replace(alive=pieces.alive & kept[found.of_piece]))


def _drawn(lines: Timeline) -> Timeline:
    return select(lines, np.asarray(lines.alive.any(axis=1)))


def _edge_of_both(occupied: Timeline, grey: Timeline) -> Timeline:
    """Edge of the two states taken together."""
    left, right = (
        _drawn(one._replace(alive=one.alive & ~opposite(one, other)))
        for one, other in ((occupied, grey), (grey, occupied))
    )
    left, right = _divided_where_they_meet(left, right)
    left_kept = ~covered(_beside(left, -1.0), grey)
    # Where both run the same way, the line is that of the occupied area.
    right_kept = ~covered(_beside(right, -1.0), occupied)
    right_kept &= ~covered(_beside(right, 1.0), occupied)
    return _drawn(
        join(
            left._replace(alive=left.alive & left_kept),
            right._replace(alive=right.alive & right_kept),
        )
    )


def _beside(lines: Timeline, side: float) -> Floats:
    """Points next to the middle of each edge: -1.0 to its right."""
    along = lines.end - lines.start
    across = np.column_stack([-along[:, 1], along[:, 0]])
    size = np.hypot(*along.T)[:, np.newaxis]
    aside = side * _TOUCH_DEG / 2.0 * across / size
    beside: Floats = (lines.start + lines.end) / 2.0 + aside
    return beside


def _divided_where_they_meet(
    left: Timeline, right: Timeline
) -> tuple[Timeline, Timeline]:
    """Edges of two states, each divided where one of the other meets it."""
    a, b = _close_pairs(left, right)
    when = left.alive[a] & right.alive[b]
    met = when.any(axis=1)
    a, b, when = a[met], b[met], when[met]
    cuts: list[tuple[Ints, Floats, Flags]] = []
    touched = np.zeros(len(a), bool)
    for one, i, other, j in ((left, a, right, b), (right, b, left, a)):
        ends = np.concatenate([other.start[j], other.end[j]])
        on, inside = _touches(ends, one, np.tile(i, 2))
        touched |= on.reshape(2, -1).any(axis=0)
        cuts.append(
            (
                np.tile(i, 2)[inside],
                ends[inside],
                np.tile(when, (2, 1))[inside],
            )
        )
    at, crosses = _crossings(select(left, a), select(right, b))
    crosses &= ~touched
    left, right = (
        cut(
            lines,
            np.concatenate([owner, pair[crosses]]),
            np.concatenate([ends, at[crosses]]),
            np.concatenate([days, when[crosses]]),
        )
        for lines, pair, (owner, ends, days) in (
            (left, a, cuts[0]),
            (right, b, cuts[1]),
        )
    )
    return left, right


def _close_pairs(left: Timeline, right: Timeline) -> tuple[Ints, Ints]:
    tree = shapely.STRtree(segments(right))
    a, b = tree.query(segments(left), predicate="dwithin", distance=_TOUCH_DEG)
    return a, b


def _touches(
    points: Floats, lines: Timeline, row: Ints
) -> tuple[Flags, Flags]:
    """Whether points lie on edges at all, and whether between their ends."""
    start, end = lines.start[row], lines.end[row]
    along, toward = end - start, points - start
    share = (toward * along).sum(axis=1) / (along * along).sum(axis=1)
    foot = start + np.clip(share, 0.0, 1.0)[:, np.newaxis] * along
    on = np.hypot(*(points - foot).T) <= _TOUCH_DEG
    off_ends = np.minimum(np.hypot(*toward.T), np.hypot(*(points - end).T))
    return on, on & (off_ends > _TOUCH_DEG)


def _crossings(left: Timeline, right: Timeline) -> tuple[Floats, Flags]:
    """Where edges cross those of the same row, and whether they do."""
    along, across = left.end - left.start, right.end - right.start
    apart = right.start - left.start
    turn = _cross(along, across)
    parallel = turn == 0.0
    turn = np.where(parallel, 1.0, turn)
    share, other = _cross(apart, across) / turn, _cross(apart, along) / turn
    crosses = ~parallel & (share > 0) & (share < 1)
    crosses &= (other > 0) & (other < 1)
    return left.start + share[:, np.newaxis] * along, crosses


def _cross(one: Floats, other: Floats) -> Floats:
    turn: Floats = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return turn


def _cut_at(lines: Timeline, rim: BaseGeometry) -> Timeline:
    """Edges divided where they cross the rim of an area."""
    edges = segments(lines)
    row = np.flatnonzero(shapely.intersects(rim, edges))
    points, of = shapely.get_coordinates(
        shapely.intersection(edges[row], rim), return_index=True
    )
    return cut(lines, row[of], points, lines.alive[row[of]])


@per_thread
def _prepared(area: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """An area and its rim, for one thread to ask."""
    both = np.array([area, shapely.boundary(area)], object)
    inside, rim = prepared(both)
    return inside, rim


def _kept(
    pieces: Timeline, is_inland: Flags, found: Chains, limits: Limits
) -> Flags:
    """Which chains are front on which days: chains × days."""
    chain, day = np.nonzero(found.alive)
    after = found.following(chain, day)
    area, length = _sizes(pieces, found)
    ring, closed = follow(after)
    rings = len(ring)
    width = 2.0 * np.abs(sum_by(ring, area[chain], rings))
    is_sliver = width < limits.sliver_km * sum_by(ring, length[chain], rings)
    kept = ~(is_sliver[ring] & closed)
    kept &= is_inland[found.first_piece[chain]]
    after = np.where((after >= 0) & kept & kept[after], after, -1)
    line, closed = follow(after)
    long = sum_by(line, length[chain], rings) >= limits.remnant_km
    kept &= closed | long[line]
    flags = np.zeros_like(found.alive)
    flags[chain[kept], day[kept]] = True
    return flags


def _sizes(pieces: Timeline, found: Chains) -> tuple[Floats, Floats]:
    """What each chain adds to the area of its ring, and its length, in km."""
    _, _, metres = GEOD.inv(*pieces.start.T, *pieces.end.T)
    areas = edge_areas_km2(pieces.start, pieces.end)
    count = len(found.alive)
    return (
        sum_by(found.of_piece, areas, count),
        sum_by(found.of_piece, metres / 1000.0, count),
    )
