"""From wherever maps lie to a history, and from a source's files to a store.

The one place that knows both the sources and the store.
"""

import datetime as dt
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from geofront._append import tell_superseded
from geofront._expected import kind_of
from geofront._log import RawFile
from geofront._manifest import MANIFEST, sha256
from geofront.days import Day
from geofront.errors import SourceError, StoreError
from geofront.history import History
from geofront.model import Snapshot
from geofront.sources import adapter, likely_source, open_folder
from geofront.sources.files import up_to
from geofront.sources.folder import Reading
from geofront.store import Appended, Store

__all__ = ["Ingested", "ingest", "is_store", "need_store", "open_history"]

BATCH = 100
"""Snapshots a commit: what a power cut during an ingest can cost."""


def is_store(path: str | os.PathLike[str]) -> bool:
    """Whether a folder is a store; an address over a network always is."""
    place = os.fspath(path)
    return "://" in place or (Path(place) / MANIFEST).exists()


def open_history(
    path: str | os.PathLike[str],
    *,
    source: str | None = None,
    known_at: dt.datetime | Day | None = None,
    **options: Any,
) -> History:
    """Open a store, or a folder of dated maps.

    Parameters
    ----------
    path : str or path-like
        A store; a folder of dated GeoJSON in geofront's own profile; or,
        with ``source``, of that source's own files.  ``README*``, ``*.csv``
        and hidden files beside them are ignored.
    source : str, optional
        Of a store that holds several sources, the one to open; of a folder,
        whose files they are: a name in `geofront.sources.SOURCES`.
    known_at : datetime.datetime, str or datetime.date, optional
        Of a store, what it held at this moment, before later corrections;
        a day stands for its end in Kyiv.
    **options
        Of a folder, how to read it: the source's own options, such as
        ``date`` and ``meanings`` of ``vector``.

    Returns
    -------
    History

    Raises
    ------
    SourceError
        If the source is unknown, the folder is none, or no file is usable.
    StoreError
        If a store holds no such source, or several and none is named.
    StoreCorruptError
        If a file of a store is damaged.

    Warns
    -----
    GeofrontWarning
        For each file or feature that is not usable while others are.
    """
    if is_store(path):
        if options:
            raise StoreError(
                f"{os.fspath(path)} is a store: what it holds was read when "
                f"it was ingested, so {', '.join(options)} comes too late"
            )
        return Store(path).open(source, known_at=known_at)
    if known_at is not None:
        raise StoreError(
            f"{os.fspath(path)}: what was known at a moment can be asked of "
            f"a store only, and there is no {MANIFEST} in it"
        )
    return open_folder(path, source=source, **options)


def need_store(given: object) -> None:
    """Raise TypeError unless it is a store, and say how to make one."""
    if not isinstance(given, Store):
        raise TypeError(
            f"expected a store, found {kind_of(given)}: gf.Store(path) is one"
        )


class Ingested(NamedTuple):
    """What reading files into a store did."""

    appended: Appended
    known_files: int
    """Files that were read before and did not have to be read again."""


def ingest(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    store: Store,
    *,
    source: str,
    reread: bool = False,
    max_bytes: int | None = None,
    on_append: Callable[[Appended], None] | None = None,
    **options: Any,
) -> Ingested:
    """Read a source's own files into a store.

    Parameters
    ----------
    paths : str, path-like, or iterable of them
        Folders, or files.
    store : Store
    source : str
        Whose files they are: a name in `geofront.sources.SOURCES`.
    reread : bool
        Read known files again, too: where this version of geofront
        understands them otherwise, that becomes a further revision.
    max_bytes : int, optional
        Size up to which a file is read, 512 MB by default.
    on_append : callable, optional
        Told what each portion of up to 100 snapshots added, once that is on
        the disk: whatever happens then, these stay.
    **options
        How to read them: the source's own options.  Known files are read
        again where there are any.

    Returns
    -------
    Ingested

    Raises
    ------
    SourceError
        If no file is usable.
    StoreError
        If the store cannot be written.

    Warns
    -----
    GeofrontWarning
        For each file that is not usable while others are; for files of one
        moment that differ, none of which is used; and for files whose
        content a correction has superseded, which changes nothing.
    """
    need_store(store)
    reader = adapter(source, **options)
    given = [paths] if isinstance(paths, str | os.PathLike) else paths
    places = [Path(path) for path in given]
    missing = [str(path) for path in places if not path.exists()]
    if missing:
        raise SourceError(f"{', '.join(missing)}: found nothing there")
    afresh = reread or bool(options)
    known = _Known({} if afresh else store.raw_files())
    reading = Reading(places, reader, known)
    outcomes = []
    with up_to(max_bytes):
        for batch in _batches(_apart(reading, known)):
            appended = store.append(
                [snapshot for snapshot, _ in batch],
                raw_sha256={item.digest: raw for item, raw in batch if raw},
                reread=reread,
            )
            outcomes.append(appended)
            if on_append is not None:
                on_append(appended)
    if not outcomes and not known.met:
        raise SourceError(
            f"{reading.nothing_usable()}{likely_source(places, source)}"
        )
    reading.warn(stacklevel=3)
    if known.superseded:
        tell_superseded(known.superseded, store.path, stacklevel=2)
    return Ingested(_joined(outcomes), known.met)


class _Known:
    """Files that were read before, and which of them are met again."""

    def __init__(
        self, files: Mapping[tuple[dt.datetime, str], RawFile]
    ) -> None:
        self._files = files
        self._met: list[RawFile] = []
        self.contents: dict[str, str] = {}
        """Digests of those that are met again, by the snapshot's id."""

    def __call__(self, moment: dt.datetime, data: bytes) -> bool:
        moment = moment.replace(microsecond=0)
        known = self._files.get((moment, sha256(data)))
        if known is not None:
            self._met.append(known)
            self.contents[known.snapshot] = known.digest
        return known is not None

    @property
    def met(self) -> int:
        """How many are met again."""
        return len(self._met)

    @property
    def superseded(self) -> list[str]:
        """Ids of those superseded, what is in force not being met as well."""
        current = {raw.snapshot for raw in self._met if raw.in_force}
        return [
            raw.snapshot for raw in self._met if raw.snapshot not in current
        ]


def _apart(
    reading: Reading, known: _Known
) -> Iterator[tuple[Snapshot, bytes | None]]:
    """Snapshots, but for those of one moment that differ: they are listed.

    Files come in the order of their moments; what else repeats one, as a
    bundle may, is compared with what was handed on.
    """
    handed: dict[str, str] = {}
    for name, group in itertools.groupby(reading, lambda item: item[0].id):
        items = list(group)
        found = {snapshot.digest for snapshot, _ in items}
        found |= {
            each[name] for each in (handed, known.contents) if name in each
        }
        if len(found) > 1:
            reading.refuse(
                f"{len(found)} maps are all {name} but differ: keep one of "
                "them, or ingest the right one alone"
            )
            # Nor is a third one used.
            found = {""}
            items = []
        (handed[name],) = found
        yield from items


def _batches(
    reading: Iterable[tuple[Snapshot, bytes | None]],
) -> Iterator[list[tuple[Snapshot, str | None]]]:
    """Snapshots, each with its file's SHA-256 if known, some at a time."""
    items = (
        (snapshot, None if data is None else sha256(data))
        for snapshot, data in reading
    )
    while batch := list(itertools.islice(items, BATCH)):
        yield batch


def _joined(outcomes: list[Appended]) -> Appended:
    if not outcomes:
        return Appended((), (), ())
    columns = zip(*outcomes, strict=True)
    return Appended(*(tuple(itertools.chain(*ids)) for ids in columns))
