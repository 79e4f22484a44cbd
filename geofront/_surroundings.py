"""Steps of a history among those around them: how much moved, where, when."""

from collections.abc import Sequence

import numpy as np

from geofront._rows import Floats, Ints
from geofront._transitions import Ground, Trace
from geofront.history import CARRY, History
from geofront.model import Snapshot

__all__ = ["AROUND_DAYS", "AWAY", "NEAR_DAYS", "TOWARDS", "Steps"]

AROUND_DAYS = 30
"""How far around a step its source's own level is taken."""
NEAR_DAYS = 3
"""How near an advance goes on, or something drawn is undone."""

# Of what moves back in a cell, so much goes no further than it was before.
_MOST = 0.5

_DAY_SECONDS = 86_400.0

TOWARDS, AWAY = range(2)


class Steps:
    """Consecutive steps of a history, known by their later snapshot.

    Parameters
    ----------
    history : History
    first : int
        The later snapshot of the first step.
    traces : sequence of Trace
        How each step looks.
    """

    def __init__(
        self, history: History, first: int, traces: Sequence[Trace]
    ) -> None:
        self.history = history
        self._first = first
        self._traces = traces
        moments = [
            snapshot.published_at.timestamp() / _DAY_SECONDS
            for snapshot in history[first - 1 : first + len(traces)]
        ]
        self._start = moments[0]
        self._end = np.array(moments[1:])
        self._days = np.diff(moments)
        self._moved = np.array([trace.ground.km2.sum() for trace in traces])

    def ends(self, index: int) -> tuple[Snapshot, Snapshot]:
        """Snapshots before and after a step."""
        return self.history[index - 1], self.history[index]

    def trace(self, index: int) -> Trace:
        """How a step looks."""
        return self._traces[index - self._first]

    def days(self, index: int) -> float:
        """How long a step is."""
        return float(self._days[index - self._first])

    def is_long(self, index: int) -> bool:
        """Whether a step spans a gap, in which much may have happened."""
        return self.days(index) > CARRY.days

    def is_early(self, index: int) -> bool:
        """Whether a step is among the first, or the first after a gap.

        Whether something was going on before is not known then.
        """
        last = index - self._first
        gaps = np.flatnonzero(self._days[:last] > CARRY.days)
        if not len(gaps) and self._first > 1:
            return False
        start = self._end[gaps[-1]] if len(gaps) else self._start
        return bool(self._end[last] - self._days[last] - start < NEAR_DAYS)

    def moved(self, index: int) -> Floats:
        """Square kilometres towards the occupier, and away from him."""
        moved: Floats = self.trace(index).ground.km2.sum(axis=0)
        return moved

    def moved_km2(self, index: int) -> float:
        """Square kilometres that changed hands."""
        return float(self._moved[index - self._first])

    def near(self, index: int) -> list[int]:
        """Other steps that end within some days of a step's end."""
        return [int(other) for other in self._others(index, NEAR_DAYS)]

    def _others(self, index: int, days: int) -> Ints:
        apart = np.abs(self._end - self._end[index - self._first])
        others = np.flatnonzero(apart <= days) + self._first
        found: Ints = others[others != index]
        return found

    def level_km2(self, index: int) -> tuple[float, int]:
        """Median of what the steps around moved, and of how many of them.

        Those that moved nothing or span a gap do not count.
        """
        others = self._others(index, AROUND_DAYS) - self._first
        counts = (self._moved[others] > 0) & (self._days[others] <= CARRY.days)
        moved = self._moved[others[counts]]
        return (float(np.median(moved)) if len(moved) else 0.0), len(moved)

    def shared(self, index: int, way: int) -> float:
        """Part of what moved one way that lies where steps near went too."""
        own = self.trace(index).ground
        near = [self.trace(other).ground for other in self.near(index)]
        return _common(own, near, way)

    def returned_km2(self, index: int, other: int, least: float) -> float:
        """Ground that a step moved and another may have moved back.

        Cells count in which such a share of what moved one way goes back,
        and is half or more of what the other moves that way: it goes back,
        and not on beyond.  What else moves on the days does not matter.
        """
        own, back = self.trace(index).ground, self.trace(other).ground
        _, mine, theirs = np.intersect1d(
            own.cell, back.cell, return_indices=True
        )
        moved = own.km2[mine]
        back_km2 = back.km2[theirs][:, [AWAY, TOWARDS]]
        returned = np.minimum(moved, back_km2)
        counts = returned >= np.maximum(least * moved, _MOST * back_km2)
        return float(returned[counts].sum())


def _common(own: Ground, others: Sequence[Ground], way: int) -> float:
    """Part of what moved one way, by cell, that others moved too."""
    total = own.km2[:, way].sum()
    if not others or not total:
        return 0.0
    cells: Ints = np.concatenate([ground.cell for ground in others])
    km2 = np.concatenate([ground.km2[:, way] for ground in others])
    known = np.isin(cells, own.cell)
    place = np.searchsorted(own.cell, cells[known])
    held = np.bincount(place, km2[known], minlength=len(own.cell))
    return float(np.minimum(own.km2[:, way], held).sum() / total)
