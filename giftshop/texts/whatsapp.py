"""Whether a brand may send by WhatsApp, and why not: what its templates and its registration say."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from giftshop.texts.models import MessageTemplate
from giftshop.texts.templates import Kind

NO_MARKETING_TO = "US"
"""Since 1 April 2025 Meta brings no marketing templates to its numbers (+1 with an area code of theirs).
https://docs.aws.amazon.com/end-user-messaging/latest/userguide/nx-features-whatsapp-templates.html"""


class Obstacle(models.TextChoices):
    """Why a brand that wants WhatsApp has it not."""

    NOT_SET_UP = "not_set_up", _("Nobody has submitted the messages of this installation yet.")
    REFUSED = "refused", _("WhatsApp does not take messages of this installation's account.")
    WAITING = "waiting", _("WhatsApp has not approved the messages yet.")
    REJECTED = "rejected", _("WhatsApp has rejected a message.")
    PAUSED = "paused", _("WhatsApp has paused a message, since too many people did not want it.")


@dataclass(frozen=True)
class Standing:
    """`obstacle`: None where it sends; `is_marketing`: WhatsApp counts a message of ours as advertising, and
    brings none to numbers of the United States; `since`, `reason`: of the worst template."""

    obstacle: Obstacle | None
    is_marketing: bool = False
    since: datetime | None = None
    reason: str = ""

    def refuses(self, country: str) -> bool:
        """Whether a number of this country (ISO 3166) cannot be reached."""
        return self.obstacle is not None or (self.is_marketing and country == NO_MARKETING_TO)


def is_offered(brand: Brand) -> bool:
    """Whether its owner wants it, and somebody carries it. No query."""
    return bool(settings.TWILIO) and brand.whatsapp


def standing(brand: Brand) -> Standing:
    """Of its templates, in the languages of its pages: one that may not be used ends it for all, so that what
    is offered can be sent. One query, none where its registration was refused."""
    if brand.whatsapp_refused:
        return Standing(Obstacle.REFUSED, since=brand.whatsapp_refused_at)
    spoken = [tag for tag, _name in settings.LANGUAGES]
    shown = [tag for tag in brand.languages if tag in spoken] or spoken
    return standing_of(shown)


def standing_of(languages: list[str]) -> Standing:
    """The same of languages. One query."""
    rows = list(MessageTemplate.objects.filter(language__in=languages))
    if len(rows) < len(Kind) * len(set(languages)):
        return Standing(Obstacle.NOT_SET_UP)
    marketing = any(row.is_marketing for row in rows)
    for wanted in (Obstacle.REJECTED, Obstacle.PAUSED, Obstacle.WAITING):
        found = [row for row in rows if obstacle_of(row) == wanted]
        if found:
            worst = max(found, key=lambda row: row.changed_at)
            return Standing(wanted, marketing, worst.changed_at, worst.reason)
    return Standing(None, marketing)


def obstacle_of(row: MessageTemplate) -> Obstacle | None:
    """What keeps one of them from being sent."""
    if row.status == "approved":
        return None
    if row.status == "rejected":
        return Obstacle.REJECTED
    return Obstacle.WAITING if row.status in MessageTemplate.WAITING else Obstacle.PAUSED
