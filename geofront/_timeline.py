"""Edges that several snapshots draw: each once, and when it is drawn.

From one day to the next, 98-99 % of a map's edges stay as they are.  Here
an edge of many days is one row, with a flag for each day; what is computed
of it, is computed once.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._edges import Hashes, directed_edges, hash_points
from geofront._rows import Flags, Floats, Ints, Objects, expand

__all__ = [
    "Timeline",
    "covered",
    "cut",
    "join",
    "lines_of",
    "opposite",
    "segments",
    "select",
    "timelines",
]


class Timeline(NamedTuple):
    """Directed edges, and on which days each is drawn."""

    start: Floats  # longitude, latitude
    end: Floats
    alive: Flags  # edges × days


def select(lines: Timeline, rows: Flags | Ints) -> Timeline:
    """Some of the edges."""
    return Timeline._make(column[rows] for column in lines)


def join(*several: Timeline) -> Timeline:
    """Edges of several timelines of the same days."""
    return Timeline._make(
        np.concatenate(columns) for columns in zip(*several, strict=True)
    )


def segments(lines: Timeline) -> Objects:
    """Edges as shapely lines of two points."""
    ends = np.stack([lines.start, lines.end], axis=1)
    return np.asarray(shapely.linestrings(ends), object)


def timelines(*states: Sequence[Objects]) -> list[Timeline]:
    """Edges of the polygons of each day, the inside on their left.

    Parameters
    ----------
    *states : sequence of ndarray of shapely.Polygon
        For each state one array a day, of polygons that do not overlap.
        Those that stay from day to day should be the same objects: they are
        read once.

    Returns
    -------
    list of Timeline
        One a state.
    """
    drawn = np.concatenate(
        [
            *(layer for layers in states for layer in layers),
            np.empty(0, object),
        ]
    )
    identity = np.fromiter(map(id, drawn), np.int64, len(drawn))
    _, first, polygon = np.unique(
        identity, return_index=True, return_inverse=True
    )
    edges = directed_edges(drawn[first], None)
    # By hashing: sorting, as numpy's unique does, takes several times longer.
    number, found = pd.factorize(_keys(edges.start, edges.end))
    known = np.empty(len(found), np.intp)
    known[number[::-1]] = np.arange(len(number))[::-1]
    distinct = edges.start[known], edges.end[known]
    lines_by_state, begun = [], 0
    for layers in states:
        count = np.array([len(layer) for layer in layers], np.intp)
        own = polygon[begun : begun + count.sum()]
        begun += len(own)
        row, edge = expand(edges.first[own], np.diff(edges.first)[own])
        alive = np.zeros((len(known), len(layers)), bool)
        alive[number[edge], np.repeat(np.arange(len(layers)), count)[row]] = 1
        lines = Timeline(*distinct, alive)
        lines_by_state.append(select(lines, np.asarray(alive.any(axis=1))))
    return lines_by_state


def lines_of(geometry: BaseGeometry) -> Timeline:
    """Edges of the lines of one geometry, or of its rings, on one day."""
    parts = shapely.get_parts(shapely.get_parts(np.array([geometry], object)))
    if shapely.get_dimensions(geometry) == 2:
        parts = shapely.get_rings(parts)
    vertices, line = shapely.get_coordinates(parts, return_index=True)
    is_edge = line[1:] == line[:-1]
    start, end = vertices[:-1][is_edge], vertices[1:][is_edge]
    return Timeline(start, end, np.ones((len(start), 1), bool))


def _keys(start: Floats, end: Floats) -> Hashes:
    """64 bits for each directed edge; its reverse has others."""
    keys: Hashes = hash_points(start) * np.uint64(3) + hash_points(end)
    return keys


def opposite(lines: Timeline, others: Timeline) -> Flags:
    """When the reverse of each edge is drawn among others: edges × days."""
    found = np.zeros_like(lines.alive)
    if not len(others.start):
        return found
    keys = _keys(lines.end, lines.start)
    known = _keys(others.start, others.end)
    order = np.argsort(known)
    place = np.searchsorted(known[order], keys)
    place = order[np.minimum(place, len(known) - 1)]
    met = known[place] == keys
    found[met] = others.alive[place[met]]
    return found


def covered(points: Floats, lines: Timeline) -> Flags:
    """Which points the polygons of each day cover: points × days.

    A ray to the east leaves what covers its origin as often as it enters
    and once more: the crossings are odd.  Points on an edge count to either
    side.
    """
    order = np.argsort(points[:, 1])
    latitude = points[order, 1]
    south = np.minimum(lines.start[:, 1], lines.end[:, 1])
    north = np.maximum(lines.start[:, 1], lines.end[:, 1])
    first = np.searchsorted(latitude, south)
    line, point = expand(first, np.searchsorted(latitude, north) - first)
    point = order[point]
    start, end = lines.start[line], lines.end[line]
    (x, y), (along_x, along_y) = (points[point] - start).T, (end - start).T
    # A point on an edge must be on the same side of it and of its reverse.
    sign = np.where(along_y > 0, 1.0, -1.0)
    is_west = (along_x * y - along_y * x) * sign > 0
    return _odd(point[is_west], lines.alive, line[is_west], len(points))


def _odd(group: Ints, alive: Flags, row: Ints, groups: int) -> Flags:
    """Whether an odd number of rows of each group is alive on each day."""
    days = np.packbits(alive, axis=1)
    total = np.zeros((groups, days.shape[1]), np.uint8)
    if len(group):
        order = np.argsort(group, kind="stable")
        first = np.flatnonzero(np.diff(group[order], prepend=-1))
        total[group[order][first]] = np.bitwise_xor.reduceat(
            days[row[order]], first, axis=0
        )
    found = np.unpackbits(total, axis=1, count=alive.shape[1])
    return found.astype(bool)


def cut(lines: Timeline, owner: Ints, at: Floats, when: Flags) -> Timeline:
    """Edges divided at points, each on the days on which the point counts.

    Parameters
    ----------
    lines : Timeline
    owner : ndarray of int, shape (n,)
        Which edge each point divides.
    at : ndarray, shape (n, 2)
        The points, on their edges or as good as.
    when : ndarray of bool, shape (n, days)

    Returns
    -------
    Timeline
        What an edge consists of on a day depends on the points of that day
        only, and not on which other days are looked at.
    """
    if not len(owner):
        return lines
    edge, day, alive = _versions(lines, owner, at, when)
    order = np.argsort(owner, kind="stable")
    first = np.searchsorted(owner[order], edge)
    last = np.searchsorted(owner[order], edge, "right")
    row, point = expand(first, last - first)
    point = order[point]
    counts = when[point, day[row]]
    pieces = _pieces(lines, edge, row[counts], at[point[counts]], alive)
    whole = np.ones(len(lines.start), bool)
    whole[owner] = False
    return join(select(lines, whole), pieces)


def _versions(
    lines: Timeline, owner: Ints, at: Floats, when: Flags
) -> tuple[Ints, Ints, Flags]:
    """Ways in which edges are divided: edge, a day, all days of each way."""
    edges, local = np.unique(owner, return_inverse=True)
    marks = np.zeros((len(edges), when.shape[1]), np.uint64)
    np.add.at(marks, local, when * hash_points(at)[:, np.newaxis])
    row, day = np.nonzero(lines.alive[edges])
    pairs = np.column_stack([row.astype(np.uint64), marks[row, day]])
    _, first, version = np.unique(
        pairs, axis=0, return_index=True, return_inverse=True
    )
    alive = np.zeros((len(first), when.shape[1]), bool)
    alive[version, day] = True
    return edges[row[first]], day[first], alive


def _pieces(
    lines: Timeline, edge: Ints, row: Ints, at: Floats, alive: Flags
) -> Timeline:
    """Pieces of the edges between their ends and the points on them."""
    count = np.arange(len(edge))
    vertices = np.concatenate([lines.start[edge], lines.end[edge], at])
    of = np.concatenate([count, count, row])
    start, along = lines.start[edge], lines.end[edge] - lines.start[edge]
    share = ((vertices - start[of]) * along[of]).sum(axis=1)
    share[: len(edge)] = -np.inf
    share[len(edge) : 2 * len(edge)] = np.inf
    order = np.lexsort((share, of))
    vertices, of = vertices[order], of[order]
    kept = of[1:] == of[:-1]
    kept &= (vertices[1:] != vertices[:-1]).any(axis=1)
    return Timeline(
        vertices[:-1][kept], vertices[1:][kept], alive[of[1:][kept]]
    )
