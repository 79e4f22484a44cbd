"""Snapshots as rows of a GeoDataFrame, and back."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from geofront.errors import InvalidBoundaryError
from geofront.geodesy import area_km2

if TYPE_CHECKING:
    from geofront.model import Snapshot

CRS = "OGC:CRS84"
STATES = ("occupied", "grey_zone", "regained", "coverage")

_NEEDED = ("source", "published_at", "state")


def write(snapshots: "Iterable[Snapshot]") -> gpd.GeoDataFrame:
    """One row for each state that each snapshot draws."""
    rows = [
        {
            "source": snapshot.source,
            "published_at": pd.Timestamp(snapshot.published_at),
            "state": state,
            "area_km2": area_km2(getattr(snapshot, state)),
            "notes": json.dumps(snapshot.notes, ensure_ascii=False),
            "geometry": getattr(snapshot, state),
        }
        for snapshot in snapshots
        for state in STATES
        if getattr(snapshot, state) is not None
    ]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)


def read(frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Arguments of the snapshots that a frame's rows make up."""
    _check(frame)
    snapshots = []
    for (source, moment), rows in frame.groupby(["source", "published_at"]):
        states = {
            state: list(members.geometry)
            for state, members in rows.groupby("state")
        }
        notes = json.loads(rows["notes"].iloc[0]) if "notes" in rows else []
        snapshots.append(
            {
                "source": source,
                "published_at": pd.Timestamp(moment).to_pydatetime(),
                "occupied": states.pop("occupied", []),
                **states,
                "notes": notes,
            }
        )
    return snapshots


def _check(frame: gpd.GeoDataFrame) -> None:
    missing = [name for name in _NEEDED if name not in frame.columns]
    if getattr(frame, "active_geometry_name", None) is None:
        missing.append("geometry")
    if missing:
        raise InvalidBoundaryError(
            f"the frame has no column {', '.join(missing)}: expected "
            + ", ".join(_NEEDED)
            + " and a geometry"
        )
    for name in _NEEDED:
        if frame[name].isna().any():
            raise InvalidBoundaryError(
                f"{int(frame[name].isna().sum())} rows have no {name}: "
                "expected one in every row"
            )
    if frame.crs is None or not frame.crs.equals(CRS, ignore_axis_order=True):
        raise InvalidBoundaryError(
            f"the frame is in {frame.crs}: expected {CRS} "
            f'(frame.to_crs("{CRS}") brings it there)'
        )
    unknown = sorted(set(frame["state"]) - set(STATES))
    if unknown:
        raise InvalidBoundaryError(
            f"unknown states {', '.join(map(repr, unknown))}: expected "
            + ", ".join(STATES)
        )
