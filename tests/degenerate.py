"""Pairs of snapshots on which overlays go wrong, with the right answer.

A snapshot is drawn on a grid of cells: every polygon is a connected set of
cells, so the state of each cell, and with it every transition, is known
without any geometry.  The polygons are then drawn as awkwardly as possible.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geofront._transitions import GREY, HELD, OCCUPIED, States
from geofront.geodesy import area_km2

BINARY_DEG = 1.0 / 64.0  # vertices of the grid are exact
DECIMAL_DEG = 0.1  # no vertex is: 37.3 lies on no straight line to 37.1
WEST, SOUTH = 37.0, 48.0

Cells = npt.NDArray[np.bool_]


class Pair(NamedTuple):
    """Two snapshots, and the transitions between them in km²."""

    before: States
    after: States
    areas_km2: npt.NDArray[np.float64]


def grid_pair(
    random: np.random.Generator,
    *,
    jitter: float = 0.0,
    size: int = 7,
    cell: float = BINARY_DEG,
) -> Pair:
    """Two days on one grid; most polygons are the same on both."""
    layers = [_layer(random, size), _layer(random, size)]
    later = [_next_day(random, layer, size) for layer in layers]
    if random.random() < 0.1:
        later[random.integers(2)] = []
    if random.random() < 0.05:
        layers = [[], []]
    before = _draw_snapshot(random, layers, cell, jitter)
    after = _draw_snapshot(random, later, cell, jitter)
    return Pair(before, after, _transitions(layers, later, size, cell))


def _layer(random: np.random.Generator, size: int) -> list[Cells]:
    """Sets of cells that may overlap, touch at corners and have holes."""
    return [_blob(random, size) for _ in range(random.integers(0, 4))]


def _blob(random: np.random.Generator, size: int) -> Cells:
    """Cells that are picked at random, with a bias to hang together."""
    cells = np.zeros((size, size), bool)
    if random.random() < 0.5:
        west, south = random.integers(0, size - 1, 2)
        width, height = random.integers(1, size, 2)
        cells[south : south + height, west : west + width] = True
        return cells & (random.random(cells.shape) < 0.85)
    return random.random(cells.shape) < random.choice([0.2, 0.5, 0.8])


def _next_day(
    random: np.random.Generator, layer: list[Cells], size: int
) -> list[Cells]:
    """Each set is kept, flipped in some cells, or dropped; one may come."""
    later = []
    for cells in layer:
        fate = random.random()
        if fate < 0.5:
            later.append(cells ^ (random.random(cells.shape) < 0.06))
        elif fate < 0.9:
            later.append(cells)
    if random.random() < 0.3:
        later.append(_blob(random, size))
    return later


def _draw_snapshot(
    random: np.random.Generator,
    layers: list[list[Cells]],
    cell: float,
    jitter: float,
) -> States:
    occupied, grey = (
        _draw_layer(random, layer, cell, jitter) for layer in layers
    )
    return occupied, grey


def _draw_layer(
    random: np.random.Generator,
    layer: list[Cells],
    cell: float,
    jitter: float,
) -> npt.NDArray[Any]:
    polygons = [
        part
        for cells in layer
        for part in _draw_cells(random, cells, cell, jitter)
    ]
    random.shuffle(polygons)
    return as_array(polygons)


def _draw_cells(
    random: np.random.Generator, cells: Cells, cell: float, jitter: float
) -> list[shapely.Polygon]:
    """Polygons of a set of cells; how they are cut and drawn is random."""
    rows, columns = np.nonzero(cells)
    boxes = shapely.box(
        WEST + columns * cell,
        SOUTH + rows * cell,
        WEST + (columns + 1) * cell,
        SOUTH + (rows + 1) * cell,
    )
    if random.random() < 0.1:
        drawn = boxes  # neighbours share every edge
    else:
        merged = shapely.union_all(boxes)
        if random.random() < 0.5:
            merged = shapely.simplify(merged, 0.0)
        drawn = shapely.get_parts(merged)
    return [
        part
        for polygon in drawn
        if polygon.geom_type == "Polygon"
        for part in redraw(random, polygon, jitter)
    ]


def redraw(
    random: np.random.Generator, polygon: shapely.Polygon, jitter: float
) -> list[shapely.Polygon]:
    """The same region from another vertex, in another direction."""
    shell, *holes = (
        _redraw_ring(random, np.array(ring.coords), jitter)
        for ring in (polygon.exterior, *polygon.interiors)
    )
    random.shuffle(holes)
    drawn = shapely.Polygon(shell, holes)
    repaired = shapely.make_valid(
        drawn, method="structure", keep_collapsed=False
    )
    parts = shapely.get_parts(drawn if drawn.is_valid else repaired)
    return [part for part in parts if not part.is_empty]


def _redraw_ring(
    random: np.random.Generator,
    ring: npt.NDArray[np.float64],
    jitter: float,
) -> npt.NDArray[np.float64]:
    vertices = ring[:-1]
    if random.random() < 0.3:  # T-junctions: vertices amid straight edges
        at = random.integers(0, len(vertices))
        other = vertices[(at + 1) % len(vertices)]
        share = random.choice([0.5, 0.25, 1 / 3, random.random()])
        amid = vertices[at] + share * (other - vertices[at])
        vertices = np.insert(vertices, at + 1, amid, axis=0)
    vertices = np.roll(vertices, random.integers(len(vertices)), axis=0)
    vertices = vertices[:: random.choice([-1, 1])]
    # Each is moved or not: equal edges, near-equal ones and T-junctions mix.
    moved = random.random((len(vertices), 1)) < 0.5
    vertices = vertices + moved * random.normal(0, jitter, vertices.shape)
    return np.concatenate([vertices, vertices[:1]])


def _transitions(
    layers: list[list[Cells]],
    later: list[list[Cells]],
    size: int,
    cell: float,
) -> npt.NDArray[np.float64]:
    south = SOUTH + np.arange(size) * cell
    row_km2 = area_km2(shapely.box(WEST, south, WEST + cell, south + cell))
    origin, target = _states(layers, size), _states(later, size)
    areas = np.zeros((3, 3))
    np.add.at(areas, (origin, target), row_km2[:, np.newaxis])
    np.fill_diagonal(areas, 0.0)
    return areas


def _states(layers: list[list[Cells]], size: int) -> npt.NDArray[np.intp]:
    none = np.zeros((1, size, size), bool)
    occupied, grey = (np.any([*none, *layer], axis=0) for layer in layers)
    return np.where(occupied, OCCUPIED, np.where(grey, GREY, HELD))


def lattice_pair(
    random: np.random.Generator,
    *,
    jitter: float = 0.0,
    size: int = 8,
    cell: float = BINARY_DEG,
) -> Pair:
    """Two days of triangles between points of a grid: slanting edges.

    They cross and overlap at will.  The answer is left to another overlay.
    """
    layers = [_triangles(random, size, cell) for _ in range(2)]
    later = []
    for layer in layers:
        kept = [item for item in layer if random.random() < 0.7]
        later.append(kept + _triangles(random, size, cell)[:2])
    before, after = (
        _draw_triangles(random, day, jitter) for day in (layers, later)
    )
    return Pair(before, after, np.full((3, 3), np.nan))


def _triangles(
    random: np.random.Generator, size: int, cell: float
) -> list[shapely.Polygon]:
    corners = random.integers(0, size, (random.integers(0, 6), 3, 2))
    scaled = corners * cell + (WEST, SOUTH)
    drawn = [shapely.Polygon(triangle) for triangle in scaled]
    return [triangle for triangle in drawn if triangle.is_valid]


def _draw_triangles(
    random: np.random.Generator,
    layers: list[list[shapely.Polygon]],
    jitter: float,
) -> States:
    occupied, grey = (
        as_array([p for t in layer for p in redraw(random, t, jitter)])
        for layer in layers
    )
    return occupied, grey


def as_array(polygons: list[shapely.Polygon]) -> npt.NDArray[Any]:
    """An array of geometries; none gives an empty one."""
    array = np.empty(len(polygons), object)
    array[:] = polygons
    return array
