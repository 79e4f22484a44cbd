"""Windows around what changes, cut into faces of one winding number each.

Disjoint boxes, the *windows*, are put around the residual: outside them,
nothing changes.  Each is cut along the residual and along the edges of the
day before that lie in it.  Each face is labelled with its winding numbers
by casting a ray to the east from a point within.
"""

from typing import NamedTuple

import numpy as np
import shapely

from geofront._edges import Drawings, Edges, Lines, select
from geofront._rows import (
    Flags,
    Floats,
    Ints,
    Objects,
    expand,
    join,
    offsets,
    sum_by,
)

# Between a window's frame and the residual within it.
_MARGIN_DEG = 1e-4

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
    low = np.minimum(residual.start, residual.end) - _MARGIN_DEG
    high = np.maximum(residual.start, residual.end) + _MARGIN_DEG
    window = residual.group
    for axis in (0, 1, 0, 1):
        window = _split_at_gaps(window, low[:, axis], high[:, axis])
    order = np.argsort(window, kind="stable")
    _, first = np.unique(window[order], return_index=True)
    windows = Windows(
        residual.group[order[first]],
        _reduce(np.minimum, low[order], first),
        _reduce(np.maximum, high[order], first),
    )
    return windows, select(residual._replace(group=window), order)


def _split_at_gaps(group: Ints, low: Floats, high: Floats) -> Ints:
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
    """Runs of neighbouring edges, with the box around each."""

    first: Ints  # edges of run i: first[i] up to first[i + 1]
    of_polygon: Ints  # runs of polygon j: of_polygon[j] up to [j + 1]
    low: Floats
    high: Floats


def _cut_into_runs(edges: Edges) -> _Runs:
    count = -(-np.diff(edges.first) // _RUN)
    polygon, run = expand(np.zeros_like(count), count)
    first = edges.first[polygon] + run * _RUN
    return _Runs(
        np.append(first, len(edges.start)),
        offsets(count),
        _reduce(np.minimum, np.minimum(edges.start, edges.end), first),
        _reduce(np.maximum, np.maximum(edges.start, edges.end), first),
    )


def nearby_edges(edges: Edges, drawings: Drawings, windows: Windows) -> Lines:
    """Edges of the day before in each window, or due east of it.

    They are what a ray to the east, cast from within the window, can meet:
    looked up by polygon, then by run of edges, then one by one.
    """
    runs = _cut_into_runs(edges)
    before = np.flatnonzero(~drawings.is_after)
    window, row = join(windows.step, drawings.step[before])
    row = before[row]
    polygon = drawings.polygon[row]
    owner, run = expand(
        runs.of_polygon[polygon], np.diff(runs.of_polygon)[polygon]
    )
    hit = _is_ahead(windows, window[owner], runs.low[run], runs.high[run])
    owner, run = owner[hit], run[hit]
    owner_of_run, edge = expand(runs.first[run], np.diff(runs.first)[run])
    owner = owner[owner_of_run]
    start, end = edges.start[edge], edges.end[edge]
    low, high = np.minimum(start, end), np.maximum(start, end)
    hit = _is_ahead(windows, window[owner], low, high)
    owner, start, end = owner[hit], start[hit], end[hit]
    return Lines(
        window[owner],
        drawings.state[row[owner]],
        start,
        end,
        np.ones(len(owner)),
        np.zeros(len(owner), bool),
    )


def _is_ahead(
    windows: Windows, window: Ints, low: Floats, high: Floats
) -> Flags:
    """Whether boxes reach into a window or lie due east of it."""
    ahead: Flags = (
        (low[:, 1] <= windows.high[window, 1])
        & (high[:, 1] >= windows.low[window, 1])
        & (high[:, 0] >= windows.low[window, 0])
    )
    return ahead


class Arrangement(NamedTuple):
    """Faces that tile the windows, with their winding numbers."""

    faces: Objects
    window: Ints
    size_deg2: Floats
    before: Floats  # shape (faces, 2): occupied, grey zone
    gain: Floats  # after minus before, same shape


def arrange(windows: Windows, nearby: Lines, outlines: Lines) -> Arrangement:
    """Cut each window along all lines in it, and label the faces."""
    faces, window = _cut(windows, nearby, outlines)
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    # Lines that leave a window were taken whole: some faces lie outside.
    is_inside = (
        (inner > windows.low[window]) & (inner < windows.high[window])
    ).all(axis=1)
    faces, window, inner = (
        faces[is_inside],
        window[is_inside],
        inner[is_inside],
    )
    return Arrangement(
        faces,
        window,
        shapely.area(faces),
        _winding(inner, window, nearby),
        _winding(inner, window, outlines),
    )


def _cut(
    windows: Windows, nearby: Lines, outlines: Lines
) -> tuple[Objects, Ints]:
    """Faces between a window's frame, the old lines in it and the new."""
    west = np.minimum(nearby.start[:, 0], nearby.end[:, 0])
    old = select(nearby, west <= windows.high[nearby.group, 0])
    new = select(outlines, outlines.is_new)
    columns = zip(frames(windows), old, new, strict=True)
    lines = Lines._make(map(np.concatenate, columns))
    lines = select(lines, np.argsort(lines.group, kind="stable"))
    noded = _node(_linework(lines))
    faces, window = shapely.get_parts(
        shapely.polygonize(noded[:, np.newaxis]), return_index=True
    )
    return faces, window


def frames(windows: Windows) -> Lines:
    """The four sides of each window, counter-clockwise."""
    boxes = shapely.box(*windows.low.T, *windows.high.T)
    corners = shapely.get_coordinates(boxes).reshape(-1, 5, 2)
    count = 4 * len(corners)
    return Lines(
        np.repeat(np.arange(len(corners)), 4),
        np.zeros(count, np.intp),
        corners[:, :-1].reshape(-1, 2),
        corners[:, 1:].reshape(-1, 2),
        np.ones(count),
        np.ones(count, bool),
    )


def _linework(lines: Lines) -> Objects:
    """One multilinestring a window; edges that follow each other joined."""
    is_last = np.ones(len(lines.group), bool)
    is_last[:-1] = lines.group[1:] != lines.group[:-1]
    is_last[:-1] |= (lines.start[1:] != lines.end[:-1]).any(axis=1)
    count = 1 + is_last
    vertices = np.repeat(lines.start, count, axis=0)
    vertices[np.cumsum(count)[is_last] - 1] = lines.end[is_last]
    line = np.cumsum(is_last) - is_last
    joined = shapely.linestrings(vertices, indices=np.repeat(line, count))
    return np.asarray(
        shapely.multilinestrings(
            np.asarray(joined), indices=lines.group[is_last]
        )
    )


def _node(linework: Objects) -> Objects:
    """Split lines where they meet; ``None`` where GEOS cannot."""
    try:
        return np.asarray(shapely.node(linework), object)
    except shapely.GEOSException:
        if len(linework) == 1:
            return np.array([None], object)
        return np.concatenate([_node(one) for one in linework[:, np.newaxis]])


def _winding(points: Floats, group: Ints, lines: Lines) -> Floats:
    """Winding number of each state at points, around lines of their group.

    Summed along a ray to the east: an edge that crosses it northwards has
    the point on its left.
    """
    # Complex numbers sort by their real part, then by the imaginary one, so
    # an edge meets the rays of a contiguous range of its group's points.
    order = np.lexsort((points[:, 1], group))
    rank = (group + 1j * points[:, 1])[order]
    south = np.minimum(lines.start[:, 1], lines.end[:, 1])
    north = np.maximum(lines.start[:, 1], lines.end[:, 1])
    first = np.searchsorted(rank, lines.group + 1j * south)
    last = np.searchsorted(rank, lines.group + 1j * north)
    line, point = expand(first, last - first)
    point = order[point]
    start, end = lines.start[line], lines.end[line]
    (x, y), (along_x, along_y) = (points[point] - start).T, (end - start).T
    # A point on an edge must be on the same side of it and of its reverse.
    sign = np.where(along_y > 0, 1.0, -1.0)
    is_west = (along_x * y - along_y * x) * sign > 0
    weight = sign * is_west * lines.weight[line]
    return sum_by(
        point * 2 + lines.state[line], weight, len(points) * 2
    ).reshape(-1, 2)
