"""Records as tables: typed by their fields, naming what they rest on."""

from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from typing import Any

import pandas as pd
from pandas.api.extensions import ExtensionArray

from geofront._inputs import Input
from geofront.model import Snapshot
from geofront.records import DEFINITIONS, TERRITORY, Field

__all__ = ["attributes", "table", "typed"]


def table(
    rows: Iterable[Mapping[str, Any]] | Mapping[str, Any],
    fields: Mapping[str, Field],
    behind: Iterable[Snapshot],
    inputs: Iterable[Input] = (),
) -> pd.DataFrame:
    """Table of records, typed, that names what it rests on.

    Parameters
    ----------
    rows : iterable of mappings, or mapping of str to array
        One a record, by field name; or the columns.
    fields : mapping of str to Field
        All columns, in order.
    behind : iterable of Snapshot
        What the records are computed from: a history, or those of its
        snapshots that were looked at, in any order and any number of times.
    inputs : iterable of mappings
        What they rest on besides, such as regions.

    Returns
    -------
    pandas.DataFrame
        Its ``attrs`` name the definitions, the territory, the source, the
        ids of the snapshots behind it and its other inputs.
    """
    frame = typed(rows, fields)
    frame.attrs = attributes(behind, inputs)
    return frame


def attributes(
    behind: Iterable[Snapshot], inputs: Iterable[Input] = ()
) -> dict[Hashable | None, Any]:
    """What a table computed from snapshots rests on.

    Plain text, lists and dictionaries, which survive Parquet and pickling.
    ``source`` is a list where there are several.
    """
    seen = {snapshot.id: snapshot.source for snapshot in behind}
    sources = sorted(set(seen.values()))
    return {
        "definitions": dict(DEFINITIONS),
        "territory": TERRITORY,
        "source": sources[0] if len(sources) == 1 else sources,
        "snapshots": sorted(seen),
        "inputs": [dict(item) for item in inputs],
    }


def typed(
    rows: Iterable[Mapping[str, Any]] | Mapping[str, Any],
    fields: Mapping[str, Field],
) -> pd.DataFrame:
    """Table of records with the columns and types of its fields."""
    dtypes = {name: field.dtype for name, field in fields.items()}
    if isinstance(rows, Mapping):
        # Long tables come as columns: all but text is typed already.
        frame = pd.DataFrame(
            {
                name: pd.Series(rows[name], dtype=_before(rows[name], kind))
                for name, kind in dtypes.items()
            }
        )
    else:
        frame = pd.DataFrame(list(rows), columns=list(fields), dtype=object)
    known = {
        name: kind
        for name, kind in dtypes.items()
        if kind != "str" or _text_keeps_nulls()
    }
    return frame.astype(known)


@cache
def _text_keeps_nulls() -> bool:
    """Before pandas 3 there was no such text: it would spell them "None"."""
    return bool(pd.Series([None], dtype=object).astype("str").isna().all())


def _before(values: object, kind: str) -> type[object] | None:
    """Type of a column before it gets its own: text may hold nulls."""
    is_text = isinstance(values, ExtensionArray)
    return object if kind == "str" and not is_text else None
