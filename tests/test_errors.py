"""The error tree: what callers may catch."""

import inspect

import pytest

import geofront as gf
from geofront import errors


@pytest.mark.parametrize("name", errors.__all__)
def test_public_error_is_named_in_the_package(name):
    assert getattr(gf, name) is getattr(errors, name)


def test_all_lists_every_class_of_the_module():
    classes = inspect.getmembers(errors, inspect.isclass)
    assert {name for name, _ in classes} == set(errors.__all__)


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (gf.InvalidBoundaryError, ValueError),
        (gf.MissingDateError, LookupError),
        (gf.UnknownPlaceError, LookupError),
        (gf.DownloadError, OSError),
        (gf.StoreCorruptError, gf.StoreError),
        (gf.GeofrontWarning, UserWarning),
        (gf.RepairedBoundaryWarning, gf.GeofrontWarning),
    ],
)
def test_error_can_be_caught_as(kind, builtin):
    assert issubclass(kind, builtin)


@pytest.mark.parametrize(
    "kind",
    [
        gf.InvalidBoundaryError,
        gf.MissingDateError,
        gf.UnknownPlaceError,
        gf.SourceError,
        gf.DownloadError,
        gf.StoreError,
    ],
)
def test_error_is_a_geofront_error(kind):
    assert issubclass(kind, gf.GeofrontError)


@pytest.mark.parametrize("kind", [gf.MissingDateError, gf.UnknownPlaceError])
def test_lookup_message_reads_without_quotes(kind):
    # KeyError would print the repr of its message.
    assert str(kind("nothing for 2025-02-24")) == "nothing for 2025-02-24"


def test_warning_is_no_error():
    assert not issubclass(gf.GeofrontWarning, gf.GeofrontError)
