"""Places by name: the official register, and the targets that matter.

The targets of the founding report are built in; all others come from the
register.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache
from typing import Any

from geofront._built_in import (
    BILOHORIVKA,
    BUILT_IN,
    CHASIV_YAR,
    DRUZHKIVKA,
    KOSTIANTYNIVKA,
    KRAMATORSK,
    LYMAN,
    MYRNOHRAD,
    POKROVSK,
    SIVERSK,
    SLOVIANSK,
    SLOVIANSK_KRAMATORSK,
    TORETSK,
)
from geofront._names import Directory, Entry, place_entry
from geofront._place_tables import load_places
from geofront._words import clean
from geofront.errors import UnknownPlaceError
from geofront.geography.gazetteer import (
    oblast_adjectives,
    plain_rows,
    register_input,
    settlements,
)
from geofront.place import Place

__all__ = [
    "BILOHORIVKA",
    "BUILT_IN",
    "CHASIV_YAR",
    "DRUZHKIVKA",
    "KOSTIANTYNIVKA",
    "KRAMATORSK",
    "LYMAN",
    "MYRNOHRAD",
    "POKROVSK",
    "SIVERSK",
    "SLOVIANSK",
    "SLOVIANSK_KRAMATORSK",
    "TORETSK",
    "Place",
    "find",
    "load_places",
    "register_inputs",
    "registered",
]

# Towns, and the two cities with special status.
_TOWNS = ("K", "M")


def find(name: str, *, among: Iterable[Place] = ()) -> Place:
    """Place by name, ``NAME, OBLAST`` or code.

    Parameters
    ----------
    name : str
        In English or Ukrainian, in any case; other spellings and former
        names are known for many.  A raion or hromada may stand for the
        oblast, or beside it: ``Pokrovske, Bakhmutskyi, Donetsk``.
    among : iterable of Place
        Places to look in first, such as `geofront.load_places` gives.

    Returns
    -------
    Place

    Raises
    ------
    UnknownPlaceError
        If there is none, with the nearest names; if several places can be
        meant, with all of them; or if it is registered but nobody says
        where it lies.

    Notes
    -----
    A bare name means the one town that bears it, or else the one settlement
    that does, among all 29,703 of the register, located or not.  Another
    spelling means all villages that share the official name.

    Examples
    --------
    >>> find("Slovyansk").name
    'Sloviansk'
    >>> find("Bilohorivka, Luhansk").id
    'UA44120050040082233'
    >>> find("Сіверськ").name
    'Siversk'
    >>> find("Pokrovske, Bakhmutskyi, Donetsk").hromada
    'Bakhmutska'
    """
    return finder(among)(name)


def finder(among: Iterable[Place] = ()) -> Callable[[str], Place]:
    """`find` for many names, what it looks in being put in order once."""
    own = {place.id: place for place in among}
    directory = Directory(map(_own_entry, own.values()))

    def find_in(name: str) -> Place:
        entry = directory.find(name)
        return own[entry.id] if entry is not None else _find(name)

    return find_in


def _find(name: str) -> Place:
    """Place of the register, or one that is built in."""
    entry = _targets().find(name)
    if entry is not None:
        return _TARGETS[entry.id]
    entry = _directory().find(name)
    if entry is None:
        raise UnknownPlaceError(f"unknown place {name!r}: {_advice(name)}")
    place = _places().get(entry.id)
    if place is None:
        raise UnknownPlaceError(
            f"{entry} is registered, but no position of it is known: bring a "
            "table that has it (load_places(path) in Python, --places FILE "
            "on the command line)"
        )
    return place


def as_places(
    places: "Iterable[Place | str] | Place | str", *, needed: bool = True
) -> list[Place]:
    """Places from places and names, one or several.

    Parameters
    ----------
    places : Place, name, or iterable of them
    needed : bool
        Whether there must be one.

    Raises
    ------
    TypeError
        If one of them is neither.
    UnknownPlaceError
        As for :func:`find`.
    ValueError
        If there is none.
    """
    several: list[object] = [places]
    if isinstance(places, Iterable) and not isinstance(places, str):
        several = list(places)
    if needed and not several:
        raise ValueError("expected at least one place or name, found none")
    find_in = finder()
    return [
        find_in(item) if isinstance(item, str) else _as_place(item)
        for item in several
    ]


def _as_place(item: object) -> Place:
    if not isinstance(item, Place):
        raise TypeError(
            f"expected a place or its name, found {clean(repr(item))}"
        )
    return item


def registered() -> tuple[Place, ...]:
    """Every settlement of the register whose position is known.

    Returns
    -------
    tuple of Place
        4,559 of the 29,703, in the order of their codes.  Those of unknown
        population have no extent.
    """
    return tuple(item for item in _places().values() if not item.members)


def register_inputs(places: object | None) -> list[dict[str, Any]]:
    """Input of a table that is of the register unless places are given.

    Parameters
    ----------
    places : object or None
        What a function was given as its places.

    Returns
    -------
    list of dict
        The register, or nothing.
    """
    return [register_input()] if places is None else []


@cache
def _places() -> Mapping[str, Place]:
    """Places by id: the register's, the built-in ones in their stead."""
    located = settlements().dropna(subset="longitude")
    known = {row["place_id"]: _place(row) for row in plain_rows(located)}
    return known | {place.id: place for place in BUILT_IN}


# Found without reading the register, in which no other town is called so.
_TARGETS = {place.id: place for place in BUILT_IN if place.is_town}


@cache
def _targets() -> Directory:
    return Directory(map(place_entry, _TARGETS.values()))


@cache
def _directory() -> Directory:
    """Names of the whole register, and of the built-in agglomeration."""
    joined = [place_entry(place) for place in BUILT_IN if place.members]
    table = settlements()
    table["adjective"] = table["oblast"].map(oblast_adjectives())
    columns = [table[name].fillna("").to_list() for name in _NAMED]
    return Directory([*map(_row_entry, *columns), *joined])


def _own_entry(place: Place) -> Entry:
    """What a place is found by that a caller gave: its oblast's names too."""
    entry = place_entry(place)
    more = oblast_adjectives().get(place.oblast or "", "")
    return entry._replace(units=(*entry.units, more))


def _place(row: Mapping[Hashable, Any]) -> Place:
    return Place(
        row["place"],
        row["place_id"],
        row["longitude"],
        row["latitude"],
        oblast=row["oblast"],
        raion=row["raion"],
        hromada=row["hromada"],
        name_uk=row["name_uk"],
        population=row["population_reference"],
        aliases=tuple(filter(None, row["aliases"].split("|"))),
        is_town=row["category"] in _TOWNS,
    )


_NAMED = [
    "place_id",
    "category",
    "place",
    "name_uk",
    "spelling",
    "aliases",
    *("oblast", "raion", "hromada"),
    *("oblast_uk", "raion_uk", "hromada_uk", "adjective"),
]


def _row_entry(
    code: str,
    category: str,
    place: str,
    name_uk: str,
    spelling: str,
    aliases: str,
    *units: str,
) -> Entry:
    return Entry(
        code,
        (place, name_uk, spelling),
        tuple(aliases.split("|")),
        units,
        category in _TOWNS,
    )


def _advice(name: str) -> str:
    near = _directory().nearest(name)
    if near:
        return "did you mean " + " or ".join(map(str, near)) + "?"
    return (
        "expected a name in English or Ukrainian, 'NAME, OBLAST' or a code "
        "of the register, such as UA14020070010064896"
    )
