"""A store: snapshots of any number of sources, kept as GeoParquet.

A store is a folder that any tool reads: a file for each source and year,
and ``geofront.json`` with the SHA-256 of each.  What was stored is never
changed: a correction is a further revision.  See ``docs/store.md``.
"""

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from tqdm import tqdm

from geofront._append import Appended, Writer, tell_superseded
from geofront._folder import Folder
from geofront._log import RawFile, history_of, raw_files_of
from geofront._manifest import (
    MANIFEST,
    Manifest,
    existing_manifest,
    read_files,
    read_manifest,
    staged_name,
)
from geofront._record_tables import typed
from geofront._spans import begun, in_force, of_years
from geofront._stored import YearFile
from geofront._verify import Verified, check
from geofront._words import clean
from geofront._writing import writing
from geofront.days import Day, as_date, as_moment
from geofront.errors import MissingDateError, StoreError
from geofront.history import History, digest_of
from geofront.model import Snapshot
from geofront.records import DEFINITIONS, LOG, TERRITORY

__all__ = ["Appended", "Store", "Verified"]


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
        """Size of its files on disk, which are not read."""
        listed = existing_manifest(self._folder).files
        return self._folder.size(MANIFEST) + sum(
            # In its place, or waiting beside it.
            self._folder.size(name) or self._folder.size(staged_name(name))
            for name in listed
        )

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
                for snapshot in in_force(self._read(source), moment)
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
            A history, or snapshots of any sources in any order, those of
            one moment in the order of their revisions.
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
        TypeError
            If it is given anything but snapshots.
        StoreError
            If it cannot be written, or is locked for ten minutes.
        StoreCorruptError
            If a file to be extended is damaged.

        Warns
        -----
        GeofrontWarning
            For content that a correction has superseded and that therefore
            changes nothing.

        Notes
        -----
        Other processes may read and append meanwhile.  A known moment with
        other content becomes a further revision; nothing is ever deleted.
        Notes are not content: read otherwise with the same areas, a
        snapshot is unchanged and keeps the notes that it came with.
        """
        waiting = _checked(snapshots)
        for snapshot in tqdm(
            waiting,
            desc="dissolving",
            unit="snapshot",
            disable=None,
            leave=False,
        ):
            # Before the lock is taken: it is the dearest step.
            snapshot.digest  # noqa: B018
        with writing(self._folder):
            writer = Writer(self._folder, raw_sha256 or {}, reread)
            appended = writer.write(waiting)
        if writer.superseded:
            tell_superseded(writer.superseded, self.path, stacklevel=3)
        return appended

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
        chosen = in_force(files, moment)
        if not chosen:
            by = f" by {moment:%Y-%m-%dT%H:%M:%SZ}" if moment else ""
            raise MissingDateError(
                f"{self.path}: nothing had been recorded{by}: its log says "
                "when the first was"
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
            return of_years(names, since, until)

        files = [
            YearFile(self._folder, name, data)
            for name, data in read_files(self._folder, wanted).items()
        ]
        return files if since is None else begun(files, as_date(since))

    def raw_files(self) -> dict[tuple[dt.datetime, str], RawFile]:
        """Files that were read into it.

        Returns
        -------
        dict
            By moment and SHA-256, each with the snapshot that it held;
            empty where there is no store.
        """
        if not self.exists:
            return {}
        files = read_files(self._folder, lambda manifest: manifest.files)
        return {
            (raw.published_at, raw.sha256): raw
            for name, data in files.items()
            for raw in raw_files_of(YearFile(self._folder, name, data))
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
            for row in history_of(file)
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


def _checked(snapshots: Iterable[Snapshot]) -> list[Snapshot]:
    """What to append, or a TypeError that says what it is instead."""
    if isinstance(snapshots, Snapshot):
        raise TypeError(
            "expected snapshots, found one: append([snapshot]) adds it"
        )
    if isinstance(snapshots, str) or not isinstance(snapshots, Iterable):
        raise TypeError(
            "expected a history or other snapshots, found "
            f"{clean(repr(snapshots))}"
        )
    waiting = list(snapshots)
    for item in waiting:
        if not isinstance(item, Snapshot):
            raise TypeError(
                f"expected snapshots, found {clean(repr(item))} among them"
            )
    return waiting


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
