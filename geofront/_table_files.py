"""Tables as the bytes of a file: CSV, Parquet, an Excel workbook.

CSV and workbooks are for spreadsheets, which take text that begins like a
formula for one.  Names come from other people's files, so such text is kept
from being computed: in CSV by an apostrophe before it, in a workbook by the
cell's type.
"""

import datetime as dt
import io
import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from geofront.errors import GeofrontError

__all__ = ["WRITERS", "escaped_columns"]
__all__ += ["plain", "plain_frame", "plain_records"]

_UNSEEN = (
    r"\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    r"\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    r"\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001"
    r"\U000e0020-\U000e007f"
)
"""Control and format characters, as within brackets of an expression."""

# At the start of a cell or, where a spreadsheet cuts fields at other marks
# than the comma, inside of one; in the width that East Asian fonts use, too.
# Characters that nobody sees before it may get lost on the way.
_FORMULA = re.compile(rf"(^|[;\t\r\n])(?=[\s{_UNSEEN}\"']*[=+\-@＝＋－＠])")

MOST_ROWS = 2**20 - 1
"""Rows of an Excel sheet, below its header."""

MOST_CHARACTERS = 32_767
"""Of a cell of an Excel sheet."""

_LEAST_WIDTH = 20
"""Of a column of an Excel sheet, in characters: that of a moment."""


def plain_records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Plain values: dates in ISO 8601, None where nothing is known."""
    return [
        {str(name): plain(value) for name, value in record.items()}
        for record in rows.to_dict("records")
    ]


def plain_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """Plain values, as objects: whole numbers stay whole beside nulls."""
    columns = {
        name: pd.Series(
            [plain(value) for value in rows[name].astype(object)], dtype=object
        )
        for name in rows
    }
    return pd.DataFrame(columns, columns=rows.columns)


def plain(value: Any) -> Any:
    """One value, as JSON knows it."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        if value.tzinfo is not None:
            # When a store was told something is known to the microsecond.
            return value.isoformat().replace("+00:00", "Z")
        return f"{value:%Y-%m-%d}"
    return value.item() if hasattr(value, "item") else value


def _escaped(value: Any) -> Any:
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


def escaped_columns(rows: pd.DataFrame) -> list[str]:
    """Columns of which some text is not written to CSV as it is."""
    return [
        name
        for name in _text_columns(rows)
        if any(value != _escaped(value) for value in rows[name].dropna())
    ]


def _text_columns(rows: pd.DataFrame) -> list[str]:
    return [
        str(name)
        for name, kind in rows.dtypes.items()
        if pd.api.types.is_object_dtype(kind)
        or isinstance(kind, pd.StringDtype)
    ]


def _csv(rows: pd.DataFrame) -> bytes:
    text = plain_frame(rows)
    for name in _text_columns(rows):
        text[name] = text[name].map(_escaped)
    # Ending lines in both characters quotes either of them within a text;
    # a byte-order mark tells spreadsheets that it is UTF-8.
    return text.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _parquet(rows: pd.DataFrame) -> bytes:
    # A column of nulls alone stays one of text.
    text = dict.fromkeys(_text_columns(rows), "string")
    buffer = io.BytesIO()
    rows.astype(text).to_parquet(buffer, index=False)
    return buffer.getvalue()


def _xlsx(rows: pd.DataFrame) -> bytes:
    # Imported here: it is not needed for anything else.
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    if len(rows) > MOST_ROWS:
        raise GeofrontError(
            f"a workbook holds {MOST_ROWS:,} rows, found {len(rows):,}: "
            "write .parquet or .csv"
        )
    texts = (rows[name].dropna() for name in _text_columns(rows))
    longest = max(
        (len(text) for column in texts for text in column), default=0
    )
    if longest > MOST_CHARACTERS:
        raise GeofrontError(
            f"a cell of a workbook holds {MOST_CHARACTERS:,} characters, "
            f"found a text of {longest:,}: write .parquet or .csv"
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("table")
    sheet.freeze_panes = "A2"
    for number, name in enumerate(rows, start=1):
        # Dates and moments show as ##### where they are cut.
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width = max(len(str(name)) + 2, _LEAST_WIDTH)
    sheet.append([str(name) for name in rows])
    for record in rows.itertuples(index=False, name=None):
        sheet.append([_cell(sheet, value) for value in record])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    """Value of a cell: moments in UTC, since Excel knows no time zones."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        if value.tzinfo is None:
            return value.date()
        return value.tz_convert(dt.UTC).tz_localize(None).to_pydatetime()
    if isinstance(value, str):
        return _text(sheet, value)
    return value.item() if hasattr(value, "item") else value


def _text(sheet: Any, value: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    # Text, whatever it begins with; and still so after it was edited.
    cell.data_type = "s"
    if _FORMULA.search(value):
        cell.number_format = "@"
    return cell


WRITERS: Mapping[str, Callable[[pd.DataFrame], bytes]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".xlsx": _xlsx,
}
"""From a table to the bytes of a file, by the file's suffix."""
