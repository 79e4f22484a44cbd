"""What an adapter of a source has to offer."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

from geofront.model import Snapshot


@dataclass(frozen=True)
class SourceInfo:
    """What a user has to know of a source before quoting it."""

    name: str
    """As in ``--source``."""
    title: str
    draws: str
    """Which states it draws."""
    dates: str
    """How it dates its maps."""
    terms: str
    """Under which terms its polygons may be used."""
    attribution: str
    """Line to print with every map of it."""
    address: str
    """Where it is published."""
    files: str
    """How its files are named."""
    made_from: str = ""
    """Source from whose map it is made, if it is no independent one."""


class Adapter(Protocol):
    """Reads the files of one source, a map a file.

    One instance reads one folder.  What ``__init__`` takes beside ``self``
    are the source's options, by keyword, each with a default.
    """

    info: ClassVar[SourceInfo]

    def published_at(self, path: Path) -> dt.datetime | None:
        """Moment that a file's name states.

        Parameters
        ----------
        path : pathlib.Path
            A file of the folder; it need not exist.

        Returns
        -------
        datetime.datetime or None
            With a time zone; None for a file that is not the source's.
        """

    def read(
        self, data: bytes, published_at: dt.datetime, where: str
    ) -> Snapshot:
        """Snapshot from the bytes of one file.

        Parameters
        ----------
        data : bytes
            What the file holds.
        published_at : datetime.datetime
            What `published_at` said.
        where : str
            The file, as messages call it.

        Returns
        -------
        Snapshot
            Under the source's own name.

        Raises
        ------
        SourceError
            If the file cannot be used: nothing is guessed.
        """


@runtime_checkable
class Unbundler(Protocol):
    """What an adapter adds whose source also offers many maps in one file."""

    def is_bundle(self, path: Path) -> bool:
        """Whether a file's name is that of such a file.

        Parameters
        ----------
        path : pathlib.Path
            A file of the folder.

        Returns
        -------
        bool
            True if `unbundle` is to read it.
        """

    def unbundle(
        self, data: bytes, where: str, faults: list[str]
    ) -> Iterator[tuple[dt.datetime, bytes]]:
        """Moment and bytes of each map, as `Adapter.read` takes them.

        Parameters
        ----------
        data : bytes
            What the file holds.
        where : str
            The file, as messages call it.
        faults : list of str
            To which each map that is not usable is added, a line each.

        Returns
        -------
        iterator of (datetime.datetime, bytes)
            In any order.
        """


@runtime_checkable
class Collector(Protocol):
    """Reads files that are not a map each: several make one, or the reverse.

    The alternative to :class:`Adapter`.
    """

    info: ClassVar[SourceInfo]

    def collect(
        self, paths: Sequence[Path], faults: list[str]
    ) -> Iterator[tuple[Snapshot, bytes | None]]:
        """Snapshots, each with the bytes of its file if it is of one file.

        Parameters
        ----------
        paths : sequence of pathlib.Path
            All files of the folder.
        faults : list of str
            To which what is not usable is added, a line each.

        Returns
        -------
        iterator of (Snapshot, bytes or None)
            In any order.
        """


SourceKind = type[Adapter] | type[Collector]
