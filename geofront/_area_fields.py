"""Fields of tables about areas: their change, the line, the maps."""

from geofront._fields import (
    CARRIED,
    DATE,
    DAY,
    MOMENT,
    NAMED,
    NO_GREY,
    NOTHING_NEAR,
    NUMBER,
    PUBLISHED,
    SOURCE,
    USERS_OWN,
    Field,
)

__all__ = [
    "ADVANCES",
    "AREAS",
    "CHANGES",
    "DELTAS",
    "EXPLAINED",
    "LAND",
    "LOG",
    "QUALITY",
    "REGION",
    "SENSITIVITY",
]

_NOT_BOTH = "one of the two maps has no grey zone"

_NOT_SAMPLED = "value is null, or the occupied area reaches the place"

REGION = {
    "region": Field("str", "name of the region, or elsewhere"),
    "region_id": Field("str", "its code", "elsewhere"),
}
"""What areas and deltas by region have besides."""

AREAS = {
    **DATE,
    **PUBLISHED,
    **SOURCE,
    "snapshot": Field("str", "id of the snapshot"),
    **CARRIED,
    "occupied_km2": Field(NUMBER, "occupied area"),
    "grey_zone_km2": Field(NUMBER, "grey zone", NO_GREY),
    "held_km2": Field(NUMBER, "denominator less the other two", NO_GREY),
    "denominator_km2": Field(NUMBER, "area that shares refer to"),
    "occupied_share": Field(
        NUMBER, "occupied_km2 / denominator_km2", "the denominator is 0"
    ),
}

LAND = {
    "land_km2": Field(NUMBER, "land, as its outline is embedded"),
    "held_land_km2": Field(
        NUMBER, "land, neither occupied nor grey zone", NO_GREY
    ),
    "occupied_land_share": Field(
        NUMBER, "share of the land", "there is no land"
    ),
}
"""What areas by region have besides, at the end."""

DELTAS = {
    "since": Field(DAY, "day at whose end the step begins"),
    "until": Field(DAY, "day at whose end the step ends"),
    "since_published_at": Field(MOMENT, "moment of the first snapshot"),
    "until_published_at": Field(MOMENT, "moment of the second snapshot"),
    "since_snapshot": Field("str", "id of the first snapshot"),
    "until_snapshot": Field("str", "id of the second snapshot"),
    **SOURCE,
    "cadence": Field("str", "length of the step; gross depends on it"),
    "complete": Field(
        "bool", "not cut, and no end is carried over more than 72 hours"
    ),
    "carried": Field("bool", "the last day has no snapshot of its own"),
    "method_break": Field(
        "bool", "within it the source seems to have drawn otherwise"
    ),
    "occupied_gained_km2": Field(NUMBER, "newly occupied, gross"),
    "occupied_lost_km2": Field(NUMBER, "no longer occupied, gross"),
    "occupied_net_km2": Field(NUMBER, "gained less lost"),
    "grey_zone_net_km2": Field(NUMBER, "change of the grey zone", _NOT_BOTH),
    "held_to_grey_zone_km2": Field(NUMBER, "held, then grey zone", _NOT_BOTH),
    "held_to_occupied_km2": Field(
        NUMBER, "held (without a grey zone: not occupied), then occupied"
    ),
    "grey_zone_to_held_km2": Field(NUMBER, "grey zone, then held", _NOT_BOTH),
    "grey_zone_to_occupied_km2": Field(
        NUMBER, "grey zone, then occupied", _NOT_BOTH
    ),
    "occupied_to_held_km2": Field(
        NUMBER, "occupied, then held (without a grey zone: not occupied)"
    ),
    "occupied_to_grey_zone_km2": Field(
        NUMBER, "occupied, then grey zone", _NOT_BOTH
    ),
    "gross_cadence": Field(
        "str", "length of the steps whose gross figures are summed"
    ),
    "break_km2": Field(
        NUMBER,
        "area that method breaks put in doubt on the whole map",
        "there is none, or the row is of a region",
    ),
    "since_carried": Field("bool", "the first day has no own snapshot"),
}

EXPLAINED = {
    "sentence": Field("str", "the figure, what it is and where it is from"),
    "since_digest": Field("str", "SHA-256 of the first snapshot's content"),
    "until_digest": Field("str", "SHA-256 of the second snapshot's content"),
    "title": Field("str", "the source's own name"),
    "terms": Field("str", "terms of the source", USERS_OWN),
    "attribution": Field("str", "line to print", USERS_OWN),
    "address": Field("str", "where it is published", USERS_OWN),
    "territory": Field("str", "the area spoken of"),
    "remarks": Field("str", "what is to be known of both maps", "nothing is"),
}
"""What an explained delta has before its own fields."""

CHANGES = {
    "since": Field(DAY, "day at whose end the step begins"),
    "until": Field(DAY, "day at whose end the step ends"),
    **SOURCE,
    "from_state": Field("str", "state before"),
    "to_state": Field("str", "state after"),
    "area_km2": Field(NUMBER, "area of the polygon"),
    "since_snapshot": Field("str", "id of the snapshot at the beginning"),
    "until_snapshot": Field("str", "id of the snapshot at the end"),
}

ADVANCES = {
    "section": Field("int64", "number of the section, along the line"),
    "longitude": Field(NUMBER, "of the section's middle, degrees"),
    "latitude": Field(NUMBER, "of the section's middle, degrees"),
    "length_km": Field(NUMBER, "length of the earlier line"),
    "advanced_km2": Field(NUMBER, "held, now occupied or grey zone"),
    "receded_km2": Field(NUMBER, "occupied or grey zone, now held"),
    "mean_km": Field(NUMBER, "advanced less receded, by the length"),
    "largest_km": Field(
        NUMBER, "farthest from the earlier line; negative where it receded"
    ),
}

SENSITIVITY = {
    **DATE,
    **PUBLISHED,
    **SOURCE,
    **CARRIED,
    "figure": Field("str", "occupied_km2, or occupied_km of a place"),
    **{
        name: field._replace(null="the figure is an area")
        for name, field in NAMED.items()
    },
    "value": Field(
        NUMBER,
        "of the map as it is; in the unit of the figure",
        NOTHING_NEAR,
    ),
    "mean": Field(NUMBER, "over the runs", _NOT_SAMPLED),
    "sd": Field(NUMBER, "standard deviation over the runs", _NOT_SAMPLED),
    "low": Field(NUMBER, "lower end of the band", _NOT_SAMPLED),
    "high": Field(NUMBER, "upper end of the band", _NOT_SAMPLED),
    "level": Field(NUMBER, "how often the band is to hold the truth"),
    "sigma_m": Field(NUMBER, "displacement assumed by the user, metres"),
    "correlation_km": Field(NUMBER, "correlation length along the line"),
    "runs": Field("int64", "how many times the line was displaced"),
    "seed": Field("int64", "of the random numbers"),
}

QUALITY = {
    "kind": Field("str", "what it is about"),
    "date": Field(DAY, "day in Kyiv"),
    **SOURCE,
    "detail": Field("str", "in words"),
    "km2": Field(NUMBER, "area concerned", "none, or not known"),
    "snapshot": Field("str", "id of the snapshot", "a carried day"),
}

LOG = {
    "recorded_at": Field("datetime64[us, UTC]", "when it was stored"),
    **SOURCE,
    "snapshot": Field("str", "id of the snapshot"),
    **PUBLISHED,
    "revision": Field("int64", "1 for the first, 2 for a correction of it"),
    "change": Field("str", "added or revised"),
    "occupied_km2": Field(NUMBER, "occupied area"),
    "grey_zone_km2": Field(NUMBER, "grey zone", NO_GREY),
    "occupied_change_km2": Field(
        NUMBER, "against the revision before", "the first"
    ),
    "grey_zone_change_km2": Field(
        NUMBER, "against the revision before", f"the first, or {NO_GREY}"
    ),
    "digest": Field("str", "SHA-256 of what the revision shows"),
}
