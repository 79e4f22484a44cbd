"""The real files that benchmarks read."""

import os
import sys
from pathlib import Path


def archive_folders(source: str = "deepstate") -> list[Path]:
    """Folders of a source in what ``GEOFRONT_ARCHIVE`` names."""
    named = os.environ.get("GEOFRONT_ARCHIVE")
    pattern = source.replace("_", "-") + "-*"
    folders = sorted(Path(named).glob(pattern)) if named else []
    if not folders:
        sys.exit(f"GEOFRONT_ARCHIVE names no folder with {pattern} in it")
    return folders
