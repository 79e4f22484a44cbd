"""How maps name sources, places and days."""

import datetime as dt

from geofront._languages import day_text
from geofront.model import Snapshot
from geofront.place import Place
from geofront.sources import SOURCES

__all__ = ["attribution", "place_name", "source_title", "span_text"]


def source_title(snapshot: Snapshot) -> str:
    """Name of a snapshot's source as it is written on maps."""
    known = SOURCES.get(snapshot.source)
    return known.info.title if known else snapshot.source


def attribution(snapshot: Snapshot) -> str:
    """Line to print where a snapshot is shown: whose it is."""
    known = SOURCES.get(snapshot.source)
    owner = known.info.attribution if known else ""
    return owner or f"Source: {source_title(snapshot)}"


def place_name(place: Place, lang: str) -> str:
    """Name of a place in a language, where it is known."""
    return (place.name_uk or place.name) if lang == "uk" else place.name


def span_text(since: dt.date, until: dt.date, lang: str = "en") -> str:
    """Days from one to another as they are written on maps."""
    start = day_text(since, lang)
    if since == until:
        return start
    if since.year == until.year:
        start = start.removesuffix(f" {since.year}")
        if since.month == until.month:
            start = f"{since.day}"
    return f"{start} → {day_text(until, lang)}"
