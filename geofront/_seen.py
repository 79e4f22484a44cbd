"""What maps show of places: the state at the centre, shares of the extent.

From one map to the next little changes, and most places lie far from it.  So
a place is looked at again only where an edge near it was drawn anew; it is
decided by predicates where one polygon covers it or none comes near; only a
place that an edge cuts is overlaid, with what lies around it.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geofront._comparing import layers_of
from geofront._edges import (
    changed_polygons,
    directed_edges,
    read_drawings,
    residual_lines,
)
from geofront._extents import FACTORS, Extents, Factors, united
from geofront._rows import Flags, Floats, Ints, Objects
from geofront._threads import prepared
from geofront._transitions import GREY, HELD, OCCUPIED, STATES, States
from geofront._windows import find_windows
from geofront.geodesy import area_km2, explode_polygons
from geofront.geography import territory
from geofront.model import Snapshot

__all__ = ["NAMES", "SHARES", "UNKNOWN"]
__all__ += ["Codes", "Seen", "measure", "start_of_last", "verdicts"]
__all__ += ["near_changes"]

Codes = npt.NDArray[np.int8]
"""States by their codes, those of the engine; -1 where not known."""

UNKNOWN = -1

NAMES = np.array([*map(str, STATES), None], dtype=object)
"""Names of states by code; the last is that of UNKNOWN."""

SHARES = tuple(f"{state}_share" for state in STATES)
"""Fields of shares in records, by code."""

SUPPORTED, CONTRADICTED = 0.9, 0.1
"""Shares from which on, and up to which, a state is or is not the place's."""


class Seen(NamedTuple):
    """What one map shows of places."""

    covered: Flags  # whether the source speaks of the centre
    state: Codes  # code of the state at the centre
    shares: Floats  # (places, states, factors); NaN where not known

    def fields(self, place: int) -> dict[str, Any]:
        """State and shares of a place, as records have them."""
        return {
            "state": NAMES[self.state[place]],
            **dict(zip(SHARES, self.shares[place, :, 0], strict=True)),
        }


def measure(
    snapshots: Sequence[Snapshot],
    extents: Extents,
    *,
    factors: Factors = FACTORS,
) -> Iterator[Seen]:
    """What each of some snapshots shows of places.

    Parameters
    ----------
    snapshots : sequence of Snapshot
        In time order; the less changes between neighbours, the faster.
    extents : Extents
    factors : tuple of float
        Parts of their own radii at which estimated extents are measured.

    Yields
    ------
    Seen
        One for each snapshot.

    Notes
    -----
    Within rounding these are the shares of intersections with the dissolved
    areas: to 1e-9 of the extent.
    """
    layers = [layers_of(snapshot) for snapshot in snapshots]
    touched = near_changes(layers, extents.boxes)
    everywhere = np.arange(len(extents.centres))
    for number, snapshot in enumerate(snapshots):
        rows = touched[number]
        if number == 0 or not _is_comparable(snapshots[number - 1], snapshot):
            rows = everywhere
            coverage = _Coverage.of(snapshot, extents, factors)
            seen = _nothing_seen(coverage)
        if len(rows):
            seen = _look_again(
                seen, rows, layers[number], snapshot, extents, coverage
            )
        yield seen


def _is_comparable(before: Snapshot, after: Snapshot) -> bool:
    """Whether two maps speak of the same area in the same terms."""
    return (
        before.draws_grey_zone == after.draws_grey_zone
        and before.coverage == after.coverage
    )


def near_changes(layers: Sequence[States], boxes: Floats) -> list[Ints]:
    """Boxes near what changed on each map since the one before.

    Parameters
    ----------
    layers : sequence of States
        Maps in time order.
    boxes : ndarray, shape (n, 4)
        West, south, east, north, in degrees.

    Returns
    -------
    list of ndarray of int
        Rows of the boxes, for each map; none for the first.

    Notes
    -----
    What changes is bounded by the edges that two maps do not share, and
    these lie in the engine's windows.
    """
    steps = list(pairwise(layers))
    drawings = read_drawings(steps)
    edges = directed_edges(drawings.polygons, None)
    windows, _ = find_windows(
        residual_lines(edges, changed_polygons(drawings))
    )
    window, box = shapely.STRtree(_boxes(boxes)).query(
        _boxes(np.hstack([windows.low, windows.high]))
    )
    step = windows.step[window]
    nothing = np.empty(0, np.intp)
    return [nothing] + [
        np.unique(box[step == number]) for number in range(len(steps))
    ]


def _boxes(bounds: Floats) -> Objects:
    return np.asarray(shapely.box(*bounds.T))


class _Coverage(NamedTuple):
    """Of which places a source speaks."""

    centre: Flags
    extent: Flags  # (places, factors)
    factors: Factors

    @classmethod
    def of(
        cls, snapshot: Snapshot, extents: Extents, factors: Factors
    ) -> "_Coverage":
        drawn = snapshot.coverage or territory(sea=True)
        frame = prepared(np.array([drawn], dtype=object))[0]
        x, y = extents.centres.T
        inside = shapely.covers(frame, _boxes(extents.boxes))
        known = np.repeat(inside[:, np.newaxis], len(factors), axis=1)
        partly = np.flatnonzero(~inside)
        for column, factor in enumerate(factors):
            shapes = extents.shapes(partly, factor)
            known[partly, column] = shapely.covers(frame, shapes)
        known &= np.isin(np.arange(len(known)), extents.place)[:, np.newaxis]
        seen = ~np.isnan(x) & shapely.intersects_xy(frame, x, y)
        return cls(seen, known, factors)


def _nothing_seen(coverage: _Coverage) -> Seen:
    places = len(coverage.centre)
    return Seen(
        coverage.centre,
        np.full(places, UNKNOWN, np.int8),
        np.full((places, len(STATES), len(coverage.factors)), np.nan),
    )


def _look_again(
    before: Seen,
    rows: Ints,
    layers: States,
    snapshot: Snapshot,
    extents: Extents,
    coverage: _Coverage,
) -> Seen:
    """What a map shows, if only some places can differ from the one before.

    Occupied wins over the grey zone; where no grey zone is drawn, nothing
    is known but what is occupied.
    """
    boxes = _boxes(extents.boxes[rows])
    centres = extents.centres[rows]
    occupied, grey = (_surroundings(each, boxes, centres) for each in layers)
    grey = grey.without(occupied)
    told = coverage.centre[rows] & snapshot.draws_grey_zone
    otherwise = np.where(told, np.where(grey.centre, GREY, HELD), UNKNOWN)
    state, shares = before.state.copy(), before.shares.copy()
    state[rows] = np.where(occupied.centre, OCCUPIED, otherwise)
    found = _shares(occupied, grey, rows, extents, coverage.factors)
    if not snapshot.draws_grey_zone:
        found[:, [HELD, GREY]] = np.nan
    known = coverage.extent[rows][:, np.newaxis]
    shares[rows] = np.where(known, found, np.nan)
    return Seen(before.covered, state, shares)


class _Around(NamedTuple):
    """What one state holds around places, within their boxes."""

    area: Objects  # empty, or all of the box, or what is cut out of it
    is_cut: Flags
    is_full: Flags
    centre: Flags

    def without(self, other: "_Around") -> "_Around":
        """What remains where another state has precedence."""
        area = self.area.copy()
        both = (self.is_cut | self.is_full) & (other.is_cut | other.is_full)
        area[both] = shapely.difference(area[both], other.area[both])
        return self._replace(
            area=area,
            is_cut=(self.is_cut | both) & ~other.is_full,
            is_full=self.is_full & ~both,
        )


def _surroundings(
    polygons: Objects, boxes: Objects, centres: Floats
) -> _Around:
    """Cut what lies around places out of polygons, which may overlap."""
    polygons = prepared(polygons)
    box, row = shapely.STRtree(polygons).query(boxes)
    near = polygons[row]
    covering = shapely.covers(near, boxes[box])
    is_full = np.bincount(box[covering], minlength=len(boxes)) > 0
    cut = ~is_full[box] & shapely.intersects(near, boxes[box])
    at_centre = shapely.intersects_xy(near, *centres[box].T)
    pieces, index = explode_polygons(
        shapely.intersection(near[cut], boxes[box[cut]])
    )
    area = united(box[cut][index], pieces, len(boxes))
    area[is_full] = boxes[is_full]
    return _Around(
        area,
        np.bincount(box[cut][index], minlength=len(boxes)) > 0,
        is_full,
        np.bincount(box[at_centre], minlength=len(boxes)) > 0,
    )


def _shares(
    occupied: _Around,
    grey: _Around,
    rows: Ints,
    extents: Extents,
    factors: Factors,
) -> Floats:
    """Shares by state and factor, if the source told all of them."""
    shares = np.zeros((len(rows), len(STATES), len(factors)))
    shares[occupied.is_full, OCCUPIED] = 1.0
    shares[grey.is_full, GREY] = 1.0
    for column, factor in enumerate(factors):
        for state, around in ((OCCUPIED, occupied), (GREY, grey)):
            cut = np.flatnonzero(around.is_cut)
            shapes = extents.shapes(rows[cut], factor)
            shares[cut, state, column] = _share(around.area[cut], shapes)
    shares[:, HELD] = np.maximum(
        1.0 - shares[:, OCCUPIED] - shares[:, GREY], 0.0
    )
    return shares


def _share(areas: Objects, shapes: Objects) -> Floats:
    within = area_km2(shapely.intersection(areas, shapes))
    whole = area_km2(shapes)
    # A place without an extent has shares of nothing.
    known = whole > 0.0
    return np.divide(within, whole, out=np.zeros_like(whole), where=known)


def verdicts(shares: Floats) -> Codes:
    """Whether shares make a state the place's own.

    Returns
    -------
    ndarray of int8
        2 for a share of 0.9 or more, 0 for 0.1 or less, 1 between, -1
        where it is not known.
    """
    found = (shares > CONTRADICTED).astype(np.int8)
    found += shares >= SUPPORTED
    found[np.isnan(shares)] = UNKNOWN
    return found


def start_of_last(holds: Flags) -> int:
    """Where the unbroken stretch begins that a row of flags ends with."""
    broken = np.flatnonzero(~holds)
    return int(broken[-1]) + 1 if len(broken) else 0
