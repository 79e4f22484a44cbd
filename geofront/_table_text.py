"""Tables for people: rounded, numbers to the right, words to the left."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from geofront._words import printable

__all__ = ["as_text"]

_HEADING = 10
"""Width that a heading may have although the cells below are narrower."""

_CAVEAT = "complete"
"""A column that tells something where no row has a yes."""


class _Column(NamedTuple):
    name: str
    cells: list[str]
    to_the_left: bool

    @property
    def is_empty(self) -> bool:
        """Whether it tells nothing: no number, no word, no yes."""
        return self.name != _CAVEAT and not {*self.cells} - {"", "–"}

    @property
    def broadest(self) -> int:
        """Width of the broadest cell."""
        return max(map(len, self.cells), default=0)

    def heading(self, *, folded: bool) -> list[str]:
        """Lines of the heading, which may be folded after underscores."""
        if not folded:
            return [self.name]
        words = self.name.replace("_", "_\n").split("\n")
        fits = max(self.broadest, _HEADING, *map(len, words))
        lines = [""]
        for word in words:
            if len(lines[-1]) + len(word) > fits:
                lines.append("")
            lines[-1] += word
        return lines


def as_text(rows: pd.DataFrame, width: int | None = None) -> str:
    """Table as text, its headings the names of the columns.

    Parameters
    ----------
    rows : pandas.DataFrame
    width : int, optional
        Of the terminal.  Where the table is broader, headings are folded;
        where that does not do, columns in which nothing stands are left
        out.
    """
    columns = [_column(str(name), rows[name]) for name in rows]
    told = [column for column in columns if not column.is_empty] or columns
    for shown, folded in ((columns, False), (columns, True), (told, True)):
        lines = list(_lines(shown, folded=folded))
        if width is None or max(map(len, lines)) <= width:
            break
    return "\n".join(lines)


def _lines(columns: Sequence[_Column], *, folded: bool) -> Iterator[str]:
    blocks = [_block(column, folded=folded) for column in columns]
    tallest = max(head for head, _ in blocks)
    padded = [
        [" " * len(lines[0])] * (tallest - head) + lines
        for head, lines in blocks
    ]
    for line in zip(*padded, strict=True):
        yield " ".join(line).rstrip()


def _block(column: _Column, *, folded: bool) -> tuple[int, list[str]]:
    """How tall the heading is; heading and cells, all of one width."""
    heading = column.heading(folded=folded)
    broadest = max(column.broadest, *map(len, heading))
    align = str.ljust if column.to_the_left else str.rjust
    lines = [align(line, broadest) for line in (*heading, *column.cells)]
    return len(heading), lines


def _column(name: str, values: "pd.Series[Any]") -> _Column:
    write = _writer(name, values)
    cells = [
        "–" if missing else write(value)
        for value, missing in zip(values, values.isna(), strict=True)
    ]
    is_number = pd.api.types.is_numeric_dtype(values)
    return _Column(name, cells, not is_number or values.dtype == bool)


def _writer(name: str, column: "pd.Series[Any]") -> Callable[[Any], str]:
    if column.dtype == bool:
        return lambda value: "yes" if value else ""
    if name.endswith("_at"):
        return lambda value: f"{value:%Y-%m-%d %H:%M}Z"
    if pd.api.types.is_datetime64_any_dtype(column):
        return lambda value: f"{value:%Y-%m-%d}"
    if pd.api.types.is_integer_dtype(column):
        return "{:,}".format
    if not pd.api.types.is_float_dtype(column):
        return printable  # Names come from other people's files.
    if name == "band_km":
        return "{:g}".format
    if name.endswith("_share") or name.startswith("jaccard"):
        return "{:.2%}".format
    if "_net_" in name or name.startswith(("closed", "closing")):
        return "{:+z,.2f}".format
    return "{:z,.2f}".format
