"""Ukrainian names in Latin letters, as passports and road signs have them."""

import re

_LETTERS = dict(
    zip("абвгґдезиіклмнопрстуф", "abvhgdezyiklmnoprstuf", strict=True)
)
_LETTERS |= {
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
}
_LETTERS |= {"є": "ie", "ї": "i", "й": "i", "ю": "iu", "я": "ia"}
_AT_START = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*")


def transliterate(name: str) -> str:
    """Write a Ukrainian name in Latin letters.

    Parameters
    ----------
    name : str
        Other letters than Ukrainian ones stay as they are.

    Returns
    -------
    str

    References
    ----------
    Cabinet of Ministers of Ukraine, resolution 55 of 27 January 2010.

    Examples
    --------
    >>> transliterate("Слов’янськ")
    'Sloviansk'
    >>> transliterate("Згурівка")
    'Zghurivka'
    """
    return _WORD.sub(lambda word: _word(word[0]), name)


def _word(word: str) -> str:
    plain = re.sub("['’ʼ`ьЬ]", "", word)
    # Else it would read as the letters of another sound, "zh".
    plain = re.sub("(?<=[зЗ])г", "gh", plain)
    first = _letter(plain[:1], _LETTERS | _AT_START)
    return first + "".join(_letter(item, _LETTERS) for item in plain[1:])


def _letter(letter: str, table: dict[str, str]) -> str:
    latin = table.get(letter.lower(), letter)
    return latin.capitalize() if letter.isupper() else latin
