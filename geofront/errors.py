"""The error tree: everything geofront raises or warns of on purpose.

A message says where (file, date, feature), what was found, what was expected
and what to do.
"""

__all__ = [
    "GeofrontError",
    "InvalidBoundaryError",
    "MissingDateError",
    "UnknownPlaceError",
    "SourceError",
    "DownloadError",
    "StoreError",
    "StoreCorruptError",
    "GeofrontWarning",
    "RepairedBoundaryWarning",
]


class GeofrontError(Exception):
    """Base of every error that geofront raises on purpose."""


class InvalidBoundaryError(GeofrontError, ValueError):
    """A polygon, a file or a state that cannot be used."""


class MissingDateError(GeofrontError, LookupError):
    """Nothing at or before the date asked for, or after the last one."""


class UnknownPlaceError(GeofrontError, LookupError):
    """No such place, or several: the message lists the candidates."""


class SourceError(GeofrontError):
    """A source's file or reply is not what its format says."""


class DownloadError(GeofrontError, OSError):
    """A download failed or was refused."""


class StoreError(GeofrontError):
    """A store cannot be opened or written."""


class StoreCorruptError(StoreError):
    """A store's file does not hold what it held when it was written."""


class GeofrontWarning(UserWarning):
    """Base of every warning that geofront gives."""


class RepairedBoundaryWarning(GeofrontWarning):
    """An invalid polygon was repaired; the message says by how many km²."""
