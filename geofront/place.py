"""A named place with an extent: a settlement, or several taken as one.

A settlement without a surveyed outline stands as a disc of its published
area, or of the area that settlements of its population usually have; such
extents are estimated, and say so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon, Point, Polygon

from geofront.errors import UnknownPlaceError
from geofront.geodesy import GEOD, area_km2
from geofront.topology import as_polygons, canonical, dissolve, mend

__all__ = ["Place"]

_DISC_VERTICES = 128


@dataclass(frozen=True, repr=False)
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
    oblast, raion, hromada : str, optional
        Names of the units that it belongs to.
    name_uk : str, optional
        In Ukrainian.
    population : int, optional
        Register's or pre-war figure, not people present.
    published_area_km2 : float, optional
        Area of the settlement, where it is published.
    outline : shapely.Polygon or shapely.MultiPolygon, optional
        Surveyed outline, instead of a disc.
    aliases : tuple of str
        Other spellings by which it is found.
    is_town : bool
        Whether its bare name is enough to find it, though villages bear it
        too.
    members : tuple of Place
        Of an agglomeration: the settlements it consists of.
    """

    name: str
    id: str
    longitude: float
    latitude: float
    oblast: str | None = None
    raion: str | None = None
    hromada: str | None = None
    name_uk: str | None = None
    population: int | None = None
    published_area_km2: float | None = None
    outline: Polygon | MultiPolygon | None = None
    aliases: tuple[str, ...] = ()
    is_town: bool = True
    members: tuple["Place", ...] = ()

    @classmethod
    def agglomeration(
        cls,
        name: str,
        id: str,
        members: Iterable["Place"],
        *,
        aliases: tuple[str, ...] = (),
    ) -> "Place":
        """Several settlements taken as one: the union of their extents.

        Parameters
        ----------
        name : str
            What they are called together.
        id : str
            Of your own: the register has none.
        members : iterable of Place
            Each with an extent.
        aliases : tuple of str
            Other names by which it is found.

        Returns
        -------
        Place
            Its centre is that of the union's area; it has no state.

        Raises
        ------
        UnknownPlaceError
            If the extent of a member is not known.
        """
        joined = tuple(members)
        centre = shapely.union_all([item.extent for item in joined]).centroid
        return cls(
            name, id, centre.x, centre.y, aliases=aliases, members=joined
        )

    @property
    def centre(self) -> Point:
        """Longitude, latitude."""
        return Point(self.longitude, self.latitude)

    @property
    def has_extent(self) -> bool:
        """Whether anything tells how far the place reaches."""
        if self.members or self.outline is not None:
            return True
        return bool(self.published_area_km2 or self.population)

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

    def __getstate__(self) -> dict[str, Any]:
        """What it was made of; the extent is drawn anew where it is asked.

        Thousands of places travel with each task of a large job.
        """
        kept = vars(self).copy()
        kept.pop("extent", None)
        return kept

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

    def __repr__(self) -> str:
        return f"<Place {self}>"


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
