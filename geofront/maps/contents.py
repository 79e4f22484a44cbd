"""What a page of a history is told: drawings, dates, areas, words, places."""

import datetime as dt
import itertools
import json
import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import shapely

from geofront._languages import LANGUAGES, translated
from geofront._reasons import told_reason
from geofront.geography import (
    GEONAMES_ATTRIBUTION,
    OSM_ATTRIBUTION,
    RIVERS_ATTRIBUTION,
)
from geofront.history import History
from geofront.maps import palette
from geofront.maps.arcs import Arcs, chain
from geofront.maps.facing import front_runs
from geofront.maps.figures import series
from geofront.maps.ground import GROUND_GRID_DEG, ground, towns
from geofront.maps.naming import place_name, source_title
from geofront.maps.packing import pack, streams
from geofront.maps.panel import asset
from geofront.maps.pieces import pieces
from geofront.maps.redraws import Redraw
from geofront.maps.runs import GRID_DEG, boundary_runs
from geofront.model import Snapshot
from geofront.place import Place
from geofront.sources import SOURCES

__all__ = ["LANGUAGES", "contents", "encode", "source_terms", "words"]

_SPANS = (1, 7, 30, 90, 365)
_EPOCH = dt.date(1970, 1, 1)
_OUTLINE_STEP_DEG = 0.005


def encode(history: History) -> Arcs:
    """Everything that a history draws, as arcs."""
    drawn = pieces(history)
    edges, runs = boundary_runs(drawn)
    return chain(edges, front_runs(edges, runs, drawn))


def contents(
    history: History,
    *,
    bounds: tuple[float, float, float, float],
    compare: int | None,
    places: list[Place],
    lang: str,
    vector: bool,
    embed: bool,
    breaks: Sequence[Redraw],
) -> str:
    """Text in base64 that the page unpacks.

    Parameters
    ----------
    history : History
    bounds : (west, south, east, north)
        What to show first, in degrees.
    compare : int or None
        Version to compare with.
    places : list of Place
    lang : {'en', 'uk'}
    vector : bool
        Whether the background is drawn.
    embed : bool
        Whether the page is to be shown inside another.
    breaks : sequence of Redraw
        Steps at which the source seems to have drawn otherwise.
    """
    about = {
        **_versions(history),
        **_descriptions(history, lang, vector),
        "lang": lang,
        "words": _words_of(history, lang),
        "paint": palette.paint(),
        "grid": GRID_DEG,
        "groundGrid": GROUND_GRID_DEG,
        "bounds": bounds,
        "compare": compare,
        # Somebody's own words are told on English pages alone.
        "breaks": [
            {
                "at": item.at,
                "reason": told_reason(item.reason, lang) or "",
                "masked": item.is_masked,
            }
            for item in breaks
        ],
        "embed": embed,
        "places": [_place(place, lang) for place in places],
        "towns": towns(lang) if vector else [],
    }
    drawings = [streams(encode(history))]
    if vector:
        drawings.append(streams(ground()))
    return pack(about, *drawings)


def _versions(history: History) -> dict[str, Any]:
    """Of each version its moment, day and areas."""
    days = [(snapshot.date - _EPOCH).days for snapshot in history]
    longest = days[-1] - days[0]
    fresh = [
        int(before.coverage != after.coverage)
        for before, after in itertools.pairwise(history)
    ]
    return {
        "moments": [int(item.published_at.timestamp()) for item in history],
        "days": days,
        **series(history),
        # Whether a version speaks of other ground than the one before it.
        "fresh": [0, *fresh],
        "spans": [str(span) for span in _SPANS if span <= longest],
    }


def _descriptions(history: History, lang: str, vector: bool) -> dict[str, Any]:
    keys = ["occupied"]
    if any(snapshot.draws_grey_zone for snapshot in history):
        keys.append("grey_zone")
    if any(_draws(snapshot, "regained") for snapshot in history):
        keys.append("regained")
    keys += ["front", "places", *(["towns"] if vector else [])]
    last = history[-1]
    return {
        "source": history.source,
        "title": source_title(last),
        "keys": keys,
        "shown": dict.fromkeys((*keys, "towns"), True),
        "remarks": _remarks(history, lang),
        "terms": source_terms(history.source, lang),
        "credits": " · ".join(
            translated(owner, lang)
            for owner in _credits(history.source, vector)
        ),
    }


def _draws(snapshot: Snapshot, state: str) -> bool:
    drawn = snapshot.drawn(state)
    return drawn is not None and len(drawn) > 0


@cache
def _all_words() -> dict[str, Any]:
    known: dict[str, Any] = json.loads(asset("words.json"))
    return known


def words(lang: str) -> dict[str, Any]:
    """Words of the pages in a language; not to be changed."""
    found: dict[str, Any] = _all_words()[lang]
    return found


def _words_of(history: History, lang: str) -> dict[str, Any]:
    """Words; without a grey zone nothing is known to be held."""
    known = words(lang)
    if any(snapshot.draws_grey_zone for snapshot in history):
        return known
    occupied, free = known["layers"]["occupied"], known["not_occupied"]
    return {
        **known,
        "layers": {**known["layers"], "held": free},
        "changes": {
            "held_occupied": f"{free} → {occupied}",
            "occupied_held": f"{occupied} → {free}",
        },
    }


def _remarks(history: History, lang: str) -> list[str]:
    """What the authors say of their maps, and of where they end."""
    said = [
        note.detail
        for snapshot in history
        for note in snapshot.notes
        if note.kind == "remark"
    ]
    lines = list(dict.fromkeys(said))
    if any(snapshot.coverage is not None for snapshot in history):
        lines.append(words(lang)["coverage"])
    return lines


def source_terms(source: str, lang: str) -> list[str]:
    """What a map of a source has to say of its terms of use."""
    known = SOURCES.get(source)
    if known is None:
        return []
    said = words(lang)
    terms = translated(known.info.terms, lang)
    return [said["republished"], said["terms"].replace("%s", terms)]


def _credits(source: str, vector: bool) -> list[str]:
    known = SOURCES.get(source)
    owners = [known.info.attribution] if known else []
    if vector:
        owners += [OSM_ATTRIBUTION, GEONAMES_ATTRIBUTION, RIVERS_ATTRIBUTION]
    return [owner for owner in owners if owner]


def _place(place: Place, lang: str) -> dict[str, Any]:
    """Names and extent of a place: discs, or the points of outlines."""
    settlements = place.members or (place,)
    return {
        "id": place.id,
        "names": [
            [place_name(item, lang), item.longitude, item.latitude]
            for item in settlements
        ],
        "discs": [_disc(item) for item in settlements if item.outline is None],
        "outlines": [
            ring
            for item in settlements
            if item.outline is not None
            for ring in _outlines(item)
        ],
    }


def _disc(place: Place) -> list[float]:
    """Longitude, latitude and radius in km."""
    radius = math.sqrt(place.area_km2 / math.pi) if place.has_extent else 0
    return [place.longitude, place.latitude, round(radius, 4)]


def _outlines(place: Place) -> list[list[list[float]]]:
    """Rings of an extent, their points near enough to measure from."""
    rings = shapely.get_parts(shapely.boundary(place.extent))
    near = shapely.segmentize(rings, _OUTLINE_STEP_DEG)
    return [
        np.round(shapely.get_coordinates(ring), 5).tolist() for ring in near
    ]
