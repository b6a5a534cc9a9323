"""Which gift mails are alike, and what in each is one person's own: names, words, links and the code."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils.html import escape

from core.bidi import isolated
from giftshop.delivery.email_parts import Alike
from giftshop.delivery.shared.letters import Own, same
from giftshop.orders.models import Gift


def of(gift: Gift, context: Mapping[str, Any]) -> Alike | None:
    """Of all who get this treat from this brand in this language, what is one recipient's own. None where
    somebody has no name: the templates then leave more out than it."""
    sender, recipient, groups = context["sender"], context["recipient"], context["groups"]
    if not (sender and recipient):
        return None
    stores = [(store.name, store.street, store.city) for store in context["stores"]]
    treat, code = gift.treat, context["code"]
    own = {
        "sender": Own(isolated(sender), escape(sender)),
        "recipient": Own(isolated(recipient), escape(recipient)),
        "url": same(context["url"]),
        "preview": same(context["preview"]),
        "message": Own(gift.message, linebreaksbr(gift.message)),
        **{f"group{number}": same(group) for number, group in enumerate(groups)},
    }

    def blank(marks: Mapping[str, str]) -> dict[str, Any]:
        shown = {
            "treat": treat,
            "said": gift.said,
            "is_amount": gift.is_amount,
            "amount": gift.amount,
        }
        return {
            "gift": SimpleNamespace(
                message=marks["message"] if gift.message else "",
                get_design_display=gift.get_design_display,
                **shown,
            ),
            **{each: marks[each] for each in ("sender", "recipient", "url")},
            "preview": marks["preview"] if gift.message else "",
            "code": SimpleNamespace(currency=code.currency),
            "groups": [marks[f"group{number}"] for number in range(len(groups))],
            **{each: context[each] for each in ("until", "stores", "more_stores")},
        }

    key = (
        *(gift.treat_id, gift.label, repr(gift.translations), treat.description),
        *(
            repr(treat.translations),
            repr(treat.picture),
            gift.design,
            bool(gift.message),
            len(groups),
        ),
        *(gift.is_amount, gift.amount, code.currency, context["until"]),
        *(tuple(stores), context["more_stores"]),
    )
    return Alike(key=key, own=own, blank=blank)
