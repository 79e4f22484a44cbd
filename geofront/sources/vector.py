"""The user's own polygons: drawn in a web editor, in QGIS, anywhere.

GeoJSON, GeoPackage, Shapefile, GeoParquet, KML and KMZ.  All files of one
day make one map; a column of dates makes several.
"""

import datetime as dt
import re
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np
from shapely import MultiPolygon

from geofront._words import clean, first_of, printable
from geofront.days import Day, as_date, kyiv_date, last_second
from geofront.errors import GeofrontError, GeofrontWarning, SourceError
from geofront.geography import territory
from geofront.model import Note, Snapshot
from geofront.sources.assembly import Feature, areas_of
from geofront.sources.files import MAX_BYTES, candidates, read_bytes
from geofront.sources.gathering import sort_features
from geofront.sources.geojson import parse, with_features
from geofront.sources.kml import read_kml, unpack_kmz
from geofront.sources.meaning import IGNORE, NO_VALUE, STATES, Meaning
from geofront.sources.missing import missing_rear
from geofront.sources.protocol import SourceInfo
from geofront.sources.shapes import (
    Shape,
    journal_of,
    read_geojson,
    read_parquet,
    read_tables,
    untangled,
)
from geofront.topology import Polygons, clip, dissolve, empty_polygons

_FORMATS = (
    ".geojson",
    ".json",
    ".gpkg",
    ".shp",
    ".parquet",
    ".geoparquet",
    ".kml",
    ".kmz",
)
# What stands beside a Shapefile, or beside a layer of QGIS.
_BESIDE = (
    ".cpg",
    ".dbf",
    ".idx",
    ".prj",
    ".qix",
    ".qmd",
    ".qml",
    ".qpj",
    ".sbn",
    ".sbx",
    ".shx",
    ".sld",
    ".xml",
)
# Journals of a GeoPackage that is open, and projects of QGIS.
_PASSED_OVER = (
    ".gpkg-wal",
    ".gpkg-shm",
    ".gpkg-journal",
    ".qgz",
    ".qgs",
    ".qgs~",
    ".qgz~",
)
_DAY = re.compile(r"(?<!\d)(\d{4})([-_.]?)(\d{2})\2(\d{2})(?!\d)")


_Days = dict[dt.datetime, list[tuple[int, Shape]]]
"""Features with their numbers, by the moment that they speak of."""


class _Part(NamedTuple):
    """What one file contributes to one map."""

    states: dict[str, Polygons]
    notes: list[Note]
    data: bytes | None


class Vector:
    """Adapter of the user's own files.

    Parameters
    ----------
    name : str
        Source under which the maps are kept: lower-case letters, digits,
        underscores.
    date : str or datetime.date, optional
        Day of the map that all files make up.
    date_column : str, optional
        Column that tells the day of each feature.
    state_column : str, optional
        Column that tells the state; for KML ``fill``, the colour, too.
    meanings : mapping of str to str, optional
        From a value of that column, or a word in the name of a layer or a
        file, to ``occupied``, ``grey_zone``, ``held``, ``regained``,
        ``coverage`` or ``ignore``; ``*`` stands for any other value.
    crs : str, optional
        Reference system of files that state none.
    note : str, optional
        Where the evidence is; shown on every map.
    """

    info: ClassVar[SourceInfo] = SourceInfo(
        name="vector",
        title="your own polygons",
        draws="what you map to occupied, grey_zone, held, regained, "
        "coverage; without a grey zone none is known",
        dates="a date given, a column, or a date in the file's name: the end "
        "of that day in Kyiv",
        terms="yours",
        attribution="",
        address="files drawn in a web editor, in QGIS, anywhere",
        files="*.geojson, .gpkg, .shp, .parquet, .kml or .kmz",
    )

    def __init__(
        self,
        *,
        name: str = "vector",
        date: Day | None = None,
        date_column: str | None = None,
        state_column: str | None = None,
        meanings: Mapping[str, str] | None = None,
        crs: str | None = None,
        note: str | None = None,
    ) -> None:
        self._name = name
        self._date = None if date is None else as_date(date)
        self._date_column = date_column
        self._meaning = Meaning(state_column, meanings)
        self._crs = crs
        self._note = [] if note is None else [Note("remark", printable(note))]

    def collect(
        self, paths: Sequence[Path], faults: list[str]
    ) -> Iterator[tuple[Snapshot, bytes | None]]:
        """A snapshot for all that the files say of each moment."""
        parts: dict[dt.datetime, list[_Part]] = {}
        spoilt: set[dt.datetime | None] = set()
        for path in _layers(candidates(paths), faults):
            moment = self._moment_of(path)
            try:
                days, data = self._days(path, moment, faults)
            except GeofrontError as error:
                faults.append(str(error))
                spoilt.add(moment)
                continue
            for day, numbered in days.items():
                try:
                    part = self._part(numbered, path)
                except GeofrontError as error:
                    faults.append(str(error))
                    spoilt.add(day)
                else:
                    kept = part._replace(data=data if len(days) == 1 else None)
                    parts.setdefault(day, []).append(kept)
        yield from self._maps(parts, spoilt, faults)

    def _maps(
        self,
        parts: Mapping[dt.datetime, Sequence[_Part]],
        spoilt: Collection[dt.datetime | None],
        faults: list[str],
    ) -> Iterator[tuple[Snapshot, bytes | None]]:
        """A snapshot for the parts of each moment, if all can be used."""
        for moment in sorted(parts):
            try:
                if moment in spoilt:
                    # What is missing would look like a change.
                    raise SourceError(
                        f"{kyiv_date(moment)}: a part of this day's map "
                        "cannot be used"
                    )
                yield self._snapshot(moment, parts[moment])
            except GeofrontError as error:
                faults.append(str(error))

    def _moment_of(self, path: Path) -> dt.datetime | None:
        """Moment that the option or a file's name states."""
        if self._date is not None:
            return last_second(self._date)
        days = {day for day in map(_as_day, _DAY.findall(path.stem)) if day}
        return last_second(days.pop()) if len(days) == 1 else None

    def _days(
        self, path: Path, moment: dt.datetime | None, faults: list[str]
    ) -> tuple[_Days, bytes | None]:
        """Features of a file, numbered, by the moment they speak of."""
        where = clean(path.name)
        found, data = self._shapes(path, where)
        shapes = [untangled(shape) for shape in found]
        if not shapes:
            raise SourceError(f"{where}: holds no feature")
        days: _Days = {}
        undated = []
        for number, shape in enumerate(shapes, 1):
            day = self._moment_in(shape, moment)
            if day is None:
                undated.append(f"feature {number}: {self._no_day(shape)}")
            else:
                days.setdefault(day, []).append((number, shape))
        if undated:
            faults.append(f"{where}: {first_of(undated)}")
        return days, data

    def _no_day(self, shape: Shape) -> str:
        """Say why a feature has no day."""
        column = self._date_column
        if column is None:
            return (
                "no date; name it (--date), or a column that holds it "
                "(--date-column)"
            )
        if column not in shape.properties:
            found = _listed([str(name) for name in shape.properties])
            return (
                f"no date: there is no column {clean(column)!r}, found the "
                f"columns {found}"
            )
        value = clean(shape.properties[column])
        return (
            f"no date: the column {clean(column)!r} holds {value!r}, "
            "expected YYYY-MM-DD or YYYYMMDD"
        )

    def _shapes(
        self, path: Path, where: str
    ) -> tuple[list[Shape], bytes | None]:
        """Features of a file, and its bytes where it is one file."""
        kind = path.suffix.lower()
        data = read_bytes(path)
        if kind in (".gpkg", ".shp"):
            shapes = read_tables(path, self._crs)
            alone = kind == ".gpkg" and not journal_of(path).exists()
            return list(shapes), data if alone else None
        if kind in (".parquet", ".geoparquet"):
            return list(read_parquet(path, self._crs, MAX_BYTES)), data
        if kind in (".kml", ".kmz"):
            text = data if kind == ".kml" else unpack_kmz(data, where)
            return list(read_kml(text, where)), data
        collection = with_features(parse(data, where), where)
        return list(read_geojson(collection, self._crs, where)), data

    def _moment_in(
        self, shape: Shape, default: dt.datetime | None
    ) -> dt.datetime | None:
        """Moment of a feature: its column's, else its file's."""
        if self._date_column is None:
            return default
        value = shape.properties.get(self._date_column)
        found = _DAY.match(str(value))
        day = _as_day(found.groups()) if found else None
        return last_second(day) if day else None

    def _part(
        self, numbered: Sequence[tuple[int, Shape]], path: Path
    ) -> _Part:
        """Sort the features of one file and moment by state."""
        where = clean(path.name)
        features = self._features(numbered, path.stem)
        faults = [feature.fault for _, feature in features if feature.fault]
        if len(faults) == len(features):
            raise SourceError(f"{where}: no feature can be read: {faults[0]}")
        meanings = self._meanings(features)
        if not meanings:
            raise SourceError(self._nothing_known(features, numbered, where))
        states, notes = sort_features(features, meanings, where)
        if not states:
            raise SourceError(
                f"{where}: expected areas in Ukraine, found none: are "
                "longitude and latitude swapped, or is it in another "
                "reference system than it states?"
            )
        return _Part(states, notes, None)

    def _features(
        self, numbered: Sequence[tuple[int, Shape]], stem: str
    ) -> list[tuple[int, Feature]]:
        areas = areas_of([shape.drawn for _, shape in numbered])
        value = self._meaning.value
        return [
            (number, Feature(value(shape, stem), area, shape.fault))
            for (number, shape), area in zip(numbered, areas, strict=True)
        ]

    def _meanings(
        self, features: Sequence[tuple[int, Feature]]
    ) -> dict[str, str | None]:
        """States that values mean; None for what is to be left out."""
        return {
            feature.kind: None if state == IGNORE else state
            for _, feature in features
            if (state := self._meaning.state(feature.kind)) is not None
        }

    def _nothing_known(
        self,
        features: Sequence[tuple[int, Feature]],
        numbered: Sequence[tuple[int, Shape]],
        where: str,
    ) -> str:
        """Say what there is, so that the next try succeeds."""
        values = sorted({feature.kind for _, feature in features} - {NO_VALUE})
        columns = list(
            dict.fromkeys(
                str(name) for _, shape in numbered for name in shape.properties
            )
        )
        return (
            f"{where}: nothing says what the areas are: found the values "
            f"{_listed(values)}, and the columns {_listed(columns)}. Name one "
            "of the columns (--state-column) and what its values mean (--map "
            "VALUE=occupied; --map '*=occupied' for all)"
        )

    def _snapshot(
        self, moment: dt.datetime, parts: Sequence[_Part]
    ) -> tuple[Snapshot, bytes | None]:
        drawn = {
            state: np.concatenate([part.states[state] for part in having])
            for state in STATES
            if (having := [part for part in parts if state in part.states])
        }
        if "grey_zone" in self._meaning.states:
            drawn.setdefault("grey_zone", empty_polygons())
        coverage = _coverage(drawn)
        drawn.setdefault("occupied", empty_polygons())
        notes = [note for part in parts for note in part.notes]
        snapshot = Snapshot.from_valid(
            self._name,
            moment,
            drawn,
            coverage=None if coverage is None else _on_land(coverage, drawn),
            notes=[*notes, *self._note],
        )
        _warn_of_the_rest(snapshot)
        return snapshot, parts[0].data if len(parts) == 1 else None


def _layers(paths: Sequence[Path], faults: list[str]) -> Iterator[Path]:
    """Files that hold features; what stands beside them is no fault."""
    shapefiles = {p.stem for p in paths if p.suffix.lower() == ".shp"}
    tables = {p.stem for p in paths if p.suffix.lower() in _FORMATS}
    for path in paths:
        if path.name.lower().endswith(_PASSED_OVER):
            continue
        kind = path.suffix.lower()
        if kind in _FORMATS:
            yield path
        elif kind not in _BESIDE or not (
            path.stem in tables or path.stem.split(".")[0] in shapefiles
        ):
            faults.append(
                f"{clean(path.name)}: expected one of " + ", ".join(_FORMATS)
            )


def _coverage(drawn: dict[str, Polygons]) -> Polygons | None:
    """Take held and coverage out; what they say of the ground covered."""
    stated = drawn.pop("coverage", None)
    held = drawn.pop("held", None)
    if held is None:
        return stated
    # Whoever draws what is held draws all there is to know.
    drawn.setdefault("grey_zone", empty_polygons())
    known = (stated, held, drawn.get("occupied"), drawn["grey_zone"])
    return np.concatenate([part for part in known if part is not None])


def _on_land(
    coverage: Polygons, drawn: Mapping[str, Polygons]
) -> MultiPolygon:
    """Coverage without the sea, but for what is drawn there.

    Whoever draws a frame does not follow the coast, and the sea would count
    as held ground.
    """
    land, cut_km2 = clip(coverage, territory())
    stated = dissolve(coverage)
    if not cut_km2:
        return stated
    parts = [clip(part, stated)[0] for part in drawn.values()]
    return dissolve(np.concatenate([land, *parts]))


def _warn_of_the_rest(snapshot: Snapshot) -> None:
    """Warn that a map of one direction would speak for the whole country."""
    occupied = snapshot.drawn("occupied")
    whole = occupied is not None and not missing_rear(
        occupied, snapshot.published_at
    )
    if snapshot.draws_grey_zone and snapshot.coverage is None and not whole:
        warnings.warn(
            f"{snapshot.id}: states no coverage, so all that it does not "
            "draw counts as held. Draw the ground that it covers, too, and "
            "map it to coverage",
            GeofrontWarning,
            stacklevel=2,
        )


def _as_day(found: Sequence[str]) -> dt.date | None:
    year, _, month, day = found
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _listed(names: Sequence[str]) -> str:
    if not names:
        return "none"
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(clean(name) for name in names[:8]) + more
