"""A folder of one source's files → history, faults listed."""

import datetime as dt
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from geofront._words import cause, clean, first_of
from geofront.errors import GeofrontError, GeofrontWarning, SourceError
from geofront.history import History
from geofront.model import Snapshot
from geofront.sources.files import candidates, read_bytes
from geofront.sources.missing import Incomplete
from geofront.sources.protocol import Adapter, Collector, Unbundler

_BEFORE_ALL = dt.datetime.min.replace(tzinfo=dt.UTC)
_AHEAD = dt.timedelta(days=2)
"""How far clocks and time zones may differ."""


def read_folder(folder: Path, adapter: Adapter | Collector) -> History:
    """History of all files of a source in one folder.

    Parameters
    ----------
    folder : pathlib.Path
    adapter : Adapter or Collector
        Of the source whose files they are.

    Raises
    ------
    SourceError
        If no file is usable; the message names what is wrong with them.

    Warns
    -----
    GeofrontWarning
        For each file that is not usable while others are.
    """
    reading = Reading([folder], adapter)
    snapshots = [snapshot for snapshot, _ in reading]
    if not snapshots:
        raise SourceError(reading.nothing_usable())
    # Past this function and the two that open a folder: the user's line.
    reading.warn(stacklevel=5)
    return History(snapshots)


class Reading:
    """A source's files, read one by one; faults are collected on the way.

    Parameters
    ----------
    paths : list of pathlib.Path
        Folders, or files.
    adapter : Adapter or Collector
        Of the source whose files they are.
    passed_over : callable, optional
        From the moment and the bytes of a file to whether to leave it out.
    """

    def __init__(
        self,
        paths: list[Path],
        adapter: Adapter | Collector,
        passed_over: Callable[[dt.datetime, bytes], bool] | None = None,
    ) -> None:
        self._paths = paths
        self._adapter = adapter
        self._passed_over = passed_over
        self._faults: list[str] = []
        self._incomplete = Incomplete()

    def __iter__(self) -> Iterator[tuple[Snapshot, bytes | None]]:
        """Snapshots, each with the bytes of its file if it has one."""
        for snapshot, data in self._all():
            fault = _fault(snapshot)
            if fault is not None:
                self._faults.append(f"{snapshot.id}: {fault}")
                continue
            self._incomplete.look_at(snapshot)
            yield snapshot, data

    def _all(self) -> Iterator[tuple[Snapshot, bytes | None]]:
        if isinstance(self._adapter, Collector):
            names = ", ".join(clean(path.name) for path in self._paths)
            with self._faults_of(names):
                yield from self._adapter.collect(self._paths, self._faults)
            return
        files, misnamed = _dated_files(self._paths, self._adapter)
        names = ", ".join(path.name for path in self._paths)
        # disable=None: a bar in a terminal only.
        for path, moment in tqdm(
            files, desc=f"reading {names}", unit="file", disable=None
        ):
            yield from self._read(self._adapter, path, moment)
        self._faults += [
            f"{clean(path.name)}: not named {self._adapter.info.files}"
            for path in misnamed
        ]

    def _read(
        self, adapter: Adapter, path: Path, moment: dt.datetime | None
    ) -> Iterator[tuple[Snapshot, bytes]]:
        """Maps in one file; a fault of one of them costs no other."""
        where = clean(path.name)
        maps: list[tuple[dt.datetime, bytes]] = []
        with self._faults_of(where):
            data = read_bytes(path)
            if moment is not None:
                maps = [(moment, data)]
            else:
                assert isinstance(adapter, Unbundler)
                maps = list(adapter.unbundle(data, where, self._faults))
        for published_at, content in maps:
            if self._passed_over and self._passed_over(published_at, content):
                continue
            snapshot = None
            with self._faults_of(where):
                snapshot = adapter.read(content, published_at, where)
            if snapshot is not None:
                yield snapshot, content

    @contextmanager
    def _faults_of(self, where: str) -> Iterator[None]:
        """List what cannot be read; an adapter is anybody's code."""
        try:
            yield
        except GeofrontError as error:
            self._faults.append(str(error))
        except Warning:
            raise  # whoever makes errors of warnings wants them
        except Exception as error:
            self._faults.append(
                f"{where}: the adapter of {self._adapter.info.name} failed: "
                f"{type(error).__name__}: {cause(error)}"
            )

    def refuse(self, fault: str) -> None:
        """List one more fault."""
        self._faults.append(fault)

    def nothing_usable(self) -> str:
        """Say what was expected, and what the first few files were."""
        where = ", ".join(map(str, self._paths))
        if not self._faults:
            return (
                f"{where}: no data in this folder, expected files named "
                f"{self._adapter.info.files}"
            )
        return f"{where}: no usable file. {first_of(self._faults)}"

    def warn(self, stacklevel: int) -> None:
        """Tell each fault, some files being usable, and what is missing."""
        self._incomplete.warn(stacklevel)
        for fault in self._faults:
            warnings.warn(
                f"{fault}: not used", GeofrontWarning, stacklevel=stacklevel
            )


def _fault(snapshot: Snapshot) -> str | None:
    """Why a map cannot be true, whoever has read it."""
    latest = dt.datetime.now(dt.UTC) + _AHEAD
    if snapshot.published_at > latest:
        return f"expected a moment before {latest:%Y-%m-%d}"
    occupied = snapshot.drawn("occupied")
    empty = occupied is None or not len(occupied)
    if empty and snapshot.coverage is None:
        return "nothing is occupied in it. An empty map is no liberation"
    return None


def _dated_files(
    paths: Iterable[Path], adapter: Adapter
) -> tuple[list[tuple[Path, dt.datetime | None]], list[Path]]:
    """Files with the moment that their names state, and the others.

    None stands for a file of many maps, which states the moments within.
    """
    files: list[tuple[Path, dt.datetime | None]] = []
    misnamed = []
    for path in candidates(paths):
        moment = adapter.published_at(path)
        bundle = isinstance(adapter, Unbundler) and adapter.is_bundle(path)
        if moment is None and not bundle:
            misnamed.append(path)
        else:
            files.append((path, moment))
    # Those of one moment together, wherever they lie.
    files.sort(key=lambda file: file[1] or _BEFORE_ALL)
    return files, misnamed
