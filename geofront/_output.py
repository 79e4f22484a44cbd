"""Tables and polygons on their way out of the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import click
import geopandas as gpd
import pandas as pd
from pyogrio.errors import DataSourceError

from geofront.records import plain_records

Format = Literal["table", "csv", "json"]

POLYGON_DRIVERS = {
    ".geojson": "GeoJSON",
    ".gpkg": "GPKG",
    ".kml": "KML",
    ".parquet": "GeoParquet",
}
"""Formats of polygons, by the suffix of the file."""

# A terminal is too narrow for every field: these are shown in a table.
AREAS_SHOWN = [
    "date",
    "carried",
    "occupied_km2",
    "grey_zone_km2",
    "held_km2",
    "occupied_share",
]
REGIONS_SHOWN = [
    "date",
    "carried",
    "region",
    "occupied_km2",
    "grey_zone_km2",
    "denominator_km2",
    "occupied_share",
    "held_land_km2",
    "occupied_land_share",
]
DELTAS_SHOWN = [
    "since",
    "until",
    "complete",
    "carried",
    "occupied_gained_km2",
    "occupied_lost_km2",
    "occupied_net_km2",
    "grey_zone_net_km2",
]
PROXIMITY_SHOWN = [
    "date",
    "place",
    "state",
    "occupied_km",
    "grey_zone_km",
    "front_km",
    "sector",
    "limited",
]

STATUS_SHOWN = [
    "date",
    "place",
    "state",
    "occupied_share",
    "grey_zone_share",
    "held_share",
    "uncertain",
]
EVENTS_SHOWN = [
    "place",
    "state",
    "since",
    "until",
    "first_touched_on",
    "not_before",
]
SETTLEMENTS_SHOWN = [
    "date",
    "place",
    "oblast",
    "from_state",
    "to_state",
    "population_reference",
]
CLAIMS_SHOWN = [
    "date",
    "place",
    "state",
    "claimant",
    "source",
    "map_state",
    "verdict",
    "lag_days",
]

CLOSING_SHOWN = ["closing_km_per_week", "closing_samples"]
WITHIN_SHOWN = [
    "date",
    "region",
    "band_km",
    "settlements",
    "population_reference",
    "entered",
    "left",
]
NEAR_SHOWN = [
    "place",
    "oblast",
    "raion",
    "population_reference",
    "front_km",
    "front_km_before",
]
LOG_SHOWN = [
    "recorded_at",
    "snapshot",
    "revision",
    "change",
    "occupied_km2",
    "occupied_change_km2",
    "grey_zone_km2",
    "grey_zone_change_km2",
]


def print_table(rows: pd.DataFrame, form: Format, shown: list[str]) -> None:
    """Print records on standard output.

    ``json`` and ``csv`` hold every field, unrounded; ``table`` those that
    are ``shown``, for people.
    """
    if form == "json":
        text = json.dumps(plain_records(rows), ensure_ascii=False, indent=1)
        click.echo(text)
    elif form == "csv":
        plain = pd.DataFrame(plain_records(rows), columns=rows.columns)
        click.echo(plain.to_csv(index=False), nl=False)
    elif rows.empty:
        click.echo("nothing to list")
    else:
        click.echo(_as_text(rows[shown]))


def write_polygons(frame: gpd.GeoDataFrame, output: Path) -> None:
    """Write polygons in the format that the file's suffix names."""
    driver = POLYGON_DRIVERS[output.suffix.lower()]
    if driver == "GeoParquet":
        frame.to_parquet(output)
        return
    plain = frame.copy()
    for name in frame.select_dtypes("datetime"):
        plain[name] = frame[name].dt.strftime("%Y-%m-%d")
    write_file(plain, output, driver)


def write_file(frame: gpd.GeoDataFrame, output: Path, driver: str) -> None:
    """Write polygons through GDAL.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    try:
        frame.to_file(output, driver=driver, engine="pyogrio")
    except DataSourceError as error:
        raise OSError(f"{output} cannot be written: {error}") from None


def _as_text(rows: pd.DataFrame) -> str:
    """Table for people: rounded, units in the header, yes for true."""
    text = rows.astype(object)
    for name in rows:
        formatted = rows[name].map(
            _formatter(str(name), rows[name]), na_action="ignore"
        )
        text[name] = formatted.astype(object).where(rows[name].notna(), "–")
    return text.to_string(index=False)


def _formatter(name: str, column: "pd.Series[Any]") -> Callable[[Any], str]:
    if column.dtype == bool:
        return lambda value: "yes" if value else ""
    if name.endswith("_at"):
        return lambda value: f"{value:%Y-%m-%d %H:%M}"
    if pd.api.types.is_datetime64_any_dtype(column):
        return lambda value: f"{value:%Y-%m-%d}"
    if not pd.api.types.is_float_dtype(column):
        return str
    if name.endswith("_share"):
        return "{:.2%}".format
    return (
        "{:+,.2f}"
        if "_net_" in name or name.startswith("closing")
        else "{:,.2f}"
    ).format
