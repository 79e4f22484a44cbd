"""Anyone reads a store: the standard's validator, DuckDB, pandas, Arrow."""

import importlib.util
from pathlib import Path

import duckdb
import geopandas as gpd
import geoparquet_validator
import pandas as pd
import pytest
import shapely

import geofront as gf


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
    found = importlib.util.find_spec("duckdb_extension_spatial")
    if found is None or found.origin is None:
        pytest.skip("duckdb-extension-spatial is not installed")
    (extension,) = Path(found.origin).parent.rglob("spatial.duckdb_extension")
    with duckdb.connect() as connection:
        connection.execute(f"LOAD '{extension}'")
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
