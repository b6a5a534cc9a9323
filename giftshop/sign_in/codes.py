"""Signing in with a code from an e-mail. Which code is right stands in the session, which is encrypted."""

from datetime import datetime

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from django.http import HttpRequest

from core.networks import network
from giftshop.accounts.models import AccountLetter, User
from giftshop.http import sign_in_limits
from giftshop.sign_in import letters
from redemption import rate_limits

PER_NETWORK, PER_ADDRESS = 3, 20
"""Codes for one e-mail address in ten minutes: asked for from one network, and from anywhere. The second
keeps nobody out of a browser that they signed in with before."""


def ask(request: HttpRequest, email: str, *, now: datetime) -> int:
    """Send a code to whoever signs in with this address, and wait for it in this session. For an address that
    nobody has it does the same, without a letter. Returns the seconds to wait if it is too often, else 0."""
    whence = f"{email} {network(request.META['REMOTE_ADDR'])}"
    counted = {rate_limits.key("sign_in_code", "network", whence): PER_NETWORK}
    if not sign_in_limits.is_known(request, email):
        counted[rate_limits.key("sign_in_code", "email", email)] = PER_ADDRESS
    wait = rate_limits.count(counted, now=now)
    if wait:
        return wait
    user = User.objects.filter(email=email, is_active=True).first()
    LoginCodeVerificationProcess.initiate(request=request, user=user, email=email)
    if user is None:
        letters.pretend(email, kind=AccountLetter.Kind.SIGN_IN_CODE, now=now)
    return 0
