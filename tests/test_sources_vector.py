"""The user's own polygons, from a web editor, from QGIS, from anywhere."""

import sqlite3
import warnings
from collections.abc import Callable
from pathlib import Path

import authored
import geopandas as gpd
import pytest
import shapely
from authored import polygon
from click.testing import CliRunner

import geofront as gf
from geofront.cli import main
from geofront.geodesy import area_km2

FRONT = (38.0, 48.8, 38.2, 49.0)
GREY = (37.9, 48.8, 38.0, 49.0)
HELD = (37.5, 48.8, 37.9, 49.0)
FRAME = (37.5, 48.5, 38.5, 49.2)
DAY = "2025-02-24"


def km2(*boxes: authored.Box) -> float:
    return area_km2(shapely.union_all([shapely.box(*box) for box in boxes]))


def areas(snapshot: gf.Snapshot) -> list[float | None]:
    known = snapshot.areas()
    return [
        known[f"{state}_km2"] for state in ("occupied", "grey_zone", "held")
    ]


def read(folder: Path, **options: object) -> gf.Snapshot:
    (snapshot,) = gf.open_history(folder, source="vector", **options)
    return snapshot


def geojson(path: Path, *features: object, **members: object) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(authored.dumped(authored.collection(features, **members)))
    return path


def frame(crs: object = 4326, **columns: object) -> gpd.GeoDataFrame:
    """Front, grey zone and held ground, as rows of a layer."""
    boxes = [shapely.box(*box) for box in (FRONT, GREY, HELD)]
    return gpd.GeoDataFrame(
        {"status": ["RU", "no man's land", "UA"], **columns},
        geometry=boxes,
        crs=4326,
    ).to_crs(crs)


MEANINGS = {"RU": "occupied", "No Man's Land": "grey_zone", "ua": "held"}


# ---- one command each


def run(*arguments: object) -> str:
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_map_of_a_web_editor_in_one_command(tmp_path: Path) -> None:
    drawn = geojson(
        tmp_path / "map.geojson",
        # As geojson.io and its like write them: style as properties.
        authored.feature(
            polygon(FRONT),
            **{"fill": "#FF0000", "fill-opacity": 0.5, "stroke": "#555555"},
        ),
        authored.feature(polygon(GREY), fill="#aaaaaa"),
        authored.feature(polygon(FRAME), fill="#ffffff"),
        authored.feature({"type": "Point", "coordinates": [38, 49]}),
    )
    store = tmp_path / "store"
    call = (
        *("ingest", drawn, "--source", "vector", "--as", "mine"),
        *("--date", DAY, "--state-column", "fill", "--store", store),
        *("--map", "#ff0000=occupied", "--map", "#aaaaaa=grey_zone"),
        *("--map", "#ffffff=coverage", "--note", "video: https://a.b/c"),
    )
    assert run(*call) == "added mine@2025-02-24T21:59:59Z\n"
    assert run(*call) == ""
    (snapshot,) = gf.Store(store).open("mine")
    rest = km2(FRAME) - km2(FRONT, GREY)
    assert areas(snapshot) == pytest.approx([km2(FRONT), km2(GREY), rest])
    remarks = [n.detail for n in snapshot.notes if n.kind == "remark"]
    assert remarks == ["video: https://a.b/c"]
    assert gf.Store(store).raw_files()


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("front.gpkg", gpd.GeoDataFrame.to_file),
        ("front.shp", gpd.GeoDataFrame.to_file),
        ("front.parquet", gpd.GeoDataFrame.to_parquet),
        ("front.geojson", gpd.GeoDataFrame.to_file),
    ],
)
@pytest.mark.parametrize("crs", [4326, 3857, 32637, 6381])
def test_map_of_qgis_in_one_command(
    tmp_path: Path, name: str, write: Callable[..., None], crs: int
) -> None:
    write(frame(crs), tmp_path / name)
    store = tmp_path / "store"
    maps = [f"--map={own}={state}" for own, state in MEANINGS.items()]
    run(
        *("ingest", tmp_path / name, "--source", "vector", "--date", DAY),
        *("--state-column", "STATUS", *maps, "--store", store),
    )
    (snapshot,) = gf.Store(store).open()
    assert areas(snapshot) == pytest.approx(
        [km2(FRONT), km2(GREY), km2(HELD)], rel=1e-6
    )
    assert snapshot.source == "vector"


# ---- states


def test_column_state_needs_no_option(tmp_path: Path) -> None:
    geojson(
        tmp_path / "2025-02-24.geojson",
        authored.feature(polygon(FRONT), State="Occupied"),
        authored.feature(polygon(GREY), State=" gray-zone"),
        authored.feature(polygon(FRAME), State="coverage"),
    )
    assert areas(read(tmp_path))[:2] == pytest.approx([km2(FRONT), km2(GREY)])


def test_a_file_a_state(tmp_path: Path) -> None:
    for name, box in (("occupied", FRONT), ("Grey Zone", GREY)):
        path = tmp_path / f"{name} 2025-02-24.geojson"
        geojson(path, authored.feature(polygon(box)))
    geojson(tmp_path / "2025-02-24_held.json", authored.feature(polygon(HELD)))
    assert areas(read(tmp_path)) == pytest.approx(
        [km2(FRONT), km2(GREY), km2(HELD)]
    )


def test_a_layer_a_state(tmp_path: Path) -> None:
    path = tmp_path / "map_20250224.gpkg"
    rows = frame()
    for number, layer in enumerate(("rot", "grau", "blau")):
        rows.iloc[[number]].to_file(path, layer=layer)
    with pytest.warns(gf.GeofrontWarning, match="states no coverage"):
        snapshot = read(
            tmp_path,
            meanings={
                "rot": "occupied",
                "grau": "grey_zone",
                "blau": "ignore",
            },
        )
    assert areas(snapshot)[:2] == pytest.approx([km2(FRONT), km2(GREY)])
    (note,) = snapshot.notes
    assert note.detail == "1 area that do not mean control"


def test_all_polygons_may_mean_one_thing(tmp_path: Path) -> None:
    geojson(
        tmp_path / "map.geojson",
        authored.feature(polygon(FRONT)),
        authored.feature(polygon(GREY), name="x"),
    )
    snapshot = read(tmp_path, date=DAY, meanings={"*": "occupied"})
    assert areas(snapshot) == [pytest.approx(km2(FRONT, GREY)), None, None]


def test_numbers_are_values_as_a_user_writes_them(tmp_path: Path) -> None:
    rows = frame(code=[1.0, 2.0, None])
    rows.to_file(tmp_path / "map_2025-02-24.gpkg")
    with pytest.warns(gf.GeofrontWarning, match=r"\(no value\): of no known"):
        snapshot = read(
            tmp_path,
            state_column="code",
            meanings={"1": "occupied", "2": "occupied"},
        )
    assert areas(snapshot)[0] == pytest.approx(km2(FRONT, GREY))


def test_grey_zone_that_is_spoken_of_but_empty_is_zero(tmp_path: Path) -> None:
    geojson(
        tmp_path / "2025-02-24.geojson",
        authored.feature(polygon(FRONT), kind="ru"),
        authored.feature(polygon(FRAME), kind="frame"),
    )
    meanings = {"ru": "occupied", "frame": "coverage"}
    known = {"state_column": "kind", "meanings": meanings}
    assert read(tmp_path, **known).grey_zone is None
    meanings["grey"] = "grey_zone"
    assert areas(read(tmp_path, **known))[1] == 0


def test_value_without_meaning_is_told_with_its_area(tmp_path: Path) -> None:
    geojson(
        tmp_path / "2025-02-24.geojson",
        authored.feature(polygon(FRONT), state="occupied"),
        authored.feature(polygon(GREY), state="maybe"),
    )
    with pytest.warns(gf.GeofrontWarning, match=r"feature 2 \(maybe\)"):
        snapshot = read(tmp_path)
    note, large = snapshot.notes
    assert (note.kind, large.kind) == ("dropped", "method_break")
    assert note.km2 == pytest.approx(km2(GREY))


def test_nothing_known_lists_what_there_is(tmp_path: Path) -> None:
    geojson(
        tmp_path / "2025-02-24.geojson",
        authored.feature(polygon(FRONT), fill="#f00", title="a"),
        authored.feature(polygon(GREY), fill="#aaa", when="b"),
    )
    with pytest.raises(gf.SourceError) as raised:
        read(tmp_path, state_column="fill")
    message = str(raised.value)
    assert "the values #aaa, #f00" in message
    assert "the columns fill, title, when" in message
    assert "--map VALUE=occupied" in message


def test_meaning_that_is_no_state_is_refused(tmp_path: Path) -> None:
    with pytest.raises(gf.SourceError, match="'ru' cannot mean 'russian'"):
        read(tmp_path, meanings={"ru": "russian"})


# ---- dates


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2025-02-24", "2025-02-24"),
        ("front 20250224 v2", "2025-02-24"),
        ("front_2025_02_24", "2025-02-24"),
        ("2025.02.24", "2025-02-24"),
    ],
)
def test_date_in_the_name(tmp_path: Path, name: str, day: str) -> None:
    feature = authored.feature(polygon(FRONT), state="occupied")
    geojson(tmp_path / f"{name}.geojson", feature)
    assert str(read(tmp_path).date) == day


@pytest.mark.parametrize(
    "name",
    ["map", "2025-02-30", "120250224", "2025-0224", "20250223-20250224"],
)
def test_no_date_is_told(tmp_path: Path, name: str) -> None:
    feature = authored.feature(polygon(FRONT), state="occupied")
    geojson(tmp_path / f"{name}.geojson", feature)
    with pytest.raises(gf.SourceError, match=r"no date; name it \(--date\)"):
        read(tmp_path)


def test_column_of_dates_makes_several_maps(tmp_path: Path) -> None:
    rows = frame(day=["2025-02-23", "20250224", "24 February"])
    rows.to_file(tmp_path / "maps.gpkg")
    with pytest.warns(gf.GeofrontWarning, match="feature 3: no date"):
        history = gf.open_history(
            tmp_path,
            source="vector",
            date_column="day",
            state_column="status",
            meanings={"*": "occupied"},
        )
    assert [str(day) for day in history.dates] == ["2025-02-23", DAY]


def test_bad_day_of_a_file_costs_no_other(tmp_path: Path) -> None:
    geojson(
        tmp_path / "maps.geojson",
        authored.feature(None, state="occupied", day="2025-02-22"),
        authored.feature(polygon(FRONT), state="occupied", day="2025-02-23"),
        authored.feature(polygon(FRONT), state="?", day=DAY),
    )
    with pytest.warns(gf.GeofrontWarning) as told:
        snapshot = read(tmp_path, date_column="day")
    assert str(snapshot.date) == "2025-02-23"
    messages = " ".join(str(item.message) for item in told)
    assert "no feature can be read: expected a geometry" in messages
    assert "nothing says what the areas are: found the values ?" in messages


def test_dates_of_a_table_are_days(tmp_path: Path) -> None:
    import pandas as pd

    rows = frame(day=pd.to_datetime(["2025-02-24"] * 3))
    rows.to_parquet(tmp_path / "maps.parquet")
    snapshot = read(tmp_path, date_column="day", meanings={"*": "occupied"})
    assert str(snapshot.date) == DAY


def test_bad_file_costs_the_map_it_belongs_to_and_no_other(
    tmp_path: Path,
) -> None:
    good = authored.feature(polygon(FRONT), state="occupied")
    for name in ("2025-02-23 a", "2025-02-23 b", "2025-02-24"):
        geojson(tmp_path / f"{name}.geojson", good)
    (tmp_path / "2025-02-23 b.geojson").write_bytes(b"{")
    with pytest.warns(gf.GeofrontWarning) as told:
        snapshot = read(tmp_path)
    assert str(snapshot.date) == DAY
    messages = " ".join(str(item.message) for item in told)
    assert "2025-02-23 b.geojson: expected JSON" in messages
    assert "2025-02-23: a part of this day's map cannot be used" in messages


# ---- reference systems


def without_system(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    plain = rows.drop(columns="geometry")
    return gpd.GeoDataFrame(plain, geometry=list(rows.geometry))


def test_missing_system_is_refused_unless_told(tmp_path: Path) -> None:
    rows = without_system(frame(32637))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows.to_file(tmp_path / "map_2025-02-24.shp")
    known = {"state_column": "status", "meanings": MEANINGS}
    with pytest.raises(gf.SourceError, match="states no reference system"):
        read(tmp_path, **known)
    snapshot = read(tmp_path, crs="EPSG:32637", **known)
    assert areas(snapshot)[0] == pytest.approx(km2(FRONT), rel=1e-6)
    with pytest.raises(gf.SourceError, match="'EPSG:1' is not known"):
        read(tmp_path, crs="EPSG:1", **known)


def test_undefined_system_of_a_geopackage_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "map_2025-02-24.gpkg"
    frame().to_file(path, layer="front")
    for code in (-1, 0):
        with sqlite3.connect(path) as file:
            for table in ("gpkg_contents", "gpkg_geometry_columns"):
                file.execute(f"update {table} set srs_id = {code}")
        with pytest.raises(gf.SourceError, match="states no reference"):
            read(tmp_path, meanings={"*": "occupied"})


def test_wrong_system_is_told(tmp_path: Path) -> None:
    rows = without_system(frame(32637))
    rows.set_crs(4326).to_parquet(tmp_path / "2025-02-24.parquet")
    with pytest.raises(gf.SourceError, match="found the position"):
        read(tmp_path, meanings={"*": "occupied"})


def test_swapped_axes_are_told(tmp_path: Path) -> None:
    west, south, east, north = FRONT
    swapped = polygon((south, west, north, east))
    geojson(
        tmp_path / "2025-02-24.geojson",
        authored.feature(swapped, state="occupied"),
    )
    with pytest.raises(gf.SourceError, match="longitude and latitude swapped"):
        read(tmp_path)


def test_geojson_that_states_a_system_is_brought_here(tmp_path: Path) -> None:
    rows = frame(3857)
    features = [
        authored.feature(shape.__geo_interface__, state="occupied")
        for shape in rows.geometry[:1]
    ]
    path = tmp_path / "2025-02-24.geojson"
    geojson(path, *features, None, crs=authored.named_crs("EPSG:3857"))
    with pytest.warns(gf.GeofrontWarning, match="expected a feature"):
        snapshot = read(tmp_path)
    assert areas(snapshot)[0] == pytest.approx(km2(FRONT))
    geojson(path, *features, crs=authored.named_crs("moon"))
    with pytest.raises(gf.SourceError, match="'moon' is not known"):
        read(tmp_path)


# ---- geometry


def test_heights_measures_and_nesting_are_read(tmp_path: Path) -> None:
    high = shapely.force_3d(shapely.box(*FRONT), 100.0)
    nested = shapely.GeometryCollection(
        [
            shapely.GeometryCollection(
                [shapely.box(*GREY), shapely.Point(38, 49)]
            )
        ]
    )
    rows = gpd.GeoDataFrame(
        {"state": ["occupied"] * 2}, geometry=[high, nested], crs=4326
    )
    rows.to_file(tmp_path / "2025-02-24.gpkg")
    snapshot = read(tmp_path)
    assert areas(snapshot)[0] == pytest.approx(km2(FRONT, GREY))
    assert not shapely.has_z(snapshot.occupied)


def test_bad_feature_costs_no_other(tmp_path: Path) -> None:
    bad = shapely.Polygon([(38, 48), (float("inf"), 48), (38, 49), (38, 48)])
    rows = gpd.GeoDataFrame(
        {"state": ["occupied"] * 3},
        geometry=[bad, None, shapely.box(*FRONT)],
        crs=4326,
    )
    rows.to_file(tmp_path / "2025-02-24.gpkg")
    with pytest.warns(gf.GeofrontWarning) as told:
        snapshot = read(tmp_path)
    assert areas(snapshot)[0] == pytest.approx(km2(FRONT))
    message = str(told[0].message)
    assert "feature 1 (occupied): a coordinate is not a finite" in message
    assert "feature 2 (occupied): expected a geometry" in message


def test_map_of_one_direction_without_coverage_is_warned_of(
    tmp_path: Path,
) -> None:
    features = [
        authored.feature(polygon(FRONT), state="occupied"),
        authored.feature(polygon(GREY), state="grey_zone"),
    ]
    path = tmp_path / "2025-02-24.geojson"
    geojson(path, *features)
    with pytest.warns(gf.GeofrontWarning, match="states no coverage"):
        read(tmp_path)
    geojson(
        path, *features, authored.feature(polygon(FRAME), state="coverage")
    )
    assert read(tmp_path).coverage is not None
    rear = [
        authored.feature(polygon(box), state="occupied")
        for box in authored.REAR
    ]
    geojson(path, *features, *rear)
    assert read(tmp_path).coverage is None


# ---- files


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.gpkg", b"SQLite format 3\0" + b"\0" * 999, "cannot be read"),
        ("a.gpkg", b"<VRTDataset/>", "cannot be read"),
        ("a.shp", b"\0\0\x27\x0a" + b"\0" * 96, "cannot be read"),
        ("a.parquet", b"PAR1", "expected GeoParquet"),
        ("a.parquet", b"PAR1" * 99, "expected GeoParquet"),
        ("a.geojson", b"{}", "expected a GeoJSON FeatureCollection"),
        ("a.geojson", b"", "expected JSON"),
        ("a.zip", b"PK", "a.zip: expected one of .geojson"),
        ("a.dbf", b"x", "a.dbf: expected one of"),
        ("a.txt", b"x", "a.txt: expected one of"),
    ],
)
def test_bad_file_is_told(
    tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(gf.SourceError, match=told):
        read(tmp_path, date=DAY, meanings={"*": "occupied"})


def test_parquet_without_geometry_is_told(tmp_path: Path) -> None:
    import pandas as pd

    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "2025-02-24.parquet")
    with pytest.raises(gf.SourceError, match="expected GeoParquet"):
        read(tmp_path)


def test_parquet_bomb_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame().to_parquet(tmp_path / "2025-02-24.parquet")
    monkeypatch.setattr("geofront.sources.vector.MAX_BYTES", 100)
    with pytest.raises(gf.SourceError, match="inflates to"):
        read(tmp_path, meanings={"*": "occupied"})


@pytest.mark.parametrize("name", ["Mine", "../x", "a b", ""])
def test_name_is_checked(tmp_path: Path, name: str) -> None:
    feature = authored.feature(polygon(FRONT), state="occupied")
    geojson(tmp_path / "2025-02-24.geojson", feature)
    with pytest.raises(gf.GeofrontError, match="cannot name a source"):
        read(tmp_path, name=name)
