"""Names of places on a map as a picture, put where they cover nothing."""

from collections.abc import Sequence
from typing import Any

import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox
from shapely.geometry.base import BaseGeometry

from geofront._figures import INK, plain
from geofront.place import Place

__all__ = ["draw_names"]

_DOT_POINTS = 1.8


def draw_names(
    drawn: Figure,
    axes: Axes,
    places: Sequence[Place],
    frame: tuple[float, float, float, float],
    line: BaseGeometry,
) -> None:
    """Names of places, where they cover no other name, nor the front line."""
    west, south, east, north = frame
    renderer = FigureCanvasAgg(drawn).get_renderer()
    front = shapely.transform(
        shapely.clip_by_rect(line, *frame), axes.transData.transform
    )
    taken: list[Bbox] = []
    for place in places:
        x, y = place.longitude, place.latitude
        if place.members or not (west < x < east and south < y < north):
            continue
        dot = Bbox([axes.transData.transform((x, y))] * 2)
        dot = dot.padded(_DOT_POINTS * drawn.dpi / 72.0)
        if any(dot.overlaps(other) for other in taken):
            continue
        boxes = [
            (side, _room(axes, renderer, place, side, taken))
            for side in _SIDES
        ]
        free = [(side, box) for side, box in boxes if box is not None]
        if free:
            side, box = min(free, key=lambda each: _covers(each[1], front))
            _name(axes, place, side)
            taken += [box, dot]
            _dot(axes, x, y)


_Side = tuple[int, int, str, str]

_SIDES: tuple[_Side, ...] = (
    (4, 3, "left", "bottom"),
    (-4, 3, "right", "bottom"),
    (4, -3, "left", "top"),
    (-4, -3, "right", "top"),
)
"""Where a name may stand: points to the right and up, and its alignment."""


def _room(
    axes: Axes,
    renderer: Any,
    place: Place,
    side: _Side,
    taken: Sequence[Bbox],
) -> Bbox | None:
    """The box of a name, if it is on the map and covers no other one."""
    text = _name(axes, place, side)
    box = text.get_window_extent(renderer).expanded(1.04, 1.1)
    text.remove()
    inside = axes.bbox.contains(box.x0, box.y0)
    inside = inside and axes.bbox.contains(box.x1, box.y1)
    if not inside or any(box.overlaps(other) for other in taken):
        return None
    return box


def _covers(box: Bbox, front: BaseGeometry) -> float:
    """How much of the front line lies beneath a box, in pixels."""
    return float(shapely.length(shapely.clip_by_rect(front, *box.extents)))


def _name(axes: Axes, place: Place, side: _Side) -> Annotation:
    east, north, horizontal, vertical = side
    return axes.annotate(
        plain(place.name),
        (place.longitude, place.latitude),
        xytext=(east, north),
        textcoords="offset points",
        horizontalalignment=horizontal,
        verticalalignment=vertical,
        fontsize=8.5,
        color=INK,
        path_effects=[withStroke(linewidth=1.8, foreground="white")],
        zorder=11,
    )


def _dot(axes: Axes, x: float, y: float) -> None:
    axes.plot(
        x,
        y,
        marker="o",
        markersize=2.0 * _DOT_POINTS,
        markerfacecolor="white",
        markeredgecolor=INK,
        zorder=10,
    )
