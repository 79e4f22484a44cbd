"""A folder of one source's files → history, faults listed."""

import datetime as dt
import warnings
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from geofront.errors import GeofrontError, GeofrontWarning, SourceError
from geofront.model import History, Snapshot
from geofront.sources.protocol import Adapter

MAX_BYTES = 512 * 2**20


def read_folder(folder: Path, adapter: Adapter) -> History:
    """History of all files of a source in one folder.

    Parameters
    ----------
    folder : pathlib.Path
    adapter : Adapter
        Of the source whose files they are.

    Raises
    ------
    SourceError
        If no file is usable; the message names what is wrong with them.

    Warns
    -----
    GeofrontWarning
        For each file that is not usable while others are.
    """
    files, faults = _dated_files(folder, adapter)
    snapshots: list[Snapshot] = []
    # disable=None: a bar in a terminal only.
    for path, moment in tqdm(
        files, desc=f"reading {folder.name}", unit="file", disable=None
    ):
        try:
            data = _read_bytes(path)
            snapshots.append(adapter.read(data, moment, path.name))
        except (GeofrontError, OSError) as error:
            faults.append(str(error))
    if not snapshots:
        raise SourceError(_nothing_usable(folder, adapter, faults))
    for fault in faults:
        warnings.warn(f"{fault}: not used", GeofrontWarning, stacklevel=3)
    return History(snapshots)


def _dated_files(
    folder: Path, adapter: Adapter
) -> tuple[list[tuple[Path, dt.datetime]], list[str]]:
    files, faults = [], []
    for path in _candidates(folder):
        moment = adapter.published_at(path)
        if moment is None:
            faults.append(
                f"{path.name}: the name is not of the form "
                f"{adapter.info.files}"
            )
        else:
            files.append((path, moment))
    return files, faults


def _candidates(folder: Path) -> Iterator[Path]:
    """Files that might be data: not hidden, no README, no table."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and not (
            path.name.startswith((".", "README")) or path.suffix == ".csv"
        ):
            yield path


def _read_bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise SourceError(
            f"{path.name}: {size / 2**20:,.0f} MB, expected at most "
            f"{MAX_BYTES / 2**20:.0f} MB"
        )
    return path.read_bytes()


def _nothing_usable(folder: Path, adapter: Adapter, faults: list[str]) -> str:
    """Say what was expected, and what the first few files were."""
    expected = f"expected files named {adapter.info.files}"
    if not faults:
        return f"{folder}: no data in this folder, {expected}"
    shown = "; ".join(faults[:5])
    more = f"; and {len(faults) - 5} more" if len(faults) > 5 else ""
    return f"{folder}: no usable file, {expected}. Found: {shown}{more}"
