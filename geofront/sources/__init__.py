"""Sources: whose maps geofront reads, and how.

Each module reads one source; this one knows them all by name.
"""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from geofront._words import clean
from geofront.errors import SourceError
from geofront.history import History
from geofront.model import Snapshot
from geofront.sources.deepstate import DeepState
from geofront.sources.files import candidates
from geofront.sources.folder import read_folder
from geofront.sources.isw import Isw, IswClaimed
from geofront.sources.occupied_daily import OccupiedDaily
from geofront.sources.owlmaps import OwlMaps
from geofront.sources.profile import Profile
from geofront.sources.protocol import Adapter, Collector, SourceInfo
from geofront.sources.registry import Registry
from geofront.sources.vector import Vector
from geofront.sources.viina import Viina, read_viina

__all__ = [
    "SOURCES",
    "SourceInfo",
    "adapter",
    "check_name",
    "described_source",
    "example_history",
    "likely_source",
    "open_folder",
    "read_viina",
    "remarks_of",
]

_HOW = "source= in Python, --source on the command line"

SOURCES = Registry(
    (
        Profile,
        DeepState,
        OccupiedDaily,
        OwlMaps,
        Isw,
        IswClaimed,
        Viina,
        Vector,
    )
)
"""Adapters by the name that ``--source`` takes."""


def open_folder(
    path: str | os.PathLike[str],
    *,
    source: str | None = None,
    **options: Any,
) -> History:
    """Open a folder of dated maps, as :func:`geofront.open_history` does.

    Parameters
    ----------
    path : str or path-like
        The folder.
    source : str, optional
        Whose files they are; by default those of geofront's own profile.
    **options
        How to read them: the source's own options.

    Returns
    -------
    History
        All maps that could be read.

    Raises
    ------
    SourceError
        If the source is unknown, the folder is none, or no file is usable.
    """
    folder = Path(path)
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing"
        raise SourceError(f"{folder}: expected a folder, found {found}")
    asked = source or Profile.info.name
    try:
        return read_folder(folder, adapter(asked, **options))
    except SourceError as error:
        raise SourceError(f"{error}{likely_source([folder], asked)}") from None


def likely_source(paths: Sequence[Path], asked: str) -> str:
    """A sentence on whose files they may be instead; nothing if unknown."""
    files = candidates(paths)
    named = _whose_names(files)
    likely = named - {asked}
    if asked == Vector.info.name:
        likely -= {Profile.info.name}  # Days name the files of both.
    if likely:
        return (
            f". The files are named like those of {min(likely)!r}: name it "
            f"as the source ({_HOW})"
        )
    if files and asked == Profile.info.name and not named:
        return (
            f". Other files take the name of their source ({_HOW}): your "
            "own maps are 'vector'"
        )
    return ""


def _whose_names(files: Sequence[Path]) -> set[str]:
    """Sources whose way of naming files these files follow."""
    readers = {name: kind() for name, kind in SOURCES.items()}
    return {
        name
        for name, reader in readers.items()
        if not isinstance(reader, Collector)
        and any(map(reader.published_at, files))
    }


def described_source(name: str) -> dict[str, str | None]:
    """What is known of a source by its name: whose it is, and its terms.

    Parameters
    ----------
    name : str
        As a snapshot's ``source``.

    Returns
    -------
    dict
        ``name, title, terms, attribution, address``; null where the name is
        of a user's own maps.
    """
    known = SOURCES[name].info if name in SOURCES else None
    fields = ("title", "terms", "attribution", "address")
    return {
        "name": name,
        **{field: getattr(known, field, None) for field in fields},
    }


def remarks_of(snapshots: Iterable[Snapshot]) -> list[str]:
    """What is to be known of maps: remarks, breaks, and how they are dated.

    Parameters
    ----------
    snapshots : iterable of Snapshot
        Of any sources.

    Returns
    -------
    list of str
        Details of their notes, each once, sorted.
    """
    return sorted(
        {
            note.detail
            for snapshot in snapshots
            for note in snapshot.notes
            if note.kind in ("remark", "method_break", "date")
        }
    )


def example_history() -> History:
    """Schematic example: the Siversk direction, 17–28 February 2025.

    Returns
    -------
    History
        Hand-drawn from published facts, for examples and tests; not a
        source's map, and not to be cited.
    """
    package = Path(__file__).parents[1]
    installed = package / "example"
    checkout = package.parent / "data" / "boundaries"
    return open_folder(installed if installed.is_dir() else checkout)


def check_name(name: str, source: str) -> None:
    """Refuse to keep one source's maps under the name of another.

    Parameters
    ----------
    name : str
        Under which they are to be kept.
    source : str
        Whose they are.

    Raises
    ------
    SourceError
        If it is another source's, or not of the form of a name.
    """
    if re.fullmatch("[a-z0-9_]+", name) is None:
        raise SourceError(
            f"{clean(name)!r} cannot name a source: expected lower-case "
            "letters, digits and underscores"
        )
    if name in SOURCES and name != source:
        raise SourceError(
            f"{name} is the name of a source that geofront reads: keep your "
            "maps under another"
        )


def adapter(source: str, **options: Any) -> Adapter | Collector:
    """New adapter of a source.

    Parameters
    ----------
    source : str
        A name in `SOURCES`.
    **options
        The source's own options.

    Returns
    -------
    Adapter or Collector
        To read one folder with.

    Raises
    ------
    SourceError
        If there is no such source, or it has no such option.
    """
    if "name" in options:
        check_name(options["name"], source)
    return SOURCES.make(source, options)
