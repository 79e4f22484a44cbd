"""GeoPackages and Shapefiles that are not what they say, or in use."""

import json
import shutil
import sqlite3
import time
from pathlib import Path

import authored
import geopandas as gpd
import numpy as np
import pytest
import shapely
from authored import kml, kml_polygon, placemark, polygon

import geofront as gf
from geofront.geodesy import area_km2
from geofront.sources.esri import read_rings

BOX: authored.Box = (37.0, 48.0, 37.5, 48.4)
ALL = {"date": "2025-02-24", "meanings": {"*": "occupied"}}
VRT = b"""<OGRVRTDataSource><OGRVRTLayer name="a">
<SrcDataSource relativeToVRT="1">secret.geojson</SrcDataSource>
<SrcLayer>secret</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"""


def read(folder: Path, **options: object) -> gf.Snapshot:
    (snapshot,) = gf.open_history(folder, source="vector", **(ALL | options))
    return snapshot


def package(path: Path, *statements: str) -> Path:
    """GeoPackage of two boxes side by side, changed by some SQL."""
    rows = gpd.GeoDataFrame(
        {"state": ["occupied", "Київ"]},
        geometry=[shapely.box(*BOX), shapely.box(37.5, 48, 38, 48.4)],
        crs=4326,
    )
    rows.to_file(path, layer="front")
    connection = sqlite3.connect(path)
    names = "select name from sqlite_master where type='trigger'"
    for (name,) in connection.execute(names).fetchall():
        connection.execute(f'drop trigger "{name}"')
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp"])
@pytest.mark.parametrize(
    "data",
    [VRT, b"", b"SQLite format 3\0", b"\0\0\x27", b"PK\x03\x04", b"{}"],
)
def test_file_of_another_kind_is_never_opened(
    tmp_path: Path, name: str, data: bytes
) -> None:
    secret = tmp_path / "secret.geojson"
    feature = authored.feature(polygon(BOX))
    secret.write_bytes(authored.dumped(authored.collection([feature])))
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / name).write_bytes(data)
    with pytest.raises(gf.SourceError, match="found other bytes"):
        read(tmp_path / "maps")


def test_geojson_named_otherwise_is_refused(tmp_path: Path) -> None:
    feature = authored.feature(polygon(BOX))
    data = authored.dumped(authored.collection([feature]))
    (tmp_path / "a.gpkg").write_bytes(data)
    with pytest.raises(gf.SourceError, match="expected a GeoPackage"):
        read(tmp_path)


def test_package_in_use_is_read_and_left_alone(tmp_path: Path) -> None:
    path = package(tmp_path / "open.gpkg")
    connection = sqlite3.connect(path)
    connection.execute("pragma journal_mode=wal")
    connection.execute("delete from front where fid = 2")
    connection.commit()
    folder = tmp_path / "maps"
    folder.mkdir()
    for end in ("", "-wal", "-shm"):
        shutil.copy(f"{path}{end}", folder / f"a.gpkg{end}")
    connection.close()
    before = {each: each.read_bytes() for each in folder.iterdir()}
    # What only the journal holds is seen; no file is told to be unknown.
    assert read(folder).areas()["occupied_km2"] == pytest.approx(
        area_km2(shapely.box(*BOX))
    )
    assert {each: each.read_bytes() for each in folder.iterdir()} == before


def test_text_that_is_not_utf_8_costs_its_characters(tmp_path: Path) -> None:
    change = "update front set state=cast(x'ff6f63' as text) where fid=1"
    package(tmp_path / "a.gpkg", change)
    with pytest.warns(gf.GeofrontWarning, match=r"a\.gpkg: a text that is"):
        snapshot = read(tmp_path, meanings={"Київ": "occupied", "*": "ignore"})
    assert snapshot.areas()["occupied_km2"] == pytest.approx(
        area_km2(shapely.box(37.5, 48, 38, 48.4))
    )


@pytest.mark.parametrize("crs", ["EPSG:5773", 'LOCAL_CS["x"]', "EPSG:4978"])
def test_system_that_places_nothing_is_refused(
    tmp_path: Path, crs: str
) -> None:
    feature = authored.feature(polygon(BOX))
    whole = authored.collection([feature], crs=authored.named_crs(crs))
    (tmp_path / "a.geojson").write_bytes(authored.dumped(whole))
    with pytest.raises(gf.SourceError, match="is not known, or leads to no"):
        read(tmp_path)


# ---- time


def star(points: int) -> list[list[float]]:
    """Ring whose edges nearly all cross each other."""
    angles = np.arange(points) * 2.4
    line = np.column_stack([37.2 + 0.2 * np.cos(angles), np.sin(angles) + 48])
    return [*line.tolist(), line[0].tolist()]


def comb(teeth: int, turned: bool) -> list[list[float]]:
    """Ring of long teeth; two of them cross teeth times teeth times."""
    at = np.linspace(0, 0.4, teeth * 4)
    depth = np.tile([0.0, 0.4, 0.4, 0.0], teeth)
    x, y = (depth, at) if turned else (at, depth)
    line = np.column_stack([37 + x, 48 + y]).tolist()
    return [*line, [36.9, 47.9], line[0]]


@pytest.mark.parametrize("points", [1_000, 50_001])
def test_tangle_is_refused_in_no_time(tmp_path: Path, points: int) -> None:
    tangle = {"type": "Polygon", "coordinates": [star(points)]}
    features = [
        authored.feature(shape, state="occupied")
        for shape in (tangle, polygon(BOX))
    ]
    (tmp_path / "a.geojson").write_bytes(
        authored.dumped(authored.collection(features))
    )
    begun = time.process_time()
    with pytest.warns(gf.GeofrontWarning, match="feature 1 .*cross more"):
        snapshot = read(tmp_path)
    assert time.process_time() - begun < 5
    assert snapshot.areas()["occupied_km2"] == pytest.approx(
        area_km2(shapely.box(*BOX))
    )


def test_thousands_of_esri_rings_take_no_time() -> None:
    corners = [(37 + n % 60 * 0.01, 48 + n // 60 * 0.01) for n in range(3000)]
    boxes = [(x, y, x + 0.008, y + 0.008) for x, y in corners]
    rings = [authored.ring(box) for box in boxes]
    begun = time.process_time()
    drawn = read_rings({"rings": rings, "system": "EPSG:4326"})
    assert time.process_time() - begun < 5
    assert len(drawn.polygons) == 3000


def test_rings_that_cross_each_other_too_often_are_refused() -> None:
    rings = [comb(150, turned=False), comb(150, turned=True)]
    begun = time.process_time()
    with pytest.raises(gf.InvalidBoundaryError, match="cross more than"):
        read_rings({"rings": rings, "system": "EPSG:4326"})
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "huge",
    [f"<!--{'x' * 2**25}-->", f"<name a='{'x' * 2**25}'/>"],
    ids=["comment", "tag"],
)
def test_huge_token_of_kml_is_refused_in_no_time(
    tmp_path: Path, huge: str
) -> None:
    data = kml(huge, placemark(kml_polygon(BOX)))
    (tmp_path / "a.kml").write_bytes(data)
    begun = time.process_time()
    with pytest.raises(gf.SourceError, match="a comment or a tag of more"):
        read(tmp_path)
    assert time.process_time() - begun < 5


def test_long_text_of_kml_is_no_huge_token(tmp_path: Path) -> None:
    note = f"<description>{'x ' * 2**21}</description>"
    (tmp_path / "a.kml").write_bytes(kml(placemark(kml_polygon(BOX), note)))
    assert read(tmp_path).areas()["occupied_km2"] > 0


def test_warning_of_thousands_of_features_is_short(tmp_path: Path) -> None:
    bad = authored.feature({"type": "Polygon"}, state="occupied")
    features = [authored.feature(polygon(BOX), state="occupied")]
    text = json.dumps(authored.collection([*features, *[bad] * 5000]))
    (tmp_path / "a.geojson").write_text(text)
    with pytest.warns(gf.GeofrontWarning, match="and 4,950 more") as told:
        read(tmp_path)
    assert len(str(told[0].message)) < 6000
