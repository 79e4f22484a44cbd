"""Ground to which two sources give different states, as polygons."""

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geofront._cells import cut_ground, faces_of
from geofront._frames import CRS
from geofront._pairs import (
    SourcePair,
    attributes_of_pairs,
    common_ground,
    differing,
    note_of,
    pair_on,
)
from geofront._record_tables import typed
from geofront._split import WORLD
from geofront._transitions import OCCUPIED, STATES
from geofront._words import counted
from geofront.change import merged
from geofront.days import Day
from geofront.geodesy import area_km2, length_km
from geofront.history import History
from geofront.records import DISPUTED
from geofront.topology import Polygons

__all__ = ["NARROW_M", "disputed"]

NARROW_M = 100.0
"""Mean width, in metres, below which a disputed polygon is as good as one
line that two hands have drawn."""


def disputed(a: History, b: History, day: Day) -> gpd.GeoDataFrame:
    """Polygons to which two sources give different states, largest first.

    Parameters
    ----------
    a, b : History
        Of two sources.
    day : str or datetime.date

    Returns
    -------
    geopandas.GeoDataFrame
        ``date, a, b, a_state, b_state, on_land, area_km2, mean_width_m,
        longitude, latitude, …, geometry`` in OGC:CRS84, a row a polygon,
        cut at the coast.  A state is ``not_occupied`` where the source
        draws no grey zone.  ``attrs["note"]`` says how many of them, and
        how much, are narrower than 100 m on average.

    Raises
    ------
    MissingDateError
        If a source does not speak for that day.
    InvalidBoundaryError
        If the sources cover no common ground.

    Notes
    -----
    The areas sum to ``disputed_km2`` of :func:`geofront.agreement`: nothing
    is left out, be it as narrow as a line drawn twice.
    """
    pair = pair_on(a, b, day)
    rows = list(_polygons(pair))
    geometry = np.array([*(row.pop("geometry") for row in rows), None], object)
    frame = typed(_columns(pair, rows, geometry[:-1]), DISPUTED)
    polygons = gpd.GeoDataFrame(frame, geometry=geometry[:-1], crs=CRS)
    polygons = polygons.sort_values(
        "area_km2", ascending=False, kind="stable", ignore_index=True
    )
    polygons.attrs = attributes_of_pairs(a, [pair])
    polygons.attrs["note"] = f"{note_of([pair], [])}; {_narrow(polygons)}"
    return polygons


def _columns(
    pair: SourcePair, rows: list[dict[str, Any]], polygons: Polygons
) -> dict[str, Any]:
    """Columns of the table, of polygons and of what was told of each."""
    shared = {**pair.names(), **pair.seen()}
    sizes = area_km2(polygons)
    inner = shapely.get_coordinates(shapely.point_on_surface(polygons))
    return {
        **{name: [value] * len(rows) for name, value in shared.items()},
        **{
            name: [row[name] for row in rows]
            for name in ("a_state", "b_state", "on_land")
        },
        "area_km2": sizes,
        "mean_width_m": 2000.0 * sizes / length_km(polygons),
        "longitude": inner[:, 0],
        "latitude": inner[:, 1],
    }


def _polygons(pair: SourcePair) -> Iterator[dict[str, Any]]:
    """Polygons that two maps give different states, those and where."""
    tiles = np.array([WORLD], object)
    cells = cut_ground(tiles, common_ground(*pair.snapshots), fine=False)
    a_draws, b_draws = (item.draws_grey_zone for item in pair.snapshots)
    for on_land, faces in faces_of(pair.snapshots, cells):
        for one, other in np.argwhere(differing(*pair.snapshots)).tolist():
            for polygon in merged(faces, one, other):
                yield {
                    "a_state": _state(one, a_draws),
                    "b_state": _state(other, b_draws),
                    "on_land": on_land,
                    "geometry": polygon,
                }


def _state(code: int, draws_grey_zone: bool) -> str:
    known = draws_grey_zone or code == OCCUPIED
    return str(STATES[code]) if known else "not_occupied"


def _narrow(polygons: gpd.GeoDataFrame) -> str:
    """How much of what is disputed is as good as a line drawn twice."""
    narrow = polygons[polygons["mean_width_m"] < NARROW_M]
    return (
        f"{counted(len(polygons), 'polygon')} of "
        f"{polygons['area_km2'].sum():,.1f} km² in all; {len(narrow):,} of "
        f"them, {narrow['area_km2'].sum():,.1f} km², are less than "
        f"{NARROW_M:g} m wide on average"
    )
