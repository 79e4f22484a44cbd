"""Steps of a history at which its source began to draw otherwise."""

from collections.abc import Iterable
from typing import NamedTuple

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geofront._breaks import Break, breaks
from geofront.change import Delta, delta
from geofront.history import History

__all__ = ["Redraw", "redraws", "redrawn_ground", "redrawn_steps"]

# Of what a step changed: where so much of it is in doubt, all of it is.
_MOST = 0.5


class Redraw(NamedTuple):
    """A step that may have changed the drawing, and nothing on the ground."""

    at: int
    """Position of the first snapshot that is drawn otherwise."""
    reason: str
    is_masked: bool
    """Whether most of what changed is in doubt."""


def redraws(history: History, shown: History) -> list[Redraw]:
    """Steps that look like a change of drawing, in time order.

    Left out are those that leave the lines where they were.

    Parameters
    ----------
    history : History
        All that is known: a step is judged by those around it.
    shown : History
        Neighbours in it, in whose order positions count.
    """
    moments = [snapshot.published_at for snapshot in history]
    first = moments.index(shown[0].published_at)
    return [
        Redraw(item.position - first, item.reason, _explains_most(item))
        for item in breaks(history, between=(shown[0], shown[-1]))
        if item.moves_line
    ]


def redrawn_steps(found: Iterable[Break]) -> list[Delta]:
    """Steps of which most of what changed is in doubt."""
    return [
        delta(item.since, item.until)
        for item in found
        if item.moves_line and _explains_most(item)
    ]


def redrawn_ground(change: Delta, steps: Iterable[Delta]) -> MultiPolygon:
    """Ground of a change that such steps on the way have changed."""
    redrawn = shapely.union_all([_changed(step) for step in steps])
    shared = shapely.get_parts(shapely.intersection(redrawn, _changed(change)))
    # Where the two only touch, lines and points are left.
    return MultiPolygon([*shared[shapely.get_dimensions(shared) == 2]])


def _changed(change: Delta) -> BaseGeometry:
    return shapely.union_all(change.to_geodataframe().geometry.to_numpy())


def _explains_most(item: Break) -> bool:
    changed = delta(item.since, item.until).transitions
    return item.km2 >= _MOST * sum(km2 or 0.0 for km2 in changed.values())
