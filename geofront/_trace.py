"""What a step looks like from afar: where ground moved, what was drawn anew.

It tells a change of drawing from a change on the ground: see ``_breaks``.
"""

import numpy as np
import shapely

from geofront._edges import Drawings, Edges, Lines, hash_points
from geofront._rows import Flags, Floats, Ints, Objects, expand, pick
from geofront._transitions import FEW_CELLS, SHIFT_DEG, Faces, Ground, Trace
from geofront._trapezoids import Trapezoids, stack
from geofront.geodesy import area_km2

__all__ = ["ground_of_faces", "traces"]

# Some 36 km by 39 km: as far as a front moves in a day, or farther.
_CELL_DEG = np.array([0.5, 0.35])
_ROW = 4096

_NOWHERE = Ground(np.empty(0, np.intp), np.empty((0, 2)))

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
    first = np.searchsorted(residual.group, np.arange(steps + 1))
    if changing is not None:
        changing = pick(changing, np.argsort(changing.step, kind="stable"))
    found = []
    for step in range(steps):
        own = slice(*first[step : step + 2])
        anew = np.unique(_cells(residual.start[own]))
        redrawn, cells = len(anew), 0
        if redrawn >= FEW_CELLS:
            after = _cells_after(step, edges, drawings)
            cells = len(np.union1d(anew, after))
        renewed, shifted = _shift(residual, own)
        ground, slivers_km2 = _NOWHERE, 0.0
        if changing is not None:
            moved = _of(step, changing)
            ground = _ground_of(moved)
            slivers_km2 = _slivers_km2(moved) if shifted else 0.0
        found.append(
            Trace(ground, cells, redrawn, renewed, shifted, slivers_km2)
        )
    return found


def _of(step: int, changing: Trapezoids) -> Trapezoids:
    """Trapezoids of a step, which are next to each other."""
    own = slice(*np.searchsorted(changing.step, [step, step + 1]))
    return Trapezoids._make(column[own] for column in changing)


def ground_of_faces(faces: Faces) -> Ground:
    """Where ground changed hands, from the polygons."""
    if not len(faces.polygons):
        return _NOWHERE
    points = shapely.get_coordinates(shapely.point_on_surface(faces.polygons))
    towards = faces.target > faces.origin
    return _ground(_cells(points), towards, area_km2(faces.polygons))


def _cells(points: Floats) -> Ints:
    """Number of the cell that each point lies in."""
    column, row = np.floor(points / _CELL_DEG).astype(np.intp).T
    cells: Ints = column * _ROW + row
    return cells


def _cells_after(step: int, edges: Edges, drawings: Drawings) -> Ints:
    """Cells in which lines of a step's second day begin."""
    polygon = drawings.polygon[drawings.is_after & (drawings.step == step)]
    _, row = expand(edges.first[polygon], np.diff(edges.first)[polygon])
    return np.unique(_cells(edges.start[row]))


def _ground_of(moved: Trapezoids) -> Ground:
    middle = np.column_stack(
        [
            (moved.south_west + moved.south_east) / 4.0
            + (moved.north_west + moved.north_east) / 4.0,
            (moved.south + moved.north) / 2.0,
        ]
    )
    return _ground(_cells(middle), moved.target > moved.origin, moved.area_km2)


def _slivers_km2(moved: Trapezoids) -> float:
    """Ground in strips that are narrower than what rounding moves."""
    strips = stack(moved)
    south = strips.south_east - strips.south_west
    north = strips.north_east - strips.north_west
    height = strips.north - strips.south
    sides = np.hypot(strips.north_west - strips.south_west, height)
    sides += np.hypot(strips.north_east - strips.south_east, height)
    width = (south + north) * height / (south + north + sides)
    return float(strips.area_km2[width < SHIFT_DEG].sum())


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
