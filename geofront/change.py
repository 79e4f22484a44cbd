"""What changed between snapshots: areas, deltas, transitions."""

import bisect
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geofront._accumulation import (
    Accumulate,
    added,
    check_accumulate,
    grouped,
)
from geofront._breaks import breaks
from geofront._comparing import (
    Ends,
    comparable,
    compare,
    keep_traces,
    trace_of,
)
from geofront._expected import need_snapshots
from geofront._frames import CRS
from geofront._inputs import inputs_of
from geofront._record_tables import attributes, table
from geofront._residual import change
from geofront._split import Split, split_by
from geofront._tasks import spread, spread_looks
from geofront._transitions import (
    GREY,
    HELD,
    OCCUPIED,
    STATES,
    Change,
    Faces,
    Trace,
)
from geofront.cadence import Look, behind, looks, steps
from geofront.days import Cadence, Day, period_is_whole
from geofront.geodesy import area_km2, explode_polygons
from geofront.history import History
from geofront.model import Snapshot
from geofront.records import AREAS, DELTAS, LAND, REGION
from geofront.topology import Polygons, orient

__all__ = ["Delta", "areas", "delta", "deltas", "merged"]

# By field, from and to which code.
_TRANSITIONS = {
    f"{STATES[a]}_to_{STATES[b]}_km2": (a, b)
    for a, b in (
        (HELD, GREY),
        (HELD, OCCUPIED),
        (GREY, HELD),
        (GREY, OCCUPIED),
        (OCCUPIED, HELD),
        (OCCUPIED, GREY),
    )
}

# To what vertices of changed polygons are rounded, in degrees: 0.1 µm.
_SEAM_DEG = 1e-12


class Delta:
    """What changed from one snapshot to another.

    Made by :func:`delta`; ``~delta`` is the change the other way round.

    Attributes
    ----------
    since, until : Snapshot
    """

    def __init__(self, since: Snapshot, until: Snapshot, found: Change):
        self.since = since
        self.until = until
        self._found = found

    @property
    def draws_grey_zone(self) -> bool:
        """Whether both snapshots draw a grey zone."""
        return self.since.draws_grey_zone and self.until.draws_grey_zone

    @property
    def way(self) -> str:
        """How it was found.

        ``equal`` (no edge differs), ``residual`` (from what differs,
        certified), ``snapped`` (the same after rounding vertices to 1e-9°)
        or ``overlay`` (of everything).
        """
        return self._found.way

    @property
    def transitions(self) -> Mapping[str, float | None]:
        """Area that went from each state to each other, in km².

        Named as in the records: ``held_to_grey_zone_km2`` and so on.  For a
        source without a grey zone all that concern it are None, and held
        reads as "not occupied".
        """
        table = self._found.areas_km2
        known = {HELD, OCCUPIED} if not self.draws_grey_zone else range(3)
        return MappingProxyType(
            {
                name: float(table[a, b]) if {a, b} <= set(known) else None
                for name, (a, b) in _TRANSITIONS.items()
            }
        )

    @property
    def gained_km2(self) -> float:
        """Newly occupied area, gross."""
        return float(self._found.areas_km2[:, OCCUPIED].sum())

    @property
    def lost_km2(self) -> float:
        """Area no longer occupied, gross."""
        return float(self._found.areas_km2[OCCUPIED].sum())

    @property
    def net_km2(self) -> float:
        """Change of the occupied area."""
        return self.gained_km2 - self.lost_km2

    @property
    def grey_zone_net_km2(self) -> float | None:
        """Change of the grey zone; None where it is not drawn."""
        if not self.draws_grey_zone:
            return None
        table = self._found.areas_km2
        return float(table[:, GREY].sum() - table[GREY].sum())

    def __invert__(self) -> "Delta":
        return delta(self.until, self.since)

    def __repr__(self) -> str:
        return (
            f"<Delta {self.since.id} → {self.until.id}: occupied "
            f"+{self.gained_km2:,.2f} -{self.lost_km2:,.2f} = "
            f"{self.net_km2:+,.2f} km²>"
        )

    def to_geodataframe(self) -> gpd.GeoDataFrame:
        """Changed polygons, the largest first.

        Returns
        -------
        geopandas.GeoDataFrame
            ``from_state, to_state, area_km2, geometry``, one row a polygon,
            in OGC:CRS84.
        """
        found = change(*comparable(self.since, self.until), polygons=True)
        assert found.faces is not None
        rows = [
            {
                "from_state": str(STATES[origin]),
                "to_state": str(STATES[target]),
                "area_km2": area_km2(polygon),
                "geometry": polygon,
            }
            for origin, target in _TRANSITIONS.values()
            for polygon in merged(found.faces, origin, target)
        ]
        columns = ["from_state", "to_state", "area_km2", "geometry"]
        frame = gpd.GeoDataFrame(
            pd.DataFrame(rows, columns=columns).astype({"area_km2": float}),
            crs=CRS,
        )
        frame.attrs = attributes([self.since, self.until])
        ordered = frame.sort_values("area_km2", ascending=False)
        return ordered.reset_index(drop=True)


def merged(faces: Faces, origin: int, target: int) -> Polygons:
    """Polygons of one transition, those that touch along a line joined."""
    own = (faces.origin == origin) & (faces.target == target)
    # Seams leave slivers where lines cross, and vertices amid straight edges.
    joined = shapely.union_all(faces.polygons[own], grid_size=_SEAM_DEG)
    joined = shapely.simplify(joined, _SEAM_DEG)
    polygons, _ = explode_polygons(np.array([joined], dtype=object))
    oriented: Polygons = orient(polygons)
    return oriented


def delta(since: Snapshot, until: Snapshot) -> Delta:
    """Change from one snapshot to another.

    Parameters
    ----------
    since, until : Snapshot
        Usually of one source.  Where their coverages differ, what both
        cover is compared: newly mapped is not newly occupied.

    Returns
    -------
    Delta

    Examples
    --------
    >>> import geofront as gf
    >>> history = gf.example_history()
    >>> change = gf.delta(history.at("2025-02-22"), history.at("2025-02-23"))
    >>> round(change.transitions["grey_zone_to_occupied_km2"], 2)
    1.87
    """
    need_snapshots(since, until)
    return Delta(since, until, change(*comparable(since, until)))


def areas(
    history: History,
    *,
    since: Day | None = None,
    until: Day | None = None,
    every: Cadence = "day",
    by: gpd.GeoDataFrame | None = None,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Area of each state, day by day.

    Parameters
    ----------
    history : History
    since, until : str or datetime.date, optional
        First and last day, both included; by default the whole history.
    every : {'day', 'snapshot', 'week', 'month', 'all'}
        A week or month is given by its last day; ``all`` is the last day.
    by : geopandas.GeoDataFrame, optional
        Regions, as :func:`geofront.oblasts` or
        :func:`geofront.load_regions` gives them: a row for each of them.
    executor : concurrent.futures.Executor, optional
        Where to compute; by default here.  The result is the same.

    Returns
    -------
    pandas.DataFrame
        ``date, published_at, source, snapshot, carried, occupied_km2,
        grey_zone_km2, held_km2, denominator_km2, occupied_share``.  Held
        and the grey zone are missing where no grey zone is drawn.  By
        region also ``region, region_id, land_km2, held_land_km2,
        occupied_land_share``.

    Raises
    ------
    MissingDateError
        If the history does not speak for ``since`` or ``until``.
    InvalidBoundaryError
        If the regions cannot be used.

    Notes
    -----
    The regions' rows of a day sum to its total, to 1e-6 km²: what lies in
    no region goes to the nearest, or to the row ``elsewhere`` where the
    regions leave a gap wider than 5 km.  ``denominator_km2`` is the
    region's official area where that is known, else its own; with a
    coverage, its part of the coverage.  The occupied area counts sea, where
    it is drawn, so that what is left as held can be less than nothing.  The
    figures of the land leave sea and ground beyond the border out.

    Examples
    --------
    >>> import geofront as gf
    >>> history = gf.example_history()
    >>> rows = gf.areas(history, every="all", by=gf.oblasts())
    >>> rows[["region", "occupied_km2"]].round(1)
        region  occupied_km2
    0  Donetsk        1833.3
    1  Luhansk        1177.6
    2  Kharkiv           0.0
    """
    seen = looks(history, since, until, every)
    measure = partial(_totals, split=None if by is None else split_by(by))
    measured = spread_looks(measure, seen, executor=executor)
    rows = [
        {**shared, **found}
        for look, of_look in zip(seen, measured, strict=True)
        for shared in [{**look.fields(), "snapshot": look.snapshot.id}]
        for found in of_look
    ]
    fields = AREAS if by is None else AREAS | REGION | LAND
    return table(rows, fields, behind(history, seen, until), inputs_of(by))


def _totals(
    snapshots: list[Snapshot], split: Split | None
) -> list[list[dict[str, Any]]]:
    """Records of each snapshot: one in all, or one for each region."""
    if split is None:
        return [[snapshot.areas()] for snapshot in snapshots]
    return [split.totals(snapshot) for snapshot in snapshots]


def deltas(
    history: History,
    *,
    since: Day | None = None,
    until: Day | None = None,
    every: Cadence = "day",
    by: gpd.GeoDataFrame | None = None,
    accumulate: Accumulate = None,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Change of area, step by step, with every transition between states.

    Parameters
    ----------
    history : History
    since, until : str or datetime.date, optional
        The state at the end of ``since`` is the first term, the state at
        the end of ``until`` the last; by default the whole history.
    every : {'day', 'snapshot', 'week', 'month', 'all'}
        Gross figures compare the ends of each period, so they depend on
        it; net figures do not.
    by : geopandas.GeoDataFrame, optional
        Regions, as for :func:`areas`: a row for each step and region.
    accumulate : 'day', optional
        Sum the gross figures of the days of each period instead: ground
        that went back and forth within it counts each time.  Net figures
        are the same.
    executor : concurrent.futures.Executor, optional
        Where to compute; by default here.  The result is the same.

    Returns
    -------
    pandas.DataFrame
        A row a step: ``since, until, since_published_at,
        until_published_at, since_snapshot, until_snapshot, source, cadence,
        complete, carried, method_break``, areas in km², ``gross_cadence``,
        ``break_km2``, which is what is in doubt and null by region, since
        it is known of the whole map only, and ``since_carried``.
        ``method_break`` is true where the source seems to have drawn
        otherwise at some point of the step, as :func:`geofront.quality`
        lists it, in whatever region: the change need not be one on the
        ground.  It is judged against the whole of ``history``, however
        short the time asked for.  ``gross_cadence`` is ``day`` where days
        are summed, else the cadence.  ``complete`` is false for a week or
        month cut by the request, and where the data does not reach: beyond
        the last day, or where an end is more than 72 hours younger than the
        snapshot that stands for it.
        By region also ``region, region_id``.

    Raises
    ------
    MissingDateError
        If the history does not speak for ``since`` or ``until``.
    InvalidBoundaryError
        If the regions cannot be used.
    ValueError
        If snapshots are to be made up of days.

    Notes
    -----
    The transitions of a step sum to the difference of the totals at its
    ends, to 1e-6 km²; where the coverage changes, of what both ends cover.
    So do the regions' rows, as for :func:`areas`.
    """
    check_accumulate(accumulate, every)
    looked = steps(history, since, until, every)
    parts, groups = looked, [[number] for number in range(len(looked))]
    if accumulate:
        parts = steps(history, since, until, accumulate)
        groups = grouped(looked, parts)
    pairs = _snapshots(parts)
    measured = spread(
        partial(_measured, split=None if by is None else split_by(by)),
        pairs,
        lambda pair: pair[1],
        executor=executor,
        desc="comparing",
        unit="step",
    )
    figures, traces = zip(*measured, strict=True) if measured else ((), ())
    keep_traces(history, pairs, traces)
    in_doubt = _in_doubt(history, _snapshots(looked), executor)
    rows = [
        {**shared, **found}
        for pair, km2, group in zip(looked, in_doubt, groups, strict=True)
        for shared in [
            {
                **_step(history, *pair, every),
                "method_break": km2 is not None,
                # What is in doubt is known of the whole map only.
                "break_km2": km2 if by is None else None,
                "gross_cadence": accumulate or every,
            }
        ]
        for found in added([figures[part] for part in group])
    ]
    fields = DELTAS if by is None else DELTAS | REGION
    seen = [look for pair in parts for look in pair]
    return table(rows, fields, behind(history, seen, until), inputs_of(by))


def _snapshots(steps: Iterable[tuple[Look, Look]]) -> list[Ends]:
    return [(before.snapshot, after.snapshot) for before, after in steps]


def _measured(
    pairs: list[Ends], split: Split | None
) -> list[tuple[list[dict[str, Any]], Trace]]:
    """Figures and trace of each pair: what one task computes."""
    found = compare(pairs, polygons=split is not None)
    return [
        (
            [
                {**region, **_figures(Delta(before, after, part))}
                for region, part in _parts(before, after, step, split)
            ],
            trace_of(step),
        )
        for (before, after), step in zip(pairs, found, strict=True)
    ]


def _in_doubt(
    history: History, pairs: Sequence[Ends], executor: Executor | None
) -> list[float | None]:
    """Area of the method breaks between the snapshots of each pair."""
    if not pairs:
        return []
    whole = pairs[0][0], pairs[-1][1]
    found = breaks(history, between=whole, executor=executor)
    moments = [item.until.published_at for item in found]
    ends = [
        [bisect.bisect_right(moments, item.published_at) for item in pair]
        for pair in pairs
    ]
    return [
        sum(item.km2 for item in found[first:last]) if first < last else None
        for first, last in ends
    ]


def _parts(
    before: Snapshot, after: Snapshot, step: Change, split: Split | None
) -> Iterable[tuple[dict[str, Any], Change]]:
    """A step in all, or in each region."""
    if split is None:
        return [({}, step)]
    return split.changes(before, after, step)


def _is_complete(
    history: History, before: Look, after: Look, every: Cadence
) -> bool:
    """Whether a period is cut by neither the request nor the data."""
    return (
        after.date <= history.span[1]
        and not before.outdated
        and not after.outdated
        and period_is_whole(before.date, after.date, every)
    )


def _step(
    history: History,
    before: Look,
    after: Look,
    every: Cadence,
) -> dict[str, Any]:
    """What the records of a step begin with."""
    return {
        "since": pd.Timestamp(before.date),
        "until": pd.Timestamp(after.date),
        "since_published_at": pd.Timestamp(before.snapshot.published_at),
        "until_published_at": pd.Timestamp(after.snapshot.published_at),
        "since_snapshot": before.snapshot.id,
        "until_snapshot": after.snapshot.id,
        "source": after.snapshot.source,
        "cadence": every,
        "complete": _is_complete(history, before, after, every),
        "carried": after.carried,
        "since_carried": before.carried,
    }


def _figures(delta: Delta) -> dict[str, float | None]:
    return {
        "occupied_gained_km2": delta.gained_km2,
        "occupied_lost_km2": delta.lost_km2,
        "occupied_net_km2": delta.net_km2,
        "grey_zone_net_km2": delta.grey_zone_net_km2,
        **delta.transitions,
    }
