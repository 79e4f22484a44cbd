"""geofront: a war's front line measured from open sources.

Polygons of occupied, grey-zone and held territory, versioned by date and
source; how their areas change, how near they come to places, and maps of
them.
"""

import importlib
from typing import TYPE_CHECKING, Any

from geofront import places
from geofront.change import Delta, areas, delta, deltas
from geofront.claims import assess_claims, read_claims
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
from geofront.front import front_line
from geofront.geography import oblasts, settlements, territory
from geofront.history import History
from geofront.model import ControlState, Note, Snapshot
from geofront.opening import ingest, open_history
from geofront.place import Place
from geofront.places import load_places
from geofront.proximity import proximity
from geofront.regions import load_regions
from geofront.sensitivity import sensitivity
from geofront.settlement_changes import settlements_changed
from geofront.sources import example_history, read_viina
from geofront.status import place_events, place_status
from geofront.store import Store

if TYPE_CHECKING:
    from geofront.fetching import fetch
    from geofront.maps import (
        base_map,
        front_map,
        map_delta,
        map_places,
        map_snapshot,
    )

__version__ = "0.1.0"

# Only imported when asked for: folium, and what talks to servers.
_LATER = {
    "base_map": "geofront.maps",
    "fetch": "geofront.fetching",
    "front_map": "geofront.maps",
    "map_delta": "geofront.maps",
    "map_places": "geofront.maps",
    "map_snapshot": "geofront.maps",
}

__all__ = [
    "ControlState",
    "Delta",
    "DownloadError",
    "GeofrontError",
    "GeofrontWarning",
    "History",
    "InvalidBoundaryError",
    "MissingDateError",
    "Note",
    "Place",
    "RepairedBoundaryWarning",
    "Snapshot",
    "SourceError",
    "Store",
    "StoreCorruptError",
    "StoreError",
    "UnknownPlaceError",
    "areas",
    "assess_claims",
    "base_map",
    "delta",
    "deltas",
    "example_history",
    "fetch",
    "front_line",
    "front_map",
    "ingest",
    "load_places",
    "load_regions",
    "map_delta",
    "map_places",
    "map_snapshot",
    "oblasts",
    "open_history",
    "place_events",
    "place_status",
    "places",
    "proximity",
    "read_claims",
    "read_viina",
    "sensitivity",
    "settlements",
    "settlements_changed",
    "territory",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})


def __getattr__(name: str) -> Any:
    """Import what is heavy when it is asked for."""
    if name in _LATER:
        return getattr(importlib.import_module(_LATER[name]), name)
    raise AttributeError(f"module 'geofront' has no attribute {name!r}")
