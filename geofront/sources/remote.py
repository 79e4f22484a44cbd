"""What each source's server is asked for: names and addresses of files.

Nothing here touches the network; it asks through a `Library`.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

import orjson

from geofront._words import clean
from geofront.days import kyiv_date, last_second
from geofront.errors import DownloadError
from geofront.sources.geojson import describe

__all__ = ["REMOTES", "Library", "NotThereError", "Remote", "Span", "Wanted"]

_MAX_PAGES = 200
SETTLED = dt.timedelta(days=3)
"""A map that was this old when it came is not asked for again."""


class NotThereError(DownloadError):
    """The server has no such file."""


class Span(NamedTuple):
    """Days in Kyiv, both included."""

    since: dt.date
    until: dt.date


class Wanted(NamedTuple):
    """A file to have."""

    name: str
    """As the source itself would name it."""
    address: str
    dated: dt.datetime
    """When it was published, about."""


class Library(Protocol):
    """Answers what a server is asked beside the files."""

    now: dt.datetime

    def ask(self, address: str) -> Any:
        """Value of a JSON text; `NotThereError` if there is none."""

    def fault(self, message: str) -> None:
        """Tell of something that costs no other file."""

    def compose(self, name: str, content: bytes) -> None:
        """Keep a file that was put together from several answers."""


class Remote(NamedTuple):
    """Where a source is published, and what to ask for."""

    base: str
    files: Callable[[Library, str, Span], Iterator[Wanted]]
    """Files of some days; of a source of the present only, of today."""
    present_only: bool = False


def _history(library: Library, base: str, span: Span) -> Iterator[Wanted]:
    """Snapshots of DeepStateMap: a list, and a file each."""
    address = f"{base}/history/public"
    listed = library.ask(address)
    if not isinstance(listed, list):
        raise DownloadError(
            f"{address}: expected a list of snapshots, found "
            + describe(listed)
        )
    for entry in listed:
        number = _member(entry, "id")
        if not isinstance(number, int) or not 0 < number < 10**10:
            library.fault(
                f"{address}: expected the id of a snapshot, found "
                f"{clean(number)}"
            )
            continue
        moment = dt.datetime.fromtimestamp(number, dt.UTC)
        if span.since <= kyiv_date(moment) <= span.until:
            yield Wanted(
                f"{number}.geojson",
                f"{base}/history/{number}/geojson",
                moment,
            )


def _daily(
    name: str, days_later: int
) -> Callable[[Library, str, Span], Iterator[Wanted]]:
    """Files a day, named after it or after a later one."""

    def files(library: Library, base: str, span: Span) -> Iterator[Wanted]:
        for number in range((span.until - span.since).days + 1):
            day = span.since + dt.timedelta(days=number)
            named = day + dt.timedelta(days=days_later)
            file = named.strftime(name)
            yield Wanted(file, f"{base}/{file}", last_second(named))

    return files


# What `isw_claimed` counts beside what `isw` does comes last.
_LAYERS = (
    ("control", "VIEW_RussiaCoTinUkraine_V3"),
    (
        "advance",
        "AssessedRussianAdvanceInUkraine_V2_view",
        "MDS_AssessedRussianAdvanceInUkraine_view",
    ),
    (
        "claimed",
        "VIEW_ClaimedRussianTerritoryinUkraine_V2",
        "ClaimedRussianTerritoryinUkraine_V2_view",
    ),
)


def _layers(count: int) -> Callable[[Library, str, Span], Iterator[Wanted]]:
    """Layers of ISW's services as they are now, put into one file."""

    def files(library: Library, base: str, span: Span) -> Iterator[Wanted]:
        layers = [
            _layer(library, base, role, services)
            for role, *services in _LAYERS[:count]
        ]
        features = [feature for found, _ in layers for feature in found]
        edits = [edit for _, edit in layers]
        # A layer that tells no date may be of this moment.
        known = [edit for edit in edits if edit is not None]
        bound = "" if len(known) == len(edits) else "before_"
        moment = max(known) if not bound else library.now
        whole = {"type": "FeatureCollection", "features": features}
        name = f"isw_{bound}{moment:%Y%m%dT%H%M%SZ}.geojson"
        library.compose(name, orjson.dumps(whole))
        return iter(())

    return files


def _layer(
    library: Library, base: str, role: str, services: list[str]
) -> tuple[list[Any], dt.datetime | None]:
    """Features of the first service there is, and when it was edited."""
    for service in services:
        root = f"{base}/arcgis/rest/services/{service}/FeatureServer"
        try:
            number = _first_layer(library.ask(f"{root}?f=json"))
        except NotThereError:
            continue
        if number is not None:
            address = f"{root}/{number}"
            about = library.ask(f"{address}?f=json")
            return _pages(library, address, service), _edit(about)
    raise DownloadError(
        f"{base}: no service has the layer of {role} ({', '.join(services)}): "
        "half a map is never kept"
    )


def _first_layer(described: Any) -> int | None:
    """Number of the first layer of a service that has any."""
    layers = _member(described, "layers")
    first = layers[0] if isinstance(layers, list) and layers else None
    number = _member(first, "id")
    return number if isinstance(number, int) else None


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _edit(about: Any) -> dt.datetime | None:
    """Moment of the last edit of a layer's data, if it tells any."""
    info = _member(about, "editingInfo")
    stamp = _member(info, "dataLastEditDate") or _member(info, "lastEditDate")
    if not isinstance(stamp, int) or not 0 < stamp < 10**13:
        return None
    return dt.datetime.fromtimestamp(stamp // 1000, dt.UTC)


def _pages(library: Library, address: str, service: str) -> list[Any]:
    """All features of a layer: a server sends so many at a time."""
    features: list[Any] = []
    for _ in range(_MAX_PAGES):
        page = library.ask(
            f"{address}/query?where=1%3D1&outFields=&returnGeometry=true"
            f"&f=geojson&resultOffset={len(features)}"
        )
        found = _member(page, "features")
        if not isinstance(found, list):
            raise DownloadError(
                f"{address}: expected features, found {describe(page)}"
            )
        features += [_labelled(feature, service) for feature in found]
        more = _member(page, "exceededTransferLimit") or _member(
            _member(page, "properties"), "exceededTransferLimit"
        )
        if not more or not found:
            return features
    raise DownloadError(f"{address}: more than {_MAX_PAGES} pages of features")


def _labelled(feature: Any, service: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"layer": service},
        "geometry": _member(feature, "geometry"),
    }


_RAW = "https://raw.githubusercontent.com"
_ISW = "https://services5.arcgis.com/SaBe5HMtmnbqSWlu"

REMOTES = {
    "deepstate": Remote("https://deepstatemap.live/api", _history),
    "occupied_daily": Remote(
        f"{_RAW}/cyterat/deepstate-map-data/main/data",
        _daily("deepstatemap_data_%Y%m%d.geojson", 0),
    ),
    "owlmaps": Remote(
        f"{_RAW}/owlmaps/map-data/main/data", _daily("%Y%m%d.json", 1)
    ),
    "isw": Remote(_ISW, _layers(2), present_only=True),
    "isw_claimed": Remote(_ISW, _layers(3), present_only=True),
}
"""By the source's name."""
