"""Words for messages: text from files made harmless, things counted."""

import datetime as dt
from collections.abc import Sequence

_SHOWN = 60


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number of things, in the singular where it is one."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def lasting(span: dt.timedelta) -> str:
    """How long, in hours or, from four days on, in days."""
    hours = span.total_seconds() / 3600
    return f"{hours:,.0f} h" if hours < 96 else f"{hours / 24:,.1f} days"


def printable(text: object) -> str:
    """Text from a file in one line, without control characters."""
    shown = "".join(c if c.isprintable() else " " for c in str(text))
    return " ".join(shown.split())


def clean(text: object, shown: int = _SHOWN) -> str:
    """Text from a file, fit for a message: one line, printable, short."""
    line = printable(text)
    return line if len(line) <= shown else line[: shown - 1] + "…"


def cause(error: object) -> str:
    """What another library says of a fault, fit for a message."""
    return clean(error, 300)


def first_of(told: Sequence[str], shown: int = 3) -> str:
    """The first few of many things to tell, and how many more there are."""
    rest = len(told) - shown
    more = f"; and {rest:,} more" if rest > 0 else ""
    return "; ".join(told[:shown]) + more
