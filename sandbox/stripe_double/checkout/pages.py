"""The payment pages' HTML: templates filled with escaped text."""

from __future__ import annotations

import functools
import html
import re
import string
import urllib.parse
from pathlib import Path

from sandbox.stripe_double import money
from sandbox.stripe_double.cards import CARDS
from sandbox.stripe_double.checkout.countries import COUNTRIES
from sandbox.stripe_double.checkout.words import language_of, say
from sandbox.stripe_double.objects import sessions
from sandbox.stripe_double.reply import Reply
from sandbox.stripe_double.state.store import Obj

TEMPLATES = Path(__file__).parent.parent / "templates"
VERBS = {"donate": "Donate", "book": "Book", "subscribe": "Subscribe"}
FIELDS = ("email", "cardNumber", "cardExpiry", "cardCvc", "billingName")


@functools.cache
def template(name: str, language: str = "en") -> string.Template:
    """Its texts stand in {{}}, and are said in that language."""
    written = (TEMPLATES / name).read_text()
    return string.Template(re.sub(r"{{(.+?)}}", lambda text: say(text[1], language), written))


def text(value: object) -> str:
    return html.escape(str(value))


def page(
    name: str,
    title: str,
    values: dict[str, str],
    *,
    status: int = 200,
    goes_to: tuple[str, ...] = (),
    style: str = "",
    language: str = "en",
) -> Reply:
    """A whole page. ``values`` are HTML already; ``goes_to``: addresses its forms may lead to."""
    extra = f'<link rel="stylesheet" href="{text(style)}">' if style else ""
    body = template(name, language).substitute(values)
    whole = template("page.html").substitute(
        language=language, title=text(title), style=extra, body=body
    )
    return Reply(whole, status, {"Content-Security-Policy": policy(goes_to)})


def policy(goes_to: tuple[str, ...] = ()) -> str:
    origins = {origin(each) for each in goes_to if each}
    targets = " ".join(["'self'", *sorted(origins)])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {targets}"
    )


def origin(url: str) -> str:
    """A redirect that follows a form needs the target's origin allowed too."""
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def pay_page(session: Obj, merchant: str, form: dict[str, str], problems: dict[str, str]) -> Reply:
    """The form; ``form``: what was typed before, ``problems``: by field."""
    total = money.shown(session["amount_total"], session["currency"])
    values = {f"{name}_value": text(form.get(name, "")) for name in FIELDS if name != "cardCvc"}
    if session["customer_email"]:
        values["email_value"] = text(session["customer_email"])
    language = language_of(session)
    problems = {name: say(problem, language) for name, problem in problems.items()}
    several = say("Check the details marked below.", language)
    alert = next(iter(problems.values()), "") if len(problems) < 2 else several
    verb = say(VERBS.get(session["submit_type"] or "", "Pay"), language)
    for name in FIELDS:
        values[f"{name}_state"], values[f"{name}_problem"] = _marks(name, problems)
    values |= {
        "action": f"/c/pay/{session['id']}",
        "summary": summary(session, merchant),
        "alert": f'<p class="alert" role="alert" id="alert">{text(alert)}</p>' if alert else "",
        "email_lock": "readonly" if session["customer_email"] else "",
        "countries": countries(form.get("billingCountry", "US")),
        "cards": test_cards(),
        "button": text(f"{verb} {total}"),
    }
    goes_to = (session["success_url"], session["cancel_url"] or "")
    return page(
        "pay.html",
        f"{merchant} · {total}",
        values,
        goes_to=goes_to,
        style=brand_style(session),
        language=language,
    )


def _marks(name: str, problems: dict[str, str]) -> tuple[str, str]:
    """Attributes of a wrong field, and what is said beside it; a lone problem is said at the top only."""
    if name not in problems:
        return "", ""
    if len(problems) == 1:
        return 'aria-invalid="true" aria-describedby="alert"', ""
    said = f'<p class="problem" id="{name}-problem">{text(problems[name])}</p>'
    return f'aria-invalid="true" aria-describedby="{name}-problem"', said


def challenge(session: Obj, merchant: str) -> Reply:
    total = money.shown(session["amount_total"], session["currency"])
    values = {"merchant": text(merchant), "total": text(total)}
    goes_to = (session["success_url"],)
    return page("challenge.html", "3-D Secure", values, goes_to=goes_to, style=brand_style(session))


def brand_style(session: Obj) -> str:
    """Where the session's own colours are, if it has any."""
    brand = session["branding_settings"] or {}
    coloured = brand.get("button_color") or brand.get("background_color")
    return f"/c/pay/{session['id']}/brand.css" if coloured else ""


def brand_css(session: Obj) -> Reply:
    """The session's colours, with writing on the button that can be read."""
    brand = session["branding_settings"] or {}
    rules = []
    if accent := brand.get("button_color"):
        red, green, blue = (int(accent[place : place + 2], 16) for place in (1, 3, 5))
        light = red * 0.299 + green * 0.587 + blue * 0.114 > 140
        ink = "#1a1f36" if light else "#ffffff"
        rules.append(f"--accent: {accent}; --accent-deep: {accent}; --on-accent: {ink};")
    if side := brand.get("background_color"):
        rules.append(f"--side: {side};")
    return Reply(f":root {{ {' '.join(rules)} }}\n", kind="text/css; charset=utf-8")


def over(session: Obj, merchant: str) -> Reply:
    """Paid already, or expired."""
    language = language_of(session)
    if session["status"] == "complete":
        said = {
            "en": f"This payment to {merchant} is complete. Nothing more will be charged.",
            "de": f"Diese Zahlung an {merchant} ist abgeschlossen. Es wird nichts mehr abgebucht.",
            "es": f"Este pago a {merchant} está completo. No se cobrará nada más.",
        }
        link = (say("Continue", language), sessions.success_url(session))
        return notice(say("Already paid", language), said[language], link, language=language)
    back = f"{say('Back', language)}: {merchant}" if language != "en" else f"Back to {merchant}"
    link = (back, session["cancel_url"]) if session["cancel_url"] else None
    said = say("Nothing was charged. Go back to start the payment again.", language)
    return notice(say("This page has expired", language), said, link, language=language)


def lost() -> Reply:
    return notice(
        "Something went wrong", "The page you were looking for could not be found.", status=404
    )


def receipt(charge: Obj, merchant: str) -> Reply:
    amount = money.shown(charge["amount"], charge["currency"])
    back = charge["amount_refunded"]
    refunded = f" {money.shown(back, charge['currency'])} of it was refunded." if back else ""
    details = charge["payment_method_details"]
    method = details[details["type"]]
    name = method["brand"].title() if "brand" in method else "a bank account"
    said = f"{amount} paid with {name} ending {method['last4']}.{refunded}"
    return notice(f"Receipt from {merchant}", said)


def notice(
    title: str,
    said: str,
    link: tuple[str, str] | None = None,
    status: int = 200,
    language: str = "en",
) -> Reply:
    shown_link = f'<a class="button" href="{text(link[1])}">{text(link[0])}</a>' if link else ""
    values = {"heading": text(title), "said": text(said), "link": shown_link}
    return page("notice.html", title, values, status=status, language=language)


def summary(session: Obj, merchant: str) -> str:
    currency = session["currency"]
    total = money.shown(session["amount_total"], currency)
    back = session["cancel_url"]
    language = language_of(session)
    return template("summary.html", language).substitute(
        merchant=text(merchant),
        total=text(total),
        lines="".join(_line(line, currency, language) for line in session["_lines"]),
        back=f'<a class="back" href="{text(back)}">{say("Back", language)}</a>' if back else "",
    )


def _line(line: Obj, currency: str, language: str) -> str:
    about = line["_product"].get("description", "")
    each = money.shown(line["price"]["unit_amount"], currency)
    quantity = (
        f'<span class="quiet">{say("Qty", language)} {line["quantity"]} · {text(each)} '
        f"{say('each', language)}</span>"
        if line["quantity"] > 1
        else ""
    )
    described = f'<span class="quiet">{text(about)}</span>' if about else ""
    amount = text(money.shown(line["amount_total"], currency))
    name = text(line["description"])
    what = f'<span class="what"><span>{name}</span>{described}{quantity}</span>'
    return f'<li>{what}<span class="amount">{amount}</span></li>'


def countries(chosen: str) -> str:
    return "".join(
        f'<option value="{code}"{" selected" if code == chosen else ""}>{text(name)}</option>'
        for code, name in COUNTRIES
    )


def test_cards() -> str:
    return "".join(
        f'<li><button type="button" data-card="{card.number}"><span class="number">{card.spaced}</span> '
        f"<span>{text(card.about)}</span></button></li>"
        for card in CARDS
    )
