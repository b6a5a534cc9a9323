"""As whom the installation itself writes: to operators, and to somebody who has no brand yet."""

from django.conf import settings

from brands.models import Brand


def installation() -> Brand:
    """What an e-mail shows of a brand, of no row: a name, and our own colours. Answers go to the operator,
    where there is an address for that."""
    return Brand(
        slug="",
        name=settings.INSTALLATION_NAME,
        language=settings.LANGUAGE_CODE,
        time_zone="UTC",
        reply_email=settings.OPERATOR_EMAIL,
    )
