"""What a step looks like from afar: where ground moved, what was drawn anew.

It tells a change of drawing from a change on the ground: see ``_breaks``.
"""

import numpy as np
import shapely

from geofront._edges import Drawings, Edges, Lines, hash_points
from geofront._rows import Flags, Floats, Ints, Objects, expand
from geofront._transitions import FEW_CELLS, SHIFT_DEG, Faces, Ground, Trace
from geofront._trapezoids import Trapezoids
from geofront.geodesy import area_km2

__all__ = ["ground_of_faces", "traces"]

# Some 36 km by 39 km: as far as a front moves in a day, or farther.
_CELL_DEG = np.array([0.5, 0.35])
_ROW = 4096

# Below so many vertices it is not looked whether they were rounded.
_MANY = 200


def traces(
    steps: int,
    edges: Edges,
    drawings: Drawings,
    residual: Lines,
    changing: Trapezoids | None = None,
) -> list[Trace]:
    """Trace of each step, from what the engine holds of it.

    Without trapezoids, no ground is known to have changed hands.
    """
    nowhere = Ground(np.empty(0, np.intp), np.empty((0, 2)))
    grounds = _grounds(steps, changing) if changing else [nowhere] * steps
    first = np.searchsorted(residual.group, np.arange(steps + 1))
    found = []
    for step, ground in enumerate(grounds):
        own = slice(*first[step : step + 2])
        redrawn = len(np.unique(_cells(residual.start[own])))
        cells = 0
        if redrawn >= FEW_CELLS:
            cells = _cells_after(step, edges, drawings)
        found.append(Trace(ground, cells, redrawn, *_shift(residual, own)))
    return found


def ground_of_faces(faces: Faces) -> Ground:
    """Where ground changed hands, from the polygons."""
    if not len(faces.polygons):
        return Ground(np.empty(0, np.intp), np.empty((0, 2)))
    points = shapely.get_coordinates(shapely.point_on_surface(faces.polygons))
    towards = faces.target > faces.origin
    return _ground(_cells(points), towards, area_km2(faces.polygons))


def _cells(points: Floats) -> Ints:
    """Number of the cell that each point lies in."""
    column, row = np.floor(points / _CELL_DEG).astype(np.intp).T
    cells: Ints = column * _ROW + row
    return cells


def _cells_after(step: int, edges: Edges, drawings: Drawings) -> int:
    """Number of cells in which lines of a step's second day begin."""
    polygon = drawings.polygon[drawings.is_after & (drawings.step == step)]
    _, row = expand(edges.first[polygon], np.diff(edges.first)[polygon])
    return len(np.unique(_cells(edges.start[row])))


def _grounds(steps: int, changing: Trapezoids) -> list[Ground]:
    middle = np.column_stack(
        [
            (changing.south_west + changing.south_east) / 4.0
            + (changing.north_west + changing.north_east) / 4.0,
            (changing.south + changing.north) / 2.0,
        ]
    )
    order = np.argsort(changing.step, kind="stable")
    first = np.searchsorted(changing.step[order], np.arange(steps + 1))
    cell, towards = _cells(middle), changing.target > changing.origin
    own = [order[first[i] : first[i + 1]] for i in range(steps)]
    return [_ground(cell[i], towards[i], changing.area_km2[i]) for i in own]


def _ground(cell: Ints, towards: Flags, km2: Floats) -> Ground:
    cells, row = np.unique(cell, return_inverse=True)
    column = np.where(towards, 0, 1)
    sums = np.bincount(row * 2 + column, km2, minlength=2 * len(cells))
    return Ground(cells, sums.astype(float).reshape(-1, 2))


def _shift(residual: Lines, own: slice) -> tuple[int, int]:
    """Vertices that only one day has, and those that moved very little."""
    weight = residual.weight[own]
    if len(weight) < _MANY:
        return 0, 0
    starts = residual.start[own]
    old, new = _apart(starts[weight < 0], starts[weight > 0])
    fewer = min(len(old), len(new))
    if fewer < _MANY:
        return fewer, 0
    points: Objects = np.asarray(shapely.points(old), object)
    near, _ = shapely.STRtree(points).query(
        shapely.points(new), predicate="dwithin", distance=SHIFT_DEG
    )
    return fewer, len(np.unique(near))


def _apart(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Distinct points of each that the other has not."""
    keys, first = np.unique(hash_points(one), return_index=True)
    others, second = np.unique(hash_points(other), return_index=True)
    return (
        one[first[~np.isin(keys, others)]],
        other[second[~np.isin(others, keys)]],
    )
