"""What somebody is refused with who asks for a page, by the kind of page; None for whoever may come in."""

from collections.abc import Callable

from tests.access.people import Person

LOGIN, PAIR, PIN = "302 /accounts/login/", "302 /till/pair/", "302 /till/staff/"
NOTHING_HERE, NOT_FOR_YOU, STRANGER = "404", "403", "401"

AT_A_TABLET = {"tablet", "cashier", "manager"}
DEVICES = AT_A_TABLET | {"integration", "display"}
READING = {"GET", "HEAD"}
"""Whoever only reads is led to where they can come in."""

Rule = Callable[[Person, str], str | None]
"""Asked by a person with a method."""


def anyone(person: Person, method: str) -> str | None:
    return None


def with_order_link(person: Person, method: str) -> str | None:
    return None if person.role == "sender" else NOTHING_HERE


def with_gift_link(person: Person, method: str) -> str | None:
    return None if person.role == "recipient" else NOTHING_HERE


def with_data_link(person: Person, method: str) -> str | None:
    """Of the page that says what is kept of them."""
    return None if person.role == "recipient" else NOTHING_HERE


def with_draft(person: Person, method: str) -> str | None:
    """The browser that began it."""
    return None if (person.role, person.place) == ("sender", "own") else NOTHING_HERE


def signed_in(person: Person, method: str) -> str | None:
    return None if person.signed_in else LOGIN


def still_signed_in(person: Person, method: str) -> str | None:
    """Asked by a script, which is told so in one word."""
    return None if person.signed_in else STRANGER


def operator(person: Person, method: str) -> str | None:
    """Who runs the installation and works for no brand."""
    if person.role == "operator":
        return None
    return NOTHING_HERE if person.signed_in else LOGIN


def nobody_yet(person: Person, method: str) -> str | None:
    """A page where an account is made: whoever has one reads that it is for another."""
    return "200" if person.signed_in else None


def no_owner_yet(person: Person, method: str) -> str | None:
    """Whoever signed in need not prove their address."""
    return "302 /open/brand/" if person.signed_in else None


def opening_code_asked_for(person: Person, method: str) -> str | None:
    return None if person.role == "signing_in" else "302 /open/"


def proven(person: Person, method: str) -> str | None:
    return None if person.signed_in else "302 /open/"


def not_signed_in(person: Person, method: str) -> str | None:
    return "302 /studio/" if person.signed_in else None


def address_codes_asked_for(person: Person, method: str) -> str | None:
    """The browser of somebody who wants another address for their account: the operator's."""
    if person.role == "operator":
        return None
    return "302 /account/address/" if person.signed_in else LOGIN


def code_asked_for(person: Person, method: str) -> str | None:
    """A browser in which somebody asked for a code to sign in with."""
    if person.role == "signing_in":
        return None
    return "302 /studio/" if person.signed_in else "302 /accounts/login/"


def at_the_second_step(person: Person, method: str) -> str | None:
    """A browser in which somebody who has a second factor typed their password."""
    if person.role == "at_second_step":
        return None
    return "302 /studio/" if person.signed_in else "302 /accounts/login/"


def studio(*roles: str, acts: tuple[str, ...] | None = None, by_store: bool = False) -> Rule:
    """Members of this brand, in these roles. To a stranger there is no such brand. `acts`: the roles that
    do more than read there. `by_store`: also for those of some stores only."""
    places = {"own", "own store", "other store"} if by_store else {"own"}

    def rule(person: Person, method: str) -> str | None:
        if not person.signed_in:
            return LOGIN
        allowed = roles if acts is None or method in READING else acts
        return None if person.place in places and person.role in allowed else NOTHING_HERE

    return rule


def tablet(person: Person, method: str) -> str | None:
    """A paired counter tablet, whoever holds it."""
    if person.role in AT_A_TABLET:
        return None
    if person.role not in DEVICES and method in READING:
        return PAIR
    return NOT_FOR_YOU


def till(person: Person, method: str) -> str | None:
    """Somebody who signed in on a tablet."""
    if person.role == "tablet":
        return PIN if method in READING else STRANGER
    return tablet(person, method)


def till_manager(person: Person, method: str) -> str | None:
    if person.role == "tablet":
        return PIN
    return NOT_FOR_YOU if person.role == "cashier" else till(person, method)


def api(*roles: str, asks_late: bool = False) -> Rule:
    """Paired devices of these kinds. `asks_late`: the act itself finds out which device it is; what it
    takes (OPTIONS) is told before."""

    def rule(person: Person, method: str) -> str | None:
        if person.role not in DEVICES:
            return STRANGER
        if method == "OPTIONS" and asks_late:
            return None
        return None if person.role in roles else NOT_FOR_YOU

    return rule


MEMBERS = studio("owner", "marketer", "finance", "store_manager", "reader", by_store=True)
CAMPAIGNERS = studio("owner", "marketer", "finance", "reader")
EDITORS = studio("owner", "marketer")
CAMPAIGN_TYPERS = studio("owner", "marketer", "finance", "reader", acts=("owner", "marketer"))
OWNERS = studio("owner")
STORE_RUNNERS = studio("owner", "store_manager", by_store=True)
RANKERS = studio("owner", "marketer", "store_manager", by_store=True)
STORE_READERS = studio(
    "owner", "store_manager", "reader", acts=("owner", "store_manager"), by_store=True
)
BRAND_READERS = studio("owner", "reader", acts=("owner",))
MONEY_READERS = studio("owner", "finance", "reader", acts=("owner", "finance"))
MONEY_MOVERS = studio("owner", "finance")
"""What a store manager and a reader may is said here once more, apart from the product's own table."""
TILLS = api("integration")
TILLS_LATE = api("integration", asks_late=True)
TILLS_AND_DISPLAYS = api("integration", "display", asks_late=True)
