"""What the user's own values, layers and file names mean: states."""

import re
from collections.abc import Mapping
from typing import Any

from geofront._words import clean
from geofront.errors import SourceError
from geofront.sources.shapes import Shape

STATES = ("occupied", "grey_zone", "held", "regained", "coverage")
"""What a value can mean; held ground makes up the coverage, with the rest."""
IGNORE = "ignore"
MEANINGS = (*STATES, IGNORE)
REST = "*"
NO_VALUE = "no value"

_COLUMN = "state"


class Meaning:
    """From a feature to what the user means by it.

    Parameters
    ----------
    column : str or None
        Column that tells; else a column ``state``, else layer and file name.
    meanings : mapping of str to str
        From the user's values to states; ``*`` for all others.
    """

    def __init__(
        self, column: str | None, meanings: Mapping[str, str] | None
    ) -> None:
        self._column = column
        self._meanings = {_plain(state): state for state in MEANINGS}
        for value, state in (meanings or {}).items():
            if state not in MEANINGS:
                raise SourceError(
                    f"{clean(value)!r} cannot mean {clean(state)!r}: "
                    "expected one of " + ", ".join(MEANINGS)
                )
            self._meanings[_plain(value)] = state
        self._rest = self._meanings.get(REST)
        self.states = frozenset((meanings or {}).values())
        """States that the user speaks of."""

    def value(self, shape: Shape, stem: str) -> str:
        """What a feature, or else its layer or file, says of its state."""
        named = self._named(shape.properties)
        if named is not None:
            value = shape.properties[named]
            return NO_VALUE if _is_missing(value) else _text(value)
        for text in (shape.layer, stem):
            word = self._word_in(text)
            if word:
                return word
        return NO_VALUE

    def state(self, value: str) -> str | None:
        """State that a value means; None if nothing is known of it."""
        return self._meanings.get(_plain(value), self._rest)

    def _named(self, properties: Mapping[str, Any]) -> str | None:
        """Column that tells, if a feature has it."""
        wanted = (self._column or _COLUMN).casefold()
        for name in properties:
            if name.casefold() == wanted:
                return name
        return None

    def _word_in(self, text: str) -> str | None:
        """Longest value that a layer's or a file's name holds."""
        if self._column is not None:
            return None
        words = f"_{_plain(text)}_"
        found = [word for word in self._meanings if f"_{word}_" in words]
        return max(found, key=len, default=None)


def _plain(text: object) -> str:
    """Text that differs only where the meaning may."""
    plain = re.sub(r"[\s_-]+", "_", str(text).strip().casefold())
    return plain.replace("gray", "grey")


def _text(value: Any) -> str:
    """Value as a user would write it: 1.0 from a table of numbers is 1."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _is_missing(value: Any) -> bool:
    return value is None or value != value or str(value).strip() == ""
