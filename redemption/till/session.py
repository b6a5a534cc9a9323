"""Who stands at the till: a paired device, and the person who signed in on it with a PIN.

Two cookies, so that a scan costs no session query. `device` is the device's token: its digest is looked
up at every request, so a revoked device is a stranger at its very next one; it changes each day
(token_rotation.py). `staff` is signed, and bound
to that device's session and to its person's epoch, both in rows that are read anyway: it is dead once
somebody signs out or in on the device, and once the person gets a new PIN, leaves or comes back. It ends
five minutes after the last request, and after a shift in any case.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, NamedTuple, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django_scopes import scope

from redemption.models import Device, StaffMember
from redemption.redeem.snapshot import StrangeDevice
from redemption.till import device_profiles, devices, token_rotation

PAIRED_FOR = timedelta(days=400)
IDLE = timedelta(minutes=5)
SHIFT = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
WARNING = 30
"""Seconds before the idle minutes end, from which on it is said."""
SALT = "till.staff"

DISCONNECTED = "redemption/till/disconnected.html"
OTHER_DEVICE = "redemption/till/other_device.html"
"""Paired and well, but made for something else: a till system, or a display."""

STATE_HEADER = "X-Till"
"""What the page's script must know of a refusal: `disconnected`, or `pin` to ask for it again."""
SECONDS_HEADER = "X-Signed-In-Seconds"
"""For how many seconds from this answer on whoever signed in stays so."""


class TimeLeft(NamedTuple):
    """For how many seconds somebody stays signed in without another request, and how many seconds before
    the end they are told. The studio's session says it in the same words."""

    seconds: int
    warning: int


class TillRequest(HttpRequest):
    """A request of a paired device; `staff` is there behind `at_the_till`."""

    device: Device
    staff: StaffMember
    time_left: TimeLeft
    """As the answer's SECONDS_HEADER, for the page itself; only behind `signed_in_at_the_till`."""


View = Callable[..., HttpResponse]


def from_paired_device(view: View) -> View:
    """For pages of a paired device: puts `device` on the request and enters its brand's scope."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        token = request.COOKIES.get(device_cookie())
        if not token and request.method in {"GET", "HEAD"}:
            return redirect("till_pair")
        now = timezone.now()
        device = devices.device_for_token(token, now=now) if token else None
        if device is None:
            if token:
                token_rotation.note_old(token, now=now)
            return _private(_stopped(request, DISCONNECTED))
        if not device_profiles.may_open(device.profile, request.resolver_match.url_name):
            return _private(_stopped(request, OTHER_DEVICE))
        request.device = device
        with scope(brand=device.brand):
            _note_seen(device, now)
            new_token = token_rotation.follow(device, token, now=now)
            try:
                response = view(request, *args, **kwargs)
            except StrangeDevice:  # revoked while it was asking
                return _private(_stopped(request, DISCONNECTED))
            if new_token:
                remember_device(response, new_token)
            return _private(response)

    return guarded


def signed_in_at_the_till(view: View) -> View:
    """For whoever signed in, be it with a PIN they were given: puts `staff` on the request as well."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        person = person_at(request)
        if person is None:
            return _ask_for_pin(request)
        request.staff, signed_in_at = person
        request.time_left = _time_left(signed_in_at)
        response = view(request, *args, **kwargs)
        if not response.cookies.get(staff_cookie()):
            keep_signed_in(response, request.staff, request.device, signed_in_at)
        return response

    return from_paired_device(guarded)


def at_the_till(view: View) -> View:
    """For what only somebody who signed in may do: with a PIN that they chose themselves."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.staff.pin_is_temporary:
            return _ask_for_own_pin(request)
        return view(request, *args, **kwargs)

    return signed_in_at_the_till(guarded)


def manager_at_the_till(view: View) -> View:
    """For the manager's console: a cashier who signed in is told that only managers may enter.
    Its forms are plain ones: whoever has to sign in again is led there."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.staff.role != StaffMember.Role.MANAGER:
            place = {"store": request.device.store, "brand": request.device.brand}
            return render(request, "redemption/manager/managers_only.html", place, status=403)
        return view(request, *args, **kwargs)

    asking = at_the_till(guarded)

    @wraps(view)
    def leading(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        response = asking(request, *args, **kwargs)
        must_sign_in = response.get(STATE_HEADER) == "pin"
        return redirect("till_staff") if must_sign_in and not request.htmx else response

    return leading


def device_cookie() -> str:
    return _cookie("device")


def staff_cookie() -> str:
    return _cookie("staff")


def remember_device(response: HttpResponse, token: str) -> None:
    _set(response, device_cookie(), token, PAIRED_FOR)


def sign_in(response: HttpResponse, staff: StaffMember, device: Device, now: datetime) -> None:
    """From now on this person, and nobody who signed in on this device before. One statement."""
    device.staff_session = uuid4()
    device.save(update_fields=["staff_session"])
    keep_signed_in(response, staff, device, now)


def keep_signed_in(
    response: HttpResponse, staff: StaffMember, device: Device, signed_in_at: datetime
) -> None:
    """Whoever signed in, for five idle minutes more. Set anew at every answer, which says how long."""
    session = {
        "staff": str(staff.pk),
        "device": str(device.pk),
        "since": signed_in_at.timestamp(),
        "session": _mark(staff, device),
    }
    _set(response, staff_cookie(), signing.dumps(session, salt=SALT), SHIFT)
    response[SECONDS_HEADER] = str(_time_left(signed_in_at).seconds)


def sign_out(response: HttpResponse, device: Device | None = None) -> None:
    """The cookie ends in the browser, and with `device` for whoever copied it. One statement."""
    if device:
        device.staff_session = None
        device.save(update_fields=["staff_session"])
    response.delete_cookie(staff_cookie(), samesite="Strict")


def person_at(request: TillRequest) -> tuple[StaffMember, datetime] | None:
    """Who signed in on this device and when, unless it was too long ago. One query."""
    session = _session(request, max_age=IDLE)
    here = str(request.device.pk)
    if session is None or session["device"] != here or not request.device.staff_session:
        return None
    since = datetime.fromtimestamp(session["since"], tz=timezone.get_default_timezone())
    if timezone.now() - since > SHIFT:
        return None
    staff = StaffMember.objects.at(request.device.store).filter(pk=session["staff"]).first()
    if staff is None or _mark(staff, request.device) != session.get("session"):
        return None
    return staff, since


def last_person(request: TillRequest) -> UUID | None:
    """Who was here before the pause, to be asked for the PIN first."""
    session = _session(request, max_age=SHIFT)
    return UUID(session["staff"]) if session else None


def idle_minutes(request: TillRequest) -> int:
    """After how many somebody who signed in on this device was signed out, if by nothing else; else 0."""
    session = _session(request, max_age=SHIFT)
    mark = f"{request.device.staff_session}:"
    is_last = session is not None and str(session.get("session")).startswith(mark)
    was_idle = is_last and _session(request, max_age=IDLE) is None
    return IDLE // timedelta(minutes=1) if was_idle else 0


def _session(request: HttpRequest, *, max_age: timedelta) -> dict[str, Any] | None:
    try:
        session: dict[str, Any] = signing.loads(
            request.COOKIES.get(staff_cookie(), ""), salt=SALT, max_age=max_age
        )
    except signing.BadSignature:
        return None
    return session


def _mark(staff: StaffMember, device: Device) -> str:
    """What a session is bound to. Whatever ends it changes one of these."""
    return f"{device.staff_session}:{staff.session_epoch}"


def _time_left(signed_in_at: datetime) -> TimeLeft:
    left = min(IDLE, signed_in_at + SHIFT - timezone.now())
    return TimeLeft(int(left.total_seconds()), WARNING)


def _note_seen(device: Device, now: datetime) -> None:
    if device.last_seen_at is None or now - device.last_seen_at > SEEN_EVERY:
        Device.objects.filter(pk=device.pk).update(last_seen_at=now)


def _stopped(request: HttpRequest, page: str) -> HttpResponse:
    """The till ends here; a device's script reloads and then shows why."""
    response = render(request, page, status=403)
    response[STATE_HEADER] = "disconnected"
    return response


def _ask_for_pin(request: TillRequest) -> HttpResponse:
    if request.method in {"GET", "HEAD"}:
        return redirect("till_staff")
    response = HttpResponse(status=401)
    response[STATE_HEADER] = "pin"
    return response


def _ask_for_own_pin(request: TillRequest) -> HttpResponse:
    """A page is led there; a device's script is told to load its page anew, and is led there then."""
    if not cast("object", getattr(request, "htmx", False)):
        return redirect("till_own_pin")
    response = HttpResponse(status=403)
    response[STATE_HEADER] = "disconnected"
    return response


def _private(response: HttpResponse) -> HttpResponse:
    """Nothing of a till is kept by a cache."""
    add_never_cache_headers(response)
    return response


def _cookie(name: str) -> str:
    return f"__Host-{name}" if settings.SESSION_COOKIE_SECURE else name


def _set(response: HttpResponse, name: str, value: str, age: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=age,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
