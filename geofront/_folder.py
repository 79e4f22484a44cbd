"""Where a store lies: a folder, or an address that fsspec reads."""

import os
from functools import cached_property
from pathlib import Path
from typing import cast

from geofront._words import cause
from geofront.errors import StoreError

__all__ = ["Folder"]


class Folder:
    """Files by their names relative to one root.

    Parameters
    ----------
    root : str or path-like
        A folder on this machine, or an address such as ``s3://bucket/store``
        or ``https://host/store``, which can be read but not written.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        named = os.fspath(root)
        # Workers elsewhere are told the name, and have other folders open.
        local = "://" not in named
        self.root = str(Path(named).absolute()) if local else named.rstrip("/")

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine."""
        return "://" not in self.root

    @cached_property
    def path(self) -> Path:
        """The folder itself.

        Raises
        ------
        StoreError
            If it is not on this machine.
        """
        if not self.is_local:
            raise StoreError(
                f"{self.root}: only a folder on this machine can be written: "
                "copy it here first"
            )
        return Path(self.root)

    def size(self, name: str) -> int:
        """Bytes of a file on disk; 0 where there is none of that name.

        Raises
        ------
        StoreError
            If it cannot be told.
        """
        try:
            if self.is_local:
                return (self.path / name).stat().st_size
            return len(self.read(name))
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise StoreError(
                f"{self.locate(name)}: cannot be read: {error}"
            ) from error

    def locate(self, name: str) -> str:
        """Full name of a file, for messages."""
        return f"{self.root}/{name}"

    def read(self, name: str) -> bytes:
        """Bytes of a file.

        Raises
        ------
        FileNotFoundError
            If there is none of that name.
        StoreError
            If it cannot be read.
        """
        try:
            if self.is_local:
                return (self.path / name).read_bytes()
            return self._fetch(name)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise StoreError(
                f"{self.locate(name)}: cannot be read: {error}"
            ) from error

    def _fetch(self, name: str) -> bytes:
        where = self.locate(name)
        try:
            import fsspec

            system, path = fsspec.url_to_fs(where)
        except (ImportError, ValueError) as error:
            raise StoreError(
                f"{where}: {error}. Reading over a network takes pip install "
                "'geofront[s3]'"
            ) from error
        try:
            # One request.  To open a file asks for its size first, and takes
            # whatever goes wrong with that for a file that is not there.
            return cast(bytes, system.cat_file(path))
        except FileNotFoundError:
            raise
        # Each protocol has its library, and each library its own errors.
        except Exception as error:
            told = f"{type(error).__name__} {error}"
            raise StoreError(
                f"{where}: could not be fetched: {cause(told)}. Whether it "
                "is there is not known: check the address, the network and "
                "your credentials, and try again"
            ) from error
