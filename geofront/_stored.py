"""Snapshots that lie in a store, read from it when they are asked.

A file is read and checked once; what it says of each snapshot, its areas
included, is at hand from then on, and geometry is decoded where it is asked
for.  A snapshot travels to another process as the file's name.
"""

import datetime as dt
import functools
import threading
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

import shapely
from shapely import MultiPolygon, Polygon

from geofront._folder import Folder
from geofront._manifest import Manifest, read_files, source_of
from geofront._parquet import (
    notes_of,
    open_parquet,
    read,
    read_facts,
    telling,
)
from geofront.errors import StoreCorruptError, StoreError
from geofront.model import Note, Snapshot
from geofront.topology import Polygons, empty_polygons

__all__ = ["Key", "Revision", "StoredSnapshot", "YearFile"]


class Key(NamedTuple):
    """What tells one revision from all others of its file."""

    published_at: dt.datetime
    revision: int
    digest: str


class Revision(NamedTuple):
    """What a file says of one revision of a snapshot, save the geometry."""

    key: Key
    recorded_at: dt.datetime
    raw_sha256: str | None
    notes: str
    """As JSON."""
    rows: dict[str, int]
    """Row of each state drawn."""
    areas: dict[str, float]
    """km² of each state drawn."""


class YearFile:
    """One file of a store: what one source published in one year.

    Parameters
    ----------
    folder : Folder
        The store.
    name : str
        Name of the file in it.
    data : bytes
        Its bytes, checked against the list of the store's files.
    """

    def __init__(self, folder: Folder, name: str, data: bytes) -> None:
        self.folder = folder
        self.name = name
        self.where = folder.locate(name)
        self.file = open_parquet(data, self.where)
        self._lock = threading.Lock()
        self._recent: dict[str, tuple[int, Any]] = {}
        self._polygons: dict[bytes, Polygon] = {}

    @cached_property
    def revisions(self) -> dict[Key, Revision]:
        """All revisions of all snapshots, in order."""
        found: dict[Key, Revision] = {}
        with telling(self.where):
            for row, facts in enumerate(read_facts(self.file, self.where)):
                revision = _revision(facts)
                known = found.setdefault(revision.key, revision)
                known.rows[facts["state"]] = row
                known.areas[facts["state"]] = facts["area_km2"]
        return dict(sorted(found.items()))

    @cached_property
    def _ends(self) -> list[int]:
        """Row after the last one of each row group."""
        metadata = self.file.metadata
        groups = range(metadata.num_row_groups)
        return list(accumulate(metadata.row_group(i).num_rows for i in groups))

    def wkb(self, state: str, row: int) -> bytes:
        """Geometry of a row, as well-known binary."""
        group = next(i for i, end in enumerate(self._ends) if row < end)
        with self._lock:
            known, column = self._recent.get(state, (-1, None))
            if known != group:
                table = read(self.file, self.where, ["geometry"], group)
                column = table["geometry"]
                # Days are walked through in order, state by state.
                self._recent[state] = (group, column)
        first = self._ends[group] - len(column)
        value: bytes = column[row - first].as_py()
        return value

    def geometry(self, state: str, row: int) -> MultiPolygon:
        """Geometry of a row."""
        with telling(self.where):
            geometry = shapely.from_wkb(self.wkb(state, row))
        if not isinstance(geometry, MultiPolygon):
            raise StoreCorruptError(
                f"{self.where}: expected a multipolygon in row {row}"
            )
        return geometry

    def polygons(self, geometry: MultiPolygon) -> Polygons:
        """Parts of a geometry; those of another day are the same objects.

        What stays from day to day is then neither compared nor kept twice.
        """
        parts = shapely.get_parts(geometry)
        for index, content in enumerate(shapely.to_wkb(parts)):
            parts[index] = self._polygons.setdefault(content, parts[index])
        return parts


def _revision(facts: dict[str, Any]) -> Revision:
    return Revision(
        Key(facts["published_at"], facts["revision"], facts["digest"]),
        facts["recorded_at"],
        facts["raw_sha256"],
        facts["notes"],
        {},
        {},
    )


@functools.lru_cache(maxsize=8)
def _year_file(root: str, name: str) -> YearFile:
    """A file that snapshots from another process refer to."""

    def wanted(manifest: Manifest) -> list[str]:
        return [name] if name in manifest.files else []

    folder = Folder(root)
    files = read_files(folder, wanted)
    if not files:
        raise StoreError(f"{folder.locate(name)}: no longer in the store")
    return YearFile(folder, name, files[name])


def _find(root: str, name: str, key: Key) -> YearFile:
    """File that holds a revision: read anew if it has grown since."""
    file = _year_file(root, name)
    if key not in file.revisions:
        _year_file.cache_clear()
        file = _year_file(root, name)
    if key not in file.revisions:
        raise StoreError(
            f"{file.where}: revision {key.revision} of "
            f"{key.published_at:%Y-%m-%dT%H:%M:%SZ} is no longer in it"
        )
    return file


class StoredSnapshot(Snapshot):
    """A snapshot in a store.

    It is like any other, but what it holds is read from the file when it is
    asked for: dissolved, disjoint and in canonical order, as it was written.

    Parameters
    ----------
    root, name : str
        The store, and the file in it.
    key : Key
        Which revision in the file.
    """

    def __init__(self, root: str, name: str, key: Key) -> None:
        self.__dict__.update(
            _root=root,
            _name=name,
            _key=key,
            _source=source_of(name),
            _published_at=key.published_at,
            _parts={},
        )

    @classmethod
    def opened(cls, file: YearFile, key: Key) -> "StoredSnapshot":
        """Snapshot of a file that is at hand already."""
        snapshot = cls(file.folder.root, file.name, key)
        snapshot.__dict__["_file"] = file
        return snapshot

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._root, self._name, self._key)

    _root: str
    _name: str
    _key: Key
    _parts: dict[str, Polygons | None]

    @cached_property
    def _file(self) -> YearFile:
        return _find(self._root, self._name, self._key)

    @property
    def _facts(self) -> Revision:
        return self._file.revisions[self._key]

    def _read(self, state: str) -> MultiPolygon | None:
        row = self._facts.rows.get(state)
        return None if row is None else self._file.geometry(state, row)

    @property
    def digest(self) -> str:
        """SHA-256 of source, moment, coverage and states."""
        return self._key.digest

    @property
    def notes(self) -> tuple[Note, ...]:
        """What reading it found."""
        return notes_of(self._facts.notes)

    @property
    def draws_grey_zone(self) -> bool:
        """Whether the source draws a grey zone at all."""
        return "grey_zone" in self._facts.rows

    def drawn(self, state: str) -> Polygons | None:
        """Polygons of a state: here dissolved, so that none overlap."""
        # The same objects each time: what is drawn before a step was drawn
        # after the step before, and need not be compared with itself.
        parts = self._parts
        if state not in parts:
            geometry = getattr(self, state)
            parts[state] = (
                None if geometry is None else self._file.polygons(geometry)
            )
        return parts[state]

    def parts(self, state: str) -> Polygons:
        """Polygons of a state, dissolved: what is stored is so already."""
        drawn = self.drawn(state)
        return empty_polygons() if drawn is None else drawn

    @cached_property
    def coverage(self) -> MultiPolygon | None:
        """Part of the territory that the source draws; None: all of it."""
        return self._read("coverage")

    @cached_property
    def occupied(self) -> MultiPolygon:
        """Occupied area, dissolved."""
        return self._read("occupied") or MultiPolygon()

    @cached_property
    def grey_zone(self) -> MultiPolygon | None:
        """Grey zone less what is occupied; None where it is not drawn."""
        return self._read("grey_zone")

    @cached_property
    def regained(self) -> MultiPolygon | None:
        """Regained area, dissolved; None where it is not drawn."""
        return self._read("regained")

    def _km2(self, state: str) -> float | None:
        return self._facts.areas.get(state)
