"""A browser reads in a release what it reads in the sources."""

from pathlib import Path

import pytest

from giftshop.static_files import bundles
from tests import server
from tests.browsers import ALONE, chromium
from tests.camera import FakeCamera
from tests.server import ROOT

RULES = """(text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    const plain = (words) => words
        .replaceAll(/url\\([^)]*\\)/g, "url()").replaceAll(/\\s+/g, " ");
    return [...sheet.cssRules].flatMap((rule) => plain(rule.cssText).split("; "));
}"""


def text_of(collected: Path, name: str) -> str:
    """Of a joined file, by the name that it has before its content is known."""
    wanted = collected / name
    [path] = wanted.parent.glob(f"{wanted.stem}.*{wanted.suffix}")
    return path.read_text()


def test_joined_files_hold_what_the_single_ones_do(camera: FakeCamera, collected: Path) -> None:
    """Each rule of each sheet; and each script can be read. What scripts do, other tests see."""
    with chromium(camera) as browser:
        page = browser.new_page()
        for kind, bundle in bundles.BUNDLES.items():
            whole = "\n".join((ROOT / "static" / name).read_text() for name in bundle.sheets)
            rules = page.evaluate(RULES, whole)
            assert page.evaluate(RULES, text_of(collected, bundles.sheet_of(kind))) == rules, kind
            assert len(rules) > len(bundle.sheets), kind
            page.evaluate(
                "(text) => { new Function(text); }", text_of(collected, bundles.script_of(kind))
            )


@pytest.mark.django_db(transaction=True)
def test_before_a_release_a_page_names_the_single_files(camera: FakeCamera) -> None:
    """With DEBUG, where the gallery stands: nothing is collected, and nothing fails."""
    troubles: list[str] = []
    with (
        server.running(threads=2, options=ALONE, DEBUG="1") as running,
        chromium(camera) as browser,
    ):
        page = browser.new_page()
        page.on(
            "console", lambda said: troubles.append(said.text) if said.type == "error" else None
        )
        page.on("pageerror", lambda error: troubles.append(str(error)))
        for path, name in (("/design/", "css/gallery.css"), ("/till/pair/", "js/console.js")):
            page.goto(f"{running.url}{path}")
            assert page.locator(f"[href='/static/{name}'], [src='/static/{name}']").count() == 1
    assert troubles == []


@pytest.mark.parametrize(("export", "ran"), [("", True), ("export ", False)])
def test_a_behaviour_that_breaks_leaves_the_others_alone(
    camera: FakeCamera, export: str, ran: bool
) -> None:
    """But for what others may need: a module with exports is not guarded, which is the control."""
    files = {
        "js/all.js": 'import "./broken.js";\nimport "./sound.js";',
        "js/broken.js": f'{export}function show() {{ throw new Error("planted"); }}\nshow();',
        "js/sound.js": 'document.body.dataset.ran = "yes";',
    }
    text = bundles.join_modules("js/bundles/all.js", "js/all.js", files.__getitem__)
    with chromium(camera) as browser:
        page = browser.new_page()
        with page.expect_event("pageerror") as told:
            page.set_content("<body></body>")
            page.add_script_tag(content=text, type="module")
        assert "planted" in told.value.message
        assert page.locator("body[data-ran=yes]").count() == ran
