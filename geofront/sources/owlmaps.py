"""Another team's map: rings of what is occupied, a file a day.

A file shows the state of the day before its own date.  Rings are exterior
only, overlap, and run latitude first.  Units are never read.
"""

import datetime as dt
import re
from pathlib import Path
from typing import Any, ClassVar

from geofront.days import last_second
from geofront.errors import SourceError
from geofront.model import Note, Snapshot
from geofront.sources.assembly import Reader
from geofront.sources.gathering import gather
from geofront.sources.geojson import describe, parse
from geofront.sources.protocol import SourceInfo

_NAME = re.compile(r"([0-9]{8})\.json")
_DAY_BEFORE = Note(
    "date",
    "the map is of the day before its file's date: the end of that day in "
    "Kyiv stands for the moment",
)
# Ukrainian-held land in Kursk oblast: abroad, whatever its geometry says.
_MEANINGS = {"areas": "occupied", "areas_ua": None}


class OwlMaps:
    """Adapter of the daily files."""

    info: ClassVar[SourceInfo] = SourceInfo(
        name="owlmaps",
        title="Project Owl's Ukraine control map",
        draws="occupied; no grey zone",
        dates="the file's name is a day, the map that of the day before: the "
        "end of that day in Kyiv",
        terms="the map's own; the files state none: ask before republishing",
        attribution="© Project Owl (uacontrolmap.com)",
        address="https://github.com/owlmaps/map-data",
        files="YYYYMMDD.json",
    )

    def published_at(self, path: Path) -> dt.datetime | None:
        """Last second of the day before; None for a file of another name."""
        match = _NAME.fullmatch(path.name)
        if match is None:
            return None
        try:
            named = dt.datetime.strptime(match[1], "%Y%m%d").date()
            return last_second(named - dt.timedelta(days=1))
        except (ValueError, OverflowError):
            return None

    def read(
        self, data: bytes, published_at: dt.datetime, where: str
    ) -> Snapshot:
        """Snapshot from the bytes of one file.

        Raises
        ------
        SourceError
            If it is of another kind, or no area of Ukraine is in it: an
            empty day is no liberation.

        Warns
        -----
        GeofrontWarning
            For rings that cannot be read.
        """
        content = parse(data, where)
        if not isinstance(content, dict) or "areas" not in content:
            raise SourceError(
                f"{where}: expected an object with 'areas', found "
                f"{describe(content)} without them"
            )
        features = Reader(_kind).parsed(
            [
                feature
                for kind in _MEANINGS
                for feature in _features(kind, content.get(kind), where)
            ]
        )
        found = gather(features, _MEANINGS, published_at, where)
        return Snapshot.from_valid(
            self.info.name,
            published_at,
            found.states,
            notes=[_DAY_BEFORE, *found.notes],
        )


def _kind(properties: dict[str, Any]) -> str:
    return str(properties["kind"])


def _features(kind: str, rings: Any, where: str) -> list[dict[str, Any]]:
    if rings is None:
        return []
    if not isinstance(rings, list):
        raise SourceError(
            f"{where}: expected a list of {kind}, found {describe(rings)}"
        )
    return [
        {
            "properties": {"kind": kind},
            "geometry": {"type": "Polygon", "coordinates": [_turned(ring)]},
        }
        for ring in rings
    ]


def _turned(ring: Any) -> Any:
    """Ring with longitude first; what is no ring is left to be told."""
    if not isinstance(ring, list):
        return ring
    return [
        position[1::-1] if isinstance(position, list) else position
        for position in ring
    ]
