"""Figures of what changed over time, for print and for notebooks.

Each function takes a table of geofront's and returns a matplotlib figure;
none shows or saves it (see `save`).  Lines differ by more than their colour
and fills by more than their hue, so that greyscale print keeps them apart.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from geofront._figures import (
    BOTTOM,
    BREAK_KM2,
    FAINT,
    INK,
    LEFT,
    Size,
    add_axes,
    alt_text,
    breaks_told,
    check,
    figure,
    mark_breaks,
    origin,
    plain,
    save,
    tidy,
    told,
)
from geofront._place_charts import distance_chart, timeline_chart
from geofront._static_agreement import agreement_map
from geofront._static_map import static_map
from geofront._words import printable
from geofront.maps import palette

__all__ = [
    "agreement_map",
    "alt_text",
    "area_chart",
    "distance_chart",
    "region_chart",
    "save",
    "static_map",
    "timeline_chart",
    "transition_chart",
]


def area_chart(
    areas: pd.DataFrame, deltas: pd.DataFrame, *, size: Size = (8.0, 5.2)
) -> Figure:
    """Occupied area as a line, and its net change as bars beneath.

    Parameters
    ----------
    areas, deltas : pandas.DataFrame
        As `geofront.areas` and `geofront.deltas` give them.
    size : (width, height)
        In inches.

    Returns
    -------
    matplotlib.figure.Figure
        The axis of the line does not begin at zero, and says so.  Dashed
        lines mark steps in which method breaks put 1 km² or more in doubt.

    Raises
    ------
    ValueError
        If a table is empty.
    """
    check(areas)
    check(deltas)
    cadence = deltas["cadence"].iloc[0]
    drawn = figure(
        "Occupied area",
        f"Square kilometres; beneath, net change a {cadence}",
        origin(areas),
        size,
    )
    upper, lower = _two_axes(drawn)
    upper.plot(
        areas["date"],
        areas["occupied_km2"],
        color=palette.OCCUPIED,
        linewidth=2.0,
        drawstyle="steps-post",
    )
    upper.yaxis.set_major_formatter("{x:,.0f}")
    upper.text(
        0.0,
        1.03,
        "the axis does not begin at zero",
        transform=upper.transAxes,
        fontsize=8,
        color=FAINT,
    )
    last = areas["occupied_km2"].iloc[-1]
    upper.annotate(
        f"{last:,.0f}",
        (areas["date"].iloc[-1], last),
        xytext=(5, 0),
        textcoords="offset points",
        color=palette.OCCUPIED,
        fontsize=9,
        fontweight="bold",
        verticalalignment="center",
    )
    _bars(lower, deltas)
    for axes in (upper, lower):
        tidy(axes)
    broken = deltas[deltas["break_km2"] >= BREAK_KM2]
    middle = broken["since"] + (broken["until"] - broken["since"]) / 2
    mark_breaks(upper, middle)
    mark_breaks(lower, middle, key=False)
    upper.tick_params(axis="x", labelbottom=False)
    line = areas.set_index("date")["occupied_km2"]
    net = deltas["occupied_net_km2"]
    drawn.set_label(
        f"Occupied area: {told({'occupied area': line}, 'km²')} Net change "
        f"{net.sum():+,.1f} km², the largest a {cadence} {net.max():+,.1f}, "
        f"the least {net.min():+,.1f}." + breaks_told(broken["until"])
    )
    return drawn


def _two_axes(drawn: Figure) -> tuple[Axes, Axes]:
    upper = add_axes(drawn, right=0.75, bottom=2.1)
    _, height = drawn.get_size_inches()
    box = upper.get_position()
    lower = drawn.add_axes(
        (box.x0, BOTTOM / height, box.width, 1.2 / height), sharex=upper
    )
    return upper, lower


def _bars(axes: Axes, deltas: pd.DataFrame) -> None:
    """Net change of each step, as wide as the step."""
    days = (deltas["until"] - deltas["since"]).dt.days
    net = deltas["occupied_net_km2"]
    axes.bar(
        deltas["since"],
        net,
        width=np.maximum(days * 0.86, 0.5),
        align="edge",
        color=np.where(net >= 0, palette.OCCUPIED, palette.REGAINED),
        edgecolor=np.where(net >= 0, "none", INK),
        linewidth=np.where(net >= 0, 0.0, 0.5),
    )
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.yaxis.set_major_formatter(_signed)


def _signed(value: float, _: float) -> str:
    return f"{value:+,.0f}" if round(value) else "0"


# Gains of the occupier above zero, losses below; hatches for greyscale.
_STACK = (
    ("grey_zone_to_occupied_km2", 1, "grey zone → occupied", ""),
    ("held_to_occupied_km2", 1, "held → occupied", "////"),
    ("occupied_to_grey_zone_km2", -1, "occupied → grey zone", "...."),
    ("occupied_to_held_km2", -1, "occupied → held", "\\\\\\\\"),
)


def transition_chart(
    deltas: pd.DataFrame, *, size: Size = (8.0, 4.8)
) -> Figure:
    """What was occupied and what was lost again, stacked by its origin.

    Parameters
    ----------
    deltas : pandas.DataFrame
        As `geofront.deltas` gives it; steps of a week or a month read best.
    size : (width, height)
        In inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the table is empty.
    """
    check(deltas)
    cadence = deltas["cadence"].iloc[0]
    drawn = figure(
        "Occupied ground gained and lost",
        f"Square kilometres a {cadence}, by the state before and after",
        f"{origin(deltas)} Gross figures compare the ends of each {cadence}.",
        size,
    )
    axes = add_axes(drawn, bottom=0.95)
    days = (deltas["until"] - deltas["since"]).dt.days
    base = {1: np.zeros(len(deltas)), -1: np.zeros(len(deltas))}
    words = []
    for name, sign, label, hatch in _STACK:
        height = sign * deltas[name].fillna(0.0).to_numpy(float)
        before, after = name.removesuffix("_km2").split("_to_")
        fill, rim = palette.CHANGE[before, after]
        axes.bar(
            deltas["since"],
            height,
            bottom=base[sign],
            width=np.maximum(days * 0.84, 0.5),
            align="edge",
            color=fill,
            edgecolor=rim if not hatch else "white",
            linewidth=0.4,
            hatch=hatch,
            label=label,
        )
        base[sign] += height
        words.append(f"{label} {abs(height.sum()):,.1f} km²")
    axes.axhline(0, color=INK, linewidth=0.9)
    axes.yaxis.set_major_formatter(_signed)
    tidy(axes)
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.09),
        ncols=4,
        frameon=False,
        fontsize=9,
        handlelength=1.6,
        columnspacing=1.4,
    )
    drawn.set_label(f"Occupied ground gained and lost: {'; '.join(words)}.")
    return drawn


def region_chart(
    deltas: pd.DataFrame,
    *,
    measure: str = "occupied_net_km2",
    columns: int = 3,
    size: Size | None = None,
) -> Figure:
    """Small multiples: change in each region, all on one scale.

    Parameters
    ----------
    deltas : pandas.DataFrame
        As `geofront.deltas` gives it with ``by=``: with a ``region``.
    measure : str
        Field to draw.
    columns : int
        Charts beside each other.
    size : (width, height), optional
        In inches; by default as high as the regions need.

    Returns
    -------
    matplotlib.figure.Figure
        Regions in which nothing happened are left out, and named beneath.

    Raises
    ------
    ValueError
        If the table is empty or has no regions.
    """
    if "region" not in deltas:
        raise ValueError("expected a table with a column 'region'")
    total = deltas.groupby("region", sort=False)[measure].agg(
        lambda values: values.abs().sum()
    )
    shown = total[total > 0.05].sort_values(ascending=False).index
    table = deltas[deltas["region"].isin(shown)]
    check(table)
    rows = -(-len(shown) // columns)
    size = size or (8.0, 1.6 + 1.5 * rows)
    cadence = deltas["cadence"].iloc[0]
    drawn = figure(
        "Change by region",
        f"Occupied area, net, square kilometres a {cadence}; one scale",
        origin(table),
        size,
    )
    grid = drawn.add_gridspec(
        rows,
        columns,
        left=LEFT / size[0],
        right=1.0 - 0.25 / size[0],
        top=1.0 - 1.1 / size[1],
        bottom=0.62 / size[1],
        hspace=0.55,
        wspace=0.16,
    )
    first: Axes | None = None
    words = []
    for number, name in enumerate(shown):
        cell = grid[number // columns, number % columns]
        axes = drawn.add_subplot(cell, sharex=first, sharey=first)
        first = first or axes
        own = table[table["region"] == name]
        _bars(axes, own.assign(occupied_net_km2=own[measure]))
        tidy(axes, ticks=4)
        net = own[measure].sum()
        axes.set_title(
            f"{plain(name)}  {net:+,.0f} km²",
            fontsize=9.5,
            loc="left",
            color=INK,
        )
        axes.tick_params(labelleft=number % columns == 0, labelsize=8)
        axes.tick_params(labelbottom=number + columns >= len(shown))
        words.append(f"{printable(str(name))} {net:+,.1f} km²")
    drawn.set_label(f"Change by region: net {'; '.join(words)}.")
    return drawn
