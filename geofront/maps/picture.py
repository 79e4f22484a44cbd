"""A day of a map as SVG, without a browser."""

from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from geofront._languages import day_text, number_text, translated
from geofront.front import front_line
from geofront.geography import OSM_ATTRIBUTION, oblasts, territory
from geofront.maps import palette
from geofront.maps.base import Bounds
from geofront.maps.contents import source_terms, words
from geofront.maps.naming import source_title
from geofront.maps.paper import (
    Paper,
    dot,
    hatching,
    plain_text,
    words_at,
)
from geofront.model import Snapshot
from geofront.place import Place

__all__ = ["states", "svg"]


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
    paper = Paper(bounds, *size, above=10, below=50)
    style = palette.paint()
    groups = {
        "land": paper.area(territory(), style["land"], style["border"]),
        "oblasts": "".join(
            paper.line(shapely.boundary(region), style["oblast"])
            for region in oblasts().geometry
        ),
        **states(paper, snapshot),
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
        f"<title>{plain_text(title)}</title>"
        f"<defs>{hatching('hatch')}</defs>"
        f'<rect width="{width}" height="{height}" fill="{palette.BEYOND}"/>'
        f"{drawn}</svg>"
    )


def states(
    paper: Paper,
    snapshot: Snapshot,
    *,
    hatch: str = "hatch",
    is_faint: bool = False,
) -> dict[str, str]:
    """What a snapshot draws, by the name of the group.

    Parameters
    ----------
    paper : Paper
    snapshot : Snapshot
    hatch : str
        Id of the pattern of the grey zone.
    is_faint : bool, default False
        Whether what is occupied recedes behind what changed.
    """
    style = palette.paint()
    if is_faint:
        style["occupied"]["opacity"] = 0.26
    grey, front = snapshot.grey_zone, front_line(snapshot)
    lines = {"fill": f"url(#{hatch})"}
    return {
        "regained": paper.area(
            snapshot.regained, style["regained"], style["regainedRim"]
        ),
        "occupied": paper.area(snapshot.occupied, style["occupied"]),
        "grey_zone": paper.area(grey, style["greyGround"])
        + paper.area(grey, lines, style["greyRim"]),
        "coverage": paper.area(
            snapshot.coverage, {"fill": "none"}, style["coverage"]
        ),
        "front": paper.line(front, style["casing"])
        + paper.line(front, style["front"]),
    }


def _places(paper: Paper, places: Iterable[Place], lang: str) -> str:
    """Dots and names, where there is room for them."""
    settlements = [item for one in places for item in one.members or (one,)]
    marks: list[str] = []
    taken: list[shapely.Polygon] = []
    for item in settlements:
        centre = np.array([[item.longitude, item.latitude]])
        x, y = paper.project(centre)[0].tolist()
        name = (item.name_uk or item.name) if lang == "uk" else item.name
        box = shapely.box(x - 3, y - 10, x + 8 + 8 * len(name), y + 8)
        if shapely.intersects(box, taken).any():
            continue
        taken.append(box)
        marks.append(
            dot(x, y) + words_at(x + 6, y + 4, name, 12, weight="bold")
        )
    return "".join(marks)


def _furniture(paper: Paper, snapshot: Snapshot, lang: str) -> str:
    """Day, areas, source, terms."""
    said = words(lang)
    unit = said["units"]["km2"]
    areas = snapshot.areas()
    lines = [
        f"{said['layers'][state]}: {number_text(size, 1, lang)} {unit}"
        for state in ("occupied", "grey_zone")
        if (size := areas[f"{state}_km2"]) is not None
    ]
    below = [
        said["origin"]
        .replace("%s", source_title(snapshot))
        .replace("%t", f"{snapshot.published_at:%Y-%m-%d %H:%M} UTC"),
        *(note.detail for note in snapshot.notes if note.kind == "remark"),
        *source_terms(snapshot.source, lang),
        translated(OSM_ATTRIBUTION, lang),
    ]
    _, height = paper.size
    parts = [
        words_at(12, 26, day_text(snapshot.date, lang), 18, weight="bold")
    ]
    parts += [
        words_at(12, 46 + 16 * row, line, 13) for row, line in enumerate(lines)
    ]
    parts += [
        words_at(12, height - 8 - 12 * row, line, 10)
        for row, line in enumerate(reversed(_wrapped(below)))
    ]
    return "".join(parts)


def _wrapped(sentences: Sequence[str], limit: int = 150) -> list[str]:
    lines = [""]
    for sentence in sentences:
        longer = f"{lines[-1]} {sentence}".strip()
        if len(longer) > limit:
            lines.append(sentence)
        else:
            lines[-1] = longer
    return lines
