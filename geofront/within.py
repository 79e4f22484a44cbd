"""Who lives near the front: settlements in bands along its held side."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geofront._bodies import Outlines
from geofront._distances import distances
from geofront._expected import kind_of, need_history
from geofront._given import as_bands, as_kilometres
from geofront._inputs import inputs_of
from geofront._record_tables import attributes, table, typed
from geofront._rows import Floats, Objects
from geofront._timeline import covered, segments, timelines
from geofront._words import counted
from geofront.cadence import Look
from geofront.days import Day, as_date
from geofront.front import drawing
from geofront.geography import settlements
from geofront.history import History
from geofront.model import Snapshot
from geofront.places import Place, as_places, register_inputs, registered
from geofront.proximity import outlined
from geofront.records import NEAR, WITHIN
from geofront.regions import checked

__all__ = ["BANDS_KM", "By", "settlements_within", "within"]

BANDS_KM = (5.0, 10.0, 20.0)
"""Distances that those who plan evacuation, schools and aid ask for."""

# A degree is at least this long, along a parallel too, up to latitude 53;
# and no disc of a town reaches farther than this.
_KM_PER_DEGREE, _LARGEST_KM = 66.0, 20.0

By: TypeAlias = Literal["oblast"] | gpd.GeoDataFrame | None


def within(
    history: History,
    *,
    km: Sequence[float] | float = BANDS_KM,
    at: Day | None = None,
    compare: Day | None = None,
    by: By = None,
    places: Iterable[Place | str] | None = None,
    population: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Settlements and reference population near the front, on its held side.

    Parameters
    ----------
    history : History
    km : number, or sequence of them
        Widths of the bands; each holds the narrower ones.
    at : str or datetime.date, optional
        The last day by default.
    compare : str or datetime.date, optional
        Earlier day, to tell what entered the bands and left them since.
    by : 'oblast' or geopandas.GeoDataFrame, optional
        Split by the oblast that each settlement's code names; or by regions
        such as `oblasts` gives (``region, geometry``), by its centre.
    places : iterable of Place or name, optional
        By default every settlement of the register that has coordinates.
    population : mapping of str to number, optional
        Figures by the places' ids, instead of the register's.

    Returns
    -------
    pandas.DataFrame
        A row a region and band: ``date, region, band_km, settlements,
        population_reference, entered, left, coverage_note, published_at,
        source, carried, compared_with, compared_published_at``.  Every
        region has its rows, those in which nobody is near, too; places in
        none are told last, without a region.  Without ``by`` the region is
        missing.  ``left`` counts those that are no longer held, too.

    Raises
    ------
    MissingDateError
        If the history does not speak for a day.
    ValueError
        If a band is not positive or stands twice, there is no place, or
        ``compare`` is after ``at``.
    TypeError, InvalidBoundaryError
        If ``by`` is neither 'oblast' nor regions with names.

    Notes
    -----
    Distances are from the extent of a settlement, or from its centre where
    no extent is known, to the front line.  Held is what its centre lies in;
    for a source without a grey zone, what is not occupied.  Populations are
    the register's, from before the war: not people present.

    Examples
    --------
    >>> import geofront as gf
    >>> near = gf.within(gf.example_history(), km=[10], by="oblast")
    >>> near.loc[near["settlements"] > 0, "region"].to_list()
    ['Donetsk']
    """
    bands = as_bands("km", km)
    asked, (by, inputs) = _asked(places), _split(places, by)
    look, earlier = days = _looks(history, at, compare)
    near = _listed(days, max(bands), asked, by, population)
    notes = _Notes(asked, look, whole=places is None, by=by)
    rows = [
        look.fields()
        | _counts(group, band, earlier is not None)
        | {
            "region": region,
            "band_km": band,
            "coverage_note": notes.of(region),
            **_compared(earlier),
        }
        for region, group in _grouped(near, by, asked)
        for band in bands
    ]
    return table(rows, WITHIN, _snapshots(days), inputs)


def _grouped(
    near: pd.DataFrame, by: By, asked: Sequence[Place]
) -> list[tuple[str | None, pd.DataFrame]]:
    """Settlements of each region, of those without any too."""
    if by is None:
        return [(None, near)]
    if isinstance(by, str):
        names = {place.oblast for place in asked if place.oblast}
    else:
        names = set(map(str, by["region"]))
    found: list[tuple[str | None, pd.DataFrame]] = [
        (name, near[near["region"] == name]) for name in sorted(names)
    ]
    outside = near[near["region"].isna()]
    return found if outside.empty else [*found, (None, outside)]


def _counts(
    near: pd.DataFrame, band: float, is_compared: bool
) -> dict[str, Any]:
    """Counts of a band; each settlement is in it now, or was."""
    now, then = near["front_km"] <= band, near["front_km_before"] <= band
    return {
        "settlements": int(now.sum()),
        "population_reference": int(near["population_reference"][now].sum()),
        "entered": int((now & ~then).sum()) if is_compared else pd.NA,
        "left": int((then & ~now).sum()) if is_compared else pd.NA,
    }


class _Notes:
    """What could be seen, in words."""

    def __init__(
        self, places: Sequence[Place], look: Look, *, whole: bool, by: By
    ):
        self._register = settlements() if whole else None
        self._by_oblast = isinstance(by, str)
        self._places = len(places)
        self._partly = look.snapshot.coverage is not None

    def of(self, region: str | None) -> str:
        """Note for the row of a region."""
        note = f"of {counted(self._places, 'place')} given"
        if self._register is not None:
            known, of = self._register, ""
            if self._by_oblast and region is not None:
                known, of = known[known["oblast"] == region], f" of {region}"
            located = int(known["longitude"].notna().sum())
            note = (
                f"{located:,} of the {len(known):,} registered settlements"
                f"{of} have coordinates"
            )
        if self._partly:
            note += "; only those where the source draws everything nearer"
        return note


def settlements_within(
    history: History,
    *,
    km: float = BANDS_KM[-1],
    at: Day | None = None,
    compare: Day | None = None,
    by: By = None,
    places: Iterable[Place | str] | None = None,
    population: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Each settlement near the front, on its held side, the nearest first.

    Parameters
    ----------
    history : History
    km : float
        How far from the front line, in kilometres.
    at : str or datetime.date, optional
        The last day by default.
    compare : str or datetime.date, optional
        Earlier day, whose distances are told, too.
    by : 'oblast' or geopandas.GeoDataFrame, optional
        Name the oblast or region of each, as for :func:`geofront.within`.
    places : iterable of Place or name, optional
        By default every settlement of the register that has coordinates.
    population : mapping of str to number, optional
        Figures by the places' ids, instead of the register's.

    Returns
    -------
    pandas.DataFrame
        Those within ``km`` of the front line on either day: ``date, region,
        place, place_id, oblast, raion, population_reference, longitude,
        latitude, front_km, front_km_before, published_at, source, carried,
        compared_with, compared_published_at``.  A distance is missing on a
        day on which the settlement was not held, or the source does not
        draw everything nearer.

    Raises
    ------
    MissingDateError
        If the history does not speak for a day.
    ValueError
        If ``km`` is not positive, there is no place, or ``compare`` is after
        ``at``.
    TypeError, InvalidBoundaryError
        If ``by`` is neither 'oblast' nor regions with names.
    """
    km = as_kilometres("km", km)
    asked, (by, inputs) = _asked(places), _split(places, by)
    days = _looks(history, at, compare)
    found = _listed(days, km, asked, by, population)
    found.attrs = attributes(_snapshots(days), inputs)
    found.attrs["km"] = km
    return found


def _listed(
    days: "_Days",
    km: float,
    asked: Sequence[Place],
    by: By,
    population: Mapping[str, float] | None,
) -> pd.DataFrame:
    """Settlements near the front on one of the days, the nearest first."""
    (look, earlier), snapshots = days, _snapshots(days)
    asked = _near(asked, snapshots, km)
    then, now = _held_km(snapshots, outlined(asked, or_centre=True))
    if earlier is None:
        then = np.full(len(asked), np.nan)
    frame = pd.DataFrame(
        [_described(place) for place in asked],
        columns=["place", "place_id", "oblast", "raion"],
    )
    frame["population_reference"] = _populations(asked, population)
    frame["longitude"], frame["latitude"] = _centres(asked).T
    frame["front_km"], frame["front_km_before"] = now, then
    frame["region"] = _regions(asked, by)
    near = frame[(now <= km) | (then <= km)].sort_values(
        ["front_km", "place_id"]
    )
    fields = look.fields() | _compared(earlier)
    rows = [fields | row for row in near.to_dict("records")]
    return typed(rows, NEAR)


def _split(places: object, by: By) -> tuple[By, list[dict[str, Any]]]:
    """What settlements are split by, checked; and what that rests on.

    The register and the regions' file; oblasts go by the codes alone.
    """
    inputs = register_inputs(places)
    if by is None:
        return None, inputs
    if isinstance(by, str):
        if by != "oblast":
            raise ValueError(f"by={by!r}: expected 'oblast' or regions")
        return by, inputs
    return checked(by), inputs + inputs_of(by)


def _compared(earlier: Look | None) -> dict[str, Any]:
    """The earlier day, and when the snapshot that shows it was published."""
    if earlier is None:
        return {"compared_with": None, "compared_published_at": None}
    return {
        "compared_with": earlier.date,
        "compared_published_at": pd.Timestamp(earlier.snapshot.published_at),
    }


def _asked(places: Iterable[Place | str] | None) -> list[Place]:
    return list(registered()) if places is None else as_places(places)


class _Days(NamedTuple):
    """The day that is asked for, and the one that it is compared with."""

    look: Look
    earlier: Look | None


def _looks(history: History, at: Day | None, compare: Day | None) -> _Days:
    need_history(history)
    look = _look(history, history.span[1] if at is None else at)
    earlier = None if compare is None else _look(history, compare)
    if earlier is not None and earlier.date > look.date:
        raise ValueError(f"compare {earlier.date} is after {look.date}")
    return _Days(look, earlier)


def _look(history: History, day: Day) -> Look:
    date = as_date(day)
    return Look(date, history.at(date))


def _snapshots(days: _Days) -> list[Snapshot]:
    """Of the earlier day, or else of the day itself; of the day."""
    return [(days.earlier or days.look).snapshot, days.look.snapshot]


def _near(
    places: Sequence[Place], snapshots: Sequence[Snapshot], km: float
) -> list[Place]:
    """Places that may be near the front: of the others no extent is made."""
    front = segments(drawing(snapshots).front)
    radius_km = np.array([_radius_km(place) for place in places])
    centres: Objects = np.asarray(shapely.points(_centres(places)), object)
    place, _ = shapely.STRtree(front).query(
        centres,
        predicate="dwithin",
        distance=np.minimum((km + radius_km) / _KM_PER_DEGREE, 360.0),
    )
    return [places[number] for number in np.unique(place)]


def _radius_km(place: Place) -> float:
    """How far a place reaches at most: of outlines nothing is assumed."""
    if place.outline is not None or place.members:
        return math.inf
    return max(math.sqrt(place.published_area_km2 or 0.0), _LARGEST_KM)


def _held_km(snapshots: Sequence[Snapshot], places: Outlines) -> Floats:
    """Distance to the front line of what is held: snapshots × places."""
    found: Floats = distances(snapshots, places)["front_km"].copy()
    states = ("occupied", "grey_zone")
    for drawn in timelines(
        *([item.parts(state) for item in snapshots] for state in states)
    ):
        found[covered(places.centre, drawn).T] = np.nan
    return found


def _centres(places: Sequence[Place]) -> Floats:
    points = [(place.longitude, place.latitude) for place in places]
    return np.array(points, float).reshape(-1, 2)


def _described(place: Place) -> tuple[str, str, str | None, str | None]:
    return place.name, place.id, place.oblast, place.raion


def _populations(
    places: Sequence[Place], figures: Mapping[str, float] | None
) -> "pd.Series[Any]":
    if figures is not None and not isinstance(figures, Mapping):
        raise TypeError(
            "population= takes people by the settlement's code, as "
            f"{{'UA14020070010064896': 10875}}, found {kind_of(figures)}"
        )
    values = [
        place.population if figures is None else figures.get(place.id)
        for place in places
    ]
    faulty = [value for value in values if not 0 <= (value or 0) < np.inf]
    if faulty:
        raise ValueError(f"population: expected numbers, found {faulty[0]!r}")
    return pd.Series(values, dtype="Float64").round().astype("Int64")


def _regions(places: Sequence[Place], by: By) -> Objects:
    """Region of each place, or None."""
    named: Objects = np.full(len(places), None, object)
    if isinstance(by, str):
        named[:] = [place.oblast for place in places]
    elif by is not None:
        centres: Objects = np.asarray(shapely.points(_centres(places)))
        tree = shapely.STRtree(centres)
        region, place = tree.query(
            by.geometry.to_numpy(), predicate="intersects"
        )
        named[place] = by["region"].to_numpy()[region]
    return named
