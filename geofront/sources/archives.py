"""Packed files, inflated with care: in memory, and only so far.

Nothing is ever written, whatever name a member has.  An archive that would
inflate beyond the limits, or that speaks of files outside itself, is refused.
"""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from geofront._words import cause, clean
from geofront.errors import SourceError

MAX_BYTES = 512 * 2**20
"""Of one inflated file."""
MAX_RATIO = 200
"""Inflated to packed: maps reach 30, bombs 1,000 and more."""

_ROOT = re.compile(r"/|[A-Za-z]:")
_CHUNK = 2**20
_MAX_MEMBERS = 10_000


def gunzip(data: bytes, where: str) -> bytes:
    """Inflate a gzip file.

    Raises
    ------
    SourceError
        If it is not one, is truncated, or inflates beyond the limits.
    """
    allowed = _allowed(len(data))
    parts: list[bytes] = []
    rest, size = data, 0
    while rest:
        stream = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        try:
            inflated = stream.decompress(rest, allowed - size + 1)
        except zlib.error as error:
            raise SourceError(f"{where}: expected gzip: {error}") from None
        size += len(inflated)
        parts.append(inflated)
        if size > allowed:
            raise SourceError(_too_much(where, allowed))
        if not stream.eof:
            raise SourceError(f"{where}: the gzip file is truncated")
        # Several files may follow each other in one.
        rest = stream.unused_data.lstrip(b"\0")
    return b"".join(parts)


def unzip_one(
    data: bytes, wanted: Callable[[list[str]], str | None], where: str
) -> bytes:
    """Inflate one member of a zip archive: see `open_member`."""
    with open_member(io.BytesIO(data), wanted, where) as stream:
        return b"".join(iter(lambda: stream.read(_CHUNK), b""))


@contextmanager
def open_member(
    file: Path | BinaryIO,
    wanted: Callable[[list[str]], str | None],
    where: str,
    *,
    max_bytes: int = MAX_BYTES,
) -> Iterator[BinaryIO]:
    """Open one member of a zip archive, to be inflated while it is read.

    Parameters
    ----------
    file : pathlib.Path or binary file
        The archive.
    wanted : callable
        From the names of all members to the one to inflate, or to None.
    where : str
        The archive, for messages.
    max_bytes : int
        How far it may inflate.

    Raises
    ------
    SourceError
        If it is no archive, a member leads outside or is a link, none is
        the one wanted, or that one is damaged, encrypted or inflates beyond
        the limits.
    """
    with ExitStack() as stack:
        with _readable(where):
            archive = stack.enter_context(zipfile.ZipFile(file))
            members = archive.infolist()
            _check_members(members, where)
            name = wanted([member.filename for member in members])
            if name is None:
                raise SourceError(
                    f"{where}: nothing to read in it, found "
                    + (", ".join(clean(m.filename) for m in members[:5]))
                )
            member = archive.getinfo(name)
            stream = stack.enter_context(archive.open(member))
        # What the archive says of its sizes may be a lie: count.
        allowed = _allowed(member.compress_size, max_bytes)
        yield cast(BinaryIO, _Metered(stream, allowed, where))


@contextmanager
def _readable(where: str) -> Iterator[None]:
    """Turn the many errors of a damaged archive into geofront's own."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,  # encrypted
        NotImplementedError,  # a method of packing that Python has not
        ValueError,
        OverflowError,
    ) as error:
        raise SourceError(
            f"{where}: expected a zip archive that can be read: {cause(error)}"
        ) from None


class _Metered(io.RawIOBase):
    """A stream that ends in an error beyond a number of bytes."""

    def __init__(self, stream: IO[bytes], allowed: int, where: str) -> None:
        self._stream = stream
        self._allowed = allowed
        self._left = allowed
        self._where = where

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        with _readable(self._where):
            part = self._stream.read(_CHUNK if size < 0 else size)
        self._left -= len(part)
        if self._left < 0:
            raise SourceError(_too_much(self._where, self._allowed))
        return part


def _check_members(members: list[zipfile.ZipInfo], where: str) -> None:
    if len(members) > _MAX_MEMBERS:
        raise SourceError(
            f"{where}: {len(members):,} members, expected at most "
            f"{_MAX_MEMBERS:,}"
        )
    for member in members:
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if ".." in parts or (parts and _ROOT.match(parts[0])):
            raise SourceError(
                f"{where}: the member {clean(member.filename)!r} leads "
                "outside the archive: refused"
            )
        if stat.S_ISLNK(member.external_attr >> 16):
            raise SourceError(
                f"{where}: the member {clean(member.filename)!r} is a link: "
                "refused"
            )


def _allowed(packed: int, max_bytes: int = MAX_BYTES) -> int:
    """Bytes that something may inflate to."""
    return min(max_bytes, max(_CHUNK, MAX_RATIO * packed))


def _too_much(where: str, allowed: int) -> str:
    return f"{where}: inflates to more than {allowed:,} bytes: refused"
