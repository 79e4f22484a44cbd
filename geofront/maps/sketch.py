"""Small maps for a page of text: a day, and what changed before it.

What they are filled with is defined once a page, by `patterns`.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._languages import number_text
from geofront.geodesy import GEOD
from geofront.geography import oblast_borders, rivers, territory
from geofront.maps import palette
from geofront.maps.base import Bounds
from geofront.maps.contents import words
from geofront.maps.paper import (
    FONT,
    Paper,
    dot,
    hatching,
    plain_text,
    round_km,
    words_at,
)
from geofront.maps.picture import states
from geofront.model import Snapshot

__all__ = ["Frame", "Label", "key", "patterns", "sketch"]

_GREY = "geofront-grey-zone"
_WATER = {"colour": "#9DB8C9", "width": 1.0}
_FRAME = {"colour": palette.FRONT, "width": 1.6}
_EXTENT = {"colour": palette.FRONT, "width": 1.4, "dash": [3, 3]}

# Told apart without colour: dark and plain is newly occupied, striped no
# longer; lines and dots on light ground are what the grey zone won and lost.
_MARKS = {
    "stripes": '<path d="M-2 8L8 -2M-1 9L9 -1" stroke="#fff" '
    'stroke-width="2.2"/>',
    "lines": '<path d="M-2 8L8 -2M-1 9L9 -1" stroke="#4D4D4D" '
    'stroke-width="1.4"/>',
    "dots": '<circle cx="3.5" cy="3.5" r="1.6" fill="#fff"/>',
    "plain": "",
}
_MARK_OF = {
    ("held", "occupied"): "plain",
    ("grey_zone", "occupied"): "plain",
    ("held", "grey_zone"): "lines",
    ("occupied", "grey_zone"): "stripes",
    ("grey_zone", "held"): "dots",
    ("occupied", "held"): "stripes",
}


class Label(NamedTuple):
    """Name of a place on a map."""

    text: str
    longitude: float
    latitude: float
    is_bold: bool


class Frame(NamedTuple):
    """Part of a map that another one shows larger."""

    name: str
    bounds: Bounds


def patterns() -> str:
    """What the maps and keys of a page are filled with; takes no room."""
    marks = "".join(
        f'<pattern id="{_name(*change)}" width="7" height="7" '
        'patternUnits="userSpaceOnUse">'
        f'<rect width="7" height="7" fill="{palette.CHANGE[change][0]}"/>'
        f"{_MARKS[mark]}</pattern>"
        for change, mark in _MARK_OF.items()
    )
    return (
        '<svg width="0" height="0" aria-hidden="true" class="patterns">'
        f"<defs>{hatching(_GREY)}{marks}</defs></svg>"
    )


def _name(before: str, after: str) -> str:
    return f"geofront-{before}-{after}".replace("_", "-")


def key(what: str | tuple[str, str]) -> str:
    """Sample for a legend: of a state, the front line or a change."""
    inside = '<rect x="1" y="1" width="24" height="14" {}/>'
    if isinstance(what, tuple):
        rim = palette.CHANGE[what][1]
        paint = f'fill="url(#{_name(*what)})" stroke="{rim}"'
        drawn = inside.format(paint)
    elif what == "grey_zone":
        ground = inside.format('fill="#fff"')
        lines = f'fill="url(#{_GREY})" stroke="{palette.GREY_ZONE}"'
        drawn = ground + inside.format(lines)
    elif what == "front":
        drawn = (
            f'<path d="M1 8H25" stroke="{palette.FRONT}" stroke-width="2.6"/>'
        )
    elif what == "extent":
        drawn = (
            '<circle cx="13" cy="8" r="6.5" fill="none" stroke-width="1.4" '
            f'stroke="{palette.FRONT}" stroke-dasharray="3 3"/>'
        )
    else:
        fill = {"occupied": palette.OCCUPIED, "regained": palette.REGAINED}
        opacity = {"occupied": 0.26, "regained": 0.15}[what]
        drawn = inside.format(
            f'fill="{fill[what]}" fill-opacity="{opacity}" '
            f'stroke="{palette.BORDER}"'
        )
    return (
        '<svg width="26" height="16" viewBox="0 0 26 16" '
        f'aria-hidden="true">{drawn}</svg>'
    )


def sketch(
    snapshot: Snapshot,
    changed: gpd.GeoDataFrame,
    *,
    bounds: Bounds,
    size: tuple[int, int],
    title: str,
    labels: Sequence[Label] = (),
    frames: Iterable[Frame] = (),
    extents: Iterable[BaseGeometry] = (),
    lang: str = "en",
) -> str:
    """Map of a snapshot and of polygons that changed, for a page.

    Parameters
    ----------
    snapshot : Snapshot
    changed : geopandas.GeoDataFrame
        As `geofront.Delta.to_geodataframe` gives them.
    bounds : (west, south, east, north)
        What to show, in degrees.
    size : (int, int)
        Width and height in pixels.
    title : str
        What it shows, in words, for those who cannot see it.
    labels : sequence of Label
        Those named first win where there is no room for all.
    frames : iterable of Frame
        What other maps show larger.
    extents : iterable of shapely geometries
        Outlines of places that matter.
    lang : {'en', 'uk'}
        Of the scale bar.
    """
    paper = Paper(bounds, *size)
    style = palette.paint()
    width, height = size
    drawn = states(paper, snapshot, hatch=_GREY, is_faint=True)
    front = drawn.pop("front")
    parts = [
        f'<rect width="{width}" height="{height}" fill="{palette.BEYOND}"/>',
        paper.area(territory(), style["land"], style["border"]),
        paper.line(oblast_borders(), style["oblast"]),
        paper.line(rivers(), _WATER),
        *drawn.values(),
        *_changes(paper, changed),
        front,
        *(paper.area(item, {"fill": "none"}, _EXTENT) for item in extents),
    ]
    marks, taken = _frames(paper, frames)
    parts += [*marks, *_labels(paper, labels, taken), _scale(paper, lang)]
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" '
        f'class="map"><title>{plain_text(title)}</title>'
        + "".join(parts)
        + "</svg>"
    )


def _changes(paper: Paper, changed: gpd.GeoDataFrame) -> Iterable[str]:
    """Changed ground, the kinds in the order of the palette."""
    for change, (_, rim) in palette.CHANGE.items():
        before, after = change
        own = changed[
            (changed["from_state"] == before) & (changed["to_state"] == after)
        ]
        if len(own):
            yield paper.area(
                shapely.multipolygons(own.geometry.to_numpy()),
                {"fill": f"url(#{_name(*change)})"},
                {"colour": rim, "width": 1.2},
            )


def _frames(
    paper: Paper, frames: Iterable[Frame]
) -> tuple[list[str], list[BaseGeometry]]:
    """Frames with their names, and the room that they take."""
    drawn, taken = [], []
    for frame in frames:
        box = shapely.box(*frame.bounds)
        drawn.append(paper.area(box, {"fill": "none"}, _FRAME))
        west, _, _, north = frame.bounds
        x, y = paper.project(np.array([[west, north]]))[0].tolist()
        drawn.append(
            f'<rect x="{x:.1f}" y="{y - 17:.1f}" width="18" height="17" '
            f'fill="{palette.FRONT}"/><text x="{x + 9:.1f}" '
            f'y="{y - 4:.1f}" fill="#fff" font-size="13" font-weight="bold" '
            f"font-family={quoteattr(FONT)} "
            f'text-anchor="middle">{plain_text(frame.name)}</text>'
        )
        room = shapely.transform(box, paper.project)
        taken += [room, shapely.box(x, y - 17, x + 18, y)]
    return drawn, taken


def _labels(
    paper: Paper, labels: Sequence[Label], taken: Sequence[BaseGeometry]
) -> list[str]:
    """Dots and names, where there is room for them."""
    width, height = paper.size
    frame = shapely.box(2, 2, width - 2, height - 2)
    taken, marks = list(taken), []
    for label in labels:
        point = np.array([[label.longitude, label.latitude]])
        x, y = paper.project(point)[0].tolist()
        long = 7.6 * len(label.text) + 4
        for left in (x + 6, x - 6 - long):
            box = shapely.box(left, y - 9, left + long, y + 6)
            mark = shapely.box(x - 4, y - 4, x + 4, y + 4)
            room = shapely.union(box, mark)
            if shapely.intersects(room, taken).any():
                continue
            if not shapely.contains(frame, room):
                continue
            taken.append(room)
            weight = "bold" if label.is_bold else "normal"
            marks.append(
                dot(x, y, 3.0 if label.is_bold else 2.2)
                + words_at(left, y + 4, label.text, 13, weight=weight)
            )
            break
    return marks


def _scale(paper: Paper, lang: str) -> str:
    """Bar of a round length, at the lower right."""
    width, height = paper.size
    metres = _metres_a_pixel(paper)
    length = round_km(metres * width)
    long = length * 1000.0 / metres
    x, y = width - 12 - long, height - 10
    text = f"{number_text(length, 0, lang)} {words(lang)['units']['km']}"
    return (
        f'<path d="M{x:.1f} {y}h{long:.1f}" stroke="#fff" stroke-width="6"/>'
        f'<path d="M{x:.1f} {y}h{long:.1f}" stroke="{palette.FRONT}" '
        'stroke-width="3"/>' + words_at(x, y - 6, text, 12)
    )


def _metres_a_pixel(paper: Paper) -> float:
    """Length of a pixel along the foot of the map."""
    width, height = paper.size
    flat = np.array([[0.0, height], [width, height]])
    (west, south), (east, _) = paper.unproject(flat).tolist()
    return float(GEOD.inv(west, south, east, south)[2]) / width
