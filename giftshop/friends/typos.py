"""ben@gmial.com: a gentle guess at what was meant. Never a refusal; rare domains are real domains."""

_WELL_KNOWN = """
    gmail.com googlemail.com yahoo.com ymail.com hotmail.com outlook.com live.com msn.com icloud.com me.com
    mac.com aol.com mail.com email.com proton.me protonmail.com fastmail.com comcast.net verizon.net
    att.net
    gmx.de gmx.net gmx.com web.de t-online.de freenet.de posteo.de yahoo.de hotmail.de outlook.de
    yahoo.co.uk hotmail.co.uk outlook.es hotmail.es yahoo.es hotmail.fr yahoo.fr orange.fr
""".split()  # noqa: SIM905
_SHORT = 7
"""Domains up to this length differ by one letter too easily to guess (me.com, gmx.de, web.de)."""
_ENDINGS = {
    ".con": ".com",
    ".cmo": ".com",
    ".ocm": ".com",
    ".comm": ".com",
    ".vom": ".com",
    ".nett": ".net",
}


def suggestion(email: str) -> str | None:
    """The address that was probably meant, or None when this one looks right."""
    local, at, domain = email.rpartition("@")
    domain = domain.lower()
    if not at or not local or domain in _WELL_KNOWN:
        return None
    for wrong, right in _ENDINGS.items():
        if domain.endswith(wrong):
            better = f"{local}@{domain.removesuffix(wrong)}{right}"
            return suggestion(better) or better
    meant = _nearest(domain)
    return f"{local}@{meant}" if meant else None


def _nearest(domain: str) -> str | None:
    near = (
        known for known in _WELL_KNOWN if len(known) > _SHORT and _one_slip_apart(domain, known)
    )
    return next(near, None)


def _one_slip_apart(a: str, b: str) -> bool:
    """Whether one letter was added, dropped or changed, or two neighbours swapped."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    start = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    rest_a, rest_b = a[start:], b[start:]
    if len(a) == len(b):
        swapped = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
        return swapped or rest_a[1:] == rest_b[1:]
    return rest_a[1:] == rest_b or rest_a == rest_b[1:]
