"""The hosted payment page: what a buyer sees after being sent to a session's ``url``."""

from __future__ import annotations

import urllib.parse
from typing import Any

from sandbox.stripe_double import cards
from sandbox.stripe_double.checkout import fields, pages
from sandbox.stripe_double.errors import StripeError
from sandbox.stripe_double.objects import intents, sessions
from sandbox.stripe_double.reply import Reply
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World


def billing_of(email: str | None, name: str | None, country: str | None) -> Obj:
    """Billing details as they stand on charges."""
    billing = intents.no_billing()
    billing["address"]["country"] = country
    return {**billing, "email": email, "name": name}


class Checkout:
    """Answers /c/pay/{session} and its challenge page."""

    def __init__(self, world: World) -> None:
        self.world = world

    def reply(self, method: str, path: str, body: str) -> Reply:
        session_id, _, step = path.removeprefix("/c/pay/").partition("/")
        self.world.do_what_is_due()
        with self.world.change():
            session = self.world.store.find("checkout.session", session_id)
            if session is None or step not in ("", "challenge", "brand.css"):
                return pages.lost()
            if step == "brand.css":
                return pages.brand_css(session)
            if session["status"] != "open":
                return self._over(session, method)
            form = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
            if step:
                return self._challenge(session, method, form)
            return self._form(session, form) if method == "POST" else self._blank(session)

    def receipt(self, charge_id: str) -> Reply:
        """What a charge's receipt_url shows."""
        with self.world.change():
            charge = self.world.store.find("charge", charge_id)
            return pages.receipt(charge, self.world.options.merchant) if charge else pages.lost()

    def _merchant(self, session: Obj) -> str:
        """The name at the top: the session's own, or the account's."""
        return (session["branding_settings"] or {}).get(
            "display_name"
        ) or self.world.options.merchant

    def _blank(self, session: Obj) -> Reply:
        return pages.pay_page(session, self._merchant(session), {}, {})

    def _over(self, session: Obj, method: str) -> Reply:
        """Nothing to pay any more; a second press of the button lands where the first one did."""
        if session["status"] == "complete" and method == "POST":
            return Reply.redirect(sessions.success_url(session))
        return pages.over(session, self._merchant(session))

    def _form(self, session: Obj, form: dict[str, str]) -> Reply:
        entry = fields.read(form, session["customer_email"], self.world.now())
        if entry.problems:
            return pages.pay_page(session, self._merchant(session), form, entry.problems)
        return self._pay(session, entry, form)

    def _pay(
        self, session: Obj, entry: Any, form: dict[str, str], passed: bool | None = None
    ) -> Reply:
        billing = billing_of(entry.email, entry.name, entry.country)
        card = cards.card_for(entry.number)
        try:
            outcome = sessions.pay(
                self.world, session, card, billing=billing, expiry=entry.expiry, passed=passed
            )
        except StripeError as problem:
            problems = {fields.field_of(problem.error.get("code", "")): str(problem)}
            return pages.pay_page(session, self._merchant(session), form, problems)
        if outcome == "challenge":
            kept = {name: value for name, value in form.items() if name != "cardCvc"}
            self.world.save(session, _asked={**kept, "cardCvc": "123"})
            return Reply.redirect(f"/c/pay/{session['id']}/challenge")
        return Reply.redirect(sessions.success_url(session))

    def _challenge(self, session: Obj, method: str, form: dict[str, str]) -> Reply:
        """The bank's page between: Complete or Fail."""
        asked = session.get("_asked")
        if not asked:
            return Reply.redirect(f"/c/pay/{session['id']}")
        if method != "POST" or form.get("answer") not in ("complete", "fail"):
            return pages.challenge(session, self._merchant(session))
        entry = fields.read(asked, session["customer_email"], self.world.now())
        self.world.save(session, _asked=None)
        return self._pay(
            session, entry, {**asked, "cardCvc": ""}, passed=form["answer"] == "complete"
        )
