"""Rings that cross themselves so often that mending them would take hours."""

import numpy as np
import shapely

from geofront.errors import InvalidBoundaryError
from geofront.geodesy import FloatArray
from geofront.topology import Polygons

MAX_CROSSINGS = 10_000
"""Of one geometry: maps have dozens, and mending so many takes 0.2 s."""

_PAIRS = 1_000_000
"""Edges times edges that are looked at together."""


def refuse_tangles(polygons: Polygons) -> None:
    """Refuse polygons that would take too long to mend.

    Raises
    ------
    InvalidBoundaryError
        If the rings of an invalid one cross more than `MAX_CROSSINGS` times.
    """
    for polygon in polygons[~shapely.is_valid(polygons)]:
        refuse_crossings(shapely.get_rings(polygon))


def refuse_crossings(rings: Polygons) -> None:
    """Refuse rings that cross themselves and each other too often."""
    edges = np.concatenate([_edges(shapely.get_coordinates(r)) for r in rings])
    tree, crossings = shapely.STRtree(edges), 0
    step = max(1, _PAIRS // len(edges))
    for start in range(0, len(edges), step):
        some = edges[start : start + step]
        crossings += len(tree.query(some, predicate="crosses")[0])
        # Each is found from both sides.
        if crossings > 2 * MAX_CROSSINGS:
            raise InvalidBoundaryError(
                f"its rings cross more than {MAX_CROSSINGS:,} times: refused"
            )


def _edges(line: FloatArray) -> Polygons:
    return np.asarray(shapely.linestrings(np.stack([line[:-1], line[1:]], 1)))
