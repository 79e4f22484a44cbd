"""Long tables as columns: a row a day and place."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from geofront._rows import Ints
from geofront.cadence import Look
from geofront.place import Place

__all__ = ["Columns", "repeated", "stacked", "text"]

Columns = dict[str, Any]
"""Arrays by field."""


def repeated(
    seen: Sequence[Look], places: Sequence[Place], rows: int = 1
) -> Columns:
    """What every record of a look and place begins with.

    Parameters
    ----------
    seen : sequence of Look
    places : sequence of Place
    rows : int
        How many records a look and place have.
    """
    names = {
        "place": [place.name for place in places],
        "place_id": [place.id for place in places],
    }
    days = np.repeat(np.arange(len(seen)), len(places) * rows)
    place = np.tile(np.repeat(np.arange(len(places)), rows), len(seen))
    fields = pd.DataFrame([look.fields() for look in seen])
    columns = {str(name): fields[name].array[days] for name in fields}
    return columns | {
        name: text(values, place) for name, values in names.items()
    }


def text(words: Sequence[str | None], number: Ints) -> ExtensionArray:
    """Column of few words in many rows: the word of each row, by its number.

    Words are read once, which takes longer than to repeat them.
    """
    column: ExtensionArray = pd.Series(list(words)).array[number]
    return column


def stacked(found: Sequence[Columns]) -> Columns:
    """Columns of several looks, one after the other."""
    return {
        name: np.concatenate([columns[name] for columns in found])
        for name in found[0]
    }
