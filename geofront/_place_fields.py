"""Fields of tables about places: distances, states, claims."""

from geofront._fields import (
    CARRIED,
    CENTRE,
    DATE,
    DAY,
    EXTENT_SHARES,
    LIES_IN,
    MOMENT,
    NAMED,
    NONE_EARLIER,
    NOT_OCCUPIED,
    NOTHING_NEAR,
    NUMBER,
    PEOPLE,
    PUBLISHED,
    SOURCE,
    Field,
)

__all__ = [
    "CLAIMS",
    "CLOSING",
    "EVENTS",
    "NEAR",
    "PROXIMITY",
    "SECTORS",
    "SETTLEMENTS",
    "STATUS",
    "WITHIN",
]

_NO_MAP = "the source has no map of the day"

_UNKNOWN_STATE = (
    "an agglomeration; beyond the coverage; not occupied, where no grey zone "
    "is drawn"
)

PROXIMITY = {
    **DATE,
    **PUBLISHED,
    **SOURCE,
    **CARRIED,
    **NAMED,
    "state": Field("str", "at the centre", _UNKNOWN_STATE),
    "occupied_km": Field(
        NUMBER, "extent to the nearest occupied point", NOTHING_NEAR
    ),
    "grey_zone_km": Field(
        NUMBER, "extent to the nearest grey-zone point", NOTHING_NEAR
    ),
    "front_km": Field(
        NUMBER, "extent to the front line, either side", NOTHING_NEAR
    ),
    "bearing_deg": Field(
        NUMBER,
        "towards the nearest occupied point, clockwise from north",
        "occupied_km is null or 0",
    ),
    "sector": Field(
        "str",
        "compass sector of the nearest occupied point",
        "bearing_deg is null",
    ),
    "nearest_lon": Field(
        NUMBER, "longitude of that point, degrees", "occupied_km is null"
    ),
    "nearest_lat": Field(
        NUMBER, "latitude of that point, degrees", "occupied_km is null"
    ),
    **EXTENT_SHARES,
    "limited": Field("bool", "the coverage ends nearer than the front"),
    "centre_occupied_km": Field(
        NUMBER, "centre to nearest occupied point", NOTHING_NEAR
    ),
    "centre_front_km": Field(NUMBER, "centre to the front line", NOTHING_NEAR),
}

CLOSING = {
    "closing_km_per_week": Field(
        NUMBER,
        "trend of occupied_km, positive when nearing; no forecast",
        "under three days to compare, or less than half of the window",
    ),
    "closing_window_days": Field("int64", "days that the trend is taken over"),
    "closing_samples": Field("int64", "days of the window with own snapshot"),
    "closed_km": Field(
        NUMBER,
        "nearer by, in the window but across method breaks",
        "fewer than two days to compare",
    ),
}

SECTORS = {
    **DATE,
    **PUBLISHED,
    **SOURCE,
    **CARRIED,
    **NAMED,
    "sector": Field("str", "compass sector, or place that the axis leads to"),
    "bearing_deg": Field(NUMBER, "middle of the sector, from the centre"),
    "width_deg": Field(NUMBER, "width of the sector"),
    "front_km": Field(
        NUMBER, "extent to the front line in the sector", NOTHING_NEAR
    ),
    "centre_front_km": Field(
        NUMBER, "centre to the front in the sector", NOTHING_NEAR
    ),
    "nearest_lon": Field(
        NUMBER, "longitude of the front's nearest point", "front_km is null"
    ),
    "nearest_lat": Field(
        NUMBER, "latitude of that point, degrees", "front_km is null"
    ),
    "limited": Field("bool", "the coverage ends nearer than the front"),
}

WITHIN = {
    **DATE,
    "region": Field(
        "str", "oblast or own region", "all of them, or places in none"
    ),
    "band_km": Field(NUMBER, "nearer to the front line than this"),
    "settlements": Field("int64", "on the held side, and in the band"),
    "population_reference": Field(
        "Int64", "sum of the register's, not people present"
    ),
    "entered": Field(
        "Int64", "settlements not in it on the earlier day", NONE_EARLIER
    ),
    "left": Field(
        "Int64", "settlements in it on the earlier day only", NONE_EARLIER
    ),
    "coverage_note": Field("str", "how many settlements could be seen"),
    **PUBLISHED,
    **SOURCE,
    **CARRIED,
    "compared_with": Field(DAY, "the earlier day", NONE_EARLIER),
    "compared_published_at": Field(
        MOMENT, "moment of its snapshot", NONE_EARLIER
    ),
}

NEAR = {
    **DATE,
    "region": Field(
        "str", "oblast or own region", "not asked for, or in none"
    ),
    **NAMED,
    **LIES_IN,
    **PEOPLE,
    **CENTRE,
    "front_km": Field(
        NUMBER, "to the front line", "not held, or the coverage ends nearer"
    ),
    "front_km_before": Field(
        NUMBER,
        "likewise, on the earlier day",
        f"likewise, or {NONE_EARLIER}",
    ),
    **PUBLISHED,
    **SOURCE,
    **CARRIED,
    "compared_with": Field(DAY, "the earlier day", NONE_EARLIER),
    "compared_published_at": Field(
        MOMENT, "moment of its snapshot", NONE_EARLIER
    ),
}

STATUS = {
    **DATE,
    **PUBLISHED,
    **SOURCE,
    **NAMED,
    **LIES_IN,
    "state": Field("str", "at the centre", _UNKNOWN_STATE),
    **EXTENT_SHARES,
    "extent": Field("str", "polygon or estimated", "not known"),
    "uncertain": Field("bool", "depends on the estimated radius"),
    **CARRIED,
}

EVENTS = {
    **SOURCE,
    **NAMED,
    "state": Field("str", "at the centre"),
    "since": Field(DAY, "day in Kyiv of the first snapshot that shows it"),
    "until": Field(DAY, "day on which it ended", "it lasts"),
    "first_touched_on": Field(
        DAY,
        "day from which on some of the extent was in it, without a break",
        "no share is known",
    ),
    "since_published_at": Field(MOMENT, "moment of the first snapshot"),
    "until_published_at": Field(
        MOMENT, "moment of the one that ended it", "it lasts"
    ),
    "not_before": Field(DAY, "day of the snapshot before", "there is none"),
}

SETTLEMENTS = {
    "place_id": NAMED["place_id"],
    "place": NAMED["place"],
    **LIES_IN,
    **PEOPLE,
    "from_state": Field(
        "str", "at the centre, at the end of the first day", NOT_OCCUPIED
    ),
    "to_state": Field(
        "str", "at the centre, at the end of the last day", NOT_OCCUPIED
    ),
    "date": Field(DAY, "day in Kyiv from which it was in that state"),
    **SOURCE,
    "since": Field(DAY, "first day"),
    "until": Field(DAY, "last day"),
    "since_snapshot": Field("str", "id of the first day's snapshot"),
    "until_snapshot": Field("str", "id of the last day's snapshot"),
}

CLAIMS = {
    "date": Field(DAY, "day of the claim, in Kyiv"),
    "place": Field("str", "place, as the claim names it"),
    "state": Field("str", "claimed state"),
    "claimant": Field("str", "who says so"),
    "url": Field("str", "where it is said", "not given"),
    **SOURCE,
    "published_at": Field(MOMENT, "when the snapshot was published", _NO_MAP),
    "carried": Field("boolean", "the day has no snapshot of its own", _NO_MAP),
    "map_state": Field(
        "str", "at the centre on the map", f"{_NO_MAP}; {_UNKNOWN_STATE}"
    ),
    "map_state_since": Field(
        DAY, "day from which the map shows it", "map_state is null"
    ),
    **{
        name: field._replace(null=f"{_NO_MAP}; {field.null}")
        for name, field in EXTENT_SHARES.items()
    },
    "verdict": Field("str", "supported, partly, contradicted, not mapped"),
    "uncertain": Field("bool", "depends on the estimated radius"),
    "first_supported_on": Field(
        DAY,
        "day from which the map supports it",
        "never so far, or from the first map that tells it",
    ),
    "lag_days": Field(
        "Int64", "from the claim to that day", "there is no such day"
    ),
    "place_id": Field("str", "code in the KATOTTG register, or own id"),
    "words": Field("str", "what was said, in short", "not given"),
}
