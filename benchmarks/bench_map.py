"""FrontMap: size of the page, time to make it, time to use it.

    GEOFRONT_ARCHIVE=… python -m benchmarks.bench_map

Each figure is printed beside its target.  The targets were set for 1,359, 365
and 30 versions; that of the whole archive is drawn in proportion between the
first two.  What takes time in the browser is told as processor time of the
page's thread, painting included, which other programs disturb least, and as
time by the clock.
"""

import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

import geofront as gf
from benchmarks.archive import archive_folders
from geofront.front import inland
from geofront.geodesy import area_km2
from geofront.maps.contents import encode
from geofront.maps.packing import pack, streams
from tests.front_page import unpack
from tools.ensure_browser import find

YEAR, MONTH, THREE_YEARS = 365, 30, 1359
STEPS = 150
MAP = "Object.values(window).find(value => value instanceof L.Map)"
PAGE = f"({MAP}).geofront"
SIZE = {"width": 1200, "height": 800}


def main() -> None:
    warnings.simplefilter("ignore", gf.GeofrontWarning)
    history = whole_archive()
    encoding(history)
    areas(history)
    with tempfile.TemporaryDirectory() as folder:
        pages = {
            number: saved(history[-number:], Path(folder))
            for number in (len(history), YEAR, MONTH)
        }
        for number, path in pages.items():
            say_size(number, path)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find(), args=["--no-sandbox", "--disable-gpu"]
            )
            use(browser, pages[len(history)])
            browser.close()


def whole_archive() -> gf.History:
    """All snapshots of all folders, in one history."""
    folders = archive_folders()
    return gf.History(
        snapshot
        for folder in folders
        for snapshot in gf.open_history(folder, source="deepstate")
    )


def between(versions: int, year: float, three_years: float) -> float:
    """Target of a number of versions, on the line through two targets."""
    share = (versions - YEAR) / (THREE_YEARS - YEAR)
    return year + share * (three_years - year)


# ---- making the page


def encoding(history: gf.History) -> None:
    """CPU seconds from snapshots to bytes, without reading the files."""
    inland()  # Made once for all histories.
    for part in (history, history[-YEAR:]):
        begun = time.process_time()
        text = pack({}, streams(encode(part)))
        seconds = time.process_time() - begun
        number = len(part)
        target = f"{between(number, 4, 12):.1f} s"
        say(f"encoding {number} versions, CPU", f"{seconds:.2f} s", target)
        per_version = len(text) * 3 / 4 / number
        say(
            f"bytes a version, of {number}, gzipped",
            f"{per_version:.0f}",
            "450" if part is history else "",
        )


def areas(history: gf.History) -> None:
    """The largest difference from the snapshots on ten dates."""
    days = gf.History(history[:: len(history) // 9])
    page = unpack(pack({"grid": 1e-5}, streams(encode(days))))
    off = {
        (state, version): abs(
            page.area_km2(state, version) - area_km2(getattr(snapshot, state))
        )
        for version, snapshot in enumerate(days)
        for state in ("occupied", "grey_zone", "regained")
    }
    share = max(
        off["occupied", version] / area_km2(snapshot.occupied)
        for version, snapshot in enumerate(days)
    )
    say(
        f"drawn area on {len(days)} dates, off by at most",
        f"{max(off.values()):.3f} km²",
        "0.1 km²",
    )
    say("of the occupied area", f"{share:.1e}", "1e-06")


def saved(history: gf.History, folder: Path) -> Path:
    path = folder / f"{len(history)}.html"
    gf.FrontMap(history).save(path)
    return path


def say_size(number: int, path: Path) -> None:
    target = {YEAR: 0.65, MONTH: 0.45}.get(number)
    target = target or between(number, 0.65, 1.2)
    size = path.stat().st_size / 1e6
    say(f"page of {number} versions", f"{size:.3f} MB", f"{target:.2f} MB")


# ---- using it


def use(browser: Browser, path: Path) -> None:
    for slower, target in ((1, 0.6), (6, 2.5)):
        seconds = median([ready(browser, path, slower) for _ in range(5)])
        label = f"ready to use, processor {slower} × slower"
        say(label, f"{seconds:.2f} s", f"{target} s")
    page = browser.new_page(viewport=SIZE)
    told: list[str] = []
    page.on("request", lambda request: told.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_function(f"{PAGE} !== undefined")
    for change, target in (("none", 10), ("1", 16), ("30", 16), ("90", 16)):
        steps(page, change, target)
    heap(page)
    own = ("file:", "data:")
    foreign = [line for line in told if not line.startswith(own)]
    say("requests and console messages", str(len(foreign)), "0")


def ready(browser: Browser, path: Path, slower: int) -> float:
    """Seconds from opening until the page answers."""
    page = browser.new_page(viewport=SIZE)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(path.as_uri())
    page.wait_for_function(f"{PAGE} !== undefined")
    seconds = float(page.evaluate(f"{PAGE}.ready")) / 1000
    page.close()
    return seconds


def steps(page: Page, change: str, target: float) -> None:
    """One step of the slider after another, from the last version back."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.evaluate(f"{PAGE}.scene.change = '{change}'")
    clock, thread = [], []
    for step in range(STEPS):
        begun = busy_ms(session)
        clock.append(
            page.evaluate(
                f"""step => new Promise(done => {{
                    const page = {PAGE}, begun = performance.now();
                    page.show(page.model.last - step);
                    const taken = performance.now() - begun;
                    requestAnimationFrame(() => setTimeout(done, 0, taken));
                }})""",
                step,
            )
        )
        thread.append(busy_ms(session) - begun)
    label = f"step, change over {change}" if change != "none" else "step"
    for kind, taken in (("thread", thread), ("clock", clock)):
        say(
            f"{label}, {kind}: median, p95",
            f"{median(taken):.1f} ms, {late(taken):.1f} ms",
            f"{target} ms",
        )


def busy_ms(session: Any) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    found = {item["name"]: item["value"] for item in metrics}
    return 1000 * float(found["TaskDuration"])


def heap(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")
    say("JavaScript heap", f"{used['usedSize'] / 1e6:.1f} MB", "5 MB")
    typed = page.evaluate(
        f"""() => [{PAGE}.model.arcs, {PAGE}.painter.ground]
        .flatMap(arcs => Object.values(arcs))
        .filter(ArrayBuffer.isView)
        .reduce((sum, array) => sum + array.buffer.byteLength, 0)"""
    )
    say("typed arrays", f"{typed / 1e6:.1f} MB", "10 MB")


# ---- telling


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def late(values: list[float]) -> float:
    """What 95 of a hundred stay below."""
    return sorted(values)[int(0.95 * (len(values) - 1))]


def say(label: str, figure: str, target: str) -> None:
    sys.stdout.write(f"{label:46} {figure:>18}   {target}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
