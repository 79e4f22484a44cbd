"""What a table rests on besides maps: borders, a register, a user's files."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

__all__ = ["Input", "file_input", "inputs_of", "packed_input", "shown_input"]

Input = Mapping[str, str | None]
"""``name, source, licence, path, sha256``; null: does not apply."""

_SHOWN = 16
"""Digits of a digest in words; the data holds all 64."""


def file_input(name: str, path: str | os.PathLike[str]) -> dict[str, Any]:
    """A user's file, by its path as given and its SHA-256.

    A folder, such as a file geodatabase, has no digest.
    """
    file = Path(path)
    is_file = file.is_file()
    content = hashlib.sha256(file.read_bytes()) if is_file else None
    return {
        "name": name,
        "source": None,
        "licence": None,
        "path": os.fspath(path),
        "sha256": content and content.hexdigest(),
    }


def packed_input(
    name: str, data: bytes, *, source: str, licence: str
) -> dict[str, Any]:
    """What geofront brings along, by its content."""
    return {
        "name": name,
        "source": source,
        "licence": licence,
        "path": None,
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def inputs_of(table: pd.DataFrame | None) -> list[dict[str, Any]]:
    """What a table says that it was read from."""
    if table is None:
        return []
    return [dict(item) for item in table.attrs.get("inputs", [])]


def shown_input(item: Input) -> str:
    """An input in words."""
    if item["path"] is None:
        return f"{item['source']}, {item['licence']}"
    told = f"file {Path(item['path']).name}"
    digest = item["sha256"]
    return told if digest is None else f"{told}, SHA-256 {digest[:_SHOWN]}…"
