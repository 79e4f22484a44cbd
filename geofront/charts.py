"""Figures of what changed over time, for print and for notebooks.

Each function takes a table of geofront's and returns a matplotlib figure;
none shows or saves it (see `save`).  Lines differ by more than their colour
and fills by more than their hue, so that greyscale print keeps them apart.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from geofront._figures import (
    FAINT,
    INK,
    alt_text,
    day_text,
    figure,
    plain,
    save,
    tidy,
)
from geofront._static_map import static_map
from geofront._words import printable
from geofront.maps import palette

__all__ = [
    "alt_text",
    "area_chart",
    "distance_chart",
    "region_chart",
    "save",
    "static_map",
    "timeline_chart",
    "transition_chart",
]

Size = tuple[float, float]

_COLOURS = ("#D55E00", "#0072B2", "#1A1A1A", "#009E73", "#CC79A7", "#8C6D00")
_DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (5, 1.5, 1.5, 1.5)))

# What the axes leave free around them, in inches.
_LEFT, _TOP, _BOTTOM = 0.7, 0.85, 0.62

_DISTANCES = {
    "occupied_km": "nearest occupied point",
    "front_km": "front line",
    "grey_zone_km": "grey zone",
    "centre_occupied_km": "nearest occupied point, from the centre",
    "centre_front_km": "front line, from the centre",
}


def distance_chart(
    proximity: pd.DataFrame,
    *,
    measure: str = "occupied_km",
    size: Size = (8.0, 4.6),
) -> Figure:
    """Distance to the front over time, a line a place.

    Parameters
    ----------
    proximity : pandas.DataFrame
        As `geofront.proximity` gives it.
    measure : str
        Field to draw: ``occupied_km``, ``front_km``, ``grey_zone_km``,
        ``centre_occupied_km`` or ``centre_front_km``.
    size : (width, height)
        In inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the table is empty or ``measure`` is none of these.
    """
    _check(proximity)
    if measure not in _DISTANCES:
        raise ValueError(
            f"measure={measure!r}: expected one of {', '.join(_DISTANCES)}"
        )
    drawn = figure(
        "Distance to the front",
        f"Kilometres to the {_DISTANCES[measure]}",
        _origin(proximity),
        size,
    )
    lines = {
        str(name): group.set_index("date")[measure]
        for name, group in proximity.groupby("place", sort=False)
    }
    longest = max(len(_short(name)) for name in lines)
    axes = _axes(drawn, right=0.75 + 0.076 * longest)
    ends = []
    for number, (name, line) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        axes.plot(
            line.index,
            line,
            color=colour,
            linestyle=_DASHES[number // 2 % len(_DASHES)],
            linewidth=1.9,
            drawstyle="steps-post",
        )
        known = line.dropna()
        if len(known):
            label = f"{_short(name)}  {known.iloc[-1]:.1f}"
            ends.append((float(known.iloc[-1]), label, colour))
    axes.set_ylim(bottom=0)
    axes.margins(x=0)
    tidy(axes)
    _label_ends(axes, ends)
    drawn.set_label(f"Distance to the front: {_told(lines, 'km')}")
    return drawn


def _check(table: pd.DataFrame) -> None:
    if table.empty:
        raise ValueError("expected a table with rows, found none")


def _short(name: str) -> str:
    return plain(name.removesuffix(" agglomeration"))


def _origin(table: pd.DataFrame) -> str:
    """Whence a table is, for the line beneath a figure."""
    days = "date" if "date" in table else "until"
    last = day_text(table[days].iloc[-1].date())
    return (
        f"Source: {table['source'].iloc[0]}, to {last}. Measured by geofront."
    )


def _axes(
    drawn: Figure, *, right: float = 0.3, bottom: float = _BOTTOM
) -> Axes:
    width, height = drawn.get_size_inches()
    return drawn.add_axes(
        (
            _LEFT / width,
            bottom / height,
            1.0 - (_LEFT + right) / width,
            1.0 - (_TOP + bottom) / height,
        )
    )


def _label_ends(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Names at the right ends of lines, moved apart where they collide."""
    low, high = axes.get_ylim()
    height = _inches_high(axes)
    step = (high - low) * 0.165 / height
    ordered = sorted(ends)
    places = _apart([value for value, _, _ in ordered], step, high)
    for (value, text, colour), place in zip(ordered, places, strict=True):
        axes.annotate(
            text,
            (1.0, value),
            xytext=(1.035, place),
            xycoords=("axes fraction", "data"),
            textcoords=("axes fraction", "data"),
            color=colour,
            fontsize=9,
            verticalalignment="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "linewidth": 0.6,
                "relpos": (0.0, 0.5),
                "shrinkA": 0,
                "shrinkB": 1,
            },
        )


def _inches_high(axes: Axes) -> float:
    return float(axes.bbox.height / axes.figure.dpi)


def _apart(values: Sequence[float], step: float, high: float) -> list[float]:
    """Rising values moved apart by a step at least, none above a limit."""
    moved = list(values)
    for number in range(1, len(moved)):
        moved[number] = max(moved[number], moved[number - 1] + step)
    top = high
    for number in reversed(range(len(moved))):
        moved[number] = min(moved[number], top)
        top = moved[number] - step
    return moved


def _told(lines: dict[str, "pd.Series[Any]"], unit: str) -> str:
    """First and last value of each line, in words."""
    parts = []
    for name, line in lines.items():
        known = line.dropna()
        if len(known):
            since, until = (day_text(known.index[i].date()) for i in (0, -1))
            parts.append(
                f"{printable(name)} from {known.iloc[0]:,.1f} {unit} on "
                f"{since} to {known.iloc[-1]:,.1f} {unit} on {until}"
            )
    return "; ".join(parts) + "."


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
        The axis of the line does not begin at zero, and says so.

    Raises
    ------
    ValueError
        If a table is empty.
    """
    _check(areas)
    _check(deltas)
    cadence = deltas["cadence"].iloc[0]
    drawn = figure(
        "Occupied area",
        f"Square kilometres; beneath, net change a {cadence}",
        _origin(areas),
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
    upper.tick_params(axis="x", labelbottom=False)
    line = areas.set_index("date")["occupied_km2"]
    net = deltas["occupied_net_km2"]
    drawn.set_label(
        f"Occupied area: {_told({'occupied area': line}, 'km²')} Net change "
        f"{net.sum():+,.1f} km², the largest a {cadence} {net.max():+,.1f}, "
        f"the least {net.min():+,.1f}."
    )
    return drawn


def _two_axes(drawn: Figure) -> tuple[Axes, Axes]:
    upper = _axes(drawn, right=0.75, bottom=2.1)
    _, height = drawn.get_size_inches()
    box = upper.get_position()
    lower = drawn.add_axes(
        (box.x0, _BOTTOM / height, box.width, 1.2 / height), sharex=upper
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
    _check(deltas)
    cadence = deltas["cadence"].iloc[0]
    drawn = figure(
        "Occupied ground gained and lost",
        f"Square kilometres a {cadence}, by the state before and after",
        f"{_origin(deltas)} Gross figures compare the ends of each {cadence}.",
        size,
    )
    axes = _axes(drawn, bottom=0.95)
    days = (deltas["until"] - deltas["since"]).dt.days
    base = {1: np.zeros(len(deltas)), -1: np.zeros(len(deltas))}
    told = []
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
        told.append(f"{label} {abs(height.sum()):,.1f} km²")
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
    drawn.set_label(f"Occupied ground gained and lost: {'; '.join(told)}.")
    return drawn


_STATES = {
    "occupied": (palette.OCCUPIED, "", "occupied"),
    "grey_zone": ("#FFFFFF", "//////", "grey zone"),
    "held": ("#E3EDF5", "", "held"),
    None: ("#FFFFFF", "", "not known"),
}


def timeline_chart(
    states: pd.DataFrame, *, size: Size | None = None
) -> Figure:
    """State of places over time, a bar a place.

    Parameters
    ----------
    states : pandas.DataFrame
        With ``date, place, state, source``, as `geofront.proximity` and
        `geofront.place_status` give them; places without a state at the
        centre, as agglomerations are, are left out.
    size : (width, height), optional
        In inches; by default as high as the places need.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the table holds no state.
    """
    known = states.groupby("place", sort=False)["state"].transform("count")
    kept = states[known > 0]
    _check(kept)
    rows = {
        str(name): group.set_index("date")["state"]
        for name, group in kept.groupby("place", sort=False)
    }
    drawn = figure(
        "Who controls the centre",
        "State of each place's centre, day by day",
        _origin(kept),
        size or (8.0, 1.9 + 0.34 * len(rows)),
    )
    axes = _axes(drawn, bottom=0.98)
    for number, line in enumerate(rows.values()):
        for since, until, state in _runs(line):
            fill, hatch, _ = _STATES[state]
            axes.barh(
                number,
                until - since,
                left=since,
                height=0.66,
                color=fill,
                hatch=hatch,
                edgecolor=palette.GREY_ZONE,
                linewidth=0.5,
            )
    axes.set_yticks(range(len(rows)), [_short(name) for name in rows])
    axes.invert_yaxis()
    _fit_labels(drawn, axes)
    tidy(axes)
    axes.grid(visible=False)
    axes.margins(x=0)
    _state_key(
        axes, {state for line in rows.values() for state in _named(line)}
    )
    drawn.set_label(
        "Who controls the centre: "
        + "; ".join(f"{printable(n)} {_history(r)}" for n, r in rows.items())
        + "."
    )
    return drawn


def _named(line: "pd.Series[Any]") -> list[str | None]:
    return [None if pd.isna(state) else str(state) for state in line]


def _runs(line: "pd.Series[Any]") -> list[tuple[Any, Any, str | None]]:
    """Stretches of one state: since, until, state."""
    states, found = _named(line), []
    first = 0
    for number in range(1, len(states) + 1):
        if number == len(states) or states[number] != states[first]:
            last = line.index[min(number, len(states) - 1)]
            found.append((line.index[first], last, states[first]))
            first = number
    # The last day is as wide as any other.
    since, until, state = found[-1]
    return [*found[:-1], (since, until + pd.Timedelta(days=1), state)]


def _history(line: "pd.Series[Any]") -> str:
    return ", then ".join(
        f"{_STATES[state][2]} from {day_text(since.date())}"
        for since, _, state in _runs(line)
    )


def _fit_labels(drawn: Figure, axes: Axes) -> None:
    """Room on the left for the longest name."""
    longest = max(len(label.get_text()) for label in axes.get_yticklabels())
    width, _ = drawn.get_size_inches()
    box = axes.get_position()
    left = (0.3 + 0.075 * longest) / width
    axes.set_position((left, box.y0, box.x1 - left, box.height))


def _state_key(axes: Axes, shown: set[str | None]) -> None:
    keys = [
        Patch(
            facecolor=fill,
            hatch=hatch,
            edgecolor=palette.GREY_ZONE,
            linewidth=0.5,
            label=label,
        )
        for state, (fill, hatch, label) in _STATES.items()
        if state in shown
    ]
    height = _inches_high(axes)
    axes.legend(
        handles=keys,
        loc="upper left",
        bbox_to_anchor=(0.0, -0.28 / height),
        ncols=len(keys),
        frameon=False,
        fontsize=9,
    )


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
    _check(table)
    rows = -(-len(shown) // columns)
    size = size or (8.0, 1.6 + 1.5 * rows)
    cadence = deltas["cadence"].iloc[0]
    drawn = figure(
        "Change by region",
        f"Occupied area, net, square kilometres a {cadence}; one scale",
        _origin(table),
        size,
    )
    grid = drawn.add_gridspec(
        rows,
        columns,
        left=_LEFT / size[0],
        right=1.0 - 0.25 / size[0],
        top=1.0 - 1.1 / size[1],
        bottom=0.62 / size[1],
        hspace=0.55,
        wspace=0.16,
    )
    first: Axes | None = None
    told = []
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
        told.append(f"{printable(str(name))} {net:+,.1f} km²")
    drawn.set_label(f"Change by region: net {'; '.join(told)}.")
    return drawn
