"""Adding snapshots to a store: what is new, what is a further revision."""

import datetime as dt
import itertools
import warnings
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from geofront._folder import Folder
from geofront._manifest import commit, read_files, read_manifest
from geofront._parquet import SCHEMA, Entry, as_rows, encode, read
from geofront._stored import YearFile
from geofront._words import first_of
from geofront.errors import GeofrontWarning
from geofront.model import Snapshot

__all__ = ["Appended", "Writer", "tell_superseded"]


class Appended(NamedTuple):
    """What an append did: ids of snapshots."""

    added: tuple[str, ...]
    """New ones."""
    revised: tuple[str, ...]
    """Known ones that now have a further revision."""
    unchanged: tuple[str, ...]
    """Known ones with the same content."""


class Writer:
    """One append.

    Parameters
    ----------
    folder : Folder
        The store, locked and settled.
    raw_sha256 : mapping of str to str
        SHA-256 of the file that a snapshot was read from, by its digest.
    reread : bool
        Whether only the latest revision counts as known.
    """

    def __init__(
        self, folder: Folder, raw_sha256: Mapping[str, str], reread: bool
    ) -> None:
        self._folder = folder
        self._raw_sha256 = raw_sha256
        self._reread = reread
        self._recorded_at = _now()
        self.superseded: list[str] = []
        """Ids of snapshots whose content a later revision has replaced."""

    def write(self, snapshots: Iterable[Snapshot]) -> Appended:
        """Add snapshots: all of them or, if that fails, none."""
        by_file = defaultdict(list)
        for snapshot in snapshots:
            by_file[_file_of(snapshot)].append(snapshot)
        known = self._read(by_file)
        # A clock that was set back must not put a correction before what it
        # corrects.
        before = [
            revision.recorded_at
            for file in known.values()
            for revision in file.revisions.values()
        ]
        self._recorded_at = max([self._recorded_at, *before])
        changed: dict[str, bytes] = {}
        sorted_out: list[tuple[list[str], ...]] = []
        for name, members in by_file.items():
            entries, outcome = self._sort_out(members, known.get(name))
            sorted_out.append(outcome)
            if entries:
                changed[name] = _merged(known.get(name), entries)
        if changed:
            commit(self._folder, changed)
        if not sorted_out:
            return Appended((), (), ())
        columns = zip(*sorted_out, strict=True)
        return Appended(*(tuple(itertools.chain(*ids)) for ids in columns))

    def _read(self, names: Collection[str]) -> dict[str, YearFile]:
        if read_manifest(self._folder) is None:
            return {}
        files = read_files(
            self._folder,
            lambda manifest: [
                name for name in names if name in manifest.files
            ],
        )
        return {
            name: YearFile(self._folder, name, data)
            for name, data in files.items()
        }

    def _sort_out(
        self, snapshots: list[Snapshot], file: YearFile | None
    ) -> tuple[list[Entry], tuple[list[str], list[str], list[str]]]:
        """Tell new snapshots and revisions from what is known already."""
        digests = defaultdict(list)
        for key in file.revisions if file else ():
            digests[key.published_at].append(key.digest)
        entries: list[Entry] = []
        added: list[str] = []
        revised: list[str] = []
        unchanged: list[str] = []
        for snapshot in snapshots:
            known = digests[snapshot.published_at]
            if snapshot.digest in (known[-1:] if self._reread else known):
                unchanged.append(snapshot.id)
                if snapshot.digest != known[-1]:
                    self.superseded.append(snapshot.id)
                continue
            known.append(snapshot.digest)
            (added if len(known) == 1 else revised).append(snapshot.id)
            entries.append(self._entry(snapshot, len(known)))
        return entries, (added, revised, unchanged)

    def _entry(self, snapshot: Snapshot, revision: int) -> Entry:
        raw = self._raw_sha256.get(snapshot.digest)
        return Entry(snapshot, revision, self._recorded_at, raw)


def tell_superseded(ids: Sequence[str], path: str, stacklevel: int) -> None:
    """Warn of content that was stored before a correction, and stays so."""
    warnings.warn(
        f"{path}: what is given for {first_of(ids)} was stored before, and "
        "corrected since: the correction stays. To take it back, append it "
        "with reread=True, or ingest --reread",
        GeofrontWarning,
        stacklevel=stacklevel + 1,
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _file_of(snapshot: Snapshot) -> str:
    return f"source={snapshot.source}/{snapshot.published_at.year:04}.parquet"


def _merged(file: YearFile | None, entries: list[Entry]) -> bytes:
    rows = as_rows(entries)
    if file is not None:
        old = read(file.file, file.where, SCHEMA.names)
        rows = pa.concat_tables([old.replace_schema_metadata(), rows])
    return encode(rows)
