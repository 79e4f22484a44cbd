"""The right to write into a store: one writer at a time."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import filelock

from geofront._durable import make_folder
from geofront._folder import Folder
from geofront._manifest import MANIFEST, guarded, settle
from geofront._words import counted
from geofront.errors import StoreError

__all__ = ["writing"]

LOCK = ".geofront.lock"
LOCK_SECONDS = 600.0
"""How long to wait for other writers."""
SILENT_SECONDS = 3.0
"""How long to wait without a word."""

_log = logging.getLogger(__name__)


@contextmanager
def writing(folder: Folder) -> Iterator[None]:
    """Hold a store's lock, what a writer that was stopped left being settled.

    Raises
    ------
    StoreError
        If it cannot be locked, or somebody else's files are there.
    """
    _prepare(folder)
    lock = filelock.FileLock(folder.path / LOCK)
    try:
        _acquire(lock, folder)
    except filelock.Timeout:
        raise StoreError(
            f"{folder.root}: another process has been writing for "
            f"{LOCK_SECONDS / 60:.0f} minutes: try again when it is done"
        ) from None
    except OSError as error:
        raise StoreError(
            f"{folder.root}: cannot be locked for writing: {error}"
        ) from error
    try:
        settle(folder)
        yield
    finally:
        lock.release()


def _acquire(lock: filelock.BaseFileLock, folder: Folder) -> None:
    """Wait for other writers; not for long without saying so."""
    try:
        lock.acquire(timeout=SILENT_SECONDS)
    except filelock.Timeout:
        # Goes to standard error where nobody has set up logging.
        _log.warning(
            "%s: another process is writing into it: waiting for up to %.0f "
            "minutes",
            folder.root,
            LOCK_SECONDS / 60,
        )
        lock.acquire(timeout=LOCK_SECONDS - SILENT_SECONDS)


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
