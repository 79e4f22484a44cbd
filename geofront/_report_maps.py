"""The maps of a report: the whole front, and where the most happened."""

from collections.abc import Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import MultiPolygon

from geofront._document import Drawing, Insets, Key, Keys
from geofront._report_tables import Question
from geofront._report_words import Brief, Speaker
from geofront.change import delta
from geofront.front import front_line
from geofront.geodesy import GEOD, area_km2
from geofront.geography import territory
from geofront.maps import palette
from geofront.maps.base import Bounds
from geofront.maps.ground import towns
from geofront.maps.sketch import Frame, Label, key, sketch
from geofront.model import Snapshot
from geofront.place import Place
from geofront.places import registered
from geofront.status import settlements_of

__all__ = ["drawings"]

_WIDTH, _SMALL = 760, (460, 320)
_CLOSE_KM = (15.0, 15.0 * 320 / 460)
"""Half the width and half the height of a close map."""

_MARGIN = 1.1
"""How much wider than the ground it shows a close map is."""

_LEAST_PEOPLE = 60_000
"""Of other towns that are named on the map of the whole front."""

_LEAST_KM2 = 0.05

_MOST = 4
"""Close maps at most."""

_FEW = 3
"""Names at most that a close map is called by."""

_ALIKE = 0.2
"""Two close maps that share more of what they show are made one.

Of frames of one size that is a third of each.  A frame within a much larger
one shows another thing: it stays.
"""


class _Close(NamedTuple):
    """What a close map shows."""

    bounds: Bounds
    places: tuple[Place, ...] = ()
    """Those with claims, whose extents are drawn."""
    ground: Mapping[Hashable, Any] = MappingProxyType({})
    """Else the largest polygon that changed hands there."""


def drawings(brief: Brief) -> tuple[Drawing, Insets, Keys]:
    """The front as a whole, parts of it, and what the signs mean."""
    asked, tables, say = brief
    snapshot = asked.main.at(asked.at)
    changed = _changed(asked, snapshot)
    views = _views(asked, tables["ground"], changed)
    whole = _whole(snapshot)
    settlements = settlements_of([*asked.claimed, *asked.targets])
    caption = _caption(asked, say)
    drawn = sketch(
        snapshot,
        changed,
        bounds=whole,
        size=(_WIDTH, _height(whole)),
        title=caption,
        labels=_labels(settlements, whole, say, bold=False)
        + [
            Label(name, x, y, False)
            for name, x, y, people in towns(say.lang)
            if people >= _LEAST_PEOPLE
        ],
        frames=[
            Frame(str(number), view.bounds)
            for number, view in enumerate(views, 1)
        ],
        lang=say.lang,
    )
    insets = [
        _inset(number, view, snapshot, changed, settlements, say)
        for number, view in enumerate(views, 1)
    ]
    is_known = [bool(view.places) for view in views]
    return (
        Drawing(drawn, caption, caption),
        Insets(insets),
        _keys(snapshot, changed, say, with_extent=any(is_known)),
    )


def _changed(asked: Question, snapshot: Snapshot) -> gpd.GeoDataFrame:
    since = asked.main.at(asked.before or asked.at)
    return delta(since, snapshot).to_geodataframe()


def _caption(asked: Question, say: Speaker) -> str:
    day = say.day(asked.at)
    if asked.before is None:
        return say("The front on {day}.", day=day)
    return say(
        "The front on {day}, and ground that changed hands since {since}.",
        day=day,
        since=say.day(asked.before),
    )


def _whole(snapshot: Snapshot) -> Bounds:
    """Where the front is, or all that a source covers."""
    line = front_line(snapshot)
    shown = snapshot.coverage or (territory() if line.is_empty else line)
    west, south, east, north = shown.bounds
    pad = 0.04 * max(east - west, north - south)
    return west - pad, south - pad, east + pad, north + pad


def _height(bounds: Bounds) -> int:
    """Pixels of the map of the whole front, which has its own shape."""
    west, south, east, north = bounds
    middle = np.radians((south + north) / 2.0)
    shape = (north - south) / (east - west) / np.cos(middle)
    return round(_WIDTH * min(float(shape), 1.0))


def _views(
    asked: Question, ground: pd.DataFrame, changed: gpd.GeoDataFrame
) -> list[_Close]:
    """Places with claims, then where the most ground changed hands."""
    views: list[_Close] = []
    for place in settlements_of(asked.claimed):
        views = _with(views, _Close(_around(*_centre(place)), (place,)))
    views = views[:_MOST]
    rest = ground.sort_values("area_km2", ascending=False)
    for row in rest.to_dict("records"):
        if len(views) == _MOST:
            break
        point = shapely.Point(row["longitude"], row["latitude"])
        if not _is_shown(views, point):
            new = _Close(_holding(point, changed), ground=row)
            views = _with(views, new)
    return sorted(views, key=lambda view: not view.places)


def _with(views: list[_Close], new: _Close) -> list[_Close]:
    """Close maps and a further one; two that look alike are made one."""
    for number, view in enumerate(views):
        if _share(view.bounds, new.bounds) > _ALIKE:
            others = [*views[:number], *views[number + 1 :]]
            return _with(others, _joined(view, new))
    return [*views, new]


def _share(one: Bounds, other: Bounds) -> float:
    """How much of what two frames hold is held by both."""
    a, b = shapely.box(*one), shapely.box(*other)
    return float(a.intersection(b).area / a.union(b).area)


def _joined(one: _Close, other: _Close) -> _Close:
    held = shapely.union(shapely.box(*one.bounds), shapely.box(*other.bounds))
    places = one.places + other.places
    return _Close(_shaped(held.bounds), places, one.ground or other.ground)


def _called(view: _Close, say: Speaker) -> str:
    """What a close map is called: by the places with claims, if any."""
    if not view.places:
        return _named(view.bounds, view.ground, say)
    names = [say.place(place.id, place.name) for place in view.places]
    return ", ".join(names[:_FEW] + ["…"] * (len(names) > _FEW))


def _holding(point: shapely.Point, changed: gpd.GeoDataFrame) -> Bounds:
    """Bounds around a point that hold all of the ground it is on."""
    own = changed[changed.intersects(point)]
    if own.empty:
        return _around(point.x, point.y)
    return _shaped(own.total_bounds, _MARGIN)


def _shaped(held: Sequence[float], margin: float = 1.0) -> Bounds:
    """Bounds of a close map that hold others, in the shape of all."""
    west, south, east, north = held
    x, y = (west + east) / 2.0, (south + north) / 2.0
    least = _around(x, y)
    # What is larger than the frame makes it grow, its shape kept.
    grown = margin * max(
        (east - west) / (least[2] - least[0]),
        (north - south) / (least[3] - least[1]),
    )
    return _around(x, y, max(1.0, grown))


def _named(bounds: Bounds, row: Mapping[Hashable, Any], say: Speaker) -> str:
    """A settlement on a close map, near its middle."""
    west, south, east, north = bounds
    inside = [
        place
        for place in registered()
        if west < place.longitude < east and south < place.latitude < north
    ]
    if not inside:
        return say(
            "{place}, {length} away",
            place=say.place(row["place_id"], row["place"]),
            length=say.km(row["place_km"]),
        )
    _, _, metres = GEOD.inv(
        [(west + east) / 2.0] * len(inside),
        [(south + north) / 2.0] * len(inside),
        [place.longitude for place in inside],
        [place.latitude for place in inside],
    )
    nearest = inside[int(np.argmin(metres))]
    return say.place(nearest.id, nearest.name)


def _centre(place: Place) -> tuple[float, float]:
    return place.longitude, place.latitude


def _is_shown(views: Sequence[_Close], point: shapely.Point) -> bool:
    return any(shapely.box(*view.bounds).covers(point) for view in views)


def _around(longitude: float, latitude: float, grown: float = 1.0) -> Bounds:
    """Bounds of a close map around a point."""
    wide, high = (grown * length for length in _CLOSE_KM)
    x, y, _ = GEOD.fwd(
        [longitude] * 2,
        [latitude] * 2,
        [90.0, 0.0],
        [1000.0 * wide, 1000.0 * high],
    )
    east, north = x[0] - longitude, y[1] - latitude
    return (
        longitude - east,
        latitude - north,
        longitude + east,
        latitude + north,
    )


def _inset(
    number: int,
    view: _Close,
    snapshot: Snapshot,
    changed: gpd.GeoDataFrame,
    settlements: Sequence[Place],
    say: Speaker,
) -> Drawing:
    first = view.places
    caption = say(
        "{number}. Around {place}", number=number, place=_called(view, say)
    )
    labels = _labels([*first, *settlements], view.bounds, say, bold=True)
    named = {label.text for label in labels}
    others = sorted(registered(), key=lambda item: -(item.population or 0))
    labels += [
        label
        for label in _labels(others, view.bounds, say, bold=False)
        if label.text not in named
    ]
    drawn = sketch(
        snapshot,
        changed,
        bounds=view.bounds,
        size=_SMALL,
        title=caption,
        labels=labels,
        extents=[place.extent for place in first if place.has_extent],
        lang=say.lang,
    )
    told = _told(view, changed, caption, say)
    return Drawing(drawn, told, told)


def _told(
    view: _Close, changed: gpd.GeoDataFrame, caption: str, say: Speaker
) -> str:
    """What a close map shows, in words."""
    box = shapely.box(*view.bounds)
    shown = {
        change: area_km2(shapely.intersection(ground, box))
        for change, ground in _grounds(changed).items()
    }
    parts = [
        f"{say.transition(*change)} {say.km2(shown[change], 2)}"
        for change in sorted(shown, key=lambda change: -shown[change])
        if shown[change] >= _LEAST_KM2
    ]
    if not parts:
        return say("{caption}: no change.", caption=caption)
    return say(
        "{caption}, within this frame: {parts}.",
        caption=caption,
        parts=", ".join(parts),
    )


def _grounds(
    changed: gpd.GeoDataFrame,
) -> dict[tuple[str, str], MultiPolygon]:
    """All ground of each kind of change."""
    return {
        (str(before), str(after)): shapely.multipolygons(
            own.geometry.to_numpy()
        )
        for (before, after), own in changed.groupby(["from_state", "to_state"])
    }


def _labels(
    places: Sequence[Place], bounds: Bounds, say: Speaker, *, bold: bool
) -> list[Label]:
    west, south, east, north = bounds
    return [
        Label(say.place(item.id, item.name), *_centre(item), bold)
        for item in places
        if west < item.longitude < east and south < item.latitude < north
    ]


def _keys(
    snapshot: Snapshot,
    changed: gpd.GeoDataFrame,
    say: Speaker,
    *,
    with_extent: bool,
) -> Keys:
    shown = [Key(key("occupied"), say.state("occupied"))]
    if snapshot.draws_grey_zone:
        shown.append(Key(key("grey_zone"), say.state("grey_zone")))
    regained = snapshot.regained
    if regained is not None and not regained.is_empty:
        shown.append(Key(key("regained"), say("regained, now held")))
    shown.append(Key(key("front"), say("front line")))
    sums = changed.groupby(["from_state", "to_state"])["area_km2"].sum()
    for change in palette.CHANGE:
        if change in sums.index:
            text = say.transition(*change)
            shown.append(Key(key(change), f"{text}: {say.km2(sums[change])}"))
    if with_extent:
        shown.append(Key(key("extent"), say("estimated extent of the place")))
    return Keys(shown)
