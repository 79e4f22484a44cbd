"""Finding a place by name, and refusing a name that several bear.

"Bilohorivka" is three villages, two of them 20 km apart: a name alone means
a place only where no other can be meant.
"""

import difflib
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from geofront.errors import UnknownPlaceError
from geofront.place import Place

__all__ = ["Directory", "Entry", "place_entry"]

_LISTED = 12

# Of an entry's names: the official ones, in Latin letters and in Ukrainian.
_OFFICIAL = 2

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
    """Its own, in any language; the first is the official one."""
    aliases: tuple[str, ...] = ()
    """Other spellings and former names."""
    units: tuple[str, ...] = ()
    """Oblast, raion and hromada it lies in, then what else they are called."""
    is_town: bool = False

    def told(self, *, with_hromada: bool = False) -> str:
        """Name, units and code, as far as they are known."""
        oblast, raion, hromada = (*self.units, "", "", "")[:3]
        named = f"{self.names[0]}, {oblast}" if oblast else self.names[0]
        around = [f"{hromada} hromada"] if hromada and with_hromada else []
        around += [f"{raion} raion"] if raion else []
        return f"{named} ({', '.join([*around, self.id])})" if raion else named

    def is_called(self, name: str) -> bool:
        """Whether that is its official name; the name as `_key` gives it."""
        return name in map(_key, self.names[:_OFFICIAL])

    def __str__(self) -> str:
        return self.told()


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
        found = list(dict.fromkeys([*proper, *others]))
        if not any(entry.is_called(name) for entry in found):
            found = _lying_in(self._namesakes(found), within)
        if len(found) > 1:
            raise UnknownPlaceError(_ambiguous(text, found))
        return found[0] if found else None

    def _namesakes(self, entries: list[Entry]) -> list[Entry]:
        """Entries by another name, and all that may be called so, too.

        Other names are known of a few villages only: of those that share an
        official name, each may be meant.
        """
        shared = [
            [entry] if entry.is_town else self._by_name[_key(entry.names[0])]
            for entry in entries
        ]
        return list(dict.fromkeys(itertools.chain(*shared)))

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
    """Every candidate, with as much around it as tells it from the rest."""
    around = Counter(entry.units[:2] for entry in possible)
    listed = "; ".join(
        entry.told(with_hromada=around[entry.units[:2]] > 1)
        for entry in possible[:_LISTED]
    )
    more = len(possible) - _LISTED
    rest = f"; and {more} more" if more > 0 else ""
    units = (
        "the oblast or raion"
        if len(around) == len(possible)
        else "the oblast, raion or hromada"
    )
    return (
        f"{text!r} may be any of {len(possible)} places: {listed}{rest}. "
        f"Add {units} after a comma, or give the code"
    )
