"""Distinct polygons of a history, and which versions draw each of them.

Of tens of thousands of polygons drawn day by day a tenth are distinct.  They
are made disjoint here, so that a page can fill what it draws by the even-odd
rule: of polygons of the same version that overlap, the lesser is cut.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from geofront._rows import Flags, Ints, Objects
from geofront.geodesy import explode_polygons
from geofront.model import Snapshot

__all__ = ["COVERAGE", "GREY_ZONE", "OCCUPIED", "REGAINED", "Pieces", "pieces"]

OCCUPIED, GREY_ZONE, REGAINED, COVERAGE = range(4)

# States that exclude each other: the first wins over the second.
_EXCLUSIVE = ((OCCUPIED, GREY_ZONE), (REGAINED,))

# Polygons that overlap by less, in square degrees (about 800 m²), touch.
_TOUCHING_DEG2 = 1e-7


class Pieces(NamedTuple):
    """Polygons, the state that each stands for, and when it is drawn."""

    polygons: Objects
    state: Ints
    drawn: Flags  # shape (pieces, versions)

    def only(self, kept: Flags | Ints) -> "Pieces":
        """Some of them."""
        return Pieces(self.polygons[kept], self.state[kept], self.drawn[kept])


def pieces(snapshots: Sequence[Snapshot]) -> Pieces:
    """Distinct polygons of snapshots, disjoint within each state.

    Parameters
    ----------
    snapshots : sequence of Snapshot
        The versions, in order.

    Returns
    -------
    Pieces
        Occupied and grey zone are disjoint as well.
    """
    drawn = _distinct(snapshots)
    for states in _EXCLUSIVE:
        drawn = _disjoint(drawn, states)
    return drawn


def _distinct(snapshots: Sequence[Snapshot]) -> Pieces:
    """One row a state and polygon, however many versions draw it."""
    rows: dict[tuple[int, bytes], int] = {}
    polygons: list[object] = []
    known: dict[int, tuple[Any, bytes]] = {}
    where: list[tuple[int, int]] = []
    for version, snapshot in enumerate(snapshots):
        for state, layer in enumerate(_layers(snapshot)):
            for polygon in layer:
                # Most are one object in all versions: that is faster to tell.
                # It is kept, lest another one be given its place in memory.
                if id(polygon) not in known:
                    known[id(polygon)] = polygon, polygon.wkb
                wkb = known[id(polygon)][1]
                row = rows.setdefault((state, wkb), len(polygons))
                if row == len(polygons):
                    polygons.append(polygon)
                where.append((row, version))
    drawn = np.zeros((len(polygons), len(snapshots)), bool)
    drawn[tuple(np.array(where, np.intp).reshape(-1, 2).T)] = True
    return Pieces(
        np.array([None, *polygons], object)[1:],
        np.array([state for state, _ in rows], np.intp),
        drawn,
    )


def _layers(snapshot: Snapshot) -> list[Any]:
    layers = [
        snapshot.drawn(state)
        for state in ("occupied", "grey_zone", "regained")
    ]
    coverage = snapshot.coverage
    parts = None if coverage is None else shapely.get_parts(coverage)
    return [[] if layer is None else layer for layer in (*layers, parts)]


def _disjoint(drawn: Pieces, states: Sequence[int]) -> Pieces:
    """Cut what overlaps: a later state, and within a state the smaller."""
    concerned = np.isin(drawn.state, states)
    own = drawn.only(concerned)
    order = np.lexsort((-shapely.area(own.polygons), own.state))
    own = own.only(order)
    cutter, cut = _overlaps(own)
    whole = ~np.isin(np.arange(len(own.state)), cut)
    parts = [drawn.only(~concerned), own.only(whole)]
    parts += [_cut(own, piece, cutter[cut == piece]) for piece in set(cut)]
    return Pieces._make(map(np.concatenate, zip(*parts, strict=True)))


def _overlaps(own: Pieces) -> tuple[Ints, Ints]:
    """Pairs that overlap while both are drawn; the first comes first."""
    first, second = shapely.STRtree(own.polygons).query(own.polygons)
    since = own.drawn.argmax(axis=1)
    until = own.drawn.shape[1] - own.drawn[:, ::-1].argmax(axis=1)
    may = (first < second) & (since[first] < until[second])
    may &= since[second] < until[first]
    first, second = first[may], second[may]
    shapely.prepare(own.polygons)
    for overlap in (_are_drawn_together, _cross, _share_ground):
        found = overlap(own, first, second)
        first, second = first[found], second[found]
    return first, second


def _cross(own: Pieces, first: Ints, second: Ints) -> Flags:
    one, other = own.polygons[first], own.polygons[second]
    crossing = np.asarray(shapely.intersects(one, other))
    crossing[crossing] &= ~shapely.touches(one[crossing], other[crossing])
    return crossing


def _are_drawn_together(own: Pieces, first: Ints, second: Ints) -> Flags:
    together = own.drawn[first] & own.drawn[second]
    return np.asarray(together.any(axis=1))


def _share_ground(own: Pieces, first: Ints, second: Ints) -> Flags:
    shared = shapely.intersection(own.polygons[first], own.polygons[second])
    return np.greater(shapely.area(shared), _TOUCHING_DEG2)


def _cut(own: Pieces, piece: int, cutters: Ints) -> Pieces:
    """What remains of one polygon, for each set of others drawn with it."""
    together = own.drawn[cutters] & own.drawn[piece]
    bits = 1 << np.arange(len(cutters), dtype=object)
    _, first, case = np.unique(
        (together * bits[:, np.newaxis]).sum(axis=0)
        if len(cutters) > 62
        else bits.astype(np.int64) @ together,
        return_index=True,
        return_inverse=True,
    )
    found: list[tuple[object, int, Flags]] = []
    for number, chosen in enumerate(together[:, first].T):
        when = own.drawn[piece] & (case == number)
        if when.any():
            taken = shapely.union_all(own.polygons[cutters[chosen]])
            rest = shapely.difference(own.polygons[piece], taken)
            parts, _ = explode_polygons(np.array([rest], object))
            found += [(part, own.state[piece], when) for part in parts]
    return Pieces(
        np.array([None, *(part for part, _, _ in found)], object)[1:],
        np.array([state for _, state, _ in found], np.intp),
        np.array([when for _, _, when in found], bool).reshape(
            -1, own.drawn.shape[1]
        ),
    )
