"""Steps of a history at which its source began to draw otherwise."""

import itertools
from bisect import bisect_left
from typing import NamedTuple

from geofront._breaks import Break, breaks
from geofront.change import delta
from geofront.history import History

__all__ = ["Redraw", "redraws"]

# Of what a step changed: where so much of it is in doubt, all of it is.
_MOST = 0.5


class Redraw(NamedTuple):
    """A step that may have changed the drawing, and nothing on the ground."""

    at: int
    """Position of the first snapshot that is drawn otherwise."""
    reason: str
    is_masked: bool
    """Whether most of what changed is in doubt."""


def redraws(history: History, context: History | None = None) -> list[Redraw]:
    """Steps that look like a change of drawing, in time order.

    Left out are those that leave the lines where they were.

    Parameters
    ----------
    history : History
    context : History, optional
        Whose part ``history`` is, and by which steps are judged.
    """
    found = breaks(context or history, between=(history[0], history[-1]))
    moments = [snapshot.published_at for snapshot in history]
    own = [item for item in found if item.moves_line]
    return [
        _redraw(history, at, list(items))
        for at, items in itertools.groupby(
            own, lambda item: bisect_left(moments, item.until.published_at)
        )
    ]


def _redraw(history: History, at: int, items: list[Break]) -> Redraw:
    """All breaks between one snapshot and the one before it."""
    changed = delta(history[at - 1], history[at]).transitions
    in_doubt = sum(item.km2 for item in items)
    return Redraw(
        at,
        "; ".join(dict.fromkeys(item.reason for item in items)),
        in_doubt >= _MOST * sum(km2 or 0.0 for km2 in changed.values()),
    )
