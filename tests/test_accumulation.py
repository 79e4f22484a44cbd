"""Gross figures summed day by day: net is the same, gross is not."""

import datetime as dt
import json
import math

import numpy as np
import pandas as pd
import pytest
import shapely
from test_cli import done, message, plain, run

import geofront as gf
from geofront._accumulation import added

NET = ["occupied_net_km2", "grey_zone_net_km2"]


def box(day, west, east, grey_to=None, **options):
    """Occupied from west to east, then grey zone, on a day of February."""
    grey = None if grey_to is None else shapely.box(east, 48.0, grey_to, 48.1)
    return gf.Snapshot(
        "test",
        dt.datetime(2025, 2, day, 20, tzinfo=dt.UTC),
        shapely.box(west, 48.0, east, 48.1),
        grey,
        **options,
    )


@pytest.fixture
def to_and_fro():
    """Forward, back, forward, and no snapshot on the 13th."""
    reach = {10: 38.10, 11: 38.20, 12: 38.15, 14: 38.30, 15: 38.30}
    return gf.History(
        box(day, 38.0, east, east + 0.15) for day, east in reach.items()
    )


def figures(frame):
    areas = [name for name in frame if str(name).endswith("_km2")]
    return [name for name in areas if name != "break_km2"]


def test_net_is_equal_and_gross_is_that_of_the_days(to_and_fro):
    ends = gf.deltas(to_and_fro, every="all").loc[0]
    days = gf.deltas(to_and_fro, every="day")
    summed = gf.deltas(to_and_fro, every="all", accumulate="day").loc[0]
    for name in figures(days):
        assert summed[name] == pytest.approx(math.fsum(days[name]), abs=1e-9)
    for name in NET:
        assert summed[name] == pytest.approx(ends[name], abs=1e-6)
    back = days["occupied_lost_km2"].sum()
    assert back > 10
    assert ends["occupied_lost_km2"] == 0
    assert summed["occupied_lost_km2"] == pytest.approx(back)
    # All that was gained had been grey zone the day before, but not at first.
    share = "grey_zone_to_occupied_km2"
    gained = "occupied_gained_km2"
    assert summed[share] == pytest.approx(summed[gained])
    assert ends[share] < 0.8 * ends[gained]


def test_table_states_what_it_sums(to_and_fro):
    summed = gf.deltas(to_and_fro, every="all", accumulate="day").loc[0]
    assert (summed["cadence"], summed["gross_cadence"]) == ("all", "day")
    ends = gf.deltas(to_and_fro, every="week").loc[0]
    assert (ends["cadence"], ends["gross_cadence"]) == ("week", "week")
    assert summed["since_snapshot"] == to_and_fro[0].id
    assert summed["until_snapshot"] == to_and_fro[-1].id


def test_it_rests_on_every_day(to_and_fro):
    summed = gf.deltas(to_and_fro, every="all", accumulate="day")
    ends = gf.deltas(to_and_fro, every="all")
    assert len(summed.attrs["snapshots"]) == 5
    assert len(ends.attrs["snapshots"]) == 2


@pytest.mark.parametrize("every", ["day", "week", "month", "all"])
@pytest.mark.parametrize("by", [False, True])
def test_rows_and_net_are_those_without_it(every, by, example):
    regions = gf.oblasts() if by else None
    plain_rows = gf.deltas(example, every=every, by=regions)
    rows = gf.deltas(example, every=every, by=regions, accumulate="day")
    same = [
        name
        for name in plain_rows
        if name not in figures(rows) and name != "gross_cadence"
    ]
    pd.testing.assert_frame_equal(rows[same], plain_rows[same])
    np.testing.assert_allclose(rows[NET], plain_rows[NET], atol=1e-6)
    gross = ["occupied_gained_km2", "occupied_lost_km2"]
    assert (rows[gross] >= plain_rows[gross] - 1e-9).all(axis=None)
    if every == "day":
        pd.testing.assert_frame_equal(
            rows[figures(rows)], plain_rows[figures(rows)]
        )


def test_regions_sum_to_the_total(example):
    days = {"every": "all", "accumulate": "day"}
    whole = gf.deltas(example, **days).loc[0]
    parts = gf.deltas(example, **days, by=gf.oblasts())
    for name in figures(parts):
        assert parts[name].sum() == pytest.approx(whole[name], abs=1e-6)


def test_a_figure_that_is_not_drawn_all_the_time_is_missing():
    history = gf.History(
        [box(10, 38, 38.1, 38.2), box(11, 38, 38.2), box(12, 38, 38.3, 38.4)]
    )
    row = gf.deltas(history, every="all", accumulate="day").loc[0]
    assert np.isnan(row["grey_zone_net_km2"])
    assert row["occupied_net_km2"] == pytest.approx(
        gf.delta(history[0], history[-1]).net_km2
    )


def test_a_break_within_a_period_marks_it():
    note = gf.Note("method_break", "a part is missing", 9.0)
    history = gf.History(
        [
            box(10, 38, 38.1, 38.2),
            box(11, 38, 38.05, 38.2, notes=[note]),
            box(12, 38, 38.1, 38.2),
        ]
    )
    ends = gf.deltas(history, every="all")
    summed = gf.deltas(history, every="all", accumulate="day")
    assert ends["method_break"].tolist() == [True]
    assert summed["method_break"].tolist() == [True]


def test_what_cannot_be_summed_is_refused(to_and_fro):
    with pytest.raises(ValueError, match="accumulate='week': expected 'day'"):
        gf.deltas(to_and_fro, every="month", accumulate="week")
    with pytest.raises(ValueError, match="a day or longer, found every="):
        gf.deltas(to_and_fro, every="snapshot", accumulate="day")


def test_sums_are_exact_and_keep_what_is_no_figure():
    step = {"region": "A", "region_id": "a", "x_km2": 0.1}
    (total,) = added([[step]] * 10)
    assert total == {"region": "A", "region_id": "a", "x_km2": 1.0}


def test_command_takes_it(boundaries, example):
    call = ["deltas", boundaries, "--every", "all", "--accumulate", "day"]
    text = done(*call, "--format", "json")
    expected = gf.deltas(example, every="all", accumulate="day")
    assert json.loads(text) == plain(expected)
    result = run(*call[:2], "--every", "snapshot", "--accumulate", "day")
    assert result.exit_code == 2
    assert "a day or longer" in message(result)


@pytest.mark.archive
def test_most_gains_come_out_of_the_grey_zone_day_by_day_only(deepstate):
    history = deepstate["deepstate-2024-07_2025-03"]
    days = {"until": "2024-12-31", "every": "all"}
    ends = gf.deltas(history, **days).loc[0]
    summed = gf.deltas(history, **days, accumulate="day").loc[0]

    def share(row):
        return row["grey_zone_to_occupied_km2"] / row["occupied_gained_km2"]

    # Of the whole of 2024: 6 % and 79 %.
    assert share(ends) == pytest.approx(0.09, abs=0.01)
    assert share(summed) == pytest.approx(0.80, abs=0.01)
    assert summed["occupied_net_km2"] == pytest.approx(
        ends["occupied_net_km2"], abs=1e-6
    )
