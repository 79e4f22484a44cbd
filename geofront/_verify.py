"""Whether a store still holds what was written into it.

Each file is hashed; then its pages, schema, order and rows are checked, and
each snapshot's digest, areas and validity against its geometry.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import pyarrow.compute as pc
import shapely
from tqdm import tqdm

from geofront._folder import Folder
from geofront._frames import STATES
from geofront._manifest import (
    existing_manifest,
    read_files,
    source_of,
    year_of,
)
from geofront._parquet import as_wkb, read, telling
from geofront._stored import Revision, YearFile
from geofront.errors import StoreCorruptError, StoreError
from geofront.geodesy import area_km2
from geofront.model import DRAWN_STATES
from geofront.topology import orient

__all__ = ["Verified", "check"]

_TOLERANCE_KM2 = 1e-6


class Verified(NamedTuple):
    """How much was checked, and found to be in order."""

    files: int
    revisions: int
    """Snapshots, with every correction of each."""
    areas: int
    """Rows: one for each state of each revision."""


def check(folder: Folder) -> Verified:
    """Check every file of a store.

    Raises
    ------
    StoreCorruptError
        If anything is damaged: a line for each damaged file.
    """
    manifest = existing_manifest(folder)
    faults = _strays(folder, set(manifest.files))
    revisions = areas = 0
    for name in tqdm(
        manifest.files, desc="verifying", unit="file", disable=None
    ):
        try:
            file = _open(folder, name)
            revisions += len(file.revisions)
            areas += file.file.metadata.num_rows
        except StoreError as error:
            faults.append(str(error))
    if faults:
        raise StoreCorruptError("\n".join(faults))
    return Verified(len(manifest.files), revisions, areas)


def _strays(folder: Folder, known: set[str]) -> list[str]:
    """Files that a reader of the whole folder would take for data.

    Over a network only what is listed can be looked for.
    """
    if not folder.is_local:
        return []
    found = {
        path.relative_to(folder.path).as_posix()
        for path in folder.path.rglob("*.parquet")
    }
    return [
        f"{folder.locate(name)}: expected in geofront.json, found it is not "
        "listed there: something else put it there; take it away"
        for name in sorted(found - known)
    ]


def _open(folder: Folder, name: str) -> YearFile:
    """A file, everything in it checked."""
    data = read_files(folder, lambda manifest: [name])[name]
    file = YearFile(folder, name, data)
    with telling(file.where):
        faults = [*_order_faults(file), *_row_faults(file)]
    if faults:
        more = f"; and {len(faults) - 5} more" if len(faults) > 5 else ""
        raise StoreCorruptError(f"{file.where}: {'; '.join(faults[:5])}{more}")
    return file


def _order_faults(file: YearFile) -> Iterator[str]:
    columns = ["source", "state", "published_at", "revision"]
    table = read(file.file, file.where, columns)
    if set(table["source"].to_pylist()) - {source_of(file.name)}:
        yield "expected the source of its folder, found another"
    if set(pc.year(table["published_at"]).to_pylist()) - {year_of(file.name)}:
        yield "expected the year of its name, found another"
    if set(table["state"].to_pylist()) - set(STATES):
        yield "expected states that are known, found others"
    rows = list(zip(*table.drop("source").to_pydict().values(), strict=True))
    if rows != sorted(set(rows)):
        yield (
            "expected rows sorted by state, moment and revision, each once, "
            "found others"
        )


def _row_faults(file: YearFile) -> Iterator[str]:
    last: dict[dt.datetime, int] = {}
    for key, revision in file.revisions.items():
        where = f"{key.published_at:%Y-%m-%dT%H:%M:%SZ}"
        if key.revision != last.get(key.published_at, 0) + 1:
            yield f"{where}: a revision before {key.revision} is missing"
        last[key.published_at] = key.revision
        if _digest(file, revision) != key.digest:
            yield f"{where}: the geometry does not fit the digest"
        for state in revision.rows:
            fault = _area_fault(file, revision, state)
            if fault:
                yield f"{where}: {state}: {fault}"


def _digest(file: YearFile, revision: Revision) -> str:
    """Digest of the stored bytes, as `Snapshot.digest` computes it."""
    moment = revision.key.published_at
    identity = f"{source_of(file.name)}@{moment:%Y-%m-%dT%H:%M:%SZ}"
    content = hashlib.sha256(identity.encode())
    for state in (*DRAWN_STATES, "coverage"):
        if state in revision.rows:
            content.update(b"\0" + state.encode() + b"\0")
            content.update(file.wkb(state, revision.rows[state]))
    return content.hexdigest()


def _area_fault(file: YearFile, revision: Revision, state: str) -> str | None:
    geometry = file.geometry(state, revision.rows[state])
    if not shapely.is_valid(geometry):
        return "invalid: " + shapely.is_valid_reason(geometry)
    if as_wkb(orient(geometry)) != as_wkb(geometry):
        return "a ring runs the wrong way round"
    if abs(area_km2(geometry) - revision.areas[state]) > _TOLERANCE_KM2:
        return "the geometry does not have the area that is stated"
    return None
