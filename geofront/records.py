"""The fields of every table that geofront returns: one place for them all.

The names are the interface: fields may be added, never renamed.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple

__all__ = ["AREAS", "CHANGES", "DEFINITIONS", "DELTAS", "LOG", "PROXIMITY"]
__all__ += ["CLAIMS", "EVENTS", "EXPLAINED", "SETTLEMENTS", "STATUS"]
__all__ += ["AGREEMENT", "DISPUTED", "SETTLEMENTS_DISPUTED"]
__all__ += ["CLOSING", "NEAR", "SECTORS", "WITHIN"]
__all__ += ["LAND", "QUALITY", "RECORDS", "REGION", "SENSITIVITY", "TERRITORY"]
__all__ += ["BEFORE", "GROUND", "ORIGINS", "PERIOD", "RECENT", "SNAPSHOTS"]
__all__ += ["Field", "record_of"]


class Field(NamedTuple):
    """A column: its pandas type and what it means."""

    dtype: str
    meaning: str


_DAY = "datetime64[s]"
_MOMENT = "datetime64[s, UTC]"
_NUMBER = "float64"

_SOURCE = {"source": Field("str", "name of the source")}

REGION = {
    "region": Field("str", "name of the region, or elsewhere"),
    "region_id": Field("str", "its code; null for elsewhere"),
}
"""What areas and deltas by region have besides."""

AREAS = {
    "date": Field(_DAY, "day in Kyiv, whose end is meant"),
    "published_at": Field(_MOMENT, "when the snapshot was published"),
    **_SOURCE,
    "snapshot": Field("str", "id of the snapshot"),
    "carried": Field("bool", "the day has no snapshot of its own"),
    "occupied_km2": Field(_NUMBER, "occupied area"),
    "grey_zone_km2": Field(_NUMBER, "grey zone; null where not drawn"),
    "held_km2": Field(_NUMBER, "denominator less the other two"),
    "denominator_km2": Field(_NUMBER, "area that shares refer to"),
    "occupied_share": Field(_NUMBER, "occupied_km2 / denominator_km2"),
}

LAND = {
    "land_km2": Field(_NUMBER, "land, as its outline is embedded"),
    "held_land_km2": Field(_NUMBER, "land, neither occupied nor grey zone"),
    "occupied_land_share": Field(_NUMBER, "share of the land"),
}
"""What areas by region have besides, at the end."""

DELTAS = {
    "since": Field(_DAY, "day at whose end the step begins"),
    "until": Field(_DAY, "day at whose end the step ends"),
    "since_published_at": Field(_MOMENT, "moment of the first snapshot"),
    "until_published_at": Field(_MOMENT, "moment of the second snapshot"),
    "since_snapshot": Field("str", "id of the first snapshot"),
    "until_snapshot": Field("str", "id of the second snapshot"),
    **_SOURCE,
    "cadence": Field("str", "length of the step; gross depends on it"),
    "complete": Field(
        "bool", "not cut, and no end is carried over more than 72 hours"
    ),
    "carried": Field("bool", "the last day has no snapshot of its own"),
    "method_break": Field(
        "bool", "within it the source seems to have drawn otherwise"
    ),
    "occupied_gained_km2": Field(_NUMBER, "newly occupied, gross"),
    "occupied_lost_km2": Field(_NUMBER, "no longer occupied, gross"),
    "occupied_net_km2": Field(_NUMBER, "gained less lost"),
    "grey_zone_net_km2": Field(_NUMBER, "change of the grey zone"),
    "held_to_grey_zone_km2": Field(_NUMBER, "held, then grey zone"),
    "held_to_occupied_km2": Field(_NUMBER, "held, then occupied"),
    "grey_zone_to_held_km2": Field(_NUMBER, "grey zone, then held"),
    "grey_zone_to_occupied_km2": Field(_NUMBER, "grey zone, then occupied"),
    "occupied_to_held_km2": Field(_NUMBER, "occupied, then held"),
    "occupied_to_grey_zone_km2": Field(_NUMBER, "occupied, then grey zone"),
    "gross_cadence": Field(
        "str", "length of the steps whose gross figures are summed"
    ),
    "break_km2": Field(
        _NUMBER,
        "area that method breaks put in doubt on the whole map; null: none, "
        "or a region",
    ),
    "since_carried": Field("bool", "the first day has no own snapshot"),
}

EXPLAINED = {
    "sentence": Field("str", "the figure, what it is and where it is from"),
    "since_digest": Field("str", "SHA-256 of the first snapshot's content"),
    "until_digest": Field("str", "SHA-256 of the second snapshot's content"),
    "title": Field("str", "the source's own name"),
    "terms": Field("str", "terms of the source; null if not known"),
    "attribution": Field("str", "line to print; null if not known"),
    "address": Field("str", "where it is published; null if not known"),
    "territory": Field("str", "the area spoken of"),
    "remarks": Field("str", "what is to be known of both maps; null: nothing"),
}
"""What an explained delta has before its own fields."""

CHANGES = {
    "since": Field(_DAY, "day at whose end the step begins"),
    "until": Field(_DAY, "day at whose end the step ends"),
    **_SOURCE,
    "from_state": Field("str", "state before"),
    "to_state": Field("str", "state after"),
    "area_km2": Field(_NUMBER, "area of the polygon"),
    "since_snapshot": Field("str", "id of the snapshot at the beginning"),
    "until_snapshot": Field("str", "id of the snapshot at the end"),
}

PROXIMITY = {
    "date": Field(_DAY, "day in Kyiv, whose end is meant"),
    "published_at": Field(_MOMENT, "when the snapshot was published"),
    **_SOURCE,
    "carried": Field("bool", "the day has no snapshot of its own"),
    "place": Field("str", "name of the place"),
    "place_id": Field("str", "its code in the KATOTTG register, or own id"),
    "state": Field("str", "at the centre; null for an agglomeration"),
    "occupied_km": Field(_NUMBER, "extent to the nearest occupied point"),
    "grey_zone_km": Field(_NUMBER, "extent to the nearest grey-zone point"),
    "front_km": Field(_NUMBER, "extent to the front line, either side"),
    "bearing_deg": Field(_NUMBER, "towards the nearest occupied point"),
    "sector": Field("str", "compass sector of the nearest occupied point"),
    "nearest_lon": Field(_NUMBER, "longitude of that point, degrees"),
    "nearest_lat": Field(_NUMBER, "latitude of that point, degrees"),
    "occupied_share": Field(_NUMBER, "share of the extent"),
    "grey_zone_share": Field(_NUMBER, "share of the extent"),
    "held_share": Field(_NUMBER, "share of the extent"),
    "limited": Field("bool", "the coverage ends nearer than the front"),
    "centre_occupied_km": Field(_NUMBER, "centre to nearest occupied point"),
    "centre_front_km": Field(_NUMBER, "centre to the front line"),
}

CLOSING = {
    "closing_km_per_week": Field(
        _NUMBER, "trend of occupied_km, positive when nearing; no forecast"
    ),
    "closing_window_days": Field("int64", "days that the trend is taken over"),
    "closing_samples": Field("int64", "days of the window with own snapshot"),
    "closed_km": Field(
        _NUMBER, "nearer by, in the window but across method breaks"
    ),
}

SECTORS = {
    "date": Field(_DAY, "day in Kyiv, whose end is meant"),
    "published_at": Field(_MOMENT, "when the snapshot was published"),
    **_SOURCE,
    "carried": Field("bool", "the day has no snapshot of its own"),
    "place": Field("str", "name of the place"),
    "place_id": Field("str", "its code in the KATOTTG register, or own id"),
    "sector": Field("str", "compass sector, or place that the axis leads to"),
    "bearing_deg": Field(_NUMBER, "middle of the sector, from the centre"),
    "width_deg": Field(_NUMBER, "width of the sector"),
    "front_km": Field(_NUMBER, "extent to the front line in the sector"),
    "centre_front_km": Field(_NUMBER, "centre to the front in the sector"),
    "nearest_lon": Field(_NUMBER, "longitude of the front's nearest point"),
    "nearest_lat": Field(_NUMBER, "latitude of that point, degrees"),
    "limited": Field("bool", "the coverage ends nearer than the front"),
}

WITHIN = {
    "date": Field(_DAY, "day in Kyiv, whose end is meant"),
    "region": Field("str", "oblast or own region; null: all of them"),
    "band_km": Field(_NUMBER, "nearer to the front line than this"),
    "settlements": Field("int64", "on the held side, and in the band"),
    "population_reference": Field("Int64", "register's, not people present"),
    "entered": Field("Int64", "settlements not in it on the earlier day"),
    "left": Field("Int64", "settlements in it on the earlier day only"),
    "coverage_note": Field("str", "how many settlements could be seen"),
    "published_at": Field(_MOMENT, "when the snapshot was published"),
    **_SOURCE,
    "carried": Field("bool", "the day has no snapshot of its own"),
    "compared_with": Field(_DAY, "the earlier day; null: none"),
    "compared_published_at": Field(_MOMENT, "moment of its snapshot"),
}

NEAR = {
    "date": Field(_DAY, "day in Kyiv, whose end is meant"),
    "region": Field("str", "oblast or own region; null if not asked for"),
    "place": Field("str", "name of the place"),
    "place_id": Field("str", "its code in the KATOTTG register, or own id"),
    "oblast": Field("str", "where it lies, by its code"),
    "raion": Field("str", "where it lies, by its code"),
    "population_reference": Field("Int64", "register's, not people present"),
    "longitude": Field(_NUMBER, "of the centre, degrees"),
    "latitude": Field(_NUMBER, "of the centre, degrees"),
    "front_km": Field(_NUMBER, "to the front line; null if not held"),
    "front_km_before": Field(_NUMBER, "likewise, on the earlier day"),
    "published_at": Field(_MOMENT, "when the snapshot was published"),
    **_SOURCE,
    "carried": Field("bool", "the day has no snapshot of its own"),
    "compared_with": Field(_DAY, "the earlier day; null: none"),
    "compared_published_at": Field(_MOMENT, "moment of its snapshot"),
}

_EXTENT_SHARES = {
    name: PROXIMITY[name]
    for name in ("occupied_share", "grey_zone_share", "held_share")
}

STATUS = {
    "date": Field(_DAY, "day in Kyiv, whose end is meant"),
    "published_at": Field(_MOMENT, "when the snapshot was published"),
    **_SOURCE,
    "place": Field("str", "name of the place"),
    "place_id": Field("str", "its code in the KATOTTG register, or own id"),
    "oblast": Field("str", "where it lies, by its code"),
    "raion": Field("str", "where it lies, by its code"),
    "state": Field("str", "at the centre; null for an agglomeration"),
    **_EXTENT_SHARES,
    "extent": Field("str", "polygon or estimated; null if not known"),
    "uncertain": Field("bool", "depends on the estimated radius"),
    "carried": Field("bool", "the day has no snapshot of its own"),
}

EVENTS = {
    **_SOURCE,
    "place": Field("str", "name of the place"),
    "place_id": Field("str", "its code in the KATOTTG register, or own id"),
    "state": Field("str", "at the centre"),
    "since": Field(_DAY, "day in Kyiv of the first snapshot that shows it"),
    "until": Field(_DAY, "day on which it ended; null: it lasts"),
    "first_touched_on": Field(_DAY, "some of the extent, without a break"),
    "since_published_at": Field(_MOMENT, "moment of the first snapshot"),
    "until_published_at": Field(_MOMENT, "moment of the one that ended it"),
    "not_before": Field(_DAY, "day of the snapshot before; null: none"),
}

SETTLEMENTS = {
    "place_id": Field("str", "its code in the KATOTTG register, or own id"),
    "place": Field("str", "name of the place"),
    "oblast": Field("str", "where it lies, by its code"),
    "raion": Field("str", "where it lies, by its code"),
    "population_reference": Field("Int64", "register's, not people present"),
    "from_state": Field("str", "at the centre, at the end of the first day"),
    "to_state": Field("str", "at the centre, at the end of the last day"),
    "date": Field(_DAY, "day in Kyiv from which it was in that state"),
    **_SOURCE,
    "since": Field(_DAY, "first day"),
    "until": Field(_DAY, "last day"),
    "since_snapshot": Field("str", "id of the first day's snapshot"),
    "until_snapshot": Field("str", "id of the last day's snapshot"),
}

CLAIMS = {
    "date": Field(_DAY, "day of the claim, in Kyiv"),
    "place": Field("str", "place, as the claim names it"),
    "state": Field("str", "claimed state"),
    "claimant": Field("str", "who says so"),
    "url": Field("str", "where it is said; null if not given"),
    **_SOURCE,
    "published_at": Field(_MOMENT, "when the snapshot was published"),
    "carried": Field("boolean", "the day has no snapshot of its own"),
    "map_state": Field("str", "at the centre on the map"),
    "map_state_since": Field(_DAY, "day from which the map shows it"),
    **_EXTENT_SHARES,
    "verdict": Field("str", "supported, partly, contradicted, not mapped"),
    "uncertain": Field("bool", "depends on the estimated radius"),
    "first_supported_on": Field(_DAY, "day from which the map supports it"),
    "lag_days": Field("Int64", "from the claim to that day"),
    "place_id": Field("str", "code in the KATOTTG register, or own id"),
    "words": Field("str", "what was said, in short; null if not given"),
}

_TWO = {
    "date": Field(_DAY, "day in Kyiv, whose end is meant"),
    "a": Field("str", "name of the first source"),
    "b": Field("str", "name of the second source"),
}
_SEEN_OF_TWO = {
    "a_published_at": Field(_MOMENT, "when a's snapshot was published"),
    "b_published_at": Field(_MOMENT, "when b's snapshot was published"),
    "a_snapshot": Field("str", "id of a's snapshot"),
    "b_snapshot": Field("str", "id of b's snapshot"),
    "a_carried": Field("bool", "a has no snapshot of its own that day"),
    "b_carried": Field("bool", "b has no snapshot of its own that day"),
}

AGREEMENT = {
    **_TWO,
    "agreed_share": Field(_NUMBER, "1 - disputed_km2 / denominator_km2"),
    "jaccard_occupied": Field(
        _NUMBER, "of what either maps as occupied, the share that both do"
    ),
    "disputed_km2": Field(_NUMBER, "area in different states on the two"),
    "a_occupied_b_not_km2": Field(_NUMBER, "occupied on a's map only"),
    "b_occupied_a_not_km2": Field(_NUMBER, "occupied on b's map only"),
    "both_occupied_km2": Field(_NUMBER, "occupied on both"),
    "denominator_km2": Field(_NUMBER, "area that agreed_share refers to"),
    "grey_zone_compared": Field("bool", "three states, since both draw one"),
    "agreed_drawn_share": Field(
        _NUMBER, "of what either draws, the share in one state on both"
    ),
    "land_km2": Field(_NUMBER, "land, as its outline is embedded"),
    "agreed_land_share": Field(
        _NUMBER, "share of the land in the same state on both"
    ),
    "jaccard_occupied_land": Field(
        _NUMBER, "of the land that either maps as occupied, what both do"
    ),
    "disputed_land_km2": Field(_NUMBER, "land in different states"),
    "a_occupied_b_not_land_km2": Field(_NUMBER, "land occupied on a's only"),
    "b_occupied_a_not_land_km2": Field(_NUMBER, "land occupied on b's only"),
    "both_occupied_land_km2": Field(_NUMBER, "land occupied on both"),
    "a_occupied_km2": Field(_NUMBER, "occupied area on a's map"),
    "b_occupied_km2": Field(_NUMBER, "occupied area on b's map"),
    "a_occupied_b_grey_zone_km2": Field(_NUMBER, "occupied, grey zone"),
    "a_occupied_b_held_km2": Field(_NUMBER, "occupied on a's, held on b's"),
    "a_grey_zone_b_occupied_km2": Field(_NUMBER, "grey zone, occupied"),
    "a_grey_zone_b_held_km2": Field(_NUMBER, "grey zone on a's, held on b's"),
    "a_held_b_occupied_km2": Field(_NUMBER, "held on a's, occupied on b's"),
    "a_held_b_grey_zone_km2": Field(_NUMBER, "held on a's, grey zone on b's"),
    **_SEEN_OF_TWO,
}

DISPUTED = {
    **_TWO,
    "a_state": Field("str", "state on a's map"),
    "b_state": Field("str", "state on b's map"),
    "on_land": Field("bool", "on land; polygons are cut at the coast"),
    "area_km2": Field(_NUMBER, "area of the polygon"),
    "mean_width_m": Field(_NUMBER, "twice the area over the perimeter"),
    "longitude": Field(_NUMBER, "of a point within, degrees"),
    "latitude": Field(_NUMBER, "of a point within, degrees"),
    **_SEEN_OF_TWO,
}

SETTLEMENTS_DISPUTED = {
    **_TWO,
    **{
        name: SETTLEMENTS[name]
        for name in (
            *("place_id", "place", "oblast", "raion"),
            "population_reference",
        )
    },
    "a_state": Field("str", "at the centre, on a's map"),
    "b_state": Field("str", "at the centre, on b's map"),
    **{
        f"{side}_{name}": field
        for side in ("a", "b")
        for name, field in _EXTENT_SHARES.items()
    },
    "extent": Field("str", "polygon or estimated; null if not known"),
    "longitude": Field(_NUMBER, "of the centre, degrees"),
    "latitude": Field(_NUMBER, "of the centre, degrees"),
    **_SEEN_OF_TWO,
}

SENSITIVITY = {
    "date": Field(_DAY, "day in Kyiv, whose end is meant"),
    "published_at": Field(_MOMENT, "when the snapshot was published"),
    **_SOURCE,
    "carried": Field("bool", "the day has no snapshot of its own"),
    "figure": Field("str", "occupied_km2, or occupied_km of a place"),
    "place": Field("str", "name of the place"),
    "place_id": Field("str", "its code in the KATOTTG register, or own id"),
    "value": Field(_NUMBER, "of the map as it is"),
    "mean": Field(_NUMBER, "over the runs"),
    "sd": Field(_NUMBER, "standard deviation over the runs"),
    "low": Field(_NUMBER, "lower end of the band"),
    "high": Field(_NUMBER, "upper end of the band"),
    "level": Field(_NUMBER, "how often the band is to hold the truth"),
    "sigma_m": Field(_NUMBER, "displacement assumed by the user, metres"),
    "correlation_km": Field(_NUMBER, "correlation length along the line"),
    "runs": Field("int64", "how many times the line was displaced"),
    "seed": Field("int64", "of the random numbers"),
}

PERIOD = {"period": Field("str", "day, week or month: what the row is of")}
"""What the deltas of a report have besides."""

GROUND = {
    **CHANGES,
    "longitude": Field(_NUMBER, "of a point within, degrees"),
    "latitude": Field(_NUMBER, "of a point within, degrees"),
    "place": Field("str", "nearest settlement whose position is known"),
    "place_id": Field("str", "its code in the KATOTTG register, or own id"),
    "oblast": Field("str", "where that settlement lies, by its code"),
    "place_km": Field(_NUMBER, "from its extent, or centre, to the polygon"),
}

RECENT = {
    "compared_with": Field(_DAY, "the earlier day; null: none"),
    "occupied_share_before": Field(_NUMBER, "share of the extent, then"),
    "grey_zone_share_before": Field(_NUMBER, "share of the extent, then"),
    "held_share_before": Field(_NUMBER, "share of the extent, then"),
    "changed_on": Field(_DAY, "last day on which a share changed since then"),
    "state_since": Field(_DAY, "day of the first map that shows the state"),
}
"""What the status of a place has besides in a report."""

BEFORE = {
    "compared_with": Field(_DAY, "the earlier day; null: none"),
    "occupied_km_before": Field(_NUMBER, "occupied_km on the earlier day"),
    "front_km_before": Field(_NUMBER, "front_km on the earlier day"),
    "closing_since": Field(_DAY, "first day of the trend; null: no map then"),
    "occupied_km_closing_since": Field(_NUMBER, "occupied_km on that day"),
}
"""What distances have besides in a report."""

SNAPSHOTS = {
    **_SOURCE,
    "date": Field(_DAY, "day in Kyiv for whose end it stands"),
    "snapshot": Field("str", "id of the snapshot"),
    "published_at": Field(_MOMENT, "when the snapshot was published"),
    "carried": Field("bool", "the day has no snapshot of its own"),
    "digest": Field("str", "SHA-256 of what it shows"),
}

ORIGINS = {
    **_SOURCE,
    "title": Field("str", "what it is called"),
    "draws": Field("str", "which states it draws; null: not known"),
    "dates": Field("str", "how it dates its maps; null: not known"),
    "terms": Field("str", "under which its polygons may be used"),
    "attribution": Field("str", "line that goes with every map of it"),
    "address": Field("str", "where it is published"),
    "first_day": Field(_DAY, "first day in Kyiv with a snapshot"),
    "last_day": Field(_DAY, "last day in Kyiv with a snapshot"),
    "snapshots": Field("int64", "how many the history holds"),
    "speaks": Field("bool", "it has a map for the day of the report"),
}

QUALITY = {
    "kind": Field("str", "what it is about"),
    "date": Field(_DAY, "day in Kyiv"),
    **_SOURCE,
    "detail": Field("str", "in words"),
    "km2": Field(_NUMBER, "area concerned; null: none, or not known"),
    "snapshot": Field("str", "id of the snapshot; null for a carried day"),
}

LOG = {
    "recorded_at": Field("datetime64[us, UTC]", "when it was stored"),
    **_SOURCE,
    "snapshot": Field("str", "id of the snapshot"),
    "published_at": Field(_MOMENT, "when the snapshot was published"),
    "revision": Field("int64", "1 for the first, 2 for a correction of it"),
    "change": Field("str", "added or revised"),
    "occupied_km2": Field(_NUMBER, "occupied area"),
    "grey_zone_km2": Field(_NUMBER, "grey zone; null where not drawn"),
    "occupied_change_km2": Field(_NUMBER, "against the revision before"),
    "grey_zone_change_km2": Field(_NUMBER, "against the revision before"),
    "digest": Field("str", "SHA-256 of what the revision shows"),
}

RECORDS: Mapping[str, Mapping[str, Field]] = {
    "areas": AREAS | REGION | LAND,
    "deltas": DELTAS | REGION,
    "explain": EXPLAINED | DELTAS | REGION,
    "changes": CHANGES,
    "proximity": PROXIMITY | CLOSING,
    "sectors": SECTORS,
    "within": WITHIN,
    "near": NEAR,
    "status": STATUS,
    "events": EVENTS,
    "settlements": SETTLEMENTS,
    "claims": CLAIMS,
    "agreement": AGREEMENT | REGION,
    "disputed": DISPUTED,
    "settlements_disputed": SETTLEMENTS_DISPUTED,
    "sensitivity": SENSITIVITY,
    "quality": QUALITY,
    "log": LOG,
}
"""Fields of every kind of record, by its name, optional ones included."""

DEFINITIONS = {
    "area": "WGS 84 ellipsoid, edges straight in longitude and latitude",
    "distance": "geodesic on WGS 84",
    "day": "ends at 24:00 Europe/Kyiv; carried forward, never interpolated",
    "gross": "gained, lost and transitions depend on gross_cadence; net does "
    "not",
}

TERRITORY = "Ukraine within its internationally recognised borders"


def record_of(columns: Iterable[Hashable]) -> str:
    """Name of the kind of record that has these fields.

    Raises
    ------
    KeyError
        If none in `RECORDS` has all of them.
    """
    asked = set(map(str, columns))
    fitting = [name for name, known in RECORDS.items() if asked <= set(known)]
    if not fitting:
        raise KeyError(f"no record in RECORDS has the fields {sorted(asked)}")
    return min(fitting, key=lambda name: len(RECORDS[name]))
