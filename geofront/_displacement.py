"""The edge of the occupied area, displaced at random along its length.

A line on a map is drawn with a certain accuracy, and where it is off, it is
off for a stretch: neighbouring points err alike.  Here every point moves
along its normal by a Gaussian of a given standard deviation, correlated
along the line by exp(−d²/2ℓ²), d being the distance along it.
"""

from typing import NamedTuple

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geofront._rows import Flags, Floats, Ints, offsets
from geofront._threads import prepared
from geofront.geodesy import GEOD, KM_PER_DEGREE, ring_areas_km2

__all__ = ["POINTS", "Edge", "displaced", "edge", "gained_km2"]

# Points that stand for one correlation length: between two of them the
# variance is within 0.4 % of what it should be.
POINTS = 8


class Edge(NamedTuple):
    """Rings of an area, and how far each vertex may move."""

    vertices: Floats  # longitude, latitude, ring after ring, each closed
    ring: Ints  # of each vertex
    along_km: Floats  # distance from the ring's start
    outward: Floats  # degrees that are a kilometre along the normal
    is_free: Flags  # front, and not coast or border


def edge(area: MultiPolygon, free: BaseGeometry, *, spacing_km: float) -> Edge:
    """Rings of an area, with what it takes to move them.

    Parameters
    ----------
    area : shapely.MultiPolygon
        Not empty, and oriented: its inside is on the left of every ring.
    free : shapely geometry
        Where vertices may move; elsewhere they stay.
    spacing_km : float
        Vertices of rings that may move are at most so far apart, so that
        long edges can bend.
    """
    (free,) = prepared(np.array([free], dtype=object))
    rings = shapely.get_rings(shapely.get_parts(area))
    bends = shapely.intersects(free, rings)
    rings[bends] = shapely.segmentize(rings[bends], spacing_km / KM_PER_DEGREE)
    vertices, ring = shapely.get_coordinates(rings, return_index=True)
    scale = _km_per_degree(vertices[:, 1])
    steps = _steps(vertices, ring) * scale
    outward = _normals(steps, ring) / scale
    return Edge(
        vertices,
        ring,
        _along(steps, ring),
        outward,
        shapely.contains_xy(free, vertices),
    )


def _km_per_degree(latitude: Floats) -> Floats:
    """Kilometres in a degree of longitude and of latitude."""
    sine = np.sin(np.radians(latitude))
    root = np.sqrt(1.0 - GEOD.es * sine**2)
    east = GEOD.a / root * np.cos(np.radians(latitude))
    north = GEOD.a * (1.0 - GEOD.es) / root**3
    return np.radians(np.column_stack([east, north])) / 1000.0


def _steps(vertices: Floats, ring: Ints) -> Floats:
    """From each vertex to the next; the last of a ring is its first."""
    step = np.diff(vertices, axis=0, append=vertices[-1:])
    is_last = np.append(ring[1:] != ring[:-1], True)
    step[is_last] = 0.0
    return step


def _normals(steps: Floats, ring: Ints) -> Floats:
    """Unit vectors to the right of the ring: away from the area."""
    first = offsets(np.bincount(ring))
    before = np.roll(steps, 1, axis=0)
    # A ring closes: before its first vertex lies the step to its last.
    before[first[:-1]] = steps[first[1:] - 2]
    after = steps.copy()
    after[first[1:] - 1] = steps[first[:-1]]
    east, north = (before + after).T
    length = np.maximum(np.hypot(east, north), 1e-12)
    normals: Floats = np.column_stack([north, -east]) / length[:, np.newaxis]
    return normals


def _along(steps: Floats, ring: Ints) -> Floats:
    """Distance of each vertex from its ring's start."""
    total = np.append(0.0, np.cumsum(np.hypot(*steps.T))[:-1])
    first = offsets(np.bincount(ring))[:-1]
    along: Floats = total - total[first][ring]
    return along


def displaced(
    line: Edge,
    generator: np.random.Generator,
    *,
    runs: int,
    sigma_km: float,
    correlation_km: float,
) -> Floats:
    """Vertices of the edge, moved anew in each run.

    Returns
    -------
    ndarray, shape (runs, vertices, 2)
        Longitude, latitude.
    """
    field = _field(line, generator, runs, correlation_km)
    shift = np.where(line.is_free, sigma_km * field, 0.0)
    moved: Floats = line.vertices + shift[:, :, np.newaxis] * line.outward
    return moved


def _field(
    line: Edge,
    generator: np.random.Generator,
    runs: int,
    correlation_km: float,
) -> Floats:
    """Gaussian of variance one at each vertex, correlated along the ring."""
    field = np.zeros((runs, len(line.ring)))
    for number in np.unique(line.ring[line.is_free]):
        own = np.flatnonzero(line.ring == number)
        along = line.along_km[own]
        smooth = _periodic(generator, runs, along[-1], correlation_km)
        grid = along / along[-1] * (smooth.shape[1] - 1)
        left = np.minimum(grid.astype(int), smooth.shape[1] - 2)
        part = grid - left
        field[:, own] = (1 - part) * smooth[:, left] + part * smooth[
            :, left + 1
        ]
    return field


def _periodic(
    generator: np.random.Generator,
    runs: int,
    length_km: float,
    correlation_km: float,
) -> Floats:
    """Smoothed white noise on a ring; the last point is the first again."""
    count = max(int(np.ceil(length_km * POINTS / correlation_km)), POINTS)
    away = np.arange(count) * length_km / count
    away = np.minimum(away, length_km - away)
    # Smoothed by a Gaussian, noise is correlated by one √2 as wide.
    kernel = np.exp(-((away / correlation_km) ** 2))
    kernel /= np.sqrt((kernel**2).sum())
    noise = np.fft.rfft(generator.standard_normal((runs, count)), axis=1)
    smooth = np.fft.irfft(noise * np.fft.rfft(kernel), n=count, axis=1)
    return np.column_stack([smooth, smooth[:, 0]])


def gained_km2(line: Edge, moved: Floats) -> Floats:
    """Area that the area inside the edge gains in each run.

    Parameters
    ----------
    line : Edge
    moved : ndarray, shape (runs, vertices, 2)

    Returns
    -------
    ndarray, shape (runs,)
        Square kilometres, less than zero where it loses.  Where a bend is
        tighter than the displacement and the line crosses itself, what is
        enclosed twice counts twice.
    """
    runs, rings = len(moved), int(line.ring.max(initial=-1)) + 1
    ring = line.ring + rings * np.arange(runs)[:, np.newaxis]
    areas = ring_areas_km2(
        moved.reshape(-1, 2), ring.ravel(), rings * runs
    ).reshape(runs, rings)
    before = ring_areas_km2(line.vertices, line.ring, rings)
    gained: Floats = (areas - before).sum(axis=1)
    return gained
