"""Steps of a history at which its source began to draw otherwise."""

import itertools
from typing import NamedTuple

from geofront.history import History
from geofront.model import Snapshot

__all__ = ["Redraw", "redraws"]


class Redraw(NamedTuple):
    """A step that may have changed the drawing, and nothing on the ground."""

    at: int
    """Position of the first snapshot that is drawn otherwise."""
    reason: str
    is_masked: bool
    """Whether most of what changed is in doubt."""


def redraws(history: History) -> list[Redraw]:
    """Steps that notes of method breaks speak of, in time order."""
    said = [_said(snapshot) for snapshot in history]
    return [
        Redraw(at, "; ".join(sorted(before ^ after)), True)
        for at, (before, after) in enumerate(itertools.pairwise(said), 1)
        if before != after
    ]


def _said(snapshot: Snapshot) -> set[str]:
    return {
        note.detail for note in snapshot.notes if note.kind == "method_break"
    }
