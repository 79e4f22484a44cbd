"""One dissolved multipolygon a day, made from DeepStateMap by others.

Occupied areas only: nothing is known of the grey zone.  A file is named
after the day it was downloaded, at 03:00 UTC; what it shows is two to 54
hours older.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from geofront._words import clean
from geofront.model import Note, Snapshot
from geofront.sources.archives import gunzip
from geofront.sources.assembly import Reader
from geofront.sources.gathering import gather
from geofront.sources.geojson import parse_collection
from geofront.sources.protocol import SourceInfo

_NAME = re.compile(r"deepstatemap_data_([0-9]{8})\.geojson")
_DOWNLOADED = dt.time(3, tzinfo=dt.UTC)
_UPPER_BOUND = Note(
    "date",
    "published_at is when it was downloaded, an upper bound: the map is 2 to "
    "54 hours older",
)


class OccupiedDaily:
    """Adapter of the daily files, and of the one file that holds them all."""

    info: ClassVar[SourceInfo] = SourceInfo(
        name="occupied_daily",
        title="Daily copy of DeepStateMap",
        draws="occupied (without Tuzla, 4.35 km²); no grey zone",
        dates="the day of download, 03:00 UTC, in the file's name: an upper "
        "bound, the content is 2 to 54 hours older. Monthly figures can "
        "miss by 60 km²",
        terms="those of the repository and of DeepStateMap: ask before "
        "republishing",
        attribution="© DeepStateMap (deepstatemap.live), via "
        "cyterat/deepstate-map-data",
        address="https://github.com/cyterat/deepstate-map-data",
        files="deepstatemap_data_YYYYMMDD.geojson, or one .geojson.gz",
        made_from="deepstate",
    )

    def published_at(self, path: Path) -> dt.datetime | None:
        """Moment of download; None for a file of another name."""
        match = _NAME.fullmatch(path.name)
        return _moment(match[1]) if match else None

    def is_bundle(self, path: Path) -> bool:
        """Whether a file holds many days."""
        return path.name.endswith(".geojson.gz")

    def unbundle(
        self, data: bytes, where: str, faults: list[str]
    ) -> Iterator[tuple[dt.datetime, bytes]]:
        """Each day's map as a collection of its own."""
        collection = parse_collection(gunzip(data, where), where)
        for number, feature in enumerate(collection["features"], 1):
            found = _day(feature)
            moment = _moment(str(found).replace("-", "")[:8])
            if moment is None:
                faults.append(
                    f"{where}: feature {number}: expected a date, found "
                    f"{clean(found)!r}"
                )
                continue
            whole = {"type": "FeatureCollection", "features": [feature]}
            try:
                text = json.dumps(whole)
            except RecursionError:
                faults.append(f"{where}: feature {number}: nested too deep")
            else:
                yield moment, text.encode()

    def read(
        self, data: bytes, published_at: dt.datetime, where: str
    ) -> Snapshot:
        """Snapshot from the bytes of one day's map.

        Raises
        ------
        SourceError
            If it is not a FeatureCollection in longitude and latitude, or
            holds no area of Ukraine.

        Warns
        -----
        GeofrontWarning
            For features that cannot be read.
        """
        collection = parse_collection(data, where)
        features = Reader(_kind).parsed(collection["features"])
        found = gather(features, {"occupied": "occupied"}, published_at, where)
        return Snapshot.from_valid(
            self.info.name,
            published_at,
            found.states,
            notes=[_UPPER_BOUND, *found.notes],
        )


def _kind(properties: dict[str, Any]) -> str:
    # All that is drawn is occupied, whatever a file may say of it.
    return "occupied"


def _day(feature: Any) -> Any:
    properties = feature.get("properties") if isinstance(feature, dict) else {}
    return properties.get("date") if isinstance(properties, dict) else None


def _moment(text: str) -> dt.datetime | None:
    try:
        day = dt.datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        return None
    return dt.datetime.combine(day, _DOWNLOADED)
