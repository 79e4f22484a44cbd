"""What an adapter of a source has to offer."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from geofront.model import Snapshot


@dataclass(frozen=True)
class SourceInfo:
    """What a user has to know of a source before quoting it."""

    name: str
    """As in ``--source``."""
    title: str
    draws: str
    """Which states it draws."""
    dates: str
    """How it dates its maps."""
    terms: str
    """Under which terms its polygons may be used."""
    attribution: str
    """Line to print with every map of it."""
    address: str
    """Where it is published."""
    files: str
    """How its files are named."""


class Adapter(Protocol):
    """Reads the files of one source; one instance reads one folder."""

    info: ClassVar[SourceInfo]

    def __init__(self) -> None: ...

    def published_at(self, path: Path) -> dt.datetime | None:
        """Moment that a file's name states; None for any other file."""

    def read(
        self, data: bytes, published_at: dt.datetime, where: str
    ) -> Snapshot:
        """Snapshot from the bytes of one file; ``where`` names it."""
