"""A store: snapshots of any number of sources, kept as GeoParquet.

A store is a folder that any tool reads: a file for each source and year,
and ``geofront.json`` with the SHA-256 of each.  What was stored is never
changed: a correction is a further revision.  See ``docs/store.md``.
"""

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import filelock
import pandas as pd
from tqdm import tqdm

from geofront._append import Appended, Writer
from geofront._durable import make_folder
from geofront._folder import Folder
from geofront._manifest import (
    MANIFEST,
    Manifest,
    existing_manifest,
    guarded,
    read_files,
    read_manifest,
    settle,
    source_of,
    year_of,
)
from geofront._stored import StoredSnapshot, YearFile
from geofront._verify import Verified, check
from geofront._words import counted
from geofront.days import Day, as_date, as_moment, end_of_day
from geofront.errors import MissingDateError, StoreError
from geofront.history import History, digest_of
from geofront.model import Snapshot
from geofront.records import DEFINITIONS, LOG, TERRITORY, typed

__all__ = ["Appended", "Store", "Verified"]

LOCK = ".geofront.lock"
LOCK_SECONDS = 600.0
"""How long to wait for other writers."""


class Store:
    """Snapshots on disk, of one source or several.

    Parameters
    ----------
    path : str or path-like
        Its folder; the first append makes it.  An address that fsspec
        reads, such as ``s3://bucket/store``, can be opened but not written.

    Examples
    --------
    >>> import geofront as gf, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = gf.Store(folder.name)
    >>> appended = store.append(gf.example_history())
    >>> len(appended.added)
    10
    >>> len(store.append(gf.example_history()).added)    # nothing is new
    0
    >>> store.open() == gf.example_history()
    True
    >>> folder.cleanup()
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._folder = Folder(path)

    @property
    def path(self) -> str:
        """Its folder, or its address."""
        return self._folder.root

    def __repr__(self) -> str:
        return f"<Store {self.path}: {', '.join(self.sources) or 'empty'}>"

    @property
    def exists(self) -> bool:
        """Whether anything was ever stored there."""
        return read_manifest(self._folder) is not None

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources it holds, in order."""
        return (read_manifest(self._folder) or Manifest({})).sources

    @property
    def size_bytes(self) -> int:
        """Size of its files on disk."""
        files = read_files(self._folder, lambda manifest: manifest.files)
        return len(self._folder.read(MANIFEST)) + sum(map(len, files.values()))

    def digest(self, *, known_at: dt.datetime | Day | None = None) -> str:
        """SHA-256 of all it holds: one line to cite the store by.

        Parameters
        ----------
        known_at : datetime.datetime, str or datetime.date, optional
            As the store was at this moment; by default as it is.

        Returns
        -------
        str
            Made of the digests of the snapshots in force, by source and in
            time order, and thus of what was published alone: neither of the
            order in which it was stored, nor of superseded revisions, nor
            of files, versions or machines.  Of a store of one source it is
            the digest of its history.

        Raises
        ------
        StoreError
            If there is no store.
        StoreCorruptError
            If a file is damaged.
        """
        moment = None if known_at is None else as_moment(known_at)
        known = existing_manifest(self._folder)
        return digest_of(
            [
                snapshot
                for source in known.sources
                for snapshot in _in_force(self._read(source), moment)
            ]
        )

    def append(
        self,
        snapshots: Iterable[Snapshot],
        *,
        raw_sha256: Mapping[str, str] | None = None,
        reread: bool = False,
    ) -> Appended:
        """Add snapshots, all of them or, if that fails, none.

        Parameters
        ----------
        snapshots : iterable of Snapshot
            A history, or snapshots of any sources in any order.
        raw_sha256 : mapping of str to str, optional
            SHA-256 of the file that a snapshot was read from, by the
            snapshot's digest.
        reread : bool
            By default content that was ever stored for the same source and
            moment changes nothing.  True compares with the latest revision
            only, so that a correction can be taken back.

        Returns
        -------
        Appended
            On return it is on the disk.

        Raises
        ------
        StoreError
            If it cannot be written, or is locked for ten minutes.
        StoreCorruptError
            If a file to be extended is damaged.

        Notes
        -----
        Other processes may read and append meanwhile.  A known moment with
        other content becomes a further revision; nothing is ever deleted.
        """
        waiting = list(snapshots)
        for snapshot in tqdm(
            waiting,
            desc="dissolving",
            unit="snapshot",
            disable=None,
            leave=False,
        ):
            # Before the lock is taken: it is the dearest step.
            snapshot.digest  # noqa: B018
        with self._locked():
            writer = Writer(self._folder, raw_sha256 or {}, reread)
            return writer.write(waiting)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        _prepare(self._folder)
        lock = filelock.FileLock(self._folder.path / LOCK)
        try:
            lock.acquire(timeout=LOCK_SECONDS)
        except filelock.Timeout:
            raise StoreError(
                f"{self.path}: another process has been writing for "
                f"{LOCK_SECONDS / 60:.0f} minutes: try again when it is done"
            ) from None
        except OSError as error:
            raise StoreError(
                f"{self.path}: cannot be locked for writing: {error}"
            ) from error
        try:
            settle(self._folder)
            yield
        finally:
            lock.release()

    def open(
        self,
        source: str | None = None,
        *,
        since: Day | None = None,
        until: Day | None = None,
        known_at: dt.datetime | Day | None = None,
    ) -> History:
        """History of a source.

        Parameters
        ----------
        source : str, optional
            May be left out where the store holds one source.
        since, until : str or datetime.date, optional
            First and last day, both included, in Kyiv; with the snapshot in
            force at the start, as in a slice of a history.
        known_at : datetime.datetime, str or datetime.date, optional
            As the store was at this moment, with the corrections made until
            then; a day stands for its end in Kyiv.  By default as it is.

        Returns
        -------
        History
            Its geometry is read when it is asked for.

        Raises
        ------
        StoreError
            If there is no store or no such source, or there are several and
            none is named.
        StoreCorruptError
            If a file is damaged.
        MissingDateError
            If it held nothing for these days at that moment.
        """
        if since is None and until is None:
            return self._whole(self._read(source), known_at)
        days: Any = slice(since, until)
        # Corrections of a year may all be later than the moment asked for.
        span = (since, until) if known_at is None else (None, None)
        try:
            part: History = self._whole(self._read(source, *span), known_at)[
                days
            ]
        except MissingDateError:
            # All of it can say what it spans.
            part = self.open(source, known_at=known_at)[days]
        return part

    def _whole(
        self,
        files: Iterable[YearFile],
        known_at: dt.datetime | Day | None = None,
    ) -> History:
        moment = None if known_at is None else as_moment(known_at)
        chosen = _in_force(files, moment)
        if not chosen:
            raise MissingDateError(
                f"{self.path}: nothing had been recorded by {moment}"
            )
        return History(chosen)

    def _read(
        self,
        source: str | None,
        since: Day | None = None,
        until: Day | None = None,
    ) -> list[YearFile]:
        def wanted(manifest: Manifest) -> list[str]:
            names = manifest.names(_one_source(self.path, manifest, source))
            return _of_years(names, since, until)

        files = [
            YearFile(self._folder, name, data)
            for name, data in read_files(self._folder, wanted).items()
        ]
        return files if since is None else _from(files, as_date(since))

    def raw_files(self) -> set[tuple[dt.datetime, str]]:
        """Moment and SHA-256 of every file that was read into it."""
        if not self.exists:
            return set()
        files = read_files(self._folder, lambda manifest: manifest.files)
        return {
            (key.published_at, revision.raw_sha256)
            for name, data in files.items()
            for key, revision in YearFile(
                self._folder, name, data
            ).revisions.items()
            if revision.raw_sha256 is not None
        }

    def log(self, source: str | None = None) -> pd.DataFrame:
        """What was added and revised, when, and by how much.

        Parameters
        ----------
        source : str, optional
            Of one source only.

        Returns
        -------
        pandas.DataFrame
            A row a revision, in the order of recording: ``recorded_at,
            source, snapshot, published_at, revision, change, occupied_km2,
            grey_zone_km2, occupied_change_km2, grey_zone_change_km2,
            digest``.  The changes are against the revision before.
        """
        known = existing_manifest(self._folder)
        asked = (
            known.sources
            if source is None
            else [_one_source(self.path, known, source)]
        )
        rows = [
            row
            for name in asked
            for file in self._read(name)
            for row in _history_of(file)
        ]
        rows.sort(key=lambda row: (row["recorded_at"], row["snapshot"]))
        frame = typed(rows, LOG)
        frame.attrs = {
            "definitions": dict(DEFINITIONS),
            "territory": TERRITORY,
            "source": list(asked),
            "snapshots": sorted(set(frame["snapshot"])),
        }
        return frame

    def verify(self) -> Verified:
        """Check everything: hashes, checksums, digests, validity, order.

        Returns
        -------
        Verified
            How much was checked.

        Raises
        ------
        StoreCorruptError
            If anything is damaged: a line for each damaged file.
        """
        return check(self._folder)


@guarded
def _prepare(folder: Folder) -> None:
    """Make the folder, unless it is somebody else's."""
    make_folder(folder.path)
    if (folder.path / MANIFEST).exists():
        return
    foreign = [
        item.name
        for item in folder.path.iterdir()
        if not item.name.startswith((".", "source="))
    ]
    foreign += [str(item) for item in folder.path.glob("source=*/*.parquet")]
    if foreign:
        raise StoreError(
            f"{folder.root}: expected a store or an empty folder, found no "
            f"{MANIFEST} but {counted(len(foreign), 'other file')}, such as "
            f"{sorted(foreign)[0]!r}: give a folder of its own or, if it was "
            f"a store, put a copy of its {MANIFEST} back"
        )


def _one_source(path: str, manifest: Manifest, source: str | None) -> str:
    """The source asked for, or the only one."""
    known = manifest.sources
    if source is None and len(known) == 1:
        return known[0]
    if source in known:
        return source
    held = ", ".join(known) or "none yet"
    asked = "" if source is None else f", found no {source!r} among them"
    raise StoreError(
        f"{path}: expected one of the sources it holds ({held}){asked}: name "
        "one (source=… in Python, --source … on the command line)"
    )


def _of_years(
    names: list[str], since: Day | None, until: Day | None
) -> list[str]:
    """Files that may speak for these days; never none of them."""
    # The year before, too: its last snapshot may be in force at the start.
    if since is not None:
        first = as_date(since).year
        earlier = [name for name in names if year_of(name) < first]
        names = earlier[-1:] + names[len(earlier) :]
    if until is not None:
        last = as_date(until).year
        names = [name for name in names if year_of(name) <= last] or names[:1]
    return names


def _from(files: list[YearFile], first: dt.date) -> list[YearFile]:
    """Files without those that end before what is in force at the start.

    What they hold need then not even be decoded.
    """
    opening = end_of_day(first - dt.timedelta(days=1))
    while len(files) > 1 and min(files[1].revisions).published_at < opening:
        files = files[1:]
    return files


def _in_force(
    files: Iterable[YearFile], moment: dt.datetime | None
) -> list[StoredSnapshot]:
    """The last revision of each snapshot, of those recorded by a moment."""
    chosen: dict[dt.datetime, StoredSnapshot] = {}
    for file in files:
        for key, revision in file.revisions.items():
            if moment is None or revision.recorded_at <= moment:
                snapshot = StoredSnapshot.opened(file, key)
                chosen[key.published_at] = snapshot
    return list(chosen.values())


def _history_of(file: YearFile) -> Iterator[dict[str, Any]]:
    before: dict[str, float] = {}
    for key, revision in file.revisions.items():
        if key.revision == 1:
            before = {}
        opened = StoredSnapshot.opened(file, key)
        row: dict[str, Any] = {
            "recorded_at": pd.Timestamp(revision.recorded_at),
            "source": source_of(file.name),
            "snapshot": opened.id,
            "published_at": pd.Timestamp(key.published_at),
            "revision": key.revision,
            "digest": opened.digest,
            "change": "added" if key.revision == 1 else "revised",
        }
        for state in ("occupied", "grey_zone"):
            row[f"{state}_km2"] = revision.areas.get(state)
            if state in revision.areas and state in before:
                change = revision.areas[state] - before[state]
                row[f"{state}_change_km2"] = change
        yield row
        before = revision.areas
