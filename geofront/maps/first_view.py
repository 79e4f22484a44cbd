"""What a map of a history shows when it opens."""

import shapely

from geofront.change import delta
from geofront.geography import territory
from geofront.maps.base import Bounds
from geofront.model import Snapshot

__all__ = ["first_view"]

# Of what would be shown otherwise, along either side: where what changed
# takes more, all is shown.
_SMALL = 0.5
_AROUND = 0.1
_LEAST_DEG = 0.2

# Pieces that are smaller, together, are no reason to show more.
_LEFT_OUT = 0.02


def first_view(snapshot: Snapshot, since: Snapshot | None) -> Bounds:
    """Where the ground changed, if that is little; else all of the map.

    Parameters
    ----------
    snapshot : Snapshot
    since : Snapshot or None
        What it is compared with.

    Returns
    -------
    (west, south, east, north)
        In degrees.
    """
    whole = _whole(snapshot)
    if since is None or since.published_at >= snapshot.published_at:
        return whole
    changed = _changed(snapshot, since)
    if changed is None:
        return whole
    west, south, east, north = changed
    is_small = east - west < _SMALL * (
        whole[2] - whole[0]
    ) and north - south < _SMALL * (whole[3] - whole[1])
    return changed if is_small else whole


def _whole(snapshot: Snapshot) -> Bounds:
    """The coverage, or all that is occupied."""
    drawn = snapshot.drawn("occupied")
    if snapshot.coverage is not None:
        return snapshot.coverage.bounds
    if drawn is None or not len(drawn):
        return territory().bounds
    west, south, east, north = shapely.total_bounds(drawn).tolist()
    return west, south, east, north


def _changed(snapshot: Snapshot, since: Snapshot) -> Bounds | None:
    """Bounds of nearly all that changed, with some ground around."""
    rows = delta(since, snapshot).to_geodataframe()
    rows = rows.sort_values("area_km2", ascending=False)
    sums = rows.area_km2.cumsum() - rows.area_km2
    rows = rows[sums <= (1.0 - _LEFT_OUT) * rows.area_km2.sum()]
    if rows.empty:
        return None
    west, south, east, north = rows.total_bounds.tolist()
    wide = max(_AROUND * (east - west), (_LEAST_DEG - east + west) / 2)
    high = max(_AROUND * (north - south), (_LEAST_DEG - north + south) / 2)
    return west - wide, south - high, east + wide, north + high
