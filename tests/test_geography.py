"""The embedded outline of Ukraine."""

import pytest
import shapely

import geofront as gf
from geofront.geodesy import area_km2
from geofront.geography import OFFICIAL_AREA_KM2, OSM_ATTRIBUTION

INSIDE = {
    "Kyiv": (30.52, 50.45),
    "Simferopol": (34.10, 44.95),
    "Sevastopol": (33.52, 44.59),
    "Donetsk": (37.80, 48.00),
    "Luhansk": (39.31, 48.57),
    "Kerch": (36.47, 45.36),
    "Uzhhorod": (22.29, 48.62),
    "Izmail": (28.84, 45.35),
    "Chernihiv": (31.29, 51.50),
}
OUTSIDE = {
    "Moscow": (37.62, 55.75),
    "Minsk": (27.56, 53.90),
    "Chisinau": (28.86, 47.01),
    "Tiraspol": (29.64, 46.84),
    "Rostov": (39.72, 47.23),
    "Belgorod": (36.58, 50.60),
    "Taman": (36.72, 45.21),
    "Przemysl": (22.77, 49.78),
}


@pytest.mark.parametrize("city", INSIDE)
@pytest.mark.parametrize("sea", [False, True])
def test_city_is_inside(city, sea):
    assert gf.territory(sea=sea).contains(shapely.Point(INSIDE[city]))


@pytest.mark.parametrize("city", OUTSIDE)
@pytest.mark.parametrize("sea", [False, True])
def test_city_is_outside(city, sea):
    assert not gf.territory(sea=sea).intersects(shapely.Point(OUTSIDE[city]))


def test_land_measures_what_the_document_says():
    assert area_km2(gf.territory()) == pytest.approx(598_880, abs=5)


def test_official_area_is_the_official_figure():
    assert OFFICIAL_AREA_KM2 == 603_628


def test_sea_outline_contains_nearly_all_land():
    beyond = shapely.difference(gf.territory(), gf.territory(sea=True))
    assert area_km2(beyond) < 1.0


def test_sea_outline_adds_the_territorial_sea():
    sea = area_km2(gf.territory(sea=True)) - area_km2(gf.territory())
    assert 30_000 < sea < 50_000


def test_point_off_odesa_is_in_the_territorial_sea_only():
    off_odesa = shapely.Point(30.85, 46.45)
    assert gf.territory(sea=True).contains(off_odesa)
    assert not gf.territory().contains(off_odesa)


@pytest.mark.parametrize("sea", [False, True])
def test_outline_is_valid(sea):
    assert shapely.is_valid(gf.territory(sea=sea))


@pytest.mark.parametrize("sea", [False, True])
def test_outline_is_in_longitude_and_latitude(sea):
    assert shapely.box(22, 43, 41, 53).contains(gf.territory(sea=sea))


@pytest.mark.parametrize("sea", [False, True])
def test_outline_is_a_multipolygon(sea):
    assert gf.territory(sea=sea).geom_type == "MultiPolygon"


def test_outline_is_read_once():
    assert gf.territory() is gf.territory()


def test_outline_is_prepared():
    assert shapely.is_prepared(gf.territory())


def test_attribution_names_openstreetmap_and_its_licence():
    assert "OpenStreetMap" in OSM_ATTRIBUTION
    assert "ODbL" in OSM_ATTRIBUTION
