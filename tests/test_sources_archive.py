"""The other sources' real files: read whole, and against each other."""

import datetime as dt

import pytest
import shapely

import geofront as gf
from geofront.geodesy import area_km2

pytestmark = pytest.mark.archive

FOLDERS = {
    "occupied_daily": "occupied-daily-2024-07_2025-03",
    "owlmaps": "owlmaps-2024-07_2025-03",
    "isw": "isw-2023-05_2023-06",
    "isw_claimed": "isw-2023-05_2023-06",
}
COUNTS = {"occupied_daily": 263, "owlmaps": 267, "isw": 6, "isw_claimed": 6}
# Tuzla, which occupied_daily leaves out.
TUZLA_KM2 = 4.35
LAG = (dt.timedelta(hours=2), dt.timedelta(hours=54))


@pytest.fixture(scope="module")
def histories(archive):
    # Warnings are errors: no file and no feature was left out loudly.
    return {
        name: gf.open_history(archive / folder, source=name)
        for name, folder in FOLDERS.items()
    }


@pytest.mark.parametrize("name", FOLDERS)
def test_every_file_is_read_and_valid(archive, histories, name):
    history = histories[name]
    files = list((archive / FOLDERS[name]).glob("*.*json"))
    assert len(history) == len(files) == COUNTS[name]
    for snapshot in history:
        assert snapshot.occupied.is_valid, snapshot.id
        assert snapshot.grey_zone is None
        assert snapshot.areas()["held_km2"] is None
        assert 100_000 < snapshot.areas()["occupied_km2"] < 120_000


def test_every_daily_map_is_a_snapshot_of_deepstate(histories, deepstate):
    """Areas within 0.05 km², once the lag and Tuzla are allowed for.

    It is no chance: the polygons differ, beside Tuzla, by less than 0.1 km².
    """
    original = deepstate["deepstate-2024-07_2025-03"]
    matches = [match(day, original) for day in histories["occupied_daily"]]
    assert len(matches) == 263
    lags = sorted(lag for lag, _ in matches)
    assert all(km2 <= 0.1 for _, km2 in matches)
    assert lags[0] >= LAG[0]
    assert lags[-1] <= LAG[1]


def match(day, original):
    """Lag and difference of the snapshot that a daily map shows."""
    area = day.areas()["occupied_km2"] + TUZLA_KM2
    near = [
        item
        for item in original
        if LAG[0] <= day.published_at - item.published_at <= LAG[1]
        and abs(item.areas()["occupied_km2"] - area) <= 0.05
    ]
    differences = [
        (
            area_km2(shapely.symmetric_difference(day.occupied, item.occupied))
            - TUZLA_KM2,
            day.published_at - item.published_at,
        )
        for item in near
    ]
    km2, lag = min(differences)
    return lag, km2


def test_owlmaps_jumps_nowhere_unmarked(histories):
    nets = gf.deltas(histories["owlmaps"], every="day").occupied_net_km2
    assert nets.abs().max() < 100
    kinds = {n.kind for item in histories["owlmaps"] for n in item.notes}
    assert kinds == {"date", "dropped", "clipped"}


def test_isw_by_count(histories):
    def found(name):
        return [
            round(item.areas()["occupied_km2"], 1) for item in histories[name]
        ]

    assert found("isw") == [
        109112.2,
        109062.5,
        108133.0,
        108041.0,
        107976.9,
        107963.0,
    ]
    assert found("isw_claimed") == [
        109112.2,
        109062.5,
        108486.1,
        108396.1,
        108325.3,
        108292.6,
    ]


def test_days_on_which_isw_merges_layers_are_marked(histories):
    marked = [
        str(item.date)
        for item in histories["isw"]
        if any(note.kind == "method_break" for note in item.notes)
    ]
    assert marked == ["2023-05-10", "2023-05-11"]
