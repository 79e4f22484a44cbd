"""Gross figures of short steps added up into those of longer ones."""

import bisect
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from geofront.cadence import Look

__all__ = ["Accumulate", "Period", "added", "check_accumulate", "grouped"]

Accumulate = Literal["day"] | None
"""Steps whose gross figures are summed; None compares the ends."""

Period = tuple[Look, Look]
"""What is seen at the ends of a step."""


def check_accumulate(accumulate: object, every: str) -> None:
    """Raise ValueError unless steps can be made up of these."""
    if accumulate not in (None, "day"):
        raise ValueError(
            f"accumulate={accumulate!r}: expected 'day', or None to compare "
            "the ends of each step"
        )
    if accumulate and every == "snapshot":
        raise ValueError(
            "accumulate='day' takes steps of a day or longer, found "
            "every='snapshot'"
        )


def grouped(
    longer: Sequence[Period], days: Sequence[Period]
) -> list[list[int]]:
    """Which of consecutive days make up each of the longer steps.

    Both go from the same first day to the same last one.
    """
    ends = [after.date for _, after in longer]
    groups: list[list[int]] = [[] for _ in longer]
    for number, (_, after) in enumerate(days):
        groups[bisect.bisect_left(ends, after.date)].append(number)
    return groups


def added(steps: Iterable[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Records of several steps, one or one a region each, added up.

    A figure that is None in one of them is None in the sum: the grey zone
    is not drawn all the time.
    """
    regions: dict[Any, list[dict[str, Any]]] = {}
    for record in itertools.chain.from_iterable(steps):
        regions.setdefault(record.get("region_id"), []).append(record)
    return [
        {name: _total(name, records) for name in records[0]}
        for records in regions.values()
    ]


def _total(name: str, records: Sequence[Mapping[str, Any]]) -> Any:
    if not name.endswith("_km2"):
        return records[0][name]
    values = [record[name] for record in records]
    return None if None in values else math.fsum(values)
