"""A density for integrals that two different regions do not share by chance.

It grows northwards and eastwards.  Were it constant, a polygon that is lost
and one of the same size that comes to another place would go unnoticed
together; on a regular grid they do.
"""

from geofront._rows import Floats

# It is 1 in the south-west of a frame around all maps, and grows across it
# by 1 to the east and by this to the north: irrational, to tell all cells
# of a grid apart.
_SLANT = (1.0 + 5.0**0.5) / 2.0
_WEST, _SOUTH = 20.0, 44.0
_WIDTH, _HEIGHT = 20.0, 10.0


def integral_west_of(x0: Floats, y0: Floats, x1: Floats, y1: Floats) -> Floats:
    """Integral between edges and the frame's western side.

    Signed: negative for edges that go south.  About twice the area, in
    square degrees, where fronts are.
    """
    x0, x1 = (x0 - _WEST) / _WIDTH, (x1 - _WEST) / _WIDTH
    y0, y1 = (y0 - _SOUTH) / _HEIGHT, (y1 - _SOUTH) / _HEIGHT
    # Simpson's rule is exact, the integrand being quadratic along an edge.
    total = _strip(x0, y0) + _strip(x1, y1)
    total += 4.0 * _strip((x0 + x1) / 2.0, (y0 + y1) / 2.0)
    total *= (y1 - y0) * (_WIDTH * _HEIGHT / 6.0)
    return total


def _strip(x: Floats, y: Floats) -> Floats:
    """Integral along a parallel, from the frame's western side to a point."""
    return x * (1.0 + x / 2.0 + _SLANT * y)
