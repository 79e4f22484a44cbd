"""Where two sources differ, as a folium layer."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any, NamedTuple

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geofront._languages import day_text
from geofront._pairs import SourcePair, pair_on
from geofront._split import common_coverage
from geofront._words import counted
from geofront.agreement import agreement
from geofront.cadence import Look
from geofront.days import Day
from geofront.disputes import NARROW_M, disputed
from geofront.geography import territory
from geofront.history import History
from geofront.maps import palette
from geofront.maps.base import Bounds, base_map, draw
from geofront.maps.layers import map_places
from geofront.maps.naming import attribution, source_title
from geofront.maps.panel import Entry, Furniture, Panel
from geofront.maps.text import escape
from geofront.sources import SOURCES

__all__ = ["Dispute", "Kind", "disputes_page", "map_agreement", "names_of"]

_LEAST_KM2 = 0.05
"""Less reads as nothing."""

_MOST = 0.8
"""Share of what is disputed that a map shows at first."""

_STATES = {
    "occupied": "occupied",
    "grey_zone": "grey zone",
    "held": "held",
    "not_occupied": "not occupied",
}


class Kind(NamedTuple):
    """Disputed land of one kind: who maps it as what."""

    style: str
    label: str
    polygons: gpd.GeoDataFrame

    @property
    def entry(self) -> str:
        """What a legend says of it."""
        return f"{self.label}: {_km2(self.polygons['area_km2'].sum())}"

    def parts(self) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
        """Broad polygons, and strips as good as a line drawn twice."""
        is_narrow = self.polygons["mean_width_m"] < NARROW_M
        return self.polygons[~is_narrow], self.polygons[is_narrow]


class Dispute(NamedTuple):
    """What a picture of two sources on one day shows, and says."""

    pair: SourcePair
    figures: "pd.Series[Any]"
    agreed: BaseGeometry
    coverage: BaseGeometry | None
    kinds: list[Kind]
    lines: list[str]

    @classmethod
    def on(cls, a: History, b: History, day: Day) -> "Dispute":
        """What two sources show at the end of a day."""
        pair = pair_on(a, b, day)
        one, other = pair.snapshots
        polygons = disputed(a, b, day)
        figures = agreement(a, b, at=day).iloc[0]
        kinds = list(_kinds(pair, polygons[polygons["on_land"]]))
        both = shapely.intersection(one.occupied, other.occupied)
        return cls(
            pair,
            figures,
            shapely.intersection(both, territory()),
            common_coverage(one.coverage, other.coverage),
            kinds,
            list(_told(pair, polygons)),
        )

    @property
    def title(self) -> str:
        """What is shown."""
        return f"Where the sources differ, {day_text(self.pair.a.date)}"

    @property
    def both_label(self) -> str:
        """What is said of the land that both map as occupied."""
        size = self.figures["both_occupied_land_km2"]
        return f"both map as occupied: {_km2(float(size))}"

    @property
    def bounds(self) -> Bounds:
        """Around the largest that make four fifths of what is disputed."""
        if not self.kinds:
            return (self.coverage or territory()).bounds
        land = pd.concat([kind.polygons for kind in self.kinds])
        land = land.sort_values("area_km2", ascending=False)
        sizes = land["area_km2"].to_numpy()
        kept = np.cumsum(sizes) - sizes < _MOST * sizes.sum()
        west, south, east, north = land[kept].total_bounds.tolist()
        x, y = 0.05 * (east - west) + 0.02, 0.05 * (north - south) + 0.02
        return west - x, south - y, east + x, north + y


def names_of(pair: SourcePair) -> tuple[str, str]:
    """The sources; the snapshots' ids where these are of one source."""
    one, other = pair.snapshots
    if one.source == other.source:
        return one.id, other.id
    return one.source, other.source


def _kinds(pair: SourcePair, land: gpd.GeoDataFrame) -> Iterator[Kind]:
    """Disputed land by who maps it as occupied."""
    one, other = names_of(pair)
    by_a, by_b = (land[f"{side}_state"] == "occupied" for side in "ab")
    for style, label, own in (
        ("a_only", f"only {one} maps as occupied", by_a),
        ("b_only", f"only {other} maps as occupied", by_b),
        ("grey_zone", "grey zone on one map only", ~by_a & ~by_b),
    ):
        if own.any():
            yield Kind(style, label, land[own])


def _told(pair: SourcePair, polygons: gpd.GeoDataFrame) -> Iterator[str]:
    """What is compared, what is not drawn, whence it is."""
    lacking = {
        item.source for item in pair.snapshots if not item.draws_grey_zone
    }
    if lacking:
        yield (
            f"No grey zone on the map of {' and '.join(sorted(lacking))}: "
            "compared is occupied or not occupied."
        )
    yield from _of_grey_zones(pair, polygons[polygons["on_land"]])
    yield from _left_out(polygons)
    for look in pair:
        carried = ", carried forward" if look.carried else ""
        title, moment = source_title(look.snapshot), _moment(look)
        yield f"{look.snapshot.source}: {title}, {moment}{carried}."
    yield from dict.fromkeys(
        note.detail.rstrip(".") + "."
        for snapshot in pair.snapshots
        for note in snapshot.notes
        if note.kind == "remark"
    )
    if any(snapshot.source in SOURCES for snapshot in pair.snapshots):
        yield (
            "The sources' polygons are republished here under their own terms."
        )


def _moment(look: Look) -> str:
    """When what is shown was published."""
    return f"{look.snapshot.published_at:%Y-%m-%d %H:%M} UTC"


def _of_grey_zones(pair: SourcePair, land: gpd.GeoDataFrame) -> Iterator[str]:
    """How much of what one maps as occupied is the other's grey zone."""
    for (one, own), (other, theirs) in permutations(
        zip(names_of(pair), "ab", strict=True)
    ):
        rows = land[
            (land[f"{own}_state"] == "occupied")
            & (land[f"{theirs}_state"] == "grey_zone")
        ]
        if len(rows):
            yield (
                f"Of what only {one} maps as occupied, "
                f"{_km2(rows['area_km2'].sum())} are grey zone on the map of "
                f"{other}."
            )


def _left_out(polygons: gpd.GeoDataFrame) -> Iterator[str]:
    """What is disputed off the land, and how much is narrow."""
    off_km2 = polygons[~polygons["on_land"]]["area_km2"].sum()
    if off_km2 >= _LEAST_KM2:
        yield (
            f"Off the land, {_km2(off_km2)} differ, where coasts and bays are "
            "drawn otherwise: not shown."
        )
    narrow = polygons[
        polygons["on_land"] & (polygons["mean_width_m"] < NARROW_M)
    ]
    if len(narrow):
        yield (
            f"Of the disputed land, {_km2(narrow['area_km2'].sum())} lie in "
            f"{counted(len(narrow), 'strip')} less than {NARROW_M:g} m wide."
        )


def _km2(size: float) -> str:
    """Area in words, which a line does not part from its unit."""
    return f"{size:,.1f}\N{NO-BREAK SPACE}km²"


def map_agreement(a: History, b: History, day: Day) -> folium.FeatureGroup:
    """Layer of where two sources differ on one day, with its legend.

    Parameters
    ----------
    a, b : History
        Of two sources.
    day : str or datetime.date

    Returns
    -------
    folium.FeatureGroup
        To be added to any ``folium.Map``.  Shown is the land; the legend
        says how much differs off it.

    Raises
    ------
    MissingDateError
        If a source does not speak for that day.
    InvalidBoundaryError
        If the sources cover no common ground.

    Examples
    --------
    >>> import geofront as gf
    >>> history = gf.example_history()
    >>> page = gf.base_map(history[0].coverage.bounds)
    >>> layer = gf.map_agreement(history, history, "2025-02-24").add_to(page)
    """
    return _layer(Dispute.on(a, b, day))


def _layer(shown: Dispute) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name=escape(shown.title))
    group.add_child(Furniture())
    owners = dict.fromkeys(map(attribution, shown.pair.snapshots))
    draw(
        shown.agreed,
        "agreed",
        name="both map as occupied",
        attribution=escape("; ".join(owners)),
    ).add_to(group)
    if shown.coverage is not None:
        draw(shown.coverage, "coverage", name="coverage").add_to(group)
    entries = [Entry(palette.key(palette.STYLES["agreed"]), shown.both_label)]
    for kind in shown.kinds:
        _draw_kind(group, kind, shown.pair)
        entries.append(
            Entry(
                palette.key(palette.STYLES[kind.style]),
                kind.entry,
            )
        )
    group.add_child(Panel(shown.title, entries, shown.lines))
    return group


def _draw_kind(
    group: folium.FeatureGroup, kind: Kind, pair: SourcePair
) -> None:
    """Broad polygons one by one, with what they are; strips together."""
    one, other = names_of(pair)
    broad, narrow = kind.parts()
    for row in broad.itertuples():
        said = (
            f"{one}: {_STATES[row.a_state]}; {other}: {_STATES[row.b_state]}; "
            f"{row.area_km2:,.2f} km²"
        )
        _draw(group, row.geometry, kind, said)
    if len(narrow):
        strips = shapely.multipolygons(narrow.geometry.to_numpy())
        said = f"{kind.label}: less than {NARROW_M:g} m wide"
        _draw(group, strips, kind, said, weight=0)


def _draw(
    group: folium.FeatureGroup,
    ground: BaseGeometry,
    kind: Kind,
    said: str,
    **path: float,
) -> None:
    draw(
        ground,
        {**palette.STYLES[kind.style], **path},
        name=kind.label,
        tooltip=said,
        pane="geofront-change",
    ).add_to(group)


def disputes_page(a: History, b: History, day: Day) -> folium.Map:
    """Page of where two sources differ, with the built-in places."""
    shown = Dispute.on(a, b, day)
    layer = _layer(shown)
    page = base_map(shown.bounds, title=layer.layer_name)
    layer.add_to(page)
    map_places().add_to(page)
    return page
