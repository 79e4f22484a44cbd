"""Which edges may be the nearest to a place on some day.

They are looked for in one conformal projection of all edges, whose scale is
known, and with it how far a distance in it may be off.

From day to day most edges stay.  Those of a whole block of days bound the
distance on every one of them, so that of the others only those that come
nearer than that are looked at.
"""

from collections.abc import Callable
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
_LASTING, _LASTING_FEW, _FEW = 0.7, 0.3, 64

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
    lasting: Ints  # of these, those drawn on every day
    ends: Floats  # of these in the conformal plane: edges × 2 × 2
    trees: "_Trees | None"  # where there are many bodies


class _Trees(NamedTuple):
    """Edges of a block, to be searched."""

    flat: Objects
    every: shapely.STRtree  # of all of them
    lasting: shapely.STRtree


def blocks(lines: Timeline, bodies: int) -> list[Block]:
    """Divide days into blocks; days without any edge are left out.

    Parameters
    ----------
    lines : Timeline
    bodies : int
        How many are to be measured.
    """
    ends = np.stack(
        [
            np.column_stack(_CONFORMAL(*points.T))
            for points in (lines.start, lines.end)
        ],
        axis=1,
    )
    is_few = bodies <= _FEW
    flat = None if is_few else np.asarray(shapely.linestrings(ends), object)
    return [
        _block(np.flatnonzero(alive.any(axis=1)), alive, ends, flat)
        for alive in _divided(
            lines.alive, _LASTING_FEW if is_few else _LASTING
        )
    ]


def _divided(alive: Flags, share: float) -> list[Flags]:
    """Days in parts throughout which a share of the edges stays."""
    if not alive.any():
        return []
    lasting = np.count_nonzero(alive.all(axis=1))
    most = alive.sum(axis=0).max()
    if lasting >= share * most and lasting:
        return [alive]
    middle = alive.shape[1] // 2
    halves = alive[:, :middle], alive[:, middle:]
    return [part for half in halves for part in _divided(half, share)]


def _block(
    edges: Ints, alive: Flags, ends: Floats, flat: Objects | None
) -> Block:
    own = alive[edges]
    lasting = np.flatnonzero(own.all(axis=1))
    trees = None
    if flat is not None:
        lines = flat[edges]
        trees = _Trees(
            lines, shapely.STRtree(lines), shapely.STRtree(lines[lasting])
        )
    return Block(edges, own, lasting, ends[edges], trees)


def candidates(
    places: Outlines, several: list[Block], bodies: slice
) -> tuple[Ints, Ints]:
    """Pairs of body and edge, in order, each once.

    For every day the nearest edge to each of the bodies is among them.
    """
    middle = places.middle[bodies]
    slack = (places.outer - places.inner)[bodies] + _SLACK_METRES
    points = np.column_stack(_CONFORMAL(*middle.T))
    known = _Known(np.full(len(points), -1), np.full(len(points), np.inf))
    pairs = []
    for block in several:
        pair, known = _of_block(block, points, middle[:, 1], slack, known)
        pairs.append(pair)
    body, edge = np.concatenate(pairs, axis=1) if pairs else ([], [])
    count = int(max(edge, default=0)) + 1
    number = np.unique(np.asarray(body, np.intp) * count + edge)
    return number // count + (bodies.start or 0), number % count


class _Known(NamedTuple):
    """An edge near each body, and how far it is in the plane."""

    edge: Ints
    metres: Floats


def _of_block(
    block: Block,
    points: Floats,
    latitude: Floats,
    slack: Floats,
    known: _Known,
) -> tuple[Ints, _Known]:
    """Pairs of body and edge as two rows, and what is near at the end."""
    find = _by_distance if block.trees is None else _by_search
    near, within = find(block, points, known)
    least, greatest = _scales(latitude, 1.1 * near + slack)
    body, edge, metres = within((near / least + slack) * greatest)
    seen = np.where(block.alive[edge], metres[:, np.newaxis], np.inf)
    daily = np.minimum.reduceat(seen, firsts(body), axis=0)
    bound = (daily / least[:, np.newaxis] + slack[:, np.newaxis]) * greatest[
        :, np.newaxis
    ]
    kept = (seen <= bound[body]).any(axis=1)
    last = np.flatnonzero(seen[:, -1] == daily[body, -1])
    known.edge[body[last]] = block.edges[edge[last]]
    known = known._replace(metres=daily[:, -1])
    return np.stack([body[kept], block.edges[edge[kept]]]), known


_Within = Callable[[Floats], tuple[Ints, Ints, Floats]]
"""From a bound for each body to what is within it: body, edge, metres."""


def _by_distance(
    block: Block, points: Floats, known: _Known
) -> tuple[Floats, _Within]:
    """Distance to an edge of every day: all of them are measured."""
    (x, y), (along_x, along_y) = (
        block.ends[:, 0].T,
        np.diff(block.ends, axis=1)[:, 0].T,
    )
    square = along_x**2 + along_y**2
    east, north = points[:, :1] - x, points[:, 1:] - y
    share = (east * along_x + north * along_y) / np.where(square, square, 1.0)
    np.clip(share, 0.0, 1.0, out=share)
    metres = np.hypot(east - share * along_x, north - share * along_y)

    def within(bound: Floats) -> tuple[Ints, Ints, Floats]:
        body, edge = np.nonzero(metres <= bound[:, np.newaxis])
        return body, edge, metres[body, edge]

    return metres[:, block.lasting].min(axis=1), within


def _by_search(
    block: Block, points: Floats, known: _Known
) -> tuple[Floats, _Within]:
    """Distance to an edge of every day: a known one, or else the nearest."""
    trees, flat = block.trees, np.asarray(shapely.points(points), object)
    assert trees is not None, "many bodies are searched for in trees"
    near = known.metres.copy()
    anew = np.flatnonzero(~np.isin(known.edge, block.edges[block.lasting]))
    if len(anew):
        (body, _), metres = trees.lasting.query_nearest(
            flat[anew], return_distance=True, all_matches=False
        )
        near[anew[body]] = metres

    def within(bound: Floats) -> tuple[Ints, Ints, Floats]:
        body, edge = trees.every.query(
            flat, predicate="dwithin", distance=bound
        )
        return body, edge, shapely.distance(flat[body], trees.flat[edge])

    return near, within


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
