"""The admin page's payments, and what may befall each."""

from __future__ import annotations

import itertools

from sandbox.stripe_double import money
from sandbox.stripe_double.admin.parts import at, button, choice, rows
from sandbox.stripe_double.checkout.pages import text
from sandbox.stripe_double.objects import disputes
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

SHOWN_PAYMENTS = 50


def table(world: World) -> str:
    charges = itertools.islice(world.store.newest("charge"), SHOWN_PAYMENTS)
    return rows((_payment(world, charge) for charge in charges), "Nobody has paid yet.", 4)


def _payment(world: World, charge: Obj) -> list[str]:
    amount = text(money.shown(charge["amount"], charge["currency"]))
    about = f"<code>{charge['payment_intent']}</code><br><span class=quiet>{at(charge['created'])}</span>"
    return [about, amount, _standing(world, charge), "".join(_buttons(world, charge))]


def _standing(world: World, charge: Obj) -> str:
    said = [charge["status"]]
    if charge["failure_code"]:
        said.append(charge["failure_code"])
    for refund in _refunds(world, charge):
        amount = money.shown(refund["amount"], refund["currency"])
        why = refund.get("pending_reason") or refund.get("failure_reason")
        said.append(f"refund of {amount}: {refund['status']}{f' ({why})' if why else ''}")
    for dispute in disputes.of_charge(world, charge):
        amount = money.shown(dispute["amount"], dispute["currency"])
        said.append(f"dispute of {amount}: {dispute['status']}")
    if charge["review"]:
        said.append("in review")
    return text(", ".join(said))


def _buttons(world: World, charge: Obj) -> list[str]:
    if charge["status"] != "succeeded":
        return []
    name = charge["id"]
    made = [_dispute(charge)]
    if not charge["disputed"]:
        made += [button("/fraud_warnings", "Fraud warning", name, charge=name)]
    if charge["review"]:
        made += [button(f"/reviews/{charge['review']}/approve", "Approve review", name)]
    elif not charge["disputed"] and not charge["refunded"]:
        made += [button("/reviews", "Send to review", name, charge=name)]
    if not charge["refunded"] and not charge.get("_charged_back"):
        made += [button("/refunds", "Refund the rest", name, charge=name), _part(charge)]
    for dispute in disputes.of_charge(world, charge):
        made += _outcomes(dispute, name)
    for refund in _refunds(world, charge):
        made += _ends(refund, name)
    return made


def _refunds(world: World, charge: Obj) -> list[Obj]:
    return [each for each in world.store.newest("refund") if each["charge"] == charge["id"]]


def _outcomes(dispute: Obj, name: str) -> list[str]:
    path = f"/disputes/{dispute['id']}"
    if dispute["status"] not in disputes.OPEN:
        return []
    if dispute["status"].startswith("warning_"):
        return [
            button(f"{path}/close", "Close inquiry", name, outcome="warning_closed"),
            button(f"{path}/escalate", "Inquiry becomes a chargeback", name),
        ]
    return [
        button(f"{path}/close", "Dispute won", name, outcome="won"),
        button(f"{path}/close", "Dispute lost", name, outcome="lost"),
    ]


def _ends(refund: Obj, name: str) -> list[str]:
    amount = money.shown(refund["amount"], refund["currency"])
    path = f"/refunds/{refund['id']}"
    made = []
    if refund["status"] in ("pending", "succeeded"):
        made += [button(f"{path}/fail", f"Fail refund of {amount}", name)]
    if refund["status"] == "pending":
        made += [button(f"{path}/succeed", f"Finish refund of {amount}", name)]
    return made


def _dispute(charge: Obj) -> str:
    """What the buyer's bank says, and why."""
    name = charge["id"]
    return (
        '<form class="part" method="post" action="/_double/disputes">'
        f'<input type="hidden" name="charge" value="{name}">'
        f"{choice('case', f'Case of {name}', disputes.CASES)}"
        f"{choice('reason', f'Reason for {name}', sorted(disputes.CODES, key='fraudulent'.__ne__))}"
        f'<button aria-label="Dispute {name}">Dispute</button></form>'
    )


def _part(charge: Obj) -> str:
    """Some of it, as it is typed."""
    name = charge["id"]
    return (
        '<form class="part" method="post" action="/_double/refunds">'
        f'<input type="hidden" name="charge" value="{name}">'
        '<input name="part" type="number" min="0" step="any" required placeholder="Amount" '
        f'aria-label="Amount to refund of {name}">'
        f'<button aria-label="Refund this much of {name}">Refund this much</button></form>'
    )
