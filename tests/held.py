"""What a page asks for is held back, until the test lets it go."""

from playwright.sync_api import Page, Route

from tests.server import wait_for


class Held:
    """Requests of a page to these addresses, in the order in which they came."""

    def __init__(self, page: Page, *addresses: str, times: int | None = None) -> None:
        self._page, self._came, self._taken = page, list[Route](), 0
        for address in addresses:
            page.route(address, self._hold, times=times)

    def _hold(self, route: Route) -> None:
        self._came.append(route)

    def next(self) -> Route:
        """The first that was not taken yet, once it has come: a page that shows that it asks may be busy a
        moment before it does."""
        wait_for(lambda: len(self) > self._taken, "nothing was asked")
        self._taken += 1
        return self._came[self._taken - 1]

    def __len__(self) -> int:
        """How many came by now."""
        self._page.evaluate("0")  # Playwright tells of them in a call of its own alone
        return len(self._came)
