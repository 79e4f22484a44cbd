"""Whether the faces of an arrangement account for all that is known of it.

What they add up to must equal what the edges enclose, computed without them:

- over each window, the integral of 1: the faces tile it;
- over each window, the integral of the winding number before, and of its
  gain: no face lacks an edge, and the labels hold;
- over the plane, the integral of the gain: nothing changes elsewhere.

An overlay in floating point can lose an edge without notice, where a vertex
comes to lie on the wrong side of a line.  These integrals cannot: an edge
adds to them what lies west of it, wherever the faces are.
"""

from itertools import pairwise

import numpy as np
import shapely

from geofront._arrangement import Arrangement, Windows, frames
from geofront._edges import Changed, Edges, Lines
from geofront._rows import Flags, Floats, expand, sum_by

# What two ways of taking one integral may differ by.  A square degree is at
# most 12,400 km², so this is below 1e-6 km² wherever the map lies.
_TOLERANCE_DEG2 = 5e-11

# Integrals over a window are of a density that grows across it.  Were it
# constant, two wrong labels on faces of one size could cancel; on a regular
# grid they do.  Northwards it grows this much faster than eastwards:
# irrational, to tell all cells of a grid apart.
_SLANT = (1.0 + 5.0**0.5) / 2.0


def certify(
    steps: int,
    edges: Edges,
    changed: Changed,
    windows: Windows,
    nearby: Lines,
    outlines: Lines,
    arrangement: Arrangement,
) -> Flags:
    """Whether the answer holds, for each of so many steps."""
    window = arrangement.window
    mass = _masses(windows, arrangement)
    one = np.broadcast_to([1.0, 0.0], arrangement.before.shape)
    holds = np.ones(len(windows.step), bool)
    for winding, lines in (
        (one, frames(windows)),
        (arrangement.before, nearby),
        (arrangement.gain, outlines),
    ):
        summed = sum_by(window, winding * mass, len(holds))
        holds &= _agree(summed, _integral(windows, lines))
    gain = arrangement.gain * arrangement.size_deg2[:, np.newaxis]
    certified = _agree(
        sum_by(windows.step[window], gain, steps),
        _enclosed_gain(steps, edges, changed),
    )
    certified[windows.step[~holds]] = False
    return certified


def _agree(one: Floats, other: Floats) -> Flags:
    within = np.abs(one - other) <= _TOLERANCE_DEG2
    return np.asarray(within.all(axis=1))


def _masses(windows: Windows, arrangement: Arrangement) -> Floats:
    """Integral of the density over each face, shape (faces, 1)."""
    low, high = (
        corner[arrangement.window] for corner in (windows.low, windows.high)
    )
    centre = shapely.get_coordinates(shapely.centroid(arrangement.faces))
    x, y = ((centre - low) / (high - low)).T
    mass: Floats = arrangement.size_deg2 * (1 + x + _SLANT * y)
    return mass[:, np.newaxis]


def _integral(windows: Windows, lines: Lines) -> Floats:
    """Integral of density times winding number, by window and state.

    What a ray to the east sums for one point, summed for all of them: an
    edge adds the part of the window that lies due west of it.
    """
    low = windows.low[lines.group]
    size = windows.high[lines.group] - low
    start = (lines.start - low) / size
    along = (lines.end - lines.start) / size
    enclosed = _due_west(start, along) * lines.weight * size.prod(axis=1)
    cell = lines.group * 2 + lines.state
    return sum_by(cell, enclosed, len(windows.step) * 2).reshape(-1, 2)


def _due_west(start: Floats, along: Floats) -> Floats:
    """Integral of the density over the part of the unit square due west.

    Where an edge meets the square's sides (or their prolongation), it is
    bent so as to stay within.  From bend to bend the integrand is quadratic,
    and Simpson's rule exact.
    """
    bends = np.hstack([_divide(side - start, along) for side in (0, 1)])
    shares = np.sort(np.clip(bends, 0.0, 1.0), axis=1).T[:, :, np.newaxis]
    corners = [
        np.clip(start + share * along, 0.0, 1.0) for share in (0, *shares, 1)
    ]
    total = np.zeros(len(start))
    for one, other in pairwise(corners):
        middle = (one + other) / 2
        mean = (_strip(one) + 4 * _strip(middle) + _strip(other)) / 6
        total += mean * (other[:, 1] - one[:, 1])
    return total


def _strip(point: Floats) -> Floats:
    """Integral of the density along a parallel, from the west to a point."""
    x, y = point.T
    mass: Floats = x * (1 + x / 2 + _SLANT * y)
    return mass


def _divide(one: Floats, other: Floats) -> Floats:
    """Quotient, zero where the divisor is."""
    return np.divide(one, other, out=np.zeros_like(one), where=other != 0)


def _enclosed_gain(steps: int, edges: Edges, changed: Changed) -> Floats:
    """Area that the rings of each step and state enclose, after - before."""
    width = (edges.start[:, 0] + edges.end[:, 0]) / 2
    height = edges.end[:, 1] - edges.start[:, 1]
    polygon, _ = expand(edges.first[:-1], np.diff(edges.first))
    size = sum_by(polygon, width * height, len(edges.first) - 1)
    gain = changed.weight * size[changed.polygon]
    cell = changed.step * 2 + changed.state
    return sum_by(cell, gain, steps * 2).reshape(-1, 2)
