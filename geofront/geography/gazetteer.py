"""The official register of settlements, with what GeoNames adds to it.

A code of the register, ``UA44120050040082233``, tells where a settlement
belongs: ``UA44`` is its oblast, ``UA4412`` its raion, ``UA44120050`` its
hromada.
"""

import io
from functools import cache

import pandas as pd

from geofront._transliteration import transliterate
from geofront.geography._files import unpacked

__all__ = ["GEONAMES_ATTRIBUTION", "OBLASTS", "settlements"]

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

# How many characters of a code tell the raion, and the hromada.
_RAION, _HROMADA = 6, 9


def settlements() -> pd.DataFrame:
    """Every settlement of the official register, a row each.

    Returns
    -------
    pandas.DataFrame
        ``place_id`` (its code in the register KATOTTG), ``place`` (name in
        the official transliteration), ``name_uk``, ``category`` (``K``, a
        city with special status, ``M``, a town, ``X``, a settlement, ``C``,
        a village), ``oblast``, ``raion``, ``hromada``, ``longitude``,
        ``latitude`` (degrees), ``population_reference`` and ``aliases``
        (other spellings and former names, parted by ``|``).

    Notes
    -----
    The register is that of 19 January 2024, of 29,703 settlements.  GeoNames
    locates 4,558 of them, and 841 of the 5,621 in the five oblasts of the
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
def _settlements() -> pd.DataFrame:
    register = pd.read_csv(
        io.BytesIO(unpacked("cc_by", "settlements.csv.gz")),
        dtype={"population": "Int64"},
    )
    is_raion, is_hromada = (register["category"] == unit for unit in "PH")
    raions = _latin_by_prefix(register[is_raion], _RAION)
    hromadas = _latin_by_prefix(register[is_hromada], _HROMADA)
    known = register[~is_raion & ~is_hromada & (register["category"] != "O")]
    code = known["code"]
    table = pd.DataFrame(
        {
            "place_id": code,
            "place": known["name_uk"].map(transliterate),
            "name_uk": known["name_uk"],
            "category": known["category"],
            "oblast": code.str[:4].map(OBLASTS),
            "raion": code.str[:_RAION].map(raions),
            "hromada": code.str[:_HROMADA].map(hromadas),
            "longitude": known["longitude"],
            "latitude": known["latitude"],
            "population_reference": known["population"],
            "aliases": known["aliases"].fillna(""),
        }
    )
    return table.reset_index(drop=True)


def _latin_by_prefix(units: pd.DataFrame, length: int) -> dict[str, str]:
    """Names in Latin letters by what the codes of their places begin with."""
    prefixes = units["code"].str[:length]
    names = units["name_uk"].map(transliterate)
    return dict(zip(prefixes, names, strict=True))
