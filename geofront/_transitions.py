"""What the two ways of measuring change have in common: their result."""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from geofront.model import ControlState

HELD, GREY, OCCUPIED = range(3)

STATES = (ControlState.HELD, ControlState.GREY_ZONE, ControlState.OCCUPIED)
"""In the order of these codes."""

# Occupied polygons, grey-zone polygons: arrays of shapely.Polygon, each of
# them valid.  They may overlap; occupied wins over the grey zone.
States = tuple[npt.NDArray[Any], npt.NDArray[Any]]

Way = Literal["equal", "residual", "snapped", "overlay"]


class Faces(NamedTuple):
    """Changed polygons, with the state of each before and after."""

    polygons: npt.NDArray[Any]
    origin: npt.NDArray[np.intp]
    target: npt.NDArray[np.intp]


SHIFT_DEG = 1e-4
"""Vertices that move by less, some 10 m, are taken for rounded otherwise."""


FEW_CELLS = 10
"""Lines drawn anew in fewer cells are an ordinary day's."""


class Ground(NamedTuple):
    """Where ground changed hands, by cell; each cell once, in order."""

    cell: npt.NDArray[np.intp]
    km2: npt.NDArray[np.float64]
    """Shape (cells, 2): towards the occupier, and away from him."""


class Trace(NamedTuple):
    """What a step looks like from afar."""

    ground: Ground
    cells: int
    """Cells in which lines of either day begin; 0 where few are new."""
    redrawn: int
    """Cells in which lines begin that only one day has."""
    renewed: int
    """Vertices that only one day has, on the day that has fewer of them;
    0 where there are few."""
    shifted: int
    """Vertices that only the second day has, within `SHIFT_DEG` of one that
    only the first has; 0 where there are few."""
    slivers_km2: float
    """Ground that changed hands in strips narrower than that; 0 likewise."""


@dataclass(frozen=True, eq=False)
class Change:
    """Area of every transition between two snapshots.

    Attributes
    ----------
    areas_km2 : ndarray, shape (3, 3)
        From state (row) to state (column), in the order ``HELD``, ``GREY``,
        ``OCCUPIED``; the diagonal is zero.
    way : str
        How it was found: "equal" (no edge differs), "residual" (from what
        differs, certified), "snapped" (the same after rounding to
        1e-9°) or "overlay" (of everything).
    faces : Faces, optional
        The changed polygons, where they were asked for: as they were cut,
        neighbours not merged, with such slivers as rounding leaves.
    trace : Trace, optional
        What the step looks like, where that was asked for.
    """

    areas_km2: npt.NDArray[np.float64]
    way: Way
    faces: Faces | None = None
    trace: Trace | None = None
