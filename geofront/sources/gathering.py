"""From the features of one file to the areas of each state.

For sources that draw what is occupied and little else.  An empty map is
never taken for a liberation, nor is a part of the map that is missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import shapely
from shapely import Point

from geofront._words import counted
from geofront.errors import SourceError
from geofront.geodesy import area_km2
from geofront.model import Note
from geofront.sources.assembly import Feature, Findings
from geofront.topology import Polygons, empty_polygons

_LEFT_OUT = "left out"

# Cities far behind the line, with the year since when they are occupied.
_REAR = {
    "Simferopol (2014)": Point(34.10, 44.95),
    "Donetsk (2014)": Point(37.80, 48.00),
    "Luhansk (2014)": Point(39.31, 48.57),
}


class Gathered(NamedTuple):
    """What one file says."""

    states: dict[str, Polygons]
    """Valid polygons of Ukraine by state, maybe overlapping."""
    notes: list[Note]


def gather(
    features: Sequence[Feature],
    meanings: Mapping[str, str | None],
    where: str,
) -> Gathered:
    """Sort what a source's file draws, as `sort_features`, and check it.

    Raises
    ------
    SourceError
        If nothing occupied remains.
    """
    found = sort_features(list(enumerate(features, 1)), meanings, where)
    if "occupied" not in found.states:
        raise SourceError(no_occupied_area(where))
    found.notes.extend(missing_rear(found.states["occupied"]))
    return found


def sort_features(
    numbered: Iterable[tuple[int, Feature]],
    meanings: Mapping[str, str | None],
    where: str,
) -> Gathered:
    """Sort what features draw by state, and tell what is wrong with them.

    Parameters
    ----------
    numbered : iterable of (int, Feature)
        Of one file, with their numbers in it.
    meanings : mapping of str to str or None
        From a feature's kind to its state; None for what is drawn beside
        control.  Any other kind is told.
    where : str
        The file, for messages.

    Warns
    -----
    GeofrontWarning
        For features that cannot be read, and for areas above 1 km² in
        Ukraine whose kind is not known.
    """
    drawn: dict[str, list[Polygons]] = {}
    found = Findings(where)
    for number, feature in numbered:
        found.feature(number, feature)
        polygons = feature.area.polygons
        if not len(polygons):
            continue
        if feature.kind not in meanings:
            found.unknown(number, feature)
            continue
        state = meanings[feature.kind] or _LEFT_OUT
        drawn.setdefault(state, []).append(polygons)
    found.warn()
    states = {state: np.concatenate(parts) for state, parts in drawn.items()}
    beside = states.pop(_LEFT_OUT, empty_polygons())
    return Gathered(states, [*found.notes(), *_not_control(beside)])


def no_occupied_area(where: str) -> str:
    """Say that a map draws nothing, and that this is no liberation."""
    return (
        f"{where}: expected occupied areas in Ukraine, found none: the file "
        "is empty, of another kind, or has longitude and latitude swapped. "
        "An empty map is no liberation"
    )


def _not_control(polygons: Polygons) -> list[Note]:
    if not len(polygons):
        return []
    areas = counted(len(polygons), "area")
    lost = float(area_km2(polygons).sum())
    return [Note("dropped", f"{areas} that do not mean control", lost)]


def missing_rear(occupied: Polygons) -> list[Note]:
    """Note cities far behind the line that a map leaves out.

    Parts of some maps go missing for a day or two, Crimea as a whole for
    instance: the jump is the map's.
    """
    return [
        Note(
            "method_break",
            f"{city.split(' (')[0]} is not in the occupied area: a part of "
            "the map is missing",
        )
        for city, point in _REAR.items()
        if not shapely.covers(occupied, point).any()
    ]
