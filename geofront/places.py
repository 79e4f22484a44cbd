"""Places: named settlements and targets, each with an extent.

A settlement without a surveyed outline stands as a disc of its published
area, or of the area that settlements of its population usually have; such
extents are estimated, and say so.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely import MultiPolygon, Point, Polygon

from geofront.errors import UnknownPlaceError
from geofront.geodesy import GEOD, area_km2
from geofront.topology import as_polygons, canonical, dissolve, mend

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
]

_DISC_VERTICES = 128


@dataclass(frozen=True)
class Place:
    """A named place: a settlement, or several taken as one.

    Parameters
    ----------
    name : str
        In the official transliteration.
    id : str
        Code in the register KATOTTG, or any other that is unique.
    longitude, latitude : float
        The centre, in degrees on WGS 84.
    oblast : str, optional
    population : int, optional
        Register's or pre-war figure, not people present.
    published_area_km2 : float, optional
        Area of the settlement, where it is published.
    outline : shapely.Polygon or shapely.MultiPolygon, optional
        Surveyed outline, instead of a disc.
    aliases : tuple of str
        Other spellings by which it is found.
    is_town : bool
        Whether its bare name is enough to find it: of villages, several
        may bear one name.
    members : tuple of Place
        Of an agglomeration: the settlements it consists of.
    """

    name: str
    id: str
    longitude: float
    latitude: float
    oblast: str | None = None
    population: int | None = None
    published_area_km2: float | None = None
    outline: Polygon | MultiPolygon | None = None
    aliases: tuple[str, ...] = ()
    is_town: bool = True
    members: tuple["Place", ...] = ()

    @classmethod
    def agglomeration(
        cls, name: str, id: str, members: Iterable["Place"]
    ) -> "Place":
        """Several settlements taken as one: the union of their extents."""
        joined = tuple(members)
        centre = shapely.union_all([item.extent for item in joined]).centroid
        return cls(name, id, centre.x, centre.y, members=joined)

    @property
    def centre(self) -> Point:
        """Longitude, latitude."""
        return Point(self.longitude, self.latitude)

    @property
    def extent_is_estimated(self) -> bool:
        """Whether a disc stands for an outline that is not known."""
        if self.members:
            return any(member.extent_is_estimated for member in self.members)
        return self.outline is None

    @cached_property
    def extent(self) -> MultiPolygon:
        """Outline of the place, or a disc of its area.

        Raises
        ------
        UnknownPlaceError
            If there is no outline, and neither an area nor a population is
            known.
        """
        if self.members:
            parts = [shapely.get_parts(item.extent) for item in self.members]
            return dissolve(np.concatenate(parts))
        if self.outline is not None:
            outline = as_polygons(self.outline, what=f"outline of {self}")
            return dissolve(mend(outline).polygons)
        return _disc(self.longitude, self.latitude, self._disc_km2())

    @property
    def area_km2(self) -> float:
        """Area of the extent."""
        return area_km2(self.extent)

    def _disc_km2(self) -> float:
        """Area of the disc: published, or 0.064 · population^0.579 km²."""
        if self.published_area_km2 is not None:
            return self.published_area_km2
        if not self.population:
            raise UnknownPlaceError(
                f"the extent of {self.name} is not known: expected an "
                "outline, a published area or a population"
            )
        return float(0.064 * self.population**0.579)

    def __str__(self) -> str:
        return f"{self.name}, {self.oblast}" if self.oblast else self.name


def _disc(longitude: float, latitude: float, area_km2: float) -> MultiPolygon:
    """Regular polygon of an area, its corners on a geodesic circle."""
    turn = 2 * np.pi / _DISC_VERTICES
    radius_km = np.sqrt(area_km2 / (_DISC_VERTICES / 2 * np.sin(turn)))
    bearings = np.linspace(360, 0, _DISC_VERTICES, endpoint=False)
    longitudes, latitudes, _ = GEOD.fwd(
        np.full(_DISC_VERTICES, longitude),
        np.full(_DISC_VERTICES, latitude),
        bearings,
        np.full(_DISC_VERTICES, radius_km * 1000.0),
    )
    return canonical(Polygon(np.column_stack([longitudes, latitudes])))


def _donetsk(
    name: str,
    id: str,
    latitude: float,
    longitude: float,
    population: int,
    published_area_km2: float | None = None,
    aliases: tuple[str, ...] = (),
) -> Place:
    return Place(
        name,
        id,
        longitude,
        latitude,
        oblast="Donetsk",
        population=population,
        published_area_km2=published_area_km2,
        aliases=aliases,
    )


# Coordinates and populations: GeoNames (CC BY 4.0); codes: KATOTTG.
BILOHORIVKA = Place(
    "Bilohorivka",
    "UA44120050040082233",
    38.24674,
    48.92585,
    oblast="Luhansk",
    population=1_142,
    published_area_km2=3.26,
    aliases=("Білогорівка",),
    is_town=False,
)
SIVERSK = _donetsk(
    "Siversk",
    "UA14020070010064896",
    48.86476,
    38.09683,
    10_875,
    11.0,
    aliases=("Сіверськ",),
)
LYMAN = _donetsk(
    "Lyman",
    "UA14120110010088407",
    48.99012,
    37.80843,
    20_066,
    18.2,
    aliases=("Лиман",),
)
CHASIV_YAR = _donetsk(
    "Chasiv Yar",
    "UA14020130010015598",
    48.58768,
    37.83409,
    12_250,
    17.9,
    aliases=("Часів Яр",),
)
TORETSK = _donetsk(
    "Toretsk",
    "UA14020110010025394",
    48.39477,
    37.84780,
    30_914,
    aliases=("Торецьк",),
)
MYRNOHRAD = _donetsk(
    "Myrnohrad",
    "UA14160150010065527",
    48.30990,
    37.26513,
    46_098,
    aliases=("Мирноград",),
)
POKROVSK = _donetsk(
    "Pokrovsk",
    "UA14160210010099403",
    48.28014,
    37.17706,
    60_127,
    29.7,
    aliases=("Покровськ",),
)
KOSTIANTYNIVKA = _donetsk(
    "Kostiantynivka",
    "UA14120070010085843",
    48.52728,
    37.70594,
    67_350,
    66.04,
    aliases=("Костянтинівка", "Kostyantynivka"),
)
DRUZHKIVKA = _donetsk(
    "Druzhkivka",
    "UA14120030010055241",
    48.61995,
    37.52537,
    53_977,
    aliases=("Дружківка",),
)
SLOVIANSK = _donetsk(
    "Sloviansk",
    "UA14120210010032554",
    48.84974,
    37.59739,
    105_141,
    aliases=("Слов’янськ", "Slovyansk"),
)
KRAMATORSK = _donetsk(
    "Kramatorsk",
    "UA14120090010038661",
    48.73106,
    37.56779,
    147_145,
    aliases=("Краматорськ",),
)
SLOVIANSK_KRAMATORSK = Place.agglomeration(
    "Sloviansk–Kramatorsk agglomeration",
    "sloviansk-kramatorsk",
    [SLOVIANSK, KRAMATORSK, DRUZHKIVKA, KOSTIANTYNIVKA],
)

BUILT_IN: tuple[Place, ...] = (
    SIVERSK,
    SLOVIANSK_KRAMATORSK,
    SLOVIANSK,
    KRAMATORSK,
    DRUZHKIVKA,
    KOSTIANTYNIVKA,
    BILOHORIVKA,
    LYMAN,
    CHASIV_YAR,
    TORETSK,
    MYRNOHRAD,
    POKROVSK,
)
"""Places that are known without a register."""


def find(name: str) -> Place:
    """Built-in place by name, ``NAME, OBLAST`` or code.

    Parameters
    ----------
    name : str
        In any case; a hyphen stands for a dash.

    Raises
    ------
    UnknownPlaceError
        If there is none, with the nearest names; or if the name is a
        village's, that others may bear, and no oblast is given.

    Examples
    --------
    >>> find("Slovyansk").name
    'Sloviansk'
    >>> find("Bilohorivka, Luhansk").id
    'UA44120050040082233'
    >>> find("Сіверськ").name
    'Siversk'
    """
    wanted = _key(name)
    for place in BUILT_IN:
        if wanted in _keys(place):
            return place
    for place in BUILT_IN:
        if wanted in map(_key, (place.name, *place.aliases)):
            raise UnknownPlaceError(
                f"{name!r} is a village's name, which others bear too: "
                f"write {str(place)!r} or its code {place.id}"
            )
    raise UnknownPlaceError(f"unknown place {name!r}: {_suggestion(wanted)}")


def as_places(
    places: "Iterable[Place | str] | Place | str",
) -> list[Place]:
    """Places from places and names, one or several.

    Raises
    ------
    UnknownPlaceError
        As for :func:`find`.
    """
    several = [places] if isinstance(places, Place | str) else places
    return [find(item) if isinstance(item, str) else item for item in several]


def _key(name: str) -> str:
    plain = re.sub("[–—]", "-", name.casefold())
    plain = re.sub("['’ʼ]", "’", plain)
    return " ".join(re.sub(r"\s*([,-])\s*", r"\1", plain).split())


def _keys(place: Place) -> set[str]:
    names = {place.name, *place.aliases}
    found = {place.id, *(f"{item}, {place.oblast}" for item in names)}
    found |= {f"{item}, {place.oblast} oblast" for item in names}
    if place.is_town:
        found |= names
    if place.members:
        found.add(place.name.removesuffix(" agglomeration"))
    return {_key(item) for item in found}


def _suggestion(wanted: str) -> str:
    names = {_key(place.name): str(place) for place in BUILT_IN}
    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.6)
    if near:
        return "did you mean " + " or ".join(names[key] for key in near) + "?"
    return "expected one of " + "; ".join(names.values())
