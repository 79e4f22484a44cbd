"""From polygons to directed edges, and to those that two days do not share.

Every polygon is a set of directed edges that keep its inside on their left.
Polygons drawn on both days need not be looked at; in the others, edges that
are in both days cancel.  What remains, the *residual*, bounds the region in
which the winding number changes.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geofront._density import integral_west_of
from geofront._rows import (
    Flags,
    Floats,
    Ints,
    Objects,
    expand,
    offsets,
    sum_by,
)
from geofront._transitions import States

Step = tuple[States, States]
Hashes = npt.NDArray[np.uint64]


class Drawings(NamedTuple):
    """Which polygons are drawn where; a row is one polygon of one day."""

    polygons: Objects  # distinct ones
    step: Ints
    is_after: Flags
    state: Ints  # 0 occupied, 1 grey zone
    polygon: Ints  # row of `polygons`


def read_drawings(steps: Sequence[Step]) -> Drawings:
    """Number the distinct polygons of all steps, by identity."""
    layers = [layer for step in steps for day in step for layer in day]
    drawn = np.concatenate([*layers, np.empty(0, object)])
    layer = np.repeat(np.arange(len(layers)), [len(item) for item in layers])
    identity = np.fromiter(map(id, drawn), np.int64, len(drawn))
    _, first, polygon = np.unique(
        identity, return_index=True, return_inverse=True
    )
    # In the order of appearance, not of addresses in memory, on which the
    # last bit of every sum would depend: no two processes have the same.
    order = np.argsort(first)
    number = np.empty_like(order)
    number[order] = np.arange(len(order))
    step, place = np.divmod(layer, 4)
    is_after, state = np.divmod(place, 2)
    return Drawings(
        drawn[first[order]], step, is_after == 1, state, number[polygon]
    )


class Edges(NamedTuple):
    """Directed edges of polygons, one polygon after the other."""

    start: Floats
    end: Floats
    key: Hashes  # 64 bits that an edge shares with its reverse
    direction: Floats  # +1 or -1: which of the two it is
    first: Ints  # edges of polygon i: first[i] up to first[i + 1]
    integral: Floats  # what each polygon encloses: see `_density`


def directed_edges(polygons: Objects, grid_deg: float | None) -> Edges:
    """Edges of polygons, with the inside on the left of each.

    With a grid, the vertices are rounded to it, and not the polygons: rings
    that no longer bound a valid polygon still have a winding number.
    """
    if grid_deg is not None:
        return _read(polygons, grid_deg)
    global _kept
    known = _kept
    new = [polygon for polygon in polygons if id(polygon) not in known]
    if new:
        drawn = np.array([*new, None], object)[:-1]
        known = known | dict(zip(map(id, new), _parts(drawn), strict=True))
    _kept = found = {id(polygon): known[id(polygon)] for polygon in polygons}
    return _whole(list(found.values()))


class _Part(NamedTuple):
    """Edges of one polygon, with the polygon itself: it keeps its identity."""

    polygon: Any
    start: Floats
    end: Floats
    key: Hashes
    direction: Floats
    integral: float


# Of the polygons of the last call: the next day has most of them again.
_kept: dict[int, _Part] = {}


def _parts(polygons: Objects) -> Iterator[_Part]:
    edges = _read(polygons)
    for number, polygon in enumerate(polygons):
        rows = slice(*edges.first[number : number + 2])
        # Copies, lest one polygon keep the edges of all.
        yield _Part(
            polygon,
            edges.start[rows].copy(),
            edges.end[rows].copy(),
            edges.key[rows].copy(),
            edges.direction[rows].copy(),
            edges.integral[number],
        )


def _whole(parts: list[_Part]) -> Edges:
    if not parts:
        return _read(np.empty(0, object))
    _, start, end, key, direction, integral = zip(*parts, strict=True)
    return Edges(
        np.concatenate(start),
        np.concatenate(end),
        np.concatenate(key),
        np.concatenate(direction),
        offsets(np.array([len(item) for item in key])),
        np.array(integral),
    )


def _read(polygons: Objects, grid_deg: float | None = None) -> Edges:
    rings, polygon = shapely.get_rings(
        shapely.orient_polygons(polygons), return_index=True
    )
    vertices, ring = shapely.get_coordinates(rings, return_index=True)
    if grid_deg is not None:
        vertices = np.round(vertices / grid_deg) * grid_deg
    vertices += 0.0  # -0.0 becomes 0.0: equal edges have equal bytes
    hashes = hash_points(vertices)
    is_edge = (ring[:-1] == ring[1:]) & (hashes[:-1] != hashes[1:])
    start, end = vertices[:-1][is_edge], vertices[1:][is_edge]
    one, other = hashes[:-1][is_edge], hashes[1:][is_edge]
    owner = polygon[ring[:-1][is_edge]]
    return Edges(
        start,
        end,
        _scramble(one + other),
        np.where(one < other, 1.0, -1.0),
        offsets(np.bincount(owner, minlength=len(polygons))),
        sum_by(owner, integral_west_of(*start.T, *end.T), len(polygons)),
    )


class Changed(NamedTuple):
    """Polygons that are not drawn equally often on both days of a step."""

    step: Ints
    state: Ints
    polygon: Ints
    weight: Floats  # how many times more often they are drawn after


def changed_polygons(drawings: Drawings) -> Changed:
    """Count each polygon of each step and state: after minus before."""
    count = max(len(drawings.polygons), 1)
    layer = drawings.step * 2 + drawings.state
    drawn, row = np.unique(
        layer * count + drawings.polygon, return_inverse=True
    )
    weight = np.bincount(row, np.where(drawings.is_after, 1.0, -1.0))
    layer, polygon = np.divmod(drawn[weight != 0], count)
    step, state = np.divmod(layer, 2)
    return Changed(step, state, polygon, weight[weight != 0])


class Lines(NamedTuple):
    """Directed edges, each counted `weight` times to the winding number."""

    group: Ints  # step, or window
    state: Ints
    start: Floats
    end: Floats
    weight: Floats
    key: Hashes  # as in `Edges`


def residual_lines(edges: Edges, changed: Changed) -> Lines:
    """Edges of the changed polygons that do not cancel within their step.

    An edge is known by a hash of its ends.  Should different edges ever
    meet with the same 64 bits, the integrals of the certificate differ.
    """
    owner, edge = expand(
        edges.first[changed.polygon], np.diff(edges.first)[changed.polygon]
    )
    layer = changed.step * 2 + changed.state
    row, net = _not_cancelled(
        edges.key[edge] + _scramble(layer.astype(np.uint64))[owner],
        edges.direction[edge] * changed.weight[owner],
    )
    owner, edge = owner[row], edge[row]
    return Lines(
        changed.step[owner],
        changed.state[owner],
        edges.start[edge],
        edges.end[edge],
        net * edges.direction[edge],
        edges.key[edge],
    )


def merge(lines: Lines) -> tuple[Ints, Ints]:
    """Number the places at which the lines of each group run.

    Returns
    -------
    first : ndarray of int
        The first line at each place.
    place : ndarray of int
        The place of each line; its reverse is at the same.
    """
    key = lines.key + _scramble(lines.group.astype(np.uint64))
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    return first, place


def _not_cancelled(key: Hashes, weight: Floats) -> tuple[Ints, Floats]:
    """One row of each key whose weights do not sum to zero, and the sum."""
    left = np.flatnonzero(_may_remain(key, weight))
    _, first, row = np.unique(
        key[left], return_index=True, return_inverse=True
    )
    net = np.bincount(row, weight[left])
    kept = left[first[net != 0]]
    order = np.argsort(kept)  # neighbours next to each other again
    return kept[order], net[net != 0][order]


def _may_remain(key: Hashes, weight: Floats) -> Flags:
    """Whether a row may belong to a key whose weights do not cancel.

    Most do cancel, and this finds most of those without sorting: the first
    bits of a key choose a slot of a table, in which the rest is added or
    subtracted.  A slot that ends at zero held nothing that remains.
    """
    bits = (4 * len(key) + 2).bit_length()
    slot = (key >> np.uint64(64 - bits)).astype(np.intp)
    rest = (key & np.uint64(2**40 - 1)).astype(np.float64)
    balance = np.bincount(slot, weight * rest, minlength=2**bits)
    remains: Flags = balance[slot] != 0
    return remains


def hash_points(points: Floats) -> Hashes:
    """64 bits for each point: longitude, latitude in degrees."""
    bits = np.ascontiguousarray(points).view(np.uint64)
    return _scramble(_scramble(bits[:, 0]) + bits[:, 1])


def _scramble(bits: Hashes) -> Hashes:
    """Mix 64 bits so that similar ones come out unrelated (SplitMix64)."""
    bits = bits + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
