"""DeepStateMap snapshots: what each fill colour means.

A file is a GeoJSON FeatureCollection named after the second, in UTC, at
which it was published.  Features are told apart by their fill colour: their
names come in about two hundred spellings, some damaged.
"""

import datetime as dt
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from geofront.errors import SourceError
from geofront.model import Snapshot
from geofront.sources.assembly import Findings, Reader
from geofront.sources.missing import missing_rear
from geofront.sources.protocol import SourceInfo
from geofront.topology import Polygons, empty_polygons

STATE_OF_FILL = {
    "#a52714": "occupied",  # since 24 February 2022
    "#880e4f": "occupied",  # before: Crimea, parts of Donetsk and Luhansk
    "#000000": "occupied",  # the same, until May 2022
    "#bcaaa4": "grey_zone",
    "#bdbdbd": "grey_zone",
    "#757575": "grey_zone",
    "#0f9d58": "regained",
    "#0288d1": "regained",
    "#0097a7": "regained",
}
# Two more colours lie abroad and are dropped by their geometry, as is every
# colour not known: #ff5252 (lands of other states, although the name says
# "Occupied") and #01579b (held by Ukraine in Kursk oblast).


class DeepState:
    """Adapter of DeepStateMap's own files."""

    info: ClassVar[SourceInfo] = SourceInfo(
        name="deepstate",
        title="DeepStateMap",
        draws="occupied, grey zone, regained",
        dates="the second of publication, UTC, in the file's name",
        terms="the map's own, at https://deepstatemap.live; the files state "
        "none: ask before republishing",
        attribution="© DeepStateMap (deepstatemap.live)",
        address="https://deepstatemap.live/api/history",
        files="{unix seconds}.geojson",
    )

    def published_at(self, path: Path) -> dt.datetime | None:
        """Moment in a file's name; None if it is not one of this source."""
        if path.suffix != ".geojson" or not path.stem.isascii():
            return None
        if not path.stem.isdigit() or len(path.stem) != 10:
            return None
        return dt.datetime.fromtimestamp(int(path.stem), dt.UTC)

    def __init__(self) -> None:
        self._reader = Reader(_fill)

    def read(
        self, data: bytes, published_at: dt.datetime, where: str
    ) -> Snapshot:
        """Snapshot from the bytes of one file.

        Parameters
        ----------
        data : bytes
            The GeoJSON text.
        published_at : datetime.datetime
            When it was published; with a time zone.
        where : str
            The file, for messages.

        Raises
        ------
        SourceError
            If it is not a FeatureCollection, or holds no area of Ukraine.

        Warns
        -----
        GeofrontWarning
            For features that cannot be read, and for areas above 1 km² in
            Ukraine whose colour is not known.
        """
        drawn: dict[str, list[Polygons]] = {
            state: [empty_polygons()] for state in STATE_OF_FILL.values()
        }
        found = Findings(where)
        features = self._reader.features(data, where)
        for number, feature in enumerate(features, 1):
            found.feature(number, feature)
            polygons = feature.area.polygons
            if not len(polygons):
                continue
            if feature.kind in STATE_OF_FILL:
                drawn[STATE_OF_FILL[feature.kind]].append(polygons)
            else:
                found.unknown(number, feature)
        found.warn()
        states = {name: np.concatenate(drawn[name]) for name in drawn}
        if not len(states["occupied"]):
            raise SourceError(
                f"{where}: expected occupied areas in Ukraine, found none: "
                "the file is empty or of another kind"
            )
        missing = missing_rear(states["occupied"], published_at)
        return Snapshot.from_valid(
            self.info.name,
            published_at,
            states,
            notes=[*found.notes(), *missing],
        )


def _fill(properties: dict[str, Any]) -> str:
    fill = properties.get("fill")
    return fill.lower() if isinstance(fill, str) else "no fill"
