"""English and Ukrainian: phrases, numbers and days as a language has them.

Phrases are written in English where they are used; what they are in another
language stands in one file of the folder ``languages``.
"""

import datetime as dt
import json
import math
from functools import cache
from importlib.resources import files

__all__ = ["LANGUAGES", "day_text", "number_text", "phrase"]
__all__ += ["short_day_text", "translated"]

LANGUAGES = ("en", "uk")

_MONTHS_UK = (
    *("січня", "лютого", "березня", "квітня", "травня", "червня"),
    *("липня", "серпня", "вересня", "жовтня", "листопада", "грудня"),
)
_NO_BREAK = "\u00a0"


@cache
def _catalogue(lang: str) -> dict[str, str]:
    """Phrases of a language by the English ones."""
    text = files("geofront").joinpath("languages", f"{lang}.json")
    known: dict[str, str] = json.loads(text.read_text(encoding="utf-8"))
    return known


def phrase(text: str, lang: str = "en", /, **parts: object) -> str:
    """One of geofront's own phrases, its parts filled in.

    Parameters
    ----------
    text : str
        In English, with the names of its parts in braces.
    lang : {'en', 'uk'}
    **parts
        What is filled in, as it is: braces in it mean nothing.

    Raises
    ------
    KeyError
        If the catalogue of the language has no such phrase.

    Examples
    --------
    >>> phrase("The front on {day}", "uk", day="17 лютого 2025")
    'Фронт станом на 17 лютого 2025'
    """
    known = text if lang == "en" else _catalogue(lang)[text]
    return known.format(**parts) if parts else known


def translated(text: str, lang: str) -> str:
    """Somebody's words in a language, or as they are if nobody knows."""
    return text if lang == "en" else _catalogue(lang).get(text, text)


def day_text(date: dt.date, lang: str = "en") -> str:
    """Day as it is written on maps and pages."""
    if lang == "uk":
        return f"{date.day} {_MONTHS_UK[date.month - 1]} {date.year}"
    return f"{date.day} {date:%B %Y}"


def short_day_text(date: dt.date, lang: str = "en") -> str:
    """Day as it is written in tables.

    Examples
    --------
    >>> short_day_text(dt.date(2025, 2, 4), "uk")
    '04.02.2025'
    """
    if lang == "uk":
        return f"{date:%d.%m.%Y}"
    return f"{date.day} {date:%b %Y}".replace(" ", _NO_BREAK)


def number_text(
    value: float, decimals: int, lang: str = "en", *, signed: bool = False
) -> str:
    """Number rounded, as a language writes it.

    Parameters
    ----------
    value : float
    decimals : int
    lang : {'en', 'uk'}
    signed : bool, default False
        With a plus before what is more than nothing.

    Examples
    --------
    >>> number_text(-1234.56, 1)
    '−1,234.6'
    >>> number_text(1234.56, 1, "uk", signed=True)
    '+1\\xa0234,6'
    """
    # What rounds to nothing has no sign.
    shown = round(value, decimals) or 0.0
    written = f"{abs(shown):,.{decimals}f}"
    if lang == "uk":
        written = written.replace(",", _NO_BREAK).replace(".", ",")
    if not shown:
        return written
    plus = "+" if signed else ""
    return ("−" if math.copysign(1.0, shown) < 0 else plus) + written
