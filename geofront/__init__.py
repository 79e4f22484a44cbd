"""geofront: a war's front line measured from open sources.

Polygons of occupied, grey-zone and held territory, versioned by date and
source; how their areas change, how near they come to places, and maps of
them.
"""

import importlib
from typing import TYPE_CHECKING, Any

from geofront import places
from geofront.change import Delta, areas, delta, deltas
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
from geofront.sources import example_history
from geofront.store import Store

if TYPE_CHECKING:
    from geofront.maps import (
        FrontMap,
        base_map,
        map_delta,
        map_places,
        map_snapshot,
    )

__version__ = "0.1.0"

_MAPS = ("FrontMap", "base_map", "map_delta", "map_places", "map_snapshot")

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
    "Snapshot",
    "SourceError",
    "Store",
    "StoreCorruptError",
    "StoreError",
    "UnknownPlaceError",
    "areas",
    "base_map",
    "delta",
    "deltas",
    "example_history",
    "front_line",
    "ingest",
    "load_places",
    "map_delta",
    "map_places",
    "map_snapshot",
    "oblasts",
    "open_history",
    "places",
    "proximity",
    "settlements",
    "territory",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *_MAPS})


def __getattr__(name: str) -> Any:
    """Import folium only when a map is asked for."""
    if name in _MAPS:
        return getattr(importlib.import_module("geofront.maps"), name)
    raise AttributeError(f"module 'geofront' has no attribute {name!r}")
