"""Outlines of regions made valid and disjoint, what was done being told."""

import warnings
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._threads import per_thread
from geofront._words import counted
from geofront.errors import (
    GeofrontWarning,
    InvalidBoundaryError,
    RepairedBoundaryWarning,
)
from geofront.geodesy import area_km2
from geofront.geography import territory
from geofront.model import Note
from geofront.topology import Polygons, dissolve, mend

__all__ = ["at_the_coast", "disjoint", "dissolved"]

# What is told: overlaps that are more than rounding, and what lies further
# off the coast (some 2 km) than coarse and fine outlines of it differ.
_TOLD_KM2 = 0.01
_OFF_COAST_DEG = 0.02
_SEA_KM2 = 1.0


def dissolved(
    polygons: Polygons,
    region: npt.NDArray[np.intp],
    names: Sequence[str],
    where: str,
) -> tuple[Polygons, list[Note]]:
    """One valid outline a region, and a note of each repair.

    Parameters
    ----------
    polygons : ndarray of shapely.Polygon
    region : ndarray of int
        Which region each polygon belongs to.
    names : sequence of str
        Names of the regions.
    where : str
        Where they come from, for messages.

    Warns
    -----
    RepairedBoundaryWarning
        If a polygon is invalid.
    """
    mended = mend(polygons)
    notes = [
        Note("repair", f"{names[region[index]]}: a polygon was invalid", km2)
        for index, km2 in enumerate(mended.changed_km2.tolist())
        if mended.repaired[index]
    ]
    if notes:
        changed = sum(abs(note.km2) for note in notes)
        warnings.warn(
            f"{where}: {counted(len(notes), 'invalid polygon')} repaired, "
            f"changing {changed:.3f} km² (see attrs['notes'])",
            RepairedBoundaryWarning,
            stacklevel=4,
        )
    owner = region[mended.origin]
    outlines = [
        dissolve(mended.polygons[owner == number])
        for number in range(len(names))
    ]
    for name, outline in zip(names, outlines, strict=True):
        if outline.is_empty:
            raise InvalidBoundaryError(
                f"{where}: {name} has no area: expected a polygon"
            )
    return np.array([None, *outlines], dtype=object)[1:], notes


def at_the_coast(
    outlines: Polygons, names: Sequence[str], where: str
) -> tuple[Polygons, list[Note]]:
    """Cut off the territorial sea where outlines take it in, and note it.

    Raises
    ------
    InvalidBoundaryError
        If a region lies outside Ukraine.
    """
    cut = outlines.copy()
    notes = []
    inland = shapely.covers(_near_land(), outlines)
    for index in np.flatnonzero(~inland).tolist():
        beyond = shapely.difference(outlines[index], _near_land())
        if area_km2(beyond) < _SEA_KM2:
            continue
        cut[index] = shapely.intersection(outlines[index], territory())
        if not cut[index].area:
            raise _outside(outlines[index], names[index], where)
        sea_km2 = area_km2(outlines[index]) - area_km2(cut[index])
        detail = f"{names[index]}: cut at the coast and the border"
        notes.append(Note("clipped", detail, sea_km2))
    return cut, notes


@per_thread
def _near_land() -> BaseGeometry:
    near = shapely.buffer(territory(), _OFF_COAST_DEG)
    shapely.prepare(near)
    return near


def _outside(
    outline: BaseGeometry, name: str, where: str
) -> InvalidBoundaryError:
    west, south, east, north = outline.bounds
    return InvalidBoundaryError(
        f"{where}: {name} lies outside Ukraine, within longitude {west:.2f} "
        f"to {east:.2f} and latitude {south:.2f} to {north:.2f}: expected "
        "longitude, latitude in that order"
    )


def disjoint(
    outlines: Polygons, names: Sequence[str], where: str
) -> tuple[Polygons, list[Note]]:
    """Give what regions share to the first of them, and note it.

    Raises
    ------
    InvalidBoundaryError
        If nothing is left of a region.

    Warns
    -----
    GeofrontWarning
        If they share more than rounding leaves.
    """
    kept = outlines.copy()
    notes = []
    for one, other in _overlapping(outlines):
        shared_km2 = area_km2(shapely.intersection(kept[one], kept[other]))
        if not shared_km2:
            continue
        kept[other] = shapely.difference(kept[other], kept[one])
        if not kept[other].area:
            raise InvalidBoundaryError(
                f"{where}: {names[other]} lies within regions before it, "
                f"the last of them {names[one]}: expected regions of one "
                "level, each once"
            )
        detail = f"{names[other]}: {names[one]} keeps what both take in"
        notes.append(Note("clipped", detail, shared_km2))
    told = sorted(
        (note for note in notes if note.km2 > _TOLD_KM2),
        key=lambda note: -note.km2,
    )
    if told:
        warnings.warn(
            f"{where}: {counted(len(told), 'pair')} of regions overlap, by "
            f"{sum(note.km2 for note in told):,.2f} km² in all, which count "
            f"for the first of each pair; most, {told[0].km2:,.2f} km²: "
            f"{told[0].detail}",
            GeofrontWarning,
            stacklevel=4,
        )
    return kept, told


def _overlapping(outlines: Polygons) -> list[tuple[int, int]]:
    """Pairs of outlines that may overlap, none if their areas sum up."""
    union_deg2 = shapely.union_all(outlines).area
    if shapely.area(outlines).sum() - union_deg2 < 1e-12 * union_deg2:
        return []
    pairs = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    return [
        (one, other) for one, other in sorted(pairs.T.tolist()) if one < other
    ]
