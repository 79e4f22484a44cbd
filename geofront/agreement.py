"""Two or more sources on one date: where they agree, what is disputed."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import combinations, groupby
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geofront._cells import crossed, cut_ground
from geofront._comparing import Ends
from geofront._expected import kind_of
from geofront._inputs import inputs_of
from geofront._pairs import (
    SourcePair,
    attributes_of_pairs,
    common_ground,
    differing,
    note_of,
    pairs_of,
)
from geofront._record_tables import typed
from geofront._rows import Flags, Floats, Objects
from geofront._split import WORLD, Split, split_by
from geofront._tasks import spread
from geofront._transitions import GREY, HELD, OCCUPIED, STATES
from geofront.days import Cadence, Day
from geofront.geography import OFFICIAL_AREA_KM2
from geofront.history import History
from geofront.records import AGREEMENT, REGION

__all__ = ["agreement"]

# Less than this is what rounding leaves of nothing.
_NOTHING_KM2 = 1e-6


def agreement(
    a: History,
    b: History,
    *others: History,
    at: Day | None = None,
    since: Day | None = None,
    until: Day | None = None,
    every: Cadence = "day",
    by: gpd.GeoDataFrame | None = None,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """How far sources agree: each with each, on one day or day by day.

    Parameters
    ----------
    a, b, *others : History
        Of several sources; each is compared with each.
    at : str or datetime.date, optional
        One day, instead of ``since`` and ``until``.
    since, until : str or datetime.date, optional
        First and last day, both included; by default, of each pair, all
        days that both speak for.
    every : {'day', 'snapshot', 'week', 'month', 'all'}
        A week or month is given by its last day; ``all`` is the last day;
        ``snapshot`` a row whenever either of a pair publishes.
    by : geopandas.GeoDataFrame, optional
        Regions, as for :func:`geofront.areas`: a row for each of them.
    executor : concurrent.futures.Executor, optional
        Where to compute; by default here.  The result is the same.

    Returns
    -------
    pandas.DataFrame
        ``date, a, b, agreed_share, jaccard_occupied, disputed_km2,
        a_occupied_b_not_km2, b_occupied_a_not_km2``, what they refer to,
        the same of the land alone, the area by the state on either map, and
        which snapshots were compared (``a_snapshot, a_published_at,
        a_carried`` and so on).  By region also ``region, region_id``.
        ``attrs["note"]`` says how much was compared and what left out.

    Raises
    ------
    MissingDateError
        If a source does not speak for a day asked for, or two have no day
        in common.
    InvalidBoundaryError
        If the regions cannot be used, or two sources cover no common ground.
    TypeError, ValueError
        If fewer than two histories are given, or days in two ways.

    Notes
    -----
    Compared is what both cover.  States are three where both draw a grey
    zone (``grey_zone_compared``), else two: occupied, or not.

    ``agreed_share`` is 1 − ``disputed_km2`` / ``denominator_km2``: of a
    whole country it is near 1 whatever the maps.  ``jaccard_occupied`` tells
    more: of the ground that at least one maps as occupied, the share that
    both do.  It is missing where neither maps any.  With a grey zone on
    both, ``agreed_drawn_share`` is the same of all that is not held on both.

    Sources draw coasts and bays each in its own way, and this can outweigh
    all else: the figures of the land leave it out.

    ``a_occupied_km2`` − ``b_occupied_km2`` is ``a_occupied_b_not_km2`` −
    ``b_occupied_a_not_km2``, and regions sum to the whole, to 1e-6 km².

    Examples
    --------
    >>> import geofront as gf
    >>> history = gf.example_history()
    >>> rows = gf.agreement(history, history, at="2025-02-24")
    >>> rows.loc[0, ["jaccard_occupied", "disputed_km2"]].tolist()
    [1.0, 0.0]
    """
    histories = _checked((a, b, *others))
    if at is not None:
        if since is not None or until is not None:
            raise ValueError("at= goes without since= and until=")
        since = until = at
    parts = _Parts.of(None if by is None else split_by(by))
    rows: list[dict[str, Any]] = []
    looked: list[SourcePair] = []
    notes = []
    for one, other in combinations(histories, 2):
        pairs, left_out = pairs_of(one, other, since, until, every)
        rows += _compared(pairs, parts, executor)
        looked += pairs
        notes.append(note_of(pairs, left_out))
    frame = typed(rows, AGREEMENT if by is None else _BY_REGION)
    frame.attrs = attributes_of_pairs(a, looked)
    frame.attrs["inputs"] = inputs_of(by)
    frame.attrs["note"] = "; ".join(notes)
    return frame


_HEAD = ("date", "a", "b")
_BY_REGION = {name: AGREEMENT[name] for name in _HEAD} | REGION | AGREEMENT


def _checked(histories: Sequence[History]) -> Sequence[History]:
    for item in histories:
        if not isinstance(item, History):
            hint = ": a day goes by at=" if isinstance(item, str) else ""
            raise TypeError(
                f"agreement() takes histories, found {kind_of(item)}{hint}"
            )
    return histories


class _Parts(NamedTuple):
    """Ground that figures are told of: all of it, or each region."""

    split: Split | None
    names: tuple[dict[str, Any], ...]
    tiles: Objects
    denominators_km2: Floats

    @classmethod
    def of(cls, split: Split | None) -> "_Parts":
        if split is not None:
            return cls(split, split.names, split.tiles, split.denominators_km2)
        whole = np.array([WORLD], object)
        return cls(None, ({},), whole, np.array([OFFICIAL_AREA_KM2]))

    def told(self, denominator_km2: Floats, tables: Floats) -> list[int]:
        """Parts that something is known of."""
        if self.split is None:
            return [0]
        met_km2 = tables.sum(axis=(1, 2, 3))
        found: list[int] = self.split.told(denominator_km2, met_km2).tolist()
        return found


def _compared(
    pairs: Sequence[SourcePair], parts: _Parts, executor: Executor | None
) -> Iterator[dict[str, Any]]:
    """Records of pairs, those of maps that are carried computed once."""
    keys = [tuple(map(id, pair.snapshots)) for pair in pairs]
    distinct = dict(zip(keys, pairs, strict=True))
    measured = spread(
        partial(_figures, parts=parts),
        [pair.snapshots for pair in distinct.values()],
        lambda snapshots: snapshots[1],
        executor=executor,
        desc="comparing",
        unit="pair",
    )
    by_key = dict(zip(distinct, measured, strict=True))
    for key, pair in zip(keys, pairs, strict=True):
        for found in by_key[key]:
            yield {**pair.names(), **found, **pair.seen()}


def _figures(
    pairs: Sequence[Ends], parts: _Parts
) -> list[list[dict[str, Any]]]:
    """Figures of each pair of maps: what one task computes."""
    found: list[list[dict[str, Any]]] = []
    for _, members in groupby(pairs, _coverages):
        found += _of_one_coverage(list(members), parts)
    return found


def _coverages(pair: Ends) -> tuple[BaseGeometry | None, ...]:
    return tuple(snapshot.coverage for snapshot in pair)


def _of_one_coverage(
    pairs: Sequence[Ends], parts: _Parts
) -> Iterator[list[dict[str, Any]]]:
    common = common_ground(*pairs[0])
    cells = cut_ground(parts.tiles, common)
    denominator_km2, land_km2 = cells.sizes_km2(len(parts.tiles))
    if common is None:
        denominator_km2 = parts.denominators_km2
    tables = crossed(pairs, cells, len(parts.tiles))
    for pair, of_pair in zip(pairs, tables, strict=True):
        yield [
            {
                **parts.names[tile],
                **_record(
                    of_pair[tile],
                    pair,
                    float(denominator_km2[tile]),
                    float(land_km2[tile]),
                ),
            }
            for tile in parts.told(denominator_km2, of_pair)
        ]


# ---- figures


def _record(
    tables: Floats,
    pair: Ends,
    denominator_km2: float,
    land_km2: float,
) -> dict[str, float | None]:
    """Figures of two maps in one part of the ground.

    Parameters
    ----------
    tables : ndarray, shape (2, 3, 3)
        Areas by states, off the land and on it.
    """
    a_draws_grey, b_draws_grey = (item.draws_grey_zone for item in pair)
    differs = differing(*pair)
    whole, land = tables.sum(axis=0), tables[1]
    drawn = [OCCUPIED, GREY] if a_draws_grey and b_draws_grey else [OCCUPIED]
    agreed = float(sum(whole[state, state] for state in drawn))
    return {
        **_shares(whole, differs, denominator_km2, ""),
        "denominator_km2": denominator_km2,
        "grey_zone_compared": a_draws_grey and b_draws_grey,
        "agreed_drawn_share": _share(agreed, float(whole[differs].sum())),
        "land_km2": land_km2,
        **_shares(land, differs, land_km2, "_land"),
        "a_occupied_km2": float(whole[OCCUPIED].sum()),
        "b_occupied_km2": float(whole[:, OCCUPIED].sum()),
        **{
            f"a_{STATES[one]}_b_{STATES[other]}_km2": float(whole[one, other])
            if (a_draws_grey or one == OCCUPIED)
            and (b_draws_grey or other == OCCUPIED)
            else None
            for one in (OCCUPIED, GREY, HELD)
            for other in (OCCUPIED, GREY, HELD)
            if one != other
        },
    }


def _shares(
    table: Floats, differs: Flags, size_km2: float, of: str
) -> dict[str, float | None]:
    """How far two maps agree, of all ground or of the land."""
    disputed_km2 = float(table[differs].sum())
    a_only = float(table[OCCUPIED, :OCCUPIED].sum())
    b_only = float(table[:OCCUPIED, OCCUPIED].sum())
    both = float(table[OCCUPIED, OCCUPIED])
    return {
        f"agreed{of}_share": _share(size_km2 - disputed_km2, disputed_km2),
        f"jaccard_occupied{of}": _share(both, a_only + b_only),
        f"disputed{of}_km2": disputed_km2,
        f"a_occupied_b_not{of}_km2": a_only,
        f"b_occupied_a_not{of}_km2": b_only,
        f"both_occupied{of}_km2": both,
    }


def _share(agreed_km2: float, differing_km2: float) -> float | None:
    """Share of what agrees; None of nothing."""
    whole = agreed_km2 + differing_km2
    return agreed_km2 / whole if whole > _NOTHING_KM2 else None
