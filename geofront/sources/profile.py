"""geofront's own GeoJSON profile: one FeatureCollection a snapshot.

``<YYYY-MM-DD>T<HHMMSS>Z.geojson``, or, written by hand,
``<YYYY-MM-DD>.geojson``, which stands for the end of that day in Kyiv.  One
feature a state; ``properties`` hold ``state``, ``source``, ``published_at``
and, if the author has something to say on every map, ``remark``.  What
reading found stands beside the features in ``notes``.
"""

import datetime as dt
import math
import re
import warnings
from pathlib import Path
from typing import Any, ClassVar

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._frames import STATES
from geofront._words import clean, printable
from geofront.days import as_date, last_second
from geofront.errors import (
    GeofrontWarning,
    InvalidBoundaryError,
    SourceError,
)
from geofront.geodesy import area_km2
from geofront.model import DRAWN_STATES, NOTE_KINDS, Note, Snapshot
from geofront.sources.belonging import (
    DROPPED_SHARE,
    of_ukraine,
    share_inside,
)
from geofront.sources.geojson import parse_collection, read_geometry
from geofront.sources.protocol import SourceInfo
from geofront.sources.tangles import refuse_tangles

# Slivers that cutting at the border has left are not cut anew.
_NEGLIGIBLE_KM2 = 1e-6

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{6})Z)?\.geojson")


class Profile:
    """Adapter of geofront's own GeoJSON profile."""

    info: ClassVar[SourceInfo] = SourceInfo(
        name="geofront",
        title="geofront's own GeoJSON profile",
        draws="what the file holds; each file names the source it speaks for",
        dates="the file's name: a moment in UTC, or a day in Kyiv",
        terms="those of the source that the file names",
        attribution="",
        address="files written by hand or by `geofront export`",
        files="YYYY-MM-DDTHHMMSSZ.geojson or YYYY-MM-DD.geojson",
    )

    def published_at(self, path: Path) -> dt.datetime | None:
        """Moment in a file's name; None if it is not of the profile.

        A name with a date only stands for the last second of that day.
        """
        match = _NAME.fullmatch(path.name)
        if match is None:
            return None
        day, time = match.groups()
        try:
            if time:
                moment = dt.datetime.strptime(day + time, "%Y-%m-%d%H%M%S")
                return moment.replace(tzinfo=dt.UTC)
            return last_second(as_date(day))
        except ValueError:
            return None

    def read(
        self, data: bytes, published_at: dt.datetime, where: str
    ) -> Snapshot:
        """Snapshot from the bytes of one file.

        Raises
        ------
        SourceError
            If it is not of the profile; all faults are told together.
        """
        collection = parse_collection(data, where)
        faults: list[str] = []
        states: dict[str, list[BaseGeometry]] = {}
        stated: dict[str, set[str]] = {
            "source": set(),
            "published_at": set(),
            "remark": set(),
        }
        for number, feature in enumerate(collection["features"], 1):
            try:
                state, polygons = _read_feature(feature, stated)
                states.setdefault(state, []).extend(polygons)
            except InvalidBoundaryError as error:
                faults.append(f"feature {number}: {error}")
        faults += _disagreements(stated, published_at)
        if "occupied" not in states:
            faults.append("no feature has the state 'occupied'")
        if not faults and not _lies_in_ukraine(states):
            faults.append(
                "nothing in it lies in Ukraine: are longitude and latitude "
                "swapped?"
            )
        notes = _read_notes(collection, faults)
        if faults:
            raise SourceError(f"{where}: {'; '.join(faults)}")
        notes += [Note("remark", text) for text in sorted(stated["remark"])]
        (source,) = stated["source"]
        try:
            drawn = Snapshot(source, published_at, **states, notes=notes)
        except InvalidBoundaryError as error:
            raise SourceError(f"{where}: {error}") from None
        return _within_ukraine(drawn, where)


def _read_feature(
    feature: Any, stated: dict[str, set[str]]
) -> tuple[str, list[BaseGeometry]]:
    properties = feature.get("properties") if isinstance(feature, dict) else {}
    if not isinstance(properties, dict):
        raise InvalidBoundaryError("has no properties")
    state = properties.get("state")
    if state not in STATES:
        raise InvalidBoundaryError(
            f"the state is {clean(state)!r}, expected one of "
            + ", ".join(STATES)
        )
    for name, values in stated.items():
        if name in properties:
            values.add(printable(properties[name]))
    drawn = read_geometry(feature.get("geometry"))
    if drawn.not_areas:
        raise InvalidBoundaryError("holds points or lines, expected areas")
    refuse_tangles(drawn.polygons)
    return state, list(drawn.polygons)


def _disagreements(
    stated: dict[str, set[str]], published_at: dt.datetime
) -> list[str]:
    faults = []
    if len(stated["source"]) != 1:
        found = ", ".join(clean(name) for name in sorted(stated["source"]))
        faults.append(f"expected one source, found {found or 'none'}")
    for text in sorted(stated["published_at"]):
        if _moment(text) != published_at.replace(microsecond=0):
            faults.append(
                f"published_at is {clean(text)}, the file's name says "
                f"{published_at:%Y-%m-%dT%H:%M:%SZ}"
            )
    return faults


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _lies_in_ukraine(states: dict[str, list[BaseGeometry]]) -> bool:
    polygons = shapely.make_valid(
        [polygon for drawn in states.values() for polygon in drawn]
    )
    sizes = area_km2(polygons)
    if not sizes.sum():
        return True
    inside = (share_inside(polygons) * sizes).sum() / sizes.sum()
    return bool(inside > DROPPED_SHARE)


def _within_ukraine(snapshot: Snapshot, where: str) -> Snapshot:
    """Leave out what lies abroad, as from any other source's file."""
    drawn = {
        state: polygons
        for state in DRAWN_STATES
        if (polygons := snapshot.drawn(state)) is not None
    }
    kept = {state: of_ukraine(polygons) for state, polygons in drawn.items()}
    notes = [
        Note(kind, f"{state}: {detail}", float(areas.sum()))
        for state, found in kept.items()
        for kind, detail, areas in (
            ("dropped", "outside the territory", found.dropped_km2),
            ("clipped", "cut at the border", found.cut_km2),
        )
        if areas.sum() > _NEGLIGIBLE_KM2
    ]
    if not notes:
        return snapshot
    told = "; ".join(f"{note.detail}, {note.km2:,.1f} km²" for note in notes)
    warnings.warn(f"{where}: left out {told}", GeofrontWarning, stacklevel=4)
    return Snapshot.from_valid(
        snapshot.source,
        snapshot.published_at,
        {state: found.polygons for state, found in kept.items()},
        coverage=snapshot.coverage,
        notes=[*snapshot.notes, *notes],
    )


def _read_notes(collection: dict[str, Any], faults: list[str]) -> list[Note]:
    try:
        notes = [
            Note(str(kind), printable(detail), float(km2))
            for kind, detail, km2 in collection.get("notes", [])
        ]
    except (TypeError, ValueError):
        notes = [Note("", "")]
    for note in notes:
        if note.kind not in NOTE_KINDS or not math.isfinite(note.km2):
            faults.append(
                "notes: expected a list of [kind, detail, km²], the kind one "
                "of " + ", ".join(NOTE_KINDS)
            )
            return []
    return notes


def write_snapshot(snapshot: Snapshot) -> bytes:
    """Text of a snapshot's file.

    Coordinates are the shortest decimals that read back as the same
    numbers: rounding them would make half of the real polygons invalid.
    """
    remarks = [note for note in snapshot.notes if note.kind == "remark"]
    alone = remarks if len(remarks) == 1 else []
    found = [note for note in snapshot.notes if note not in alone]
    properties: dict[str, str] = {
        "source": snapshot.source,
        "published_at": f"{snapshot.published_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    if alone:
        properties["remark"] = alone[0].detail
    features = [
        _dumps(
            {
                "type": "Feature",
                "properties": {"state": state, **properties},
                "geometry": shapely.geometry.mapping(geometry),
            }
        )
        for state in STATES
        if (geometry := getattr(snapshot, state)) is not None
    ]
    body = b",\n".join(features)
    notes = _dumps([list(note) for note in found])
    return b'{"features":[\n%b\n],"notes":%b,"type":"FeatureCollection"}\n' % (
        body,
        notes,
    )


def _dumps(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def file_name(snapshot: Snapshot) -> str:
    """Name of a snapshot's file."""
    return f"{snapshot.published_at:%Y-%m-%dT%H%M%SZ}.geojson"
