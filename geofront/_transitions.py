"""What the two ways of measuring change have in common: their result."""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

HELD, GREY, OCCUPIED = range(3)

# Occupied polygons, grey-zone polygons: arrays of shapely.Polygon, each of
# them valid.  They may overlap; occupied wins over the grey zone.
States = tuple[npt.NDArray[Any], npt.NDArray[Any]]

Way = Literal["equal", "residual", "snapped", "overlay"]


class Faces(NamedTuple):
    """Changed polygons, with the state of each before and after."""

    polygons: npt.NDArray[Any]
    origin: npt.NDArray[np.intp]
    target: npt.NDArray[np.intp]


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
    """

    areas_km2: npt.NDArray[np.float64]
    way: Way
    faces: Faces | None = None
