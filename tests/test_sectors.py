"""The nearest front by compass sector, and along axes."""

import numpy as np
import pytest
import shapely
from shapely import box
from test_proximity import COVERED, GEOD, disc, snapshot

import geofront as gf
from geofront.geodesy import COMPASS
from geofront.places import SLOVIANSK_KRAMATORSK
from geofront.sectors import AXES


def by_name(history, place, **options):
    return gf.sectors(history, place, **options).set_index("sector")


def test_a_ring_of_front_is_as_far_in_every_sector():
    azimuths = np.linspace(0, 360, 720, endpoint=False)
    longitudes, latitudes, _ = GEOD.fwd(
        *(np.full(720, value) for value in (38.0, 48.8)),
        azimuths,
        [30_000.0] * 720,
    )
    held = shapely.Polygon(np.column_stack([longitudes, latitudes]))
    drawn = snapshot(box(37, 48, 39, 49.6).difference(held))
    found = by_name(drawn, disc(38.0, 48.8, km2=np.pi))
    assert list(found.index) == list(COMPASS)
    assert found.centre_front_km.to_numpy() == pytest.approx(
        [30.0] * 8, abs=0.01
    )
    assert found.front_km.to_numpy() == pytest.approx([29.0] * 8, abs=0.02)
    for number, row in enumerate(found.itertuples()):
        bearing = GEOD.inv(38.0, 48.8, row.nearest_lon, row.nearest_lat)[0]
        turn = (bearing - 45 * number + 180) % 360 - 180
        assert abs(turn) <= 22.5 + 1e-3


def test_the_nearest_sector_is_as_near_as_the_front():
    drawn = snapshot(box(38.2, 48.5, 39, 49.3), box(38.15, 48.9, 38.2, 49))
    found = by_name(drawn, disc())
    (row,) = gf.proximity(gf.History([drawn]), disc()).itertuples()
    assert found.front_km.min() == pytest.approx(row.front_km, abs=1e-6)
    assert np.isnan(found.loc["W", "front_km"])
    assert np.isnan(found.loc["W", "nearest_lon"])
    assert not found.limited.any()


def test_a_sector_is_limited_where_the_coverage_ends_first():
    drawn = snapshot(box(38.1, 48.5, 38.5, 49.1), coverage=COVERED)
    found = by_name(drawn, disc())
    assert found.loc["E", "front_km"] < 8
    assert found.loc["W", "limited"]
    assert not found.loc["E", "limited"]


def test_axes_lead_to_the_towns():
    found = gf.sectors(
        snapshot(box(37.9, 48.2, 39, 49.3)), SLOVIANSK_KRAMATORSK, axes=AXES
    )
    assert list(found.sector) == [town.name for town in AXES]
    assert (found.width_deg == 30).all()
    for row, town in zip(found.itertuples(), AXES, strict=True):
        azimuth, _, _ = GEOD.inv(
            SLOVIANSK_KRAMATORSK.longitude,
            SLOVIANSK_KRAMATORSK.latitude,
            town.longitude,
            town.latitude,
        )
        assert row.bearing_deg == pytest.approx(azimuth % 360)
    east = found.set_index("sector")
    assert east.loc["Siversk", "front_km"] < east.loc["Lyman", "front_km"]
    assert np.isnan(east.loc["Myrnohrad", "front_km"])


def test_a_history_has_a_row_a_day_and_sector(example):
    found = gf.sectors(example, "Siversk", every="week")
    assert len(found) == 8 * found.date.nunique()
    assert found.place.eq("Siversk").all()
    again = gf.sectors(example.at(found.date.iloc[-1].date()), "Siversk")
    np.testing.assert_array_equal(found.front_km[-8:], again.front_km)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"place": ["Siversk", "Toretsk"]},
            r"one place, found 2 \(Siversk, T",
        ),
        (
            {"place": "Siversk", "axes": ["Siversk"]},
            "leads from Siversk to its",
        ),
        ({"place": "Siversk", "axes": []}, "at least one place or name"),
    ],
)
def test_what_makes_no_sectors_is_told(example, options, message):
    with pytest.raises(ValueError, match=message):
        gf.sectors(example, **options)


def test_what_is_no_history_is_told():
    with pytest.raises(TypeError, match="expected a history, found an int"):
        gf.sectors(5, "Siversk")
