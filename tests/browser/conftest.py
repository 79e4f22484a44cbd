"""A Chromium, and pages opened in it."""

import base64
import importlib.util
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FINDER = Path(__file__).parents[2] / "tools" / "ensure_browser.py"
INSIDE = ("file:", "data:", "blob:", "about:")
DESKTOP = (1200, 800)
HOVERED = ".leaflet-tooltip:not(.geofront-label)"


@dataclass
class Opened:
    """A page, and what it did that a page of ours must not do."""

    page: "Page"
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._note_request)
        self.page.on("console", lambda said: self.messages.append(said.text))
        self.page.on("pageerror", lambda e: self.messages.append(str(e)))
        self.page.on("dialog", self._note_dialog)

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith(INSIDE):
            self.requests.append(request.url)

    def _note_dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def text(self, selector: str = "body") -> str:
        """Text of all elements, white space collapsed."""
        found = self.page.locator(selector).all_text_contents()
        return " ".join(" ".join(found).split())

    def boxes(self, selector: str) -> list[dict[str, float]]:
        """Rectangles of the elements that are to be seen."""
        return self.page.evaluate(
            """selector => [...document.querySelectorAll(selector)]
            .filter(e => getComputedStyle(e).visibility !== "hidden")
            .map(e => e.getBoundingClientRect().toJSON())
            .filter(box => box.width && box.height)""",
            selector,
        )

    def hover(self, latitude: float, longitude: float) -> None:
        """Move the mouse over a point of the map."""
        x, y = self.page.evaluate(
            f"""([lat, lon]) => {{
                const p = {MAP}.latLngToContainerPoint([lat, lon]);
                return [p.x, p.y];
            }}""",
            [latitude, longitude],
        )
        self.page.mouse.move(x, y)
        self.page.mouse.move(x + 1, y)

    def hovered(self) -> str:
        """What the tooltip says, once the one before has faded."""
        self.page.wait_for_function(
            f"document.querySelectorAll('{HOVERED}').length === 1",
            timeout=3000,
        )
        return self.text(HOVERED)

    def shades(self, x: int, y: int, size: int) -> list[int]:
        """Lightness of the pixels of a square, 0 to 255, in order."""
        clip = {"x": x, "y": y, "width": size, "height": size}
        picture = base64.b64encode(self.page.screenshot(clip=clip)).decode()
        shades: list[int] = self.page.evaluate(
            """async picture => {
                const image = new Image();
                image.src = "data:image/png;base64," + picture;
                await image.decode();
                const canvas = document.createElement("canvas");
                canvas.width = canvas.height = image.width;
                const pen = canvas.getContext("2d");
                pen.filter = "grayscale(1)";
                pen.drawImage(image, 0, 0);
                const all = pen.getImageData(
                    0, 0, image.width, image.width).data;
                return [...all].filter((_, i) => i % 4 === 0);
            }""",
            picture,
        )
        return sorted(shades)

    def contrast(self, x: int, y: int, size: int) -> int:
        """How far apart the lightest and darkest pixels of a square are."""
        shades = self.shades(x, y, size)
        tenth = len(shades) // 10
        return shades[-tenth] - shades[tenth]

    def view(self, latitude: float, longitude: float, zoom: float) -> None:
        """Move the map, and wait until it is drawn."""
        self.page.evaluate(
            f"""v => {{
                {MAP}.setView([v[0], v[1]], v[2], {{animate: false}});
                return new Promise(done => requestAnimationFrame(
                    () => requestAnimationFrame(done)));
            }}""",
            [latitude, longitude, zoom],
        )


MAP = "Object.values(window).find(value => value instanceof L.Map)"


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium; without one the tests skip, under CI they fail."""
    path = _find()
    if path is None:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("there is no Chromium: run python tools/ensure_browser.py")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
            ],
        )
        yield browser
        browser.close()


def _find() -> str | None:
    """Path of a Chromium, by the tool that `make test` installs it with."""
    if importlib.util.find_spec("playwright") is None:
        return None
    spec = importlib.util.spec_from_file_location("ensure_browser", FINDER)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    path: str | None = tool.find()
    return path


@pytest.fixture(scope="module")
def open_map(
    browser: "Browser", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Opened]]:
    """Function that saves a map and opens it."""
    context = browser.new_context()
    folder = tmp_path_factory.mktemp("pages")

    def open_(drawn: folium.Map, size: tuple[int, int] = DESKTOP) -> Opened:
        path = folder / f"{drawn.get_name()}.html"
        if not path.exists():
            drawn.save(str(path))
        opened = Opened(context.new_page())
        width, height = size
        opened.page.set_viewport_size({"width": width, "height": height})
        opened.page.goto(path.as_uri())
        opened.page.evaluate(
            """() => new Promise(done => requestAnimationFrame(
                () => requestAnimationFrame(done)))"""
        )
        return opened

    yield open_
    context.close()
