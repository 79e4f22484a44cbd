"""What charts of changes share: bars of steps, gaps and breaks among them."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from geofront._figures import BREAK_KM2, INK
from geofront._gaps import Gap, gaps, joined
from geofront._languages import number_text
from geofront.maps import palette

__all__ = ["across", "draw_bars", "in_doubt_of", "is_net", "left_out_told"]
__all__ += ["middle", "parted", "signed"]


def parted(deltas: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Steps that a gap falls into, and the others."""
    cut = gaps(deltas)
    return deltas[cut], deltas[~cut]


def in_doubt_of(deltas: pd.DataFrame) -> pd.DataFrame:
    """Steps in which the source seems to have drawn otherwise, each once."""
    size = deltas["break_km2"]
    # Of a region alone it is not known how much is in doubt.
    is_doubtful = (size >= BREAK_KM2) | (size.isna() & deltas["method_break"])
    return deltas[is_doubtful].drop_duplicates(["since", "until"])


def middle(steps: pd.DataFrame) -> "pd.Series[Any]":
    """Days amid steps."""
    days: pd.Series[Any] = (
        steps["since"] + (steps["until"] - steps["since"]) / 2
    )
    return days


def across(left_out: pd.DataFrame) -> list[Gap]:
    """Steps that a gap falls into, as gaps."""
    steps = left_out[["since", "until"]].drop_duplicates()
    return joined([Gap(*step) for step in steps.itertuples(index=False)])


def left_out_told(deltas: pd.DataFrame, measure: str) -> str:
    """What bars do not show, in words: empty if that is nothing."""
    if deltas.empty:
        return ""
    total = number_text(deltas[measure].sum(), 0, signed=True)
    return f" Not in bars: {total} km² across days without snapshots."


def draw_bars(axes: Axes, deltas: pd.DataFrame, measure: str) -> None:
    """A measure of each step, as wide as the step."""
    days = (deltas["until"] - deltas["since"]).dt.days
    height = deltas[measure].fillna(0.0)
    above, below = _colours(measure)
    axes.bar(
        deltas["since"],
        height,
        width=np.maximum(days * 0.86, 0.5),
        align="edge",
        color=np.where(height >= 0, above, below),
        edgecolor=np.where(height >= 0, "none", INK),
        linewidth=np.where(height >= 0, 0.0, 0.5),
    )
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.yaxis.set_major_formatter(signed if is_net(measure) else "{x:,.0f}")


def is_net(measure: str) -> bool:
    return measure.endswith("_net_km2")


def _colours(measure: str) -> tuple[str, str]:
    """Of what is above zero and below."""
    if measure in _PLAIN:
        return _PLAIN[measure]
    before, after = measure.removesuffix("_km2").split("_to_")
    fill, _ = palette.CHANGE[before, after]
    return fill, fill


_PLAIN = {
    "occupied_net_km2": (palette.OCCUPIED, palette.REGAINED),
    "occupied_gained_km2": (palette.OCCUPIED, palette.OCCUPIED),
    "occupied_lost_km2": (palette.REGAINED, palette.REGAINED),
    "grey_zone_net_km2": (palette.GREY_ZONE, "#BDBDBD"),
}


def signed(value: float, _: float) -> str:
    """Value as an axis has it."""
    return number_text(value, 0, signed=True)
