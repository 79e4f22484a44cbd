"""Which files lie in a place, and their bytes if they are not too many."""

from collections.abc import Iterable
from pathlib import Path

from geofront._words import clean
from geofront.errors import SourceError

MAX_BYTES = 512 * 2**20
"""A map above this is refused; the largest of a source has 17 MB."""


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
        and path.suffix != ".csv"
    ]


def read_bytes(path: Path) -> bytes:
    """Bytes of a file.

    Raises
    ------
    SourceError
        If it cannot be read, or is larger than `MAX_BYTES`.
    """
    where = clean(path.name)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise SourceError(
                f"{where}: {size:,} bytes, expected at most {MAX_BYTES:,}"
            )
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{where}: {error.strerror}") from None
