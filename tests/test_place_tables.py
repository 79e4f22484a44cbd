"""Places from a user's own table.

The tables are authored here, after the columns of OCHA COD-AB and of an
export of OpenStreetMap.
"""

import geopandas as gpd
import pytest
import shapely

import geofront as gf
from geofront import load_places

BILOHORIVKA = "UA44120050040082233"
NAMESAKE = "UA14020090040035720"
SQUARE = shapely.box(38.2, 48.9, 38.3, 48.95)


@pytest.fixture
def write(tmp_path):
    """Write text, or a frame, and say where."""

    def written(content, name="places.csv"):
        path = tmp_path / name
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        elif isinstance(content, gpd.GeoDataFrame):
            content.to_file(path)
        else:
            content.to_csv(path, index=False)
        return path

    return written


def frame(rows, crs="EPSG:4326"):
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=crs)


def test_plain_table(write):
    path = write(
        "name,oblast,longitude,latitude,population\n"
        "Upper Farm,Donetsk,37.5,48.5,120\n"
    )
    (place,) = load_places(path)
    assert (place.name, place.oblast) == ("Upper Farm", "Donetsk")
    assert (place.longitude, place.latitude) == (37.5, 48.5)
    assert place.population == 120
    assert place.extent_is_estimated
    assert not place.is_town


def test_columns_are_known_in_any_case_and_behind_a_byte_order_mark(write):
    path = write("\ufeffNAME,LON,LAT\nFarm,37.5,48.5\n")
    (place,) = load_places(path)
    assert (place.name, place.longitude) == ("Farm", 37.5)
    assert not place.has_extent


def test_code_brings_what_the_register_knows(write):
    path = write(f"code,name,lon,lat\n{NAMESAKE},,38.1,48.7\n")
    (place,) = load_places(path)
    assert str(place) == "Bilohorivka, Donetsk"
    assert (place.raion, place.name_uk) == ("Bakhmutskyi", "Білогорівка")
    found = gf.places.find("Bilohorivka, Donetsk", among=[place])
    assert found is place


def test_position_may_be_left_to_the_register(write):
    (place,) = load_places(write(f"code,name\n{BILOHORIVKA},Bilohorivka\n"))
    assert (place.longitude, place.latitude) == (38.24674, 48.92585)
    assert place.population == 1_142


def test_ukrainian_name_is_transliterated(write):
    path = write("name,lon,lat\nЧасів Яр,37.8,48.6\n")
    (place,) = load_places(path)
    assert (place.name, place.name_uk) == ("Chasiv Yar", "Часів Яр")


def test_cod_ab_polygons(write):
    rows = [
        {
            "ADM4_EN": "Bilohorivka",
            "ADM4_UA": "Білогорівка",
            # COD-AB's codes are the first 12 characters of the register's.
            "ADM4_PCODE": "UA4412005004",
            "ADM3_EN": "Lysychanska",
            "ADM2_EN": "Sievierodonetskyi",
            "ADM1_EN": "Luhanska",
            "geometry": SQUARE,
        }
    ]
    (place,) = load_places(write(frame(rows), "adm4.gpkg"))
    assert place.id == BILOHORIVKA
    assert place.outline.equals(SQUARE)
    assert not place.extent_is_estimated
    # Units by the code, called as the register calls them.
    assert (place.oblast, place.raion) == ("Luhansk", "Siverskodonetskyi")
    # The register's centre, since it lies within the outline.
    assert (place.longitude, place.latitude) == (38.24674, 48.92585)


@pytest.mark.parametrize("code", ["UA1402007001", "ua1402007001"])
def test_code_of_cod_ab_becomes_the_register_s(write, code):
    path = write(f"ADM4_PCODE,ADM4_EN\n{code},Siversk\n")
    (place,) = load_places(path)
    assert place.id == "UA14020070010064896"
    assert (place.oblast, place.population) == ("Donetsk", 10_875)
    # A code of a version that the register does not know is no prefix.
    path = write(f"ADM4_PCODE,ADM4_EN,lon,lat\n{code}999,Farm,38,48\n")
    (other,) = load_places(path)
    assert (other.id, other.oblast) == (f"{code}999", None)


def test_both_lengths_of_a_code_are_one_id(write):
    path = write("id,name\nUA1402007001,A\nUA14020070010064896,B\n")
    with pytest.raises(gf.InvalidBoundaryError, match="in several rows"):
        load_places(path)


def test_layer_of_settlements_is_chosen(write, tmp_path):
    path = tmp_path / "ukr.gpkg"
    raions = {"ADM2_EN": ["R"], "ADM2_PCODE": ["UA1402"]}
    villages = {"ADM4_EN": ["V"], "ADM4_PCODE": ["UA1402007001"]}
    for name, fields, geometry in (
        ("adm2", raions, SQUARE),
        ("points", villages, SQUARE.centroid),
        ("adm4", villages, SQUARE),
    ):
        frame({**fields, "geometry": [geometry]}).to_file(path, layer=name)
    (place,) = load_places(path)
    assert place.name == "V"
    assert place.outline is not None


def test_several_layers_are_refused_by_name(tmp_path):
    path = tmp_path / "ukr.gpkg"
    rows = [{"name": "Here", "geometry": SQUARE}]
    for name in ("one", "two"):
        frame(rows).to_file(path, layer=name)
    with pytest.raises(
        gf.InvalidBoundaryError, match=r"expected one layer.*found one, two"
    ):
        load_places(path)


def test_centre_lies_within_an_outline_that_the_register_does_not_know(write):
    bent = shapely.Polygon([(0, 0), (9, 0), (9, 1), (1, 1), (1, 9), (0, 9)])
    rows = [{"name": "Bent", "geometry": shapely.transform(bent, shrink)}]
    (place,) = load_places(write(frame(rows), "bent.gpkg"))
    assert place.outline.contains(place.centre)


def shrink(coordinates):
    return coordinates / 100 + [38.0, 48.0]


def test_export_of_openstreetmap(write):
    rows = [
        {
            "name": "Сіверськ",
            "name:en": "Siversk",
            "place": "town",
            "katotth": "UA14020070010064896",
            "geometry": shapely.Point(38.1, 48.86),
        },
        {
            "name": "Хутір",
            "name:en": None,
            "place": "hamlet",
            "katotth": None,
            "geometry": shapely.Point(38.2, 48.86),
        },
    ]
    town, hamlet = load_places(write(frame(rows), "export.geojson"))
    assert (town.name, town.is_town) == ("Siversk", True)
    assert town.longitude == 38.1
    assert (hamlet.name, hamlet.name_uk) == ("Khutir", "Хутір")
    assert not hamlet.is_town


@pytest.mark.parametrize("beside", ["name", "name:en", "name_en", "name:uk"])
def test_place_beside_a_name_is_a_kind(write, beside):
    path = write(
        f"{beside},place,lon,lat\n"
        "Siversk,town,38.1,48.86\n"
        "Own,quarter,38.2,48.86\n"
    )
    town, quarter = load_places(path)
    assert [town.name, quarter.name] == ["Siversk", "Own"]
    assert (town.is_town, quarter.is_town) == (True, False)


def test_other_projections_are_brought_to_degrees(write):
    rows = [{"name": "Here", "geometry": shapely.Point(37.5, 48.5)}]
    (place,) = load_places(write(frame(rows).to_crs(32637), "utm.gpkg"))
    assert place.longitude == pytest.approx(37.5, abs=1e-9)


def test_rows_at_fault_are_told_together_and_the_rest_kept(write):
    path = write(
        "id,name,lon,lat,population\n"
        "a,Good,37.5,48.5,\n"
        "b,Swapped,48.5,137.5,\n"
        "c,,37.5,48.5,\n"
        "d,Crowded,37.5,48.5,many\n"
        "e,Nowhere,,,\n"
        "f,Twice,37.5,48.5,\n"
        "f,Twice,37.6,48.5,\n"
    )
    with pytest.warns(gf.GeofrontWarning) as told:
        good, crowded = load_places(path)
    message = str(told[0].message)
    assert (good.name, crowded.name) == ("Good", "Crowded")
    assert "row 2: found the position (48.5, 137.5)" in message
    assert "row 3: expected a name" in message
    assert "row 4: population: expected a number, found 'many'" in message
    assert "row 5: expected a longitude and a latitude" in message
    assert "row 6: the id 'f' stands in several rows" in message
    assert "5 rows left out, 2 kept" in message


@pytest.mark.parametrize("text", ["~800", "11 000", '"11,000"', "inf"])
def test_population_that_cannot_be_read_is_told_and_left_out(write, text):
    path = write(f"name,lon,lat,population\nFarm,37.5,48.5,{text}\n")
    with pytest.warns(
        gf.GeofrontWarning,
        match=r"row 1: population: .*left out.* 0 rows left out, 1 kept",
    ):
        (place,) = load_places(path)
    assert (place.name, place.population) == ("Farm", None)


@pytest.mark.parametrize(
    ("column", "number", "told"),
    [
        ("population", -5, "population: expected 0 to 10,000,000, found -5"),
        ("area_km2", -1, "expected 0.001 to 1,000, found -1"),
        ("area_km2", 0, "expected 0.001 to 1,000, found 0"),
        ("area_km2", 26_517, "expected 0.001 to 1,000, found 26,517"),
    ],
)
def test_impossible_number_is_told(write, column, number, told):
    path = write(
        f"name,lon,lat,{column}\nA,37.5,48.5,{number}\nB,37.5,48.5,9\n"
    )
    with pytest.warns(gf.GeofrontWarning, match=told):
        (place,) = load_places(path)
    assert place.name == "B"
    assert place.extent.is_valid


@pytest.mark.parametrize("position", ["48.5,37.5", "44,48"])
def test_position_outside_ukraine_is_told(write, position):
    path = write(f"name,lon,lat\nA,{position}\nB,38,48\n")
    with pytest.warns(gf.GeofrontWarning, match="lies outside Ukraine: exp"):
        (place,) = load_places(path)
    assert place.name == "B"


def test_position_right_behind_the_border_is_taken(write):
    beyond = shapely.Point(28.25, 45.45)
    assert not gf.territory(sea=True).contains(beyond)
    (place,) = load_places(write("name,lon,lat\nA,28.25,45.45\n"))
    assert place.centre == beyond


def test_table_parted_by_semicolons_is_read(write):
    path = write("name;lon;lat;population\nFarm, upper;37,5;48,25;120\n")
    (place,) = load_places(path)
    assert (place.name, place.population) == ("Farm, upper", 120)
    assert (place.longitude, place.latitude) == (37.5, 48.25)


def test_lines_are_no_places(write):
    line = shapely.LineString([(37, 48), (38, 48)])
    rows = [{"name": "Road", "geometry": line}]
    with pytest.raises(gf.InvalidBoundaryError, match="found a LineString"):
        load_places(write(frame(rows), "road.gpkg"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("lon,lat\n37,48\n", "expected a column with names"),
        ("name,lon,lat\n", "expected places, found none"),
        ("", "cannot be read as a table"),
        ('name,lon\n"unclosed', "cannot be read as a table"),
    ],
)
def test_table_that_cannot_be_used(write, content, message):
    with pytest.raises(gf.InvalidBoundaryError, match=message) as told:
        load_places(write(content))
    assert "places.csv" in str(told.value)


def test_file_that_is_not_there(tmp_path):
    with pytest.raises(gf.InvalidBoundaryError, match="expected a file"):
        load_places(tmp_path / "none.csv")


def test_file_that_is_no_map(write):
    with pytest.raises(gf.InvalidBoundaryError, match="cannot be read"):
        load_places(write("neither", "places.gpkg"))


def test_file_in_another_encoding(tmp_path):
    path = tmp_path / "places.csv"
    path.write_bytes("name,lon,lat\nСіверськ,38,48\n".encode("cp1251"))
    with pytest.raises(gf.InvalidBoundaryError, match="cannot be read"):
        load_places(path)


def test_coordinates_without_a_crs_are_refused(write):
    rows = [{"name": "Here", "geometry": shapely.Point(37.5, 48.5)}]
    path = write(frame(rows), "bare.shp")
    path.with_suffix(".prj").unlink()
    with pytest.raises(gf.InvalidBoundaryError, match="found none: save"):
        load_places(path)


def test_table_of_the_register_can_be_written_and_read_back(tmp_path):
    known = gf.settlements().dropna(subset="longitude").head(50)
    path = tmp_path / "register.csv"
    known.to_csv(path, index=False)
    again = {place.id: place for place in load_places(path)}
    assert list(again) == known["place_id"].to_list()
    for place in gf.places.registered():
        if place.id in again:
            found = again[place.id]
            assert (found.name, found.hromada) == (place.name, place.hromada)
            assert found.centre == place.centre
            assert found.population == place.population
            assert found.is_town == place.is_town
