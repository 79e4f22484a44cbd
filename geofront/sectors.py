"""From where the front comes near: by compass, or along axes."""

from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from geofront._bodies import Outlines, divided, to_plane
from geofront._columns import Columns, repeated, stacked
from geofront._distances import horizon, seen_of
from geofront._reach import reach
from geofront._record_tables import table
from geofront._rows import Floats
from geofront._tasks import spread_looks
from geofront._timeline import Timeline
from geofront.cadence import behind, looks
from geofront.days import Cadence, Day
from geofront.front import drawing
from geofront.geodesy import COMPASS, GEOD
from geofront.history import History
from geofront.model import Snapshot
from geofront.places import (
    CHASIV_YAR,
    LYMAN,
    MYRNOHRAD,
    SIVERSK,
    TORETSK,
    Place,
    as_places,
)
from geofront.proximity import PORTION, outlined
from geofront.records import SECTORS

__all__ = ["AXES", "sectors"]

AXES = (LYMAN, SIVERSK, CHASIV_YAR, TORETSK, MYRNOHRAD)
"""Towns from whose direction the agglomeration is approached."""

_COMPASS_WIDTH, _AXIS_WIDTH = 45.0, 30.0


class _Sector(NamedTuple):
    """What lies around one bearing, seen from the centre of a place."""

    name: str
    bearing_deg: float
    width_deg: float


def sectors(
    history: History | Snapshot,
    place: Place | str,
    *,
    axes: Sequence[Place | str] | None = None,
    since: Day | None = None,
    until: Day | None = None,
    every: Cadence = "day",
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Nearest front line in each sector around a place.

    Parameters
    ----------
    history : History or Snapshot
    place : Place or str
    axes : sequence of Place or str, optional
        Towns such as ``AXES``: instead of the eight compass sectors, those
        of 30° around the direction in which each of them lies.
    since, until : str or datetime.date, optional
        First and last day, both included; by default the whole history.
    every : {'day', 'snapshot', 'week', 'month', 'all'}
    executor : concurrent.futures.Executor, optional
        Where to compute; by default here.  The result is the same.

    Returns
    -------
    pandas.DataFrame
        A row a day and sector: ``date, published_at, source, carried, place,
        place_id, sector, bearing_deg, width_deg, front_km, centre_front_km,
        nearest_lon, nearest_lat, limited``.

    Raises
    ------
    MissingDateError
        If the history does not speak for ``since`` or ``until``.
    UnknownPlaceError
        If there is no such place, or its extent is not known.
    TypeError
        If ``history`` is neither.
    ValueError
        If ``place`` is not one place, or an axis leads to itself.

    Notes
    -----
    Bearings are geodesic, from the centre.  They say which part of the front
    belongs to a sector; ``front_km`` is from the place's extent to that
    part, missing where no front lies in the sector.

    Examples
    --------
    >>> import geofront as gf
    >>> day = gf.example_history().at("2025-02-24")
    >>> near = gf.sectors(day, "Siversk").set_index("sector")
    >>> float(near.loc["E", "front_km"].round(1))
    7.5
    """
    target = _single(place)
    if isinstance(history, Snapshot):
        history, every = History([history]), "snapshot"
    seen = looks(history, since, until, every)
    wanted = _compass() if axes is None else _axes(target, as_places(axes))
    found = spread_looks(
        partial(_measure, place=outlined([target]), sectors=wanted),
        seen,
        executor=executor,
        portion=PORTION,
    )
    columns = repeated(seen, [target], len(wanted)) | stacked(found)
    for number, name in enumerate(("sector", "bearing_deg", "width_deg")):
        values = [sector[number] for sector in wanted]
        columns[name] = np.tile(np.array(values), len(seen))
    return table(columns, SECTORS, behind(history, seen, until))


def _single(place: Place | str) -> Place:
    asked = as_places(place)
    if len(asked) > 1:
        names = ", ".join(each.name for each in asked)
        raise ValueError(
            f"expected one place, found {len(asked)} ({names}): ask for each "
            "on its own, or for an agglomeration"
        )
    return asked[0]


def _compass() -> list[_Sector]:
    return [
        _Sector(name, number * 45.0, _COMPASS_WIDTH)
        for number, name in enumerate(COMPASS)
    ]


def _axes(place: Place, towns: Sequence[Place]) -> list[_Sector]:
    found = []
    for town in towns:
        if (town.longitude, town.latitude) == (
            place.longitude,
            place.latitude,
        ):
            raise ValueError(
                f"no axis leads from {place.name} to itself: expected towns "
                "around it"
            )
        bearing, _, _ = GEOD.inv(
            place.longitude, place.latitude, town.longitude, town.latitude
        )
        found.append(_Sector(town.name, bearing % 360.0, _AXIS_WIDTH))
    return found


def _measure(
    snapshots: list[Snapshot], place: Outlines, sectors: list[_Sector]
) -> list[Columns]:
    """Figures of each snapshot, a value a sector."""
    front = divided(drawing(snapshots).front)
    limit = horizon(snapshots, place)
    found = [
        seen_of(reach(place, _clipped(front, place.centre[0], sector)), limit)
        for sector in sectors
    ]
    columns = {
        "front_km": np.stack([line.metres[0] for line in found]) / 1000.0,
        "centre_front_km": np.stack([line.centre_metres[0] for line in found])
        / 1000.0,
        "nearest_lon": np.stack([line.end[0, :, 0] for line in found]),
        "nearest_lat": np.stack([line.end[0, :, 1] for line in found]),
    }
    columns["limited"] = np.isnan(columns["front_km"]) & np.isfinite(
        limit.metres[0]
    )
    return [
        {name: column[:, day] for name, column in columns.items()}
        for day in range(len(snapshots))
    ]


def _clipped(lines: Timeline, centre: Floats, sector: _Sector) -> Timeline:
    """What of the edges lies in a sector, seen from a centre."""
    middle = np.broadcast_to(centre, lines.start.shape)
    start, end = to_plane(middle, lines.start), to_plane(middle, lines.end)
    first, last = np.zeros(len(start)), np.ones(len(start))
    for side in (-1.0, 1.0):
        angle = np.radians(sector.bearing_deg + side * sector.width_deg / 2.0)
        # Points to the inside, across the ray that bounds the sector.
        inward = -side * np.array([np.cos(angle), -np.sin(angle)])
        at_start, at_end = start @ inward, end @ inward
        meets = (at_start < 0) != (at_end < 0)
        share = at_start / np.where(meets, at_start - at_end, 1.0)
        last = np.where(meets & (at_end < 0), np.minimum(last, share), last)
        first = np.where(
            meets & (at_end >= 0), np.maximum(first, share), first
        )
        last = np.where((at_start < 0) & (at_end < 0), -1.0, last)
    kept = first < last
    along = lines.end - lines.start
    return Timeline(
        (lines.start + first[:, np.newaxis] * along)[kept],
        (lines.start + last[:, np.newaxis] * along)[kept],
        lines.alive[kept],
    )
