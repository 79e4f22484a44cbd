"""How near the front stands to places: distance, bearing, shares."""

import math
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._bodies import Outlines, outlines
from geofront._closing import closing, drawings, samples
from geofront._columns import Columns, repeated, stacked, text
from geofront._distances import distances, to_areas
from geofront._extents import Extents
from geofront._given import as_days
from geofront._reach import reach
from geofront._record_tables import table
from geofront._rows import Floats, Objects
from geofront._seen import NAMES, SHARES, Seen, measure
from geofront._tasks import spread_looks
from geofront._timeline import lines_of
from geofront.cadence import behind, looks
from geofront.days import Cadence, Day
from geofront.geodesy import COMPASS, compass_numbers
from geofront.history import History
from geofront.model import Snapshot
from geofront.places import BUILT_IN, Place, as_places
from geofront.records import CLOSING, PROXIMITY

__all__ = ["PORTION", "Approach", "approach", "nearest", "outlined"]
__all__ += ["proximity"]

PORTION = 48
"""Snapshots that are measured together: the more, the less is done twice."""


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
        Longitude, latitude in degrees, WGS 84.  Areas must be valid.

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
    to = to_areas if shapely.get_dimensions(target) == 2 else reach
    found = to(outlined([place]), lines_of(target))
    bearing = float(found.bearing[0, 0])
    return Approach(
        float(found.metres[0, 0]) / 1000.0,
        None if math.isnan(bearing) else bearing,
        _point(found.start[0, 0]),
        _point(found.end[0, 0]),
    )


def _point(coordinates: Floats) -> tuple[float, float]:
    longitude, latitude = coordinates.tolist()
    return longitude, latitude


def outlined(places: Sequence[Place], *, or_centre: bool = False) -> Outlines:
    """Places as they are measured.

    Parameters
    ----------
    places : sequence of Place
    or_centre : bool, default False
        Whether one whose extent is not known is measured from its centre.

    Raises
    ------
    UnknownPlaceError
        If the extent of one is not known, unless ``or_centre``.
    """
    centres = [(place.longitude, place.latitude) for place in places]
    extents: Objects = np.empty(len(places), object)
    extents[:] = [
        place.centre if or_centre and not place.has_extent else place.extent
        for place in places
    ]
    return outlines(np.array(centres, float).reshape(-1, 2), extents)


def proximity(
    history: History,
    places: Iterable[Place | str] | Place | str = BUILT_IN,
    *,
    since: Day | None = None,
    until: Day | None = None,
    every: Cadence = "day",
    speed_days: int | None = None,
    across_breaks: bool = False,
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
    speed_days : int, optional
        Add how fast ``occupied_km`` shrinks, as the trend over so many days
        before each row's day.
    across_breaks : bool
        Whether the trend may compare days between which a method break of
        1 km² or more lies (see :func:`geofront.quality`).
    executor : concurrent.futures.Executor, optional
        Where to compute; by default here.  The result is the same.

    Returns
    -------
    pandas.DataFrame
        A row a day and place: ``date, published_at, source, carried, place,
        place_id, state, occupied_km, grey_zone_km, front_km, bearing_deg,
        sector, nearest_lon, nearest_lat, occupied_share, grey_zone_share,
        held_share, limited, centre_occupied_km, centre_front_km``.
        Distances are from the place's extent, in km, but for those from the
        centre; bearing and nearest point belong to ``occupied_km``.  Where
        the coverage ends nearer than what a distance leads to, the distance
        is missing and ``limited`` is true.

        With ``speed_days`` also ``closing_km_per_week`` (positive when
        nearing), ``closing_window_days``, ``closing_samples`` and
        ``closed_km``: how much nearer occupied ground came from the first
        to the last of these days, but for what method breaks moved.

    Raises
    ------
    MissingDateError
        If the history does not speak for ``since`` or ``until``.
    UnknownPlaceError
        If there is no such place, or its extent is not known.
    ValueError
        If ``speed_days`` is no whole number above 0, or there is no place.

    Notes
    -----
    The closing speed is the slope by repeated medians over those days of
    the window that have a snapshot of their own: three at least, that span
    half of it.  Only days between which no method break lies are compared;
    one that can be compared with no other does not count.  Scattered jumps
    do not sway it.  It says what was, and is no forecast.

    A front that rests on most days and leaps on few has a speed of 0
    however far it leaps, and most do: read it beside ``closed_km``.

    Examples
    --------
    >>> import geofront as gf
    >>> near = gf.proximity(gf.example_history(), gf.places.SIVERSK,
    ...                     since="2025-02-24", until="2025-02-24")
    >>> near.loc[0, "state"]
    'held'
    """
    asked = tuple(as_places(places))
    _bodies(asked)  # which refuses a place without an extent, before any work
    seen = looks(history, since, until, every)
    window = None if speed_days is None else as_days("speed_days", speed_days)
    sampled = samples(history, seen, window) if window else []
    found = spread_looks(
        partial(_measure, places=asked),
        [*seen, *sampled],
        executor=executor,
        portion=PORTION,
    )
    columns = repeated(seen, asked) | stacked(found[: len(seen)])
    columns["state"] = text(NAMES.tolist(), columns["state"])
    columns["sector"] = text(
        (*COMPASS, None), compass_numbers(columns["bearing_deg"])
    )
    rests_on = behind(history, [*seen, *sampled], until)
    if not window:
        return table(columns, PROXIMITY, rests_on)
    apart = [item["occupied_km"] for item in found[len(seen) :]]
    drawing = drawings(history, sampled, across_breaks, executor)
    columns |= closing(seen, sampled, np.stack(apart), window, drawing)
    return table(columns, PROXIMITY | CLOSING, rests_on)


@lru_cache(maxsize=1)
def _bodies(places: tuple[Place, ...]) -> tuple[Outlines, Extents]:
    """Places as they are measured, once for all tasks of a worker."""
    return outlined(places), Extents.of_places(places)


def _measure(
    snapshots: list[Snapshot], places: tuple[Place, ...]
) -> list[Columns]:
    """Figures of each snapshot, by field: what one task computes."""
    outlines, extents = _bodies(places)
    apart = distances(snapshots, outlines)
    shown = measure(snapshots, extents, factors=(1.0,))
    return [
        {name: column[day] for name, column in apart.items()} | _shown(seen)
        for day, seen in enumerate(shown)
    ]


def _shown(seen: Seen) -> Columns:
    """Codes of states, and shares of every place, by field."""
    shares = dict(zip(SHARES, seen.shares[:, :, 0].T, strict=True))
    return {"state": seen.state.astype(np.intp), **shares}


def approach(snapshot: Snapshot, place: Place) -> Approach | None:
    """Shortest line from a place's extent to the occupied area.

    Returns
    -------
    Approach or None
        None if nothing is occupied, or where the coverage ends nearer than
        the occupied area that is known: something undrawn may be nearer.
    """
    found = nearest(place, snapshot.occupied)
    seen = found is not None and found.km <= _horizon_km(snapshot, place)
    return found if seen else None


def _horizon_km(snapshot: Snapshot, place: Place) -> float:
    """How far from a place the source is known to draw everything."""
    if snapshot.coverage is None:
        return math.inf
    if not shapely.covers(snapshot.coverage, place.extent):
        return 0.0
    edge = nearest(place, shapely.boundary(snapshot.coverage))
    assert edge is not None, "a coverage has an edge"
    return edge.km
