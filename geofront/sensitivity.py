"""How figures move when the line on the map is off by so much.

On request only: by how much a map's line is off is the user's assumption,
not something that the map tells.  The spread between sources is the better
measure of doubt where there are several.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from numbers import Integral, Real
from typing import Any, NamedTuple, TypeGuard

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._displacement import POINTS, Edge, displaced, edge, gained_km2
from geofront._record_tables import table
from geofront._rows import Floats, Ints
from geofront._tasks import spread
from geofront.cadence import Look, behind, looks
from geofront.days import Cadence, Day
from geofront.front import ground
from geofront.geodesy import LocalFrame, area_km2
from geofront.history import History
from geofront.model import Snapshot
from geofront.place import Place
from geofront.places import as_places
from geofront.proximity import approach
from geofront.records import SENSITIVITY

__all__ = ["sensitivity"]

_BLOCK = 50
"""Runs of a task: few enough for its arrays to stay small."""

_PORTION = 16
"""Blocks of a task at most: a few seconds, so that no worker waits long."""

# A line seldom strays further than this many standard deviations.
_FAR = 6.0


def sensitivity(
    history: History,
    places: Iterable[Place | str] | Place | str = (),
    *,
    sigma_m: float,
    correlation_km: float = 2.0,
    level: float = 0.9,
    runs: int = 1000,
    seed: int = 0,
    since: Day | None = None,
    until: Day | None = None,
    every: Cadence = "all",
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Occupied area and distances when the line is displaced at random.

    Parameters
    ----------
    history : History
    places : Place, name, or iterable of them, optional
        Whose distance from the occupied area is wanted, too.
    sigma_m : float
        Standard deviation of the displacement, in metres: an assumption of
        yours, which the table repeats.
    correlation_km : float
        How far along the line displacements are alike: their correlation
        at distance d is exp(−d²/2ℓ²).
    level : float
        How often the band from ``low`` to ``high`` is meant to hold the
        true figure, if the map is the truth displaced as assumed.
    runs : int
        How many times the line is displaced.
    seed : int
        The same seed gives the same table, for any number of workers.
    since, until : str or datetime.date, optional
        First and last day, both included; by default the whole history.
    every : {'day', 'snapshot', 'week', 'month', 'all'}
        ``all`` is the last day.
    executor : concurrent.futures.Executor, optional
        Where to compute; by default here.

    Returns
    -------
    pandas.DataFrame
        A row a day and figure: ``date, published_at, source, carried,
        figure, place, place_id, value, mean, sd, low, high, level, sigma_m,
        correlation_km, runs, seed``.  ``figure`` is ``occupied_km2`` or
        ``occupied_km``; ``value`` is the one of the map as it is, null
        where the coverage ends nearer or nothing is occupied.

    Raises
    ------
    MissingDateError
        If the history does not speak for ``since`` or ``until``.
    UnknownPlaceError
        If there is no such place.
    ValueError
        If an option is out of its range.

    Notes
    -----
    The edge of the occupied area moves along its normal where it is front,
    and stays where it is coast or border.  A distance is taken from the
    extent of the place; none is sampled where the occupied area touches it.

    The band of an area lies between quantiles of the runs.  A distance is a
    minimum over the line, and displacement shortens it: the map's may be
    shorter than the true one, and displaced again it is shorter still.
    Where the nearest point is a bend of its own, this is not so; a map does
    not tell which.  The band of a distance therefore holds the quantiles
    and their mirror image about ``value``, and ends at nothing.

    How often the bands about displaced maps held the truth, on straight
    and winding fronts, stands in ``docs/sensitivity.md``.

    Of a straight line of length L, displaced by σ with a correlation
    length ℓ much below L, the area behind it has the standard deviation
    σ (√(2π) ℓ L)^½.

    Examples
    --------
    >>> import geofront as gf
    >>> table = gf.sensitivity(gf.example_history(), "Siversk", sigma_m=200)
    >>> table["figure"].to_list()
    ['occupied_km2', 'occupied_km']
    """
    _check(sigma_m, correlation_km, level, runs, seed)
    asked = as_places(places, needed=False)
    seen = looks(history, since, until, every)
    blocks = list(_blocks(seen, runs, seed))
    samples = spread(
        partial(
            _sampled,
            places=asked,
            sigma_km=sigma_m / 1000.0,
            correlation_km=correlation_km,
        ),
        blocks,
        lambda block: block.snapshot,
        executor=executor,
        desc="displacing",
        unit="block",
        portion=_PORTION,
    )
    assumed = {
        "level": level,
        "sigma_m": sigma_m,
        "correlation_km": correlation_km,
        "runs": runs,
        "seed": seed,
    }
    per_look = np.array_split(np.arange(len(blocks)), len(seen))
    rows = [
        {**look.fields(), **figure, **assumed}
        for look, own in zip(seen, per_look, strict=True)
        for figure in _figures(
            look.snapshot,
            asked,
            np.concatenate([samples[block] for block in own]),
            level,
        )
    ]
    return table(rows, SENSITIVITY, behind(history, seen, until))


def _check(
    sigma_m: object, correlation_km: object, level: object, *counts: object
) -> None:
    """Refuse options that mean nothing."""
    for name, value, most, wanted in (
        ("sigma_m", sigma_m, math.inf, "a number above 0, in metres"),
        (
            "correlation_km",
            correlation_km,
            math.inf,
            "a number above 0, in km",
        ),
        ("level", level, 1.0, "a number between 0 and 1"),
    ):
        if not (_is_number(value) and 0 < value < most):
            raise ValueError(f"{name}={value!r}: expected {wanted}")
    for name, value, least in zip(
        ("runs", "seed"), counts, (2, 0), strict=True
    ):
        if not (_is_whole(value) and value >= least):
            raise ValueError(
                f"{name}={value!r}: expected a whole number, {least} or more"
            )


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, Integral) and not isinstance(value, bool)


class _Block(NamedTuple):
    """Some runs on one snapshot: a task's work."""

    snapshot: Snapshot
    seed: np.random.SeedSequence
    runs: int


def _blocks(seen: Sequence[Look], runs: int, seed: int) -> Iterable[_Block]:
    """Runs of every look, each block with random numbers of its own."""
    parts = np.array_split(np.arange(runs), -(-runs // _BLOCK))
    sizes = [len(part) for part in parts]
    for look, child in zip(
        seen, np.random.SeedSequence(seed).spawn(len(seen)), strict=True
    ):
        for size, own in zip(sizes, child.spawn(len(sizes)), strict=True):
            yield _Block(look.snapshot, own, size)


def _sampled(
    blocks: list[_Block],
    places: list[Place],
    sigma_km: float,
    correlation_km: float,
) -> list[Floats]:
    """Figures of each run of each block: what one task computes."""
    found = []
    for snapshot, own in itertools.groupby(blocks, lambda x: x.snapshot):
        if snapshot.occupied.is_empty:
            nothing = [0.0, *(math.inf for _ in places)]
            found += [np.tile(nothing, (block.runs, 1)) for block in own]
            continue
        line = edge(
            snapshot.occupied,
            ground(snapshot.coverage),
            spacing_km=correlation_km / POINTS,
        )
        near = [_Near.of(line, place, _FAR * sigma_km) for place in places]
        for block in own:
            moved = displaced(
                line,
                np.random.default_rng(block.seed),
                runs=block.runs,
                sigma_km=sigma_km,
                correlation_km=correlation_km,
            )
            area = area_km2(snapshot.occupied) + gained_km2(line, moved)
            found.append(
                np.column_stack([area, *(part.km(moved) for part in near)])
            )
    return found


class _Near(NamedTuple):
    """A place, and the edges that may be the nearest, however they move."""

    outline: BaseGeometry  # of the extent, in the plane of the frame
    frame: LocalFrame
    first: Ints  # vertices at which these edges begin

    @classmethod
    def of(cls, line: Edge, place: Place, far_km: float) -> "_Near":
        """Edges within reach of a place."""
        frame = LocalFrame(place.longitude, place.latitude)
        outline = frame.project(shapely.boundary(place.extent))
        first = np.flatnonzero(line.ring[1:] == line.ring[:-1])
        away = _km(outline, frame, line.vertices[np.newaxis], first)[0]
        # The nearest may move away as far as another comes nearer.
        within = away <= away.min(initial=np.inf) + 2.0 * far_km
        return cls(outline, frame, first[within])

    def km(self, moved: Floats) -> Floats:
        """Distance in each run."""
        away = _km(self.outline, self.frame, moved, self.first)
        nearest_km: Floats = away.min(axis=1, initial=np.inf)
        return nearest_km


def _km(
    outline: BaseGeometry, frame: LocalFrame, vertices: Floats, first: Ints
) -> Floats:
    """Distance of edges from an outline, shape (runs, edges)."""
    ends = np.stack([vertices[:, first], vertices[:, first + 1]], axis=2)
    lines: Any = shapely.linestrings(ends)
    projected: Any = frame.project(lines)
    metres: Floats = shapely.distance(outline, projected)
    return metres / 1000.0


def _figures(
    snapshot: Snapshot, places: list[Place], samples: Floats, level: float
) -> Iterator[dict[str, Any]]:
    """What the runs of one snapshot amount to, a row a figure."""
    area, *distances = samples.T
    yield {
        "figure": "occupied_km2",
        "value": area_km2(snapshot.occupied),
        **_spread(area, level),
    }
    for place, sample in zip(places, distances, strict=True):
        found = approach(snapshot, place)
        yield {
            "figure": "occupied_km",
            "place": place.name,
            "place_id": place.id,
            "value": found.km if found else None,
            # Of a place that it reaches, an edge cannot tell the side.
            **(_band(found.km, sample, level) if found and found.km else {}),
        }


def _band(km: float, sample: Floats, level: float) -> dict[str, float]:
    """Spread of a distance, its band widened by its mirror image."""
    told = _spread(sample, level)
    low, high = told["low"], told["high"]
    mirrored = max(2.0 * km - high, 0.0), 2.0 * km - low
    return told | {
        "low": min(low, mirrored[0]),
        "high": max(high, mirrored[1]),
    }


def _spread(sample: Floats, level: float) -> dict[str, float]:
    low, high = np.quantile(sample, [(1 - level) / 2, (1 + level) / 2])
    return {
        "mean": float(sample.mean()),
        "sd": float(sample.std(ddof=1)),
        "low": float(low),
        "high": float(high),
    }
