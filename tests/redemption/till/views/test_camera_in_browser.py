"""What a tablet hears, sees and says without words: sounds, a buzz, its camera, its screen that stays on."""

import itertools
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.camera import FakeCamera
from tests.redemption.till.views.conftest import DanasTill, MakeCode
from tests.redemption.till.views.paired_pages import LISTENING, panel, press, scan_by_hand

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

COME_AND_GO = """() => {
  for (const hidden of [true, false]) {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }
}"""

TWO_CAMERAS_AND_A_LIGHT = """() => {
  const devices = navigator.mediaDevices;
  const plain = devices.getUserMedia.bind(devices);
  window.asked = [];
  window.lit = [];
  devices.enumerateDevices = async () => ["front", "back"].map(
    (deviceId) => ({ kind: "videoinput", deviceId, label: deviceId }));
  devices.getUserMedia = async (wanted) => {
    asked.push(wanted.video.deviceId?.exact ?? wanted.video.facingMode);
    const stream = await plain({ video: true });
    const [track] = stream.getVideoTracks();
    track.getCapabilities = () => ({ torch: true });
    track.getSettings = () => ({ deviceId: wanted.video.deviceId?.exact ?? "front" });
    track.applyConstraints = async ({ advanced }) => { lit.push(advanced[0].torch); };
    return stream;
  };
}"""

COUNTED_READS = """() => {
  delete window.BarcodeDetector;  // our own reader is done before the next tick of the page's clock
  window.reads = 0;
  const screen = CanvasRenderingContext2D.prototype;
  const plain = screen.getImageData;
  screen.getImageData = function (...area) {
    reads += 1;
    return plain.apply(this, area);
  };
}"""

OWN_DECODER = "() => { delete window.BarcodeDetector; }"

NO_CAMERA = """() => {
  window.why = "NotAllowedError";
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", window.why); };
}"""


def test_yes_no_and_look_sound_and_shake_differently(
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    code = make_code(choices=())
    with danas_till(sees=True, script=LISTENING) as page:
        page.get_by_role("heading", name="Ready").click()  # a browser sounds only once touched
        scan_by_hand(page, code)
        panel(page, "look")
        heard(page, ["sine"], [1])
        press(page, "Hand it over")
        panel(page, "ok")
        heard(page, ["sine", "triangle", "triangle"], [1, 1])
        scan_by_hand(page, code)
        panel(page, "refused")
        heard(page, ["sine", *["triangle"] * 2, *["sawtooth"] * 2], [1, 1, 3])

        page.get_by_role("button", name="Sound").click()
        expect(page.get_by_role("button", name="Sound")).to_have_attribute("aria-pressed", "false")
        page.reload()
        expect(page.get_by_role("button", name="Sound")).to_have_attribute("aria-pressed", "false")
        scan_by_hand(page, code)
        panel(page, "refused")
        heard(page, [], [3])  # mute, not numb


def heard(page: Page, tones: list[str], buzzes: list[int]) -> None:
    page.wait_for_function(
        "([tones, buzzes]) => String(told.tones) === tones && String(told.buzzes) === buzzes",
        arg=[",".join(tones), ",".join(map(str, buzzes))],
    )


def test_the_screen_stays_on_also_after_it_was_away(danas_till: DanasTill) -> None:
    with danas_till(sees=True, script=LISTENING) as page:
        assert page.evaluate("told.locks.length") == 1
        page.evaluate(COME_AND_GO)
        assert page.evaluate("told.locks.length") == 1, "it is held already"
        page.evaluate("() => { told.locks[0].released = true; }")
        page.evaluate(COME_AND_GO)
        assert page.evaluate("told.locks.length") == 2


def test_the_same_code_before_the_camera_is_read_once_and_again_when_meant(
    danas_till: DanasTill, site: str, camera: FakeCamera, make_code: MakeCode
) -> None:
    looks: list[str] = []
    camera.show(make_code(choices=()))
    with danas_till(sees=True) as page:
        page.on("request", lambda request: looks.append(request.url))
        panel(page, "look")
        looks.clear()
        press(page, "Hand it over")
        panel(page, "ok")
        with page.expect_response("**/till/lookups/") as again:  # a tap on the picture: once more
            page.get_by_role("button", name="Read the same code again").click()
        assert again.value.ok
        panel(page, "refused")

    assert [url for url in looks if "lookups" in url] == [f"{site}/till/lookups/"]


def test_a_reversal_can_be_read_while_the_code_still_lies_before_the_camera(
    danas_till: DanasTill, camera: FakeCamera, make_code: MakeCode
) -> None:
    looks: list[str] = []
    code = make_code(choices=())
    with danas_till(sees=True, script=COUNTED_READS) as page:
        page.clock.install()
        camera.show(code)
        page.reload()
        panel(page, "look")
        press(page, "Hand it over")
        panel(page, "ok")

        page.on("request", lambda request: looks.append(request.url))
        press(page, "Undo")
        press(page, "Guest changed their mind")
        undone = page.get_by_role("heading", name="Undone")
        expect(undone).to_be_visible()
        before = page.evaluate("reads")
        page.clock.run_for(10_000)
        assert page.evaluate("reads") - before > 50, "the camera reads on"
        expect(undone).to_be_visible()
        assert not [url for url in looks if "lookups" in url]

        page.get_by_role("button", name="Read the same code again").click()
        panel(page, "look")
        expect(page.locator("#panel").get_by_text("For Ben")).to_be_visible()


def test_the_chosen_camera_is_remembered_and_its_light_can_be_lit(
    danas_till: DanasTill,
) -> None:
    with danas_till(sees=True, script=TWO_CAMERAS_AND_A_LIGHT) as page:
        light = page.get_by_role("button", name="Light")
        light.click()
        expect(light).to_have_attribute("aria-pressed", "true")
        assert page.evaluate("lit") == [True]
        page.get_by_role("button", name="Other camera").click()
        page.wait_for_function("() => asked.at(-1) === 'back'")
        page.reload()
        page.wait_for_function("() => asked.at(-1) === 'back'")


def test_a_camera_that_does_not_work_says_why_and_what_to_do(danas_till: DanasTill) -> None:
    with danas_till(sees=True, script=NO_CAMERA) as page:
        words = {
            "NotAllowedError": "Allow it in the browser's settings",
            "NotFoundError": "Type the code, or use a hand scanner.",
            "NotReadableError": "Close it there, then try again.",
        }
        for name, said in words.items():
            page.evaluate("(name) => { window.why = name; }", name)
            page.get_by_role("button", name="Try again").click()
            expect(page.locator("[data-camera]").get_by_text(said)).to_be_visible()


def test_a_page_from_before_a_release_says_so_and_can_be_loaded_again(
    danas_till: DanasTill,
) -> None:
    """The decoder's file is gone: that is no fault of the camera."""
    with danas_till(sees=True, script=OWN_DECODER) as page:
        page.route("**/decode*.js*", lambda route: route.fulfill(status=404))
        page.reload()
        place = page.locator("[data-camera]")
        expect(place.get_by_text("This page is of an earlier version")).to_be_visible()
        expect(page.locator("#announcer")).to_have_text(
            "This page is of an earlier version. Load it again."
        )
        expect(page.get_by_text("No camera here")).to_be_hidden()
        expect(page.get_by_role("button", name="Try again")).to_be_hidden()

        page.unroute("**/decode*.js*")
        page.get_by_role("button", name="Load again").click()
        expect(page.locator("[data-camera]")).to_have_attribute("data-state", "on")


def test_a_page_without_a_network_is_not_of_an_earlier_version(danas_till: DanasTill) -> None:
    with danas_till(sees=True, script=OWN_DECODER) as page:
        page.route("**/decode*.js*", lambda route: route.abort("internetdisconnected"))
        page.route("**/healthz", lambda route: route.abort("internetdisconnected"))
        page.reload()
        waits = "The camera waits for the network"
        place = page.locator("[data-camera]")
        expect(place.get_by_text(waits)).to_be_visible()
        expect(page.locator("#announcer")).to_contain_text(waits)
        expect(page.get_by_role("button", name="Load again")).to_be_hidden()
        expect(place.get_by_text("This page is of an earlier version")).to_be_hidden()

        page.unroute("**/decode*.js*")
        page.unroute("**/healthz")
        expect(place).to_have_attribute("data-state", "on")


def test_a_network_that_is_back_before_we_ask_whether_it_is_there(danas_till: DanasTill) -> None:
    """The decoder was asked for in vain, the server a moment later is there."""
    tries = itertools.count()

    def away_once(route: Route) -> None:
        # A route that ends by itself while the page loads may leave a request with nobody to answer it.
        if next(tries) == 0:
            route.abort("internetdisconnected")
        else:
            route.continue_()

    with danas_till(sees=True, script=OWN_DECODER) as page:
        page.route("**/decode*.js", away_once)
        page.reload()
        expect(page.locator("[data-camera]")).to_have_attribute("data-state", "on")


def test_chromium_would_install_it(danas_till: DanasTill) -> None:
    """By what it asks of a page; the headless shell, which can install nothing, never refuses."""
    with danas_till(sees=True) as page:
        page.goto(page.url.replace("/till/", "/till/staff/"))
        told = page.context.new_cdp_session(page).send("Page.getAppManifest")
        read = told["manifest"]
        assert told["url"].endswith("/till/manifest.webmanifest")
        assert told["errors"] == []
        assert reasons_against(page, read) == []
        assert len(read["icons"]) >= 4
        small = page.evaluate("() => document.querySelector('link[rel~=icon]').href")
        faults = (
            {"name": ""},
            {"startUrl": page.url.replace("/till/staff/", "/")},
            {"display": "kBrowser"},
            {"preferRelatedApplications": True},
            {"icons": []},
            {"icons": [{"url": f"{small}/none.png", "sizes": "192x192"}]},
            {"icons": [{**read["icons"][0], "sizes": "512x512"}]},
        )
        for fault in faults:
            assert len(reasons_against(page, read | fault)) == 1, f"not found: {fault}"


MEASURE = """(url) => new Promise((done) => {
  const image = new Image();
  image.onload = () => done(`${image.naturalWidth}x${image.naturalHeight}`);
  image.onerror = () => done("no picture");
  image.src = url;
})"""


ANY_SIZE = "0x0"
"""What Chromium makes of the word any."""


def reasons_against(page: Page, read: dict[str, Any]) -> list[str]:
    """Why Chromium would not install what it read of a manifest."""
    told = [] if read.get("name") or read.get("short_name") else ["no name"]
    if not read["startUrl"].startswith(read["scope"]):
        told.append(f"begins outside of {read['scope']}")
    if read["display"] not in {"kStandalone", "kFullscreen", "kMinimalUi"}:
        told.append("opens in a tab")
    if read["preferRelatedApplications"]:
        told.append("would rather be another program")
    sizes = {each["url"]: each["sizes"].split() for each in read["icons"]}
    wrong = [
        url for url, said in sizes.items() if not {ANY_SIZE, page.evaluate(MEASURE, url)} & {*said}
    ]
    if wrong or not {"192x192", "512x512"} & {each for said in sizes.values() for each in said}:
        told.append(f"no icon, or not of its size: {wrong}")
    return told
