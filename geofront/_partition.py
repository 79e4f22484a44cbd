"""Parts of the territory made into tiles, nothing left over between them."""

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geofront.geodesy import KM_PER_DEGREE
from geofront.topology import Polygons

__all__ = ["partition", "wide_gaps"]

# Distances east and north alike, near enough, at the latitude of Ukraine.
_SQUEEZE = np.array([np.cos(np.radians(48.5)), 1.0])

# How finely the regions' outer edge is sampled: about 1 km.
_SPACING_DEG = 0.01

# Decimals of a degree that are kept of the samples: about 0.1 m.
_DECIMALS = 6

# Half of 5 km: wider than the coarsest borders are off, 4 km.
_HALF_GAP_DEG = 2.5 / KM_PER_DEGREE


def partition(regions: Polygons, frame: BaseGeometry) -> Polygons:
    """Cut a frame into one part for each region, nothing left over.

    What lies in no region goes to the nearest, so that figures by region
    sum to the figure of the whole.

    Parameters
    ----------
    regions : ndarray of shapely geometries
        Areas that do not overlap.
    frame : shapely geometry
        Area to be cut.

    Returns
    -------
    ndarray of shapely geometries
        In the order of the regions.

    Notes
    -----
    Nearest is decided to about a kilometre, by Voronoi cells of points
    along the regions' outer edge.
    """
    union = shapely.union_all(regions)
    points, owner = _outer_points(regions, union)
    cells = _voronoi(points, frame)
    hit, cell = shapely.STRtree(cells).query(points, predicate="intersects")
    owner_of_cell = np.full(len(cells), -1)
    owner_of_cell[cell] = owner[hit]
    beyond = shapely.difference(frame, union)
    nearest = [
        _unsqueezed(shapely.coverage_union_all(cells[owner_of_cell == number]))
        for number in range(len(regions))
    ]
    return np.asarray(
        shapely.union(
            shapely.intersection(regions, frame),
            shapely.intersection(np.array(nearest), beyond),
        )
    )


def wide_gaps(regions: Polygons, land: BaseGeometry) -> BaseGeometry:
    """Land in no region, but for gaps narrower than 5 km.

    Narrow gaps are where borders were drawn by different hands; a wide one
    is ground that the regions do not speak of.

    Parameters
    ----------
    regions : ndarray of shapely geometries
    land : shapely geometry
        What the regions might cover.

    Returns
    -------
    shapely geometry
        Empty where the regions leave no wide gap.  Its edge is the
        regions' own, up to 5 km from where the gap is wide.
    """
    gaps = shapely.difference(land, shapely.union_all(regions))
    core = shapely.buffer(_squeezed(gaps), -_HALF_GAP_DEG)
    reached = shapely.buffer(core, 2 * _HALF_GAP_DEG)
    return shapely.intersection(gaps, _unsqueezed(reached))


def _outer_points(
    regions: Polygons, union: BaseGeometry
) -> tuple[Polygons, npt.NDArray[np.intp]]:
    """Points along the edge of the union, each with its region."""
    outer = shapely.intersection(
        shapely.boundary(regions), shapely.boundary(union)
    )
    coordinates, owner = shapely.get_coordinates(
        shapely.segmentize(outer, _SPACING_DEG), return_index=True
    )
    # Points that all but coincide, as of borders drawn twice, break cells.
    rounded = np.round(coordinates, _DECIMALS)
    distinct, first = np.unique(rounded, axis=0, return_index=True)
    points: Polygons = shapely.points(distinct * _SQUEEZE)
    return points, owner[first]


def _voronoi(points: Polygons, frame: BaseGeometry) -> Polygons:
    """Cells nearest to each point, covering the frame."""
    around = _squeezed(shapely.box(*shapely.buffer(frame, 1.0).bounds))
    cells = shapely.voronoi_polygons(
        shapely.multipoints(points), extend_to=around
    )
    parts: Polygons = shapely.get_parts(cells)
    return parts


def _squeezed(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda corners: corners * _SQUEEZE)


def _unsqueezed(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda corners: corners / _SQUEEZE)
