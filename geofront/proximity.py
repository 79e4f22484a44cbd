"""How near the front stands to places: distance, bearing, shares."""

import math
from collections.abc import Iterable
from concurrent.futures import Executor
from functools import partial
from typing import Any, NamedTuple

import pandas as pd
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geofront._tasks import spread_looks
from geofront.cadence import looks
from geofront.days import Cadence, Day
from geofront.front import front_line
from geofront.geodesy import (
    GEOD,
    LocalFrame,
    area_km2,
    compass_sector,
)
from geofront.geography import territory
from geofront.history import History
from geofront.model import ControlState, Snapshot
from geofront.places import BUILT_IN, Place, as_places
from geofront.records import PROXIMITY, table

__all__ = ["Approach", "approach", "nearest", "proximity"]

# One degree of latitude is at least this long.
_KM_PER_DEGREE = 110.5

# Nearer than this, two outlines are one line that rounding has parted.
_TOUCHING_METRES = 0.001


class Approach(NamedTuple):
    """The shortest line from a place's extent to something."""

    km: float
    """Geodesic length; 0 where they touch."""
    bearing_deg: float | None
    """From the place, clockwise from north; None where they touch."""
    start: tuple[float, float]
    """Longitude, latitude of the point of the place."""
    end: tuple[float, float]
    """Longitude, latitude of the point that is nearest to the place."""


def nearest(place: Place, target: BaseGeometry) -> Approach | None:
    """Shortest line from a place's extent to areas or lines.

    Parameters
    ----------
    place : Place
    target : shapely geometry
        Longitude, latitude in degrees, WGS 84.

    Returns
    -------
    Approach or None
        None if the target is empty.

    Notes
    -----
    The two nearest points are found in an azimuthal-equidistant projection
    centred on the place, the distance between them is the geodesic on the
    ellipsoid.  Against a brute-force search it is within 1 m.
    """
    if target.is_empty:
        return None
    trial = shapely.shortest_line(place.extent, target)
    if trial.length == 0.0:
        return Approach(0.0, None, *_ends(trial))
    outline = shapely.boundary(place.extent)
    near = _within_reach(place, target, trial)
    frame = LocalFrame(place.longitude, place.latitude)
    line = frame.unproject(
        shapely.shortest_line(frame.project(outline), frame.project(near))
    )
    start, end = _ends(line)
    bearing, _, metres = GEOD.inv(*start, *end)
    if metres < _TOUCHING_METRES:
        return Approach(0.0, None, start, end)
    return Approach(metres / 1000.0, bearing % 360.0, start, end)


def _ends(line: BaseGeometry) -> list[tuple[float, float]]:
    return [(x, y) for x, y in shapely.get_coordinates(line).tolist()]


def _within_reach(
    place: Place, target: BaseGeometry, trial: BaseGeometry
) -> BaseGeometry:
    """Edges of a target that may be nearest: nothing else is projected."""
    bound_km = GEOD.geometry_length(trial) / 1000.0
    # A little more than the bound, lest rounding cut the nearest point off.
    north = 1.01 * bound_km / _KM_PER_DEGREE + 1e-4
    west, south, east, top = place.extent.bounds
    widest = math.cos(math.radians(max(abs(south), abs(top)) + north))
    along = north / widest
    is_area = shapely.get_dimensions(target) == 2
    return shapely.clip_by_rect(
        shapely.boundary(target) if is_area else target,
        west - along,
        south - north,
        east + along,
        top + north,
    )


def proximity(
    history: History,
    places: Iterable[Place | str] | Place | str = BUILT_IN,
    *,
    since: Day | None = None,
    until: Day | None = None,
    every: Cadence = "day",
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Distance from places to the occupied area, grey zone and front line.

    Parameters
    ----------
    history : History
    places : Place, name, or iterable of them, optional
        By default the built-in ones; names as for `geofront.places.find`.
    since, until : str or datetime.date, optional
        First and last day, both included; by default the whole history.
    every : {'day', 'snapshot', 'week', 'month', 'all'}
    executor : concurrent.futures.Executor, optional
        Where to compute; by default here.  The result is the same.

    Returns
    -------
    pandas.DataFrame
        A row a day and place: ``date, published_at, source, carried, place,
        place_id, state, occupied_km, grey_zone_km, front_km, bearing_deg,
        sector, nearest_lon, nearest_lat, occupied_share, grey_zone_share,
        held_share, limited``.  Distances are from the place's extent, in
        km; bearing and nearest point belong to ``occupied_km``.  Where the
        coverage ends nearer than what a distance leads to, the distance is
        missing and ``limited`` is true.

    Raises
    ------
    MissingDateError
        If the history does not speak for ``since`` or ``until``.
    UnknownPlaceError
        If there is no such place, or its extent is not known.

    Examples
    --------
    >>> import geofront as gf
    >>> near = gf.proximity(gf.example_history(), gf.places.SIVERSK,
    ...                     since="2025-02-24", until="2025-02-24")
    >>> near.loc[0, "state"]
    'held'
    """
    asked = as_places(places)
    seen = looks(history, since, until, every)
    measured = spread_looks(
        partial(_measure_all, places=asked), seen, executor=executor
    )
    rows = [
        {**look.fields(), **figures}
        for look, found in zip(seen, measured, strict=True)
        for figures in found
    ]
    return table(rows, PROXIMITY, history)


def _measure_all(
    snapshots: list[Snapshot], places: list[Place]
) -> list[list[dict[str, Any]]]:
    """Figures of each snapshot and place: what one task computes."""
    return [_measure(snapshot, places) for snapshot in snapshots]


def _measure(snapshot: Snapshot, places: list[Place]) -> list[dict[str, Any]]:
    front = front_line(snapshot)
    return [
        {
            "place": place.name,
            "place_id": place.id,
            "state": _state_at_centre(snapshot, place),
            **_distances(snapshot, front, place),
            **_shares(snapshot, place),
        }
        for place in places
    ]


def approach(snapshot: Snapshot, place: Place) -> Approach | None:
    """Shortest line from a place's extent to the occupied area.

    Returns
    -------
    Approach or None
        None if nothing is occupied, or where the coverage ends nearer than
        the occupied area that is known: something undrawn may be nearer.
    """
    found = nearest(place, snapshot.occupied)
    return _if_seen(found, _horizon_km(snapshot, place))


def _distances(
    snapshot: Snapshot, front: BaseGeometry, place: Place
) -> dict[str, Any]:
    horizon = _horizon_km(snapshot, place)
    grey = snapshot.grey_zone
    occupied, grey_zone, line = (
        _if_seen(nearest(place, target), horizon)
        for target in (snapshot.occupied, grey or MultiPolygon(), front)
    )
    bearing = occupied.bearing_deg if occupied else None
    return {
        "occupied_km": occupied.km if occupied else None,
        "grey_zone_km": grey_zone.km if grey_zone else None,
        "front_km": line.km if line else None,
        "bearing_deg": bearing,
        "sector": None if bearing is None else compass_sector(bearing),
        "nearest_lon": occupied.end[0] if occupied else None,
        "nearest_lat": occupied.end[1] if occupied else None,
        "limited": horizon < math.inf and not (occupied and line),
    }


def _horizon_km(snapshot: Snapshot, place: Place) -> float:
    """How far from a place the source is known to draw everything."""
    if snapshot.coverage is None:
        return math.inf
    if not shapely.covers(snapshot.coverage, place.extent):
        return 0.0
    edge = nearest(place, shapely.boundary(snapshot.coverage))
    assert edge is not None, "a coverage has an edge"
    return edge.km


def _if_seen(found: Approach | None, horizon_km: float) -> Approach | None:
    """The approach, unless something undrawn might be nearer."""
    return found if found is not None and found.km <= horizon_km else None


def _state_at_centre(snapshot: Snapshot, place: Place) -> str | None:
    if place.members:
        return None
    if snapshot.occupied.covers(place.centre):
        return str(ControlState.OCCUPIED)
    if snapshot.grey_zone is None or not _is_covered(snapshot, place):
        return None
    if snapshot.grey_zone.covers(place.centre):
        return str(ControlState.GREY_ZONE)
    return str(ControlState.HELD)


def _is_covered(snapshot: Snapshot, place: Place) -> bool:
    """Whether the source says anything of a place's centre."""
    return bool(shapely.covers(_coverage(snapshot), place.centre))


def _coverage(snapshot: Snapshot) -> BaseGeometry:
    return snapshot.coverage or territory(sea=True)


def _shares(snapshot: Snapshot, place: Place) -> dict[str, float | None]:
    """Shares of the extent by state; unknown where it is not all covered."""
    shares: dict[str, float | None] = dict.fromkeys(
        ("occupied_share", "grey_zone_share", "held_share")
    )
    if not shapely.covers(_coverage(snapshot), place.extent):
        return shares
    occupied = _share(place, snapshot.occupied)
    shares["occupied_share"] = occupied
    if snapshot.grey_zone is not None:
        grey_zone = _share(place, snapshot.grey_zone)
        shares["grey_zone_share"] = grey_zone
        shares["held_share"] = max(1.0 - occupied - grey_zone, 0.0)
    return shares


def _share(place: Place, area: BaseGeometry) -> float:
    within = shapely.intersection(place.extent, area)
    # Rounding may make the part larger than the whole.
    return min(area_km2(within) / area_km2(place.extent), 1.0)
