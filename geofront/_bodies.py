"""Places as they are measured: each in planes around points of its own."""

from typing import NamedTuple

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from geofront._rows import Flags, Floats, Ints, Objects, expand
from geofront._timeline import Timeline
from geofront.geodesy import GEOD

__all__ = ["Outlines", "divided", "from_plane", "outlines", "to_plane"]

# Edges are straight in longitude and latitude; pieces no longer than this
# leave the straight line in a plane by 5 cm at latitude 50.
_MAX_EDGE_DEG = 0.02


class Outlines(NamedTuple):
    """Places, as bodies that are measured one by one.

    A body is a part of a place's extent, in a plane around a point of its
    own; or the centre of a place of several parts, which is a point.
    """

    middle: Floats  # longitude, latitude of the origin of the plane
    body: Objects  # in degrees
    shape: Objects  # in metres east and north of the origin
    inner: Floats  # metres from the origin that are within the shape
    outer: Floats  # metres from the origin beyond which nothing is
    place: Ints  # in order
    is_part: Flags  # or the centre only
    corner: Floats  # a point of each body: longitude, latitude
    centre: Floats  # of each place: longitude, latitude


def outlines(centres: Floats, extents: Objects) -> Outlines:
    """Prepare places for measuring.

    Parameters
    ----------
    centres : ndarray, shape (places, 2)
        Longitude, latitude in degrees.
    extents : ndarray of shapely geometries
        Areas, or points for places without a known extent.
    """
    parts, place = shapely.get_parts(extents, return_index=True)
    several = np.bincount(place, minlength=len(centres)) > 1
    own = shapely.get_coordinates(shapely.centroid(parts))
    middle = np.where(several[place, np.newaxis], own, centres[place])
    bodies = np.concatenate([parts, shapely.points(centres[several])])
    place = np.concatenate([place, np.flatnonzero(several)])
    middle = np.concatenate([middle, centres[several]])
    vertices, body = shapely.get_coordinates(bodies, return_index=True)
    corner = vertices[np.diff(body, prepend=-1) != 0]
    shape = _in_planes(middle, bodies)
    order = np.argsort(place, kind="stable")
    return Outlines(
        middle[order],
        bodies[order],
        shape[order],
        *_radii(shape[order]),
        place[order],
        (np.arange(len(bodies)) < len(parts))[order],
        corner[order],
        centres,
    )


def _radii(shapes: Objects) -> tuple[Floats, Floats]:
    """How far from the origin shapes reach all round, and at most."""
    points, body = shapely.get_coordinates(shapes, return_index=True)
    outer = np.zeros(len(shapes))
    np.maximum.at(outer, body, np.hypot(*points.T))
    origin = shapely.Point(0.0, 0.0)
    inner = shapely.distance(origin, shapely.boundary(shapes))
    inside = shapely.intersects(shapes, origin) & np.isfinite(inner)
    return np.where(inside, inner, 0.0), outer


def _in_planes(middles: Floats, bodies: Objects) -> Objects:
    """Bodies in metres east and north of a point each."""
    fine = np.array([_finely(body) for body in bodies], object)
    degrees, body = shapely.get_coordinates(fine, return_index=True)
    metres = to_plane(middles[body], degrees)
    return np.asarray(shapely.set_coordinates(fine, metres), object)


def _finely(body: BaseGeometry) -> BaseGeometry:
    """A body with its long edges divided.

    Ring by ring: GEOS drops thin spikes of polygons that it divides.
    """
    if not isinstance(body, Polygon):
        return body
    rings = shapely.segmentize(shapely.get_rings(body), _MAX_EDGE_DEG)
    return Polygon(rings[0], rings[1:])


def to_plane(centres: Floats, points: Floats) -> Floats:
    """Points in metres east and north of a centre each."""
    azimuth, _, metres = GEOD.inv(*centres.T, *points.T)
    angle = np.radians(azimuth)
    return np.column_stack([metres * np.sin(angle), metres * np.cos(angle)])


def from_plane(centres: Floats, points: Floats) -> Floats:
    """Longitude and latitude of points in planes around a centre each."""
    east, north = points.T
    longitude, latitude, _ = GEOD.fwd(
        centres[:, 0],
        centres[:, 1],
        np.degrees(np.arctan2(east, north)),
        np.hypot(east, north),
    )
    return np.column_stack([longitude, latitude])


def divided(lines: Timeline) -> Timeline:
    """Long edges cut into pieces that are nearly straight in any plane."""
    along = lines.end - lines.start
    count = np.ceil(np.abs(along).max(axis=1, initial=0.0) / _MAX_EDGE_DEG)
    pieces = np.maximum(count, 1).astype(np.intp)
    edge, number = expand(np.zeros_like(pieces), pieces)
    share = np.stack([number, number + 1], axis=1) / pieces[edge, np.newaxis]
    ends = lines.start[edge, np.newaxis] + (
        share[:, :, np.newaxis] * along[edge, np.newaxis]
    )
    # Neighbours meet in the same point to the last bit.
    is_last = number + 1 == pieces[edge]
    ends[is_last, 1] = lines.end[edge[is_last]]
    return Timeline(ends[:, 0], ends[:, 1], lines.alive[edge])
