"""Ground that changed hands, day by day, and the settlements it lies near."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geofront._distances import to_areas
from geofront._record_tables import table
from geofront._rows import Floats, Ints, Objects
from geofront._timeline import lines_of
from geofront.cadence import steps
from geofront.change import delta
from geofront.history import History
from geofront.place import Place
from geofront.places import registered
from geofront.proximity import outlined
from geofront.records import GROUND

__all__ = ["changed_ground"]

# Of so many settlements around a polygon the nearest is told by geodesics.
_CANDIDATES = 8


def changed_ground(
    history: History, since: dt.date, until: dt.date
) -> pd.DataFrame:
    """Polygons that changed hands from each day to the next.

    Parameters
    ----------
    history : History
    since, until : datetime.date

    Returns
    -------
    pandas.DataFrame
        A row a polygon, the latest day first and of a day the largest
        first: `geofront.records.GROUND`.
    """
    near = _Near(registered())
    pairs = steps(history, since, until, "day")
    rows: list[dict[str, Any]] = []
    for before, after in reversed(pairs):
        if before.snapshot is after.snapshot:
            continue
        found = delta(before.snapshot, after.snapshot).to_geodataframe()
        shared = {
            "since": pd.Timestamp(before.date),
            "until": pd.Timestamp(after.date),
            "source": history.source,
            "since_snapshot": before.snapshot.id,
            "until_snapshot": after.snapshot.id,
        }
        rows += [shared | row for row in _located(found, near)]
    behind = [look.snapshot for pair in pairs for look in pair]
    return table(rows, GROUND, behind)


def _located(found: gpd.GeoDataFrame, near: "_Near") -> list[dict[str, Any]]:
    """Records of polygons, each with the settlement nearest to it."""
    plain = found.drop(columns="geometry").to_dict("records")
    rows = []
    for record, polygon in zip(plain, found.geometry, strict=True):
        point = shapely.point_on_surface(polygon)
        fields = {str(name): value for name, value in record.items()}
        rows.append(
            fields
            | {"longitude": point.x, "latitude": point.y}
            | near.fields(polygon)
        )
    return rows


class _Near:
    """Settlements, to be looked up by what lies near them."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = places
        self._centres: Floats = np.array(
            [(place.longitude, place.latitude) for place in places]
        )

    def fields(self, polygon: shapely.Polygon) -> dict[str, Any]:
        """Fields of the settlement that is nearest to a polygon."""
        around = self._around(polygon)
        near = [self._places[number] for number in around]
        bodies = outlined(near, or_centre=True)
        found = to_areas(bodies, lines_of(polygon))
        # Of several that it touches, the one whose centre is nearest.
        ranks = np.lexsort((found.centre_metres[:, 0], found.metres[:, 0]))
        place = near[ranks[0]]
        return {
            "place": place.name,
            "place_id": place.id,
            "oblast": place.oblast,
            "place_km": float(found.metres[ranks[0], 0]) / 1000.0,
        }

    def _around(self, polygon: shapely.Polygon) -> Ints:
        """Numbers of the settlements that may be the nearest."""
        # A degree of longitude is about as long as this one of latitude.
        scale = np.array([np.cos(np.radians(polygon.centroid.y)), 1.0])
        flat = shapely.transform(polygon, lambda points: points * scale)
        points: Objects = np.asarray(shapely.points(self._centres * scale))
        return np.argsort(shapely.distance(flat, points))[:_CANDIDATES]
