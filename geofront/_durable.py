"""Bytes that are on the disk, whole, before anything relies on them.

A file is written beside its place under another name, flushed to the disk
and only then renamed, and the folder that lists the new name is flushed too.
Whenever the machine stops, a name leads to the old bytes or to the new ones.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

__all__ = ["discard", "make_folder", "publish", "replace", "replacing"]
__all__ += ["stage", "staged", "write"]


def stage(path: Path, data: bytes) -> None:
    """Write bytes under a name that nobody relies on yet.

    Raises
    ------
    OSError
        If the disk is full or fails; nothing is left behind then.
    """
    make_folder(path.parent)
    try:
        _write(path, data)
        _flush_folder(path.parent)
    except BaseException:
        discard(path)
        raise


def publish(waiting: Path, path: Path) -> None:
    """Give staged bytes their name, in place of what had it."""
    os.replace(waiting, path)  # noqa: PTH105 - atomic, and easily injected
    _flush_folder(path.parent)


def replace(path: Path, data: bytes) -> None:
    """Replace the bytes of a file that one process at a time writes.

    Old or new, never half; what a killed process leaves is written over.
    """
    waiting = staged(path)
    stage(waiting, data)
    try:
        publish(waiting, path)
    except BaseException:
        discard(waiting)
        raise


def write(path: Path, data: bytes) -> None:
    """Replace the bytes of a file that others may write at the same time."""
    with replacing(path) as staged:
        _write(staged, data)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to write a file that takes another's place when it is whole.

    It has the same name, in a folder of its own, so that two processes do
    not write into one another; unless there is an error it gets its place
    at the end: old or new, never half.
    """
    with _named(path):
        made = tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            staged = Path(made) / path.name
            yield staged
            _flush_file(staged)
            publish(staged, path)
        finally:
            shutil.rmtree(made, ignore_errors=True)


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Make errors name the file that was asked for, not the one staged."""
    try:
        yield
    except OSError as error:
        if error.errno is not None:
            error.filename, error.filename2 = str(path), None
        raise


def staged(path: Path) -> Path:
    """Name under which the bytes of a file wait to replace it."""
    return path.with_name(f".{path.name}.next")


def make_folder(path: Path) -> None:
    """Make a folder and those above it, each listed on the disk."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    _flush_folder(path.parent)


def discard(path: Path) -> None:
    """Remove a file that nobody relies on, if that is possible."""
    with contextlib.suppress(OSError):
        path.unlink()


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        # A disk that is nearly full takes a part and says how much.
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":  # folders cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
