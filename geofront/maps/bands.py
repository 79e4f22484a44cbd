"""Settlements near the front as a folium layer."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import folium
import pandas as pd

from geofront._given import as_bands
from geofront._languages import day_text
from geofront.maps import palette
from geofront.maps.panel import Entry, Furniture, Panel
from geofront.maps.text import escape
from geofront.within import BANDS_KM

__all__ = ["map_within"]


def map_within(
    settlements: pd.DataFrame, *, km: Sequence[float] | float | None = None
) -> folium.FeatureGroup:
    """Layer of the settlements near the front, by band, with its legend.

    Parameters
    ----------
    settlements : pandas.DataFrame
        As `geofront.settlements_within` gives them.
    km : number, or sequence of them, optional
        Widths of the bands; by default 5, 10 and 20 km, as far as the table
        reaches.

    Returns
    -------
    folium.FeatureGroup
        To be added to any ``folium.Map``.  What entered the widest band
        since the earlier day is drawn with a heavy rim.

    Raises
    ------
    ValueError
        If a band is wider than the table reaches or is no width, or there
        are more than four.

    Examples
    --------
    >>> import geofront as gf
    >>> near = gf.settlements_within(gf.example_history())
    >>> page = gf.base_map((37, 48, 39, 49))
    >>> layer = gf.map_within(near).add_to(page)
    """
    widest = settlements.attrs.get("km", BANDS_KM[-1])
    if km is None:
        km = [*(band for band in BANDS_KM if band < widest), widest]
    bands = sorted(as_bands("km", km))
    if bands[-1] > widest:
        raise ValueError(
            f"km={km}: the table holds settlements within {widest:g} km only"
        )
    if len(bands) > len(palette.BANDS):
        raise ValueError(
            f"km={km}: expected at most {len(palette.BANDS)} bands, whose "
            f"colours can be told apart, found {len(bands)}"
        )
    group = folium.FeatureGroup(name=escape("settlements near the front"))
    group.add_child(Furniture())
    near = settlements[settlements["front_km"] <= bands[-1]]
    counts = dict.fromkeys(bands, 0)
    is_compared = bool(near["compared_with"].notna().any())
    # The nearest last, on top of the others.
    for row in near.iloc[::-1].to_dict("records"):
        band = next(width for width in bands if row["front_km"] <= width)
        counts[band] += 1
        entered = is_compared and not row["front_km_before"] <= bands[-1]
        style = palette.band_style(bands.index(band), entered=entered)
        marker = folium.CircleMarker(
            (row["latitude"], row["longitude"]),
            radius=_radius(row["population_reference"]),
            tooltip=folium.Tooltip(escape(_text(row))),
            **style,
        )
        marker.options["pane"] = "geofront-places"
        marker.add_to(group)
    group.add_child(_panel(near, bands, counts))
    return group


def _radius(population: Any) -> float:
    """Pixels: the area of a circle follows the population."""
    known = 0.0 if pd.isna(population) else float(population)
    return float(min(3.0 + known**0.5 / 40.0, 14.0))


def _text(row: Mapping[Hashable, Any]) -> str:
    population = row["population_reference"]
    people = (
        "population not known"
        if pd.isna(population)
        else f"{population:,} before the war"
    )
    return (
        f"{row['place']}: {row['front_km']:,.1f} km from the front, {people}"
    )


def _panel(
    near: pd.DataFrame, bands: list[float], counts: dict[float, int]
) -> Panel:
    title = "Settlements near the front"
    if len(near):
        title += f", {day_text(near['date'].iloc[0].date())}"
    entries = [
        Entry(
            palette.key(palette.band_style(number)),
            f"within {band:g} km: {sum(list(counts.values())[: number + 1])}",
        )
        for number, band in enumerate(bands)
    ]
    return Panel(
        title,
        entries,
        ["Held side only. Populations are from before the war."],
    )
