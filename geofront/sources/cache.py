"""Files that were downloaded: kept, checked, replaced whole or not at all."""

import hashlib
import json
import os
from pathlib import Path
from typing import NamedTuple

import platformdirs

from geofront import _durable
from geofront._words import clean
from geofront.errors import DownloadError

__all__ = ["Cache", "Kept", "default_folder"]


def default_folder() -> Path:
    """Where downloads are kept: GEOFRONT_CACHE, or as the system has it."""
    named = os.environ.get("GEOFRONT_CACHE")
    return Path(named or platformdirs.user_cache_dir("geofront"))


class Kept(NamedTuple):
    """What is known of a file that was downloaded."""

    etag: str | None = None
    last_modified: str | None = None
    address: str | None = None
    downloaded_at: str | None = None
    """Moment, as ISO 8601 has it."""
    read: bool = False
    """Whether it has turned out to be a map."""


class Cache:
    """A folder of one source's files under their own names.

    Beside each a hidden note tells where it is from and what it has to be.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Where a file is, or would be.

        Raises
        ------
        DownloadError
            If the name, which comes from a server, is none of a file.
        """
        if Path(name).name != name or name.startswith(".") or "\\" in name:
            raise DownloadError(f"{clean(name)!r} is no file's name")
        return self._folder / name

    def find(self, name: str, address: str) -> Kept | None:
        """What is known of a file; None if it is not whole, or not there."""
        path = self.path(name)
        try:
            note = json.loads(self._note(path).read_bytes())
            whole = _sha256(path.read_bytes()) == note["sha256"]
            kept = Kept(*(note[field] for field in Kept._fields))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return kept if whole and kept.address == address else None

    def keep(self, name: str, data: bytes, known: Kept) -> Path:
        """Put a file in place of the one before, at once.

        Raises
        ------
        DownloadError
            If it cannot be written.
        """
        path = self.path(name)
        note = {"sha256": _sha256(data), **known._asdict()}
        try:
            # Between the two the note is of another file, and counts not.
            _durable.replace(path, data)
            _durable.replace(self._note(path), json.dumps(note).encode())
        except OSError as error:
            raise DownloadError(f"{path}: {error.strerror}") from None
        return path

    @staticmethod
    def _note(path: Path) -> Path:
        return path.with_name(f".{path.name}.json")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
