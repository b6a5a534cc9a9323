"""What a private address without anything behind it answers, and how often it may be asked."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from redemption.redeem import guess_limit


def refuse(request: HttpRequest, nothing_here: HttpResponse) -> HttpResponse:
    """`nothing_here`, the same for every wrong link; after too many from one address a pause in words.

    A right link never comes here, so nobody is kept from their own gift by who else is on the café's
    network.
    """
    wait = guess_limit.count_failed_token(address=request.META["REMOTE_ADDR"])
    if not wait:
        return nothing_here
    response = HttpResponse(render_to_string("429.html"), status=429)
    response["Retry-After"] = str(wait)
    response["Referrer-Policy"] = "no-referrer"
    return response
