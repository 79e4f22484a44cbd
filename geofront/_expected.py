"""What functions are called with, or an error that says how to get it."""

from geofront.history import History
from geofront.model import Snapshot

__all__ = ["kind_of", "need_histories", "need_history", "need_snapshots"]


def need_history(given: object) -> None:
    """Raise TypeError unless it is a history, and say how to get one."""
    if isinstance(given, History):
        return
    hint = "gf.open_history(path) opens one"
    if isinstance(given, Snapshot):
        hint = "gf.History([snapshot]) makes one of it"
    raise TypeError(f"expected a history, found {kind_of(given)}: {hint}")


def need_histories(*given: object) -> None:
    """Raise TypeError unless each of them is a history."""
    for item in given:
        need_history(item)


def need_snapshots(*given: object) -> None:
    """Raise TypeError unless each is a snapshot, and say how to get one."""
    for item in given:
        if not isinstance(item, Snapshot):
            raise TypeError(
                f"expected a snapshot, found {kind_of(item)}: "
                "history.at('YYYY-MM-DD') gives that of a day"
            )


def kind_of(given: object) -> str:
    """What something is, with its article.

    Examples
    --------
    >>> kind_of(3)
    'an int'
    """
    name = type(given).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
