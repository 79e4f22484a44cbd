"""The official register of settlements, with what GeoNames adds to it.

A code of the register, ``UA44120050040082233``, tells where a settlement
belongs: ``UA44`` is its oblast, ``UA4412`` its raion, ``UA44120050`` its
hromada.
"""

import io
from collections.abc import Hashable
from functools import cache
from typing import Any

import pandas as pd

from geofront._inputs import packed_input
from geofront._transliteration import transliterate
from geofront.geography._files import unpacked

__all__ = ["GEONAMES_ATTRIBUTION", "OBLASTS", "plain_rows", "settlements"]

GEONAMES_ATTRIBUTION = "Settlements © GeoNames (CC BY 4.0)"

OBLASTS = {
    "UA01": "Crimea",
    "UA05": "Vinnytsia",
    "UA07": "Volyn",
    "UA12": "Dnipropetrovsk",
    "UA14": "Donetsk",
    "UA18": "Zhytomyr",
    "UA21": "Zakarpattia",
    "UA23": "Zaporizhzhia",
    "UA26": "Ivano-Frankivsk",
    "UA32": "Kyiv Oblast",
    "UA35": "Kirovohrad",
    "UA44": "Luhansk",
    "UA46": "Lviv",
    "UA48": "Mykolaiv",
    "UA51": "Odesa",
    "UA53": "Poltava",
    "UA56": "Rivne",
    "UA59": "Sumy",
    "UA61": "Ternopil",
    "UA63": "Kharkiv",
    "UA65": "Kherson",
    "UA68": "Khmelnytskyi",
    "UA71": "Cherkasy",
    "UA73": "Chernivtsi",
    "UA74": "Chernihiv",
    "UA80": "Kyiv",
    "UA85": "Sevastopol",
}
"""English names of the regions of the first level, by code."""

# Of each unit: how many characters of a code tell it, and its categories.
_UNITS = {"oblast": (4, "OK"), "raion": (6, "P"), "hromada": (9, "H")}
_SETTLEMENTS = "KMXC"


def settlements() -> pd.DataFrame:
    """Every settlement of the official register, a row each.

    Returns
    -------
    pandas.DataFrame
        ``place_id`` (its code in the register KATOTTG), ``place`` (name in
        the official transliteration), ``name_uk``, ``category`` (``K``, a
        city with special status, ``M``, a town, ``X``, a settlement, ``C``,
        a village), ``oblast``, ``raion``, ``hromada``, the same in Ukrainian
        (``oblast_uk`` …), ``longitude``, ``latitude`` (degrees),
        ``population_reference``, ``spelling`` (GeoNames' own, where it is
        another) and ``aliases`` (further names, former ones among them,
        parted by ``|``).

    Notes
    -----
    The register is that of 19 January 2024, of 29,703 settlements.  GeoNames
    locates 4,559 of them, and 841 of the 5,621 in the five oblasts of the
    front; the others have no coordinates.  Populations are GeoNames' figures
    from before the war, not people present.

    Examples
    --------
    >>> known = settlements()
    >>> known.loc[known["place"] == "Bilohorivka", "oblast"].to_list()
    ['Donetsk', 'Luhansk', 'Rivne']
    """
    return _settlements().copy()


@cache
def oblast_adjectives() -> dict[str, str]:
    """The oblasts' Ukrainian names in Latin letters: Luhanska for Luhansk.

    OCHA's tables call them so.
    """
    named = _settlements().drop_duplicates("oblast")
    latin = named["oblast_uk"].map(transliterate)
    return dict(zip(named["oblast"], latin, strict=True))


def plain_rows(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Rows of a table, with None for what is not known."""
    plain = table.astype(object)
    return plain.where(table.notna(), None).to_dict("records")


def register_input() -> dict[str, Any]:
    """What the register is, for tables that rest on it."""
    return dict(_register_input())


@cache
def _register_input() -> dict[str, Any]:
    return packed_input(
        "settlements",
        unpacked("cc_by", "settlements.csv.gz"),
        source="KATOTTG of 19 January 2024, with GeoNames' positions, "
        "populations and names",
        licence="CC BY 4.0",
    )


@cache
def _settlements() -> pd.DataFrame:
    register = pd.read_csv(
        io.BytesIO(unpacked("cc_by", "settlements.csv.gz")),
        dtype={"population": "Int64"},
    )
    known = register[register["category"].isin(list(_SETTLEMENTS))]
    code = known["code"]
    table = pd.DataFrame(
        {
            "place_id": code,
            "place": known["name_uk"].map(transliterate),
            "name_uk": known["name_uk"],
            "category": known["category"],
            "oblast": code.str[:4].map(OBLASTS),
            **{
                f"{unit}_uk": code.str[:length].map(
                    _names(register, length, categories)
                )
                for unit, (length, categories) in _UNITS.items()
            },
            "longitude": known["longitude"],
            "latitude": known["latitude"],
            "population_reference": known["population"],
            "spelling": known["spelling"],
            "aliases": known["aliases"].fillna(""),
        }
    )
    for place, unit in enumerate(("raion", "hromada"), start=5):
        latin = table[f"{unit}_uk"].map(transliterate, na_action="ignore")
        table.insert(place, unit, latin)
    return table.reset_index(drop=True)


def _names(
    register: pd.DataFrame, length: int, categories: str
) -> dict[str, str]:
    """Ukrainian names of units by what codes of their places begin with."""
    units = register[register["category"].isin(list(categories))]
    return dict(zip(units["code"].str[:length], units["name_uk"], strict=True))
