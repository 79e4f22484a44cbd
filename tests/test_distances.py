"""Many places and days in one pass: the same as each for itself."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from test_proximity import brute_km, disc, snapshot

import geofront as gf
from geofront._closing import _closed, _trend
from geofront._distances import distances
from geofront.proximity import outlined

KILOMETRES = ["occupied_km", "grey_zone_km", "front_km"]


def wandering(rng, days):
    """A front that comes and goes, with pockets, islands and a jump."""
    for day in range(days):
        shift = -0.3 if day > days // 2 else 0.0
        rows = np.linspace(47.0, 50.0, 40)
        edge = 37.6 + shift + rng.uniform(-0.05, 0.05, 40) * (day % 3 == 0)
        ground = Polygon([(40, 47), *zip(edge, rows, strict=True), (40, 50)])
        pocket = box(38.0, 48.2, 38.1, 48.2 + 0.01 * (day + 1))
        grey = ground.buffer(0.04).difference(ground)
        if day == days // 3:
            grey = Polygon()
        yield snapshot(ground.difference(pocket), grey, day=day + 1)


@pytest.fixture(scope="module")
def wanders():
    return gf.History(wandering(np.random.default_rng(7), 12))


@pytest.fixture(scope="module")
def places():
    inside = [disc(38.05, 48.3, km2=1), disc(39.0, 48.5), disc(37.55, 48.0)]
    around = [disc(x, y) for x in (33.0, 36.9, 37.4) for y in (47.2, 49.1)]
    whole = gf.Place.agglomeration("Whole", "whole", around[:3])
    return [*inside, *around, whole]


def test_chunks_of_days_and_places_do_not_matter(wanders, places):
    whole = distances(list(wanders), outlined(places))
    for step in (1, 5):
        parts = [
            distances(wanders[first : first + step], outlined(places))
            for first in range(0, len(wanders), step)
        ]
        for name, column in whole.items():
            apart = np.concatenate([part[name] for part in parts])
            np.testing.assert_array_equal(apart, column, err_msg=name)
    for number in (0, 4, len(places) - 1):
        alone = distances(list(wanders), outlined([places[number]]))
        for name, column in whole.items():
            np.testing.assert_array_equal(
                alone[name][:, 0], column[:, number], err_msg=name
            )


def test_every_day_equals_a_brute_force_search(wanders, places):
    found = distances(list(wanders), outlined(places))
    for day in range(0, len(wanders), 3):
        drawn = wanders[day]
        targets = (drawn.occupied, drawn.grey_zone, gf.front_line(drawn))
        for number in (1, 3, 6, 9):
            extent = places[number].extent
            for name, target in zip(KILOMETRES, targets, strict=True):
                value = found[name][day, number]
                if target.is_empty:
                    assert np.isnan(value)
                else:
                    expected = brute_km(extent, target)
                    assert value == pytest.approx(expected, abs=0.001)


def test_a_day_without_grey_zone_has_no_distance_to_it(wanders, places):
    found = distances(list(wanders), outlined(places))["grey_zone_km"]
    assert np.isnan(found[4]).all()
    assert not np.isnan(np.delete(found, 4, axis=0)).any()


def test_an_extent_wholly_inside_is_at_no_distance():
    row = gf.proximity(
        gf.History([snapshot(box(37, 48, 39, 49.5))]), disc()
    ).iloc[0]
    assert row.occupied_km == row.centre_occupied_km == 0.0
    point = shapely.Point(row.nearest_lon, row.nearest_lat)
    assert shapely.distance(point, disc().extent) < 1e-9
    assert row.front_km > 0


def test_a_speck_within_the_extent_is_at_no_distance_but_off_the_centre():
    speck = box(38.009, 48.8, 38.010, 48.801)
    row = gf.proximity(gf.History([snapshot(speck)]), disc()).iloc[0]
    assert row.occupied_km == row.front_km == 0.0
    expected = brute_km(box(38, 48.8, 38 + 1e-9, 48.8 + 1e-9), speck)
    assert row.centre_occupied_km == pytest.approx(expected, abs=0.001)


def test_one_member_that_is_occupied_counts_for_the_whole():
    members = [disc(37.0), disc(38.0)]
    whole = gf.Place.agglomeration("Whole", "whole", members)
    row = gf.proximity(
        gf.History([snapshot(box(37.9, 48.7, 38.1, 48.9))]), whole
    ).iloc[0]
    assert row.occupied_km == 0.0
    assert row.centre_occupied_km > 20.0


# ---- laws


@given(
    st.floats(-1.5, 1.5),
    st.floats(-0.8, 0.8),
    st.floats(0.02, 0.5),
    st.floats(0.5, 60.0),
)
@settings(max_examples=30, deadline=None)
def test_the_edge_is_never_farther_than_the_centre(east, north, size, km2):
    x, y = 38 + east, 48.8 + north
    drawn = snapshot(box(x, y, x + size, y + size))
    row = gf.proximity(gf.History([drawn]), disc(km2=km2)).iloc[0]
    assert row.occupied_km <= row.centre_occupied_km
    assert row.front_km <= row.centre_front_km
    reach = np.sqrt(km2 / np.pi) * 1.001 + 0.001
    assert row.centre_occupied_km - row.occupied_km <= reach


@given(st.floats(0.001, 0.4), st.floats(0.001, 0.3))
@settings(max_examples=20, deadline=None)
def test_a_front_moved_nearer_is_never_farther(gap, step):
    far = snapshot(box(38.1 + gap + step, 48.5, 39, 49), day=1)
    near = snapshot(box(38.1 + gap, 48.5, 39, 49), day=2)
    found = gf.proximity(gf.History([far, near]), disc())
    for name in ("occupied_km", "front_km", "centre_occupied_km"):
        assert found[name][1] <= found[name][0] + 1e-9


@given(st.floats(-0.02, 0.02), st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_moving_both_along_a_parallel_keeps_the_distance(step, seed):
    rng = np.random.default_rng(seed)
    corners = rng.uniform([38.2, 48.5], [38.9, 49.1], (3, 2))
    found = []
    for shift in (0.0, step):
        ground = Polygon(corners + np.array([shift, 0.0])).buffer(0)
        rows = gf.proximity(gf.History([snapshot(ground)]), disc(38 + shift))
        found.append(rows.loc[0, ["occupied_km", "front_km", "bearing_deg"]])
    np.testing.assert_allclose(*np.array(found, float), atol=1e-4)


# ---- closing speed


def approaching(kilometres, days=None):
    """Occupied ground due east of the place, so far off on each day."""
    numbers = days or range(1, len(kilometres) + 1)
    edge = 38.0 + np.asarray(kilometres) / 73.3
    return gf.History(
        snapshot(box(x, 48.5, x + 1, 49), day=day)
        for x, day in zip(edge, numbers, strict=True)
    )


def speed(history, days=14, **options):
    rows = gf.proximity(history, disc(), speed_days=days, **options)
    return rows.iloc[-1]


def test_a_steady_approach_has_its_speed():
    row = speed(approaching(30.0 - np.arange(15) * 0.5))
    assert row.closing_km_per_week == pytest.approx(3.5, rel=0.01)
    assert row.closing_window_days == 14
    assert row.closing_samples == 15


def test_a_retreat_is_negative_and_rest_is_zero():
    back = speed(approaching(20.0 + np.arange(15) * 0.5))
    assert back.closing_km_per_week == pytest.approx(-3.5, rel=0.01)
    assert speed(approaching([20.0] * 15)).closing_km_per_week == 0.0


def test_a_redrawn_line_does_not_sway_it():
    steady = 30.0 - np.arange(15) * 0.1
    jumps = np.where(np.arange(15) >= 10, steady - 6.0, steady)
    row = speed(approaching(jumps))
    assert row.closing_km_per_week == pytest.approx(0.7, abs=0.15)
    slope = np.polyfit(np.arange(15), jumps, 1)[0]
    assert -7 * slope > 3.0  # what least squares would tell


def test_carried_days_are_no_samples():
    history = approaching([30.0, 29.0, 28.0, 27.0], days=[1, 3, 8, 9])
    row = speed(history, until="2025-02-11")
    assert row.carried
    assert row.closing_samples == 4
    assert row.closing_km_per_week > 0


def test_two_days_make_no_trend():
    row = speed(approaching([30.0, 29.0]))
    assert row.closing_samples == 2
    assert np.isnan(row.closing_km_per_week)


def test_the_window_looks_back_only():
    history = approaching([30.0] * 10 + list(np.linspace(29, 20, 10)))
    early = gf.proximity(history, disc(), speed_days=7, until="2025-02-10")
    late = gf.proximity(history, disc(), speed_days=7)
    pd.testing.assert_frame_equal(
        late.iloc[:10].reset_index(drop=True), early, check_exact=True
    )
    assert late.closing_km_per_week.iloc[-1] == pytest.approx(7.0, rel=0.02)


def test_days_before_the_first_that_is_asked_for_are_looked_at():
    history = approaching(30.0 - np.arange(15) * 0.5)
    whole = gf.proximity(history, disc(), speed_days=7)
    last = gf.proximity(history, disc(), speed_days=7, since="2025-02-15")
    assert (
        last.closing_km_per_week.item() == whole.closing_km_per_week.iloc[-1]
    )


def test_a_window_must_be_positive():
    with pytest.raises(ValueError, match="speed_days=0: expected a whole"):
        gf.proximity(approaching([30.0]), disc(), speed_days=0)


def test_a_trend_leaves_out_what_is_not_known():
    moments = np.arange(6.0)
    values = np.array(
        [[1.0, np.nan], [2, 9], [np.nan, 7], [4, 5], [5, 3], [6, 1]]
    )
    slope, known = _trend(moments, values, 6, np.zeros(6, int))
    assert slope.tolist() == [1.0, -2.0]
    assert known.tolist() == [5, 5]


def test_a_front_that_leaps_has_closed_in_without_a_speed():
    row = speed(approaching([30.0] * 12 + [28.0, 27.0, 26.0]))
    assert row.closing_km_per_week == 0.0
    assert row.closed_km == pytest.approx(4.0, rel=0.01)
    row = speed(approaching([26.0, 27.0, 28.0] + [30.0] * 12))
    assert row.closed_km == pytest.approx(-4.0, rel=0.01)


def test_what_one_day_shows_has_not_closed_in():
    assert np.isnan(speed(approaching([30.0])).closed_km)
    assert speed(approaching([30.0, 30.0])).closed_km == 0.0


def test_closed_sums_each_drawing_from_its_first_to_its_last():
    values = np.array([[np.nan, 9, 1], [8, 9, np.nan], [2, 1, np.nan]])
    whole = _closed(values, np.array([0, 0, 0]))
    np.testing.assert_array_equal(whole, [6, 8, np.nan])
    # A break before the last day: what it moved is not counted.
    apart = _closed(values, np.array([0, 0, 1]))
    np.testing.assert_array_equal(apart, [np.nan, 0, np.nan])
    more = np.array([[9.0], [8], [3], [1]])
    assert _closed(more, np.array([0, 0, 1, 1])).tolist() == [3.0]


def test_two_maps_an_hour_apart_are_two_days():
    """Either side of midnight in Kyiv, as real ones come now and then."""
    moments = [
        dt.datetime(2025, 2, day, 20, tzinfo=dt.UTC) for day in range(1, 9)
    ]
    moments[1] = dt.datetime(2025, 2, 2, 21, 30, tzinfo=dt.UTC)
    moments[2] = dt.datetime(2025, 2, 2, 22, 30, tzinfo=dt.UTC)
    history = gf.History(
        gf.Snapshot("test", moment, box(38.4 - step / 100, 48.5, 39, 49))
        for step, moment in enumerate(moments)
    )
    moved = gf.proximity(history, disc(), every="snapshot").occupied_km
    row = gf.proximity(history, disc(), every="all", speed_days=7)
    assert row.closing_km_per_week.item() == pytest.approx(
        moved.iloc[0] - moved.iloc[7], rel=0.01
    )


def test_days_close_together_say_nothing_of_a_long_window():
    history = approaching([30.0, 29.0, 28.0, 27.0])
    row = gf.proximity(history, disc(), every="all", speed_days=28)
    assert row.closing_samples.item() == 4
    assert row.closing_km_per_week.isna().all()
