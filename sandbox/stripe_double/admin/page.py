"""The admin page: payments with what may befall them, switches for trouble, and the delivery log."""

from __future__ import annotations

import itertools
from dataclasses import fields

from sandbox.stripe_double import money
from sandbox.stripe_double.admin import payments
from sandbox.stripe_double.admin.parts import at, button, rows
from sandbox.stripe_double.checkout.pages import policy, template, text
from sandbox.stripe_double.objects import endpoints
from sandbox.stripe_double.reply import Reply
from sandbox.stripe_double.state.faults import REFUND_OUTCOMES, Switches
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

SHOWN_PAYMENTS = 50
SHOWN_DELIVERIES = 60
SHOWN_PAYOUTS = 5
ABOUT = {
    "api_500": "Next API requests answered 500",
    "api_429": "Next API requests answered 429",
    "api_hang": "Next API requests that hang",
    "api_drop": "Next API connections dropped",
    "hang_seconds": "Seconds that a request hangs",
    "after_effect": "Trouble strikes after the effect",
    "only_method": "Only this method (POST, GET)",
    "only_path": "Only paths that begin so",
    "webhook_delay": "Webhook delay, seconds",
    "webhook_duplicate": "Next webhooks sent twice",
    "webhook_drop": "Next webhooks never sent",
    "webhook_reorder": "Webhooks in the wrong order",
    "settle_delay": "Balance transaction after, seconds",
    "refunds": "New refunds become (for want of funds they wait or are refused)",
}


def reply(world: World, alert: str = "", status: int = 200) -> Reply:
    with world.change():
        body = template("admin.html").substitute(
            merchant=text(world.options.merchant),
            alert=f'<p class="alert" role="alert">{text(alert)}</p>' if alert else "",
            now=at(world.now()),
            ahead=text(f"{world.offset / 3600:.1f} h ahead" if world.offset else "on time"),
            webhook=text(world.options.webhook_url or "none"),
            payments=payments.table(world),
            sessions=open_sessions(world),
            switches=switches(world),
            deliveries=deliveries(world),
            balance=balance(world),
            payouts=payouts(world),
            endpoints=webhook_endpoints(world),
        )
    return Reply(body, status, {"Content-Security-Policy": policy()})


def open_sessions(world: World) -> str:
    found = (each for each in world.store.newest("checkout.session") if _may_still_be_paid(each))
    return rows(
        (
            [
                f'<a href="/c/pay/{each["id"]}">{each["id"][:24]}…</a>',
                text(money.shown(each["amount_total"], each["currency"])),
                f"until {at(each['expires_at'])}"
                if each["status"] == "open"
                else "a bank debit is under way",
                "".join(_session_buttons(each)),
            ]
            for each in itertools.islice(found, SHOWN_PAYMENTS)
        ),
        "No checkout is open.",
        4,
    )


def _may_still_be_paid(session: Obj) -> bool:
    return session["status"] == "open" or (
        session["status"] == "complete" and session["payment_status"] == "unpaid"
    )


def _session_buttons(session: Obj) -> list[str]:
    path, name = f"/sessions/{session['id']}", session["id"][:24]
    if session["status"] == "open":
        return [
            button(f"{path}/pay", "Pay", name),
            button(f"{path}/debit", "Pay by bank debit", name),
            button(f"{path}/expire", "Close", name),
        ]
    return [
        button(f"{path}/debit", "Debit arrives", name, outcome="arrives"),
        button(f"{path}/debit", "Debit fails", name, outcome="fails"),
    ]


def switches(world: World) -> str:
    values = world.faults.shown()
    return "".join(_switch(each.name, values[each.name]) for each in fields(Switches))


def _switch(name: str, value: object) -> str:
    label = f'<label for="{name}">{ABOUT[name]}</label>'
    if name == "refunds" or isinstance(value, bool):
        options = REFUND_OUTCOMES if name == "refunds" else ("false", "true")
        chosen = str(value).lower() if isinstance(value, bool) else value
        inner = "".join(
            f"<option{' selected' if each == chosen else ''}>{each}</option>" for each in options
        )
        return (
            f'<div class="switch">{label}<select id="{name}" name="{name}">{inner}</select></div>'
        )
    kind = "text" if isinstance(value, str) else 'number" step="any" min="0'
    inner = f'<input id="{name}" name="{name}" type="{kind}" value="{text(value)}">'
    return f'<div class="switch">{label}{inner}</div>'


def webhook_endpoints(world: World) -> str:
    endpoints.own(world)
    found = world.store.newest("webhook_endpoint")
    return rows((_endpoint(each) for each in found), "Nobody is told.", 4)


def _endpoint(endpoint: Obj) -> list[str]:
    is_on = endpoint["status"] == "enabled"
    label, disabled = ("Disable", "yes") if is_on else ("Enable", "no")
    path = f"/endpoints/{endpoint['id']}"
    url = endpoint["url"]
    return [
        f"<code>{text(url)}</code>",
        text(", ".join(endpoint["enabled_events"])),
        text(endpoint["status"]),
        button(path, label, url, disabled=disabled),
    ]


def deliveries(world: World) -> str:
    log = itertools.islice(reversed(list(world.webhooks.log)), SHOWN_DELIVERIES)
    return rows(
        (
            [
                at(each["at"]),
                text(each["type"]),
                text(each["attempt"]),
                text(each["outcome"]),
                button(f"/events/{each['event']}/resend", "Resend", each["event"]),
            ]
            for each in log
        ),
        "Nothing was sent yet.",
        5,
    )


def balance(world: World) -> str:
    unpaid: dict[str, int] = {}
    for line in world.store.newest("balance_transaction"):
        if not line["_payout"]:
            unpaid[line["currency"]] = unpaid.get(line["currency"], 0) + line["net"]
    return rows(
        (
            [
                f"{text(money.shown(amount, currency))}, not yet paid out",
                button("/payouts", f"Pay out {currency.upper()}", currency=currency)
                + button(
                    "/payouts",
                    f"Send {currency.upper()} on its way",
                    currency=currency,
                    arrives="no",
                ),
            ]
            for currency, amount in sorted(unpaid.items())
        ),
        "The balance is empty.",
        2,
    )


def payouts(world: World) -> str:
    found = itertools.islice(world.store.newest("payout"), SHOWN_PAYOUTS)
    return rows((_payout(each) for each in found), "Nothing was paid out yet.", 2)


def _payout(payout: Obj) -> list[str]:
    amount = money.shown(payout["amount"], payout["currency"])
    path, name = f"/payouts/{payout['id']}/end", payout["id"]
    acts = []
    if payout["status"] == "in_transit":
        acts.append(button(path, "It arrives", name, arrives="yes"))
    if payout["status"] in ("in_transit", "paid"):
        acts.append(button(path, "It comes back", name, arrives="no"))
    return [text(f"{amount}, {payout['status']}"), "".join(acts)]
