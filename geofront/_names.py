"""Finding a place by name, and refusing a name that several bear.

"Bilohorivka" is three villages, two of them 20 km apart: a name alone means
a place only where no other can be meant.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from geofront.errors import UnknownPlaceError
from geofront.place import Place

__all__ = ["Directory", "Entry", "place_entry"]

_LISTED = 12

_AROUND_MARKS = re.compile(r" ?([,-]) ?")
_SIGNS = str.maketrans(
    {**dict.fromkeys("–—", "-"), **dict.fromkeys("'’ʼ`", None)}
)
_UNIT_WORDS = re.compile(
    r" (oblast|raion|district|hromada|область|район|громада)$"
)


class Entry(NamedTuple):
    """What a place can be found by."""

    id: str
    names: tuple[str, ...]
    """Its own, in any language."""
    aliases: tuple[str, ...] = ()
    """Other spellings and former names."""
    units: tuple[str, ...] = ()
    """Oblast, raion and hromada it lies in; the first is the oblast."""
    is_town: bool = False

    def __str__(self) -> str:
        oblast, raion = (*self.units, "", "")[:2]
        named = f"{self.names[0]}, {oblast}" if oblast else self.names[0]
        return f"{named} ({raion} raion, {self.id})" if raion else named


def place_entry(place: Place) -> Entry:
    """What a place can be found by."""
    return Entry(
        place.id,
        tuple(filter(None, (place.name, place.name_uk))),
        place.aliases,
        tuple(
            unit or "" for unit in (place.oblast, place.raion, place.hromada)
        ),
        place.is_town,
    )


class Directory:
    """Places by name, ``NAME, OBLAST`` and code."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_name: dict[str, list[Entry]] = defaultdict(list)
        self._by_alias: dict[str, list[Entry]] = defaultdict(list)
        self._by_id: dict[str, Entry] = {}
        for entry in entries:
            self._by_id[_key(entry.id)] = entry
            for name in {_key(name) for name in entry.names if name}:
                self._by_name[name].append(entry)
            for name in {_key(name) for name in entry.aliases if name}:
                self._by_alias[name].append(entry)

    def find(self, text: str) -> Entry | None:
        """The one place that a text can mean.

        Returns
        -------
        Entry or None
            None if no place bears the name.

        Raises
        ------
        UnknownPlaceError
            If several do; the message lists them.
        """
        name, *within = _key(text).split(",")
        if not within and name in self._by_id:
            return self._by_id[name]
        proper = _lying_in(self._by_name.get(name, []), within)
        towns = [entry for entry in proper if entry.is_town]
        if len(towns) == 1:
            return towns[0]
        others = _lying_in(self._by_alias.get(name, []), within)
        possible = list(dict.fromkeys([*proper, *others]))
        if len(possible) > 1:
            raise UnknownPlaceError(_ambiguous(text, possible))
        return possible[0] if possible else None

    def nearest(self, text: str) -> list[Entry]:
        """Places whose names are spelt most alike."""
        name = _key(text).split(",")[0]
        near = difflib.get_close_matches(name, self._by_name, n=3, cutoff=0.7)
        return [entry for key in near for entry in self._by_name[key][:2]]


def _key(name: str) -> str:
    """A name without what people spell in different ways."""
    plain = " ".join(name.casefold().translate(_SIGNS).split())
    return _AROUND_MARKS.sub(r"\1", plain)


def _unit(name: str) -> str:
    return _UNIT_WORDS.sub("", _key(name))


def _lying_in(entries: list[Entry], within: list[str]) -> list[Entry]:
    """Those that lie in every unit named."""
    wanted = {_unit(unit) for unit in within}
    return [
        entry for entry in entries if wanted <= set(map(_unit, entry.units))
    ]


def _ambiguous(text: str, possible: list[Entry]) -> str:
    listed = "; ".join(map(str, possible[:_LISTED]))
    more = len(possible) - _LISTED
    rest = f"; and {more} more" if more > 0 else ""
    return (
        f"{text!r} may be any of {len(possible)} places: {listed}{rest}. "
        "Add the oblast or raion after a comma, or give the code"
    )
