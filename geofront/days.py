"""Days and periods: Kyiv days, and how they group into weeks and months.

A day D ends at 24:00 in Kyiv, whatever clock a source publishes by.  Weeks
end on Sunday, months on their last day.
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

__all__ = [
    "Cadence",
    "Day",
    "DaysBefore",
    "as_date",
    "as_moment",
    "as_utc",
    "check_cadence",
    "days_between",
    "end_of_day",
    "ends_period",
    "kyiv_date",
    "last_second",
    "period_ends",
    "period_is_whole",
    "read_day",
    "read_span",
    "today",
]

KYIV = ZoneInfo("Europe/Kyiv")

Day = str | dt.date
Cadence = Literal["snapshot", "day", "week", "month", "all"]


def as_date(day: Day) -> dt.date:
    """Read a day given as ``YYYY-MM-DD`` or as a date.

    Raises
    ------
    ValueError
        If it is neither; a moment (datetime) is not a day.
    """
    if isinstance(day, dt.datetime):
        # Tables give days as midnights without a zone.
        if day.tzinfo is None and day.time() == dt.time():
            return day.date()
        raise ValueError(
            f"expected a day, found the moment {day.isoformat()}: "
            "give its date in Kyiv"
        )
    if isinstance(day, dt.date):
        return day
    try:
        date = dt.datetime.strptime(day, "%Y-%m-%d").date()
    except (TypeError, ValueError):
        date = None
    # The last day of the calendar has no end that could be computed.
    if date is None or len(day) != 10 or date == dt.date.max:
        raise ValueError(f"expected a date as YYYY-MM-DD, found {day!r}")
    return date


class DaysBefore(NamedTuple):
    """A day told by how many days it lies before another, not yet known."""

    days: int

    def before(self, last: dt.date) -> dt.date:
        """The day, once the other is known."""
        return last - dt.timedelta(days=self.days)


MOST_DAYS = 36_500
"""Days that may be counted back: a century is more than any history spans."""

_BACK = re.compile(r"([0-9]+)d")


def today() -> dt.date:
    """Present date in Kyiv."""
    return kyiv_date(dt.datetime.now(dt.UTC))


def read_day(text: str) -> dt.date | DaysBefore:
    """Read a day as a user types it.

    Parameters
    ----------
    text : str
        ``YYYY-MM-DD``; ``today`` or ``yesterday``, in Kyiv; or ``7d``: so
        many days before a last one that whoever asks has to name.

    Raises
    ------
    ValueError
        If it is none of these, or more than a century back.

    Examples
    --------
    >>> import datetime as dt
    >>> read_day("7d").before(dt.date(2025, 3, 3))
    datetime.date(2025, 2, 24)
    """
    named = {"today": 0, "yesterday": 1}
    if text in named:
        return today() - dt.timedelta(days=named[text])
    back = _BACK.fullmatch(text)
    if back is None:
        try:
            return as_date(text)
        except ValueError as error:
            raise ValueError(f"{error}; or today, yesterday, 7d") from None
    # Long runs of digits are not even turned into a number.
    if len(back[1]) > 9 or int(back[1]) > MOST_DAYS:
        raise ValueError(
            f"expected at most {MOST_DAYS:,} days back, found {text[:40]!r}"
        )
    return DaysBefore(int(back[1]))


_SPAN = re.compile(r"([0-9]{1,9})([hd])")


def read_span(text: str) -> dt.timedelta:
    """Read a length of time as a user types it: ``24h`` or ``2d``.

    Raises
    ------
    ValueError
        If it is neither, nothing, or more than a century.
    """
    found = _SPAN.fullmatch(text)
    hours = int(found[1]) * (24 if found[2] == "d" else 1) if found else 0
    if not 0 < hours <= MOST_DAYS * 24:
        raise ValueError(
            "expected hours or days such as 24h or 2d, above 0 and at most "
            f"{MOST_DAYS:,}d, found {text[:40]!r}"
        )
    return dt.timedelta(hours=hours)


def as_utc(moment: dt.datetime) -> dt.datetime:
    """Bring an aware moment to UTC.

    Raises
    ------
    ValueError
        If it has no time zone, or no moment in UTC.
    """
    if not isinstance(moment, dt.datetime):
        raise ValueError(
            f"expected a moment (an aware datetime), found {moment!r}"
        )
    if moment.tzinfo is None:
        raise ValueError(
            f"the moment {moment.isoformat()} has no time zone: expected one "
            "with it, such as 2025-02-24T20:00:00Z or a datetime in "
            "datetime.UTC"
        )
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError(
            f"the moment {moment.isoformat()} is beyond the calendar in UTC"
        ) from None


def as_moment(moment: dt.datetime | Day) -> dt.datetime:
    """Read a moment, in UTC; a day stands for its end in Kyiv.

    Parameters
    ----------
    moment : datetime.datetime, str or datetime.date
        With a time zone; as text in ISO 8601, or ``YYYY-MM-DD``.

    Raises
    ------
    ValueError
        If it is none of these, or has no time zone.

    Examples
    --------
    >>> print(as_moment("2025-02-24T20:00:00+02:00"))
    2025-02-24 18:00:00+00:00
    >>> print(as_moment("2025-02-24"))
    2025-02-24 22:00:00+00:00
    """
    if isinstance(moment, str) and "T" in moment:
        try:
            moment = dt.datetime.fromisoformat(moment)
        except ValueError:
            raise ValueError(
                "expected a moment such as 2025-02-24T20:00:00Z, found "
                f"{moment!r}"
            ) from None
    if isinstance(moment, dt.datetime):
        return as_utc(moment)
    return end_of_day(as_date(moment))


def kyiv_date(moment: dt.datetime) -> dt.date:
    """Date in Kyiv at a moment.

    Examples
    --------
    >>> import datetime as dt
    >>> kyiv_date(dt.datetime(2025, 2, 23, 22, 30, tzinfo=dt.UTC))
    datetime.date(2025, 2, 24)
    """
    return moment.astimezone(KYIV).date()


def end_of_day(day: dt.date) -> dt.datetime:
    """Moment, in UTC, at which a day ends in Kyiv.

    Examples
    --------
    >>> import datetime as dt
    >>> print(end_of_day(dt.date(2025, 2, 24)))
    2025-02-24 22:00:00+00:00
    """
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    return midnight.replace(tzinfo=KYIV).astimezone(dt.UTC)


def last_second(day: dt.date) -> dt.datetime:
    """Moment, in UTC, that stands for a map dated by its day only."""
    return end_of_day(day) - dt.timedelta(seconds=1)


def check_cadence(every: str) -> None:
    """Raise ValueError unless ``every`` names a cadence."""
    names = get_args(Cadence)
    if every not in names:
        raise ValueError(
            f"every={every!r} is no cadence: expected one of "
            + ", ".join(repr(name) for name in names)
        )


def days_between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every day from the first to the last, both included."""
    for offset in range((last - first).days + 1):
        yield first + dt.timedelta(days=offset)


def ends_period(day: dt.date, every: Cadence) -> bool:
    """Whether a day, week or month ends with this day."""
    match every:
        case "day":
            return True
        case "week":
            return day.isoweekday() == 7
        case "month":
            return (day + dt.timedelta(days=1)).day == 1
        case _:
            return False


def period_ends(
    first: dt.date, last: dt.date, every: Cadence
) -> list[dt.date]:
    """Days at which the periods from the first day to the last one end.

    The first and the last day always belong to the list, so that a period
    cut by either is there too.

    Examples
    --------
    >>> import datetime as dt
    >>> ends = period_ends(dt.date(2025, 1, 31), dt.date(2025, 3, 9), "month")
    >>> [str(day) for day in ends]
    ['2025-01-31', '2025-02-28', '2025-03-09']
    """
    between = [
        day
        for day in days_between(first, last)
        if first < day < last and ends_period(day, every)
    ]
    return [first, *between, last] if last > first else [first]


def period_is_whole(since: dt.date, until: dt.date, every: Cadence) -> bool:
    """Whether two ends of :func:`period_ends` bound a period that is not cut.

    ``all`` and ``snapshot`` are what was asked for, thus always whole.
    """
    if every in ("all", "snapshot"):
        return True
    return ends_period(since, every) and ends_period(until, every)
