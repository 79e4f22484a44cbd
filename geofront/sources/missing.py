"""Maps that have lost a part: told, and never taken for a liberation.

Parts go missing for a day or two, Crimea as a whole for instance, or half of
the south: a jump at either end is the map's, and not one on the ground.
"""

import datetime as dt
import warnings
from typing import NamedTuple

import shapely
from shapely import Point

from geofront import _reasons
from geofront._words import first_of
from geofront.days import kyiv_date
from geofront.errors import GeofrontWarning
from geofront.model import Note, Snapshot
from geofront.topology import Polygons

_MISSING = _reasons.MISSING.removeprefix("{how}: ")


class _City(NamedTuple):
    """A place far behind the line."""

    name: str
    longitude: float
    latitude: float
    since: dt.date
    """From when on it is occupied beyond doubt."""


_2014 = dt.date(2014, 12, 31)
_MARCH = dt.date(2022, 3, 15)
_REAR = (
    _City("Simferopol", 34.10, 44.95, _2014),
    _City("Sevastopol", 33.53, 44.60, _2014),
    _City("Kerch", 36.47, 45.355, _2014),
    _City("Donetsk", 37.80, 48.00, _2014),
    _City("Luhansk", 39.31, 48.57, _2014),
    _City("Horlivka", 38.06, 48.30, _2014),
    _City("Melitopol", 35.37, 46.85, _MARCH),
    _City("Berdiansk", 36.79, 46.76, _MARCH),
    _City("Mariupol", 37.55, 47.10, dt.date(2022, 6, 1)),
)


def missing_part(how: str, km2: float = 0.0) -> Note:
    """Note of a part that a map leaves out."""
    return Note("method_break", _reasons.MISSING.format(how=how), km2)


def missing_rear(occupied: Polygons, published_at: dt.datetime) -> list[Note]:
    """Note cities far behind the line that a map leaves out."""
    day = kyiv_date(published_at)
    rear = [city for city in _REAR if city.since <= day]
    if not rear:
        return []
    points = [Point(city.longitude, city.latitude) for city in rear]
    tree = shapely.STRtree(occupied)
    there = set(tree.query(points, predicate="covered_by")[0])
    return [
        missing_part(_reasons.NOT_OCCUPIED.format(city=city.name))
        for number, city in enumerate(rear)
        if number not in there
    ]


class Incomplete:
    """Maps with a part missing, gathered to be told of in one warning."""

    def __init__(self) -> None:
        self._told: list[str] = []

    def look_at(self, snapshot: Snapshot) -> None:
        """Remember a map if a part of it is missing."""
        missing = [
            note.detail.removesuffix(f": {_MISSING}")
            for note in snapshot.notes
            if note.detail.endswith(_MISSING)
        ]
        if missing:
            self._told.append(f"{snapshot.id} ({first_of(missing)})")

    def warn(self, stacklevel: int) -> None:
        """Tell of all of them at once, if there are any."""
        if self._told:
            warnings.warn(
                f"{_MISSING}, so a change there is no change on the ground: "
                + first_of(self._told),
                GeofrontWarning,
                stacklevel=stacklevel + 1,
            )
