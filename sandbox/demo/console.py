"""What the demo says on the terminal."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import rich.console
from qrcode.constants import ERROR_CORRECT_L
from qrcode.main import QRCode
from rich.columns import Columns
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sandbox.demo.lan import Lan, fingerprint, root_certificate

# Light and dark are those that a camera expects, whatever the terminal's colours.
BLACK_AND_WHITE = "bright_white on black"


class Opened(Protocol):
    """What the summary tells of; addresses are empty where the caller's own service is used."""

    state: Path
    logs: Path
    lan: Lan | None
    mail_url: str
    stripe_url: str
    phones_url: str
    seed_words: Path

    @property
    def base_url(self) -> str: ...


class Console:
    """A line for each part, then one summary."""

    def __init__(self) -> None:
        self.out = rich.console.Console(highlight=False, emoji=False)
        self.errors = rich.console.Console(stderr=True, highlight=False, emoji=False)
        self.opened = False

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show that a part is being started, then how long it took."""
        began = time.monotonic()
        with self.out.status(f"{title} …", spinner="dots"):
            yield
        seconds = f"{time.monotonic() - began:.1f} s"
        self.out.print(f"  [green]✓[/] {title} [dim]{seconds}[/]")

    def note(self, text: str) -> None:
        """A line of information."""
        self.out.print(f"  [yellow]•[/] {text}", soft_wrap=True)

    def summary(self, opened: Opened) -> None:
        """Where everything is, how to sign in, how to stop."""
        self.opened = True
        places = Table.grid(padding=(0, 3))
        places.add_column(style="bold")
        places.add_column(style="cyan", overflow="fold")
        addresses = addresses_of(opened)
        for name, url in addresses:
            places.add_row(name, url)
        places.add_row("API", f"{opened.base_url}/api/v1/docs/")
        places.add_row("Logs", str(opened.logs))
        self.out.print()
        self.out.rule("[bold]Giftshop is open[/]", style="magenta")
        self.out.print(Padding(places, (1, 2, 0, 2)))
        words = opened.seed_words.read_text(errors="replace").strip("\n")
        if words:
            self.out.print()
            self.out.print(Text(words), soft_wrap=True)
        if opened.lan:
            self._to_scan(addresses)
            self._open_to_others(opened.lan, root_certificate(opened.state / "proxy"))
        self.out.print()
        self.out.rule("[dim]Ctrl-C stops everything · make demo RESET=1 begins anew[/]")

    def _to_scan(self, addresses: list[tuple[str, str]]) -> None:
        """A QR for each address, as many side by side as the terminal is wide."""
        codes = [Text(f"{name}\n{qr(url)}", style=BLACK_AND_WHITE) for name, url in addresses]
        self.out.print()
        self.out.print(Columns(codes, padding=(1, 3)))

    def _open_to_others(self, lan: Lan, certificate: Path) -> None:
        self.note("[bold]Open to everybody in this network, with sign-ins that everybody knows.[/]")
        self.note(f"Browsers warn until they know its certificate: {lan.certificate_url}")
        self.note(f"SHA-256 {fingerprint(certificate)}")

    def stopping(self) -> None:
        """Say that the parts are being stopped."""
        if self.opened:
            self.out.print("\nStopping. The data is kept for the next time.")

    def failure(self, text: str) -> None:
        """What went wrong and what to do, on stderr."""
        head, _, rest = text.partition("\n")
        self.errors.print(Text(head, style="bold red"), soft_wrap=True)
        if rest:
            self.errors.print(Text(rest), soft_wrap=True)


def addresses_of(opened: Opened) -> list[tuple[str, str]]:
    """What there is to open in a browser, each with its name."""
    found = [("Giftshop", opened.base_url), ("Till", f"{opened.base_url}/till/")]
    found += [("Mail tray", opened.mail_url)] if opened.mail_url else []
    found += [("Phones", opened.phones_url)] if opened.phones_url else []
    return found + (
        [("Stripe double", f"{opened.stripe_url}/_double/")] if opened.stripe_url else []
    )


def qr(url: str) -> str:
    """A QR of half blocks, white where the blocks are, two rows of it in each line."""
    symbol: QRCode[Any] = QRCode(error_correction=ERROR_CORRECT_L, border=2)
    symbol.add_data(url)
    out = io.StringIO()
    symbol.print_ascii(out, invert=True)
    return out.getvalue().rstrip("\n").replace("\N{NO-BREAK SPACE}", " ")
