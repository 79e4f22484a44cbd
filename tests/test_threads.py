"""Threads that ask the same geometry at once.

In a process of their own: where prepared geometries are shared, GEOS does
not raise but ends the process.
"""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import shapely

import geofront as gf
from geofront._split import split_by

corner = np.random.default_rng(0).uniform([30, 46], [40, 50], (3000, 2))
boxes = shapely.box(*corner.T, *(corner + 0.05).T)
split, history = split_by(gf.oblasts()), gf.example_history()


def territory(number):
    return shapely.intersects(gf.territory(sea=True), boxes).sum()


def regions(number):
    return split.areas_km2(boxes).sum()


def places(number):
    found = gf.place_status(history, gf.places.BUILT_IN)
    return found["occupied_share"].sum()


def fronts(number):
    return gf.front_line(history[number % len(history)]).length


ask = globals()[sys.argv[1]]
with ThreadPoolExecutor(8) as executor:
    found = list(executor.map(ask, [n % 10 for n in range(40)]))
assert found[:10] == found[10:20] == found[20:30] == found[30:]
print("the same")
"""


@pytest.mark.parametrize(
    "question", ["territory", "regions", "places", "fronts"]
)
def test_threads_may_ask_at_once(question):
    asked = subprocess.run(
        [sys.executable, "-c", PROGRAM, question],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert asked.stdout == "the same\n", asked.stderr
