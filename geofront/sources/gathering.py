"""From the features of one file to the areas of each state.

For sources that draw what is occupied and little else.  An empty map is
never taken for a liberation, nor is a part of the map that is missing.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from geofront._words import counted
from geofront.errors import SourceError
from geofront.geodesy import area_km2
from geofront.model import Note
from geofront.sources.assembly import Feature, Findings
from geofront.sources.missing import missing_rear
from geofront.topology import Polygons, empty_polygons

_LEFT_OUT = "left out"


class Gathered(NamedTuple):
    """What one file says."""

    states: dict[str, Polygons]
    """Valid polygons of Ukraine by state, maybe overlapping."""
    notes: list[Note]


def gather(
    features: Sequence[Feature],
    meanings: Mapping[str, str | None],
    published_at: dt.datetime,
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
    found.notes.extend(missing_rear(found.states["occupied"], published_at))
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
