"""English and Ukrainian: phrases, numbers and days as a language has them.

Phrases are written in English where they are used; what they are in another
language stands in one file of the folder ``languages``.
"""

import datetime as dt
import json
import math
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

__all__ = ["LANGUAGES", "day_text", "number_text", "phrase", "retold"]
__all__ += ["sentence_day", "short_day_text", "translated"]

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
    >>> phrase("The front on {day}", "uk", day="17 лютого 2025 року")
    'Фронт станом на 17 лютого 2025 року'
    """
    known = text if lang == "en" else _catalogue(lang)[text]
    return known.format(**parts) if parts else known


def translated(text: str, lang: str) -> str:
    """Somebody's words in a language, or as they are if nobody knows."""
    return text if lang == "en" else _catalogue(lang).get(text, text)


_NUMBER = re.compile(r"([\d,]+(?:\.(\d+))?)(%?)")
_FIELD = re.compile(r"\\{(\w+)\\}")


def retold(text: str, templates: Iterable[str], lang: str) -> str | None:
    """Words that were made in English of phrases, in another language.

    Parameters
    ----------
    text : str
        One or more of the phrases, parted by "; ".
    templates : iterable of str
        The phrases, in English; their parts may be numbers or phrases.
    lang : {'en', 'uk'}

    Returns
    -------
    str or None
        Numbers as the language writes them; None if a part is unknown.
    """
    if lang == "en":
        return text
    if text in _catalogue(lang):
        return _catalogue(lang)[text]
    known = tuple(templates)
    told = [_retold(part, known, lang) for part in text.split("; ")]
    return None if None in told else "; ".join(map(str, told))


def _retold(text: str, templates: tuple[str, ...], lang: str) -> str | None:
    number = _NUMBER.fullmatch(text)
    if number is not None:
        return _number_retold(number, lang)
    if text in _catalogue(lang):
        return _catalogue(lang)[text]
    for template in templates:
        found = _pattern(template).fullmatch(text)
        if found is not None and found.groupdict():
            parts = {
                name: _retold(part, templates, lang)
                for name, part in found.groupdict().items()
            }
            if None not in parts.values():
                return phrase(template, lang, **parts)
    return None


def _number_retold(found: re.Match[str], lang: str) -> str:
    value, decimals, percent = found.groups()
    number = float(value.replace(",", ""))
    sign = f"{_NO_BREAK}%" if percent else ""
    return number_text(number, len(decimals or ""), lang) + sign


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """What a phrase looks like with its parts filled in."""
    return re.compile(_FIELD.sub(r"(?P<\1>.+)", re.escape(template)))


def day_text(date: dt.date, lang: str = "en") -> str:
    """Day as it is written on maps and charts."""
    if lang == "uk":
        return f"{date.day} {_MONTHS_UK[date.month - 1]} {date.year}"
    return f"{date.day} {date:%B %Y}"


def sentence_day(date: dt.date, lang: str = "en") -> str:
    """Day as it is written within a sentence.

    Examples
    --------
    >>> sentence_day(dt.date(2025, 2, 4), "uk")
    '4 лютого 2025\\xa0року'
    """
    told = day_text(date, lang)
    return f"{told}{_NO_BREAK}року" if lang == "uk" else told


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
