"""geofront: a war's front line measured from open sources.

Polygons of occupied, grey-zone and held territory, versioned by date and
source; how their areas change, how near they come to places, and maps of
them.
"""

import importlib
from typing import TYPE_CHECKING, Any

from geofront import places
from geofront.advances import advances
from geofront.agreement import agreement
from geofront.change import Delta, areas, delta, deltas
from geofront.claims import assess_claims, read_claims
from geofront.disputes import disputed
from geofront.errors import (
    DownloadError,
    GeofrontError,
    GeofrontWarning,
    InvalidBoundaryError,
    MissingDateError,
    RepairedBoundaryWarning,
    SourceError,
    StoreCorruptError,
    StoreError,
    UnknownPlaceError,
)
from geofront.explain import explain
from geofront.front import front_length, front_line
from geofront.geography import oblasts, settlements, territory
from geofront.history import History
from geofront.model import ControlState, Note, Snapshot
from geofront.opening import ingest, open_history
from geofront.place import Place
from geofront.places import load_places
from geofront.proximity import proximity
from geofront.quality import quality
from geofront.regions import load_regions
from geofront.report import Report, report
from geofront.sectors import sectors
from geofront.sensitivity import sensitivity
from geofront.settlement_changes import settlements_changed
from geofront.settlement_disputes import settlements_disputed
from geofront.sources import example_history, read_viina
from geofront.status import place_events, place_status
from geofront.store import Store
from geofront.within import settlements_within, within

if TYPE_CHECKING:
    from geofront import charts as charts
    from geofront.fetching import fetch
    from geofront.maps import (
        FrontMap,
        base_map,
        map_agreement,
        map_delta,
        map_places,
        map_snapshot,
        map_within,
    )

__version__ = "0.1.0"

# Only imported when asked for: matplotlib, folium, what talks to servers.
_LATER = {
    "FrontMap": "geofront.maps",
    "base_map": "geofront.maps",
    "fetch": "geofront.fetching",
    "map_agreement": "geofront.maps",
    "map_delta": "geofront.maps",
    "map_places": "geofront.maps",
    "map_snapshot": "geofront.maps",
    "map_within": "geofront.maps",
}

__all__ = [
    "ControlState",
    "Delta",
    "DownloadError",
    "FrontMap",
    "GeofrontError",
    "GeofrontWarning",
    "History",
    "InvalidBoundaryError",
    "MissingDateError",
    "Note",
    "Place",
    "RepairedBoundaryWarning",
    "Report",
    "Snapshot",
    "SourceError",
    "Store",
    "StoreCorruptError",
    "StoreError",
    "UnknownPlaceError",
    "advances",
    "agreement",
    "areas",
    "assess_claims",
    "base_map",
    "delta",
    "deltas",
    "disputed",
    "example_history",
    "explain",
    "fetch",
    "front_length",
    "front_line",
    "ingest",
    "load_places",
    "load_regions",
    "map_agreement",
    "map_delta",
    "map_places",
    "map_snapshot",
    "map_within",
    "oblasts",
    "open_history",
    "place_events",
    "place_status",
    "places",
    "proximity",
    "quality",
    "read_claims",
    "read_viina",
    "report",
    "sectors",
    "sensitivity",
    "settlements",
    "settlements_changed",
    "settlements_disputed",
    "settlements_within",
    "territory",
    "within",
]


def __dir__() -> list[str]:
    """What is for users: not the modules that the package is made of."""
    return sorted({*__all__, *_LATER, "charts", "__version__"})


def __getattr__(name: str) -> Any:
    """Import what is heavy when it is asked for."""
    if name == "charts":
        return importlib.import_module("geofront.charts")
    if name in _LATER:
        return getattr(importlib.import_module(_LATER[name]), name)
    raise AttributeError(f"module 'geofront' has no attribute {name!r}")
