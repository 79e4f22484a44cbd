"""Hostile and broken files: refused or listed, and nothing else is lost."""

import gzip
import json
import os
import random
import re
import subprocess
import sys
import time
import warnings
from pathlib import Path

import authored
import hostile
import pytest
import shapely
from authored import kml, kml_polygon, placemark, style, zipped
from mutation import WORDS, assert_bounded, mutated

import geofront as gf
from geofront.geodesy import area_km2
from geofront.sources.archives import gunzip

KEPT_KM2 = area_km2(
    shapely.union_all(
        [shapely.box(*box) for box in (*authored.REAR, hostile.FRONT)]
    )
)


def test_corpus_is_large_enough() -> None:
    assert len(hostile.CASES) + len(hostile.BOMBS) >= 60
    assert len({case.id for case in hostile.CASES}) == len(hostile.CASES)


def opened(folder: Path, case: hostile.Case) -> gf.History:
    (folder / case.name).write_bytes(case.data)
    return gf.open_history(folder, source=case.source, **case.options)


def of(outcome: str) -> list[object]:
    return [
        pytest.param(case, id=case.id)
        for case in hostile.CASES
        if case.outcome == outcome
    ]


def kept(history: gf.History, case: hostile.Case) -> float:
    """Area that is there, less what a repair may have added."""
    rest = history[0].occupied - shapely.box(*hostile.BAD).buffer(0.01)
    return area_km2(rest)


@pytest.mark.parametrize("case", of("refused"))
def test_file_is_refused(tmp_path: Path, case: hostile.Case) -> None:
    with pytest.raises(gf.SourceError, match=case.told) as raised:
        opened(tmp_path, case)
    message = str(raised.value)
    assert message.isprintable()
    assert case.name in message
    assert len(message) < 1500


@pytest.mark.parametrize("case", of("listed"))
def test_feature_is_listed_and_all_else_kept(
    tmp_path: Path, case: hostile.Case
) -> None:
    with pytest.warns(gf.GeofrontWarning) as told:
        history = opened(tmp_path, case)
    message = " ".join(str(item.message) for item in told)
    assert re.search(case.told, message)
    assert f"feature {len(authored.REAR) + 2}" in message
    assert message.isprintable()
    assert kept(history, case) == pytest.approx(KEPT_KM2)
    assert any(note.kind == "dropped" for note in history[0].notes)


@pytest.mark.parametrize("case", of("noted"))
def test_feature_is_mended_or_left_out_on_record(
    tmp_path: Path, case: hostile.Case
) -> None:
    history = opened(tmp_path, case)
    details = " ".join(note.detail for note in history[0].notes)
    assert re.search(case.told, details)
    assert kept(history, case) == pytest.approx(KEPT_KM2)
    assert history[0].occupied.is_valid


@pytest.mark.parametrize("case", of("kept"))
def test_what_is_odd_but_right_is_kept(
    tmp_path: Path, case: hostile.Case
) -> None:
    history = opened(tmp_path, case)
    assert kept(history, case) == pytest.approx(KEPT_KM2)


def test_two_maps_of_one_moment_are_refused(tmp_path: Path) -> None:
    for name, box in (("isw_20230607T205959Z", hostile.BAD), ("b", None)):
        boxes = [*authored.REAR, *([box] if box else [])]
        layers = [(hostile.CONTROL, authored.polygon(each)) for each in boxes]
        path = tmp_path / f"{name.replace('b', '20230607')}.geojson"
        path.write_bytes(authored.isw(layers))
    with pytest.raises(gf.SourceError, match="hold the same layer"):
        gf.open_history(tmp_path, source="isw")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / hostile.DEEPSTATE)
    with pytest.raises(gf.SourceError, match="is no regular file"):
        gf.open_history(tmp_path, source="deepstate")


def test_days_of_a_bundle_that_cannot_be_kept_cost_no_other(
    tmp_path: Path,
) -> None:
    good = authored.feature(authored.polygon(authored.EAST), date="20250223")
    huge = json.dumps(good).replace("37.5", "9" * 30)
    deep = '{"properties":{"date":"20250225"},"geometry":%s}' % (
        "[" * 900 + "]" * 900
    )
    text = f'{{"features":[{json.dumps(good)},{huge},{deep}]}}'
    path = tmp_path / "all.geojson.gz"
    path.write_bytes(gzip.compress(text.encode()))
    with pytest.warns(gf.GeofrontWarning):
        history = gf.open_history(tmp_path, source="occupied_daily")
    assert len(history) == 1


def test_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / hostile.DEEPSTATE
    with path.open("wb") as file:
        file.truncate(512 * 2**20 + 1)  # sparse: it takes no room
    begun = time.perf_counter()
    with pytest.raises(gf.SourceError, match="at most 536,870,912"):
        gf.open_history(tmp_path, source="deepstate")
    assert time.perf_counter() - begun < 1.0


# ---- bombs: time and memory in a process of their own

MEASURE = """
import os, sys, time, tracemalloc
from pathlib import Path
import geofront as gf
from storage import peak_mb
gf.territory(sea=True)
written = []
def watch(event, arguments):
    if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        written.append(arguments[0])
sys.addaudithook(watch)
tracemalloc.start()
for folder in sorted(Path(sys.argv[1]).iterdir()):
    tracemalloc.reset_peak()
    packed = any(folder.glob("*.gz"))
    options = {} if packed else {"date": "2025-02-24"}
    source = "occupied_daily" if packed else "vector"
    before, begun = peak_mb(), time.process_time()
    try:
        gf.open_history(folder, source=source, **options)
    except gf.SourceError as error:
        seconds = time.process_time() - begun
        # What Python allocates, or what the process grew by: XML's parser
        # allocates beside it.
        traced = tracemalloc.get_traced_memory()[1] / 2**20
        print(seconds, max(traced, peak_mb() - before), error)
assert not written, written
"""


def test_bombs_are_refused_within_a_second_and_200_mb(tmp_path: Path) -> None:
    packed = ("all.geojson.gz", hostile.GZIP_BOMB, "inflates to more than")
    bombs = {**hostile.BOMBS, "gzip": packed}
    files = []
    for number, (name, data, _) in enumerate(bombs.values()):
        files.append(tmp_path / "a" / "b" / "files" / str(number) / name)
        files[-1].parent.mkdir(parents=True)
        files[-1].write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, tmp_path / "a" / "b" / "files"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd=tmp_path / "a" / "b",
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "TMPDIR": str(tmp_path / "a"),
        },
    )
    lines = done.stdout.splitlines()
    assert len(lines) == len(bombs)
    for line, (label, (*_, told)) in zip(lines, bombs.items(), strict=True):
        seconds, megabytes, message = line.split(maxsplit=2)
        assert re.search(told, message), label
        assert float(seconds) < 1.0, label
        assert float(megabytes) < 200, label
    # Nothing was written: above the files, beside them, or where temporary
    # files go; elsewhere the process would have seen itself write.
    found = [path for path in tmp_path.rglob("*") if not path.is_dir()]
    assert sorted(found) == sorted(files)


def test_broken_gzip_is_told() -> None:
    data = bytearray(gzip.compress(random.Random(1).randbytes(9000)))
    data[4000:4100] = bytes(100)
    with pytest.raises(gf.SourceError, match="expected gzip"):
        gunzip(bytes(data), "file")


# ---- mutations

REAR = [authored.polygon(box) for box in authored.REAR]
RINGS = [authored.ring(box) for box in authored.REAR]
WHOLE = {
    "occupied_daily": (hostile.DAILY, authored.occupied_daily()),
    "owlmaps": (hostile.OWLMAPS, authored.owlmaps()),
    "isw": (
        hostile.ISW,
        authored.isw([(hostile.CONTROL, each) for each in REAR]),
    ),
    "esri": (
        "20250224.json",
        authored.esri(
            [
                {
                    "attributes": {"layer": hostile.CONTROL},
                    "geometry": {"rings": RINGS},
                }
            ],
            spatialReference={"wkid": 4326},
        ),
    ),
    "bundle": (
        "all.geojson.gz",
        authored.dumped(
            authored.collection(
                [
                    authored.feature(each, date=f"2025-02-{day}")
                    for day, each in enumerate(REAR, 10)
                ]
            )
        ),
    ),
    "vector": (
        hostile.PROFILE,
        authored.dumped(
            authored.collection(
                [authored.feature(each, state="occupied") for each in REAR],
                crs=authored.named_crs(authored.CRS84),
            )
        ),
    ),
}
TEXT = kml(
    style("r", "ff1427a5"),
    '<StyleMap id="m"><Pair><key>normal</key><styleUrl>#r</styleUrl></Pair>'
    "</StyleMap>",
    placemark(
        f"<MultiGeometry>{kml_polygon(hostile.FRONT)}</MultiGeometry>",
        style="<styleUrl>#m</styleUrl>",
    ),
)
TAGS = (b"<", b">", b"</", b"&", b"]]>", b"<Folder>", b"\0", *WORDS)


def survives(folder: Path, name: str, data: bytes, source: str) -> float:
    """Seconds that reading takes; nothing foreign is raised."""
    path = folder / name
    path.write_bytes(data)
    options = hostile.ALL if source == "vector" else {}
    begun = time.perf_counter()
    with warnings.catch_warnings(record=True) as told:
        try:
            gf.open_history(folder, source=source, **options)[0].areas()
        except gf.GeofrontError as error:
            told.append(error)
    # What an adapter did not expect costs one file, and is a fault of ours.
    assert " failed: " not in " ".join(map(str, told))
    path.unlink()
    return time.perf_counter() - begun


@pytest.mark.parametrize(
    "count", [60, pytest.param(2000, marks=pytest.mark.slow)]
)
def test_mutated_json_raises_nothing_foreign(
    tmp_path: Path, count: int
) -> None:
    assert_bounded("test_hostile", "read_mutated_json", tmp_path, count)


def read_mutated_json(folder: str, count: str) -> float:
    """Seconds of the slowest of so many files of each kind."""
    slowest = 0.0
    for kind, (name, whole) in WHOLE.items():
        source = {"esri": "isw", "bundle": "occupied_daily"}.get(kind, kind)
        chance = random.Random(5)
        for _ in range(int(count)):
            data = mutated(whole, chance)
            if kind == "bundle":
                data = gzip.compress(data, 1)
            seconds = survives(Path(folder), name, data, source)
            slowest = max(slowest, seconds)
    return slowest


@pytest.mark.parametrize(
    "count", [150, pytest.param(5000, marks=pytest.mark.slow)]
)
def test_mutated_kml_and_kmz_raise_nothing_foreign(
    tmp_path: Path, count: int
) -> None:
    assert_bounded("test_hostile", "read_mutated_kml", tmp_path, count)


def read_mutated_kml(folder: str, count: str) -> float:
    """Seconds of the slowest of so many files."""
    chance = random.Random(6)
    packed = zipped({"doc.kml": TEXT, "files/x.png": b"x"})
    slowest = 0.0
    for _ in range(int(count)):
        # The text, the archive of a damaged text, the damaged archive.
        match chance.randrange(3):
            case 0:
                name, data = "a.kml", mutated(TEXT, chance, TAGS)
            case 1:
                text = mutated(TEXT, chance, TAGS)
                name, data = "a.kmz", zipped({"doc.kml": text})
            case _:
                name, data = "a.kmz", mutated(packed, chance)
        slowest = max(slowest, survives(Path(folder), name, data, "vector"))
    return slowest
