"""The full overlay of two snapshots: slow, plain, and the last resort.

Every polygon of both days is repaired, dissolved and intersected with every
other on a grid.  It is what ``_residual`` falls back on where it cannot
certify its own answer, and what the tests compare it with.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._transitions import GREY, HELD, OCCUPIED, Change, Faces, States
from geofront.errors import GeofrontError
from geofront.geodesy import area_km2, explode_polygons

GRID_DEG = 1e-9

# What the transitions may differ by from the difference of the totals: where
# nothing was rounded, and where vertices were moved to the grid.
_EXACT_KM2 = 1e-6
_LIMIT_KM2 = 1e-3


def last_resort(
    before: States, after: States, *, polygons: bool = False
) -> Change:
    """Change by full overlay: as drawn if that adds up, else on the grid.

    Raises
    ------
    GeofrontError
        As for :func:`overlay`.
    """
    try:
        return overlay(
            before,
            after,
            grid_size=None,
            limit_km2=_EXACT_KM2,
            polygons=polygons,
        )
    except (GeofrontError, shapely.GEOSException):
        # Where GEOS loses something without the grid.
        return overlay(before, after, polygons=polygons)


def overlay(
    before: States,
    after: States,
    *,
    grid_size: float | None = GRID_DEG,
    limit_km2: float = _LIMIT_KM2,
    polygons: bool = False,
) -> Change:
    """Change between two snapshots by dissolving and intersecting both.

    Parameters
    ----------
    before, after : States
        Occupied and grey-zone polygons; invalid ones are repaired.
    grid_size : float or None
        Degrees to which every intermediate result is rounded; None: not.
    limit_km2 : float
        What the transitions may be off the difference of the areas.
    polygons : bool
        Whether to return the changed polygons too.

    Returns
    -------
    Change
        With ``way`` "overlay".

    Raises
    ------
    GeofrontError
        If the transitions do not sum to the difference of the dissolved
        areas: GEOS has lost a piece, and there is no way left to try.

    Notes
    -----
    Rounding to the grid moves each line by up to half of it: 1e-9° is
    0.1 mm, and 1,000 km of front line bound some 1e-4 km² of it.
    """
    old, new = dissolve(before, grid_size), dissolve(after, grid_size)
    pieces = {
        (origin, target): _transition(old, new, origin, target, grid_size)
        for origin in (HELD, GREY, OCCUPIED)
        for target in (HELD, GREY, OCCUPIED)
        if origin != target
    }
    areas = np.zeros((3, 3))
    for transition, piece in pieces.items():
        areas[transition] = area_km2(piece)
    off = _off_km2(areas, old, new)
    if not off <= limit_km2:
        raise GeofrontError(
            "the overlay of two snapshots cannot be trusted: its transitions "
            f"are {off:.3g} km² off the difference of the areas; at most "
            f"{limit_km2:g} km² is rounding. Check both for invalid polygons."
        )
    faces = _as_faces(pieces) if polygons else None
    return Change(areas, "overlay", faces)


def _off_km2(
    areas: npt.NDArray[np.float64],
    old: tuple[BaseGeometry, BaseGeometry],
    new: tuple[BaseGeometry, BaseGeometry],
) -> float:
    net = (areas.sum(axis=0) - areas.sum(axis=1))[[OCCUPIED, GREY]]
    before, after = (area_km2(np.array(day, object)) for day in (old, new))
    return float(np.abs(net - (after - before)).max())


def dissolve(
    states: States, grid_size: float | None = None
) -> tuple[BaseGeometry, BaseGeometry]:
    """Occupied and, outside it, the grey zone, each as one geometry.

    Parameters
    ----------
    states : States
        Occupied and grey-zone polygons as drawn; repaired where invalid.
    grid_size : float, optional
        Degrees to round to; by default not at all.
    """
    occupied, grey = (
        _polygonal(
            shapely.union_all(
                shapely.make_valid(
                    drawn, method="structure", keep_collapsed=False
                ),
                grid_size=grid_size,
            )
        )
        for drawn in states
    )
    return occupied, _polygonal(
        shapely.difference(grey, occupied, grid_size=grid_size)
    )


def _transition(
    old: tuple[BaseGeometry, BaseGeometry],
    new: tuple[BaseGeometry, BaseGeometry],
    origin: int,
    target: int,
    grid_size: float | None,
) -> BaseGeometry:
    """What was in one state and is now in the other.

    Held has no polygon of its own: coming from it is being in the other
    state now and in neither before, going to it the reverse.
    """
    if origin == HELD:
        return _outside(_part(new, target), old, grid_size)
    if target == HELD:
        return _outside(_part(old, origin), new, grid_size)
    return shapely.intersection(
        _part(old, origin), _part(new, target), grid_size=grid_size
    )


def _part(
    dissolved: tuple[BaseGeometry, BaseGeometry], state: int
) -> BaseGeometry:
    occupied, grey = dissolved
    return occupied if state == OCCUPIED else grey


def _outside(
    piece: BaseGeometry,
    dissolved: tuple[BaseGeometry, BaseGeometry],
    grid_size: float | None,
) -> BaseGeometry:
    for drawn in dissolved:
        piece = _polygonal(
            shapely.difference(piece, drawn, grid_size=grid_size)
        )
    return piece


def _polygonal(geometry: BaseGeometry) -> BaseGeometry:
    """A result without the lines to which thin parts of it collapsed."""
    parts, _ = explode_polygons(np.array([geometry], object))
    return shapely.MultiPolygon(list(parts))


def _as_faces(pieces: dict[tuple[int, int], BaseGeometry]) -> Faces:
    geometries: npt.NDArray[Any] = np.array(list(pieces.values()), object)
    transitions = np.array(list(pieces))
    polygons, index = explode_polygons(geometries)
    return Faces(polygons, transitions[index, 0], transitions[index, 1])
