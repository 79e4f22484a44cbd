"""Boundary edges of a history, and the runs of versions that draw each.

Vertices are rounded to a grid.  Every polygon is a set of directed edges that
keep its inside on their left; of two that run along each other in opposite
directions neither bounds anything, and they cancel.  What remains of an edge
is a list of runs: for this state, in this direction, from this version up to
that one.
"""

from typing import NamedTuple

import numpy as np

from geofront._edges import directed_edges
from geofront._rows import Flags, Floats, Ints, expand
from geofront.maps.pieces import GREY_ZONE, OCCUPIED, Pieces

__all__ = [
    "FRONT",
    "GRID_DEG",
    "Edges",
    "Runs",
    "boundary_runs",
    "merged",
    "on_grid",
    "spans",
]

GRID_DEG = 1e-5
"""What is drawn is rounded to about a metre; what is measured never is."""

FRONT = 4
"""After the states: where occupied ground or grey zone meets held ground."""


class Edges(NamedTuple):
    """Distinct edges between points of the grid, the lesser point first."""

    points: Ints  # shape (points, 2): longitude, latitude in units of the grid
    start: Ints  # rows of `points`
    end: Ints

    def ends_deg(self, edge: Ints) -> tuple[Floats, Floats]:
        """Both ends of some of the edges, in degrees."""
        degrees = self.points * np.float64(GRID_DEG)
        return degrees[self.start[edge]], degrees[self.end[edge]]


class Runs(NamedTuple):
    """When edges bound states: from version `since` up to before `until`."""

    edge: Ints
    state: Ints
    sign: Ints  # -1: the inside is on the right of the edge
    since: Ints
    until: Ints

    def only(self, kept: Flags | Ints) -> "Runs":
        """Some of them."""
        return Runs._make(column[kept] for column in self)


def boundary_runs(drawn: Pieces) -> tuple[Edges, Runs]:
    """Edges that bound what is drawn, and when.

    Parameters
    ----------
    drawn : Pieces
        Disjoint within each state.

    Returns
    -------
    edges : Edges
    runs : Runs
        Sorted by edge, state and version; as `FRONT`, of occupied ground and
        grey zone taken together.
    """
    edges, edge, piece, sign = _edges(drawn)
    kept, since, until = spans(drawn.drawn)
    row, member = expand(*_groups(piece, len(drawn.state))[:, kept])
    events = Runs(
        edge[member],
        drawn.state[kept][row],
        sign[member],
        since[row],
        until[row],
    )
    versions = drawn.drawn.shape[1]
    bounds = _net(events, versions)
    ground = events.only(np.isin(events.state, (OCCUPIED, GREY_ZONE)))
    rim = ground._replace(state=np.full_like(ground.state, FRONT))
    return edges, merged(bounds, _net(rim, versions))


def on_grid(degrees: Floats) -> Ints:
    """Degrees in whole units of the grid."""
    return np.rint(degrees / GRID_DEG).astype(np.int64)


def _edges(drawn: Pieces) -> tuple[Edges, Ints, Ints, Ints]:
    """Distinct edges; for each edge of each piece its row, piece and sign."""
    found = directed_edges(drawn.polygons, GRID_DEG)
    ends = on_grid(np.concatenate([found.start, found.end]))
    code, point = np.unique(
        ends[:, 0] * 2**32 + ends[:, 1], return_inverse=True
    )
    start, end = np.split(point, 2)
    lesser, greater = np.minimum(start, end), np.maximum(start, end)
    pair, edge = np.unique(lesser * len(code) + greater, return_inverse=True)
    longitude = (code + 2**31) >> 32
    points = np.column_stack([longitude, code - (longitude << 32)])
    piece = np.repeat(np.arange(len(drawn.polygons)), np.diff(found.first))
    edges = Edges(points, *np.divmod(pair, len(code)))
    return edges, edge, piece, np.where(start < end, 1, -1)


def _groups(piece: Ints, pieces: int) -> Ints:
    """First row and number of rows of each piece."""
    count = np.bincount(piece, minlength=pieces)
    return np.stack([np.cumsum(count) - count, count])


def spans(drawn: Flags) -> tuple[Ints, Ints, Ints]:
    """Row, first version and version after the last of each span of flags."""
    edge = np.diff(drawn.astype(np.int8), axis=1, prepend=0, append=0)
    row, since = np.nonzero(edge == 1)
    _, until = np.nonzero(edge == -1)
    return row, since, until


def _net(events: Runs, versions: int) -> Runs:
    """Runs of edges after opposite ones have cancelled.

    Where an edge counts an even number of times it bounds nothing by the
    even-odd rule, by which the page fills.
    """
    states = FRONT + 1
    key = (events.edge * states + events.state) * (versions + 1)
    moment, row = np.unique(
        np.concatenate([key + events.since, key + events.until]),
        return_inverse=True,
    )
    change = np.concatenate([events.sign, -events.sign])
    step = np.bincount(row, change, minlength=len(moment))
    moment, step = moment[step != 0], step[step != 0]
    # The steps of each edge and state sum to zero: the sum starts anew.
    value = np.cumsum(step).astype(np.int64)
    bounding = np.flatnonzero(value % 2)
    place, since = np.divmod(moment[bounding], versions + 1)
    edge, state = np.divmod(place, states)
    until = moment[np.minimum(bounding + 1, len(moment) - 1)] % (versions + 1)
    return Runs(edge, state, np.sign(value[bounding]), since, until)


def merged(*parts: Runs) -> Runs:
    """All runs, sorted by edge, state and version."""
    joined = Runs._make(map(np.concatenate, zip(*parts, strict=True)))
    return joined.only(np.lexsort((joined.since, joined.state, joined.edge)))
