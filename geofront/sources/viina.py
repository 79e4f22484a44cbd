"""VIINA: who is said to control each populated place, day by day.

These are states of places, gathered from several claimants, and never
polygons: they stand beside what a map says of a place.
"""

import datetime as dt
import re
import warnings
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import pandas as pd
import pyarrow as pa
from pyarrow import csv

from geofront._words import clean, counted
from geofront.days import Day, as_date
from geofront.errors import GeofrontWarning, SourceError
from geofront.model import Snapshot
from geofront.sources.archives import open_member
from geofront.sources.protocol import SourceInfo

__all__ = ["CLAIMANTS", "read_viina"]

STATES = {"UA": "held", "RU": "occupied", "CONTESTED": "grey_zone"}
CLAIMANTS = (
    "status_wiki",
    "status_boost",
    "status_dsm",
    "status_isw",
    "status",
)
"""Columns of VIINA, each of a claimant; ``status`` is its own verdict."""

COLUMNS = ("date", "place", "state", "claimant", "url")
"""As of a table of claims."""

_IDS = ("geonameid", "kod", "katotth", "katottg")
_MARK = "\xef\xbb\xbf"  # a byte-order mark, read as Latin-1
_MISSING = ("", "NA", "NAN", "NONE", "NULL")
# A year of 33,000 places has some 500 MB.
_MAX_BYTES = 4 * 2**30
_NUMBER = re.compile(r"\d{1,18}(?:\.\d*)?(?:[eE]\+?\d{1,2})?")


class Viina:
    """Describes VIINA, and refuses to make a map of it."""

    info: ClassVar[SourceInfo] = SourceInfo(
        name="viina",
        title="VIINA 2.0, control of populated places",
        draws="no area: the state of places, by claimant (occupied, grey "
        "zone, held): geofront.read_viina",
        dates="a day in each row",
        terms="Open Database License (ODbL)",
        attribution="VIINA 2.0, Zhukov and Ayers, Harvard University",
        address="https://github.com/zhukovyuri/VIINA",
        files="control_latest_YYYY.zip or kontrol_latest_YYYY.zip",
    )

    def collect(
        self, paths: Sequence[Path], faults: list[str]
    ) -> Iterator[tuple[Snapshot, bytes | None]]:
        """Refuse: a point is no area.

        Raises
        ------
        SourceError
            Always.
        """
        raise SourceError(
            "viina speaks of places, not of areas, and is never made into "
            "polygons: geofront.read_viina gives its table"
        )


def read_viina(
    path: str | Path,
    *,
    places: Collection[str] | None = None,
    claimants: Collection[str] = CLAIMANTS,
    since: Day | None = None,
    until: Day | None = None,
) -> pd.DataFrame:
    """States of places by day, as VIINA's claimants have them.

    Parameters
    ----------
    path : str or pathlib.Path
        ``control_*`` or ``kontrol_*``, as CSV, in a zip archive or not.
    places : collection of str, optional
        Codes of the places wanted: of GeoNames for ``control_*``, of the
        register KATOTTG for ``kontrol_*``.  A year of all places has tens
        of millions of rows.
    claimants : str or collection of str
        Columns wanted: ``status_wiki``, ``status_boost``, ``status_dsm``,
        ``status_isw``, and ``status``, VIINA's own verdict; by default all.
    since, until : str or datetime.date, optional
        First and last day, included.

    Returns
    -------
    pandas.DataFrame
        ``date, place, state, claimant, url``, a row for each day, place and
        claimant that says anything: claims, as `geofront.assess_claims`
        takes them.  ``place`` is the code, ``state`` one of ``occupied``,
        ``grey_zone`` and ``held``, ``url`` VIINA's own.  Sorted.

    Raises
    ------
    SourceError
        If the file is not one of VIINA's.

    Warns
    -----
    GeofrontWarning
        For rows that cannot be read, which are left out.
    """
    file = Path(path)
    claimants = [claimants] if isinstance(claimants, str) else claimants
    where = clean(file.name)
    span = (_day(since, dt.date.min), _day(until, dt.date.max))
    wanted = None if places is None else {str(place) for place in places}
    faults: dict[str, int] = {}
    with _opened(file, where) as stream:
        parts = [
            _states(batch, claimants, wanted, span, faults)
            for batch in _batches(stream, claimants, where, faults)
        ]
    if faults:
        told = "; ".join(
            f"{counted(number, 'row')} {fault}"
            for fault, number in faults.items()
        )
        warnings.warn(
            f"{where}: left out {told}", GeofrontWarning, stacklevel=2
        )
    return _joined(parts)


def _day(day: Day | None, default: dt.date) -> pd.Timestamp | dt.date:
    return default if day is None else as_date(day)


@contextmanager
def _opened(file: Path, where: str) -> Iterator[BinaryIO]:
    """Stream of the table, out of its archive."""
    try:
        if file.suffix.lower() == ".zip":
            with open_member(
                file, _table, where, max_bytes=_MAX_BYTES
            ) as stream:
                yield stream
        else:
            with file.open("rb") as plain:
                yield plain
    except OSError as error:
        raise SourceError(f"{where}: {error.strerror}") from None


def _table(names: list[str]) -> str | None:
    tables = [name for name in names if name.lower().endswith(".csv")]
    return next((name for name in tables if "__MACOSX" not in name), None)


def _batches(
    stream: BinaryIO,
    claimants: Collection[str],
    where: str,
    faults: dict[str, int],
) -> Iterator[pd.DataFrame]:
    """Rows, as text, some at a time: place, date, and each claimant."""
    try:
        reader = _reader(stream, faults)
        names = {
            name.removeprefix(_MARK).strip().lower(): name
            for name in reader.schema.names
        }
        kept = _columns(names, claimants, where)
        for batch in reader:
            frame = batch.select(list(kept)).to_pandas()
            yield frame.rename(columns=kept)
    except pa.ArrowException as error:
        raise SourceError(
            f"{where}: expected a table of VIINA's: {clean(error)}"
        ) from None


def _reader(stream: BinaryIO, faults: dict[str, int]) -> Any:
    """Reader of the table; rows of another width are counted, and skipped."""

    def skip(row: csv.InvalidRow) -> str:
        _count(faults, "of another width", 1)
        return "skip"

    return csv.open_csv(
        stream,
        # All that is read is ASCII, and any byte is a character of this.
        read_options=csv.ReadOptions(encoding="latin-1"),
        parse_options=csv.ParseOptions(invalid_row_handler=skip),
        convert_options=csv.ConvertOptions(
            # Codes and days are no numbers, whatever they look like.
            default_column_type=pa.string(),
            strings_can_be_null=False,
        ),
    )


def _columns(
    names: dict[str, str], claimants: Collection[str], where: str
) -> dict[str, str]:
    """Columns of the file, and what they are called here."""
    code = next((name for name in _IDS if name in names), None)
    missing = {"date", *claimants} - set(names)
    if code is None or missing:
        raise SourceError(
            f"{where}: expected the columns {' or '.join(_IDS[:2])}, date, "
            f"{', '.join(CLAIMANTS)}, found "
            + ", ".join(clean(name) for name in list(names)[:8])
        )
    kept = {names[code]: "place", names["date"]: "date"}
    return kept | {names[claimant]: claimant for claimant in claimants}


def _states(
    rows: pd.DataFrame,
    claimants: Collection[str],
    places: set[str] | None,
    span: tuple[dt.date, dt.date],
    faults: dict[str, int],
) -> pd.DataFrame:
    """Rows wanted, one a claimant, faults counted."""
    codes = {text: _as_code(text) for text in rows["place"].unique()}
    rows = rows.assign(place=rows["place"].map(codes))
    if places is not None:
        rows = rows[rows["place"].isin(places)]
    days = {text: _as_day(text) for text in rows["date"].unique()}
    rows = rows.assign(date=rows["date"].map(days))
    dated = rows["date"].notna() & (rows["place"] != "")
    _count(faults, "without a date or a place", int((~dated).sum()))
    rows = rows[dated & rows["date"].between(*span)]
    long = rows.melt(
        ["date", "place"],
        list(claimants),
        var_name="claimant",
        value_name="said",
    )
    said = long["said"].str.strip().str.upper()
    long["state"] = said.map(STATES)
    unknown = long["state"].isna() & ~said.isin(_MISSING)
    _count(faults, "of no known state", int(unknown.sum()))
    long["url"] = Viina.info.address
    return long.loc[long["state"].notna(), list(COLUMNS)]


def _as_code(text: str) -> str:
    """Code of a place: whole numbers are now and then written as floats."""
    code = text.strip()
    return str(int(float(code))) if _NUMBER.fullmatch(code) else code


def _as_day(text: str) -> dt.date | None:
    digits = _as_code(text).replace("-", "")
    try:
        return dt.datetime.strptime(digits, "%Y%m%d").date()
    except ValueError:
        return None


def _count(faults: dict[str, int], fault: str, number: int) -> None:
    if number:
        faults[fault] = faults.get(fault, 0) + number


def _joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    empty = pd.DataFrame(columns=list(COLUMNS))
    found = [part for part in parts if len(part)]
    table = pd.concat(found) if found else empty
    table = table.astype(dict.fromkeys(COLUMNS[1:], "category"))
    table["date"] = pd.to_datetime(table["date"])
    table.attrs = {
        "source": Viina.info.title,
        "terms": Viina.info.terms,
        "attribution": Viina.info.attribution,
    }
    order = ["date", "place", "claimant"]
    return table.sort_values(order, ignore_index=True)
