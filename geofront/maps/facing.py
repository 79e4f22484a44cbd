"""Which edges of the occupied area and the grey zone are front line.

The front as `geofront.front_line` draws it, found edge by edge: the edges of
each day differ from the day before in a few places only.
"""

from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._rows import Flags, Floats, Ints, Objects, expand
from geofront._threads import per_thread, prepared
from geofront.front import SLIVER_KM, inland
from geofront.geodesy import KM_PER_DEGREE
from geofront.maps.pieces import COVERAGE, Pieces
from geofront.maps.runs import FRONT, Edges, Runs, merged, spans

__all__ = ["front_runs"]


class _Blocks(NamedTuple):
    """Versions in which a run is not front, however long it is drawn."""

    run: Ints
    since: Ints
    until: Ints


def front_runs(edges: Edges, runs: Runs, drawn: Pieces) -> Runs:
    """Keep of the runs of the front those that face held ground.

    Dropped are edges along coast and border, those beyond which, across a
    gap of metres in the drawing, the ground is drawn as well, and the edge
    of the coverage.

    Parameters
    ----------
    edges, runs
        As `boundary_runs` gives them.
    drawn : Pieces
        What they bound.
    """
    is_rim: Flags = np.equal(runs.state, FRONT)
    rim = runs.only(is_rim)
    start, end = edges.ends_deg(rim.edge)
    middle = (start + end) / 2.0
    kept = np.asarray(shapely.contains_xy(_inland(), *middle.T))
    rim, start, end, middle = (
        rim.only(kept),
        *(column[kept] for column in (start, end, middle)),
    )
    outside = _beyond(start, end, middle, rim.sign)
    front = _without(
        rim,
        _behind_a_gap(rim, start, end, middle, outside),
        _off_the_coverage(rim, outside, drawn),
    )
    return merged(runs.only(~is_rim), front)


@per_thread
def _inland() -> BaseGeometry:
    """Land off border and coast, prepared for one thread to ask."""
    land: BaseGeometry = prepared(np.array([inland()], object))[0]
    return land


def _beyond(start: Floats, end: Floats, middle: Floats, sign: Ints) -> Floats:
    """Points as far to the outer side of edges as a gap may be wide."""
    squeeze = np.cos(np.radians(middle[:, 1]))
    along = (end - start) * sign[:, np.newaxis]
    east, north = along[:, 1], -along[:, 0] * squeeze
    degrees = SLIVER_KM / KM_PER_DEGREE / np.hypot(east, north)
    return middle + np.column_stack(
        [east * degrees / squeeze, north * degrees]
    )


def _behind_a_gap(
    rim: Runs, start: Floats, end: Floats, middle: Floats, outside: Floats
) -> _Blocks:
    """Where a feeler put out from an edge meets another one."""
    # From a little within: rounded, two edges may have changed sides.
    inside = middle - 0.15 * (outside - middle)
    feelers, lines = _lines(inside, outside), _lines(start, end)
    own, other = shapely.STRtree(lines).query(feelers, predicate="intersects")
    apart = rim.edge[own] != rim.edge[other]
    own, other = own[apart], other[apart]
    since = np.maximum(rim.since[own], rim.since[other])
    until = np.minimum(rim.until[own], rim.until[other])
    together = since < until
    return _Blocks(own[together], since[together], until[together])


def _lines(start: Floats, end: Floats) -> Objects:
    lines = shapely.linestrings(np.stack([start, end], axis=1))
    return np.asarray(lines)


def _off_the_coverage(rim: Runs, outside: Floats, drawn: Pieces) -> _Blocks:
    """Where what lies beyond an edge is outside the coverage."""
    parts = drawn.only(drawn.state == COVERAGE)
    found = [_Blocks(*np.empty((3, 0), np.int64))]
    covers = [shapely.contains_xy(part, *outside.T) for part in parts.polygons]
    for when in np.unique(parts.drawn, axis=1).T:
        if not when.any():
            continue
        same = (parts.drawn == when[:, np.newaxis]).all(axis=0)
        inside = np.any(
            [covers[part] for part in np.flatnonzero(when)], axis=0
        )
        found.append(_blocks(rim, ~inside, same))
    return _Blocks._make(map(np.concatenate, zip(*found, strict=True)))


def _blocks(rim: Runs, concerned: Flags, versions: Flags) -> _Blocks:
    """Blocks of the runs concerned, in each span of versions."""
    run = np.flatnonzero(concerned)
    _, since, until = spans(versions[np.newaxis])
    row, span = expand(np.zeros_like(run), np.full(len(run), len(since)))
    since = np.maximum(rim.since[run[row]], since[span])
    until = np.minimum(rim.until[run[row]], until[span])
    together = since < until
    return _Blocks(run[row][together], since[together], until[together])


def _without(rim: Runs, *blocks: _Blocks) -> Runs:
    """What remains of runs outside the blocks, each within its run."""
    taken = _Blocks._make(map(np.concatenate, zip(*blocks, strict=True)))
    rows = np.arange(len(rim.edge))
    moments = int(rim.until.max(initial=0)) + 1
    key = np.concatenate(
        [
            rows * moments + rim.since,
            rows * moments + rim.until,
            taken.run * moments + taken.since,
            taken.run * moments + taken.until,
        ]
    )
    change = np.repeat(
        [1, -1, -2, 2], [len(rows), len(rows), len(taken.run), len(taken.run)]
    )
    moment, row = np.unique(key, return_inverse=True)
    free = np.cumsum(np.bincount(row, change, len(moment))) > 0
    run, since = np.divmod(moment[free], moments)
    until = moment[np.flatnonzero(free) + 1] % moments
    return rim.only(run)._replace(since=since, until=until)
