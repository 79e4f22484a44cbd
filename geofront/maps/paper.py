"""Paper: what drawings in SVG are made of, without a browser."""

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._rows import Floats
from geofront.maps import palette
from geofront.maps.base import Bounds

__all__ = ["FONT", "Paper", "dot", "hatching", "plain_text"]
__all__ += ["round_km", "words_at"]

FONT = "Helvetica Neue, Arial, sans-serif"
# What a file of XML must not hold, as control characters and half a pair.
_NOT_TEXT = dict.fromkeys(
    (
        *range(32),
        *range(127, 160),
        *range(0xD800, 0xE000),
        *(0xFFFE, 0xFFFF),
    ),
    " ",
)


class Paper:
    """Mercator's projection of bounds onto pixels, and what is drawn there.

    Parameters
    ----------
    bounds : (west, south, east, north)
        What to show, in degrees.
    width, height : int
        In pixels.
    above, below : int
        Pixels that words take.
    """

    def __init__(
        self,
        bounds: Bounds,
        width: int,
        height: int,
        *,
        above: int = 0,
        below: int = 0,
    ) -> None:
        west, south, east, north = bounds
        self.size = width, height
        corners = _mercator(np.array([[west, south], [east, north]]))
        extent = corners[1] - corners[0]
        room = np.array([width, height - above - below])
        self.scale = float(min(room / extent))
        middle = corners.mean(axis=0)
        self.origin = middle + np.array([-width, height + above - below]) / (
            2 * self.scale
        )

    def project(self, points: Floats) -> Floats:
        """Degrees to pixels from the upper left."""
        moved = (_mercator(points) - self.origin) * self.scale
        found: Floats = moved * [1, -1]
        return found

    def unproject(self, points: Floats) -> Floats:
        """Pixels from the upper left to degrees."""
        x, y = (points * [1, -1] / self.scale + self.origin).T
        found: Floats = np.degrees(np.column_stack([x, np.arcsin(np.tanh(y))]))
        return found

    def cut(self, geometry: BaseGeometry) -> BaseGeometry:
        """What of areas or lines lies on the paper, and a little more."""
        width, height = self.size
        flat = shapely.transform(geometry, self.project)
        return shapely.clip_by_rect(flat, -10, -10, width + 10, height + 10)

    def area(
        self,
        area: BaseGeometry | None,
        fill: Mapping[str, object],
        rim: Mapping[str, object] | None = None,
    ) -> str:
        """Path of an area, filled and rimmed; nothing for none."""
        if area is None:
            return ""
        rings = shapely.get_rings(shapely.get_parts(self.cut(area)))
        path = "".join(_path(ring, "Z") for ring in rings)
        opacity = fill.get("opacity", 1)
        return (
            f'<path d="{path}" fill-rule="evenodd" fill="{fill["fill"]}" '
            f'fill-opacity="{opacity}"{_stroke(rim)}/>'
        )

    def line(self, lines: BaseGeometry, style: Mapping[str, object]) -> str:
        """Path of lines."""
        path = "".join(map(_path, shapely.get_parts(self.cut(lines))))
        return f'<path d="{path}" fill="none"{_stroke(style)}/>'


def _mercator(points: Floats) -> Floats:
    x, y = np.radians(points).T
    return np.column_stack([x, np.arctanh(np.sin(y))])


def round_km(metres: float) -> float:
    """Round length of a scale bar: at most a fifth of a map's width."""
    wanted = metres / 5000.0
    power = float(10.0 ** np.floor(np.log10(wanted)))
    return power * max(step for step in (1, 2, 5) if step * power <= wanted)


def hatching(name: str) -> str:
    """Pattern of the grey zone, under an id."""
    return (
        f'<pattern id="{name}" width="8" height="8" '
        'patternUnits="userSpaceOnUse">'
        f'<path d="M-2 10L10 -2M-2 2L2 -2M6 10L10 6" '
        f'stroke="{palette.GREY_ZONE}" stroke-width="1.7"/></pattern>'
    )


def dot(x: float, y: float, radius: float = 3.0) -> str:
    """Mark of a place."""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="#fff" '
        f'stroke="{palette.FRONT}" stroke-width="1.6"/>'
    )


def _stroke(style: Mapping[str, object] | None) -> str:
    if style is None:
        return ""
    dash = style.get("dash")
    dashes = (
        f' stroke-dasharray="{dash[0]} {dash[1]}"'
        if isinstance(dash, list)
        else ""
    )
    return (
        f' stroke="{style["colour"]}" stroke-width="{style["width"]}" '
        f'stroke-opacity="{style.get("opacity", 1)}" '
        f'stroke-linejoin="round" stroke-linecap="round"{dashes}'
    )


def _path(line: BaseGeometry, end: str = "") -> str:
    """Line in tenths of pixels, without points that would not be seen."""
    points = shapely.get_coordinates(shapely.simplify(line, 0.2))
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist())
    return f"M{steps}{end}" if steps else ""


def words_at(
    x: float, y: float, text: str, size: int, *, weight: str = "normal"
) -> str:
    """Text with a halo, its base line beginning at a point."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family={quoteattr(FONT)} '
        f'font-size="{size}" font-weight="{weight}" fill="{palette.FRONT}" '
        f'stroke="#fff" stroke-width="3" stroke-linejoin="round" '
        f'paint-order="stroke">{plain_text(text)}</text>'
    )


def plain_text(text: str) -> str:
    """Text as XML takes it, whatever it holds."""
    return escape(text.translate(_NOT_TEXT))
