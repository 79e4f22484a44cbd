"""Snapshots, deltas and places as folium layers.

Each function returns a folium object and neither saves nor shows it.
"""

from collections.abc import Iterable

import folium
from shapely import LineString

from geofront._expected import need_snapshots
from geofront._languages import day_text
from geofront.change import Delta
from geofront.front import front_line
from geofront.geodesy import compass_sector
from geofront.maps import palette
from geofront.maps.base import draw
from geofront.maps.naming import attribution, source_title, span_text
from geofront.maps.panel import Entry, Furniture, Labels, Panel
from geofront.maps.text import escape
from geofront.model import Snapshot
from geofront.places import BUILT_IN, Place, as_places
from geofront.proximity import approach
from geofront.sources import SOURCES

__all__ = [
    "drawn_places",
    "map_delta",
    "map_places",
    "map_snapshot",
]

_NAMES = {
    "occupied": "occupied",
    "grey_zone": "grey zone",
    "held": "held",
    "regained": "regained",
}


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
    need_snapshots(snapshot)
    group = _group(f"{source_title(snapshot)}, {day_text(snapshot.date)}")
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
        draw(
            line,
            style,
            name="front line",
            pane="geofront-front",
            attribution=escape(attribution(snapshot)),
        ).add_to(group)
    group.add_child(_snapshot_panel(snapshot))
    return group


def _group(name: str) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name=escape(name))
    group.add_child(Furniture())
    return group


def _snapshot_panel(snapshot: Snapshot) -> Panel:
    areas = snapshot.areas()
    labels = {"occupied": f"occupied {_km2(areas, 'occupied')}"}
    if snapshot.grey_zone is not None:
        labels["grey_zone"] = f"grey zone {_km2(areas, 'grey_zone')}"
    if snapshot.regained is not None and not snapshot.regained.is_empty:
        labels["regained"] = "regained, now held"
    labels["front"] = "front line"
    return Panel(
        day_text(snapshot.date),
        [
            Entry(palette.key(palette.STYLES[style]), label)
            for style, label in labels.items()
        ],
        [*_remarks(snapshot), *_origin(snapshot)],
    )


def _km2(areas: dict[str, float | None], state: str) -> str:
    return f"{areas[f'{state}_km2']:,.1f} km²"


def _remarks(snapshot: Snapshot) -> list[str]:
    lines = [note.detail for note in snapshot.notes if note.kind == "remark"]
    if snapshot.coverage is not None:
        lines.append(
            "Dashed: the coverage. Outside it the source says nothing."
        )
    return lines


def _origin(snapshot: Snapshot) -> list[str]:
    moment = f"{snapshot.published_at:%Y-%m-%d %H:%M} UTC"
    lines = [f"Source: {source_title(snapshot)}, published {moment}."]
    if snapshot.source in SOURCES:
        lines.append(
            "This page republishes the source's polygons under the source's "
            "terms."
        )
    return lines


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
    days = span_text(delta.since.date, delta.until.date)
    group = _group(f"change {days}")
    names = dict(_NAMES)
    if not delta.draws_grey_zone:
        names["held"] = "not occupied"
    entries = []
    frame = delta.to_geodataframe()
    for before, after in palette.CHANGE:
        rows = frame[(frame.from_state == before) & (frame.to_state == after)]
        if rows.empty:
            continue
        label = f"{names[before]} → {names[after]}"
        style = palette.change_style(before, after)
        if palette.pattern(before, after):
            style["fillColor"] = f"url(#{palette.pattern_id(before, after)})"
        for polygon, size in zip(rows.geometry, rows.area_km2, strict=True):
            draw(
                polygon,
                style,
                name=label,
                tooltip=f"{label}: {_small_km2(size)}",
                pane="geofront-change",
            ).add_to(group)
        total = _small_km2(rows.area_km2.sum())
        key = palette.change_key(before, after)
        entries.append(Entry(key, f"{label} {total}"))
    net = f"Occupied area, net: {delta.net_km2:+z,.2f} km²."
    group.add_child(Panel(f"Change, {days}", entries, [net]))
    return group


def _small_km2(size: float) -> str:
    return f"{size:,.2f} km²" if size >= 0.005 else "under 0.01 km²"


def map_places(
    places: Iterable[Place | str] | Place | str = BUILT_IN,
    *,
    snapshot: Snapshot | None = None,
) -> folium.FeatureGroup:
    """Layer of places: centre, name, extent and distance.

    Parameters
    ----------
    places : Place, name, or iterable of them, optional
        By default the built-in ones.
    snapshot : Snapshot, optional
        With it, a line leads from each extent to the nearest occupied
        point, and says how far it is.

    Returns
    -------
    folium.FeatureGroup
        To be added to any ``folium.Map``.  Labels that would cover each
        other step aside, or wait until the map is zoomed in.
    """
    group = _group("places")
    shown = drawn_places(places)
    # Names first: where there is room for one label only, it is the name.
    for place in shown:
        draw(
            place.extent, "place", name=place.name, pane="geofront-places"
        ).add_to(group)
        for settlement in place.members or (place,):
            _draw_name(group, settlement)
    if snapshot is not None:
        for place in shown:
            _draw_distance(group, place, snapshot)
    group.add_child(Labels())
    return group


def drawn_places(
    places: Iterable[Place | str] | Place | str,
) -> list[Place]:
    """Places that are drawn, each with a distance of its own.

    An agglomeration is not, where all of its members are.
    """
    asked = as_places(places, needed=False)
    return [
        place
        for place in asked
        if not (place.members and set(place.members) <= set(asked))
    ]


def _draw_name(group: folium.FeatureGroup, place: Place) -> None:
    marker = folium.CircleMarker(
        (place.latitude, place.longitude),
        radius=3,
        tooltip=_label(place.name, "right"),
        **palette.STYLES["dot"],
    )
    marker.options["pane"] = "geofront-places"
    marker.add_to(group)


def _label(text: str, direction: str) -> folium.Tooltip:
    """Text that is always shown, where there is room."""
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
    layer = draw(
        line,
        "distance",
        name=f"{place.name} to the front",
        pane="geofront-places",
    )
    sector = compass_sector(found.bearing_deg)
    layer.add_child(_label(f"{found.km:,.1f} km {sector}", "center"))
    layer.add_to(group)
