"""The real files that benchmarks read."""

import os
import sys
from pathlib import Path


def archive_folders() -> list[Path]:
    """Folders ``deepstate-*`` of what ``GEOFRONT_ARCHIVE`` names."""
    named = os.environ.get("GEOFRONT_ARCHIVE")
    folders = sorted(Path(named).glob("deepstate-*")) if named else []
    if not folders:
        sys.exit("GEOFRONT_ARCHIVE names no folder with deepstate-* in it")
    return folders
