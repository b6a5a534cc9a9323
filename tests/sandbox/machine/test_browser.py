"""A Chromium for the journeys: one that starts, Debian's, or words."""

import os

import pytest

from sandbox.machine import browser
from tests.sandbox.machine.programs import debian


@pytest.fixture
def no_browser(monkeypatch):
    monkeypatch.setattr(browser, "playwright_has_one", lambda: False)
    monkeypatch.setattr(browser, "BROWSERS", ("chromium-of-no-machine",))


def test_debians_chromium_is_installed_for_root_even_with_old_lists(
    machine, no_browser, monkeypatch
):
    debian(machine, monkeypatch, fails="update", why="Failed to fetch")
    browser.find_or_install_browser()
    (install,) = machine.ran("install")
    assert "chromium-headless-shell" in install.split()
    assert "DPkg::Lock::Timeout=120" in install.split()


def test_where_debian_has_no_headless_shell_it_is_the_whole_chromium(
    machine, no_browser, monkeypatch
):
    debian(machine, monkeypatch, fails="headless-shell", why="Unable to locate package")
    browser.find_or_install_browser()
    first, second = machine.ran("install")
    assert "chromium-headless-shell" in first.split()
    assert "chromium" in second.split()


def test_a_chromium_that_apt_get_cannot_install_ends_in_words(machine, no_browser, monkeypatch):
    debian(machine, monkeypatch, fails="install", why="Package 'chromium' has no candidate")
    with pytest.raises(SystemExit) as caught:
        browser.find_or_install_browser()
    first, *rest = str(caught.value).splitlines()
    assert first == "apt-get could not install Chromium: Package 'chromium' has no candidate"
    assert "playwright install chromium" in rest[0]
    assert "BROWSER=no" in rest[1]


def test_nobody_but_root_is_asked_to_install_it(machine, no_browser, monkeypatch):
    debian(machine, monkeypatch, fails="nothing")
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(SystemExit, match="need Chromium, and there is none"):
        browser.find_or_install_browser()
    assert machine.ran("install") == []


def test_a_browser_that_does_not_start_is_none(machine, no_browser, monkeypatch):
    """Ubuntu's package is a stub that asks for another one."""
    monkeypatch.setattr(browser, "BROWSERS", ("stub-of-chromium", "real-chromium"))
    machine.have("stub-of-chromium", "#!/bin/sh\nexit 1\n")
    assert browser.browser() == ""
    machine.have("real-chromium")
    assert browser.browser() == "real-chromium"
    monkeypatch.setenv("CHROMIUM", str(machine.have("my-own")))
    assert browser.browser() == str(machine.programs / "my-own")


def test_playwrights_chromium_is_found_and_missed_without_a_home(monkeypatch, tmp_path):
    """A uid without an entry has no home that could be looked up; that of somebody else is closed."""
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".cache" / "ms-playwright" / "chromium-1234").mkdir(parents=True)
    assert browser.playwright_has_one()
    (tmp_path / "closed").mkdir(mode=0)
    monkeypatch.setenv("HOME", str(tmp_path / "closed"))
    assert not browser.playwright_has_one()
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", lambda _uid: (_ for _ in ()).throw(KeyError()))
    assert not browser.playwright_has_one()
