"""Whether the faces of an arrangement account for all that is known of it.

What they add up to must equal what the edges enclose, computed without them:

- over each window, the integral of 1: the faces tile it;
- over each window, the integral of the winding number before, and of its
  gain: no face lacks an edge, and the labels hold;
- over the plane, the integral of the gain: nothing changes elsewhere.

All integrals are of a density that grows northwards and eastwards.  Were it
constant, two wrong labels on faces of one size could cancel; on a regular
grid they do.

An overlay in floating point can lose an edge without notice, where a vertex
comes to lie on the wrong side of a line.  These integrals cannot: an edge
adds to them what lies west of it, wherever the faces are.
"""

import numpy as np
import shapely

from geofront._arrangement import Arrangement, Windows, frames
from geofront._edges import Changed, Edges, Lines
from geofront._rows import Flags, Floats, expand, sum_by

# What two ways of taking one integral may differ by.  A square degree is at
# most 12,400 km², so this is below 1e-6 km² wherever the map lies.
_TOLERANCE_DEG2 = 5e-11

# The density is 1 in the south-west of a window, or of the frame that stands
# for the plane, and grows by 1 to the east and by this to the north:
# irrational, to tell all cells of a grid apart.
_SLANT = (1.0 + 5.0**0.5) / 2.0
_PLANE_LOW = np.array([20.0, 44.0])
_PLANE_SIZE = np.array([20.0, 10.0])


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
    low, high = windows.low[window], windows.high[window]
    mass = _masses(arrangement, low, high - low)
    one = np.broadcast_to([1.0, 0.0], arrangement.before.shape)
    holds = np.ones(len(windows.step), bool)
    for winding, lines in (
        (one, frames(windows)),
        (arrangement.before, nearby),
        (arrangement.gain, outlines),
    ):
        summed = sum_by(window, winding * mass, len(holds))
        holds &= _agree(summed, _integral(windows, lines))
    gain = arrangement.gain * _masses(arrangement, _PLANE_LOW, _PLANE_SIZE)
    # Halved: the density is about 2 where fronts are, not 1.
    certified = _agree(
        sum_by(windows.step[window], gain, steps) / 2,
        _enclosed_gain(steps, edges, changed) / 2,
    )
    certified[windows.step[~holds]] = False
    return certified


def _agree(one: Floats, other: Floats) -> Flags:
    within = np.abs(one - other) <= _TOLERANCE_DEG2
    return np.asarray(within.all(axis=1))


def _masses(arrangement: Arrangement, low: Floats, size: Floats) -> Floats:
    """Integral of a frame's density over each face, shape (faces, 1)."""
    centre = shapely.get_coordinates(shapely.centroid(arrangement.faces))
    x, y = ((centre - low) / size).T
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
    shares = np.zeros((6, len(start), 1))
    shares[1:5, :, 0] = np.sort(np.clip(bends, 0.0, 1.0), axis=1).T
    shares[5] = 1.0
    corners = np.clip(start + shares * along, 0.0, 1.0)
    pieces = _west_of(corners[:-1].reshape(-1, 2), corners[1:].reshape(-1, 2))
    total: Floats = pieces.reshape(5, -1).sum(axis=0)
    return total


def _west_of(start: Floats, end: Floats) -> Floats:
    """Integral of the density between edges and the western side."""
    middle = (start + end) / 2
    mean = (_strip(start) + 4 * _strip(middle) + _strip(end)) / 6
    area: Floats = mean * (end[:, 1] - start[:, 1])
    return area


def _strip(point: Floats) -> Floats:
    """Integral of the density along a parallel, from the west to a point."""
    x, y = point.T
    mass: Floats = x * (1 + x / 2 + _SLANT * y)
    return mass


def _divide(one: Floats, other: Floats) -> Floats:
    """Quotient, zero where the divisor is."""
    return np.divide(one, other, out=np.zeros_like(one), where=other != 0)


def _enclosed_gain(steps: int, edges: Edges, changed: Changed) -> Floats:
    """What the rings of each step and state enclose, after - before."""
    start = (edges.start - _PLANE_LOW) / _PLANE_SIZE
    end = (edges.end - _PLANE_LOW) / _PLANE_SIZE
    polygon, _ = expand(edges.first[:-1], np.diff(edges.first))
    enclosed = _west_of(start, end) * _PLANE_SIZE.prod()
    size = sum_by(polygon, enclosed, len(edges.first) - 1)
    gain = changed.weight * size[changed.polygon]
    cell = changed.step * 2 + changed.state
    return sum_by(cell, gain, steps * 2).reshape(-1, 2)
