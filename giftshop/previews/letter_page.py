"""An e-mail as a page of its own, to be looked at in a frame: its pictures in it, and nothing that runs or
leads anywhere."""

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import unescape

from django.http import HttpResponse

from giftshop.delivery.email_parts import Letter, kind_of

STYLE_ATTRIBUTES = re.compile(r'\sstyle="([^"]*)"')
STYLE_ELEMENTS = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


def answer(letter: Letter) -> HttpResponse:
    """Its HTML. Only pages of ours may frame it; the styles that it came with are allowed one by one."""
    html = _with_pictures(letter)
    return HttpResponse(
        html,
        headers={
            "Content-Security-Policy": _policy(html),
            "X-Frame-Options": "SAMEORIGIN",
            "X-Robots-Tag": "noindex, nofollow, noarchive",
        },
    )


def _with_pictures(letter: Letter) -> str:
    """What it brings along stands in it: a browser knows no `cid:`."""
    html = letter.written.html
    for name, content in letter.pictures.items():
        data = f"data:image/{kind_of(content)};base64,{b64encode(content).decode()}"
        html = html.replace(f'"cid:{name}"', f'"{data}"')
    return html


def _policy(html: str) -> str:
    attributes = {unescape(each) for each in STYLE_ATTRIBUTES.findall(html)}
    elements = set(STYLE_ELEMENTS.findall(html))
    return "; ".join(
        [
            "default-src 'none'",
            "img-src data:",
            f"style-src-elem {_hashes(elements)}",
            f"style-src-attr 'unsafe-hashes' {_hashes(attributes)}",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors 'self'",
            "sandbox",
        ]
    )


def _hashes(styles: Iterable[str]) -> str:
    digests = sorted(b64encode(sha256(each.encode()).digest()).decode() for each in styles)
    return " ".join(f"'sha256-{each}'" for each in digests)
