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
            "ADM4_PCODE": BILOHORIVKA,
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
        (place,) = load_places(path)
    message = str(told[0].message)
    assert place.name == "Good"
    assert "row 2: found the position (48.5, 137.5)" in message
    assert "row 3: expected a name" in message
    assert "row 4: population: expected a number, found 'many'" in message
    assert "row 5: expected a longitude and a latitude" in message
    assert "row 6: the id 'f' stands in several rows" in message
    assert "6 rows left out, 1 kept" in message


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
