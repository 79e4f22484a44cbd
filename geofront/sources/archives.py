"""Packed files, inflated with care: in memory, and only so far.

Nothing is ever written, whatever name a member has.  An archive that would
inflate beyond the limits, or that speaks of files outside itself, is refused.
"""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath

from geofront._words import clean
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
            raise SourceError(_too_much(where, len(data), allowed))
        if not stream.eof:
            raise SourceError(f"{where}: the gzip file is truncated")
        # Several files may follow each other in one.
        rest = stream.unused_data.lstrip(b"\0")
    return b"".join(parts)


def unzip_one(
    data: bytes, wanted: Callable[[list[str]], str | None], where: str
) -> bytes:
    """Inflate one member of a zip archive.

    Parameters
    ----------
    data : bytes
        The archive.
    wanted : callable
        From the names of all members to the one to inflate, or to None.
    where : str
        The archive, for messages.

    Raises
    ------
    SourceError
        If it is no archive, a member leads outside or is a link, none is
        the one wanted, or that one is damaged, encrypted or inflates beyond
        the limits.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_members(members, where)
            name = wanted([member.filename for member in members])
            if name is None:
                raise SourceError(
                    f"{where}: nothing to read in it, found "
                    + (", ".join(clean(m.filename) for m in members[:5]))
                )
            return _inflated(archive, archive.getinfo(name), where)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,  # encrypted
        NotImplementedError,  # a method of packing that Python has not
        ValueError,
        OverflowError,
        UnicodeDecodeError,
    ) as error:
        raise SourceError(
            f"{where}: expected a zip archive that can be read: {clean(error)}"
        ) from None


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


def _inflated(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str
) -> bytes:
    allowed = _allowed(member.compress_size)
    # What the archive says of its sizes may be a lie: count.
    parts: list[bytes] = []
    size = 0
    with archive.open(member) as stream:
        while part := stream.read(_CHUNK):
            size += len(part)
            if size > allowed:
                raise SourceError(
                    _too_much(where, member.compress_size, allowed)
                )
            parts.append(part)
    return b"".join(parts)


def _allowed(packed: int) -> int:
    """Bytes that something may inflate to."""
    return min(MAX_BYTES, max(_CHUNK, MAX_RATIO * packed))


def _too_much(where: str, packed: int, allowed: int) -> str:
    return (
        f"{where}: {packed:,} packed bytes inflate to more than {allowed:,}: "
        "refused as a bomb"
    )
