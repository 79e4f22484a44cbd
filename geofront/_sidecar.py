"""FILE.meta.json: what a table rests on, beside the table.

From it alone, and the store, each figure leads back to the snapshots that
it was computed from.
"""

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import pandas as pd

import geofront as gf
from geofront import _durable
from geofront._asked import Asked
from geofront._inputs import inputs_of
from geofront._manifest import sha256
from geofront._table_files import escaped_columns, plain, plain_records
from geofront._units import unit_of
from geofront.history import History
from geofront.model import Snapshot
from geofront.records import RECORDS, record_of
from geofront.sources import described_source, remarks_of

__all__ = ["COMMAND", "describe", "note_input", "sidecar"]

COMMAND = "geofront.command"
"""Where the command line leaves what was typed."""

_INPUTS = "geofront.inputs"

_TOLD_APART = ("definitions", "territory", "source", "snapshots", "inputs")
"""Attributes of a table that have their own place in the file."""

_LINKS = (
    ("since", "until", "since_snapshot", "until_snapshot"),
    ("since", "until", "source", "since_published_at", "until_published_at"),
    ("date", "a_snapshot", "b_snapshot"),
    ("date", "snapshot"),
    (
        *("date", "source", "published_at"),
        *("compared_with", "compared_published_at"),
    ),
    ("date", "source", "published_at"),
)
"""Columns by which rows lead to snapshots: the first that are all there."""


def sidecar(output: Path) -> Path:
    """File beside a table that says what it rests on."""
    return output.with_suffix(".meta.json")


def describe(rows: pd.DataFrame, output: Path) -> None:
    """Write what a table rests on, beside the file that it is in by now."""
    asked = click.get_current_context().find_object(Asked)
    assert asked is not None, "a table is asked of a store or a folder"
    behind = _behind(rows, asked.histories())
    content = {
        "format": "geofront-table-meta",
        "version": 1,
        **_made(rows, output, asked.state.read_at),
        **_asked_of(rows, asked),
        "inputs": _inputs(rows),
        "territory": rows.attrs["territory"],
        "definitions": rows.attrs["definitions"],
        "columns": _columns(rows),
        "escaped": _escaped(rows, output),
        **{
            str(name): value
            for name, value in rows.attrs.items()
            if name not in _TOLD_APART
        },
        "remarks": remarks_of(behind.values()),
        "rows_rest_on": _links(rows),
        "snapshots": {name: item.digest for name, item in behind.items()},
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, default=plain)
    # What was typed need not be text: stray bytes are spelled out.
    data = text.encode(errors="backslashreplace") + b"\n"
    _durable.write(sidecar(output), data)


def note_input(given: dict[str, Any]) -> None:
    """Remember what a command was given besides maps, for its table."""
    root = click.get_current_context().find_root()
    root.meta.setdefault(_INPUTS, []).append(given)


def _inputs(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """What the table names itself, and what the command was given; once."""
    root = click.get_current_context().find_root()
    found = [*inputs_of(rows), *root.meta.get(_INPUTS, [])]
    return [each for i, each in enumerate(found) if each not in found[:i]]


def _made(
    rows: pd.DataFrame, output: Path, read_at: dt.datetime
) -> dict[str, Any]:
    """Which file it is about, and how it came to be."""
    root = click.get_current_context().find_root()
    return {
        "file": output.name,
        "sha256": sha256(output.read_bytes()),
        "rows": len(rows),
        "record": record_of(_names(rows)),
        "command": root.meta.get(COMMAND),
        "geofront": gf.__version__,
        # When the maps were read, to the microsecond, like what a store says
        # of when it was told.
        "made_at": _moment(read_at),
    }


def _asked_of(rows: pd.DataFrame, asked: Asked) -> dict[str, Any]:
    """The store, and the sources behind the table."""
    named = rows.attrs["source"]
    sources = [named] if isinstance(named, str) else list(named)
    return {
        "store": {
            "path": asked.store,
            "digest": asked.state.digest,
            "known_at": _moment(asked.known_at),
        },
        "sources": [
            {**described_source(history.source), "digest": history.digest}
            for history in asked.histories()
            if history.source in sources
        ],
    }


def _columns(rows: pd.DataFrame) -> dict[str, Any]:
    names = _names(rows)
    fields = RECORDS[record_of(names)]
    return {
        name: {
            "unit": unit_of(name),
            "meaning": fields[name].meaning,
            "null_when": fields[name].null,
        }
        for name in names
    }


def _names(rows: pd.DataFrame) -> list[str]:
    """Columns but for the polygons."""
    return [str(name) for name in rows if name != "geometry"]


def _escaped(rows: pd.DataFrame, output: Path) -> list[str]:
    return escaped_columns(rows) if output.suffix.lower() == ".csv" else []


def _moment(moment: dt.datetime | None) -> Any:
    return None if moment is None else plain(pd.Timestamp(moment))


def _behind(
    rows: pd.DataFrame, histories: Iterable[History]
) -> dict[str, Snapshot]:
    """Snapshots behind a table, by id, in the order of their ids."""
    wanted = set(rows.attrs["snapshots"])
    found = {
        snapshot.id: snapshot
        for history in histories
        for snapshot in history
        if snapshot.id in wanted
    }
    return dict(sorted(found.items()))


def _links(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Which snapshots the rows of each day or step rest on."""
    for names in _LINKS:
        if set(names) <= set(rows):
            distinct = rows[list(names)].drop_duplicates()
            return [_named(link) for link in plain_records(distinct)]
    return []


def _named(link: dict[str, Any]) -> dict[str, Any]:
    """Link that names its snapshots by the id, if it does not yet."""
    for end in ("", "since_", "until_", "compared_"):
        if f"{end}published_at" in link:
            moment = link.pop(f"{end}published_at")
            name = None if moment is None else f"{link['source']}@{moment}"
            link[f"{end}snapshot"] = name
    return link
