"""Areas of each version: the series beneath the map."""

import itertools
from collections.abc import Hashable, Sequence
from typing import Any

from geofront.change import deltas
from geofront.history import History
from geofront.model import Snapshot

__all__ = ["series"]

# To a hundredth of a hectare; the tables have all digits.
_DECIMALS = 4

Series = dict[str, list[float | None]]
Areas = tuple[float | None, float | None]


def series(history: History) -> Series:
    """Occupied area and grey zone of every snapshot, in km².

    The areas of the first are measured, and the net change added from one
    to the next: much faster than to dissolve the polygons of each, and the
    same to 1e-6 km² a step.

    Returns
    -------
    dict
        ``occupied`` and ``grey``, a value a snapshot; the grey zone is None
        where it is not drawn.
    """
    areas = [_measured(history[0])]
    steps = deltas(history, every="snapshot").to_dict("records")
    pairs = itertools.pairwise(history)
    for step, (before, after) in zip(steps, pairs, strict=True):
        if _are_alike(before, after):
            areas.append(_later(areas[-1], step))
        else:
            areas.append(_measured(after))
    occupied, grey = zip(*areas, strict=True)
    return {"occupied": _rounded(occupied), "grey": _rounded(grey)}


def _measured(snapshot: Snapshot) -> Areas:
    areas = snapshot.areas()
    return areas["occupied_km2"], areas["grey_zone_km2"]


def _are_alike(before: Snapshot, after: Snapshot) -> bool:
    """Whether the change between them is that of the totals."""
    return (
        before.coverage == after.coverage
        and before.draws_grey_zone == after.draws_grey_zone
    )


def _later(areas: Areas, step: dict[Hashable, Any]) -> Areas:
    occupied, grey = areas
    assert occupied is not None, "every source draws what is occupied"
    if grey is not None:
        grey += step["grey_zone_net_km2"]
    return occupied + step["occupied_net_km2"], grey


def _rounded(areas: Sequence[float | None]) -> list[float | None]:
    return [None if area is None else round(area, _DECIMALS) for area in areas]
