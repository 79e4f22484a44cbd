"""Which files lie in a place, and their bytes if they are not too many."""

import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from geofront._words import clean
from geofront.errors import SourceError

MAX_BYTES = 512 * 2**20
"""A map above this is refused unless told; a source's have 4 MB at most."""

_told: ContextVar[int | None] = ContextVar("told", default=None)


@contextmanager
def up_to(max_bytes: int | None) -> Iterator[None]:
    """Read files up to another size, for as long as this lasts."""
    token = _told.set(max_bytes)
    try:
        yield
    finally:
        _told.reset(token)


def candidates(places: Iterable[Path]) -> list[Path]:
    """Files; of a folder those not hidden, no README, no table."""
    return [path for place in places for path in _of(place)]


def _of(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return [
        path
        for path in sorted(place.iterdir())
        if not path.is_dir()
        and not path.name.startswith((".", "README"))
        and path.suffix.lower() != ".csv"
    ]


def read_bytes(path: Path) -> bytes:
    """Bytes of a file.

    Raises
    ------
    SourceError
        If it cannot be read, or is larger than `MAX_BYTES`, or than what
        `up_to` says.
    """
    where = clean(path.name)
    allowed = _told.get() or MAX_BYTES
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            # Reading a pipe would wait for ever.
            raise SourceError(f"{where}: is no regular file")
        size = found.st_size
        if size > allowed:
            raise SourceError(
                f"{where}: {size:,} bytes, expected at most {allowed:,} "
                "(--max-mb allows more)"
            )
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{where}: {error.strerror}") from None
