"""Figures under a displaced line, against closed forms and other ways."""

import datetime as dt
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
import shapely

import geofront as gf
from geofront._displacement import displaced, edge, gained_km2
from geofront.front import inland
from geofront.geodesy import GEOD, area_km2, length_km
from geofront.proximity import nearest
from geofront.sensitivity import _Near

# Inland, far from coast and border.
OCCUPIED = shapely.box(33.0, 48.6, 34.0, 49.2)
FREE = shapely.box(30.0, 48.0, 36.0, 50.0)
RUNS = 4000
AWAY = gf.Place("Away", "away", 34.2, 48.9, published_area_km2=4.0)


def history(occupied=OCCUPIED, **states):
    moment = dt.datetime(2025, 2, 24, 20, tzinfo=dt.UTC)
    return gf.History([gf.Snapshot("test", moment, occupied, **states)])


def edge_of(area, *, spacing_km):
    return edge(history(area)[0].occupied, FREE, spacing_km=spacing_km)


def moved_polygons(line, moved):
    """The displaced rings as polygons, by shapely."""
    return [
        shapely.union_all(
            [
                shapely.make_valid(shapely.Polygon(run[line.ring == ring]))
                for ring in np.unique(line.ring)
            ]
        )
        for run in moved
    ]


def test_standard_deviation_of_the_area_is_the_closed_form():
    table = gf.sensitivity(history(), sigma_m=300, correlation_km=2, runs=RUNS)
    length = length_km(OCCUPIED)
    expected = 0.3 * math.sqrt(math.sqrt(2 * math.pi) * 2.0 * length)
    # Of so many runs the standard deviation is itself known to 1.1 %.
    assert table.loc[0, "sd"] == pytest.approx(expected, rel=0.045)
    assert table.loc[0, "mean"] == pytest.approx(
        table.loc[0, "value"], abs=4 * expected / math.sqrt(RUNS)
    )


def test_each_run_gains_what_its_polygons_gain():
    area = history()[0].occupied
    line = edge_of(OCCUPIED, spacing_km=1.0)
    moved = displaced(
        line,
        np.random.default_rng(3),
        runs=20,
        sigma_km=0.05,
        correlation_km=5.0,
    )
    by_polygons = [
        area_km2(polygon) - area_km2(area)
        for polygon in moved_polygons(line, moved)
    ]
    assert gained_km2(line, moved) == pytest.approx(by_polygons, abs=1e-6)


def test_vertices_move_along_the_normal_by_sigma():
    line = edge_of(OCCUPIED, spacing_km=2.0)
    moved = displaced(
        line,
        np.random.default_rng(5),
        runs=1500,
        sigma_km=0.2,
        correlation_km=4.0,
    )
    on_the_east = np.flatnonzero(
        np.isclose(line.vertices[:, 0], 34.0)
        & (np.abs(line.vertices[:, 1] - 48.9) < 0.2)
    )
    for vertex in on_the_east:
        start = np.tile(line.vertices[vertex], (1500, 1))
        bearing, _, metres = GEOD.inv(*start.T, *moved[:, vertex].T)
        signed = metres * np.sign(moved[:, vertex, 0] - 34.0)
        assert np.abs(np.abs(bearing) - 90.0).max() < 0.2
        assert signed.std() == pytest.approx(200.0, rel=0.09)
        assert abs(signed.mean()) < 200.0 * 4 / math.sqrt(1500)


def test_displacements_are_correlated_as_stated():
    line = edge_of(OCCUPIED, spacing_km=1.0)
    moved = displaced(
        line,
        np.random.default_rng(7),
        runs=2000,
        sigma_km=0.2,
        correlation_km=8.0,
    )
    east = np.flatnonzero(
        np.isclose(line.vertices[:, 0], 34.0)
        & (np.abs(line.vertices[:, 1] - 48.9) < 0.15)
    )
    shift = moved[:, east, 0] - 34.0
    found = np.corrcoef(shift.T)
    apart = line.along_km[east][:, np.newaxis] - line.along_km[east]
    assert found == pytest.approx(np.exp(-((apart / 8.0) ** 2) / 2), abs=0.09)


FAR_OFF = gf.Place("Far off", "far-off", 34.45, 48.9, published_area_km2=4.0)


@pytest.fixture(scope="module")
def held():
    """Whether the bands about maps that are off hold the truth.

    The truth is the box, 13 and 31 km from the places.  Each map is the
    truth displaced, in another way than the library's.
    """
    places = [AWAY, FAR_OFF]
    truth = [
        area_km2(OCCUPIED),
        *(nearest(place, OCCUPIED).km for place in places),
    ]
    found = []
    for seed in range(40):
        table = gf.sensitivity(
            history(front_off(seed)),
            places,
            sigma_m=250,
            correlation_km=3,
            level=0.8,
            runs=120,
            seed=seed,
        )
        found.append((table["low"] <= truth) & (truth <= table["high"]))
    return np.mean(found, axis=0)


def test_band_about_a_map_holds_the_true_area_as_often_as_it_says(held):
    # Three standard errors of a share of 0.8 among 40.
    assert held[0] == pytest.approx(0.8, abs=0.19)


@pytest.mark.parametrize("place", [1, 2])
def test_band_about_a_map_holds_the_true_distance(held, place):
    # No less often than it says, by two standard errors.
    assert held[place] >= 0.8 - 0.13


def test_band_of_a_distance_reaches_as_far_up_as_down():
    table = gf.sensitivity(history(), FAR_OFF, sigma_m=300, runs=200)
    row = table.set_index("figure").loc["occupied_km"]
    # A straight line, displaced, comes nearer: the map may have, too.
    assert row["mean"] < row["value"] - 0.1
    assert row["high"] - row["value"] >= row["value"] - row["low"] - 1e-9


def test_band_of_a_distance_does_not_go_below_nothing():
    close = gf.Place("Close", "close", 34.02, 48.9, published_area_km2=4.0)
    table = gf.sensitivity(history(), close, sigma_m=900, runs=200)
    row = table.set_index("figure").loc["occupied_km"]
    assert 0.0 < row["value"] < 1.0
    assert row["low"] == 0.0


def front_off(seed, sigma_km=0.25, correlation_km=3.0):
    """The box displaced, by Cholesky's factor of the covariance."""
    ring = shapely.segmentize(OCCUPIED.exterior, 0.01)
    vertices = shapely.get_coordinates(ring)[:-1]
    middle = np.array([33.5, 48.9])
    km = (vertices - middle) * [73.4, 111.2]
    step = np.hypot(*np.diff(km, axis=0, append=km[:1]).T)
    along = np.append(0.0, np.cumsum(step)[:-1])
    apart = np.abs(along[:, np.newaxis] - along)
    apart = np.minimum(apart, step.sum() - apart)
    covariance = np.exp(-((apart / correlation_km) ** 2) / 2)
    covariance += 1e-8 * np.eye(len(km))
    field = np.linalg.cholesky(covariance) @ np.random.default_rng(
        1000 + seed
    ).standard_normal(len(km))
    tangent = np.roll(km, -1, axis=0) - np.roll(km, 1, axis=0)
    normal = np.column_stack([tangent[:, 1], -tangent[:, 0]])
    normal /= np.hypot(*normal.T)[:, np.newaxis]
    if shapely.is_ccw(ring) is False:
        normal = -normal
    moved = middle + (km + sigma_km * field[:, np.newaxis] * normal) / [
        73.4,
        111.2,
    ]
    return shapely.make_valid(shapely.Polygon(moved))


def test_map_on_which_nothing_is_occupied():
    table = gf.sensitivity(
        history(shapely.MultiPolygon()), AWAY, sigma_m=100, runs=60
    ).set_index("figure")
    told = ["value", "mean", "sd", "low", "high"]
    assert (table.loc["occupied_km2", told] == 0.0).all()
    assert table.loc["occupied_km", told].isna().all()


def test_distance_of_each_run_is_that_of_its_polygon():
    line = edge_of(OCCUPIED, spacing_km=0.5)
    options = {"runs": 15, "sigma_km": 0.2, "correlation_km": 4.0}
    moved = displaced(line, np.random.default_rng(1), **options)
    found = _Near.of(line, AWAY, 6 * 0.2).km(moved)
    by_polygons = [
        nearest(AWAY, polygon).km for polygon in moved_polygons(line, moved)
    ]
    assert found == pytest.approx(by_polygons, abs=1e-3)


def test_coast_and_border_stay():
    crimea = shapely.intersection(
        shapely.box(33.0, 44.3, 36.0, 45.9), gf.territory()
    )
    line = edge(history(crimea)[0].occupied, inland(), spacing_km=1.0)
    moved = displaced(
        line,
        np.random.default_rng(1),
        runs=5,
        sigma_km=0.5,
        correlation_km=2.0,
    )
    stays = (moved == line.vertices).all(axis=(0, 2))
    assert stays[~line.is_free].all()
    assert not stays[line.is_free].any()
    coast = shapely.boundary(gf.territory())
    at_coast = shapely.distance(shapely.points(line.vertices), coast) < 0.005
    assert at_coast.any()
    assert stays[at_coast].all()


def test_same_seed_same_table_for_any_number_of_workers():
    asked = {"sigma_m": 100, "runs": 130, "seed": 4}
    here = gf.sensitivity(history(), AWAY, **asked)
    with ThreadPoolExecutor(3) as executor:
        there = gf.sensitivity(history(), AWAY, **asked, executor=executor)
    pd.testing.assert_frame_equal(here, there, check_exact=True)
    other = gf.sensitivity(history(), AWAY, **(asked | {"seed": 5}))
    assert other.loc[0, "low"] != here.loc[0, "low"]


def test_no_distance_is_sampled_where_the_place_is_reached():
    inside = gf.Place("In", "in", 33.5, 48.9, published_area_km2=1.0)
    table = gf.sensitivity(history(), inside, sigma_m=100, runs=60)
    row = table[table["figure"] == "occupied_km"].iloc[0]
    assert row["value"] == 0.0
    assert row[["mean", "sd", "low", "high"]].isna().all()


def test_table_repeats_what_was_assumed():
    table = gf.sensitivity(
        gf.example_history(),
        ["Siversk", "Chasiv Yar"],
        sigma_m=150,
        level=0.5,
        runs=60,
        every="week",
    )
    assert len(table) == 2 * 3
    assert set(table["sigma_m"]) == {150.0}
    assert set(table["level"]) == {0.5}
    known = table[table["place"] != "Chasiv Yar"]
    assert (known["low"] < known["mean"]).all()
    assert (known["mean"] < known["high"]).all()
    reached = table[table["place"] == "Chasiv Yar"]
    assert set(reached["value"]) == {0.0}


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"sigma_m": 0}, "sigma_m=0: expected a number above 0, in metres"),
        ({"sigma_m": math.inf}, "sigma_m=inf: expected a number above 0"),
        ({"sigma_m": math.nan}, "sigma_m=nan: expected a number above 0"),
        ({"sigma_m": "9"}, "sigma_m='9': expected a number above 0"),
        ({"sigma_m": 9, "correlation_km": -1}, "above 0, in km"),
        ({"sigma_m": 9, "correlation_km": math.inf}, "above 0, in km"),
        ({"sigma_m": 9, "level": 1}, "expected a number between 0 and 1"),
        ({"sigma_m": 9, "level": None}, "expected a number between 0 and 1"),
        ({"sigma_m": 9, "runs": 1}, "expected a whole number, 2 or more"),
        ({"sigma_m": 9, "runs": 2.5}, "runs=2.5: expected a whole number"),
        ({"sigma_m": 9, "seed": -1}, "seed=-1: expected a whole number, 0"),
    ],
)
def test_option_out_of_range(option, message):
    with pytest.raises(ValueError, match=message):
        gf.sensitivity(history(), **option)
