"""Where a store lies: a folder, or an address that fsspec reads."""

import os
from functools import cached_property
from pathlib import Path
from typing import cast

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
                f"{self.root}: only a folder on this machine can be written "
                "or verified: copy it here first"
            )
        return Path(self.root)

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
        try:
            import fsspec

            with fsspec.open(self.locate(name), "rb") as file:
                return cast(bytes, file.read())
        except (ImportError, ValueError) as error:
            raise StoreError(
                f"{self.locate(name)}: {error}. Reading over a network "
                "takes pip install 'geofront[s3]'"
            ) from error
