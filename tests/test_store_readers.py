"""Anyone reads a store: the standard's validator, DuckDB, pandas, Arrow."""

import datetime as dt
import importlib.util
import re
from pathlib import Path

import duckdb
import geopandas as gpd
import geoparquet_validator
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from pyarrow.dataset import dataset

import geofront as gf

OF_PANDAS = "The inplace keyword"
"""Of readers that ask pandas for what it will no longer have."""


@pytest.fixture(scope="module")
def stored(
    example: gf.History, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("readers") / "store"
    box = shapely.box(37.0, 48.0, 38.0, 49.0)
    other = [
        # A second source, and a state that is drawn but empty.
        gf.Snapshot("other", item.published_at, box, shapely.MultiPolygon())
        for item in example
    ]
    gf.Store(folder).append([*example, *other])
    return folder


@pytest.mark.parametrize("source", ["example", "other"])
@pytest.mark.parametrize("part", ["core", "covering"])
def test_files_conform_to_geoparquet(
    stored: Path, source: str, part: str
) -> None:
    report = geoparquet_validator.check(
        str(stored / f"source={source}" / "2025.parquet")
    )
    assert geoparquet_validator.failed(report, part) == []
    assert geoparquet_validator.conformant(report, part)
    passed = {
        outcome["id"]
        for outcome in report["outcomes"]
        if outcome["status"] == "pass" and f"/{part}/" in outcome["id"]
    }
    assert passed, "nothing was checked"


def test_geopandas_reads_a_file(stored: Path, example: gf.History) -> None:
    path = stored / "source=example" / "2025.parquet"
    frame = gpd.read_parquet(path)
    assert frame.crs == "OGC:CRS84"
    occupied = frame[frame.state == "occupied"].sort_values("published_at")
    for found, item in zip(occupied.geometry, example, strict=True):
        assert found == item.occupied
    # The covering lets it read a part of the area only.
    assert len(gpd.read_parquet(path, bbox=(0, 0, 1, 1))) == 0


def test_pandas_reads_all_sources_as_one(stored: Path) -> None:
    # Its reader makes a column of "source=" in the paths: the same one.
    whole = pd.read_parquet([str(path) for path in stored.rglob("*.parquet")])
    assert set(whole.source) == {"example", "other"}
    assert len(pd.read_parquet(stored / "source=other")) == 20


def test_arrow_reads_all_sources_as_one(stored: Path) -> None:
    # "source" is a column already: not to be made of the paths as well.
    files = sorted(str(path) for path in stored.rglob("*.parquet"))
    whole = dataset(files, partitioning=None).to_table(columns=["source"])
    assert set(whole["source"].to_pylist()) == {"example", "other"}
    assert len(pq.read_table(files)) == len(whole) == 50
    # What the documentation warns of.
    with pytest.raises(pa.ArrowTypeError, match="incompatible types"):
        dataset(files, partitioning="hive")


@pytest.mark.filterwarnings(f"ignore:{OF_PANDAS}")
def test_dask_reads_all_sources_as_one(stored: Path) -> None:
    frames = pytest.importorskip("dask.dataframe", reason="takes Dask")
    whole = frames.read_parquet(
        f"{stored}/source=*/*.parquet", dataset={"partitioning": None}
    ).compute(scheduler="sync")
    assert whole.source.value_counts().to_dict() == {
        "example": 30,
        "other": 20,
    }


DOCUMENTED = re.findall(
    r"```sql\n(.*?)```",
    (Path(__file__).parents[1] / "docs" / "store.md").read_text("utf-8"),
    re.DOTALL,
)


def in_place(query: str, store: Path) -> str:
    """A query of the documentation, asked of another store."""
    assert query.count("my-store/source=*/*.parquet") == 1
    return query.replace("my-store", str(store))


def test_documented_query_gives_what_is_in_force(tmp_path: Path) -> None:
    store = gf.Store(tmp_path)
    box = shapely.box(37.0, 48.0, 38.0, 49.0)
    wider = shapely.box(37.0, 48.0, 38.5, 49.0)
    moments = [dt.datetime(2025, 2, day, tzinfo=dt.UTC) for day in (1, 2)]
    for source in ("one", "two"):
        grey = shapely.box(38.5, 48.0, 39.0, 49.0)
        store.append([gf.Snapshot(source, at, box, grey) for at in moments])
    # The correction leaves a state out: none of its row may remain.
    corrected = gf.Snapshot("one", moments[1], wider)
    store.append([corrected])
    (query,) = [text for text in DOCUMENTED if "QUALIFY" in text]
    with duckdb.connect() as connection:
        rows = connection.execute(in_place(query, tmp_path)).fetchall()
    found = [(source, state, km2) for source, state, km2, _ in rows]
    expected = [
        (source, state, item.areas()[f"{state}_km2"])
        for source in store.sources
        for item in store.open(source)
        for state in ("grey_zone", "occupied")
        if item.drawn(state) is not None
    ]
    assert sorted(found) == sorted(expected)
    assert len(found) == 7


@pytest.mark.filterwarnings(f"ignore:{OF_PANDAS}")
def test_documented_spatial_query_runs(
    stored: Path, example: gf.History
) -> None:
    (query,) = [text for text in DOCUMENTED if "LOAD spatial" in text]
    with duckdb.connect() as connection:
        load = f"LOAD '{spatial_extension()}'"
        query = in_place(query, stored).replace("LOAD spatial", load)
        frame = connection.sql(query).df()
    points = frame[frame.source == "example"].points
    assert list(points) == [
        shapely.get_num_coordinates(item.occupied) for item in example
    ]


def spatial_extension() -> Path:
    """File of DuckDB's extension; the test is skipped without it."""
    found = importlib.util.find_spec("duckdb_extension_spatial")
    if found is None or found.origin is None:
        pytest.skip("duckdb-extension-spatial is not installed")
    (path,) = Path(found.origin).parent.rglob("spatial.duckdb_extension")
    return path


def test_duckdb_reads_all_sources(stored: Path, example: gf.History) -> None:
    rows = duckdb.sql(
        "SELECT source, count(*), sum(area_km2) FROM "
        f"read_parquet('{stored}/source=*/*.parquet') "
        "WHERE state = 'occupied' GROUP BY source ORDER BY source"
    ).fetchall()
    assert [row[:2] for row in rows] == [("example", 10), ("other", 10)]
    total = sum(item.areas()["occupied_km2"] for item in example)
    assert rows[0][2] == pytest.approx(total, rel=1e-12)


def test_duckdb_gives_the_polygons(stored: Path, example: gf.History) -> None:
    last = duckdb.sql(
        "SELECT geometry FROM "
        f"read_parquet('{stored}/source=example/*.parquet') "
        "WHERE state = 'occupied' ORDER BY published_at DESC LIMIT 1"
    ).fetchone()
    assert shapely.from_wkb(bytes(last[0])) == example[-1].occupied


def test_duckdb_spatial_measures_them(
    stored: Path, example: gf.History
) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"LOAD '{spatial_extension()}'")
        rows = connection.execute(
            "SELECT ST_GeometryType(geometry), ST_IsValid(geometry), "
            "ST_NPoints(geometry), ST_Area(geometry) FROM "
            f"read_parquet('{stored}/source=example/*.parquet') "
            "WHERE state = 'occupied' ORDER BY published_at"
        ).fetchall()
    for (kind, valid, points, area), item in zip(rows, example, strict=True):
        assert kind == "MULTIPOLYGON"
        assert valid
        assert points == shapely.get_num_coordinates(item.occupied)
        assert area == pytest.approx(item.occupied.area, rel=1e-12)
