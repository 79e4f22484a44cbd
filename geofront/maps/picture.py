"""A day of a map as SVG, without a browser."""

import textwrap
from collections.abc import Iterable, Sequence

import shapely

from geofront._languages import day_text, number_text, translated
from geofront.change import Delta, delta
from geofront.front import front_line
from geofront.geography import (
    GEONAMES_ATTRIBUTION,
    OSM_ATTRIBUTION,
    RIVERS_ATTRIBUTION,
    oblasts,
    rivers,
    territory,
)
from geofront.maps import marks, palette
from geofront.maps.base import Bounds
from geofront.maps.contents import source_terms, words
from geofront.maps.naming import source_title, span_text
from geofront.maps.paper import Paper, hatching, plain_text, words_at
from geofront.model import Snapshot
from geofront.place import Place

__all__ = ["states", "svg"]

# Of the words at the foot: room at the sides, height of a line, and width of
# a letter of 10 pixels.
_ASIDE, _LINE_PX, _LETTER_PX = 12, 12, 5.4


def svg(
    snapshot: Snapshot,
    *,
    bounds: Bounds,
    since: Snapshot | None = None,
    redrawn: Sequence[Delta] = (),
    places: Iterable[Place] = (),
    lang: str = "en",
    size: tuple[int, int] = (960, 640),
) -> str:
    """One snapshot as SVG, in named groups.

    Parameters
    ----------
    snapshot : Snapshot
    since : Snapshot, optional
        An earlier one: what changed since then is drawn as well.
    redrawn : sequence of Delta
        Steps between the two at which the source drew otherwise: what
        changed in them is drawn as neither gained nor lost.
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
    foot = _foot(snapshot, lang, size[0])
    below = min(14 + _LINE_PX * len(foot), size[1] // 2)
    paper = Paper(bounds, *size, above=10, below=below)
    style = palette.paint()
    shown = list(places)
    ways = marks.ways(snapshot, shown)
    change = None if since is None else delta(since, snapshot)
    changed = "" if change is None else marks.changes(paper, change, redrawn)
    taken = [marks.panel(change, bool(redrawn))]
    drawn = states(paper, snapshot)
    front = drawn.pop("front")
    groups = {
        "land": paper.area(territory(), style["land"], style["border"]),
        "rivers": paper.line(rivers(), style["river"]),
        "oblasts": "".join(
            paper.line(shapely.boundary(region), style["oblast"])
            for region in oblasts().geometry
        ),
        **drawn,
        "change": changed,
        "front": front,
        "distances": marks.distances(paper, shown, ways),
        "places": marks.names(paper, shown, taken, lang)
        + marks.lengths(paper, ways, taken, lang),
        "furniture": _furniture(
            paper, snapshot, change, foot, lang, is_masked=bool(redrawn)
        ),
    }
    width, height = size
    title = f"{source_title(snapshot)}, {day_text(snapshot.date, lang)}"
    picture = "".join(
        f'<g id="{key}">{text}</g>' for key, text in groups.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" role="img">'
        f"<title>{plain_text(title)}</title>"
        f"<defs>{hatching('hatch')}{marks.patterns()}</defs>"
        f'<rect width="{width}" height="{height}" fill="{palette.BEYOND}"/>'
        f"{picture}</svg>"
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


def _furniture(
    paper: Paper,
    snapshot: Snapshot,
    change: Delta | None,
    foot: Sequence[str],
    lang: str,
    *,
    is_masked: bool,
) -> str:
    """Day, areas, net change, source, terms."""
    said = words(lang)
    unit = said["units"]["km2"]
    areas = snapshot.areas()
    lines = [
        f"{said['layers'][state]}: {number_text(size, 1, lang)} {unit}"
        for state in ("occupied", "grey_zone")
        if (size := areas[f"{state}_km2"]) is not None
    ]
    if change is not None:
        days = span_text(change.since.date, change.until.date, lang)
        net = number_text(change.net_km2, 1, lang, signed=True)
        lines.append(f"{days}: {said['net']} {net} {unit}")
    _, height = paper.size
    west, north, east, south = marks.panel(change, is_masked).bounds
    parts = [
        f'<rect x="{west}" y="{north}" width="{east - west}" '
        f'height="{south - north}" fill="#fff" fill-opacity="0.88"/>',
        words_at(12, 26, day_text(snapshot.date, lang), 18, weight="bold"),
    ]
    parts += [
        words_at(12, 46 + 16 * row, line, 13) for row, line in enumerate(lines)
    ]
    if change is not None:
        parts += marks.keys(46 + 16 * len(lines), change, is_masked, said)
    parts += [
        words_at(_ASIDE, height - 8 - _LINE_PX * row, line, 10)
        for row, line in enumerate(reversed(foot))
    ]
    return "".join(parts)


def _foot(snapshot: Snapshot, lang: str, width: int) -> list[str]:
    """Source, remarks and terms, in lines that a width holds."""
    said = words(lang)
    sentences = [
        said["origin"]
        .replace("%s", source_title(snapshot))
        .replace("%t", f"{snapshot.published_at:%Y-%m-%d %H:%M} UTC"),
        *(note.detail for note in snapshot.notes if note.kind == "remark"),
        *source_terms(snapshot.source, lang),
        translated(OSM_ATTRIBUTION, lang),
        translated(GEONAMES_ATTRIBUTION, lang),
        translated(RIVERS_ATTRIBUTION, lang),
    ]
    letters = int((width - 2 * _ASIDE) / _LETTER_PX)
    return textwrap.wrap(
        " ".join(sentences), max(letters, 1), break_on_hyphens=False
    )
