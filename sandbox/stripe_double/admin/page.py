"""The admin page: payments with what may befall them, switches for trouble, and the delivery log."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable
from dataclasses import fields

from sandbox.stripe_double import money
from sandbox.stripe_double.checkout.pages import policy, template, text
from sandbox.stripe_double.reply import Reply
from sandbox.stripe_double.state.faults import REFUND_OUTCOMES, Switches
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

SHOWN_PAYMENTS = 50
SHOWN_DELIVERIES = 60
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
            payments=payments(world),
            sessions=open_sessions(world),
            switches=switches(world),
            deliveries=deliveries(world),
            balance=balance(world),
        )
    return Reply(body, status, {"Content-Security-Policy": policy()})


def at(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))


def button(path: str, label: str, about: str = "", **values: str) -> str:
    """A form of one button; ``about`` tells a screen reader which row it belongs to."""
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{text(value)}">'
        for name, value in values.items()
    )
    named = f' aria-label="{text(f"{label} {about}")}"' if about else ""
    return f'<form method="post" action="/_double{path}">{hidden}<button{named}>{text(label)}</button></form>'


def rows(cells: Iterable[Iterable[str]], empty: str, width: int) -> str:
    made = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells)
    return made or f'<tr><td colspan="{width}" class="quiet">{text(empty)}</td></tr>'


def payments(world: World) -> str:
    charges = itertools.islice(world.store.newest("charge"), SHOWN_PAYMENTS)
    return rows((_payment(world, charge) for charge in charges), "Nobody has paid yet.", 4)


def _payment(world: World, charge: Obj) -> list[str]:
    amount = text(money.shown(charge["amount"], charge["currency"]))
    about = f"<code>{charge['payment_intent']}</code><br><span class=quiet>{at(charge['created'])}</span>"
    return [about, amount, _standing(charge), "".join(_buttons(world, charge))]


def _standing(charge: Obj) -> str:
    said = [charge["status"]]
    if charge["failure_code"]:
        said.append(charge["failure_code"])
    if charge["amount_refunded"]:
        said.append(f"refunded {money.shown(charge['amount_refunded'], charge['currency'])}")
    if charge["disputed"]:
        said.append("disputed")
    return text(", ".join(said))


def _buttons(world: World, charge: Obj) -> list[str]:
    name, made = charge["id"], []
    if charge["status"] != "succeeded":
        return []
    if not charge["disputed"]:
        made += [button("/disputes", "Dispute", name, charge=name)]
        made += [button("/fraud_warnings", "Fraud warning", name, charge=name)]
    if not charge["refunded"] and not charge.get("_charged_back"):
        made += [button("/refunds", "Refund the rest", name, charge=name), _part(charge)]
    for dispute in world.store.newest("dispute"):
        if dispute["charge"] == name and dispute["status"] not in ("won", "lost"):
            path = f"/disputes/{dispute['id']}/close"
            made += [
                button(path, "Dispute won", name, outcome="won"),
                button(path, "Dispute lost", name, outcome="lost"),
            ]
    for refund in world.store.newest("refund"):
        if refund["charge"] == name and refund["status"] in ("pending", "succeeded"):
            amount = money.shown(refund["amount"], refund["currency"])
            made += [button(f"/refunds/{refund['id']}/fail", f"Fail refund of {amount}", name)]
            if refund["status"] == "pending":
                made += [
                    button(f"/refunds/{refund['id']}/succeed", f"Finish refund of {amount}", name)
                ]
    return made


def _part(charge: Obj) -> str:
    """Some of it, as it is typed."""
    name = charge["id"]
    return (
        '<form class="part" method="post" action="/_double/refunds">'
        f'<input type="hidden" name="charge" value="{name}">'
        '<input name="part" type="number" min="0" step="any" required '
        f'aria-label="Amount to refund of {name}">'
        f'<button aria-label="Refund this much of {name}">Refund this much</button></form>'
    )


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
                text(money.shown(amount, currency)),
                button("/payouts", f"Pay out {currency.upper()}", currency=currency),
            ]
            for currency, amount in sorted(unpaid.items())
        ),
        "The balance is empty.",
        2,
    )
