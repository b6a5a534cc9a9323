"""The demo's parts, in the order in which they stand on each other."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from sandbox.demo.console import Console
from sandbox.demo.earlier import refuse_unknown_layout
from sandbox.demo.freshness import digest, is_fresh
from sandbox.demo.lan import Lan
from sandbox.demo.parts import (
    BACKEND_ENDED,
    TASK_PROCESS_ENDED,
    WEB_SETTINGS,
    WEB_WORKER_ENDED,
    announces,
    answers,
    celery_beat,
    celery_worker,
    is_working,
    watch,
    web_server,
)
from sandbox.demo.proxy import Proxy
from sandbox.environment import kept_secrets, messaging_account, write_env
from sandbox.machine.identity import server_identity
from sandbox.machine.ports import remembered_port
from sandbox.places import CHECKOUT, fits_sockets, make_passage, reaches, throwaway_folder
from sandbox.processes.children import Child, ChildError
from sandbox.processes.guardian import Guardian
from sandbox.processes.signals import ignore_endings
from sandbox.processes.supervisor import Part, Supervisor, lasts
from sandbox.servers.postgres import Postgres
from sandbox.servers.valkey import Valkey

READY_SECONDS = 120.0


class Server(Protocol):
    """PostgreSQL or Valkey, as the demo sees it."""

    @property
    def url(self) -> str: ...
    def prepare(self) -> None: ...
    def launch(self, guardian: Guardian) -> Child: ...
    def is_ready(self) -> bool: ...


class Services:
    """Everything that runs, and what it is told. Use it as a context: leaving stops all of it."""

    def __init__(
        self,
        state: Path,
        *,
        port: int,
        lock: int,
        console: Console,
        given: dict[str, str],
        lan: str | None = None,
    ) -> None:
        """`given`: settings of the caller's own services, used instead of ours. `lan`: this machine's
        address for others in the local network; without one nobody else gets in."""
        self.state = state
        self.port = port
        self.address = lan
        self.lan: Lan | None = None
        self.ports: dict[str, int] = {}
        self.console = console
        self.supervisor = Supervisor(console.note)
        self.given = given
        self.settings: dict[str, str] = {}
        self.logs = CHECKOUT / ".local" / "logs"
        self.env_file = CHECKOUT / ".local" / "env"
        self.seed_words = self.logs / "seed_demo.out"
        self.mail_url = self.stripe_url = self.phones_url = ""
        self.guardian = Guardian(keep_open=[lock])

    def __enter__(self) -> Services:
        for folder in (self.logs.parent, self.logs):
            make_passage(folder)
        for old in self.logs.iterdir():
            old.unlink()
        self.sockets = self._socket_folder()
        self.guardian.remove_later(self.env_file)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # A second Ctrl-C must not leave half of it running; each stop has its own time limit.
        ignore_endings()
        self.console.stopping()
        self.env_file.unlink(missing_ok=True)
        self.supervisor.stop()
        if self.sockets.parent != self.state:
            shutil.rmtree(self.sockets.parent, ignore_errors=True)
        self.guardian.dismiss()

    def open(self, *, weeks: int) -> None:
        """Start all parts, bring the database up to date, and wait until the shop answers."""
        self.settings |= kept_secrets(self.state / "secrets")
        self.settings |= {
            "BASE_URL": self._url(self.port),
            "TRUSTED_PROXY_COUNT": "1",
            "DEBUG": "0",
            "DEMO": "1",
            "STATIC_ROOT": str(CHECKOUT / ".local" / "static"),
            "PICTURES_STORE": str(self.state / "pictures"),
        }
        durable = {"sockets": self.sockets, "logs": self.logs, "copies": self.state / "wheels"}
        self._serve("DATABASE_URL", "PostgreSQL", Postgres(self.state, durable=True, **durable))
        self._serve("REDIS_URL", "Valkey", Valkey(self.state, durable=True, **durable))
        self._receive_mail()
        self._take_money()
        self._send_texts()
        write_env(self.env_file, self._told())
        self._migrate()
        self._collect_static_files()
        self._manage("Demo data", "seed_demo", f"--weeks={weeks}", words=self.seed_words)
        self._work()

    @property
    def base_url(self) -> str:
        """Where the product answers."""
        return self._told()["BASE_URL"]

    # --- the parts, in order ---------------------------------------------------------------------

    def _serve(self, setting: str, name: str, server: Server) -> None:
        if setting in self.given:
            self.console.note(f"{name}: yours, from {setting}")
            return
        with self.console.step(name):
            server.prepare()
            start = partial(server.launch, self.guardian)
            self._open(Part(name, start, lambda _: server.is_ready(), replaced=BACKEND_ENDED))
        self.settings[setting] = server.url

    def _receive_mail(self) -> None:
        if "EMAIL_URL" in self.given:
            self.console.note("Mail: yours, from EMAIL_URL")
            return
        smtp, web = self._port("mail_smtp"), self._port("mail_web")
        tray = ["-m", "sandbox.mail_tray", "--smtp-port", str(smtp), "--web-port", str(web)]
        with self.console.step("Mail tray"):
            keep = ["--state", str(self.state / "mail")]
            key, signing_key = self._derived("mail key"), self._derived("mail reports")
            api = ["--api-key", key, "--signing-key", signing_key]
            api += ["--webhook-url", f"http://127.0.0.1:{self.port}/webhooks/mail/"]
            if "TWILIO_ACCOUNT_SID" not in self.given:
                keep += ["--phones-url", self._url(self._port("phones"))]
            command = [sys.executable, *tray, *keep, *api]
            self._open(self._part("mail tray", command, announces("web")))
        self.mail_url = self._url(web)
        self.settings["OPERATOR_EMAIL"] = "operator@giftshop.example"
        url = f"mailgun://{key}@giftshop.example?api=http://127.0.0.1:{web}/v3"
        self.settings |= {"EMAIL_URL": url, "EMAIL_WEBHOOK_SECRET": signing_key}

    def _take_money(self) -> None:
        if "STRIPE_SECRET_KEY" in self.given:
            self.console.note("Stripe: yours, from STRIPE_SECRET_KEY")
            return
        told = self._told()
        (self.state / "stripe").mkdir(mode=0o700, exist_ok=True)
        command: list[str | Path] = [sys.executable, "-m", "sandbox.stripe_double"]
        port = self._port("stripe")
        self.stripe_url = self._url(port)
        command += ["--port", str(port), "--public-url", self.stripe_url]
        command += ["--webhook-url", f"http://127.0.0.1:{self.port}/webhooks/stripe/"]
        command += ["--webhook-secret", told["STRIPE_WEBHOOK_SECRET"]]
        command += ["--state", self.state / "stripe" / "state"]
        with self.console.step("Stripe double"):
            self._open(self._part("Stripe double", command, announces("listening")))
        self.settings["STRIPE_API_BASE"] = f"http://127.0.0.1:{port}"
        self.settings["STRIPE_CHECKOUT_ORIGIN"] = self.stripe_url

    def _send_texts(self) -> None:
        if "TWILIO_ACCOUNT_SID" in self.given:
            self.console.note("Texts: yours, from TWILIO_ACCOUNT_SID")
            return
        (self.state / "messages").mkdir(mode=0o700, exist_ok=True)
        self.settings |= messaging_account(self._told()["SECRET_KEY"])
        told, port = self._told(), self._port("phones")
        self.phones_url = self._url(port)
        command: list[str | Path] = [sys.executable, "-m", "sandbox.message_double"]
        command += ["--port", str(port), "--mail-url", self.mail_url]
        command += ["--public-url", self.base_url, "--reach-url", f"http://127.0.0.1:{self.port}"]
        command += ["--inbound-url", f"{self.base_url}/webhooks/messages/answers/"]
        command += ["--account-sid", told["TWILIO_ACCOUNT_SID"]]
        command += ["--auth-token", told["TWILIO_AUTH_TOKEN"]]
        command += ["--state", self.state / "messages" / "state"]
        with self.console.step("Phones"):
            self._open(self._part("message double", command, announces("listening")))
        self.settings["TWILIO_API_BASE"] = f"http://127.0.0.1:{port}"

    def _migrate(self) -> None:
        own = "DATABASE_URL" not in self.given
        remedy = f"{'make demo RESET=1 begins' if own else 'Name another database to begin'} anew."
        refuse_unknown_layout(self._told()["DATABASE_URL"], CHECKOUT, remedy=remedy)
        try:
            self._manage("Database up to date", "migrate", "--no-input", "--verbosity=0")
        except ChildError as failure:
            raise ChildError(f"{failure}\nIf the data is of an earlier version: {remedy}") from None

    def _collect_static_files(self) -> None:
        collected = Path(self._told()["STATIC_ROOT"])
        stamp, current = CHECKOUT / ".local" / "static.stamp", digest(CHECKOUT)
        if collected.is_dir() and is_fresh(stamp, current):
            return
        stamp.unlink(missing_ok=True)
        self._manage("Static files", "collectstatic", "--no-input", "--clear", "--verbosity=0")
        stamp.write_text(current)

    def _manage(self, title: str, *command: str, words: Path | None = None) -> None:
        """Run one management command to its end; what it prints goes to `words` or to its log."""
        with self.console.step(title):
            manage = [sys.executable, "manage.py", *command]
            child = self._start(command[0], manage, output=words)
            try:
                status = child.process.wait()
            finally:
                child.stop()
            if status:
                raise ChildError(child.obituary())

    def _work(self) -> None:
        proxy = self._proxy()

        def start_web() -> Child:
            proxy.clear_socket()
            settings = {**WEB_SETTINGS, **os.environ, **self._told()}
            command = web_server(proxy.web_options())
            return self._start("web server", command, env=settings)

        web = Part("web server", start_web, lambda _: proxy.finds_web(), WEB_WORKER_ENDED)
        start = partial(self._start, "proxy", proxy.command(), env=proxy.environment())
        front = Part("proxy", start, lambda _: proxy.listens())
        worker = self._part("worker", celery_worker(), is_working, replaced=TASK_PROCESS_ENDED)
        beat = self._part("beat", celery_beat())
        with self.console.step("Web server, proxy, worker and beat"):
            for part in (web, front, worker, beat, self._part("watch", watch())):
                self.supervisor.add(part)
            self.supervisor.wait_until_ready(web)
            self.supervisor.wait_until_ready(front)
            self._wait_for_readiness()
            self.supervisor.wait_until_ready(worker)

    def _proxy(self) -> Proxy:
        if self.address:
            certificate = self._port("certificate")
            mail, stripe = self.ports.get("mail_web"), self.ports.get("stripe")
            phones = self.ports.get("phones")
            self.lan = Lan(
                self.address, self.port, certificate, mail=mail, stripe=stripe, phones=phones
            )
        return Proxy(state=self.state, sockets=self.sockets, port=self.port, lan=self.lan)

    # --- how -------------------------------------------------------------------------------------

    def _part(
        self,
        name: str,
        command: Sequence[str | Path],
        is_ready: Callable[[Child], bool] = lasts,
        replaced: re.Pattern[str] | None = None,
    ) -> Part:
        """A command that shall run as long as the demo; it is told the settings of then."""
        return Part(name, partial(self._start, name, command), is_ready, replaced)

    def _open(self, part: Part) -> Child:
        self.supervisor.add(part)
        return self.supervisor.wait_until_ready(part)

    def _start(
        self,
        name: str,
        command: Sequence[str | Path],
        output: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Child:
        told = {**os.environ, **self._told()}
        return Child.start(
            name,
            command,
            log=self.logs / f"{name.lower().replace(' ', '_')}.log",
            output=output,
            guardian=self.guardian,
            env={**(told if env is None else env), "PYTHONUNBUFFERED": "1"},
            cwd=CHECKOUT,
        )

    def _derived(self, name: str) -> str:
        """A secret between two parts of ours, the same at the next start."""
        key = self._told()["SECRET_KEY"].encode()
        return hmac.new(key, name.encode(), hashlib.sha256).hexdigest()

    def _port(self, name: str) -> int:
        """A part's own port, the same as last time where that is free."""
        self.ports[name] = remembered_port(self.state / "ports", name, self.address)
        return self.ports[name]

    def _url(self, port: int) -> str:
        """Where a browser finds what listens on this port of 127.0.0.1."""
        return f"https://{self.address}:{port}" if self.address else f"http://127.0.0.1:{port}"

    def _told(self) -> dict[str, str]:
        """The product's settings: ours, and over them those of the caller's own services."""
        return dict(sorted((self.settings | self.given).items()))

    def _wait_for_readiness(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not answers(self.port, "readyz"):
            self.supervisor.check()
            if time.monotonic() > deadline:
                raise ChildError(f"{self.base_url}/readyz did not say 200. Logs: {self.logs}")
            time.sleep(0.1)

    def _socket_folder(self) -> Path:
        folder = self.state / "run"
        make_passage(folder)
        if fits_sockets(folder) and reaches(server_identity(), folder):
            return folder
        elsewhere = throwaway_folder()
        self.guardian.remove_later(elsewhere)
        make_passage(elsewhere / "run")
        return elsewhere / "run"
