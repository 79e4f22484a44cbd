"""From polygons to directed edges, and to those that two days do not share.

Every polygon is a set of directed edges that keep its inside on their left.
Polygons drawn on both days need not be looked at; in the others, edges that
are in both days cancel.  What remains, the *residual*, bounds the region in
which the winding number changes.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geofront._rows import Flags, Floats, Ints, Objects, expand, offsets
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
    first: Ints  # edges of polygon i: first[i] up to first[i + 1]


def directed_edges(polygons: Objects, grid_deg: float | None) -> Edges:
    """Edges of polygons, with the inside on the left of each.

    With a grid, the vertices are rounded to it, and not the polygons: rings
    that no longer bound a valid polygon still have a winding number.
    """
    rings, polygon = shapely.get_rings(
        shapely.orient_polygons(polygons), return_index=True
    )
    vertices, ring = shapely.get_coordinates(rings, return_index=True)
    if grid_deg is not None:
        vertices = np.round(vertices / grid_deg) * grid_deg
    vertices += 0.0  # -0.0 becomes 0.0: equal edges have equal bytes
    start, end = vertices[:-1], vertices[1:]
    is_edge = (ring[:-1] == ring[1:]) & (start != end).any(axis=1)
    count = np.bincount(polygon[ring[:-1][is_edge]], minlength=len(polygons))
    return Edges(start[is_edge], end[is_edge], offsets(count))


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
    is_new: Flags  # not of the day before


def select(lines: Lines, rows: Flags | Ints) -> Lines:
    """Some of the lines, or all of them in another order."""
    return Lines._make(column[rows] for column in lines)


def residual_lines(edges: Edges, changed: Changed) -> Lines:
    """Edges of the changed polygons that do not cancel within their step.

    An edge is known by a hash of its ends.  Should different edges ever
    meet with the same 64 bits, the integrals of the certificate differ.
    """
    owner, edge = expand(
        edges.first[changed.polygon], np.diff(edges.first)[changed.polygon]
    )
    hashes, direction = _hash_edges(edges)
    layer = (changed.step * 2 + changed.state).astype(np.uint64)
    key = hashes[edge] + _scramble(layer)[owner]
    row, net = _not_cancelled(key, direction[edge] * changed.weight[owner])
    owner, edge = owner[row], edge[row]
    return Lines(
        changed.step[owner],
        changed.state[owner],
        edges.start[edge],
        edges.end[edge],
        net * direction[edge],
        changed.weight[owner] > 0,
    )


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


def _hash_edges(edges: Edges) -> tuple[Hashes, Floats]:
    """64 bits that an edge shares with its reverse, and +1 or -1 for which."""
    start, end = _hash_points(edges.start), _hash_points(edges.end)
    return _scramble(start + end), np.where(start < end, 1.0, -1.0)


def _hash_points(points: Floats) -> Hashes:
    bits = np.ascontiguousarray(points).view(np.uint64)
    return _scramble(_scramble(bits[:, 0]) + bits[:, 1])


def _scramble(bits: Hashes) -> Hashes:
    """Mix 64 bits so that similar ones come out unrelated (SplitMix64)."""
    bits = bits + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
