"""Ukrainian names in Latin letters, as passports and road signs have them."""

import re

_PLAIN = dict(
    zip("абвгґдезиіклмнопрстуф", "abvhgdezyiklmnoprstuf", strict=True)
)
_PLAIN |= {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"}
_WITHIN = _PLAIN | {"є": "ie", "ї": "i", "й": "i", "ю": "iu", "я": "ia"}
_AT_START = _PLAIN | {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}


def _table(letters: dict[str, str]) -> dict[int, str]:
    upper = {
        letter.upper(): new.capitalize() for letter, new in letters.items()
    }
    return str.maketrans(letters | upper | dict.fromkeys("'’ʼ`ьЬ", ""))


_FIRST, _FURTHER = _table(_AT_START), _table(_WITHIN)
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*")


_ZG = re.compile("(?<=[зЗ])г")


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
    # Else it would read as the letters of another sound, "zh".
    plain = _ZG.sub("gh", word)
    return plain[0].translate(_FIRST) + plain[1:].translate(_FURTHER)
