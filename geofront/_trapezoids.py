"""What lies between two neighbouring lines of a slab: its area, its outline.

A trapezoid has two sides along parallels and belongs to one transition.
"""

from typing import NamedTuple

import numpy as np
import shapely

from geofront._rows import Floats, Ints, pick
from geofront._slabs import Sweep
from geofront._transitions import GREY, HELD, OCCUPIED, Faces
from geofront._windows import Windows
from geofront.geodesy import band_areas_km2


class Trapezoids(NamedTuple):
    """Ground of one state before and another after."""

    step: Ints
    origin: Ints
    target: Ints
    west: Ints  # strokes along its sides
    east: Ints
    south: Floats
    north: Floats
    south_west: Floats  # longitudes of its corners
    south_east: Floats
    north_east: Floats
    north_west: Floats
    area_km2: Floats


def moved(windows: Windows, swept: Sweep) -> Trapezoids:
    """Trapezoids in which the state changes."""
    origin = _label(swept.winding[:2])
    target = _label(swept.winding[:2] + swept.winding[2:])
    west = np.flatnonzero((origin != target) & ~swept.is_last)
    slabs, pieces = swept.slabs, swept.pieces
    slab = pieces.slab[west]
    south, north = pieces.south[west], pieces.north[west]
    south_width = np.maximum(pieces.south[west + 1] - south, 0.0)
    north_width = np.maximum(pieces.north[west + 1] - north, 0.0)
    southern, northern = band_areas_km2(slabs.south, slabs.north)
    return Trapezoids(
        windows.step[slabs.window[slab]],
        origin[west],
        target[west],
        pieces.stroke[west],
        pieces.stroke[west + 1],
        slabs.south[slab],
        slabs.north[slab],
        south,
        south + south_width,
        north + north_width,
        north,
        southern[slab] * south_width + northern[slab] * north_width,
    )


def _label(winding: Floats) -> Ints:
    """State of points: occupied wins over the grey zone."""
    occupied, grey = winding > 0
    return np.where(occupied, OCCUPIED, np.where(grey, GREY, HELD))


def stack(trapezoids: Trapezoids) -> Trapezoids:
    """Join those that lie on top of each other between the same lines."""
    given = pick(
        trapezoids,
        np.lexsort((trapezoids.south, trapezoids.east, trapezoids.west)),
    )
    starts = np.ones(len(given.west) + 1, bool)
    starts[1:-1] = given.south[1:] != given.north[:-1]
    for column in (given.west, given.east, given.origin, given.target):
        starts[1:-1] |= column[1:] != column[:-1]
    bottom = np.flatnonzero(starts[:-1])
    top = np.flatnonzero(starts[1:])
    return pick(given, bottom)._replace(
        north=given.north[top],
        north_east=given.north_east[top],
        north_west=given.north_west[top],
        area_km2=np.add.reduceat(given.area_km2, bottom),
    )


def draw(trapezoids: Trapezoids) -> Faces:
    """Polygons of trapezoids, those without width left out."""
    south_west, south_east, north_east, north_west = (
        np.column_stack([longitude, latitude])
        for longitude, latitude in (
            (trapezoids.south_west, trapezoids.south),
            (trapezoids.south_east, trapezoids.south),
            (trapezoids.north_east, trapezoids.north),
            (trapezoids.north_west, trapezoids.north),
        )
    )
    corners = [south_west, south_east, north_east, north_west, south_west]
    polygons = np.asarray(shapely.polygons(np.stack(corners, axis=1)), object)
    has_area = shapely.area(polygons) > 0
    return Faces(
        polygons[has_area],
        trapezoids.origin[has_area],
        trapezoids.target[has_area],
    )
