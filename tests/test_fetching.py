"""From a source's server, replayed here, to a store."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import authored
import pytest
import shapely
from authored import polygon
from click.testing import CliRunner, Result
from serving import Server, content, redirect, serving, status, with_etag

import geofront as gf
from geofront.cli import main
from geofront.geodesy import area_km2
from geofront.sources.download import Limits

ONCE = Limits(tries=1, read_seconds=2.0)
FRONT = (36.5, 47.5, 37.5, 48.0)
CLAIM = (36.0, 47.5, 36.5, 48.0)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEOFRONT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def server() -> Iterator[Server]:
    # Encryption is the client's affair: test_download.py.
    with serving() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> gf.Store:
    return gf.Store(tmp_path / "store")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def deepstate(*boxes: authored.Box) -> bytes:
    return authored.dumped(
        authored.collection(
            authored.feature(polygon(box), fill="#a52714") for box in boxes
        )
    )


def stamp(day: str, hour: int = 20) -> int:
    moment = dt.datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")
    return int(moment.timestamp())


# ---- DeepStateMap


@pytest.fixture
def history(server: Server) -> Server:
    """Three snapshots, listed as the site lists them."""
    days = ("2025-02-22", "2025-02-23", "2025-02-24")
    listed = [
        {"id": stamp(day), "createdAt": f"{day}T20:00:00.000Z"} for day in days
    ]
    server.answers["/api/history/public"] = content(
        json.dumps(listed).encode()
    )
    for number, day in enumerate(days):
        east = (36.5 - number / 10, 47.5, 37.5, 48.0)
        server.answers[f"/api/history/{stamp(day)}/geojson"] = with_etag(
            deepstate(*authored.REAR, east), f'"{number}"'
        )
    return server


def test_history_is_fetched_once(history: Server, store: gf.Store) -> None:
    url = f"{history.url}/api/"
    days = {"since": "2025-02-23", "until": "2025-02-24", "url": url}
    first = gf.fetch("deepstate", store, **days)
    assert first.downloaded == 2
    assert first.ingested.appended.added == (
        "deepstate@2025-02-23T20:00:00Z",
        "deepstate@2025-02-24T20:00:00Z",
    )
    assert [str(day) for day in store.open().dates] == [
        "2025-02-23",
        "2025-02-24",
    ]
    asked = len(history.asked)
    second = gf.fetch("deepstate", store, **days)
    assert (second.downloaded, second.unchanged) == (0, 2)
    assert second.ingested.known_files == 2
    # Only the list: maps of that age do not change.
    assert history.paths()[asked:] == ["/api/history/public"]


def test_interrupted_run_goes_on_where_it_stopped(
    history: Server, store: gf.Store
) -> None:
    last = f"/api/history/{stamp('2025-02-24')}/geojson"
    good = history.answers[last]
    days = {"since": "2025-02-22", "url": f"{history.url}/api"}
    known = {**days, "limits": ONCE}
    history.answers[last] = status(500)
    with pytest.warns(gf.GeofrontWarning, match="answered 500"):
        first = gf.fetch("deepstate", store, **known)
    assert first.downloaded == 2
    history.answers[last] = good
    asked = len(history.asked)
    second = gf.fetch("deepstate", store, **known)
    assert (second.downloaded, second.unchanged) == (1, 2)
    assert history.paths()[asked:] == ["/api/history/public", last]
    assert len(store.open()) == 3


def test_damaged_file_of_the_cache_is_had_again(
    history: Server, store: gf.Store, cache: Path
) -> None:
    days = {"since": "2025-02-24", "url": f"{history.url}/api"}
    gf.fetch("deepstate", store, **days)
    (path,) = (cache / "deepstate").glob("[0-9]*.geojson")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    again = gf.fetch("deepstate", store, **days)
    assert again.downloaded == 1
    assert path.read_bytes() == whole


@pytest.mark.parametrize(
    "bad",
    [
        content(b"<!doctype html><title>Log in</title>"),
        content(b'{"type": "FeatureCollection", "features": ['),
        content(b""),
        status(500),
        redirect("https://127.0.0.1/"),
    ],
)
def test_failed_download_never_spoils_the_cache(
    history: Server, store: gf.Store, cache: Path, bad: object
) -> None:
    now = dt.datetime.now(dt.UTC)
    number = int(now.timestamp()) - 60
    listed = json.dumps([{"id": number}]).encode()
    history.answers["/api/history/public"] = content(listed)
    path = f"/api/history/{number}/geojson"
    history.answers[path] = content(deepstate(*authored.REAR))
    known = {"url": f"{history.url}/api", "limits": ONCE}
    gf.fetch("deepstate", store, **known)
    kept = (cache / "deepstate" / f"{number}.geojson").read_bytes()
    history.answers[path] = bad
    with pytest.raises(gf.DownloadError):
        gf.fetch("deepstate", store, **known)
    assert (cache / "deepstate" / f"{number}.geojson").read_bytes() == kept
    assert len(list((cache / "deepstate").iterdir())) == 2


def test_recent_map_is_asked_for_again(
    history: Server, store: gf.Store
) -> None:
    number = int(dt.datetime.now(dt.UTC).timestamp()) - 60
    listed = json.dumps([{"id": number}]).encode()
    history.answers["/api/history/public"] = content(listed)
    path = f"/api/history/{number}/geojson"
    history.answers[path] = with_etag(deepstate(*authored.REAR), '"1"')
    url = f"{history.url}/api"
    assert gf.fetch("deepstate", store, url=url).downloaded == 1
    assert gf.fetch("deepstate", store, url=url).unchanged == 1
    assert history.asked[-1][1]["If-None-Match"] == '"1"'
    history.answers[path] = with_etag(deepstate(*authored.REAR, FRONT), '"2"')
    third = gf.fetch("deepstate", store, url=url)
    assert third.downloaded == 1
    assert len(third.ingested.appended.revised) == 1


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ({"message": "no"}, "expected a list of snapshots"),
        ([{"id": "../../x"}], "expected the id of a snapshot"),
        ([{"id": -1}], "expected the id of a snapshot"),
        ([{"id": 10**12}], "expected the id of a snapshot"),
        (["x"], "expected the id of a snapshot"),
        ([], "lists no map of these days"),
    ],
)
def test_list_that_is_none_is_told(
    history: Server, store: gf.Store, listed: object, told: str
) -> None:
    history.answers["/api/history/public"] = content(
        json.dumps(listed).encode()
    )
    with pytest.raises(gf.DownloadError, match=told):
        gf.fetch("deepstate", store, url=f"{history.url}/api")


# ---- files a day


@pytest.mark.parametrize(
    ("source", "name", "make", "days"),
    [
        (
            "occupied_daily",
            "deepstatemap_data_202502{}.geojson",
            authored.occupied_daily,
            ("23", "25"),
        ),
        # The map of a day is in the file of the next.
        ("owlmaps", "202502{}.json", authored.owlmaps, ("24", "26")),
    ],
)
def test_days_are_fetched_and_missing_ones_told(
    server: Server, store: gf.Store, source, name, make, days
) -> None:
    for day in days:
        server.answers["/" + name.format(day)] = content(make())
    call = (
        *("fetch", source, "--store", store.path, "--url", server.url),
        *("--since", "2025-02-23", "--until", "2025-02-25"),
    )
    result = run(*call)
    assert result.exit_code == 0, result.output
    assert result.stdout.count(f"added {source}@2025-02-2") == 2
    assert "2 files downloaded, 0 unchanged, 1 not there" in result.stderr
    assert "terms: " in result.stderr
    assert "credit: ©" in result.stderr
    assert [day.day for day in store.open().dates] == [23, 25]
    assert "0 files downloaded, 2 unchanged" in run(*call).stderr


def test_next_run_starts_from_the_last_day(
    server: Server, store: gf.Store
) -> None:
    server.answers["/20250224.json"] = content(authored.owlmaps())
    known = {"until": "2025-02-23", "url": server.url}
    gf.fetch("owlmaps", store, since="2025-02-23", **known)
    server.answers["/20250225.json"] = content(authored.owlmaps())
    asked = len(server.asked)
    gf.fetch("owlmaps", store, **{**known, "until": "2025-02-24"})
    assert server.paths()[asked:] == ["/20250225.json"]
    assert len(store.open()) == 2


def test_first_run_asks_for_a_week(server: Server, store: gf.Store) -> None:
    known = {"until": "2025-02-24", "url": server.url}
    with pytest.raises(gf.DownloadError, match="none of the files is there"):
        gf.fetch("owlmaps", store, **known)
    assert len(server.asked) == 8


def test_nothing_there_exits_1_with_the_address(
    server: Server, store: gf.Store
) -> None:
    call = ("fetch", "owlmaps", "--store", store.path, "--url", server.url)
    result = run(*call, "--since", "2019-01-01", "--until", "2019-01-03")
    assert result.exit_code == 1
    assert f"{server.url}: none of the files is there" in result.stderr


@pytest.mark.parametrize(
    "bad", [b'{"message": "Too many requests"}', authored.owlmaps([])]
)
def test_reply_that_is_no_map_never_settles(
    server: Server, store: gf.Store, bad: bytes
) -> None:
    server.answers["/20250224.json"] = content(authored.owlmaps())
    server.answers["/20250225.json"] = content(bad)
    days = {"since": "2025-02-23", "until": "2025-02-24", "url": server.url}
    with pytest.warns(gf.GeofrontWarning, match="not used"):
        gf.fetch("owlmaps", store, **days)
    server.answers["/20250225.json"] = content(authored.owlmaps())
    asked = len(server.asked)
    assert gf.fetch("owlmaps", store, **days).downloaded == 1
    assert server.paths()[asked:] == ["/20250225.json"]
    assert len(store.open()) == 2
    assert gf.fetch("owlmaps", store, **days).unchanged == 2


def test_refresh_asks_for_everything(server: Server, store: gf.Store) -> None:
    server.answers["/20250224.json"] = content(authored.owlmaps())
    call = (
        *("fetch", "owlmaps", "--store", store.path, "--url", server.url),
        *("--since", "2025-02-23", "--until", "2025-02-23"),
    )
    assert "1 file downloaded" in run(*call).stderr
    assert "0 files downloaded" in run(*call).stderr
    assert "1 file downloaded" in run(*call, "--refresh").stderr


def test_map_that_came_young_is_asked_for_when_it_is_old(
    server: Server, store: gf.Store, cache: Path
) -> None:
    server.answers["/20250224.json"] = content(authored.owlmaps())
    days = {"since": "2025-02-23", "until": "2025-02-23", "url": server.url}
    gf.fetch("owlmaps", store, **days)
    (note,) = (cache / "owlmaps").glob(".*.json")
    known = json.loads(note.read_bytes())
    young = {**known, "downloaded_at": "2025-02-24T12:00:00Z"}
    note.write_text(json.dumps(young))
    assert gf.fetch("owlmaps", store, **days).downloaded == 1
    assert gf.fetch("owlmaps", store, **days).downloaded == 0


def test_bad_entry_of_the_list_costs_no_other(
    history: Server, store: gf.Store
) -> None:
    ids = [stamp("2025-02-23"), "x", stamp("2025-02-24")]
    listed = json.dumps([{"id": each} for each in ids]).encode()
    history.answers["/api/history/public"] = content(listed)
    url = f"{history.url}/api"
    with pytest.warns(gf.GeofrontWarning, match="the id of a snapshot, fou"):
        gf.fetch("deepstate", store, since="2025-02-23", url=url)
    assert len(store.open()) == 2


def test_server_that_fails_is_left_alone(
    server: Server, store: gf.Store
) -> None:
    for day in range(1, 29):
        server.answers[f"/202502{day:02}.json"] = status(403)
    with pytest.raises(gf.DownloadError, match="rest was not asked for"):
        gf.fetch("owlmaps", store, since="2025-02-01", url=server.url)
    assert len(server.asked) == 3


def test_empty_map_is_no_liberation(server: Server, store: gf.Store) -> None:
    server.answers["/20250224.json"] = content(authored.owlmaps())
    server.answers["/20250225.json"] = content(authored.owlmaps([]))
    with pytest.warns(gf.GeofrontWarning, match="no liberation"):
        gf.fetch(
            "owlmaps",
            store,
            since="2025-02-23",
            until="2025-02-24",
            url=server.url,
        )
    assert len(store.open()) == 1


# ---- feature services


ROOT = "/arcgis/rest/services"
CONTROL = "VIEW_RussiaCoTinUkraine_V3"
ADVANCE = "AssessedRussianAdvanceInUkraine_V2_view"
OLD_ADVANCE = "MDS_AssessedRussianAdvanceInUkraine_view"
CLAIMED = "VIEW_ClaimedRussianTerritoryinUkraine_V2"


def service(
    server: Server,
    name: str,
    pages: list[list[object]],
    edited: object = None,
) -> None:
    """A feature service of one layer, which sends it in pages."""
    root = f"{ROOT}/{name}/FeatureServer"
    about = {"editingInfo": {"lastEditDate": edited}} if edited else {}
    described = json.dumps({"layers": [{"id": 49}]}).encode()
    server.answers[root] = content(described)
    server.answers[f"{root}/49"] = content(json.dumps(about).encode())
    offset = 0
    for number, page in enumerate(pages):
        more = number + 1 < len(pages)
        whole = authored.collection(
            [authored.feature(geometry, OBJECTID=1) for geometry in page],
            **({"exceededTransferLimit": True} if more else {}),
        )
        query = (
            f"{root}/49/query?where=1%3D1&outFields=&returnGeometry=true"
            f"&f=geojson&resultOffset={offset}"
        )
        server.answers[query] = content(authored.dumped(whole))
        offset += len(page)


EDITED = stamp("2025-02-24", 15) * 1000


def test_layers_of_the_present_make_one_map(
    server: Server, store: gf.Store
) -> None:
    rear = [polygon(box) for box in authored.REAR]
    service(server, CONTROL, [rear[:1], rear[1:]], EDITED - 9000)
    service(server, ADVANCE, [[polygon(FRONT), None]], EDITED)
    service(server, CLAIMED, [[polygon(CLAIM)]], EDITED)
    for source in ("isw", "isw_claimed", "isw"):
        gf.fetch(source, store, url=server.url)
    (assessed,), (claimed,) = store.open("isw"), store.open("isw_claimed")
    assert assessed.id == "isw@2025-02-24T15:00:00Z"
    known = [item.areas()["occupied_km2"] for item in (assessed, claimed)]
    claim = area_km2(shapely.box(*CLAIM))
    assert known[1] - known[0] == pytest.approx(claim)


@pytest.mark.parametrize("gone", [None, b'{"error": {"code": 400}}'])
def test_other_name_of_a_layer_is_tried(
    server: Server, store: gf.Store, gone: bytes | None
) -> None:
    rear = [polygon(box) for box in authored.REAR]
    service(server, CONTROL, [rear], EDITED)
    if gone is not None:
        # The service answers, but holds nothing any more.
        server.answers[f"{ROOT}/{ADVANCE}/FeatureServer"] = content(gone)
    service(server, OLD_ADVANCE, [[polygon(FRONT)]])
    begun = dt.datetime.now(dt.UTC).replace(microsecond=0)
    gf.fetch("isw", store, url=server.url)
    (snapshot,) = store.open()
    # A layer that tells no date: the moment of the download, a bound.
    assert snapshot.published_at >= begun
    assert any("upper bound" in note.detail for note in snapshot.notes)


def test_half_a_map_is_never_kept(
    server: Server, store: gf.Store, cache: Path
) -> None:
    service(server, CONTROL, [[polygon(authored.EAST)]], EDITED)
    for name in (ADVANCE, OLD_ADVANCE):
        described = json.dumps({"error": {"code": 400}}).encode()
        server.answers[f"{ROOT}/{name}/FeatureServer"] = content(described)
    with pytest.raises(gf.DownloadError, match="half a map is never kept"):
        gf.fetch("isw", store, url=server.url)
    assert not store.exists
    assert not (cache / "isw").exists()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ([], "no service has the layer of control"),
        ({"layers": []}, "no service has the layer of control"),
        ({"layers": [7]}, "no service has the layer of control"),
        ({"layers": [{"id": "../x"}]}, "no service has the layer of control"),
    ],
)
def test_service_that_answers_otherwise_is_told(
    server: Server, store: gf.Store, answer: object, told: str
) -> None:
    data = json.dumps(answer).encode()
    server.answers[f"{ROOT}/{CONTROL}/FeatureServer"] = content(data)
    with pytest.raises(gf.DownloadError, match=told):
        gf.fetch("isw", store, url=server.url)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ({"error": {"code": 400}}, "expected features"),
        ([], "expected features, found a list"),
        ({"features": [1], "exceededTransferLimit": True}, "than 3 pages"),
        ({"features": [1], "properties": []}, "no service has the layer of a"),
    ],
)
def test_page_that_is_none_is_told(
    server: Server,
    store: gf.Store,
    monkeypatch: pytest.MonkeyPatch,
    page: object,
    told: str,
) -> None:
    monkeypatch.setattr("geofront.sources.remote._MAX_PAGES", 3)
    service(server, CONTROL, [[]])
    root = f"{ROOT}/{CONTROL}/FeatureServer/49/query"
    data = json.dumps(page).encode()
    server.answers = {
        path: answer
        for path, answer in server.answers.items()
        if "query" not in path
    }
    server.answers[root] = content(data)
    with pytest.raises(gf.DownloadError, match=told):
        gf.fetch("isw", store, url=server.url)


# ---- calls


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (["fetch", "vector"], "'vector' is not one of"),
        (["fetch", "isw", "--since", "2025-01-01"], "the present only"),
        (["fetch", "owlmaps", "--since", "soon"], "expected a date"),
        (
            [
                *("fetch", "owlmaps", "--since", "2025-02-02"),
                *("--until", "2025-02-01"),
            ],
            "is after",
        ),
    ],
)
def test_bad_call_answers_in_a_line(
    tmp_path: Path, call: list[str], told: str
) -> None:
    result = run(*call, "--store", tmp_path / "store")
    assert result.exit_code == 2
    assert told in result.stderr


def test_bad_address_is_an_error_in_a_line(tmp_path: Path) -> None:
    call = ["fetch", "owlmaps", "--store", tmp_path / "s", "--url", "nowhere"]
    result = run(*call)
    assert result.exit_code == 2
    assert "'--url': 'nowhere': expected an address such" in result.stderr
    assert "terms:" not in result.stderr


def test_source_without_a_server_is_told(store: gf.Store) -> None:
    with pytest.raises(gf.SourceError, match="vector cannot be fetched"):
        gf.fetch("vector", store)
    with pytest.raises(gf.SourceError, match="the present only"):
        gf.fetch("isw", store, since="2025-01-01")


# ---- real files


@pytest.mark.archive
def test_real_files_are_replayed(
    server: Server, store: gf.Store, archive: Path
) -> None:
    folder = archive / "deepstate-2024-07_2025-03"
    ids = [path.stem for path in folder.glob("1740*.geojson")]
    listed = json.dumps([{"id": int(number)} for number in ids]).encode()
    server.answers["/history/public"] = content(listed)
    for number in ids:
        server.answers[f"/history/{number}/geojson"] = content(
            (folder / f"{number}.geojson").read_bytes()
        )
    for name in ("occupied-daily-2024-07_2025-03", "owlmaps-2024-07_2025-03"):
        for path in (archive / name).glob("*202502*"):
            server.answers[f"/{path.name}"] = content(path.read_bytes())
    days = {"since": "2025-02-22", "until": "2025-02-24", "url": server.url}
    for source in ("deepstate", "occupied_daily", "owlmaps"):
        done = gf.fetch(source, store, **days)
        assert done.missing == ()
        assert store.open(source).span[1] == dt.date(2025, 2, 24)
    whole = gf.open_history(folder, source="deepstate")
    fetched = store.open("deepstate")
    assert fetched.at("2025-02-24") == whole.at("2025-02-24")
