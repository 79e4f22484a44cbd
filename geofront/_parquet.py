"""Snapshots as rows of GeoParquet: one row a state that a snapshot draws.

Rows are sorted by (state, published_at) and compressed together, so that
today's polygons cost what differs from yesterday's.  Every page carries a
checksum, which is compared on every read.
"""

import datetime as dt
import functools
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyproj
import shapely

from geofront._frames import STATES
from geofront._manifest import CRS
from geofront.errors import StoreCorruptError
from geofront.geodesy import area_km2
from geofront.model import Note, Snapshot

__all__ = [
    "ROWS_PER_GROUP",
    "SCHEMA",
    "Entry",
    "as_rows",
    "encode",
    "notes_of",
    "open_parquet",
    "read",
    "read_facts",
    "telling",
]

ROWS_PER_GROUP = 200

_BBOX = ("xmin", "ymin", "xmax", "ymax")

SCHEMA = pa.schema(
    [
        # A dictionary, since that is what a reader of the whole folder makes
        # of "source=" in the path: the two then agree.
        pa.field("source", pa.dictionary(pa.int32(), pa.string())),
        pa.field("state", pa.string()),
        pa.field("published_at", pa.timestamp("ms", "UTC")),
        pa.field("recorded_at", pa.timestamp("us", "UTC")),
        pa.field("revision", pa.int32()),
        pa.field("raw_sha256", pa.string()),
        pa.field("digest", pa.string()),
        pa.field("area_km2", pa.float64()),
        pa.field("notes", pa.string()),
        pa.field("geometry", pa.binary()),
        pa.field("bbox", pa.struct([(name, pa.float64()) for name in _BBOX])),
    ]
)

FACTS = [
    name for name in SCHEMA.names if name not in ("source", "geometry", "bbox")
]
"""Columns that are small: all that is read when a store is opened."""

_KEY = ("state", "published_at", "revision")

_UNITS = {"ms": "milliseconds", "us": "microseconds"}
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Entry(NamedTuple):
    """A snapshot on its way into a file."""

    snapshot: Snapshot
    revision: int
    recorded_at: dt.datetime
    raw_sha256: str | None


def as_rows(entries: Iterable[Entry]) -> pa.Table:
    """Rows of snapshots, one for each state drawn."""
    rows = [row for entry in entries for row in _rows(entry)]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _rows(entry: Entry) -> Iterator[dict[str, Any]]:
    snapshot = entry.snapshot
    for state in STATES:
        geometry = getattr(snapshot, state)
        if geometry is None:
            continue
        # There is a box wherever there is a geometry; none around nothing.
        bounds = [None] * 4 if geometry.is_empty else geometry.bounds
        yield {
            "source": snapshot.source,
            "state": state,
            "published_at": snapshot.published_at,
            "recorded_at": entry.recorded_at,
            "revision": entry.revision,
            "raw_sha256": entry.raw_sha256,
            "digest": snapshot.digest,
            "area_km2": float(area_km2(geometry)),
            "notes": json.dumps(snapshot.notes, ensure_ascii=False),
            "geometry": as_wkb(geometry),
            "bbox": dict(zip(_BBOX, bounds, strict=True)),
        }


def as_wkb(geometry: shapely.MultiPolygon) -> bytes:
    """Well-known binary: little-endian, two-dimensional."""
    wkb: bytes = shapely.to_wkb(geometry, byte_order=1, output_dimension=2)
    return wkb


def notes_of(text: str) -> tuple[Note, ...]:
    """Notes as a row holds them."""
    return tuple(Note(*note) for note in json.loads(text))


def encode(rows: pa.Table) -> bytes:
    """Bytes of a file with these rows.

    Row groups are of one state each, so that a state can be read, or passed
    over, without the others.
    """
    ordered = rows.sort_by([(name, "ascending") for name in _KEY])
    described = ordered.replace_schema_metadata(_geo(ordered))
    sink = pa.BufferOutputStream()
    with _writer(sink, described.schema) as writer:
        for state in sorted(STATES):
            part = described.filter(pc.field("state") == state)
            if part.num_rows:
                writer.write_table(part, row_group_size=ROWS_PER_GROUP)
    return bytes(sink.getvalue())


def _writer(sink: pa.BufferOutputStream, schema: pa.Schema) -> Any:
    return pq.ParquetWriter(
        sink,
        schema,
        compression="zstd",
        compression_level=3,
        write_page_checksum=True,
        use_dictionary=["source", "state", "raw_sha256", "digest", "notes"],
        # A page is compressed alone: a row group's polygons stay together.
        data_page_size=2**30,
        sorting_columns=[
            pq.SortingColumn(schema.names.index(name)) for name in _KEY
        ],
    )


@functools.cache
def _crs() -> dict[str, Any]:
    crs: dict[str, Any] = pyproj.CRS(CRS).to_json_dict()
    return crs


def _geo(rows: pa.Table) -> dict[str, str]:
    """GeoParquet 1.1 metadata."""
    bounds = [
        pc.min(pc.struct_field(rows["bbox"], name)).as_py()
        if name.endswith("min")
        else pc.max(pc.struct_field(rows["bbox"], name)).as_py()
        for name in _BBOX
    ]
    geometry = {
        "encoding": "WKB",
        "geometry_types": ["MultiPolygon"],
        "crs": _crs(),
        "edges": "planar",
        "orientation": "counterclockwise",
        "covering": {"bbox": {name: ["bbox", name] for name in _BBOX}},
    }
    if None not in bounds:
        geometry["bbox"] = bounds
    content = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": geometry},
    }
    return {"geo": json.dumps(content)}


@contextmanager
def telling(where: str) -> Iterator[None]:
    """Tell whatever a damaged file leads to as a StoreCorruptError."""
    try:
        yield
    # Arrow's own errors are of these types; a damaged length can ask for
    # more memory than there is.
    except (
        pa.ArrowException,
        shapely.errors.ShapelyError,
        OSError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        MemoryError,
        RecursionError,
    ) as error:
        raise StoreCorruptError(
            f"{where}: expected rows of a store, found damage: "
            + " ".join(str(error).split())[:200]
        ) from error


def open_parquet(data: bytes, where: str) -> pq.ParquetFile:
    """Parquet file from its bytes; ``where`` names it.

    Raises
    ------
    StoreCorruptError
        If it is none, or its columns are not those of a store.
    """
    with telling(where):
        file = pq.ParquetFile(
            pa.BufferReader(data), page_checksum_verification=True
        )
        found = file.schema_arrow
    if not found.equals(SCHEMA):
        expected = ", ".join(SCHEMA.names)
        raise StoreCorruptError(
            f"{where}: expected the columns {expected}, found "
            + ", ".join(name[:20] for name in found.names[:20])
        )
    return file


def read(
    file: pq.ParquetFile,
    where: str,
    columns: Sequence[str],
    group: int | None = None,
) -> pa.Table:
    """Columns of a file, or of one of its row groups, pages verified.

    Raises
    ------
    StoreCorruptError
        If a page does not hold what was written.
    """
    groups = range(file.num_row_groups) if group is None else [group]
    with telling(where):
        return file.read_row_groups(list(groups), columns, use_threads=False)


def read_facts(file: pq.ParquetFile, where: str) -> Iterator[dict[str, Any]]:
    """What a file says of each row, save the geometry."""
    table = read(file, where, FACTS)
    with telling(where):
        columns = [_values(table[name]) for name in FACTS]
    for row in zip(*columns, strict=True):
        yield dict(zip(FACTS, row, strict=True))


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Plain values; moments by hand, which is five times faster."""
    if not pa.types.is_timestamp(column.type):
        plain: list[Any] = column.to_numpy().tolist()
        return plain
    unit = dt.timedelta(**{_UNITS[column.type.unit]: 1})
    ticks = column.cast(pa.int64()).to_numpy().tolist()
    moments = {tick: _EPOCH + tick * unit for tick in set(ticks)}
    return [moments[tick] for tick in ticks]
