"""Numbers that a caller gives, or an error that says what is amiss."""

import math
from collections.abc import Iterable, Sequence

from geofront._words import clean
from geofront.days import MOST_DAYS

__all__ = ["as_bands", "as_count", "as_days", "as_kilometres"]


def as_kilometres(name: str, value: object) -> float:
    """A length above zero.

    Raises
    ------
    ValueError
        If it is none.
    """
    is_number = hasattr(value, "__float__") and not isinstance(value, bool)
    number = float(value) if is_number else math.nan  # type: ignore[arg-type]
    if not 0 < number < math.inf:
        raise ValueError(
            f"{name}={_found(value)}: expected kilometres, above 0"
        )
    return number


def as_bands(name: str, value: object) -> list[float]:
    """Widths of bands: one, or several, each once.

    Raises
    ------
    ValueError
        If there is none, one is no length, or one stands twice.
    """
    is_several = isinstance(value, Iterable) and not isinstance(value, str)
    given: Sequence[object] = list(value) if is_several else [value]  # type: ignore[call-overload]
    if not given:
        raise ValueError(
            f"{name}={_found(value)}: expected at least one width of a band "
            "in kilometres, such as [5, 10, 20]"
        )
    bands = [as_kilometres(name, item) for item in given]
    twice = [band for band in bands if bands.count(band) > 1]
    if twice:
        raise ValueError(
            f"{name}={_found(value)}: expected each band once, found "
            f"{twice[0]:g} km twice"
        )
    return bands


def as_days(name: str, value: object) -> int:
    """A number of days, a century at most; errors as for `as_count`."""
    return as_count(name, value, most=MOST_DAYS, of=" of days")


def as_count(
    name: str, value: object, *, most: int | None = None, of: str = ""
) -> int:
    """A number, whole and above zero.

    Raises
    ------
    ValueError
        If it is none, or more than the most.
    """
    is_whole = hasattr(value, "__index__") and not isinstance(value, bool)
    number = value.__index__() if is_whole else 0  # type: ignore[attr-defined]
    if number < 1 or (most is not None and number > most):
        fits = "1 or more" if most is None else f"1 to {most:,}"
        raise ValueError(
            f"{name}={_found(value)}: expected a whole number{of}, {fits}"
        )
    return int(number)


def _found(value: object) -> str:
    return clean(repr(value))
