"""Edges that are drawn on the same days, chained into arcs."""

import itertools
from typing import NamedTuple

import numpy as np

from geofront._rows import Flags, Ints, offsets
from geofront.maps.runs import Edges, Runs

__all__ = ["Arcs", "chain"]


class Arcs(NamedTuple):
    """Lines of points, and the runs that all edges of a line share."""

    signatures: list[bytes]
    """Of each distinct one, its runs: rows of `RUN`, as bytes."""
    signature: Ints
    """Of each arc, which of them."""
    vertices: Ints
    """Shape (vertices, 2): longitude, latitude in units of the grid."""
    first: Ints
    """Arc i has the vertices from first[i] up to before first[i + 1]."""
    turned: Flags
    """Whether an arc runs against the direction its signature speaks of."""


RUN = np.dtype([(name, "<i4") for name in ("state", "sign", "since", "until")])


def chain(edges: Edges, runs: Runs) -> Arcs:
    """Chain edges into arcs, each as long as all its edges run alike.

    Parameters
    ----------
    edges : Edges
    runs : Runs
        Sorted by edge.

    Returns
    -------
    Arcs
        A signature speaks of lines that have the inside of the first of its
        runs on their left.
    """
    signatures, signature, edge, turned = _signatures(runs)
    start = np.where(turned, edges.end[edge], edges.start[edge])
    end = np.where(turned, edges.start[edge], edges.end[edge])
    lines = _lines(_successors(signature, start, end))
    heads = [line[0] for line in lines]
    tails = [line[-1] for line in lines]
    order, against = _trails(start[heads], end[tails], signature[heads])
    points = []
    for row, turn in zip(order, against, strict=True):
        line = np.concatenate([start[lines[row][:1]], end[lines[row]]])
        points.append(line[::-1] if turn else line)
    return Arcs(
        signatures,
        signature[[heads[row] for row in order]],
        edges.points[np.concatenate([np.empty(0, np.intp), *points])],
        offsets(np.array([len(line) for line in points], np.intp)),
        np.array(against, bool),
    )


def _signatures(
    runs: Runs,
) -> tuple[list[bytes], Ints, Ints, Flags]:
    """Distinct lists of runs; of each edge its list, row and direction."""
    edge, first = np.unique(runs.edge, return_index=True)
    turned = runs.sign[first] < 0
    flip = np.where(turned, -1, 1)
    member = np.repeat(np.arange(len(edge)), np.diff([*first, len(runs.edge)]))
    rows = np.empty(len(runs.edge), RUN)
    rows["state"], rows["sign"] = runs.state, runs.sign * flip[member]
    rows["since"], rows["until"] = runs.since, runs.until
    data, size = rows.tobytes(), RUN.itemsize
    ends = offsets(np.diff([*first, len(rows)])) * size
    keys = [data[a:b] for a, b in itertools.pairwise(ends)]
    # In order of time, so that neighbours differ by little.
    known = sorted(set(keys), key=_in_time)
    number = {key: row for row, key in enumerate(known)}
    return known, np.array([number[key] for key in keys]), edge, turned


def _in_time(key: bytes) -> list[int]:
    rows = np.frombuffer(key, RUN)
    return [int(x) for row in rows for x in (row["since"], row["until"])]


def _successors(signature: Ints, start: Ints, end: Ints) -> Ints:
    """The edge that each edge leads to, -1 where none or several do."""
    points = int(max(start.max(initial=0), end.max(initial=0))) + 1
    leaving, leaver = _single(signature * points + start)
    arriving, arriver = _single(signature * points + end)
    _, into, out = np.intersect1d(arriving, leaving, return_indices=True)
    found = np.full(len(start), -1)
    found[arriver[into]] = leaver[out]
    return found


def _single(key: Ints) -> tuple[Ints, Ints]:
    """Keys that occur once, and where."""
    value, first, count = np.unique(key, return_index=True, return_counts=True)
    return value[count == 1], first[count == 1]


def _lines(successor: Ints) -> list[list[int]]:
    """Edges in the order in which they follow each other, loops cut open."""
    follow = successor.tolist()
    has_predecessor = np.zeros(len(follow), bool)
    has_predecessor[successor[successor >= 0]] = True
    heads = np.flatnonzero(~has_predecessor).tolist()
    seen = bytearray(len(follow))
    lines = []
    for head in [*heads, *range(len(follow))]:
        line = []
        while head >= 0 and not seen[head]:
            seen[head] = 1
            line.append(head)
            head = follow[head]
        if line:
            lines.append(line)
    return lines


def _trails(
    start: Ints, end: Ints, signature: Ints
) -> tuple[list[int], list[bool]]:
    """Order in which a line begins where the one before it ended.

    Between two such lines nothing has to be said of where the next begins.
    To that end lines are turned where it helps, and a trail begins, if it
    can, where an odd number of lines meet.
    """
    ends = [start.tolist(), end.tolist()]
    names = signature.tolist()
    meeting: dict[int, list[tuple[int, bool]]] = {}
    for turned, points in enumerate(ends):
        for row, point in enumerate(points):
            meeting.setdefault(point, []).append((row, bool(turned)))
    odd = [lines[0] for lines in meeting.values() if len(lines) % 2]
    seen = bytearray(len(names))
    order: list[int] = []
    against: list[bool] = []
    for row, turned in [*odd, *((row, False) for row in range(len(names)))]:
        choice = [] if seen[row] else [(row, turned)]
        while choice:
            # Of several the one whose signature is likest.
            last = names[order[-1]] if order else 0
            row, turned = min(choice, key=lambda c: abs(names[c[0]] - last))
            seen[row] = 1
            order.append(row)
            against.append(turned)
            node = ends[not turned][row]
            choice = [line for line in meeting[node] if not seen[line[0]]]
    return order, against
