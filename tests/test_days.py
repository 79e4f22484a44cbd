"""Days end at 24:00 in Kyiv; weeks on Sunday, months on their last day."""

import datetime as dt

import pytest

from geofront.days import (
    DaysBefore,
    as_date,
    as_utc,
    check_cadence,
    days_between,
    end_of_day,
    ends_period,
    kyiv_date,
    period_ends,
    period_is_whole,
    read_day,
    read_span,
    today,
)

FRIDAY = dt.date(2025, 2, 21)
SUNDAY = dt.date(2025, 2, 23)


def utc(*moment):
    return dt.datetime(*moment, tzinfo=dt.UTC)


def test_as_date_reads_iso_text():
    assert as_date("2025-02-24") == dt.date(2025, 2, 24)


def test_as_date_keeps_a_date():
    assert as_date(FRIDAY) is FRIDAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24.02.2025",
        "2025-02",
        "2025-02-29",
        "2025-02-24T12:00",
        "20250224",
        "2025-2-4",
        " 2025-02-24",
    ],
)
def test_as_date_names_the_form_it_expects(text):
    with pytest.raises(ValueError, match=f"YYYY-MM-DD, found '{text}'"):
        as_date(text)


@pytest.mark.parametrize("value", [None, 20250224])
def test_as_date_refuses_what_is_no_day(value):
    with pytest.raises(ValueError, match=f"YYYY-MM-DD, found {value}"):
        as_date(value)


def test_as_date_refuses_a_moment():
    with pytest.raises(ValueError, match="found the moment 2025-02-24T12:00"):
        as_date(utc(2025, 2, 24, 12))


def test_as_utc_converts_another_zone():
    kyiv = dt.timezone(dt.timedelta(hours=2))
    assert as_utc(dt.datetime(2025, 2, 24, tzinfo=kyiv)) == utc(
        2025, 2, 23, 22
    )


def test_as_utc_result_is_in_utc():
    kyiv = dt.timezone(dt.timedelta(hours=2))
    assert as_utc(dt.datetime(2025, 2, 24, tzinfo=kyiv)).tzinfo is dt.UTC


@pytest.mark.parametrize(
    ("moment", "hours"), [(dt.datetime.max, -14), (dt.datetime.min, 14)]
)
def test_as_utc_refuses_a_moment_beyond_the_calendar(moment, hours):
    zone = dt.timezone(dt.timedelta(hours=hours))
    with pytest.raises(ValueError, match="beyond the calendar in UTC"):
        as_utc(moment.replace(tzinfo=zone))


def test_as_utc_refuses_a_moment_without_zone():
    with pytest.raises(ValueError, match="2025-02-24T12:00:00 has no time"):
        as_utc(dt.datetime(2025, 2, 24, 12))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (utc(2025, 2, 24, 21, 59, 59), dt.date(2025, 2, 24)),
        (utc(2025, 2, 24, 22), dt.date(2025, 2, 25)),
        (utc(2025, 7, 24, 20, 59, 59), dt.date(2025, 7, 24)),
        (utc(2025, 7, 24, 21), dt.date(2025, 7, 25)),
        (utc(2024, 12, 31, 22), dt.date(2025, 1, 1)),
    ],
)
def test_kyiv_date_changes_at_midnight_in_kyiv(moment, day):
    assert kyiv_date(moment) == day


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (dt.date(2025, 1, 15), utc(2025, 1, 15, 22)),
        (dt.date(2025, 7, 15), utc(2025, 7, 15, 21)),
        (dt.date(2025, 3, 29), utc(2025, 3, 29, 22)),
        (dt.date(2025, 3, 30), utc(2025, 3, 30, 21)),
        (dt.date(2025, 10, 25), utc(2025, 10, 25, 21)),
        (dt.date(2025, 10, 26), utc(2025, 10, 26, 22)),
    ],
)
def test_end_of_day_follows_summer_time(day, moment):
    assert end_of_day(day) == moment


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (dt.date(2025, 3, 30), 23),
        (dt.date(2025, 10, 26), 25),
        (dt.date(2025, 2, 24), 24),
    ],
)
def test_day_lasts_as_long_as_the_clock_says(day, hours):
    begin = end_of_day(day - dt.timedelta(days=1))
    assert end_of_day(day) - begin == dt.timedelta(hours=hours)


def test_days_adjoin_over_ten_years():
    second = dt.timedelta(seconds=1)
    for day in days_between(dt.date(2020, 1, 1), dt.date(2029, 12, 31)):
        assert kyiv_date(end_of_day(day) - second) == day
        assert kyiv_date(end_of_day(day)) == day + dt.timedelta(days=1)


def test_days_between_includes_both():
    days = list(days_between(FRIDAY, SUNDAY))
    assert days == [FRIDAY, dt.date(2025, 2, 22), SUNDAY]


def test_days_between_of_one_day_is_that_day():
    assert list(days_between(FRIDAY, FRIDAY)) == [FRIDAY]


@pytest.mark.parametrize("every", ["snapshot", "day", "week", "month", "all"])
def test_cadence_is_known(every):
    check_cadence(every)


def test_unknown_cadence_lists_those_known():
    with pytest.raises(
        ValueError, match=r"every='year' is no cadence: .*'month', 'all'"
    ):
        check_cadence("year")


def test_week_ends_on_sunday_only():
    week = days_between(dt.date(2025, 2, 17), SUNDAY)
    assert [day for day in week if ends_period(day, "week")] == [SUNDAY]


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (dt.date(2024, 2, 28), False),
        (dt.date(2024, 2, 29), True),
        (dt.date(2025, 2, 28), True),
        (dt.date(2025, 12, 31), True),
        (dt.date(2025, 12, 30), False),
    ],
)
def test_month_ends_on_its_last_day(day, ends):
    assert ends_period(day, "month") is ends


def test_every_day_ends_a_day():
    assert ends_period(FRIDAY, "day")


@pytest.mark.parametrize("every", ["all", "snapshot"])
def test_no_day_ends_what_is_no_period(every):
    assert not ends_period(SUNDAY, every)


def test_period_ends_of_weeks_are_sundays_and_the_bounds():
    ends = period_ends(FRIDAY, dt.date(2025, 3, 4), "week")
    assert ends == [
        FRIDAY,
        SUNDAY,
        dt.date(2025, 3, 2),
        dt.date(2025, 3, 4),
    ]


def test_period_ends_of_whole_months_are_month_ends():
    ends = period_ends(dt.date(2025, 1, 31), dt.date(2025, 3, 31), "month")
    assert ends == [
        dt.date(2025, 1, 31),
        dt.date(2025, 2, 28),
        dt.date(2025, 3, 31),
    ]


def test_period_ends_of_days_are_all_days():
    assert period_ends(FRIDAY, SUNDAY, "day") == list(
        days_between(FRIDAY, SUNDAY)
    )


def test_period_ends_of_all_are_the_bounds():
    assert period_ends(FRIDAY, SUNDAY, "all") == [FRIDAY, SUNDAY]


@pytest.mark.parametrize("every", ["day", "week", "month", "all"])
def test_period_ends_within_one_day_is_that_day(every):
    assert period_ends(FRIDAY, FRIDAY, every) == [FRIDAY]


def test_week_from_sunday_to_sunday_is_whole():
    assert period_is_whole(SUNDAY, dt.date(2025, 3, 2), "week")


def test_week_that_begins_midweek_is_cut():
    assert not period_is_whole(FRIDAY, SUNDAY, "week")


def test_week_that_ends_midweek_is_cut():
    assert not period_is_whole(SUNDAY, dt.date(2025, 2, 28), "week")


def test_month_from_its_eve_to_its_end_is_whole():
    first, last = dt.date(2025, 1, 31), dt.date(2025, 2, 28)
    assert period_is_whole(first, last, "month")


def test_month_from_its_first_day_is_cut():
    first, last = dt.date(2025, 2, 1), dt.date(2025, 2, 28)
    assert not period_is_whole(first, last, "month")


@pytest.mark.parametrize("every", ["all", "snapshot", "day"])
def test_what_is_no_week_or_month_is_always_whole(every):
    assert period_is_whole(FRIDAY, SUNDAY, every)


# ---- days and spans as users type them


@pytest.fixture
def late_evening(monkeypatch):
    """Half past ten in the evening in UTC is the next day in Kyiv."""

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return utc(2025, 2, 23, 22, 30).astimezone(tz)

    monkeypatch.setattr("geofront.days.dt.datetime", Clock)


def test_days_may_be_told_from_the_present(late_evening):
    assert today() == dt.date(2025, 2, 24)
    assert read_day("today") == dt.date(2025, 2, 24)
    assert read_day("yesterday") == dt.date(2025, 2, 23)


def test_days_may_be_told_from_a_last_one():
    assert read_day("7d") == DaysBefore(7)
    assert read_day("0d").before(FRIDAY) == FRIDAY
    # Calendar days, also where the clock changes.
    last = dt.date(2025, 3, 31)
    assert read_day("2d").before(last) == dt.date(2025, 3, 29)
    assert read_day("365d").before(last) == dt.date(2024, 3, 31)


def test_days_may_be_dates():
    assert read_day("2025-02-24") == dt.date(2025, 2, 24)


@pytest.mark.parametrize(
    "text",
    [
        *("7", "d", "-7d", "7D", " 7d", "7.5d", "7 d", "Today", "", "1h"),
        *("2025-2-4", "tomorrow", "\u0667d", "7d\n"),
    ],
)
def test_other_text_is_no_day(text):
    with pytest.raises(ValueError, match=r"or today, yesterday, 7d$"):
        read_day(text)


@pytest.mark.parametrize("text", ["36501d", "99999999d", "9" * 5000 + "d"])
def test_days_beyond_a_century_are_refused(text):
    with pytest.raises(ValueError, match="at most 36,500 days back") as told:
        read_day(text)
    assert len(str(told.value)) < 120


def test_the_farthest_day_can_be_reckoned():
    assert read_day("36500d").before(FRIDAY) < dt.date(1926, 1, 1)


def test_spans_are_of_hours_or_days():
    assert read_span("24h") == read_span("1d") == dt.timedelta(days=1)
    assert read_span("36500d") == dt.timedelta(days=36_500)


@pytest.mark.parametrize(
    "text",
    ["0h", "0d", "24", "h", "-1h", "1.5h", "1w", "36501d", "9" * 30 + "h"],
)
def test_other_text_is_no_span(text):
    with pytest.raises(ValueError, match="hours or days such as 24h or 2d"):
        read_span(text)
