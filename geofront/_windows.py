"""Windows around what changes, and the edges of the day before near them.

Disjoint boxes, the *windows*, are put around the residual: outside them,
nothing changes.  Which state the ground in one was in is told by the edges
of the day before that lie in it, and by those due west and due east of it.
"""

from typing import NamedTuple

import numpy as np

from geofront._edges import Drawings, Edges, Lines
from geofront._rows import Flags, Floats, Ints, expand, join, offsets, pick

# Edges are looked up in runs of this many neighbours.
_RUN = 16


class Windows(NamedTuple):
    """Disjoint boxes that hold everything that changes."""

    step: Ints
    low: Floats  # south-western corners
    high: Floats


def find_windows(residual: Lines) -> tuple[Windows, Lines]:
    """Part the residual of each step wherever a gap runs right across it.

    Returns
    -------
    windows : Windows
    outlines : Lines
        The residual, grouped by window instead of by step.
    """
    low = np.minimum(residual.start, residual.end)
    high = np.maximum(residual.start, residual.end)
    window = residual.group
    for axis in (0, 1):
        window = split_at_gaps(window, low[:, axis], high[:, axis])
    order = np.argsort(window, kind="stable")
    _, first = np.unique(window[order], return_index=True)
    windows = Windows(
        residual.group[order[first]],
        _reduce(np.minimum, low[order], first),
        _reduce(np.maximum, high[order], first),
    )
    return windows, pick(residual._replace(group=window), order)


def split_at_gaps(group: Ints, low: Floats, high: Floats) -> Ints:
    """Number the groups of intervals anew, split where they leave a gap."""
    # Groups are laid end to end, so that one sweep serves all of them.
    low, high = low + group * 1000.0, high + group * 1000.0
    order = np.argsort(low)
    reach = np.maximum.accumulate(high[order])
    gaps = (low[order][1:] > reach[:-1]).astype(np.intp)
    split = np.empty_like(group)
    split[order] = offsets(gaps)[: len(group)]
    return split


def _reduce(function: np.ufunc, rows: Floats, first: Ints) -> Floats:
    """Least or greatest of each range of rows; there may be no range."""
    reduced: Floats = function.reduceat(rows, first) if len(first) else rows
    return reduced


class _Runs(NamedTuple):
    """Runs of neighbouring edges, with the range of latitude of each."""

    first: Ints  # edges of run i: first[i] up to first[i + 1]
    of_polygon: Ints  # runs of polygon j: of_polygon[j] up to [j + 1]
    south: Floats
    north: Floats


def _cut_into_runs(edges: Edges) -> _Runs:
    count = -(-np.diff(edges.first) // _RUN)
    polygon, run = expand(np.zeros_like(count), count)
    first = edges.first[polygon] + run * _RUN
    start, end = edges.start[:, 1], edges.end[:, 1]
    return _Runs(
        np.append(first, len(edges.start)),
        offsets(count),
        _reduce(np.minimum, np.minimum(start, end), first),
        _reduce(np.maximum, np.maximum(start, end), first),
    )


def nearby_edges(edges: Edges, drawings: Drawings, windows: Windows) -> Lines:
    """Edges of the day before that are as far north as each window.

    Looked up by polygon, then by run of edges, then one by one.
    """
    runs = _cut_into_runs(edges)
    before = np.flatnonzero(~drawings.is_after)
    window, row = join(windows.step, drawings.step[before])
    row = before[row]
    polygon = drawings.polygon[row]
    owner, run = expand(
        runs.of_polygon[polygon], np.diff(runs.of_polygon)[polygon]
    )
    hit = _is_level(windows, window[owner], runs.south[run], runs.north[run])
    owner, run = owner[hit], run[hit]
    owner_of_run, edge = expand(runs.first[run], np.diff(runs.first)[run])
    owner = owner[owner_of_run]
    start, end = edges.start[edge, 1], edges.end[edge, 1]
    south, north = np.minimum(start, end), np.maximum(start, end)
    hit = _is_level(windows, window[owner], south, north)
    owner, edge = owner[hit], edge[hit]
    return Lines(
        window[owner],
        drawings.state[row[owner]],
        edges.start[edge],
        edges.end[edge],
        np.ones(len(owner)),
        edges.key[edge],
    )


def _is_level(
    windows: Windows, window: Ints, south: Floats, north: Floats
) -> Flags:
    """Whether ranges of latitude overlap with those of windows."""
    level: Flags = (south < windows.high[window, 1]) & (
        north > windows.low[window, 1]
    )
    return level
