"""Pieces that follow each other, joined to chains, rings and lines.

A chain is a row of pieces that are drawn on the same days, each beginning
where the one before ends, with nothing else ending or beginning there.  On
a day, chains follow each other to rings.
"""

from typing import NamedTuple

import numpy as np

from geofront._rows import Flags, Floats, Ints, join
from geofront._timeline import Timeline

__all__ = ["Chains", "chains", "follow"]


class Chains(NamedTuple):
    """Chains of pieces, by number."""

    of_piece: Ints
    first_piece: Ints
    alive: Flags  # chains × days
    start: Ints  # number of the point
    end: Ints
    start_bearing: Floats  # radians, as the chain leaves its start
    end_bearing: Floats  # as it comes to its end

    def following(self, chain: Ints, day: Ints) -> Ints:
        """Row that follows each row (chain, day) on its day, or -1.

        Where several chains leave a point, the next is the first one
        counter-clockwise from the one that arrives: between the two lies
        ground that is outside, and a hole that touches its shell in a point
        is a ring of its own.
        """
        points = int(max(self.start.max(), self.end.max())) + 1
        leaving = day * points + self.start[chain]
        order = np.argsort(leaving, kind="stable")
        row, place = join(day * points + self.end[chain], leaving[order])
        after = order[place]
        back = self.end_bearing[chain[row]] + np.pi
        turn = (self.start_bearing[chain[after]] - back) % (2.0 * np.pi)
        best = np.lexsort((turn, row))
        row, place = np.unique(row[best], return_index=True)
        found = np.full(len(chain), -1)
        found[row] = after[best][place]
        return found


def chains(pieces: Timeline, kind: Flags) -> Chains:
    """Join pieces of one kind that follow each other on the same days."""
    start, end = _number_points(pieces)
    after = _only_successor(pieces, kind, start, end)
    head, of_piece = np.unique(follow(after)[0], return_inverse=True)
    last = np.flatnonzero(after < 0)
    tail = np.empty_like(head)
    # The piece before the head of a ring, which has no last one.
    into = np.flatnonzero(np.isin(after, head))
    tail[of_piece[into]] = into
    tail[of_piece[last]] = last
    bearing = np.arctan2(*(pieces.end - pieces.start).T[::-1])
    return Chains(
        of_piece,
        head,
        pieces.alive[head],
        start[head],
        end[tail],
        bearing[head],
        bearing[tail],
    )


def _number_points(pieces: Timeline) -> tuple[Ints, Ints]:
    points = np.concatenate([pieces.start, pieces.end])
    # Complex numbers sort as pairs do.
    _, number = np.unique(points @ np.array([1, 1j]), return_inverse=True)
    start, end = number.reshape(2, -1)
    return start, end


def _only_successor(
    pieces: Timeline, kind: Flags, start: Ints, end: Ints
) -> Ints:
    """Piece that follows each one wherever both are drawn, or -1."""
    points = int(max(start.max(), end.max())) + 1
    leaving = np.full(points, -1)
    leaving[start] = np.arange(len(start))
    single = np.bincount(start, minlength=points) == 1
    single &= np.bincount(end, minlength=points) == 1
    after = np.where(single[end], leaving[end], -1)
    same = (pieces.alive == pieces.alive[after]).all(axis=1)
    same &= kind == kind[after]
    return np.where(same, after, -1)


def follow(after: Ints) -> tuple[Ints, Flags]:
    """Which ring or line each item belongs to, from what follows it.

    Parameters
    ----------
    after : ndarray of int
        The item that follows each, or -1; no two have the same.

    Returns
    -------
    group : ndarray of int
        The first item of its line, or the least of its ring.
    closed : ndarray of bool
        Whether it belongs to a ring.
    """
    items = np.arange(len(after))
    before = np.full(len(after), -1)
    before[after[after >= 0]] = items[after >= 0]
    is_first = before < 0
    jump = np.where(is_first, items, before)
    least = items.copy()
    for _ in range(len(after).bit_length()):
        least = np.minimum(least, least[jump])
        jump = jump[jump]
    closed = ~is_first[jump]
    return np.where(closed, least, jump), closed
