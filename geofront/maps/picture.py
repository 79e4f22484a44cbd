"""A day of a map as SVG, without a browser."""

from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._rows import Floats
from geofront.front import front_line
from geofront.geography import OSM_ATTRIBUTION, oblasts, territory
from geofront.maps import palette
from geofront.maps.base import Bounds
from geofront.maps.contents import source_terms, words
from geofront.maps.naming import day_text, source_title
from geofront.model import Snapshot
from geofront.place import Place

__all__ = ["svg"]

_HATCHING = (
    '<pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse">'
    '<path d="M-2 10L10 -2M-2 2L2 -2M6 10L10 6" stroke="{colour}" '
    'stroke-width="1.7"/></pattern>'
)
_FONT = "Helvetica Neue, Arial, sans-serif"
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


class _Paper:
    """Mercator's projection of bounds onto pixels."""

    def __init__(self, bounds: Bounds, width: int, height: int) -> None:
        west, south, east, north = bounds
        self.size = width, height
        corners = _mercator(np.array([[west, south], [east, north]]))
        extent = corners[1] - corners[0]
        self.scale = float(min(np.array([width, height - 60]) / extent))
        middle = corners.mean(axis=0)
        self.origin = middle + np.array([-width, height - 40]) / (
            2 * self.scale
        )

    def project(self, points: Floats) -> Floats:
        """Degrees to pixels from the upper left."""
        moved = (_mercator(points) - self.origin) * self.scale
        found: Floats = moved * [1, -1]
        return found

    def cut(self, geometry: BaseGeometry) -> BaseGeometry:
        """What of areas or lines lies on the paper, and a little more."""
        width, height = self.size
        flat = shapely.transform(geometry, self.project)
        return shapely.clip_by_rect(flat, -10, -10, width + 10, height + 10)


def _mercator(points: Floats) -> Floats:
    x, y = np.radians(points).T
    return np.column_stack([x, np.arctanh(np.sin(y))])


def svg(
    snapshot: Snapshot,
    *,
    bounds: Bounds,
    places: Iterable[Place] = (),
    lang: str = "en",
    size: tuple[int, int] = (960, 640),
) -> str:
    """One snapshot as SVG, in named groups.

    Parameters
    ----------
    snapshot : Snapshot
    bounds : (west, south, east, north)
        What to show, in degrees.
    places : iterable of Place
    lang : {'en', 'uk'}
    size : (int, int)
        Width and height in pixels.

    Returns
    -------
    str
    """
    paper = _Paper(bounds, *size)
    style = palette.paint()
    groups = {
        "land": _area(paper, territory(), style["land"], style["border"]),
        "oblasts": "".join(
            _line(paper, shapely.boundary(region), style["oblast"])
            for region in oblasts().geometry
        ),
        **_states(paper, snapshot, style),
        "places": _places(paper, places, lang),
        "furniture": _furniture(paper, snapshot, lang),
    }
    width, height = size
    title = f"{source_title(snapshot)}, {day_text(snapshot.date, lang)}"
    drawn = "".join(
        f'<g id="{key}">{text}</g>' for key, text in groups.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" role="img">'
        f"<title>{_text(title)}</title>"
        f"<defs>{_HATCHING.format(colour=palette.GREY_ZONE)}</defs>"
        f'<rect width="{width}" height="{height}" fill="{palette.BEYOND}"/>'
        f"{drawn}</svg>"
    )


def _states(
    paper: _Paper, snapshot: Snapshot, style: dict[str, dict[str, object]]
) -> dict[str, str]:
    grey, front = snapshot.grey_zone, front_line(snapshot)
    hatch = {"fill": "url(#hatch)"}
    return {
        "regained": _area(
            paper, snapshot.regained, style["regained"], style["regainedRim"]
        ),
        "occupied": _area(paper, snapshot.occupied, style["occupied"]),
        "grey_zone": _area(paper, grey, style["greyGround"])
        + _area(paper, grey, hatch, style["greyRim"]),
        "coverage": _area(
            paper, snapshot.coverage, {"fill": "none"}, style["coverage"]
        ),
        "front": _line(paper, front, style["casing"])
        + _line(paper, front, style["front"]),
    }


def _area(
    paper: _Paper,
    area: BaseGeometry | None,
    fill: Mapping[str, object],
    rim: Mapping[str, object] | None = None,
) -> str:
    if area is None:
        return ""
    rings = shapely.get_rings(shapely.get_parts(paper.cut(area)))
    path = "".join(_path(ring, "Z") for ring in rings)
    opacity = fill.get("opacity", 1)
    return (
        f'<path d="{path}" fill-rule="evenodd" fill="{fill["fill"]}" '
        f'fill-opacity="{opacity}"{_stroke(rim)}/>'
    )


def _line(
    paper: _Paper, lines: BaseGeometry, style: Mapping[str, object]
) -> str:
    path = "".join(map(_path, shapely.get_parts(paper.cut(lines))))
    return f'<path d="{path}" fill="none"{_stroke(style)}/>'


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


def _places(paper: _Paper, places: Iterable[Place], lang: str) -> str:
    """Dots and names, where there is room for them."""
    settlements = [item for one in places for item in one.members or (one,)]
    marks: list[str] = []
    taken: list[BaseGeometry] = []
    for item in settlements:
        centre = np.array([[item.longitude, item.latitude]])
        x, y = paper.project(centre)[0].tolist()
        name = (item.name_uk or item.name) if lang == "uk" else item.name
        box = shapely.box(x - 3, y - 10, x + 8 + 8 * len(name), y + 8)
        if shapely.intersects(box, taken).any():
            continue
        taken.append(box)
        marks.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#fff" '
            f'stroke="{palette.FRONT}" stroke-width="1.6"/>'
            + _words(x + 6, y + 4, name, 12, weight="bold")
        )
    return "".join(marks)


def _words(
    x: float, y: float, text: str, size: int, *, weight: str = "normal"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family={quoteattr(_FONT)} '
        f'font-size="{size}" font-weight="{weight}" fill="{palette.FRONT}" '
        f'stroke="#fff" stroke-width="3" stroke-linejoin="round" '
        f'paint-order="stroke">{_text(text)}</text>'
    )


def _text(text: str) -> str:
    return escape(text.translate(_NOT_TEXT))


def _furniture(paper: _Paper, snapshot: Snapshot, lang: str) -> str:
    """Day, areas, source, terms."""
    said = words(lang)
    unit = said["units"]["km2"]
    areas = snapshot.areas()
    lines = [
        f"{said['layers'][state]}: {_number(size, lang)} {unit}"
        for state in ("occupied", "grey_zone")
        if (size := areas[f"{state}_km2"]) is not None
    ]
    below = [
        said["origin"]
        .replace("%s", source_title(snapshot))
        .replace("%t", f"{snapshot.published_at:%Y-%m-%d %H:%M} UTC"),
        *(note.detail for note in snapshot.notes if note.kind == "remark"),
        *source_terms(snapshot.source, lang),
        OSM_ATTRIBUTION,
    ]
    _, height = paper.size
    parts = [_words(12, 26, day_text(snapshot.date, lang), 18, weight="bold")]
    parts += [
        _words(12, 46 + 16 * row, line, 13) for row, line in enumerate(lines)
    ]
    parts += [
        _words(12, height - 8 - 12 * row, line, 10)
        for row, line in enumerate(reversed(_wrapped(below)))
    ]
    return "".join(parts)


def _number(value: float, lang: str) -> str:
    """Number with a decimal, as a language writes it."""
    written = f"{value:,.1f}"
    if lang == "uk":
        return written.replace(",", "\u00a0").replace(".", ",")
    return written


def _wrapped(sentences: Sequence[str], limit: int = 150) -> list[str]:
    lines = [""]
    for sentence in sentences:
        longer = f"{lines[-1]} {sentence}".strip()
        if len(longer) > limit:
            lines.append(sentence)
        else:
            lines[-1] = longer
    return lines
