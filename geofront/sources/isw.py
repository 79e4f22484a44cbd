"""The Institute for the Study of War: layers of its feature services.

A layer is an assessment of its own kind, and which of them are counted makes
figures that differ by hundreds of km²: `isw` counts what the institute
assesses, `isw_claimed` also what Russian sources claim.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from geofront import _reasons
from geofront._words import clean, counted
from geofront.days import Day, as_date, last_second
from geofront.errors import GeofrontError, SourceError
from geofront.model import Note, Snapshot
from geofront.sources.assembly import Reader
from geofront.sources.esri import as_features, is_esri, read_rings
from geofront.sources.files import candidates, read_bytes
from geofront.sources.gathering import gather
from geofront.sources.geojson import (
    Drawn,
    collection_of,
    parse,
    read_geometry,
)
from geofront.sources.missing import missing_part
from geofront.sources.protocol import SourceInfo

LAYERS = {
    "VIEW_RussiaCoTinUkraine_V3": "control",
    "MDS_AssessedRussianAdvanceInUkraine_view": "advance",
    "AssessedRussianAdvanceInUkraine_V2_view": "advance",
    "VIEW_ClaimedRussianTerritoryinUkraine_V2": "claimed",
    "ClaimedRussianTerritoryinUkraine_V2_view": "claimed",
    "VIEW_ClaimedUkrainianCounteroffensives_V2": "counter_offensive",
    "VIEW_Russian_controlled_Ukrainian_Territory_before_February_24_2022": (
        "before_2022"
    ),
    # Labels of a collector's files, in Japanese. The second one holds the
    # assessed advance and the claims alike.
    "ロシア軍支配エリア": "control",
    "ロシア軍侵攻エリア": "advance_and_claimed",
    "ウクライナ軍反撃エリア": "counter_offensive",
}
"""Names of layers, of services or a collector's, and what each holds."""

ROLES = tuple(dict.fromkeys(LAYERS.values()))

_MERGED = Note("method_break", _reasons.MERGED)
_NO_ADVANCE = missing_part(_reasons.NO_ADVANCE)
_END_OF_DAY = Note(
    "date",
    "the file gives a day: its end in Kyiv stands for the moment",
)
_DOWNLOADED = Note(
    "date",
    "published_at is when it was downloaded, an upper bound: its layers tell "
    "no date",
)
_MOMENT = re.compile(r"isw_(?:before_)?(\d{8}T\d{6})Z")
"""As fetched: the last edit, or, with ``before``, the download."""
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


class Isw:
    """Adapter of what the institute assesses.

    Parameters
    ----------
    date : str or datetime.date, optional
        Of the map that all files given make up; else the folder's name or
        the file's tells, which has to be a date and nothing else.
    meanings : mapping of str to str, optional
        From further names of layers to what they hold: one of `ROLES`;
        ``*`` stands for any other name.
    """

    info: ClassVar[SourceInfo] = SourceInfo(
        name="isw",
        title="Institute for the Study of War, assessed control",
        draws="occupied: assessed control and assessed advance (and control "
        "before 24 February 2022, where it is a layer of its own), as the "
        "institute counts; no grey zone",
        dates="the day given, or that of the folder's or the file's name: "
        "its end in Kyiv; when fetched, the last edit of the layers",
        terms="the institute's fair-use policy; using its geodata takes its "
        "written consent",
        attribution="Institute for the Study of War and AEI's Critical "
        "Threats Project",
        address="https://services5.arcgis.com/SaBe5HMtmnbqSWlu",
        files="YYYYMMDD.geojson or YYYY-MM-DD.json, or files of any name in "
        "a folder of such a name",
    )
    counted: ClassVar[tuple[str, ...]] = (
        "control",
        "advance",
        "before_2022",
        "advance_and_claimed",
    )
    """What its occupied area consists of."""

    def __init__(
        self,
        *,
        date: Day | None = None,
        meanings: Mapping[str, str] | None = None,
    ) -> None:
        self._day = None if date is None else as_date(date)
        self._layers = {**LAYERS, **(meanings or {})}
        unknown = set(self._layers.values()) - set(ROLES)
        if unknown:
            raise SourceError(
                f"{self.info.name}: {clean(', '.join(sorted(unknown)))} is "
                "nothing that a layer holds: expected " + ", ".join(ROLES)
            )

    def published_at(self, path: Path) -> dt.datetime | None:
        """Moment that the option or a file's place states, else None."""
        exact = _MOMENT.fullmatch(path.stem)
        try:
            if self._day is not None:
                return last_second(self._day)
            if exact:
                moment = dt.datetime.strptime(exact[1], "%Y%m%dT%H%M%S")
                return moment.replace(tzinfo=dt.UTC)
            # Names of files are often wrong: the folder's goes first.
            day = _DAY.fullmatch(path.parent.name) or _DAY.fullmatch(path.stem)
            return (
                last_second(as_date("-".join(day.groups()))) if day else None
            )
        except ValueError:
            return None

    def collect(
        self, paths: Sequence[Path], faults: list[str]
    ) -> Iterator[tuple[Snapshot, bytes | None]]:
        """A snapshot for the files of each moment together."""
        files: dict[dt.datetime, list[Path]] = {}
        for path in candidates(paths):
            moment = self.published_at(path)
            if moment is None:
                faults.append(
                    f"{clean(path.name)}: not named {self.info.files}; name "
                    "its day (--date)"
                )
            else:
                files.setdefault(moment, []).append(path)
        for moment in sorted(files):
            try:
                yield self._read(files[moment], moment)
            except GeofrontError as error:
                # A layer missing would be a liberation that never was.
                faults.append(str(error))

    def _read(
        self, paths: Sequence[Path], moment: dt.datetime
    ) -> tuple[Snapshot, bytes | None]:
        contents = [read_bytes(path) for path in paths]
        files = [
            (clean(path.name), self._features(data, path))
            for path, data in zip(paths, contents, strict=True)
        ]
        _check_apart(files)
        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        features = [feature for _, held in files for feature in held]
        notes = _date_notes(paths[0], moment)
        snapshot = self._snapshot(features, moment, files[0][0] + more, notes)
        return snapshot, contents[0] if len(contents) == 1 else None

    def _features(self, data: bytes, path: Path) -> list[Any]:
        """Features of a file, each with the name of its layer."""
        where = clean(path.name)
        content = parse(data, where)
        if is_esri(content):
            features = as_features(content, where)
        else:
            features = collection_of(content, where)["features"]
        label = self._known_in(f"{content.get('name')} {path.name}")
        return [_labelled(feature, label) for feature in features]

    def _known_in(self, text: str) -> str:
        """Name of a known layer that a text holds."""
        found = [name for name in self._layers if name in text]
        return max(found, key=len, default="no layer")

    def _snapshot(
        self,
        features: Sequence[Any],
        moment: dt.datetime,
        where: str,
        dated: Sequence[Note],
    ) -> Snapshot:
        drawn = [item for item in features if not _is_null(item)]
        nulls = len(features) - len(drawn)
        read = Reader(self._role, _drawn).parsed(drawn)
        roles = {item.kind for item in read if len(item.area.polygons)}
        if "control" not in roles:
            raise SourceError(
                f"{where}: expected a layer of assessed control, found "
                + (", ".join(clean(role) for role in sorted(roles)) or "none")
                + ": name what they hold (--map LAYER=control)"
            )
        found = gather(read, self._meanings(), moment, where)
        notes = [*dated, *found.notes]
        if nulls:
            less = f"{counted(nulls, 'feature')} without a geometry"
            notes.append(Note("dropped", less))
        notes += self._of_layers(features)
        return Snapshot.from_valid(
            self.info.name, moment, found.states, notes=notes
        )

    def _of_layers(self, features: Sequence[Any]) -> list[Note]:
        """What there is to say of which layers a map consists of."""
        roles = {
            self._role(feature["properties"])
            for feature in features
            if isinstance(feature, dict)
        }
        if "advance_and_claimed" in roles:
            return [_MERGED]
        return [] if "advance" in roles else [_NO_ADVANCE]

    def _meanings(self) -> dict[str, str | None]:
        return {
            role: "occupied" if role in self.counted else None
            for role in ROLES
        }

    def _role(self, properties: dict[str, Any]) -> str:
        label = str(properties["layer"])
        return self._layers.get(label) or self._layers.get("*") or label


class IswClaimed(Isw):
    """Adapter of what the institute assesses, and what is claimed beside."""

    info: ClassVar[SourceInfo] = SourceInfo(
        name="isw_claimed",
        title="Institute for the Study of War, control claimed included",
        draws="occupied: assessed control and advance, and what Russian "
        "sources claim, as AFP counts; no grey zone",
        dates=Isw.info.dates,
        terms=Isw.info.terms,
        attribution=Isw.info.attribution,
        address=Isw.info.address,
        files=Isw.info.files,
        made_from="isw",
    )
    counted: ClassVar[tuple[str, ...]] = (*Isw.counted, "claimed")


def _date_notes(path: Path, moment: dt.datetime) -> list[Note]:
    """What there is to say of a map's moment."""
    if moment == last_second(moment.date()):
        return [_END_OF_DAY]
    return [_DOWNLOADED] if path.stem.startswith("isw_before_") else []


def _labelled(feature: Any, label: str) -> Any:
    if not isinstance(feature, dict):
        return feature
    properties = feature.get("properties")
    own = properties.get("layer") if isinstance(properties, dict) else None
    return {
        "properties": {"layer": own if isinstance(own, str) else label},
        "geometry": feature.get("geometry"),
    }


def _check_apart(files: Sequence[tuple[str, Sequence[Any]]]) -> None:
    """Refuse two files of a day that hold one layer: one is wrong."""
    holders: dict[str, str] = {}
    for name, features in files:
        layers = {
            str(feature["properties"]["layer"])
            for feature in features
            if isinstance(feature, dict)
        }
        for layer in layers & set(holders):
            raise SourceError(
                f"{name} and {holders[layer]} are of one day and hold the "
                f"same layer, {clean(layer)}: keep one of them"
            )
        holders |= dict.fromkeys(layers, name)


def _is_null(feature: Any) -> bool:
    return isinstance(feature, dict) and feature["geometry"] is None


def _drawn(geometry: Any) -> Drawn:
    esri = isinstance(geometry, dict) and "system" in geometry
    return read_rings(geometry) if esri else read_geometry(geometry)
