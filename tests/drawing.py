"""A front drawn day by day, and what can go wrong with its drawing.

A line of a few hundred vertices runs from the south-west to the north-east;
each day it is pushed forward in one place.  Behind it, apart, lies a large
peninsula.
"""

import datetime as dt
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import shapely
from shapely import Polygon

import geofront as gf

Line = npt.NDArray[np.float64]
Map = list[Polygon]

FIRST = dt.datetime(2025, 1, 1, 20, tzinfo=dt.UTC)
PENINSULA = shapely.box(33.4, 44.9, 35.6, 46.0)
_VERTICES = 600
_START, _END = np.array([[32.6, 46.9], [38.2, 49.9]])
# Square to the line: however it moves, it never crosses itself.
_FORWARD = np.array([-0.47, 0.88])


def line(seed: int) -> Line:
    """The front at the beginning, with digits of its own."""
    noise = np.random.default_rng(seed).normal(0.0, 0.004, (_VERTICES, 1))
    along = np.linspace(0.0, 1.0, _VERTICES)[:, np.newaxis]
    found: Line = _START + along * (_END - _START) + noise * _FORWARD
    return found


def pushed(front: Line, middle: int, depth_deg: float, width: int) -> Line:
    """The front moved forward, to the north-west, around a vertex."""
    away = np.abs(np.arange(_VERTICES) - middle) / width
    bulge = np.clip(1.0 - away**2, 0.0, None)[:, np.newaxis]
    moved: Line = front + depth_deg * bulge * _FORWARD
    return moved


def occupied(front: Line) -> Map:
    """Ground behind a front, and the peninsula."""
    behind = np.array([[39.5, 49.9], [39.5, 47.1], [35.0, 46.6]])
    return [Polygon(np.concatenate([front, behind])), PENINSULA]


def fronts(days: int, seed: int = 0) -> list[Line]:
    """The front on each of some days; a few km² a day change hands."""
    random = np.random.default_rng(seed + 1000)
    found = [line(seed)]
    for _ in range(days - 1):
        middle = int(random.integers(60, _VERTICES - 60))
        depth = float(random.uniform(0.01, 0.05))
        found.append(pushed(found[-1], middle, depth, 12))
    return found


def maps(days: int, seed: int = 0) -> list[Map]:
    """Occupied polygons of each day; those that stay are the same objects."""
    return [occupied(front) for front in fronts(days, seed)]


def history(
    drawn: Sequence[Map], notes: Callable[[int], list[gf.Note]] | None = None
) -> gf.History:
    """History of maps, one a day."""
    return gf.History(
        gf.Snapshot.from_valid(
            "drawn",
            FIRST + dt.timedelta(days=day),
            {"occupied": np.array([*polygons, None], object)[:-1]},
            notes=notes(day) if notes else (),
        )
        for day, polygons in enumerate(drawn)
    )
