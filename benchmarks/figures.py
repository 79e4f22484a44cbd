"""How a benchmark prints what it was asked for and what it measured."""

import numpy as np
import numpy.typing as npt


def print_figure(
    name: str, asked: str, measured: str, *, holds: bool, how: str = ""
) -> None:
    """A line of the table of figures."""
    verdict = "holds" if holds else "DOES NOT HOLD"
    print(f"{name:<52} {asked:>8} {measured:>9}  {verdict}")
    if how:
        print(f"    {how}")


def print_ratio(
    name: str,
    at_least: float,
    theirs: npt.NDArray[np.float64],
    ours: npt.NDArray[np.float64],
) -> None:
    """A line for how many times faster, from paired milliseconds a step.

    The median of the ratios: each pair was measured within seconds, so that
    other work on the machine slowed both.
    """
    ratios = theirs / ours
    print_figure(
        name,
        f"≥ {at_least:g} ×",
        f"{np.median(ratios):.1f} ×",
        holds=bool(np.median(ratios) >= at_least),
        how=f"medians {np.median(theirs):.1f} and {np.median(ours):.2f} ms a "
        f"step, means {np.mean(theirs):.1f} and {np.mean(ours):.2f} ms; "
        f"{len(ratios)} pairs, ratios from {ratios.min():.1f} to "
        f"{ratios.max():.1f}",
    )
