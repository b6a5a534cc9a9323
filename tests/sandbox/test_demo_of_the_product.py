"""The real product, opened by the demo: what a person sees who has just typed `make demo`."""

import json
import shutil
import urllib.request
from collections.abc import Iterator

import pytest

from sandbox.environment import read_env
from sandbox.places import CHECKOUT, throwaway_folder
from tests.sandbox.test_demo import Demo

PRODUCT = ("giftshop", "redemption", "campaigns", "sandbox", "static", "templates", "locale")
OPENING_SECONDS = 300

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture
def demo() -> Iterator[Demo]:
    """A demo of a copy, so that one in this checkout is left alone."""
    folder = throwaway_folder()
    leave_out = shutil.ignore_patterns("__pycache__")
    for name in PRODUCT:
        if (CHECKOUT / name).is_dir():
            shutil.copytree(CHECKOUT / name, folder / name, ignore=leave_out)
    shutil.copy(CHECKOUT / "manage.py", folder)
    demo = Demo(folder, "--weeks", "1")
    yield demo
    demo.stop()
    shutil.rmtree(folder)


def read(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.status, answer.read().decode()


def test_the_demo_opens_a_shop_that_answers(demo: Demo, processes_of, eventually):
    demo.wait_until_open(seconds=OPENING_SECONDS)
    told = read_env(demo.checkout / ".local" / "env")
    assert read(f"{told['BASE_URL']}/readyz")[0] == 200
    status, page = read(f"{told['BASE_URL']}/")
    assert status == 200
    assert "Frosty Spoon" in page
    assert "Harbor Bean" in page
    tray = demo.said.rpartition("Mail tray")[2]
    assert "messages" in json.loads(read(f"{tray.split()[0]}/api/messages")[1])

    assert demo.stop() == 0
    eventually(lambda: processes_of(demo.checkout) == [])
    for log in (demo.checkout / ".local" / "logs").glob("*.log"):
        assert "Traceback" not in log.read_text(errors="replace"), log.name
