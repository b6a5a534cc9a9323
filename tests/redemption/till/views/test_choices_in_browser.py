"""What may be chosen at the counter is seen at a glance: no scrolling for the choices of the demo's menu."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import ViewportSize

from brands import slugs
from demo.menus import FROSTY_SPOON, Group
from tests.access.test_dialogs import PUT_IN
from tests.browsers import TABLET, TABLET_UPRIGHT, chromium
from tests.pages import served
from tests.redemption.till.views.conftest import MakeCode

pytestmark = [pytest.mark.journey, pytest.mark.django_db]

WHOLE = """() => {
  const list = document.querySelector(".look-body").getBoundingClientRect();
  const all = [...document.querySelectorAll(".look .choice")].map((one) => one.getBoundingClientRect());
  const seen = (box) => box.top >= list.top && box.bottom <= Math.min(list.bottom, innerHeight);
  const least = Math.min(...all.map((box) => box.height));
  return { all: all.length, whole: all.filter(seen).length, least };
}"""
LONG = (
    *("Madagaskar-Vanille mit Schote", "Gesalzenes Karamell", "Zartbitterschokolade 70 %"),
    *("Erdbeer-Rhabarber", "Pfefferminz-Schokoladenstückchen", "Pistazie aus Bronte"),
    "Zitronensorbet ohne Milch",
)


def choices(groups: tuple[Group, ...]) -> list[dict[str, Any]]:
    """As they are kept with a code, all open."""
    return [
        {
            "key": slugs.stem(group.name, otherwise="one"),
            "name": group.name,
            "chooser": "recipient",
            "min": group.least,
            "max": group.most,
            "options": [
                {"key": slugs.stem(label, otherwise="one"), "label": label, "extra": extra}
                for label, extra in group.options
            ],
            "picked": [],
        }
        for group in groups
    ]


def twelve(groups: tuple[Group, ...]) -> list[dict[str, Any]]:
    [flavour] = choices(groups[:1])
    more = [{**one, "key": f"{one['key']}-2"} for one in flavour["options"][:5]]
    return [{**flavour, "options": [*flavour["options"], *more]}]


def long_names(groups: tuple[Group, ...]) -> list[dict[str, Any]]:
    [flavour] = choices(groups[:1])
    options = zip(flavour["options"], LONG, strict=True)
    return [{**flavour, "options": [{**one, "label": label} for one, label in options]}]


def seen(panels: dict[str, str], till: str, size: ViewportSize) -> dict[str, dict[str, float]]:
    with served({"/till": till}) as host, chromium() as browser:
        page = browser.new_page(viewport=size, reduced_motion="reduce")
        page.goto(f"{host}/till", wait_until="load")
        told = {}
        for name, panel in panels.items():
            page.evaluate(PUT_IN, panel)
            told[name] = page.evaluate(WHOLE)
    return told


@pytest.mark.parametrize("size", [TABLET, TABLET_UPRIGHT], ids=["lying", "upright"])
def test_the_choices_of_a_treat_are_seen_at_a_glance(
    till: Client, make_code: MakeCode, size: ViewportSize
) -> None:
    scoops = FROSTY_SPOON[0].groups
    wanted = {"demo": choices(scoops), "twelve": twelve(scoops), "German": long_names(scoops)}
    page = till.get("/till/").content.decode()
    panels = {}
    for name, offered in wanted.items():
        asked = {"code": make_code(choices=offered)}
        panels[name] = till.post("/till/lookups/", asked).content.decode()
    told = seen(panels, page, size)
    assert [told[name]["all"] for name in wanted] == [10, 12, 7]
    for name, boxes in told.items():
        assert boxes["whole"] == boxes["all"], name
        assert boxes["least"] >= 60, name
