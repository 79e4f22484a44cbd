"""The fields of every table that geofront returns: one place for them all.

The names are the interface: fields may be added, never renamed.
"""

from collections.abc import Hashable, Iterable, Mapping

from geofront._area_fields import (
    ADVANCES,
    AREAS,
    CHANGES,
    DELTAS,
    EXPLAINED,
    LAND,
    LOG,
    QUALITY,
    REGION,
    SENSITIVITY,
)
from geofront._fields import (
    CARRIED,
    DAY,
    EXTENT_SHARES,
    NONE_EARLIER,
    NUMBER,
    PUBLISHED,
    SOURCE,
    USERS_OWN,
    WITHIN_IT,
    Field,
)
from geofront._pair_fields import (
    AGREEMENT,
    DISPUTED,
    SETTLEMENTS_DISPUTED,
)
from geofront._place_fields import (
    CLAIMS,
    CLOSING,
    EVENTS,
    NEAR,
    PROXIMITY,
    SECTORS,
    SETTLEMENTS,
    STATUS,
    WITHIN,
)

__all__ = ["AREAS", "CHANGES", "DEFINITIONS", "DELTAS", "LOG", "PROXIMITY"]
__all__ += ["CLAIMS", "EVENTS", "EXPLAINED", "SETTLEMENTS", "STATUS"]
__all__ += ["AGREEMENT", "DISPUTED", "SETTLEMENTS_DISPUTED"]
__all__ += ["CLOSING", "NEAR", "SECTORS", "WITHIN"]
__all__ += ["LAND", "QUALITY", "RECORDS", "REGION", "SENSITIVITY", "TERRITORY"]
__all__ += ["BEFORE", "GROUND", "ORIGINS", "PERIOD", "RECENT", "SNAPSHOTS"]
__all__ += ["ADVANCES", "Field", "REPORT", "record_of"]

PERIOD = {"period": Field("str", "day, week or month: what the row is of")}
"""What the deltas of a report have besides."""

GROUND = {
    **CHANGES,
    **WITHIN_IT,
    "place": Field("str", "nearest settlement whose position is known"),
    "place_id": Field("str", "its code in the KATOTTG register, or own id"),
    "oblast": Field("str", "where that settlement lies, by its code"),
    "place_km": Field(NUMBER, "from its extent, or centre, to the polygon"),
}

RECENT = {
    "compared_with": Field(DAY, "the earlier day", NONE_EARLIER),
    "occupied_share_before": Field(
        NUMBER,
        "occupied_share on the earlier day",
        f"{NONE_EARLIER}; {EXTENT_SHARES['occupied_share'].null}",
    ),
    "grey_zone_share_before": Field(
        NUMBER,
        "grey_zone_share on the earlier day",
        f"{NONE_EARLIER}; {EXTENT_SHARES['grey_zone_share'].null}",
    ),
    "held_share_before": Field(
        NUMBER,
        "held_share on the earlier day",
        f"{NONE_EARLIER}; {EXTENT_SHARES['held_share'].null}",
    ),
    "changed_on": Field(
        DAY,
        "last day on which a share changed since then",
        "none did, or is known to have",
    ),
    "state_since": Field(
        DAY, "day of the first map that shows the state", "state is null"
    ),
}
"""What the status of a place has besides in a report."""

BEFORE = {
    "compared_with": Field(DAY, "the earlier day", NONE_EARLIER),
    "occupied_km_before": Field(
        NUMBER,
        "occupied_km on the earlier day",
        f"{NONE_EARLIER}; or it was null",
    ),
    "front_km_before": Field(
        NUMBER,
        "front_km on the earlier day",
        f"{NONE_EARLIER}; or it was null",
    ),
    "closing_since": Field(DAY, "first day of the trend", "no map then"),
    "occupied_km_closing_since": Field(
        NUMBER, "occupied_km on that day", "no map then, or it was null"
    ),
}
"""What distances have besides in a report."""

SNAPSHOTS = {
    **SOURCE,
    "date": Field(DAY, "day in Kyiv for whose end it stands"),
    "snapshot": Field("str", "id of the snapshot"),
    **PUBLISHED,
    **CARRIED,
    "digest": Field("str", "SHA-256 of what it shows"),
}

ORIGINS = {
    **SOURCE,
    "title": Field("str", "what it is called"),
    "draws": Field("str", "which states it draws", USERS_OWN),
    "dates": Field("str", "how it dates its maps", USERS_OWN),
    "terms": Field("str", "under which its polygons may be used", USERS_OWN),
    "attribution": Field(
        "str", "line that goes with every map of it", USERS_OWN
    ),
    "address": Field("str", "where it is published", USERS_OWN),
    "first_day": Field(DAY, "first day in Kyiv with a snapshot"),
    "last_day": Field(DAY, "last day in Kyiv with a snapshot"),
    "snapshots": Field("int64", "how many the history holds"),
    "speaks": Field("bool", "it has a map for the day of the report"),
    "made_from": Field(
        "str", "source whose map it copies", null="its map is its own"
    ),
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
    "advances": ADVANCES,
    "quality": QUALITY,
    "log": LOG,
}
"""Fields of every kind of record, by its name, optional ones included."""

REPORT: Mapping[str, Mapping[str, Field]] = {
    "areas": AREAS,
    "deltas": PERIOD | DELTAS,
    "region_areas": AREAS | REGION | LAND,
    "regions": DELTAS | REGION,
    "ground": GROUND,
    "settlements": SETTLEMENTS,
    "explain": EXPLAINED | DELTAS,
    "places": STATUS | RECENT,
    "claims": CLAIMS,
    "proximity": PROXIMITY | CLOSING | BEFORE,
    "within": WITHIN,
    "agreement": AGREEMENT,
    "notes": QUALITY,
    "snapshots": SNAPSHOTS,
    "sources": ORIGINS,
}
"""Fields of every table of a report, by its name."""

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

    Parameters
    ----------
    columns : iterable of str
        Names of the fields, in any order.

    Returns
    -------
    str
        A name in `RECORDS`: of several that fit, the one of fewest fields.

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
