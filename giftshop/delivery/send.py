"""Send each thing once, as near as that can be had.

The row says `sending`, and by which worker, before the mail server is called, and `sent` after. Two workers
never hold the same row; when one dies in between, or is silent for ten seconds, another follows. A mail
cannot be taken back and no mail server can be asked what it was given, so whoever follows looks first whether
an earlier attempt has said in the meantime that it got through, or its provider has, and a worker that the
database has not heard of lately does not begin. What is left is a worker that dies between the mail server's
answer and its own commit: then the same thing leaves twice, with the same Message-ID and the same code, an
annoyance but not money.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import Error as DatabaseFailed
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from brands.models import Brand
from giftshop.accounts.models import Membership, User
from giftshop.delivery import channels
from giftshop.delivery.channels.messages import Text, by_template
from giftshop.delivery.models import Attempt, Delivery, Report
from giftshop.delivery.purposes import Purpose, Subject
from giftshop.delivery.suppression import is_suppressed
from giftshop.orders.models import Gift
from giftshop.outbox import workers
from giftshop.texts import allowed

Over = Callable[[Delivery.State, datetime], None]
"""What follows when it is over."""


class BeingSent(Exception):
    """Another worker is at it; come back to see how it went."""


class Outdated(Exception):
    """It is not true any more, so it is not sent."""


class BeginAnew(Exception):
    """What it was composed of has changed since. Nothing is written down of this try."""


def send(
    *,
    purpose: Purpose[Subject],
    about: Subject,
    brand: Brand | None,
    version: int = 1,
    now: datetime | None = None,
) -> Delivery:
    """Compose and send it unless that was done before. `brand`: in whose name; None: the installation's.
    Expects its scope, no transaction.

    Answers the delivery, sent or over for another reason: refused for good, or suppressed (which is never
    asked for what is needed: a receipt, an alarm; whose address is erased gets not even those). Raises
    channels.TryLater or BeingSent when the caller shall come again.
    """
    now, address, channel = now or timezone.now(), purpose.address(about), purpose.channel(about)
    leave_out = not address or bool(
        brand
        and not purpose.is_needed
        and is_suppressed(address=address, brand=brand, subject=purpose.subject(about))
    )
    delivery, created = Delivery.objects.get_or_create(
        brand=brand,
        purpose=purpose.name,
        subject=purpose.subject(about),
        addressee=purpose.addressee(about),
        version=version,
        defaults={
            "address": address,
            "channel": channel,
            "created_at": now,
            **({} if leave_out else {**ours(now), "attempts_made": 1}),
            **({} if address else {"state": Delivery.State.SUPPRESSED, "over_at": now}),
        },
    )
    if delivery.is_over:
        return delivery
    delivery.brand = brand  # as the caller loaded it
    over = partial(purpose.followed_by, about)
    if leave_out:
        return _leave_out(delivery, address, over, now)
    if not created:
        _claim(delivery, address, channel, now)
    if (got_through := _got_through(delivery)) is not None:
        _record(delivery, over, None, Delivery.State.SENT, provider_id=got_through)
        return delivery

    def look() -> None:
        _check_still_ours(delivery)
        if not purpose.still_holds(about):
            raise Outdated

    told_as = hand_over(purpose, delivery, about, look)
    if told_as is not None:
        _record(delivery, over, Attempt.Outcome.SENT, Delivery.State.SENT, provider_id=told_as)
    return delivery


def hand_over(
    purpose: Purpose[Subject], delivery: Delivery, about: Subject, look: Callable[[], None]
) -> str | None:
    """Compose and send what this process has claimed: the provider's id of it. None: it is over without that,
    which is written down here. `look`, the last one before what cannot be undone, raises Outdated for what is
    not true any more, and what its caller wants to hear (BeginAnew, BeingSent). Raises as `send`."""
    over = partial(purpose.followed_by, about)
    try:
        letter = compose(purpose, delivery, about)
        look()
        return channels.SENDERS[delivery.channel](letter)
    except BeginAnew:
        raise
    except Outdated:
        _record(delivery, over, None, Delivery.State.OUTDATED)
    except channels.TryLater as error:
        _record(delivery, over, Attempt.Outcome.DEFERRED, Delivery.State.PENDING, str(error))
        raise
    except channels.Unwanted as error:
        _record(delivery, over, Attempt.Outcome.REFUSED, Delivery.State.SUPPRESSED, str(error))
    except channels.Refused as error:
        _record(delivery, over, Attempt.Outcome.REFUSED, Delivery.State.FAILED, str(error))
    except Exception as error:
        _record(
            delivery, over, Attempt.Outcome.DEFERRED, Delivery.State.PENDING, type(error).__name__
        )
        raise
    return None


def send_to_owners(
    brand: Brand,
    purpose: Purpose[Subject],
    about: Callable[[User], Subject],
    *,
    roles: Sequence[str] = (Membership.Role.OWNER,),
) -> None:
    """To each owner of the brand, or to each member in these roles, what `about` says of them. One whose mail
    server is away keeps nobody else from being told; raises what `send` raised last."""
    late: Exception | None = None
    for owner in User.objects.in_roles(brand, *roles):
        try:
            send(purpose=purpose, about=about(owner), brand=brand)
        except (channels.TryLater, BeingSent) as error:
            late = error
    if late:
        raise late


def compose(
    purpose: Purpose[Subject], delivery: Delivery, about: Subject, /
) -> EmailMessage | Text:
    """The e-mail or the text, by whoever the register names. Raises channels.Refused for a text that the
    brand may not send to that number, or no more."""
    if delivery.channel == Gift.Channel.EMAIL and purpose.compose:
        return purpose.compose(delivery, about)
    brand, channel, to = delivery.brand, delivery.channel, purpose.texts_to
    by_whatsapp = channel == Gift.Channel.WHATSAPP
    words = purpose.template if by_whatsapp else purpose.text
    if words is None or brand is None:
        raise channels.Refused("there are no words for a text")
    refused = allowed.refusal(brand=brand, number=delivery.address, to=to, channel=channel)
    if refused:
        raise channels.Refused(refused.value)
    said = words(delivery, about)
    return Text(delivery, said) if isinstance(said, str) else by_template(delivery, said)


def ours(now: datetime) -> dict[str, Any]:
    """What a row says while this process is at it."""
    return {
        "state": Delivery.State.SENDING,
        "leased_until": now + settings.OUTBOX_LEASE,  # longer than a task may run
        "worker_id": workers.current_worker(),
    }


def _claim(delivery: Delivery, address: str, channel: str, now: datetime) -> None:
    """The address is the one it goes to now; a recipient's may have been put right since."""
    claimed = (
        Delivery.objects.claimable(now)
        .filter(pk=delivery.pk)
        .update(**ours(now), address=address, channel=channel, attempts_made=F("attempts_made") + 1)
    )
    if not claimed:
        raise BeingSent
    delivery.refresh_from_db(
        fields=["address", "channel", "state", "leased_until", "attempts_made"]
    )


def _got_through(delivery: Delivery) -> str | None:
    """Whether an attempt that was given up for dead has said since that it did send, or its provider reports
    of it: the provider's id then, or "". None: nobody says so."""
    if delivery.attempts_made < 2:
        return None
    report = Report.objects.filter(delivery=delivery).first()
    if report is not None:
        return report.provider_id
    was_sent = Attempt.objects.filter(delivery=delivery, outcome=Attempt.Outcome.SENT).exists()
    return "" if was_sent else None


def _check_still_ours(delivery: Delivery) -> None:
    """The last look before what cannot be undone: composing may have taken long, and what it is about may be
    another by now (mend.py)."""
    mine = Delivery.objects.filter(
        pk=delivery.pk, attempts_made=delivery.attempts_made, state=Delivery.State.SENDING
    )
    if not (workers.is_heard() and mine.exists()):
        raise BeingSent


def _record(
    delivery: Delivery,
    over: Over,
    outcome: str | None,
    state: Delivery.State,
    error: str = "",
    provider_id: str = "",
) -> None:
    """No outcome: this attempt never began."""
    try:
        _write_down(delivery, over, outcome, state, error, provider_id)
    except DatabaseFailed:
        workers.abandon()  # nobody shall wait for us to say how it went
        raise


def _write_down(
    delivery: Delivery,
    over: Over,
    outcome: str | None,
    state: Delivery.State,
    error: str,
    provider_id: str,
) -> None:
    """The attempt is a fact whatever happened since; the row follows only its newest attempt."""
    now = timezone.now()
    told = {
        "state": state,
        "leased_until": None,
        "worker_id": None,
        "over_at": now if state in Delivery.OVER else None,
        **({"provider_id": provider_id} if provider_id else {}),
    }
    with transaction.atomic():
        if outcome:
            Attempt.objects.create(delivery=delivery, at=now, outcome=outcome, error=error[:200])
        mine = Delivery.objects.filter(
            pk=delivery.pk, attempts_made=delivery.attempts_made, state=Delivery.State.SENDING
        ).update(**told)
        if mine and state in Delivery.OVER:
            over(state, now)
    if not mine:
        delivery.refresh_from_db(fields=list(told))
        return
    for name, value in told.items():
        setattr(delivery, name, value)


def _leave_out(delivery: Delivery, address: str, over: Over, now: datetime) -> Delivery:
    told = {
        "state": Delivery.State.SUPPRESSED,
        "address": address,
        "leased_until": None,
        "worker_id": None,
        "over_at": now,
    }
    with transaction.atomic():
        if not Delivery.objects.claimable(now).filter(pk=delivery.pk).update(**told):
            raise BeingSent
        over(Delivery.State.SUPPRESSED, now)
    delivery.refresh_from_db(fields=list(told))
    return delivery
