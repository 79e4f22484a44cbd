"""A store's own history: what each revision changed, and came from."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from geofront._manifest import source_of
from geofront._stored import StoredSnapshot, YearFile

__all__ = ["RawFile", "history_of", "raw_files_of"]


class RawFile(NamedTuple):
    """A file that was read into a store."""

    published_at: dt.datetime
    sha256: str
    snapshot: str
    """Id of what it held."""
    digest: str
    """Of the snapshot, as it was read last."""
    in_force: bool
    """Whether no correction from another file has superseded it."""


def raw_files_of(file: YearFile) -> Iterator[RawFile]:
    """Files behind the revisions of one year, in the order of these."""
    last = {key.published_at: key.digest for key in file.revisions}
    for key, revision in file.revisions.items():
        if revision.raw_sha256 is not None:
            yield RawFile(
                key.published_at,
                revision.raw_sha256,
                StoredSnapshot.opened(file, key).id,
                key.digest,
                last[key.published_at] == key.digest,
            )


def history_of(file: YearFile) -> Iterator[dict[str, Any]]:
    """Rows of `Store.log` for one file."""
    before: dict[str, float] = {}
    for key, revision in file.revisions.items():
        if key.revision == 1:
            before = {}
        opened = StoredSnapshot.opened(file, key)
        row: dict[str, Any] = {
            "recorded_at": pd.Timestamp(revision.recorded_at),
            "source": source_of(file.name),
            "snapshot": opened.id,
            "published_at": pd.Timestamp(key.published_at),
            "revision": key.revision,
            "digest": opened.digest,
            "change": "added" if key.revision == 1 else "revised",
        }
        for state in ("occupied", "grey_zone"):
            row[f"{state}_km2"] = revision.areas.get(state)
            if state in revision.areas and state in before:
                change = revision.areas[state] - before[state]
                row[f"{state}_change_km2"] = change
        yield row
        before = revision.areas
