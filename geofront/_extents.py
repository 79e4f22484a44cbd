"""Where places lie: their centres and extents, many at a time."""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import shapely
from shapely import MultiPolygon

from geofront._rows import Flags, Floats, Ints, Objects, join, offsets
from geofront.place import Place
from geofront.topology import empty_polygons

__all__ = ["FACTORS", "Extents", "Factors", "united"]

Factors = tuple[float, ...]

FACTORS: Factors = (1.0, 0.7, 1.3)
"""Radii at which an estimated extent is measured, in parts of its own."""

# Around a centre without an extent, lest its box have no area.
_POINT_DEG = 1e-6


class Extents(NamedTuple):
    """Where places lie.

    A place is one piece, or several if it is an agglomeration, or none if
    its extent is not known.
    """

    centres: Floats  # (places, 2); NaN for an agglomeration
    boxes: Floats  # (places, 4): around all that is looked at
    pieces: Objects
    place: Ints  # of each piece, ascending
    middle: Floats  # (pieces, 2)
    is_disc: Flags

    @classmethod
    def of_points(cls, centres: Floats) -> "Extents":
        """Places of which the centre alone is looked at."""
        centres, nothing = centres.reshape(-1, 2), np.empty(0)
        return cls(
            centres,
            np.hstack([centres - _POINT_DEG, centres + _POINT_DEG]),
            empty_polygons(),
            nothing.astype(np.intp),
            nothing.reshape(0, 2),
            nothing.astype(bool),
        )

    @classmethod
    def of_places(cls, places: Sequence[Place]) -> "Extents":
        """Extents of places, as far as they are known."""
        points = cls.of_points(
            np.array(
                [
                    (np.nan, np.nan)
                    if place.members
                    else (place.longitude, place.latitude)
                    for place in places
                ]
            )
        )
        known = [
            (number, piece)
            for number, place in enumerate(places)
            for piece in _pieces(place)
        ]
        extents = points._replace(
            pieces=np.array(
                [None, *(piece.extent for _, piece in known)], dtype=object
            )[1:],
            place=np.array([number for number, _ in known], np.intp),
            middle=np.array(
                [(piece.longitude, piece.latitude) for _, piece in known]
            ).reshape(-1, 2),
            is_disc=np.array(
                [piece.extent_is_estimated for _, piece in known], bool
            ),
        )
        return extents._replace(boxes=extents._outer_boxes())

    def _outer_boxes(self) -> Floats:
        widest = self._scaled(np.arange(len(self.pieces)), max(FACTORS))
        bounds = shapely.bounds(widest).reshape(-1, 4)
        boxes = self.boxes.copy()
        for function, columns in ((np.fmin, (0, 1)), (np.fmax, (2, 3))):
            for column in columns:
                function.at(boxes[:, column], self.place, bounds[:, column])
        return boxes

    def shapes(self, places: Ints, factor: float) -> Objects:
        """Extents of some places, at a part of the radius if estimated."""
        owner, piece = join(places, self.place)
        return united(owner, self._scaled(piece, factor), len(places))

    def _scaled(self, piece: Ints, factor: float) -> Objects:
        shapes: Objects = self.pieces[piece]
        if factor == 1.0:
            return shapes
        corners, index = shapely.get_coordinates(shapes, return_index=True)
        middle = self.middle[piece][index]
        factors = np.where(self.is_disc[piece], factor, 1.0)[index]
        moved = middle + factors[:, np.newaxis] * (corners - middle)
        scaled: Objects = shapely.set_coordinates(shapes, moved)
        return scaled


def _pieces(place: Place) -> list[Place]:
    """What a place consists of; nothing where its extent is not known."""
    if place.members:
        return list(chain.from_iterable(map(_pieces, place.members)))
    return [place] if place.has_extent else []


def united(group: Ints, geometries: Objects, groups: int) -> Objects:
    """Union of the geometries of each group; the groups ascend."""
    count = np.bincount(group, minlength=groups)
    first = offsets(count)
    unions = np.full(groups, MultiPolygon(), dtype=object)
    unions[count == 1] = geometries[first[:-1][count == 1]]
    for number in np.flatnonzero(count > 1):
        members = geometries[first[number] : first[number + 1]]
        unions[number] = shapely.union_all(members)
    return unions
