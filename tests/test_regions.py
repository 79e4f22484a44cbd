"""Regions from files: schemas, reference systems, repairs, errors."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

import geofront as gf
from geofront.geodesy import area_km2

WEST, EAST = shapely.box(37, 48, 38, 49), shapely.box(38, 48, 39, 49)
BOW_TIE = shapely.Polygon([(37, 48), (38, 49), (38, 48), (37, 49)])
COLUMNS = ["region", "region_id", "name_uk", "official_km2", "geometry"]

# Each schema as its makers write it, with made-up areas.
COD_RAIONS = {
    "ADM2_EN": ["Bakhmutskyi", "Kramatorskyi"],
    "ADM2_UA": ["Бахмутський", "Краматорський"],
    "ADM2_RU": ["Бахмутский", "Краматорский"],
    "ADM2_PCODE": ["UA1402", "UA1412"],
    "ADM1_EN": ["Donetska", "Donetska"],
    "ADM1_UA": ["Донецька", "Донецька"],
    "ADM1_PCODE": ["UA14", "UA14"],
    "ADM0_EN": ["Ukraine", "Ukraine"],
    "ADM0_PCODE": ["UA", "UA"],
}
COD_HROMADAS = {
    "adm3_name": ["Siverska", "Lymanska"],
    "adm3_name1": ["Сіверська", "Лиманська"],
    "adm3_pcode": ["UA1402007", "UA1412011"],
    "adm2_name": ["Bakhmutskyi", "Kramatorskyi"],
    "adm2_pcode": ["UA1402", "UA1412"],
    "adm1_name": ["Donetska", "Donetska"],
    "adm1_pcode": ["UA14", "UA14"],
}
GEOBOUNDARIES = {
    "shapeName": ["Donetsk Oblast", "Luhansk Oblast"],
    "shapeISO": ["UA-14", "UA-09"],
    "shapeID": ["UKR-ADM1-1", "UKR-ADM1-2"],
    "shapeGroup": ["UKR", "UKR"],
    "shapeType": ["ADM1", "ADM1"],
}
OPENSTREETMAP = {
    "@id": ["relation/1", "relation/2"],
    "boundary": ["administrative", "administrative"],
    "admin_level": ["6", "6"],
    "name": ["Бахмутський район", "Краматорський район"],
    "name:en": ["Bakhmut Raion", None],
    "katotth": ["UA14020000000081172", "UA14120000000055430"],
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of areas with the fields given."""

    def make(
        fields: dict[str, list[Any]],
        *areas: BaseGeometry | None,
        name: str = "regions.geojson",
        crs: str | None = "EPSG:4326",
        layer: str | None = None,
    ) -> Path:
        path = tmp_path / name
        frame = gpd.GeoDataFrame(
            fields, geometry=list(areas or (WEST, EAST)), crs=crs
        )
        more = {"layer": layer} if layer else {}
        frame.to_file(path, engine="pyogrio", **more)
        return path

    return make


def load(path: Path, **options: Any) -> gpd.GeoDataFrame:
    """Regions of a file that is a part of a level only, which is warned of."""
    with pytest.warns(gf.GeofrontWarning, match="found 2 units"):
        return gf.load_regions(path, **options)


# ---- schemas


def test_cod_ab_is_known(write: Write) -> None:
    found = load(write(COD_RAIONS))
    assert list(found) == [*COLUMNS[:3], "oblast", *COLUMNS[3:]]
    assert found["region"].to_list() == ["Bakhmutskyi", "Kramatorskyi"]
    assert found["region_id"].to_list() == ["UA1402", "UA1412"]
    assert found["name_uk"].to_list() == ["Бахмутський", "Краматорський"]
    assert found["oblast"].to_list() == ["Donetsk", "Donetsk"]
    assert found["official_km2"].isna().all()
    assert found.crs.equals("OGC:CRS84")
    assert shapely.equals(found.geometry.to_numpy(), [WEST, EAST]).all()


@pytest.mark.parametrize("case", [str.lower, str.title, str.upper])
def test_fields_may_be_in_any_case(
    write: Write, case: Callable[[str], str]
) -> None:
    path = write({case(name): value for name, value in COD_RAIONS.items()})
    assert load(path)["region_id"].to_list() == ["UA1402", "UA1412"]


def test_newer_field_names_of_cod_ab_are_known(write: Write) -> None:
    found = load(write(COD_HROMADAS))
    assert found["region"].to_list() == ["Siverska", "Lymanska"]
    assert found["name_uk"].to_list() == ["Сіверська", "Лиманська"]
    assert found["raion"].to_list() == ["Bakhmutskyi", "Kramatorskyi"]
    assert found["oblast"].to_list() == ["Donetsk", "Donetsk"]


@pytest.mark.parametrize("level", ["raion", 2])
def test_deeper_units_are_joined_to_the_level_asked_for(
    write: Write, level: int | str
) -> None:
    fields = {
        name: [*values, values[0]] for name, values in COD_HROMADAS.items()
    }
    fields["adm3_pcode"][2] = "UA1402009"
    north = shapely.box(37, 49, 37.5, 49.5)
    found = load(write(fields, WEST, EAST, north), level=level)
    assert found["region_id"].to_list() == ["UA1402", "UA1412"]
    assert area_km2(found.geometry[0]) == pytest.approx(
        area_km2(WEST) + area_km2(north), abs=1e-6
    )


def test_layer_is_chosen_by_its_level(write: Write) -> None:
    write(COD_HROMADAS, name="ukr.gpkg", layer="adm3")
    path = write(COD_RAIONS, name="ukr.gpkg", layer="adm2")
    assert load(path, level="raion")["region_id"][0] == "UA1402"
    assert load(path, level="hromada")["region_id"][0] == "UA1402007"
    with pytest.raises(
        gf.InvalidBoundaryError,
        match=r"one layer of areas, found adm3 \(hromada\), adm2 \(raion\)",
    ):
        gf.load_regions(path)


def test_geoboundaries_is_known_by_its_iso_codes(write: Write) -> None:
    found = load(write(GEOBOUNDARIES))
    assert list(found) == COLUMNS
    assert found["region"].to_list() == ["Donetsk", "Luhansk"]
    assert found["region_id"].to_list() == ["UA14", "UA44"]
    assert found["official_km2"].to_list() == [26_517, 26_684]


def test_geoboundaries_without_iso_codes_keeps_its_own(write: Write) -> None:
    fields = GEOBOUNDARIES | {
        "shapeISO": ["", None],
        "shapeType": ["ADM2", "ADM2"],
    }
    found = load(write(fields))
    assert found["region_id"].to_list() == ["UKR-ADM1-1", "UKR-ADM1-2"]
    assert found["region"].to_list() == GEOBOUNDARIES["shapeName"]


def test_territorial_sea_is_cut_off_and_noted(write: Write) -> None:
    off_odesa = shapely.box(30.4, 46.2, 31.4, 46.6)
    fields = {name: values[:1] for name, values in GEOBOUNDARIES.items()}
    fields |= {"shapeISO": ["UA-51"]}
    with pytest.warns(gf.GeofrontWarning, match="found 1 units"):
        found = gf.load_regions(write(fields, off_odesa))
    (note,) = found.attrs["notes"]
    land = shapely.intersection(off_odesa, gf.territory())
    assert area_km2(found.geometry[0]) == pytest.approx(area_km2(land))
    assert (note.kind, note.detail) == (
        "clipped",
        "Odesa: cut at the coast and the border",
    )
    assert note.km2 == pytest.approx(area_km2(off_odesa) - area_km2(land))


def test_openstreetmap_is_known(write: Write) -> None:
    found = load(write(OPENSTREETMAP))
    assert found["region"].to_list() == [
        "Bakhmut Raion",
        "Kramatorskyi raion",
    ]
    assert found["region_id"].to_list() == ["UA1402", "UA1412"]
    assert found["oblast"].to_list() == ["Donetsk", "Donetsk"]
    assert found["name_uk"].to_list() == OPENSTREETMAP["name"]


def test_openstreetmap_takes_other_codes_where_it_must(write: Write) -> None:
    fields = OPENSTREETMAP | {
        "admin_level": ["4", "4"],
        "katotth": [None, None],
        "ISO3166-2": ["UA-14", None],
    }
    found = load(write(fields))
    assert found["region_id"].to_list() == ["UA14", "relation/2"]
    assert found["region"].to_list()[0] == "Donetsk"


def test_openstreetmap_s_points_and_other_levels_are_left_out(
    write: Write,
) -> None:
    fields = {
        "admin_level": ["6", "6", "4", None, "6"],
        "name": ["Перший", "Другий", "Область", "Місто", "Третій"],
    }
    label = shapely.Point(37.5, 48.5)
    path = write(fields, WEST, EAST, WEST | EAST, label, label)
    with pytest.raises(
        gf.InvalidBoundaryError,
        match=r"found admin_level 4 \(1\), 6 \(3\): choose one with level=",
    ):
        gf.load_regions(path)
    found = load(path, level="raion")
    assert found["region"].to_list() == ["Pershyi", "Druhyi"]
    assert [note.detail for note in found.attrs["notes"]] == [
        "1 row without an area",
        "1 point or line",
    ]


def test_own_schema_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "oblasts.gpkg"
    gf.oblasts().to_file(path)
    found = gf.load_regions(path)
    known = gf.oblasts()
    plain = ["region", "region_id", "name_uk", "official_km2"]
    pd.testing.assert_frame_equal(
        pd.DataFrame(found[plain]), pd.DataFrame(known[plain])
    )
    assert area_km2(found.geometry.to_numpy()) == pytest.approx(
        area_km2(known.geometry.to_numpy()), abs=1e-6
    )
    assert found.attrs["notes"] == []


def test_other_fields_may_be_named(write: Write) -> None:
    path = write({"Sector": ["north", "south"], "number": [7, 8]})
    found = gf.load_regions(path, name_field="SECTOR", id_field="Number")
    assert found["region"].to_list() == ["north", "south"]
    assert found["region_id"].to_list() == ["7", "8"]
    again = gf.load_regions(path, name_field="sector")
    assert again["region_id"].to_list() == ["north", "south"]


def test_rows_of_one_name_are_joined_only_where_that_is_said(
    write: Write,
) -> None:
    path = write({"sector": ["north", "north"], "number": [7, 8]})
    with pytest.raises(
        gf.InvalidBoundaryError, match="2 rows called north: rename the fie"
    ):
        gf.load_regions(path, name_field="sector")
    joined = gf.load_regions(path, name_field="sector", id_field="sector")
    assert joined["region"].to_list() == ["north"]
    apart = gf.load_regions(path, name_field="sector", id_field="number")
    assert apart["region"].to_list() == ["north, 7", "north, 8"]


def test_units_of_one_name_are_called_by_what_lies_around(
    write: Write,
) -> None:
    fields = COD_HROMADAS | {"adm3_name": ["Myrnenska", "Myrnenska"]}
    raion = load(write(fields))
    assert raion["region"].to_list() == [
        "Myrnenska, Donetsk, Bakhmutskyi",
        "Myrnenska, Donetsk, Kramatorskyi",
    ]
    fields["adm3_pcode"] = ["UA1402007", "UA4412011"]
    assert load(write(fields))["region"].to_list() == [
        "Myrnenska, Donetsk",
        "Myrnenska, Luhansk",
    ]


def test_region_may_not_be_called_elsewhere(write: Write) -> None:
    path = write({"region": ["west", "Elsewhere"]})
    with pytest.raises(
        gf.InvalidBoundaryError, match="called elsewhere, which is the name"
    ):
        gf.load_regions(path)


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.fgb", "a.kml"])
def test_formats(write: Write, name: str) -> None:
    # FlatGeobuf orders its features by place.
    found = gf.load_regions(
        write({"title": ["west", "east"]}, name=name), name_field="title"
    )
    assert sorted(found["region"]) == ["east", "west"]
    assert found.crs.equals("OGC:CRS84")


# ---- reference systems


def test_projected_coordinates_are_brought_to_degrees(write: Write) -> None:
    path = write(COD_RAIONS, name="a.gpkg")
    frame = gpd.read_file(path).to_crs("EPSG:32637")
    frame.to_file(path)
    outlines = load(path).geometry.to_numpy()
    off = shapely.hausdorff_distance(outlines, [WEST, EAST])
    assert (off < 1e-7).all()


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_missing_reference_system_is_refused(write: Write) -> None:
    path = write(COD_RAIONS, name="a.shp", crs=None)
    with pytest.raises(
        gf.InvalidBoundaryError, match=r"declares no reference system.*\.prj"
    ):
        gf.load_regions(path)


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_geojson_s_reference_system_is_its_format_s(write: Write) -> None:
    assert len(load(write(COD_RAIONS, crs=None))) == 2


# ---- repairs, overlaps, numbers


def test_invalid_polygon_is_mended_and_noted(write: Write) -> None:
    path = write({"name": ["bow tie", "east"]}, BOW_TIE, EAST)
    with pytest.warns(
        gf.RepairedBoundaryWarning, match="1 invalid polygon repaired"
    ):
        found = gf.load_regions(path, name_field="name")
    assert found.geometry.is_valid.all()
    (note,) = found.attrs["notes"]
    assert (note.kind, note.detail) == (
        "repair",
        "bow tie: a polygon was invalid",
    )


def test_what_regions_share_is_the_first_one_s_and_told(write: Write) -> None:
    wide = shapely.box(37.9, 48, 39, 49)
    path = write({"name": ["west", "east"]}, WEST, wide)
    with pytest.warns(
        gf.GeofrontWarning, match=r"1 pair of regions overlap, by 8\d\d\.\d"
    ):
        found = gf.load_regions(path, name_field="name")
    assert area_km2(found.geometry.to_numpy()) == pytest.approx(
        [area_km2(WEST), area_km2(EAST)], abs=1e-6
    )


def test_region_within_others_is_refused(write: Write) -> None:
    path = write({"name": ["all", "west"]}, WEST | EAST, WEST)
    with pytest.raises(
        gf.InvalidBoundaryError, match="west lies within regions before it"
    ):
        gf.load_regions(path, name_field="name")


def cells(count: int) -> list[BaseGeometry]:
    """Boxes side by side, within Ukraine."""
    return [
        shapely.box(west, 48.5, west + 0.01, 48.6)
        for west in (30 + number / 100 for number in range(count))
    ]


@pytest.mark.parametrize("count", [136, 139])
def test_number_of_raions_is_right(write: Write, count: int) -> None:
    codes = [f"UA14{number:03}" for number in range(count)]
    path = write({"ADM2_EN": codes, "ADM2_PCODE": codes}, *cells(count))
    assert len(gf.load_regions(path)) == count


def test_raions_of_before_2020_are_told(write: Write) -> None:
    codes = [f"UA14{number:03}" for number in range(490)]
    path = write({"ADM2_EN": codes, "ADM2_PCODE": codes}, *cells(490))
    with pytest.warns(
        gf.GeofrontWarning,
        match="found 490 units of the level raion, expected 136 or 139; "
        "raions of before July 2020",
    ):
        gf.load_regions(path)


# ---- errors

ABROAD = shapely.box(48.0, 37.0, 49.0, 38.0)


@pytest.mark.parametrize(
    ("fields", "areas", "options", "told"),
    [
        ({"a": [1, 2]}, (), {}, "of a known schema, found a: rename"),
        ({"a": [1, 2]}, (), {"name_field": "b"}, "no field b: found a"),
        ({"a": [1, 2]}, (), {"name_field": "a", "id_field": "c"}, "field c"),
        ({"a": ["x", None]}, (), {"name_field": "a"}, "1 row without a reg"),
        (COD_RAIONS, (), {"level": 3}, "level hromada.*no field ADM3_PCODE"),
        (GEOBOUNDARIES, (), {"level": 2}, "level raion.*found ADM1"),
        (OPENSTREETMAP, (), {"level": 1}, r"oblast.*found admin_level 6 \(2"),
        (
            {"a": ["x", "y"], "b": [1, 1]},
            (),
            {"name_field": "a", "id_field": "b"},
            "1 is the code of several regions, x, y",
        ),
        (
            {"a": ["x"]},
            (shapely.Point(37, 48),),
            {"name_field": "a"},
            "no areas",
        ),
        (
            {"a": ["x", "y"]},
            (ABROAD, EAST),
            {"name_field": "a"},
            "x lies outside Ukraine, within longitude 48.00 to 49.00",
        ),
        (
            {"a": ["x", "y"]},
            (shapely.box(4e6, 6e6, 5e6, 7e6), EAST),
            {"name_field": "a"},
            r"found the position \(5e\+06, 6e\+06\)",
        ),
    ],
)
def test_unusable_file_is_told(
    write: Write,
    fields: dict[str, list[Any]],
    areas: tuple[BaseGeometry, ...],
    options: dict[str, Any],
    told: str,
) -> None:
    path = write(fields, *areas)
    with pytest.raises(gf.InvalidBoundaryError, match=told) as caught:
        gf.load_regions(path, **options)
    assert str(path) in str(caught.value)


def test_level_that_there_is_not_is_told() -> None:
    with pytest.raises(ValueError, match=r"'okrug'.*'oblast' \(1\), 'raion'"):
        gf.load_regions("any", level="okrug")


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(gf.InvalidBoundaryError, match="no such file"):
        gf.load_regions(tmp_path / "nothing.gpkg")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("content", [b"", b"{", b"a,b\n1,2\n", b"\xff\x00"])
@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.csv", "a.txt"])
def test_file_of_no_areas_is_told(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(gf.InvalidBoundaryError, match=name):
        gf.load_regions(path)
