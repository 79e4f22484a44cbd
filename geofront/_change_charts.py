"""Charts of what changed hands: areas over time, transitions stacked."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from geofront._figures import (
    BOTTOM,
    FAINT,
    INK,
    Size,
    add_axes,
    breaks_told,
    check,
    check_measure,
    figure,
    inches_high,
    mark_breaks,
    note_inches,
    origin,
    tidy,
    told,
)
from geofront._gaps import broken, gaps_told, is_daily, mark, spans
from geofront._languages import number_text
from geofront._step_bars import (
    across,
    draw_bars,
    in_doubt_of,
    left_out_told,
    middle,
    parted,
    signed,
)
from geofront.maps import palette

__all__ = ["area_chart", "transition_chart"]


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
        The axis of the line does not begin at zero, and says so.  Where no
        snapshot is more recent than three days, the line breaks; the bars
        of steps that such a gap falls into are left out, and their sum is
        told beneath.  Dashed lines mark steps in which method breaks put
        1 km² or more in doubt.

    Raises
    ------
    ValueError
        If a table is empty, of several sources, or by region.
    """
    check(areas)
    check(deltas)
    cadence = deltas["cadence"].iloc[0]
    without, whole = spans(areas), is_daily(areas)
    left_out, deltas = parted(deltas)
    drawn = figure(
        "Occupied area",
        f"Square kilometres; beneath, net change a {cadence}",
        origin(areas) + left_out_told(left_out, "occupied_net_km2"),
        size,
    )
    upper, lower = _two_axes(drawn)
    line = broken(areas.set_index("date")["occupied_km2"], without)
    upper.plot(
        line.index,
        line,
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
    draw_bars(lower, deltas, "occupied_net_km2")
    for axes in (upper, lower):
        tidy(axes)
        mark(axes, without, label=axes is upper, whole=whole)
    in_doubt = in_doubt_of(deltas)
    mark_breaks(upper, middle(in_doubt))
    mark_breaks(lower, middle(in_doubt), key=False)
    upper.tick_params(axis="x", labelbottom=False)
    drawn.set_label(
        f"Occupied area: {told({'occupied area': line}, 'km²')}"
        + _told_steps(deltas["occupied_net_km2"], cadence)
        + left_out_told(left_out, "occupied_net_km2")
        + gaps_told(without, whole=whole)
        + breaks_told(in_doubt["until"])
    )
    return drawn


def _told_steps(net: "pd.Series[Any]", cadence: str) -> str:
    if net.empty:
        return ""
    total, most, least = (
        number_text(value, 1, signed=True)
        for value in (net.sum(), net.max(), net.min())
    )
    return (
        f" Net change {total} km², the largest a {cadence} {most}, the least "
        f"{least}."
    )


def _two_axes(drawn: Figure) -> tuple[Axes, Axes]:
    upper = add_axes(drawn, right=0.75, bottom=2.1)
    _, height = drawn.get_size_inches()
    box = upper.get_position()
    lower = drawn.add_axes(
        (
            box.x0,
            (BOTTOM + note_inches(drawn)) / height,
            box.width,
            1.2 / height,
        ),
        sharex=upper,
    )
    return upper, lower


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
        Dashed lines and what a gap falls into as in `area_chart`.  Of a
        source that draws no grey zone it shows what was occupied and what
        no longer is.

    Raises
    ------
    ValueError
        If the table is empty, of several sources or by region, or nothing
        is known of any transition.
    """
    check(deltas)
    layers = _layers(deltas)
    cadence = deltas["cadence"].iloc[0]
    note = (
        f"{origin(deltas)} Gross figures compare the ends of each {cadence}."
    )
    left_out, deltas = parted(deltas)
    drawn = figure(
        "Occupied ground gained and lost",
        f"Square kilometres a {cadence}, by the state before and after",
        note + left_out_told(left_out, "occupied_net_km2"),
        size,
    )
    axes = add_axes(drawn, bottom=1.05)
    days = (deltas["until"] - deltas["since"]).dt.days
    base = {1: np.zeros(len(deltas)), -1: np.zeros(len(deltas))}
    words = []
    for name, sign, label, hatch in layers:
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
    axes.yaxis.set_major_formatter(signed)
    tidy(axes)
    mark(axes, across(left_out), whole=False)
    in_doubt = in_doubt_of(deltas)
    mark_breaks(axes, middle(in_doubt))
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.34 / inches_high(axes)),
        ncols=4,
        frameon=False,
        fontsize=9,
        handlelength=1.6,
        columnspacing=1.4,
    )
    drawn.set_label(
        f"Occupied ground gained and lost: {'; '.join(words)}."
        + left_out_told(left_out, "occupied_net_km2")
        + gaps_told(across(left_out), whole=False)
        + breaks_told(in_doubt["until"])
    )
    return drawn


_Layer = tuple[str, int, str, str]


def _layers(deltas: pd.DataFrame) -> list[_Layer]:
    """Transitions that a source can tell, in words that it can bear."""
    known = [layer for layer in _STACK if deltas[layer[0]].notna().any()]
    if not known:
        check_measure(deltas, "held_to_occupied_km2")
    if len(known) == len(_STACK):
        return known
    return [
        (name, sign, label.replace("held", "not occupied"), hatch)
        for name, sign, label, hatch in known
    ]
