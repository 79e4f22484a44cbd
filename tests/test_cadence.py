"""A history looked at in steps."""

import datetime as dt
import itertools

import pytest

import geofront as gf
from geofront.cadence import Look, looks, steps

WIDTHS = {17: 1, 18: 2, 19: 3, 21: 4, 22: 5, 23: 6, 24: 7, 28: 8}
"""Day of February 2025 → width of what is occupied, in tenths of a degree.

The 20th and the 25th to 27th have no snapshot; the 23rd is a Sunday.
"""


@pytest.fixture
def history(box_snapshot):
    return gf.History(
        box_snapshot((38, 48, 38 + width / 10, 49), day=february(day))
        for day, width in WIDTHS.items()
    )


@pytest.fixture
def busy_day():
    """Three snapshots on 24 February, one on the 25th."""
    hours = [(24, 6), (24, 12), (24, 18), (25, 12)]
    return gf.History(
        gf.Snapshot("test", dt.datetime(2025, 2, *hour, tzinfo=dt.UTC), [])
        for hour in hours
    )


def february(day):
    return dt.date(2025, 2, day)


def days(found):
    return [look.date.day for look in found]


def pairs(found):
    return [(before.date.day, after.date.day) for before, after in found]


def test_looks_of_days_has_every_day(history):
    assert days(looks(history)) == list(range(17, 29))


def test_looks_of_days_without_snapshot_are_carried(history):
    carried = [look for look in looks(history) if look.carried]
    assert days(carried) == [20, 25, 26, 27]


def test_carried_look_holds_the_snapshot_before(history):
    look = looks(history, "2025-02-26", "2025-02-26")[0]
    assert look == Look(february(26), history.at("2025-02-24"))


def test_looks_of_weeks_are_sundays_and_the_last_day(history):
    assert days(looks(history, every="week")) == [23, 28]


def test_looks_of_weeks_from_sunday_include_it(history):
    found = looks(history, "2025-02-23", "2025-02-28", "week")
    assert days(found) == [23, 28]


def test_looks_of_months_are_month_ends(history):
    assert days(looks(history, every="month")) == [28]


def test_looks_at_all_is_the_last_day(history):
    assert days(looks(history, every="all")) == [28]


def test_looks_at_all_of_one_day_is_that_day(history):
    assert days(looks(history, "2025-02-20", "2025-02-20", "all")) == [20]


def test_looks_of_snapshots_are_the_snapshots(history):
    found = looks(history, every="snapshot")
    assert [look.snapshot for look in found] == list(history)


def test_looks_of_snapshots_keep_all_of_one_day(busy_day):
    assert days(looks(busy_day, every="snapshot")) == [24, 24, 24, 25]


def test_looks_of_snapshots_are_never_carried(history):
    assert not any(look.carried for look in looks(history, every="snapshot"))


def test_looks_of_snapshots_leave_out_other_days(history):
    found = looks(history, "2025-02-19", "2025-02-22", "snapshot")
    assert days(found) == [19, 21, 22]


def test_looks_of_days_take_the_last_snapshot_of_a_day(busy_day):
    assert looks(busy_day)[0].snapshot == busy_day[2]


def test_looks_includes_both_bounds(history):
    assert days(looks(history, "2025-02-19", "2025-02-21")) == [19, 20, 21]


def test_looks_accepts_dates(history):
    assert days(looks(history, february(19), february(20))) == [19, 20]


def test_steps_of_days_join_neighbouring_days(history):
    found = pairs(steps(history, "2025-02-19", "2025-02-22"))
    assert found == [(19, 20), (20, 21), (21, 22)]


def test_steps_of_weeks_cut_at_the_bounds(history):
    assert pairs(steps(history, every="week")) == [(17, 23), (23, 28)]


def test_steps_of_months_cut_at_the_bounds(history):
    assert pairs(steps(history, every="month")) == [(17, 28)]


def test_steps_of_all_is_one(history):
    found = steps(history, "2025-02-18", "2025-02-26", "all")
    assert pairs(found) == [(18, 26)]


def test_steps_of_snapshots_join_neighbours(history):
    found = steps(history, every="snapshot")
    assert [(a.snapshot, b.snapshot) for a, b in found] == list(
        itertools.pairwise(history)
    )


def test_steps_of_snapshots_within_one_day_are_kept(busy_day):
    assert pairs(steps(busy_day, every="snapshot")) == [
        (24, 24),
        (24, 24),
        (24, 25),
    ]


def test_steps_of_snapshots_since_a_day_begin_at_its_end(busy_day):
    found = steps(busy_day, since="2025-02-24", every="snapshot")
    assert pairs(found) == [(24, 25)]


def test_steps_of_snapshots_since_a_carried_day_begin_with_it(history):
    first = steps(history, since="2025-02-26", every="snapshot")[0]
    assert first[0] == Look(february(26), history.at("2025-02-24"))
    assert first[0].carried


def test_steps_of_snapshots_stop_at_until(history):
    found = steps(history, until="2025-02-20", every="snapshot")
    assert pairs(found) == [(17, 18), (18, 19)]


@pytest.mark.parametrize("every", ["snapshot", "day", "week", "month", "all"])
def test_steps_within_one_day_are_none(history, every):
    assert steps(history, "2025-02-26", "2025-02-26", every) == []


@pytest.mark.parametrize("every", ["snapshot", "day", "week", "month", "all"])
def test_steps_adjoin(history, every):
    found = steps(history, every=every)
    assert [after for _, after in found[:-1]] == [
        before for before, _ in found[1:]
    ]


@pytest.mark.parametrize("every", ["snapshot", "day", "week", "month", "all"])
def test_steps_run_from_the_first_state_to_the_last(history, every):
    found = steps(history, every=every)
    assert found[0][0].snapshot == history[0]
    assert found[-1][1].snapshot == history[-1]


def test_slice_steps_as_the_whole_does(history):
    cut = history["2025-02-19":"2025-02-22"]
    assert steps(cut, "2025-02-19", "2025-02-22") == steps(
        history, "2025-02-19", "2025-02-22"
    )


def test_slice_from_a_carried_day_can_be_looked_at_there(history):
    found = looks(history["2025-02-26":], since="2025-02-26")
    assert days(found) == [26, 27, 28]
    assert found[0].snapshot == history.at("2025-02-24")


def test_looks_up_to_72_hours_after_the_last_are_carried(history):
    found = looks(history, until="2025-03-02")
    assert [look.date for look in found if look.carried][-2:] == [
        dt.date(2025, 3, 1),
        dt.date(2025, 3, 2),
    ]


@pytest.mark.parametrize("function", [looks, steps])
@pytest.mark.parametrize("every", ["snapshot", "day", "week", "month", "all"])
def test_later_days_are_missing(history, function, every):
    with pytest.raises(gf.MissingDateError, match="for 2025-03-10: its last"):
        function(history, None, "2025-03-10", every)


@pytest.mark.parametrize("function", [looks, steps])
@pytest.mark.parametrize("every", ["snapshot", "day", "week", "month", "all"])
def test_earlier_days_are_missing(history, function, every):
    with pytest.raises(gf.MissingDateError, match="begin on 2025-02-17"):
        function(history, "2025-02-16", None, every)


@pytest.mark.parametrize("function", [looks, steps])
def test_bounds_in_the_wrong_order_are_named(history, function):
    with pytest.raises(
        ValueError, match="since 2025-02-22 is after until 2025-02-19"
    ):
        function(history, "2025-02-22", "2025-02-19")


@pytest.mark.parametrize("function", [looks, steps])
def test_unknown_cadence_is_refused(history, function):
    with pytest.raises(ValueError, match="every='hour' is no cadence"):
        function(history, every="hour")


def test_weeks_cut_by_the_data_are_incomplete(history):
    assert gf.deltas(history, every="week")["complete"].tolist() == [
        False,
        False,
    ]


def test_week_that_the_data_does_not_see_the_end_of_is_not_complete(history):
    table = gf.deltas(history, until="2025-03-02", every="week")
    assert table["complete"].tolist() == [False, False]


def test_month_from_its_eve_to_its_end_is_complete(box_snapshot):
    months = gf.History(
        box_snapshot(None, day=day)
        for day in (dt.date(2025, 1, 31), dt.date(2025, 2, 28))
    )
    assert gf.deltas(months, every="month")["complete"].tolist() == [True]


@pytest.mark.parametrize("every", ["snapshot", "day", "all"])
def test_what_is_no_week_or_month_is_complete(history, every):
    near = gf.History(history[:-1])
    assert gf.deltas(near, every=every)["complete"].all()


@pytest.mark.parametrize("every", ["day", "week", "month", "all"])
def test_steps_out_of_a_hole_are_not_complete(box_snapshot, every):
    moments = [dt.date(2022, 12, 31), dt.date(2024, 7, 8)]
    holed = gf.History(
        box_snapshot((38, 48, 38 + number, 49), day=day)
        for number, day in enumerate([*moments, dt.date(2024, 7, 31)], 1)
    )
    table = gf.deltas(
        holed, since="2024-06-30", until="2024-07-31", every=every
    )
    first = table.iloc[0]
    assert first["since_snapshot"].startswith("test@2022-12-31")
    assert first["since_carried"]
    assert not first["complete"]
    assert table["since_carried"].tolist()[1:] == [
        *table["carried"].tolist()[:-1]
    ]


def test_an_end_may_be_carried_for_72_hours(history):
    """Published a second before midnight: the day counts from there on."""
    table = gf.deltas(history, since="2025-02-24", until="2025-02-28")
    assert table["carried"].tolist() == [True, True, True, False]
    age = [
        look.date - look.snapshot.date
        for look in looks(history, "2025-02-25", "2025-02-28")
    ]
    assert [item.days for item in age] == [1, 2, 3, 0]
    # 72 hours and a second after it, the third day is over.
    assert table["complete"].tolist() == [True, True, False, False]


def test_a_day_without_a_change_rests_on_its_own_snapshot(history):
    table = gf.deltas(history, since="2025-02-24", until="2025-02-24")
    assert len(table) == 0
    assert table.attrs["snapshots"] == [history.at("2025-02-24").id]


def test_row_tells_that_its_last_day_is_carried(history):
    table = gf.deltas(history, since="2025-02-24", until="2025-02-28")
    assert table["carried"].tolist() == [True, True, True, False]


def test_step_to_a_carried_day_changes_nothing(history):
    table = gf.deltas(history, since="2025-02-24", until="2025-02-27")
    assert table["occupied_net_km2"].tolist() == [0, 0, 0]


def test_a_carried_day_may_be_asked_for_alone(history):
    table = gf.areas(history, since="2025-03-01")
    assert table["carried"].tolist() == [True]


def test_days_of_a_table_are_days(history):
    day = gf.areas(history)["date"].iloc[0]
    assert history.at(day) == history[0]
