"""Fields of tables that set two sources beside each other."""

from geofront._fields import (
    CENTRE,
    DATE,
    EXTENT_SHARES,
    LIES_IN,
    MOMENT,
    NAMED,
    NOT_OCCUPIED,
    NUMBER,
    PEOPLE,
    WITHIN_IT,
    Field,
)

__all__ = [
    "AGREEMENT",
    "DISPUTED",
    "SETTLEMENTS_DISPUTED",
]

_HALF_TOLD = "a source does not draw what is named"

_TWO = {
    **DATE,
    "a": Field("str", "name of the first source"),
    "b": Field("str", "name of the second source"),
}

_SEEN_OF_TWO = {
    "a_published_at": Field(MOMENT, "when a's snapshot was published"),
    "b_published_at": Field(MOMENT, "when b's snapshot was published"),
    "a_snapshot": Field("str", "id of a's snapshot"),
    "b_snapshot": Field("str", "id of b's snapshot"),
    "a_carried": Field("bool", "a has no snapshot of its own that day"),
    "b_carried": Field("bool", "b has no snapshot of its own that day"),
}

AGREEMENT = {
    **_TWO,
    "agreed_share": Field(
        NUMBER, "1 - disputed_km2 / denominator_km2", "the denominator is 0"
    ),
    "jaccard_occupied": Field(
        NUMBER,
        "of what either maps as occupied, the share that both do",
        "neither maps anything so",
    ),
    "disputed_km2": Field(NUMBER, "area in different states on the two"),
    "a_occupied_b_not_km2": Field(NUMBER, "occupied on a's map only"),
    "b_occupied_a_not_km2": Field(NUMBER, "occupied on b's map only"),
    "both_occupied_km2": Field(NUMBER, "occupied on both"),
    "denominator_km2": Field(NUMBER, "area that agreed_share refers to"),
    "grey_zone_compared": Field("bool", "three states, since both draw one"),
    "agreed_drawn_share": Field(
        NUMBER,
        "of what either draws, the share in one state on both",
        "neither draws anything",
    ),
    "land_km2": Field(NUMBER, "land, as its outline is embedded"),
    "agreed_land_share": Field(
        NUMBER,
        "share of the land in the same state on both",
        "there is no land",
    ),
    "jaccard_occupied_land": Field(
        NUMBER,
        "of the land that either maps as occupied, what both do",
        "neither maps any land so",
    ),
    "disputed_land_km2": Field(NUMBER, "land in different states"),
    "a_occupied_b_not_land_km2": Field(NUMBER, "land occupied on a's only"),
    "b_occupied_a_not_land_km2": Field(NUMBER, "land occupied on b's only"),
    "both_occupied_land_km2": Field(NUMBER, "land occupied on both"),
    "a_occupied_km2": Field(NUMBER, "occupied area on a's map"),
    "b_occupied_km2": Field(NUMBER, "occupied area on b's map"),
    "a_occupied_b_grey_zone_km2": Field(
        NUMBER, "occupied on a's, grey zone on b's", _HALF_TOLD
    ),
    "a_occupied_b_held_km2": Field(
        NUMBER, "occupied on a's, held on b's", _HALF_TOLD
    ),
    "a_grey_zone_b_occupied_km2": Field(
        NUMBER, "grey zone on a's, occupied on b's", _HALF_TOLD
    ),
    "a_grey_zone_b_held_km2": Field(
        NUMBER, "grey zone on a's, held on b's", _HALF_TOLD
    ),
    "a_held_b_occupied_km2": Field(
        NUMBER, "held on a's, occupied on b's", _HALF_TOLD
    ),
    "a_held_b_grey_zone_km2": Field(
        NUMBER, "held on a's, grey zone on b's", _HALF_TOLD
    ),
    **_SEEN_OF_TWO,
}

DISPUTED = {
    **_TWO,
    "a_state": Field("str", "state on a's map"),
    "b_state": Field("str", "state on b's map"),
    "on_land": Field("bool", "on land; polygons are cut at the coast"),
    "area_km2": Field(NUMBER, "area of the polygon"),
    "mean_width_m": Field(NUMBER, "twice the area over the perimeter"),
    **WITHIN_IT,
    **_SEEN_OF_TWO,
}

SETTLEMENTS_DISPUTED = {
    **_TWO,
    "place_id": NAMED["place_id"],
    "place": NAMED["place"],
    **LIES_IN,
    **PEOPLE,
    "a_state": Field("str", "at the centre, on a's map", NOT_OCCUPIED),
    "b_state": Field("str", "at the centre, on b's map", NOT_OCCUPIED),
    **{
        f"{side}_{name}": field
        for side in ("a", "b")
        for name, field in EXTENT_SHARES.items()
    },
    "extent": Field("str", "polygon or estimated", "not known"),
    **CENTRE,
    **_SEEN_OF_TWO,
}
