"""What the demo says on the terminal."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from sandbox.demo.house import House


class Screen:
    """A line for each part, then one summary."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        self.errors = Console(stderr=True, highlight=False)
        self.opened = False

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show that a part is being started, then how long it took."""
        began = time.monotonic()
        with self.console.status(f"{title} …", spinner="dots"):
            yield
        seconds = f"{time.monotonic() - began:.1f} s"
        self.console.print(f"  [green]✓[/] {title} [dim]{seconds}[/]")

    def note(self, text: str) -> None:
        """A line of information."""
        self.console.print(f"  [yellow]•[/] {text}", soft_wrap=True)

    def summary(self, house: House) -> None:
        """Where everything is, how to sign in, how to stop."""
        self.opened = True
        places = Table.grid(padding=(0, 3))
        places.add_column(style="bold")
        places.add_column(style="cyan", overflow="fold")
        places.add_row("Giftshop", house.base_url)
        if house.mail_url:
            places.add_row("Mail tray", house.mail_url)
        if house.stripe_url:
            places.add_row("Stripe double", f"{house.stripe_url}/_double/")
        places.add_row("API", f"{house.base_url}/api/v1/docs/")
        places.add_row("Logs", str(house.logs))
        self.console.print()
        self.console.rule("[bold]Giftshop is open[/]", style="magenta")
        self.console.print(Padding(places, (1, 2, 0, 2)))
        words = house.seed_words.read_text(errors="replace").strip("\n")
        if words:
            self.console.print()
            self.console.print(Text(words), soft_wrap=True)
        self.console.print()
        self.console.rule("[dim]Ctrl-C stops everything · make demo RESET=1 begins anew[/]")

    def stopping(self) -> None:
        """Say that the parts are being stopped."""
        if self.opened:
            self.console.print("\nStopping. The data is kept for the next time.")

    def failure(self, text: str) -> None:
        """What went wrong and what to do, on stderr."""
        head, _, rest = text.partition("\n")
        self.errors.print(Text(head, style="bold red"), soft_wrap=True)
        if rest:
            self.errors.print(Text(rest), soft_wrap=True)
