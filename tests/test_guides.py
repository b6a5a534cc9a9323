"""docs/guides/ say what is so: settings, rights, events, commands, addresses, words of our screens."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml
from babel.messages.pofile import read_po
from django.urls import resolve

from giftshop import mail_providers
from giftshop.payments import event_types

ROOT = Path(__file__).resolve().parent.parent
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
each_guide = pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
SETTING = re.compile(r"#?([A-Z][A-Z_]*)=(.*)")
PROXY = ROOT / "deploy" / "Caddyfile"
ELSEWHERE = {
    "connect-stripe": {
        *("Developers", "API keys", "Webhooks", "Business", "Public details"),
        *("Payment methods", "Customer emails"),
    },
    "mail": {
        "HTTP webhook signing key",
        "Verification key",
        "Key",
        *("Signing secret", "Signing Secret"),
        *("Standard", "HTTPS", "Default configuration set", "Pending confirmation"),
        *("Request confirmation", "Deliveries", "Hard bounces", "Complaints"),
        *("Delivery delays", "Rejects"),
        "Show original",
    },
    "sign-in-by-google-or-apple": {
        *("APIs & Services", "Web application", "Services ID", "Sign in with Apple"),
    },
}
"""What stands on the pages of others."""


def text_of(name: str) -> str:
    return (ROOT / "docs" / "guides" / f"{name}.md").read_text()


def settings_blocks(text: str) -> list[list[str]]:
    """The lines of the blocks that are part of an .env."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    lines = [[line.strip() for line in block.splitlines()] for block in blocks]
    return [block for block in lines if all(SETTING.fullmatch(line) for line in block)]


def read_by_a_shell(lines: list[str]) -> dict[str, str]:
    """What `set -a; . ./.env` makes of them."""
    done = subprocess.run(
        ["/bin/sh", "-euc", 'set -a; eval "$1"; exec env -0', "sh", "\n".join(lines)],
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pairs = (line.partition("=") for line in done.stdout.split("\0") if line)
    return {name: value for name, _, value in pairs if name != "PWD"}


def read_plainly(lines: list[str]) -> dict[str, str]:
    """What docker compose and systemd make of them: quotes around the whole go, nothing else is read."""
    pairs = (SETTING.fullmatch(line) for line in lines)
    return {pair[1]: re.sub(r"^'(.*)'$", r"\1", pair[2]) for pair in pairs if pair}


@each_guide
def test_settings_are_the_same_to_whoever_reads_them(guide: Path):
    known = set(re.findall(SETTING, (ROOT / ".env.example").read_text()))
    names = {name for name, _ in known} | set(re.findall(r"\{\$(\w+)", PROXY.read_text()))
    for block in settings_blocks(guide.read_text()):
        assert read_by_a_shell(block) == read_plainly(block)
        assert read_plainly(block).keys() <= names


def test_the_example_is_the_same_to_whoever_reads_it():
    lines = (ROOT / ".env.example").read_text().splitlines()
    settings = [line.removeprefix("#") for line in lines if SETTING.fullmatch(line)]
    assert len(settings) > 50
    assert read_by_a_shell(settings) == read_plainly(settings)


def test_what_a_shell_reads_otherwise_would_be_found():
    assert read_by_a_shell(["A=b?c=d&e=f"]) != read_plainly(["A=b?c=d&e=f"])


@each_guide
def test_names_in_italics_stand_on_our_screens(guide: Path):
    with (ROOT / "locale/de/LC_MESSAGES/django.po").open("rb") as file:
        messages = [message.id for message in read_po(file)]
    said = {words for each in messages for words in ([each] if isinstance(each, str) else each)}
    found = re.findall(r"(?<![*\w])\*([^*\s][^*]*)\*(?!\*)", guide.read_text())
    named = {re.sub(r"\s+", " ", words).rstrip(".") for words in found}
    named -= ELSEWHERE.get(guide.stem, set())
    assert {re.sub(r"\b\d+\b", "%(count)s", words) for words in named} - said == set()


@each_guide
def test_addresses_of_ours_are_there(guide: Path):
    for path in re.findall(r"https://(?:YOUR-\w+|<your host>)(/[\w/-]*)", guide.read_text()):
        assert resolve(path)


def test_the_endpoint_sends_what_is_acted_on():
    section = text_of("connect-stripe").split("## 2.")[1].split("## 3.")[0]
    events: set[str] = set()
    for line in re.findall(r"^- (.+)$", section, re.MULTILINE):
        first, *more = re.findall(r"`([\w.]+)`", line)
        stem = first.rpartition(".")[0]
        events |= {first, *(stem + word if word[0] == "." else word for word in more)}
    assert events == set(event_types.handled())


def asked_of_stripe() -> dict[str, bool]:
    """Resource -> whether it is also written."""
    asked: dict[str, bool] = {}
    for path in (ROOT / "giftshop").rglob("*.py"):
        for resource, method in re.findall(r"client\(\)\.v1\.([\w.]+)\.(\w+)\(", path.read_text()):
            asked[resource] = asked.get(resource, False) or method not in {"list", "retrieve"}
    return asked


def test_a_restricted_key_may_all_that_is_asked_of_stripe_and_no_more():
    rows = re.findall(r"^\| (.+?) \| (read|write) \|", text_of("connect-stripe"), re.MULTILINE)
    rights = {}
    for names, right in rows:
        names = re.sub(r"Radar \((.+)\)", r"\1", names)
        rights |= {letters(name): right == "write" for name in names.split(",")}
    alias = {"checkout.sessions": "checkoutsessions"}
    asked = {
        alias.get(name, letters(name.rpartition(".")[2])): writes
        for name, writes in asked_of_stripe().items()
    }
    assert rights == asked


def letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def test_the_trial_reads_all_that_is_asked_of_stripe():
    trial = (ROOT / "giftshop/payments/stripe/trial.py").read_text()
    assert set(re.findall(r"v1\.([\w.]+)\.list", trial)) == asked_of_stripe().keys()


def test_each_mail_service_is_listed_as_it_is_read():
    rows = re.findall(r"^\| [\w ]+ \| `((\w+)://[^`]+)`(.*?)\|", text_of("mail"), re.MULTILINE)
    listed = {
        scheme: (url, rest) for url, scheme, rest in rows if scheme in mail_providers.PROVIDERS
    }
    assert listed.keys() == mail_providers.PROVIDERS.keys()
    for scheme, (url, rest) in listed.items():
        regions = re.findall(r"`(\?region=\w+)`", rest)
        assert bool(regions) == bool(mail_providers.PROVIDERS[scheme].regions)
        for query in ["", *regions]:
            assert mail_providers.read(url + query)["MAIL_PROVIDER"] == scheme


@pytest.mark.parametrize("unit", ["web", "worker", "beat", "watch"])
def test_without_docker_the_same_commands_run(unit: str):
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    composed = [re.sub(r"\$\{\w+:-(.*?)\}", r"\1", word) for word in services[unit]["command"]]
    row = re.search(rf"^\| {unit} \| `(.+?)`", text_of("deploy"), re.MULTILINE)
    assert row

    def essence(words: list[str]) -> list[str]:
        own = {"--host": 2, "--port": 2, "--loglevel": 2, "--touch": 2}
        kept, at = [], 0
        while at < len(words):
            step = own.get(words[at], 0)
            if not step:
                kept.append(words[at])
            at += step or 1
        return kept

    assert essence(shlex.split(row[1])) == essence(composed)
