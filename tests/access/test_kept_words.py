"""What is typed and not sent yet is kept by every form that asks for something, found by walking the pages of
everybody, or there is a reason why it is not; never a secret, and not longer than somebody is signed in.

That a refused form says that nothing was taken is asked where each is refused: test_refused_forms.py."""

from collections import Counter
from urllib.parse import urljoin

import pytest
from django.db import transaction

from tests.access.test_matrix import World
from tests.access.test_refused_forms import (
    PEOPLE,
    Seen,
    begin_a_present,
    named_in_templates,
    walked,
)

pytestmark = pytest.mark.django_db

SECRET = "it asks for a secret"
AT_WORK = "the till at work: the next gift is somebody else's, and an idle end keeps the page"
ANEW = "who says yes to what can't be undone says it anew"
A_FILE = "no script can choose a file again, and the words are those of the file"
NOT_KEPT = {
    "login": SECRET,
    "account_confirm_login_code": SECRET,
    "account_address_codes": SECRET,
    "self_service_code": SECRET,
    "account_proof": SECRET,
    "account_app": SECRET,
    "account_factors": "the browser makes a passkey anew, which asks for a finger or a PIN",
    "mfa_authenticate": SECRET,
    "invitation": SECRET,
    "gift-entry": SECRET,
    "till_sessions": SECRET,
    "till_pair": SECRET,
    "till_own_pin": SECRET,
    "till_unlocking": SECRET,
    "till_unblocking": SECRET,
    "studio_person_pin": SECRET,
    "till_manager_pin": SECRET,
    "till_manager_gifts": "a gift is looked up by its code, too",
    "operator_support": "somebody's address is looked for, which the brand alone keeps",
    "till_lookups": AT_WORK,
    "till_reversal": AT_WORK,
    "till_manager_device_revocation": ANEW,
    "order-withdrawal": ANEW,
    "gift-return": ANEW,
    "treat_picture_upload": A_FILE,
    "news_picture_upload": A_FILE,
    "campaign_picture_upload": A_FILE,
    "studio_list_draft": ANEW,
    "campaign_copy": "one tick in a dialog, above its button",
    "brand_picture_upload": A_FILE,
}
SECRETS = {"pin", "pin_again", "password", "code", "text", "token"}
SIGN_OUTS = {"logout", "till_end_session"}


def every_post(world: World) -> list[tuple[str, Seen]]:
    """-> the page's address, and each form on it that is sent by POST."""
    return [
        (address, Seen(who, form, urljoin(address, form.attrs.get("action", ""))))
        for who in PEOPLE
        for address, forms in walked(world, who)
        for form in forms
        if form.attrs.get("method") == "post"
    ]


def test_every_form_keeps_what_is_typed(world: World) -> None:
    mark = transaction.savepoint()
    begin_a_present(world)
    found = every_post(world)
    asking = [(address, seen) for address, seen in found if seen.form.asks]
    told = [fault for address, seen in asking if (fault := wrong_with(seen))]
    told += clashes(asking)
    told += [
        f"{seen.name} on {address} signs somebody out and forgets nothing"
        for address, seen in found
        if (seen.name in SIGN_OUTS) != ("data-forgets" in seen.form.attrs)
    ]
    transaction.set_rollback(False)
    transaction.savepoint_rollback(mark)
    assert not told, "\n".join(told)
    names = {seen.name for _address, seen in asking}
    assert set(NOT_KEPT) - names == set(), "no walk came to these"
    assert named_in_templates() - names == set(), "no walk came to these"
    assert {seen.name for _address, seen in found} >= SIGN_OUTS


def wrong_with(seen: Seen) -> str:
    kept = seen.form.attrs.get("data-keep", "")
    if kept and "data-unsaved" in seen.form.attrs:
        return f"{kept} says that it was refused before it was sent"
    if seen.name in NOT_KEPT:
        return f"{seen.name} is kept, although {NOT_KEPT[seen.name]}" if kept else ""
    if not kept or kept.endswith("-"):
        return f"{seen.name} on {seen.form.found_on} does not keep what is typed: {kept!r}"
    open_to_read = [
        one.name for one in seen.form.asks if one.name in SECRETS and one.kind != "password"
    ]
    return f"{seen.name} would keep {open_to_read}" if open_to_read else ""


def clashes(asking: list[tuple[str, Seen]]) -> list[str]:
    """Two forms of one name would get each other's words. Studio and console are never one person's."""
    twice = Counter(
        (seen.who, address, kept)
        for address, seen in asking
        if (kept := seen.form.attrs.get("data-keep", ""))
    )
    acts: dict[tuple[str, str], set[str]] = {}
    for _address, seen in asking:
        if kept := seen.form.attrs.get("data-keep", ""):
            acts.setdefault((seen.action.split("/")[1], kept), set()).add(seen.action)
    return [
        *[
            f"{kept} is on {address} {many} times"
            for (_who, address, kept), many in twice.items()
            if many > 1
        ],
        *[f"{kept} stands for {sorted(each)}" for kept, each in acts.items() if len(each) > 1],
    ]
