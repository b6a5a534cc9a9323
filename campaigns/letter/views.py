"""Stopping the Monday letter and having it again: by the link in each of them, or from the studio."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from campaigns.letter import readers
from campaigns.letter.readers import Reader
from giftshop import wrong_links
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.catalog.brands import speak
from giftshop.gift_page.access import keep_to_itself, nothing_here


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def letter_switch(request: HttpRequest, signed: str) -> HttpResponse:
    """GET asks; POST does it. The address is the authority, as with other links in mails."""
    reader = readers.find(signed)
    if reader is None:
        return keep_to_itself(wrong_links.refuse(request, nothing_here("404.html")))
    speak(request, reader.brand)
    with scope(brand=reader.brand):
        if request.method == "POST":
            if "again" in request.POST:
                readers.start_again(reader)
            else:
                readers.stop(reader, now=timezone.now())
        context = {
            "brand": reader.brand,
            "signed": signed,
            "is_stopped": readers.is_stopped(reader),
        }
        return keep_to_itself(render(request, "campaigns/letter/switch.html", context))


@require_safe
@member_of_brand(Permission.SEE_FIGURES)
def monday_letter(request: BrandRequest) -> HttpResponse:
    """To the reader's own switch."""
    return redirect(readers.switch_path(Reader(request.user, request.brand)))
