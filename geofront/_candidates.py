"""Which edges may be the nearest to a place on some day.

They are looked for in one conformal projection of all edges, whose scale is
known, and with it how far a distance in it may be off.

From day to day most edges stay.  Those of a whole block of days bound the
distance on every one of them, so that of the others only those that come
nearer than that are looked at.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import pyproj
import shapely

from geofront._bodies import Outlines
from geofront._rows import Flags, Floats, Ints, Objects
from geofront._timeline import Timeline

__all__ = ["Block", "blocks", "candidates", "firsts"]

# What a bound is widened by: for what pieces leave, and rounding.
_SLACK_METRES = 0.2

# Part of the edges of its days that must stay throughout a block.  Short
# blocks bound distances closely, which pays where there are many bodies.
_LASTING, _LASTING_FEW, _FEW = 0.7, 0.3, 256

# One degree of latitude is at least this long.
_METRES_PER_DEGREE = 110_500.0

_LOW, _MERIDIAN, _HIGH = 46.0, 31.2, 50.5
_CONFORMAL = pyproj.Proj(
    proj="lcc",
    lat_1=_LOW,
    lat_2=_HIGH,
    lat_0=(_LOW + _HIGH) / 2.0,
    lon_0=_MERIDIAN,
    ellps="WGS84",
)


class Block(NamedTuple):
    """Neighbouring days that share most of their edges."""

    edges: Ints  # drawn on some of the days
    alive: Flags  # of these, on which: edges × days
    flat: Objects  # these in the conformal plane
    tree: shapely.STRtree  # of these
    lasting: shapely.STRtree  # of those drawn on every day


def blocks(lines: Timeline, bodies: int) -> list[Block]:
    """Divide days into blocks; days without any edge are left out.

    Parameters
    ----------
    lines : Timeline
    bodies : int
        How many are to be measured.
    """
    share = _LASTING if bodies > _FEW else _LASTING_FEW
    ends = [
        np.column_stack(_CONFORMAL(*points.T))
        for points in (lines.start, lines.end)
    ]
    flat = np.asarray(shapely.linestrings(np.stack(ends, axis=1)), object)
    return _divide(flat, lines.alive, share)


def _divide(flat: Objects, alive: Flags, share: float) -> list[Block]:
    edges = np.flatnonzero(alive.any(axis=1))
    if not len(edges):
        return []
    lasting = alive.all(axis=1)
    most = alive.sum(axis=0).max()
    if lasting.sum() < share * most or not lasting.any():
        middle = alive.shape[1] // 2
        halves = alive[:, :middle], alive[:, middle:]
        return [
            block for half in halves for block in _divide(flat, half, share)
        ]
    return [
        Block(
            edges,
            alive[edges],
            flat[edges],
            shapely.STRtree(flat[edges]),
            shapely.STRtree(flat[lasting]),
        )
    ]


def candidates(
    places: Outlines, several: list[Block], bodies: slice
) -> tuple[Ints, Ints]:
    """Pairs of body and edge, in order, each once.

    For every day the nearest edge to each of the bodies is among them.
    """
    middle = places.middle[bodies]
    slack = (places.outer - places.inner)[bodies] + _SLACK_METRES
    points = np.asarray(
        shapely.points(np.column_stack(_CONFORMAL(*middle.T))), object
    )
    pairs = [
        _of_block(block, points, middle[:, 1], slack) for block in several
    ]
    body, edge = np.concatenate(pairs, axis=1) if pairs else ([], [])
    count = int(max(edge, default=0)) + 1
    number = np.unique(np.asarray(body, np.intp) * count + edge)
    return number // count + (bodies.start or 0), number % count


def _of_block(
    block: Block, points: Objects, latitude: Floats, slack: Floats
) -> Ints:
    """Pairs of body and edge, as two rows."""
    near = np.empty(len(points))
    (body, _), metres = block.lasting.query_nearest(
        points, return_distance=True, all_matches=False
    )
    near[body] = metres
    least, greatest = _scales(latitude, 1.1 * near + slack)
    bound = (near / least + slack) * greatest
    body, edge = block.tree.query(points, predicate="dwithin", distance=bound)
    metres = shapely.distance(points[body], block.flat[edge])
    seen = np.where(block.alive[edge], metres[:, np.newaxis], np.inf)
    daily = np.minimum.reduceat(seen, firsts(body), axis=0)
    bound = (daily / least[:, np.newaxis] + slack[:, np.newaxis]) * greatest[
        :, np.newaxis
    ]
    kept = (seen <= bound[body]).any(axis=1)
    return np.stack([body[kept], block.edges[edge[kept]]])


def firsts(group: Ints) -> Ints:
    """First row of each group, of which every one has a row."""
    return np.flatnonzero(np.diff(group, prepend=-1))


def _scales(latitude: Floats, metres: Floats) -> tuple[Floats, Floats]:
    """Least and greatest scale of the plane within a distance of points."""
    at, scale = _scale_by_latitude()
    # The table has steps.
    span = metres / _METRES_PER_DEGREE + 0.02
    south, north = latitude - span, latitude + span
    ends = np.interp(south, at, scale), np.interp(north, at, scale)
    middle = np.clip(at[scale.argmin()], south, north)
    return np.interp(middle, at, scale) * 0.999999, np.maximum(*ends)


@cache
def _scale_by_latitude() -> tuple[Floats, Floats]:
    latitude = np.linspace(-80.0, 89.0, 16901)
    factors = _CONFORMAL.get_factors(
        np.full_like(latitude, _MERIDIAN), latitude
    )
    return latitude, np.asarray(factors.meridional_scale)
