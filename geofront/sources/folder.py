"""A folder of one source's files → history, faults listed."""

import datetime as dt
import warnings
from pathlib import Path

from tqdm import tqdm

from geofront._words import clean
from geofront.errors import GeofrontError, GeofrontWarning, SourceError
from geofront.model import History, Snapshot
from geofront.sources.protocol import Adapter

MAX_BYTES = 512 * 2**20

_SHOWN = 3


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
    files, misnamed = _dated_files(folder, adapter)
    snapshots: list[Snapshot] = []
    faults: list[str] = []
    # disable=None: a bar in a terminal only.
    for path, moment in tqdm(
        files, desc=f"reading {folder.name}", unit="file", disable=None
    ):
        where = clean(path.name)
        try:
            snapshots.append(adapter.read(_read_bytes(path), moment, where))
        except OSError as error:
            faults.append(f"{where}: {error.strerror}")
        except GeofrontError as error:
            faults.append(str(error))
    faults += [
        f"{clean(path.name)}: not named {adapter.info.files}"
        for path in misnamed
    ]
    if not snapshots:
        raise SourceError(_nothing_usable(folder, adapter, faults))
    for fault in faults:
        warnings.warn(f"{fault}: not used", GeofrontWarning, stacklevel=3)
    return History(snapshots)


def _dated_files(
    folder: Path, adapter: Adapter
) -> tuple[list[tuple[Path, dt.datetime]], list[Path]]:
    """Files with the moment that their names state, and the others."""
    files, misnamed = [], []
    for path in candidates(folder):
        moment = adapter.published_at(path)
        if moment is None:
            misnamed.append(path)
        else:
            files.append((path, moment))
    return files, misnamed


def candidates(folder: Path) -> list[Path]:
    """Files that might be data: not hidden, no README, no table."""
    return [
        path
        for path in sorted(folder.iterdir())
        if not path.is_dir()
        and not path.name.startswith((".", "README"))
        and path.suffix != ".csv"
    ]


def _read_bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise SourceError(
            f"{clean(path.name)}: {size:,} bytes, expected at most "
            f"{MAX_BYTES:,}"
        )
    return path.read_bytes()


def _nothing_usable(folder: Path, adapter: Adapter, faults: list[str]) -> str:
    """Say what was expected, and what the first few files were."""
    if not faults:
        return (
            f"{folder}: no data in this folder, expected files named "
            f"{adapter.info.files}"
        )
    shown = "; ".join(faults[:_SHOWN])
    more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    return f"{folder}: no usable file. {shown}{more}"
