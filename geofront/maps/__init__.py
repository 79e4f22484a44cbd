"""Maps: snapshots, changes and places drawn with folium.

The only part of geofront that imports folium.
"""

from geofront.maps.bands import map_within
from geofront.maps.base import base_map
from geofront.maps.layers import map_delta, map_places, map_snapshot
from geofront.maps.page import front_map

__all__ = [
    "base_map",
    "front_map",
    "map_delta",
    "map_places",
    "map_snapshot",
    "map_within",
]
