"""Snapshots, deltas and places as folium layers.

Each function returns a folium object and neither saves nor shows it.
"""

import datetime as dt
from collections.abc import Iterable

import folium
from shapely import LineString

from geofront.change import Delta
from geofront.front import front_line
from geofront.geodesy import compass_sector
from geofront.geography import OSM_ATTRIBUTION
from geofront.maps import palette
from geofront.maps.base import draw
from geofront.maps.panel import Entry, Hatching, Panel
from geofront.maps.text import escape
from geofront.model import Snapshot
from geofront.places import BUILT_IN, Place
from geofront.proximity import approach
from geofront.sources import SOURCES

__all__ = ["map_delta", "map_places", "map_snapshot"]

_NAMES = {
    "occupied": "occupied",
    "grey_zone": "grey zone",
    "held": "held",
    "regained": "regained",
}
_HATCH_CSS = "repeating-linear-gradient(45deg,#4D4D4D 0 2px,#FFFFFF 2px 6px)"


def map_snapshot(snapshot: Snapshot) -> folium.FeatureGroup:
    """Layer of one snapshot, with its legend, date and source.

    Parameters
    ----------
    snapshot : Snapshot

    Returns
    -------
    folium.FeatureGroup
        To be added to any ``folium.Map``.

    Examples
    --------
    >>> import geofront as gf
    >>> snapshot = gf.example_history().at("2025-02-24")
    >>> page = gf.base_map(snapshot.coverage.bounds)
    >>> layer = gf.map_snapshot(snapshot).add_to(page)
    """
    name = f"{_source(snapshot)}, {_day(snapshot.date)}"
    group = folium.FeatureGroup(name=escape(name))
    group.add_child(Hatching())
    areas = snapshot.areas()
    for state in ("regained", "occupied", "grey_zone"):
        area = getattr(snapshot, state)
        if area is None or area.is_empty:
            continue
        size = areas.get(f"{state}_km2")
        text = _NAMES[state] + (f": {size:,.1f} km²" if size else "")
        draw(area, state, name=_NAMES[state], tooltip=text).add_to(group)
    if snapshot.coverage is not None:
        draw(snapshot.coverage, "coverage", name="coverage").add_to(group)
    line = front_line(snapshot)
    for style in ("casing", "front"):
        draw(line, style, name="front line").add_to(group)
    group.add_child(_snapshot_panel(snapshot))
    return group


def _snapshot_panel(snapshot: Snapshot) -> Panel:
    areas = snapshot.areas()
    entries = [
        Entry(palette.OCCUPIED + "88", f"occupied {_km2(areas, 'occupied')}")
    ]
    if snapshot.grey_zone is not None:
        entries.append(
            Entry(_HATCH_CSS, f"grey zone {_km2(areas, 'grey_zone')}")
        )
    if snapshot.regained is not None and not snapshot.regained.is_empty:
        entries.append(Entry(palette.REGAINED + "22", "regained, now held"))
    entries.append(Entry(palette.FRONT, "front line"))
    return Panel(
        _day(snapshot.date),
        entries,
        [*_remarks(snapshot), *_credits(snapshot)],
    )


def _km2(areas: dict[str, float | None], state: str) -> str:
    return f"{areas[f'{state}_km2']:,.1f} km²"


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"


def _source(snapshot: Snapshot) -> str:
    known = SOURCES.get(snapshot.source)
    return known.info.title if known else snapshot.source


def _remarks(snapshot: Snapshot) -> list[str]:
    lines = [note.detail for note in snapshot.notes if note.kind == "remark"]
    if snapshot.coverage is not None:
        lines.append(
            "Dashed: the coverage. Outside it the source says nothing."
        )
    return lines


def _credits(snapshot: Snapshot) -> list[str]:
    moment = f"{snapshot.published_at:%Y-%m-%d %H:%M} UTC"
    lines = [f"Source: {_source(snapshot)}, published {moment}."]
    known = SOURCES.get(snapshot.source)
    if known:
        lines.append(
            f"{known.info.attribution}. This page republishes the source's "
            "polygons under the source's terms."
        )
    return [*lines, f"{OSM_ATTRIBUTION}."]


def map_delta(delta: Delta) -> folium.FeatureGroup:
    """Layer of what changed between two snapshots, with its legend.

    Parameters
    ----------
    delta : Delta

    Returns
    -------
    folium.FeatureGroup
        To be added to any ``folium.Map``.
    """
    days = f"{_day(delta.since.date)} → {_day(delta.until.date)}"
    group = folium.FeatureGroup(name=escape(f"change {days}"))
    entries = []
    frame = delta.to_geodataframe()
    for (before, after), (fill, _) in palette.CHANGE.items():
        rows = frame[(frame.from_state == before) & (frame.to_state == after)]
        if rows.empty:
            continue
        label = f"{_NAMES[before]} → {_NAMES[after]}"
        for polygon, size in zip(rows.geometry, rows.area_km2, strict=True):
            draw(
                polygon,
                palette.change_style(before, after),
                name=label,
                tooltip=f"{label}: {size:,.2f} km²",
            ).add_to(group)
        entries.append(
            Entry(fill + "B3", f"{label} {rows.area_km2.sum():,.2f} km²")
        )
    net = f"Occupied area, net: {delta.net_km2:+,.2f} km²."
    group.add_child(Panel(f"Change, {days}", entries, [net]))
    return group


def map_places(
    places: Iterable[Place] | Place = BUILT_IN,
    *,
    snapshot: Snapshot | None = None,
) -> folium.FeatureGroup:
    """Layer of places: centre, name, extent and distance.

    Parameters
    ----------
    places : Place or iterable of Place, optional
        By default the built-in ones.
    snapshot : Snapshot, optional
        With it, a line leads from each extent to the nearest occupied
        point, and says how far it is.

    Returns
    -------
    folium.FeatureGroup
        To be added to any ``folium.Map``.
    """
    group = folium.FeatureGroup(name="places")
    asked = [places] if isinstance(places, Place) else list(places)
    for place in asked:
        if place.members and set(place.members) <= set(asked):
            continue  # Each member is drawn with a distance of its own.
        draw(place.extent, "place", name=place.name).add_to(group)
        if snapshot is not None:
            _draw_distance(group, place, snapshot)
        for settlement in place.members or (place,):
            _draw_name(group, settlement)
    return group


def _draw_name(group: folium.FeatureGroup, place: Place) -> None:
    folium.CircleMarker(
        (place.latitude, place.longitude),
        radius=3,
        tooltip=_label(place.name, "right"),
        **palette.STYLES["front"],
    ).add_to(group)


def _label(text: str, direction: str) -> folium.Tooltip:
    """Text that is always shown."""
    return folium.Tooltip(
        escape(text),
        permanent=True,
        direction=direction,
        class_name="geofront-label",
    )


def _draw_distance(
    group: folium.FeatureGroup, place: Place, snapshot: Snapshot
) -> None:
    found = approach(snapshot, place)
    if found is None or found.bearing_deg is None:
        return
    line = LineString([found.start, found.end])
    layer = draw(line, "distance", name=f"{place.name} to the front")
    sector = compass_sector(found.bearing_deg)
    layer.add_child(_label(f"{found.km:,.1f} km {sector}", "center"))
    layer.add_to(group)
