"""What of a store's files speaks for the days and the moment asked for."""

import datetime as dt
from collections.abc import Iterable

from geofront._manifest import year_of
from geofront._stored import StoredSnapshot, YearFile
from geofront.days import Day, as_date, end_of_day

__all__ = ["begun", "in_force", "of_years"]


def of_years(
    names: list[str], since: Day | None, until: Day | None
) -> list[str]:
    """Files that may speak for these days; never none of them."""
    # Two years before, too: the last snapshot of one may be in force at the
    # start, and all of the other's be of a new year that has begun in Kyiv.
    if since is not None:
        first = as_date(since).year
        earlier = [name for name in names if year_of(name) < first]
        names = earlier[-2:] + names[len(earlier) :]
    if until is not None:
        last = as_date(until).year
        names = [name for name in names if year_of(name) <= last] or names[:1]
    return names


def begun(files: list[YearFile], first: dt.date) -> list[YearFile]:
    """Files without those that end before what is in force at the start.

    What they hold need then not even be decoded.
    """
    opening = end_of_day(first - dt.timedelta(days=1))
    while len(files) > 1 and min(files[1].revisions).published_at < opening:
        files = files[1:]
    return files


def in_force(
    files: Iterable[YearFile], moment: dt.datetime | None
) -> list[StoredSnapshot]:
    """The last revision of each snapshot, of those recorded by a moment."""
    chosen: dict[dt.datetime, StoredSnapshot] = {}
    for file in files:
        for key, revision in file.revisions.items():
            if moment is None or revision.recorded_at <= moment:
                snapshot = StoredSnapshot.opened(file, key)
                chosen[key.published_at] = snapshot
    return list(chosen.values())
