"""What drawings without a browser mark: change, distances, names, keys."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from shapely import LineString

from geofront._languages import number_text
from geofront.change import Delta
from geofront.maps import palette
from geofront.maps.contents import words
from geofront.maps.ground import towns
from geofront.maps.naming import place_name
from geofront.maps.paper import Paper, dot, words_at
from geofront.maps.redraws import redrawn_ground
from geofront.model import Snapshot
from geofront.place import Place
from geofront.proximity import Approach, approach

__all__ = [
    "changes",
    "distances",
    "keys",
    "lengths",
    "names",
    "panel",
    "patterns",
    "ways",
]

# Shorter lines have no length beside them, in pixels.
_SHORTEST_PX = 16
_NEUTRAL = ("#D9D9D9", "url(#dots)")


def patterns() -> str:
    """What changes are told by without colour, dots of what was redrawn."""
    dots = palette.PATTERNS["spots"].replace("#ffffff", "#595959")
    return "".join(
        f'<pattern id="{name}" width="8" height="8" '
        f'patternUnits="userSpaceOnUse">{held}</pattern>'
        for name, held in {**palette.PATTERNS, "dots": dots}.items()
    )


def changes(paper: Paper, change: Delta, redrawn: Sequence[Delta]) -> str:
    """What changed hands, with its pattern; what was redrawn."""
    frame = change.to_geodataframe()
    parts: list[str] = []
    for states, (colour, rim) in palette.CHANGE.items():
        before, after = states
        rows = frame[(frame.from_state == before) & (frame.to_state == after)]
        if rows.empty:
            continue
        area = shapely.union_all(rows.geometry.to_numpy())
        fill = {"fill": colour, "opacity": 0.7}
        parts.append(paper.area(area, fill, {"colour": rim, "width": 1.0}))
        if pattern := palette.pattern(before, after):
            marks = {"fill": f"url(#{pattern})", "opacity": 0.7}
            parts.append(paper.area(area, marks))
    mask = redrawn_ground(change, redrawn)
    for neutral in _NEUTRAL:
        parts.append(paper.area(mask, {"fill": neutral}))
    return "".join(parts)


def ways(snapshot: Snapshot, places: Iterable[Place]) -> list[Approach]:
    """The shortest line from each place to the occupied area."""
    known = [place for place in places if place.has_extent]
    found = [approach(snapshot, place) for place in known]
    return [way for way in found if way and way.bearing_deg is not None]


def distances(
    paper: Paper, places: Iterable[Place], ways: Iterable[Approach]
) -> str:
    """Rims of places, and the lines that lead from them."""
    style = palette.paint()
    parts = [
        paper.line(shapely.boundary(place.extent), style["extent"])
        for place in places
        if place.has_extent
    ]
    for way in ways:
        line = LineString([way.start, way.end])
        parts.append(paper.line(line, style["distanceHalo"]))
        parts.append(paper.line(line, style["distance"]))
    return "".join(parts)


def lengths(
    paper: Paper,
    ways: Iterable[Approach],
    taken: list[shapely.Polygon],
    lang: str,
) -> str:
    """How long lines are and where they lead, where there is room."""
    said = words(lang)
    parts: list[str] = []
    for way in ways:
        assert way.bearing_deg is not None
        ends = paper.project(np.array([way.start, way.end]))
        x, y = ends.mean(axis=0).tolist()
        if np.hypot(*(ends[1] - ends[0])) < _SHORTEST_PX:
            continue
        sector = said["sectors"][round(way.bearing_deg / 45) % 8]
        text = f"{number_text(way.km, 1, lang)} {said['units']['km']} {sector}"
        for base in (y - 8, y + 18):
            if _takes(paper, taken, x, base, text):
                parts.append(words_at(x, base, text, 12))
                break
    return "".join(parts)


def _takes(
    paper: Paper, taken: list[shapely.Polygon], x: float, y: float, text: str
) -> bool:
    """Take the room of a text, if it is on the paper and nobody has."""
    box = shapely.box(x - 9, y - 14, x + 2 + 8 * len(text), y + 4)
    if not _is_on(paper, x, y) or shapely.intersects(box, taken).any():
        return False
    taken.append(box)
    return True


def _is_on(paper: Paper, x: float, y: float) -> bool:
    width, height = paper.size
    return 0 <= x <= width and 0 <= y <= height


def names(
    paper: Paper,
    places: Iterable[Place],
    taken: list[shapely.Polygon],
    lang: str,
) -> str:
    """Dots and names, where there is room: places first, then towns."""
    settlements = [item for one in places for item in one.members or (one,)]
    targets = [
        (place_name(item, lang), item.longitude, item.latitude)
        for item in settlements
    ]
    known = {name for name, _, _ in targets}
    others = [
        (name, longitude, latitude)
        for name, longitude, latitude, people in towns(lang)
        if people >= _least_people(paper) and name not in known
    ]
    return "".join(
        _named(paper, taken, *item, is_target=row < len(targets))
        for row, item in enumerate(targets + others)
    )


def _least_people(paper: Paper) -> float:
    """How many a town must have had to be named: fewer, the nearer."""
    zoom = np.log2(2 * np.pi * paper.scale / 256)
    return float(9e5 / 2 ** (1.6 * (zoom - 5)))


def _named(
    paper: Paper,
    taken: list[shapely.Polygon],
    name: str,
    longitude: float,
    latitude: float,
    *,
    is_target: bool,
) -> str:
    """Dot and name, unless others have taken the room."""
    x, y = paper.project(np.array([[longitude, latitude]]))[0].tolist()
    if not _takes(paper, taken, x + 6, y + 4, name):
        return ""
    if not is_target:
        return (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.8" fill="#404040"/>'
            + words_at(x + 5, y + 4, name, 11)
        )
    return dot(x, y) + words_at(x + 6, y + 4, name, 12, weight="bold")


def panel(change: Delta | None, is_masked: bool) -> shapely.Polygon:
    """What the words in the upper left corner take."""
    if change is None:
        return shapely.box(4, 4, 220, 70)
    rows = len(_change_keys(change, words("en"))) + is_masked
    return shapely.box(4, 4, 380, 84 + 16 * rows)


def keys(
    top: int, change: Delta, is_masked: bool, said: dict[str, Any]
) -> list[str]:
    """Keys of what changed one below the other, beneath the areas."""
    told = _change_keys(change, said)
    if is_masked:
        told.append((said["redrawn"], _NEUTRAL))
    parts = []
    for row, (label, fills) in enumerate(told):
        y = top + 16 * row - 11
        parts += [
            f'<rect x="12" y="{y}" width="22" height="12" fill="{fill}"/>'
            for fill in fills
        ]
        parts.append(words_at(40, y + 10, label, 12))
    return parts


def _change_keys(
    change: Delta, said: dict[str, Any]
) -> list[tuple[str, tuple[str, ...]]]:
    """Label and fills of each kind of change."""
    known = said["changes"]
    if not change.draws_grey_zone:
        occupied, free = said["layers"]["occupied"], said["not_occupied"]
        known = {
            "held_occupied": f"{free} → {occupied}",
            "occupied_held": f"{occupied} → {free}",
        }
    return [
        (name, (fill, *([f"url(#{pattern})"] if pattern else [])))
        for (before, after), (fill, _) in palette.CHANGE.items()
        if (name := known.get(f"{before}_{after}"))
        for pattern in [palette.pattern(before, after)]
    ]
