"""What an e-mail is made of, whatever it says: words twice (HTML and text), pictures inside, headers.

Pictures travel in the e-mail itself: nothing is fetched when it is read, so nobody is watched reading.
"""

import re
from collections.abc import Iterable, Mapping
from email.mime.image import MIMEImage
from email.utils import formataddr, parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import engines
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from mjml import mjml2html

from brands.models import Brand
from core.bidi import isolated, without_direction_marks
from core.locales import direction
from giftshop.catalog.colours import palette
from giftshop.delivery import data_links, purposes
from giftshop.delivery.models import Delivery
from giftshop.delivery.shared import letters as shared_letters
from giftshop.delivery.shared import mime
from giftshop.delivery.shared.letters import Written
from giftshop.delivery.suppression import stop_url
from giftshop.friends.addresses import is_address
from giftshop.pictures import drawings

Pictures = Mapping[str, bytes]
"""PNG or JPEG by content id: {"qr": b"..."} is shown by <mj-image src="cid:qr">."""


JPEG = b"\xff\xd8\xff"


class Letter(EmailMultiAlternatives):
    """What `letter` makes. As bytes for SMTP it is written by hand (shared/mime.py); whoever else takes mails
    gets one of the library's."""

    mixed_subtype = "related"
    """The pictures belong to the words: no mail program lists them as attachments."""
    delivery_id: str
    """Of the delivery that it is."""
    metadata: dict[str, str]
    """What anymail has a provider bring back with its reports; unset where it can't (channels/email.py)."""
    esp_extra: dict[str, Any]
    """What it writes into a provider's API as it stands; unset where that is not needed."""

    def __init__(self, written: Written, pictures: Pictures, **more: Any) -> None:
        super().__init__(body=written.text, **more)
        self.written, self.pictures = written, pictures
        self.attach_alternative(written.html, "text/html")

    def attach_pictures(self) -> None:
        """For the library. Repeatable."""
        if not self.attachments:
            for content_id, content in self.pictures.items():
                self.attach(_inline(content_id, content))

    def send(self, *args: Any, **options: Any) -> int:
        self.attach_pictures()
        return super().send(*args, **options)

    def message(self, **more: Any) -> Any:
        """As the library writes it, with no header folded at a blank."""
        self.attach_pictures()
        made: Any = super().message(**more)
        made.policy = made.policy.clone(max_line_length=mime.HEADER_LENGTH_MAX)
        if mime.looks_encoded(subject := str(self.subject)):
            made.replace_header("Subject", mime.in_words(subject))
        return made

    @property
    def sender(self) -> str:
        """The address alone."""
        return _plain(settings.DEFAULT_FROM_EMAIL)

    def as_smtp(self) -> bytes:
        """What follows DATA, but for the last dot. Raises ValueError for a header that no mail can carry."""
        headers = {
            "Subject": mime.as_typed(str(self.subject)),
            "From": self.from_email,
            "To": mime.address(self.to[0]),
            **({"Reply-To": ", ".join(self.reply_to)} if self.reply_to else {}),
            "Date": mime.date(),
            **self.extra_headers,
        }
        pictures = [mime.picture(name, each, kind_of(each)) for name, each in self.pictures.items()]
        return mime.whole(headers.items(), *self.written.quoted(), pictures)


def letter(
    *,
    delivery: Delivery,
    name: str,
    subject: str,
    named: Mapping[str, str | int],
    context: dict[str, Any],
    pictures: Pictures,
    sender_name: str = "",
    stop: str = "",
) -> Letter:
    """The e-mail templates/emails/<name>.{mjml,txt} in the active language, to the delivery's address.
    `named` fills in the subject: names in Arabic or Hebrew turn nothing round there. With `sender_name` it
    comes from that person by way of the brand; answers go to the brand. `stop`: where this letter alone is
    stopped, by one POST; else the address of all of the brand's mail."""
    maker, stop = Maker(name, delivery.sender), stop or stop_url(delivery)
    said = subject_line(subject, named)
    links = {"stop_url": stop, "data_url": data_links.of_letter(delivery)}
    written = shared_letters.alone(
        *maker.filled({**context, **maker.words(pictures), **links, "subject": said})
    )
    return maker.letter(
        delivery, written, pictures, subject=said, sender_name=sender_name, stop=stop
    )


class Maker:
    """Of letters from one template, in one brand's name and the active language."""

    def __init__(self, name: str, brand: Brand) -> None:
        self.name, self.brand = name, brand
        self.language = get_language() or "en"
        self._shown = name_in_line(brand.mail_name or brand.name)
        self._via = _("%(sender)s via %(brand)s")
        # What cannot be an address or a file is left out: a brand's mails go on without it.
        self._answers_to = [brand.answers_to] if is_address(brand.answers_to) else None

    def words(self, pictures: Iterable[str]) -> dict[str, Any]:
        """What every template says."""
        return {
            "brand": self.brand,
            "colours": palette(self.brand),
            "language": self.language,
            "direction": direction(self.language),
            "pictures": set(pictures),
            "base_url": settings.BASE_URL,
        }

    def filled(self, words: dict[str, Any]) -> tuple[str, str]:
        """As text and as HTML."""
        text = render_to_string(f"emails/{self.name}.txt", words)
        return text, _template(self.name).render(words)

    def letter(
        self,
        delivery: Delivery,
        written: Written,
        pictures: Pictures,
        *,
        subject: str,
        sender_name: str,
        stop: str,
    ) -> Letter:
        """To the delivery's address. `stop`: the link by which its addressee ends that."""
        shown = self._shown
        if sender_name:
            shown = self._via % {"sender": name_in_line(sender_name), "brand": shown}
        message = Letter(
            written,
            pictures,
            subject=subject,
            from_email=_from(shown),
            to=[delivery.address],
            reply_to=self._answers_to,
            headers=_headers(delivery, stop),
        )
        message.delivery_id = str(delivery.pk)
        return message


def subject_line(words: str, named: Mapping[str, str | int]) -> str:
    """Filled in."""
    return words % {
        key: name_in_line(value) if isinstance(value, str) else value
        for key, value in named.items()
    }


def name_in_line(text: str) -> str:
    """For a header: without line breaks and other control characters, so that nobody writes headers, and
    isolated where it is Arabic or Hebrew, so that nobody turns one round."""
    if text.isascii() and text.isprintable():
        return text.strip()
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", without_direction_marks(text))
    return isolated(plain.strip())


def picture(path: str) -> bytes | None:
    """The copy drawn for e-mails beside an SVG: art/x/treat.svg -> art/x/mail/treat.png, or None."""
    return drawings.content(drawings.copy_of(path))


def _from(shown: str) -> str:
    address = _plain(settings.DEFAULT_FROM_EMAIL)
    if shown.isascii() and not mime.looks_encoded(shown):
        return formataddr((shown, address))
    return f"{mime.in_words(shown)} <{address}>"  # the library's function writes one, however long


@lru_cache(maxsize=8)
def _plain(address: str) -> str:
    """Without the name before it."""
    return parseaddr(address)[1]


def _headers(delivery: Delivery, stop: str) -> dict[str, str]:
    headers = {"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"}
    if not purposes.find(delivery.purpose).is_needed:
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def kind_of(content: bytes) -> str:
    """Of a picture, as its type says it: image/<kind>."""
    return "jpeg" if content.startswith(JPEG) else "png"


def _inline(content_id: str, content: bytes) -> MIMEImage:
    kind = kind_of(content)
    image = MIMEImage(content, kind)
    image.add_header("Content-ID", f"<{content_id}>")
    image.add_header("Content-Disposition", "inline", filename=f"{content_id}.{kind}")
    return image


@lru_cache(maxsize=32)
def _template(name: str) -> Any:
    """MJML is laid out once a process; what remains is a Django template, filled for each e-mail."""
    source = (_folder() / f"{name}.mjml").read_text()
    html = mjml2html(source, include_loader=lambda path: (_folder() / path).read_text())
    html = html.replace('role="article"', 'role="main"', 1)  # the letter is all the page there is
    # Beside the subject a mail program shows the first words, which may be a person's, in any script.
    html = html.replace('<div style="display:none', '<div dir="auto" style="display:none', 1)
    return engines["django"].from_string("{% load i18n %}" + html)


def _folder() -> Path:
    return Path(settings.BASE_DIR) / "templates" / "emails"
