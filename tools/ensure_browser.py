"""Find a Chromium for the browser tests, or install one.

    python tools/ensure_browser.py

Takes one from the PATH, or the one that Playwright keeps; else installs it
with Debian's package manager (as root) or lets Playwright download its own.
Where neither works it says so: the tests then skip, except under CI.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def main() -> None:
    path = find()
    if path is None:
        print("no Chromium found: installing one")
        install()
        path = find()
    if path is None:
        print("no Chromium could be installed: browser tests will skip")
        sys.exit(1 if os.environ.get("CI") else 0)
    print(f"browser tests use {path}")


def find() -> str | None:
    """Path of a Chromium, None if there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> None:
    if shutil.which("apt-get") and os.geteuid() == 0:
        done = [
            subprocess.run(["apt-get", *words], stdout=subprocess.DEVNULL)
            for words in (["update", "-q"], ["install", "-qy", "chromium"])
        ]
        if done[-1].returncode == 0:
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])


if __name__ == "__main__":
    main()
