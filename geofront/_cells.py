"""Ground cut into cells, and what two maps say of each of them.

Maps of two sources have hardly an edge in common, so that each day is
compared anew, from edge to edge.  But most of it is as it was on the day
before: a cell is cut out of a map again only where an edge near it was drawn
anew, and two maps are compared again only in cells of which one changed.
Cells do not reach across the coast nor from one region into another: their
figures are those of land and sea, and of regions, and sum to the whole.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geofront._comparing import layers_of
from geofront._overlay import dissolve
from geofront._residual import changes
from geofront._rows import Flags, Floats, Ints, Objects
from geofront._seen import near_changes
from geofront._split import WORLD
from geofront._threads import prepared
from geofront._transitions import GREY, HELD, OCCUPIED, Faces, States
from geofront.geodesy import area_km2, explode_polygons
from geofront.geography import territory
from geofront.model import Snapshot
from geofront.topology import empty_polygons

__all__ = ["Cells", "crossed", "cut_ground", "faces_of"]

_STEP_DEG = 1.0
"""Size of a cell: what one day changes is in a handful of them."""

# Less of a cell than this is what rounding leaves of nothing.
_ROUNDING_KM2 = 1e-9


class Cells(NamedTuple):
    """Ground in parts that do not overlap."""

    areas: Objects
    tile: Ints  # which of the tiles each lies in
    on_land: Flags

    def sizes_km2(self, tiles: int) -> tuple[Floats, Floats]:
        """Area of each tile, and of its land."""
        sizes = area_km2(self.areas)
        whole = np.bincount(self.tile, sizes, tiles)
        land = np.bincount(self.tile, sizes * self.on_land, tiles)
        return whole.astype(float), land.astype(float)


def cut_ground(
    tiles: Objects, coverage: BaseGeometry | None, *, fine: bool = True
) -> Cells:
    """Cut tiles at the coast and, if fine, into squares of one degree.

    Parameters
    ----------
    tiles : ndarray of shapely geometries
        Ground to be told apart: regions, or all of it as one.
    coverage : shapely geometry, optional
        What is outside is left out; None: nothing is.
    fine : bool
        Whether many maps will be compared, or two.
    """
    outline = None if coverage is None else shapely.to_wkb(coverage)
    return _cut_ground(tuple(shapely.to_wkb(tiles)), outline, fine)


@lru_cache(maxsize=4)
def _cut_ground(
    outlines: tuple[bytes, ...], coverage: bytes | None, fine: bool
) -> Cells:
    tiles = shapely.from_wkb(np.array(outlines, object))
    squares = _squares() if fine else np.array([WORLD], object)
    tile, square = shapely.STRtree(squares).query(tiles)
    areas = shapely.intersection(tiles[tile], squares[square])
    if coverage is not None:
        areas = shapely.intersection(areas, shapely.from_wkb(coverage))
    areas, tile = _areal(areas, tile)
    land = _areal(shapely.intersection(areas, territory()), tile)
    rest = _areal(shapely.difference(areas, territory()), tile)
    return Cells(
        np.concatenate([land[0], rest[0]]),
        np.concatenate([land[1], rest[1]]),
        np.arange(len(land[0]) + len(rest[0])) < len(land[0]),
    )


def _squares() -> Objects:
    """Squares around the territory, and all else as one."""
    west, south, east, north = shapely.bounds(territory(sea=True))
    x, y = np.meshgrid(
        np.arange(np.floor(west), east, _STEP_DEG),
        np.arange(np.floor(south), north, _STEP_DEG),
    )
    squares = shapely.box(x, y, x + _STEP_DEG, y + _STEP_DEG).ravel()
    frame = shapely.box(
        x.min(), y.min(), x.max() + _STEP_DEG, y.max() + _STEP_DEG
    )
    return np.array([*squares, shapely.difference(WORLD, frame)], object)


def _areal(geometries: Objects, tile: Ints) -> tuple[Objects, Ints]:
    """What of geometries are areas, without those that have none."""
    polygons, index = explode_polygons(geometries)
    kept, row = np.unique(index, return_inverse=True)
    if not len(kept):
        return empty_polygons(), tile[kept]
    return np.asarray(shapely.multipolygons(polygons, indices=row)), tile[kept]


class _Contents:
    """What maps draw in single cells, each way of drawing one once.

    Number 0 stands for nothing drawn.
    """

    def __init__(self) -> None:
        nothing = (empty_polygons(), empty_polygons())
        self.states: list[States] = [nothing]
        self._ground = [_dissolved(nothing)]

    def areas_km2(self) -> Floats:
        """Grey zone and occupied area of each, as columns."""
        ground = np.array(self._ground, object)
        return area_km2(ground.ravel()).reshape(ground.shape)

    def add(self, drawn: States) -> int:
        """Number of a cell's content."""
        if not any(map(len, drawn)):
            return 0
        self.states.append(drawn)
        self._ground.append(_dissolved(drawn))
        return len(self.states) - 1

    def of(self, snapshots: Sequence[Snapshot], areas: Objects) -> Ints:
        """Numbers of what maps draw in cells: maps × cells."""
        layers = [layers_of(snapshot) for snapshot in snapshots]
        moved = near_changes(layers, shapely.bounds(areas))
        moved[0] = np.arange(len(areas))
        found = np.zeros((len(layers), len(areas)), np.intp)
        for number, (layer, rows) in enumerate(
            zip(layers, moved, strict=True)
        ):
            found[number] = found[max(number - 1, 0)]
            occupied, grey = (_cut(each, areas[rows]) for each in layer)
            found[number, rows] = [
                self.add(drawn) for drawn in zip(occupied, grey, strict=True)
            ]
        return found


def _dissolved(drawn: States) -> tuple[BaseGeometry, BaseGeometry]:
    """Grey zone and occupied area of a cell."""
    occupied, grey = drawn
    if len(occupied) + len(grey) > 1:
        ground = dissolve(drawn)
        return ground[1], ground[0]
    # As a rule, and much faster.
    return MultiPolygon(list(grey)), MultiPolygon(list(occupied))


def _cut(polygons: Objects, areas: Objects) -> list[Objects]:
    """Pieces of polygons in each of some areas."""
    drawn = prepared(polygons)
    row, item = shapely.STRtree(drawn).query(areas)
    full = shapely.contains_properly(drawn[item], areas[row])
    pieces = areas[row]
    pieces[~full] = shapely.intersection(polygons[item[~full]], pieces[~full])
    parts, index = explode_polygons(pieces)
    first = np.searchsorted(row[index], np.arange(1, len(areas)))
    return np.split(parts, first) if len(areas) else []


def crossed(
    pairs: Sequence[tuple[Snapshot, Snapshot]], cells: Cells, tiles: int
) -> Floats:
    """Area by the state on one map and on the other.

    Parameters
    ----------
    pairs : sequence of (Snapshot, Snapshot)
        In time order; the less changes between neighbours, the faster.
    cells : Cells
    tiles : int
        How many there are.

    Returns
    -------
    ndarray, shape (pairs, tiles, 2, 3, 3)
        Square kilometres off the land, then on it; by the code of the state
        on the first map, then on the second.  What is held on both counts
        as nothing: only the ground's own size tells it.
    """
    contents = _Contents()
    one, other = (
        contents.of(side, cells.areas) for side in zip(*pairs, strict=True)
    )
    count = len(contents.states)
    key, place = np.unique(one * count + other, return_inverse=True)
    first, second = np.divmod(key, count)
    found = changes(
        (contents.states[a], contents.states[b])
        for a, b in zip(first, second, strict=True)
    )
    tables = np.array([change.areas_km2 for change in found])
    sizes = contents.areas_km2()[first]
    for state, column in ((GREY, 0), (OCCUPIED, 1)):
        agreed = sizes[:, column] - tables[:, state].sum(axis=1)
        tables[:, state, state] = np.where(agreed > _ROUNDING_KM2, agreed, 0.0)
    tables[:, HELD, HELD] = 0.0
    sums = np.zeros((tiles * 2, len(pairs), 3, 3))
    by_cell = tables[place.reshape(one.shape)].swapaxes(0, 1)
    np.add.at(sums, cells.tile * 2 + cells.on_land, by_cell)
    return np.asarray(
        sums.reshape(tiles, 2, len(pairs), 3, 3).transpose(2, 0, 1, 3, 4)
    )


def faces_of(
    pair: tuple[Snapshot, Snapshot], cells: Cells
) -> Iterator[tuple[bool, Faces]]:
    """Polygons of different states on two maps, cell by cell.

    Yields
    ------
    on_land : bool
    faces : Faces
        Their origin is the state on the first map, their target that on
        the second.
    """
    contents = _Contents()
    one, other = (contents.of([item], cells.areas)[0] for item in pair)
    found = changes(
        (
            (contents.states[a], contents.states[b])
            for a, b in zip(one, other, strict=True)
        ),
        polygons=True,
    )
    for on_land, change in zip(cells.on_land.tolist(), found, strict=True):
        assert change.faces is not None
        yield on_land, change.faces
