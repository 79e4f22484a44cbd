"""Whether a sweep accounts for all that is known of what it swept.

- Counting through a slab from the winding numbers at its western side leads
  to those at its eastern side: no line is missing, none counted amiss.
- Pieces are in order at both sides of their slab, save for slivers: every
  label is on the right side of every line.
- In each window, the winding number at a point where it changes is how many
  polygons of the day before cover it: asked of the polygons themselves, so
  that no layer is missing.
- The integral of the gain is what the rings of the changed polygons enclose:
  nothing changes elsewhere, and nothing cancelled that should not have.

The last is the integral of a density: see ``_density``.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely

from geofront._density import integral_west_of
from geofront._edges import Changed, Drawings, Edges
from geofront._rows import Flags, Floats, Ints, join, sum_by
from geofront._slabs import Sweep
from geofront._windows import Windows

# What two ways of taking one integral may differ by.  A square degree is at
# most 12,400 km², so this is below 1e-6 km².
_TOLERANCE_DEG2 = 5e-11

# Between lines that are further apart, rounding to the grid moves no point
# to another side.
_ROOM_DEG = 1e-7

# How far into a trapezoid a point is taken: not where a grid has a line.
_AMID = 0.3819660112501051


class Account(NamedTuple):
    """What a sweep, or a portion of one, adds up to in each step."""

    slivers: Floats  # deg² on the wrong side of a line
    miscounts: Floats  # of winding numbers
    gain: Floats  # shape (steps, 2): the integral, by state


def account(
    steps: int,
    windows: Windows,
    drawings: Drawings,
    swept: Sweep,
) -> Account:
    """Add up what a sweep found, for each of so many steps."""
    step = windows.step[swept.slabs.window][swept.pieces.slab]
    slivers = sum_by(step, _slivers(swept), steps)
    slivers[windows.step[swept.given_up]] = np.inf
    miscounts = sum_by(step[swept.is_last], _miscounts(swept), steps)
    off = _mislabelled(windows, drawings, swept)
    miscounts += sum_by(windows.step, off, steps)
    return Account(slivers, miscounts, _gain(swept, step, steps))


def certify(
    edges: Edges, changed: Changed, accounts: Sequence[Account]
) -> Flags:
    """Whether the answer holds, for each step."""
    columns = zip(*accounts, strict=True)
    slivers, miscounts, gain = (np.sum(column, axis=0) for column in columns)
    # Halved: the density is about 2 where fronts are, not 1.
    off = np.abs(gain - _enclosed_gain(len(gain), edges, changed)) / 2
    return np.asarray(
        (slivers <= _TOLERANCE_DEG2)
        & (miscounts == 0)
        & (off <= _TOLERANCE_DEG2).all(axis=1)
    )


def _slivers(swept: Sweep) -> Floats:
    """Area, in deg², by which a piece reaches east of the next one."""
    pieces, slabs = swept.pieces, swept.slabs
    amiss = np.zeros(len(pieces.slab))
    for side in (pieces.south, pieces.north):
        amiss[:-1] += np.maximum(side[:-1] - side[1:], 0.0)
    amiss[swept.is_last] = 0.0
    height = (slabs.north - slabs.south)[pieces.slab]
    sliver: Floats = amiss * height
    return sliver


def _miscounts(swept: Sweep) -> Floats:
    """How far the count through each slab is from where it has to end."""
    slab = swept.pieces.slab[swept.is_last]
    off = swept.winding[:, swept.is_last]
    off[:2] -= swept.slabs.east[:, slab]
    miscount: Floats = np.abs(off).sum(axis=0)
    return miscount


def _mislabelled(windows: Windows, drawings: Drawings, swept: Sweep) -> Floats:
    """How far a winding number in each window is from the polygons' own."""
    piece, longitude, latitude = _roomy_points(swept)
    window = swept.slabs.window[swept.pieces.slab[piece]]
    before = np.flatnonzero(~drawings.is_after)
    point, row = join(windows.step[window], drawings.step[before])
    row = before[row]
    polygon = drawings.polygon[row]
    west, south, east, north = shapely.bounds(drawings.polygons)[polygon].T
    x, y = longitude[point], latitude[point]
    near = (west <= x) & (x <= east) & (south <= y) & (y <= north)
    covers = shapely.contains_xy(
        drawings.polygons[polygon[near]], x[near], y[near]
    )
    cell = drawings.state[row[near]] * len(piece) + point[near]
    count = sum_by(cell, covers.astype(float), 2 * len(piece))
    off = np.abs(swept.winding[:2, piece] - count.reshape(2, -1)).sum(axis=0)
    return sum_by(window, off, len(windows.step))


def _roomy_points(swept: Sweep) -> tuple[Ints, Floats, Floats]:
    """The largest trapezoid of each window in which a winding number changes.

    Its western side, and a point within.  Windows without any that a point
    surely lies in are left out.
    """
    slabs, pieces = swept.slabs, swept.pieces
    piece = np.flatnonzero(swept.winding[2:].any(axis=0) & ~swept.is_last)
    slab = pieces.slab[piece]
    width = pieces.south[piece + 1] - pieces.south[piece]
    width += pieces.north[piece + 1] - pieces.north[piece]
    height = slabs.north[slab] - slabs.south[slab]
    window = slabs.window[slab]
    order = np.lexsort((width * height, window))
    is_largest = np.ones(len(order), bool)
    is_largest[:-1] = np.diff(window[order]) != 0
    largest = order[is_largest]
    roomy = np.minimum(width, height)[largest] > _ROOM_DEG
    largest = largest[roomy]
    piece, slab = piece[largest], slab[largest]
    south, north = slabs.south[slab], slabs.north[slab]
    west, east = (
        _amid(pieces.south[side], pieces.north[side])
        for side in (piece, piece + 1)
    )
    return piece, _amid(west, east), _amid(south, north)


def _amid(low: Floats, high: Floats) -> Floats:
    return low + _AMID * (high - low)


def _gain(swept: Sweep, step: Ints, steps: int) -> Floats:
    """Integral of what the winding numbers gain, by step and state."""
    gain = swept.winding[2:]
    west = np.flatnonzero(gain.any(axis=0) & ~swept.is_last)
    mass = _integral(swept, west + 1) - _integral(swept, west)
    columns = [sum_by(step[west], row[west] * mass, steps) for row in gain]
    return np.stack(columns, axis=1)


def _integral(swept: Sweep, piece: Ints) -> Floats:
    """Integral west of pieces."""
    pieces, slabs = swept.pieces, swept.slabs
    slab = pieces.slab[piece]
    return integral_west_of(
        pieces.south[piece],
        slabs.south[slab],
        pieces.north[piece],
        slabs.north[slab],
    )


def _enclosed_gain(steps: int, edges: Edges, changed: Changed) -> Floats:
    """What the rings of each step and state enclose, after less before."""
    gain = changed.weight * edges.integral[changed.polygon]
    cell = changed.step * 2 + changed.state
    return sum_by(cell, gain, steps * 2).reshape(-1, 2)
