"""Whether a sweep accounts for all that is known of what it swept.

- Counting through a slab from the winding numbers at its western side leads
  to those at its eastern side: no line is missing, none counted amiss.
- Pieces are in order at both sides of their slab, save for slivers: every
  label is on the right side of every line.
- The integral of the gain is what the rings of the changed polygons enclose:
  nothing changes elsewhere, and nothing cancelled that should not have.

The last is the integral of a density: see ``_density``.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from geofront._density import integral_west_of
from geofront._edges import Changed, Edges
from geofront._rows import Flags, Floats, Ints, sum_by
from geofront._slabs import Sweep
from geofront._windows import Windows

# What two ways of taking one integral may differ by.  A square degree is at
# most 12,400 km², so this is below 1e-6 km² wherever the map lies.
_TOLERANCE_DEG2 = 5e-11


class Account(NamedTuple):
    """What a sweep, or a portion of one, adds up to in each step."""

    slivers: Floats  # deg² on the wrong side of a line
    miscounts: Floats
    gain: Floats  # shape (steps, 2): the integral, by state


def account(steps: int, windows: Windows, swept: Sweep) -> Account:
    """Add up what a sweep found, for each of so many steps."""
    step = windows.step[swept.slabs.window][swept.pieces.slab]
    slivers = sum_by(step, _slivers(swept), steps)
    slivers[windows.step[swept.given_up]] = np.inf
    return Account(
        slivers,
        sum_by(step[swept.is_last], _miscounts(swept), steps),
        _gain(swept, step, steps),
    )


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
