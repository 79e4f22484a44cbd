"""Distances of many places on many days: what one task computes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from geofront._bodies import Outlines
from geofront._columns import Columns
from geofront._reach import Reach, reach
from geofront._rows import Floats
from geofront._timeline import Timeline, covered, lines_of
from geofront.front import by_coverage, drawing
from geofront.model import Snapshot

__all__ = ["Horizon", "distances", "horizon", "seen_of", "to_areas"]


def distances(snapshots: Sequence[Snapshot], places: Outlines) -> Columns:
    """Distances of each place on each day, as proximity's records have them.

    Parameters
    ----------
    snapshots : sequence of Snapshot
        One a day, in time order.
    places : Outlines

    Returns
    -------
    dict of str to ndarray, shape (days, places)
        Not a number where there is nothing, or where something undrawn
        might be nearer.
    """
    drawn = drawing(snapshots)
    limit = horizon(snapshots, places)
    occupied = seen_of(to_areas(places, drawn.occupied), limit)
    grey = seen_of(to_areas(places, drawn.grey_zone), limit)
    front = seen_of(reach(places, drawn.front), limit)
    unseen = np.isnan(occupied.metres) | np.isnan(front.metres)
    found = {
        "occupied_km": occupied.metres / 1000.0,
        "grey_zone_km": grey.metres / 1000.0,
        "front_km": front.metres / 1000.0,
        "bearing_deg": occupied.bearing,
        "nearest_lon": occupied.end[..., 0],
        "nearest_lat": occupied.end[..., 1],
        "limited": np.isfinite(limit.metres) & unseen,
        "centre_occupied_km": occupied.centre_metres / 1000.0,
        "centre_front_km": front.centre_metres / 1000.0,
    }
    return {name: column.T for name, column in found.items()}


def to_areas(places: Outlines, lines: Timeline) -> Reach:
    """Shortest lines to areas, of no length for what lies within them."""
    found = reach(places, lines)
    within = covered(places.corner, lines) & places.is_part[:, np.newaxis]
    corner, day = np.nonzero(within)
    place = places.place[corner]
    # Where the edge of the area runs through the place, a point is known.
    inside = found.metres[place, day] > 0
    corner, place, day = corner[inside], place[inside], day[inside]
    found.metres[place, day] = 0.0
    found.bearing[place, day] = np.nan
    found.start[place, day] = found.end[place, day] = places.corner[corner]
    found.centre_metres[covered(places.centre, lines)] = 0.0
    return found


class Horizon(NamedTuple):
    """How far from places the source is known to draw everything, metres."""

    metres: Floats  # places × days
    centre_metres: Floats


def horizon(snapshots: Sequence[Snapshot], places: Outlines) -> Horizon:
    shape = len(places.centre), len(snapshots)
    found = Horizon(np.full(shape, np.inf), np.full(shape, np.inf))
    for coverage, days in by_coverage(snapshots):
        if coverage is not None:
            edge = lines_of(coverage)
            near = reach(places, edge)
            outside = ~covered(places.corner, edge)[:, 0]
            near.metres[places.place[outside & places.is_part]] = 0.0
            near.centre_metres[~covered(places.centre, edge)] = 0.0
            found.metres[:, days] = near.metres
            found.centre_metres[:, days] = near.centre_metres
    return found


def seen_of(found: Reach, limit: Horizon) -> Reach:
    """The lines, unless something undrawn might be nearer."""
    hidden = found.metres > limit.metres
    for column in (found.metres, found.bearing, found.start, found.end):
        column[hidden] = np.nan
    found.centre_metres[found.centre_metres > limit.centre_metres] = np.nan
    return found
