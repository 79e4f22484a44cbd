"""A map as a picture: without a browser, without the network."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from shapely.geometry.base import BaseGeometry

from geofront._breaks import Break, breaks
from geofront._expected import need_snapshots
from geofront._figures import FAINT, INK, figure, note_lines
from geofront._languages import day_text, number_text
from geofront._map_names import draw_names
from geofront.change import Delta, delta
from geofront.front import front_line
from geofront.geodesy import GEOD, area_km2
from geofront.geography import (
    OSM_ATTRIBUTION,
    oblast_borders,
    rivers,
    territory,
)
from geofront.history import History
from geofront.maps import palette
from geofront.maps.paper import round_km
from geofront.maps.redraws import redrawn_ground, redrawn_steps
from geofront.model import Snapshot
from geofront.places import BUILT_IN, Place, as_places
from geofront.sources import SOURCES

__all__ = ["Bounds", "background", "canvas", "checked_bounds", "draw"]
__all__ += ["legend", "scale_bar", "static_map"]

Bounds = tuple[float, float, float, float]

_SEA, _WATER = "#EAF0F4", "#A9BECC"
_NAMES = {"grey_zone": "grey zone"}
_IN_DOUBT = (
    "In doubt: seems to be drawn otherwise, and need not have changed on the "
    "ground"
)
_NOTE_INCHES, _TITLE_INCHES, _SIDE_INCHES = 0.34, 0.74, 0.16
_NOTE_LINES, _LINE_INCHES = 2, 0.134
_KEY_INCHES, _KEY_COLUMNS = 0.21, 4
# Narrower, the words do not fit; wider, the picture is beyond its library.
_NARROWEST, _WIDEST = 2.0, 100.0


def static_map(
    snapshot: Snapshot,
    *,
    compare: Snapshot | None = None,
    history: History | None = None,
    bounds: Bounds | None = None,
    places: Iterable[Place | str] | Place | str = BUILT_IN,
    width: float = 9.0,
) -> Figure:
    """Map of one snapshot, and of what changed since an earlier one.

    Parameters
    ----------
    snapshot : Snapshot
    compare : Snapshot, optional
        Earlier snapshot.
    history : History, optional
        Of both; with it, the map says how much of the change is in doubt
        because the source seems to have drawn otherwise on the way, and
        greys ground that was changed by steps of which most is in doubt.
    bounds : (west, south, east, north), optional
        What to show, in degrees; by default the coverage, or all of Ukraine.
    places : Place, name, or iterable of them, optional
        Named where there is room, the first ones first; by default the
        built-in ones.
    width : float
        In inches, 2 to 100; the height follows.

    Returns
    -------
    matplotlib.figure.Figure
        Its alt text, ``geofront.charts.alt_text(figure)``, says what it
        shows; `geofront.charts.save` puts it into the file.

    Raises
    ------
    ValueError
        If ``bounds`` are none, or ``width`` is no width of a picture.
    UnknownPlaceError
        If there is no such place.

    Notes
    -----
    Of what changed, ground that is no longer occupied is striped, and what
    is grey zone no longer is dotted, to be told apart without colour.
    """
    need_snapshots(snapshot)
    named = as_places(places, needed=False)
    frame = _bounds(snapshot) if bounds is None else checked_bounds(bounds)
    change = None if compare is None else delta(compare, snapshot)
    title, subtitle = (
        f"The front on {day_text(snapshot.date)}",
        _told(snapshot),
    )
    if change is not None:
        subtitle += f". {_told_change(change)}"
    found = _breaks(change, history)
    doubt = _told_doubt(found)
    subtitle += doubt and f"; {doubt}"
    moved = [] if change is None else _moved(change, found)
    layers = _layers(snapshot, change is not None)
    front = Line2D([], [], color=INK, linewidth=2.0, label="front line")
    keys = [*map(_key, layers), front, *map(_key, moved)]
    note = _note(snapshot, is_part=bounds is not None, in_doubt=bool(doubt))
    rows = -(-len(keys) // _KEY_COLUMNS)
    drawn, axes = canvas(title, subtitle, note, frame, width, rows)
    background(axes, frame)
    _states(axes, snapshot, layers)
    for layer in moved:
        _draw_moved(axes, layer)
    line = front_line(snapshot)
    _front(axes, line)
    scale_bar(axes, frame)
    legend(axes, keys)
    draw_names(drawn, axes, named, frame, line)
    why = f" {_IN_DOUBT}." if doubt else ""
    drawn.set_label(f"{title}: {subtitle}.{why}")
    return drawn


def checked_bounds(bounds: Bounds) -> Bounds:
    """Bounds, if a map can show them."""
    try:
        west, south, east, north = map(float, bounds)
    except (TypeError, ValueError):
        west = south = east = north = math.nan
    if not (-180 <= west < east <= 180 and -90 < south < north < 90):
        raise ValueError(
            f"bounds={bounds!r}: expected (west, south, east, north) in "
            "degrees, such as (36.5, 47.5, 38.5, 49.5)"
        )
    return west, south, east, north


def _bounds(snapshot: Snapshot) -> Bounds:
    shown = snapshot.coverage or territory()
    west, south, east, north = shown.bounds
    pad_x, pad_y = 0.03 * (east - west), 0.03 * (north - south)
    return west - pad_x, south - pad_y, east + pad_x, north + pad_y


def _told(snapshot: Snapshot) -> str:
    areas = snapshot.areas()
    told = f"Occupied {areas['occupied_km2']:,.0f} km²"
    if areas["grey_zone_km2"] is not None:
        told += f", grey zone {areas['grey_zone_km2']:,.0f} km²"
    return told


def _told_change(change: Delta) -> str:
    since = day_text(change.since.date)
    net = number_text(change.net_km2, 1, signed=True)
    return f"Occupied area, net since {since}: {net} km²"


def _breaks(
    change: Delta | None, history: History | None
) -> tuple[Break, ...]:
    """Steps on the way at which the source seems to have redrawn."""
    if change is None or history is None:
        return ()
    return breaks(history, between=(change.since, change.until))


def _told_doubt(found: Iterable[Break]) -> str:
    """How much is in doubt on the way; empty for less than 1 km²."""
    km2 = sum(item.km2 for item in found if item.moves_line)
    return f"{km2:,.0f} km² in doubt" if km2 else ""


def _note(snapshot: Snapshot, *, is_part: bool, in_doubt: bool) -> str:
    known = SOURCES.get(snapshot.source)
    owner = known.info.attribution if known else ""
    lines = [owner or f"Source: {snapshot.source}", OSM_ATTRIBUTION]
    if snapshot.coverage is not None:
        lines.append("Dashed: outside, the source says nothing")
    if in_doubt:
        lines.append(_IN_DOUBT)
    if is_part:
        lines.append("Areas are those of the whole map")
    return ". ".join(line.rstrip(".") for line in lines) + "."


def canvas(
    title: str,
    subtitle: str,
    note: str,
    frame: Bounds,
    width: float,
    key_rows: int,
) -> tuple[Figure, Axes]:
    """Figure with its words, and axes for a map of a frame."""
    if not _NARROWEST <= width <= _WIDEST:
        raise ValueError(
            f"width={width!r}: expected inches, from {_NARROWEST:g} to "
            f"{_WIDEST:g}"
        )
    west, south, east, north = frame
    aspect = 1.0 / np.cos(np.radians((south + north) / 2.0))
    inner = width - 2 * _SIDE_INCHES
    tall = inner * (north - south) / (east - west) * aspect
    more = max(len(note_lines(note, width)) - _NOTE_LINES, 0) * _LINE_INCHES
    below = _NOTE_INCHES + more + 0.1 + _KEY_INCHES * key_rows
    height = tall + below + _TITLE_INCHES
    drawn = figure(title, subtitle, note, (width, height))
    axes = drawn.add_axes(
        (
            _SIDE_INCHES / width,
            below / height,
            inner / width,
            tall / height,
        )
    )
    axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
    axes.set_aspect(aspect)
    axes.set_facecolor(_SEA)
    for spine in axes.spines.values():
        spine.set(color=FAINT, linewidth=0.6)
    return drawn, axes


def _outline(geometry: BaseGeometry) -> Outline:
    """Rings of areas, or lines, as one path."""
    parts = shapely.get_parts(shapely.get_parts(np.array([geometry], object)))
    if shapely.get_dimensions(geometry) == 2:
        parts = shapely.get_rings(parts)
    vertices, line = shapely.get_coordinates(parts, return_index=True)
    codes = np.full(len(vertices), Outline.LINETO, np.uint8)
    codes[np.diff(line, prepend=-1) != 0] = Outline.MOVETO
    return Outline(vertices.reshape(-1, 2), codes)


def draw(axes: Axes, geometry: BaseGeometry, **options: object) -> None:
    """Add areas or lines to a map, with matplotlib's options of patches."""
    if not geometry.is_empty:
        patch = PathPatch(_outline(geometry), **{"linewidth": 0.0, **options})
        axes.add_patch(patch)


def background(axes: Axes, frame: Bounds) -> None:
    """Land, rivers and borders."""
    draw(axes, territory(), facecolor=palette.LAND, zorder=1)
    inside = shapely.clip_by_rect(rivers(), *frame)
    for colour, geometry, width in (
        (_WATER, inside, 0.7),
        ("#C9C4B8", oblast_borders(), 0.5),
        (palette.BORDER, territory(), 0.9),
    ):
        draw(
            axes,
            geometry,
            facecolor="none",
            edgecolor=colour,
            linewidth=width,
            zorder=2 if colour != palette.BORDER else 5,
        )


class _Layer(NamedTuple):
    """What is drawn of a snapshot, and how, in the map and in its key."""

    label: str
    area: BaseGeometry
    look: dict[str, Any]
    rim: str = "none"


def _layers(snapshot: Snapshot, is_faint: bool) -> list[_Layer]:
    """States, fainter where they lie beneath what changed."""
    found = [
        _Layer(
            "occupied",
            snapshot.occupied,
            {"facecolor": _tint(palette.OCCUPIED, 0.28 if is_faint else 0.5)},
        )
    ]
    if snapshot.regained is not None and not snapshot.regained.is_empty:
        look = {
            "facecolor": _tint(palette.REGAINED, 0.1),
            "edgecolor": _tint(palette.REGAINED, 0.6),
            "linewidth": 0.4,
        }
        found.insert(0, _Layer("regained", snapshot.regained, look))
    if snapshot.grey_zone is not None:
        found.append(_Layer("grey zone", snapshot.grey_zone, _GREY_LOOK))
    return found


_GREY_LOOK = {
    "facecolor": "white",
    "edgecolor": palette.GREY_ZONE,
    "hatch": "///////",
    "linewidth": 0.3,
}


def _tint(colour: str, share: float) -> str:
    """A colour on land, as if it let that much of the land through."""
    above, below = (np.array(to_rgb(each)) for each in (colour, palette.LAND))
    red, green, blue = (share * above + (1.0 - share) * below).tolist()
    return to_hex((red, green, blue))


def _states(axes: Axes, snapshot: Snapshot, layers: Sequence[_Layer]) -> None:
    for layer in layers:
        draw(axes, layer.area, zorder=3, **layer.look)
    if snapshot.coverage is not None:
        draw(
            axes,
            snapshot.coverage,
            facecolor="none",
            edgecolor=palette.GREY_ZONE,
            linewidth=1.0,
            linestyle=(0, (5, 3)),
            zorder=6,
        )


# In greyscale too: plain where the occupier came nearer, striped where ground
# is no longer occupied, dotted where it is no longer grey zone.
_HATCHES = {
    ("occupied", "grey_zone"): "//////",
    ("occupied", "held"): "//////",
    ("grey_zone", "held"): "......",
}


def _moved(change: Delta, breaks: Iterable[Break]) -> list[_Layer]:
    """Ground that went from one state to another, or was redrawn."""
    found = []
    rows = change.to_geodataframe()
    for before, after in palette.CHANGE:
        own = rows[(rows.from_state == before) & (rows.to_state == after)]
        if own.empty:
            continue
        fill, rim = palette.CHANGE[before, after]
        look = {"facecolor": fill, "edgecolor": "white", "linewidth": 0.0}
        look["hatch"] = _HATCHES.get((before, after), "")
        ground = shapely.multipolygons(own.geometry.to_numpy())
        states = (_NAMES.get(state, state) for state in (before, after))
        size = own.area_km2.sum()
        label = f"{' → '.join(states)}  {size:,.1f} km²"
        found.append(_Layer(label, ground, look, rim))
    return [*found, *_redrawn(change, breaks)]


def _redrawn(change: Delta, found: Iterable[Break]) -> list[_Layer]:
    """Ground that was probably redrawn, over what changed."""
    ground = redrawn_ground(change, redrawn_steps(found))
    km2 = float(area_km2(ground))
    if not km2:
        return []
    return [_Layer(f"probably redrawn  {km2:,.1f} km²", ground, _REDRAWN_LOOK)]


_REDRAWN_LOOK = {
    "facecolor": "#D9D9D9",
    "edgecolor": "#595959",
    "hatch": "....",
    "linewidth": 0.0,
}


def _draw_moved(axes: Axes, layer: _Layer) -> None:
    """Fill and stripes, and a darker rim by which small pieces are seen."""
    draw(axes, layer.area, zorder=4, **layer.look)
    rim = {"facecolor": "none", "edgecolor": layer.rim, "linewidth": 0.7}
    draw(axes, layer.area, zorder=4, **rim)


def _key(layer: _Layer) -> Patch:
    return Patch(label=layer.label, **layer.look)


def legend(
    axes: Axes, keys: list[Artist], columns: int = _KEY_COLUMNS
) -> None:
    """Keys beneath the map, where they cover nothing of it."""
    axes.legend(
        handles=keys,
        loc="upper left",
        bbox_to_anchor=(-0.008, -0.002),
        ncols=columns,
        frameon=False,
        fontsize=8.5,
        handlelength=1.7,
        columnspacing=1.5,
        labelspacing=0.35,
    )


def _front(axes: Axes, line: BaseGeometry) -> None:
    for colour, width, order in (("white", 3.4, 7), (palette.FRONT, 1.7, 8)):
        draw(
            axes,
            line,
            facecolor="none",
            edgecolor=colour,
            linewidth=width,
            joinstyle="round",
            capstyle="round",
            zorder=order,
        )


def scale_bar(axes: Axes, frame: Bounds) -> None:
    """Bar of a round number of kilometres."""
    west, south, east, north = frame
    latitude = south + 0.045 * (north - south)
    _, _, metres = GEOD.inv(west, latitude, east, latitude)
    length = round_km(metres)
    span = length * 1000.0 / metres * (east - west)
    right = east - 0.03 * (east - west)
    axes.plot(
        [right - span, right],
        [latitude] * 2,
        color=INK,
        linewidth=2.2,
        solid_capstyle="butt",
        zorder=9,
    )
    axes.annotate(
        f"{length:g} km",
        (right - span / 2.0, latitude),
        xytext=(0, 4),
        textcoords="offset points",
        horizontalalignment="center",
        fontsize=8.5,
        color=INK,
        path_effects=[withStroke(linewidth=2.5, foreground="white")],
        zorder=9,
    )
