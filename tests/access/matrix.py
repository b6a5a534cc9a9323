"""Who may: a row for each address that the product answers. To add one, copy a row that is like it.

A row says by which rule (access_rules.py) the page is shown, and what each method answers to whoever
may come in.
Methods that are not in the row are refused (405). `with_ids` says what an address that names a row of
another brand, or of another store, answers to people who may open such pages, but not that one.

The tests in test_matrix.py really ask: every row, every method, everybody in people.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from campaigns.letter.readers import Reader, switch_path
from giftshop.accounts.models import User
from giftshop.orders import counter_links
from redemption.code_format import grouped
from tests.access.access_rules import (
    BRAND_READERS,
    CAMPAIGN_TYPERS,
    CAMPAIGNERS,
    EDITORS,
    MEMBERS,
    MONEY_MOVERS,
    MONEY_READERS,
    OWNERS,
    RANKERS,
    STORE_READERS,
    STORE_RUNNERS,
    TILLS,
    TILLS_AND_DISPLAYS,
    TILLS_LATE,
    Rule,
    address_codes_asked_for,
    anyone,
    at_the_second_step,
    code_asked_for,
    no_owner_yet,
    nobody_yet,
    not_signed_in,
    opening_code_asked_for,
    operator,
    proven,
    signed_in,
    still_signed_in,
    tablet,
    till,
    till_manager,
    with_data_link,
    with_draft,
    with_gift_link,
    with_order_link,
)
from tests.access.people import Company
from tests.cast import symbols

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NO_SUCH_METHOD = "405"


@dataclass(frozen=True)
class Row:
    rule: Rule
    answers: dict[str, int]
    """By method, to whoever may, for an address of their own."""
    ids: dict[str, Callable[[Company], Any]] = field(default_factory=dict)
    """Words in the address that can mean several things; the others are found by their names."""
    body: Callable[[Company], dict[str, Any]] | None = None
    posted_ids: int | None = None
    """`with_ids`, where only what is posted names something."""
    with_ids: int | None = None
    """To whoever may, when the address or body names something of another brand."""
    elsewhere: int | None = None
    """The same for another store of the brand; None: as if it were theirs."""
    json: bool = False
    asks_first: bool = False
    """The rule is asked before the method is looked at."""
    any_brand: bool = False
    """It shows whoever may what is private to some brand."""


PAGES_BY_LAW = ("terms", "terms_version", "privacy", "accessibility")
SHOP = ("home", "shop", "shop_stores")
MAY_BE_KEPT = {*SHOP, "campaign_page", "theme", "legal_notice", *PAGES_BY_LAW, "healthz", "readyz"}
"""By a browser. Of everything else, refusals included, nobody keeps a copy."""

READ = {"GET": 200, "HEAD": 200}
LEADS_BACK = {"GET": 302, "HEAD": 302, "POST": 302}
"""To a step of the way that is not done yet."""


def campaign(company: Company) -> str:
    return company.campaign.slug


def link(company: Company) -> str:
    return company.link.slug


def counter_link(company: Company) -> str:
    redemption = company.counters[0].redemption
    assert redemption is not None
    return counter_links.sign(redemption.pk)


def letter_link(company: Company) -> str:
    """Of the colleague's switch of the Monday letter."""
    reader = Reader(User(pk=company.member), company.brand)
    return switch_path(reader).split("/")[-2]


def store(company: Company) -> str:
    return company.counters[0].store.slug


def treat(company: Company) -> str:
    return f"{company.brand.slug}-scoop"


def later(company: Company) -> int:
    """The place in its order of the gift that waits for its day."""
    return company.gift.position + 2


LATER: dict[str, Any] = {"position": later}


def no_row(company: Company) -> dict[str, Any]:
    """Of the sizes and choices of a treat."""
    return {
        f"{part}-{name}_FORMS": "0" for part in ("sizes", "groups") for name in ("TOTAL", "INITIAL")
    }


def order(company: Company) -> UUID:
    return company.order.pk


def code_of(company: Company) -> str:
    assert company.gift.code is not None
    return grouped(symbols(company.gift.code))


def redeeming(company: Company) -> dict[str, Any]:
    return {"code": code_of(company), "choices": {"flavour": "mint"}}


def reason(company: Company) -> dict[str, Any]:
    return {"reason": "by mistake"}


def correcting(company: Company) -> dict[str, Any]:
    return {"email": "bea@friends.example", **reason(company)}


def logo(company: Company) -> str:
    return "logo"


ROWS: dict[str, Row] = {
    # The shop
    "home": Row(anyone, READ),
    "shop": Row(anyone, READ),
    "shop_stores": Row(anyone, READ),
    "theme": Row(anyone, READ),
    "legal_notice": Row(anyone, READ),
    "reviews": Row(anyone, READ, ids={"treat_slug": treat}),
    "terms": Row(anyone, READ),
    "terms_version": Row(anyone, READ, ids={"version_id": lambda company: company.order.terms_id}),
    "privacy": Row(anyone, READ),
    "accessibility": Row(anyone, READ),
    "find-orders": Row(anyone, {**READ, "POST": 422}),
    "questions": Row(anyone, {**READ, "POST": 422}),
    "language": Row(anyone, {"GET": 302, "HEAD": 302, "POST": 302}),
    "give": Row(anyone, {"POST": 302}),
    "give-zones": Row(anyone, READ),
    "give-reply": Row(anyone, {"POST": 302}),
    # Whoever holds the code that a till showed sees whom it leads back to.
    "counter-link": Row(
        anyone, {**READ, "POST": 302}, ids={"signed": counter_link}, any_brand=True
    ),
    "give-draft": Row(with_draft, {"GET": 302, "HEAD": 302}),
    "give-who": Row(with_draft, {**READ, "POST": 302}),
    "give-recipient": Row(with_draft, {"POST": 302}),
    "give-recipient-removal": Row(with_draft, {"POST": 302}),
    "give-recipient-correction": Row(with_draft, {"POST": 302}),
    "give-pasted-recipients": Row(with_draft, {"POST": 302}),
    "give-what": Row(with_draft, LEADS_BACK),
    "give-say": Row(with_draft, LEADS_BACK),
    "give-pay": Row(with_draft, {"GET": 302, "HEAD": 302}),
    "give-code": Row(with_draft, {"POST": 302}),
    "payment": Row(with_draft, {"POST": 302}),
    "payment-return": Row(anyone, READ),
    "stripe-webhook": Row(anyone, {"POST": 400}),
    "mail-webhook": Row(anyone, {"POST": 404, "HEAD": 404}),  # no provider is named in the tests
    "text-report": Row(anyone, {"POST": 403}),  # nobody here signs as the provider of texts
    "text-answer": Row(anyone, {"POST": 403}),
    "order": Row(with_order_link, READ),
    "order-gift-card": Row(with_order_link, {**READ, "POST": 409}, ids=LATER),
    "order-gift-passing-on": Row(with_order_link, {"POST": 303}, ids=LATER),
    "order-reasons": Row(with_order_link, {"POST": 422}),
    "order-withdrawal": Row(with_order_link, {**READ, "POST": 422}),
    "order-gift": Row(with_order_link, {**READ, "POST": 422}, ids=LATER),
    "order-gift-repeat": Row(with_order_link, {"POST": 303}, ids=LATER),
    "order-gift-dispatch": Row(with_order_link, {"POST": 303}, ids=LATER),
    "order-gift-preview": Row(with_order_link, READ, ids=LATER),
    "order-gift-letter": Row(with_order_link, READ, ids=LATER),
    "order-gift-page": Row(with_order_link, READ, ids=LATER),
    "order-unopened": Row(
        with_order_link,
        {"GET": 303, "HEAD": 303, "POST": 303},  # back: it was opened
        ids={"gift_id": lambda company: company.gift.pk},
    ),
    # The gift
    "gift": Row(with_gift_link, READ),
    "gift-stores": Row(with_gift_link, READ),
    "gift-language": Row(with_gift_link, {"POST": 303}),
    "gift-opening": Row(with_gift_link, {"POST": 303}),
    "gift-opening-code": Row(with_gift_link, {"POST": 303}),
    "gift-entry": Row(with_gift_link, {"POST": 303}),
    "gift-choices": Row(
        with_gift_link, {"POST": 303}, body=lambda company: {"choice-flavour": "mint"}
    ),
    "gift-thanks": Row(with_gift_link, {"POST": 200}),
    "gift-sender-view": Row(with_gift_link, {"POST": 303}),
    "gift-texts": Row(with_gift_link, {"POST": 422}),
    "gift-return": Row(with_gift_link, {**READ, "POST": 422}),
    "gift-reasons": Row(with_gift_link, {"POST": 303}),  # it is neither enjoyed nor thanked for
    "gift-come-back": Row(with_gift_link, {"POST": 303}),
    "gift-review": Row(with_gift_link, {"POST": 303}),
    "gift-review-removal": Row(with_gift_link, {"POST": 303}),
    "your-data": Row(with_data_link, READ),
    "your-data-letters": Row(with_data_link, {"POST": 303}),
    "your-data-not-me": Row(with_data_link, {**READ, "POST": 303}),
    "your-data-erasure": Row(with_data_link, {**READ, "POST": 303}),
    "stop-mail": Row(anyone, {**READ, "POST": 200}),
    "offer": Row(anyone, {**READ, "POST": 422}, ids={"slug": lambda company: company.offer.slug}),
    "offer-gift": Row(with_gift_link, READ),
    "handout-gift": Row(with_gift_link, READ),
    "handout-gift-opening": Row(with_gift_link, {"POST": 303}),
    "campaign_page": Row(anyone, READ, ids={"slug": campaign}),
    "visitor_consent": Row(anyone, {"POST": 303}),
    "letter_switch": Row(anyone, {**READ, "POST": 200}, ids={"signed": letter_link}),
    "follow": Row(anyone, {"GET": 302, "HEAD": 302}, ids={"slug": link}),
    # The studio
    "login": Row(not_signed_in, {**READ, "POST": 200, "PUT": 200, "OPTIONS": 200}, asks_first=True),
    "account_login": Row(
        not_signed_in, {**READ, "POST": 200, "PUT": 200, "OPTIONS": 200}, asks_first=True
    ),
    "logout": Row(anyone, {"POST": 302, "OPTIONS": 200}),
    "account": Row(signed_in, {**READ, "POST": 422}),
    "account_address": Row(signed_in, {**READ, "POST": 422}),
    "account_address_codes": Row(address_codes_asked_for, {**READ, "POST": 422}),
    "account_proof": Row(signed_in, {**READ, "POST": 422}),
    "account_proof_letter": Row(signed_in, {"POST": 302}),
    "account_factors": Row(signed_in, {**READ, "POST": 422}),
    "account_passkey_challenge": Row(signed_in, {"POST": 422}),
    "account_passkey": Row(
        signed_in, {"GET": 404, "HEAD": 404, "POST": 404}, ids={"passkey_id": lambda company: 0}
    ),
    "account_passkey_removal": Row(signed_in, {"POST": 404}, ids={"passkey_id": lambda company: 0}),
    "account_app": Row(signed_in, {**READ, "POST": 422}),
    "account_app_removal": Row(signed_in, {"POST": 302}),
    "account_recovery_codes": Row(signed_in, {**READ, "POST": 302}),
    "account_recovery_codes_file": Row(signed_in, {"GET": 404, "HEAD": 404}),
    "browser_session_end": Row(
        signed_in, {"POST": 404}, ids={"session_id": lambda company: company.asked}
    ),
    "other_browser_sessions_end": Row(signed_in, {"POST": 302}),
    "keep_session": Row(still_signed_in, {"POST": 204}),
    "studio": Row(signed_in, {"GET": 302, "HEAD": 302}),
    "dashboard": Row(MEMBERS, READ),
    "figure": Row(MEMBERS, READ, ids={"name": lambda company: "redeemed"}),
    "definitions": Row(MEMBERS, READ),
    "figure_csv": Row(MEMBERS, READ, ids={"name": lambda company: "redeemed"}),
    "figure_xlsx": Row(MEMBERS, READ, ids={"name": lambda company: "redeemed"}),
    "fact": Row(
        MEMBERS,
        READ,
        ids={"fact_id": lambda company: company.fact},
        with_ids=404,
        elsewhere=404,
    ),
    "store_ranking": Row(MEMBERS, READ),
    "store_ranking_file": Row(MEMBERS, READ, ids={"kind": lambda _: "csv"}),
    "link_ranking": Row(CAMPAIGNERS, READ),
    "treat_ranking": Row(CAMPAIGNERS, READ),
    "treat_ranking_file": Row(CAMPAIGNERS, READ, ids={"kind": lambda _: "csv"}),
    "chains": Row(CAMPAIGNERS, READ),
    "chain_rows": Row(
        CAMPAIGNERS, READ, ids={"kind": lambda _: "generation", "key": lambda _: "0"}
    ),
    "engagement": Row(CAMPAIGNERS, READ),
    "engagement_acts": Row(CAMPAIGNERS, READ, ids={"name": lambda _: "casual"}),
    "link_ranking_file": Row(CAMPAIGNERS, READ, ids={"kind": lambda _: "xlsx"}),
    "store_figures": Row(MEMBERS, READ, ids={"slug": store}, with_ids=404, elsewhere=404),
    "monday_letter": Row(MEMBERS, {"GET": 302, "HEAD": 302}),
    "reasons_gap": Row(CAMPAIGNERS, READ),
    "reasons_gap_file": Row(CAMPAIGNERS, READ, ids={"kind": lambda _: "xlsx"}),
    "own_reasons": Row(RANKERS, {**READ, "POST": 422}),
    "own_reasons_skip": Row(RANKERS, {"POST": 302}),
    "reasons_round": Row(EDITORS, {"POST": 302}),
    "treat_costs": Row(CAMPAIGN_TYPERS, {**READ, "POST": 302}),
    "campaign_path": Row(CAMPAIGNERS, READ, ids={"slug": campaign}, with_ids=404),
    "campaign_sums": Row(CAMPAIGNERS, READ, ids={"slug": campaign}, with_ids=404),
    "campaign_path_csv": Row(CAMPAIGNERS, READ, ids={"slug": campaign}, with_ids=404),
    "campaign_path_xlsx": Row(CAMPAIGNERS, READ, ids={"slug": campaign}, with_ids=404),
    "typed_of_campaign": Row(
        CAMPAIGN_TYPERS, {**READ, "POST": 422}, ids={"slug": campaign}, with_ids=404
    ),
    "typed_of_link": Row(CAMPAIGN_TYPERS, {**READ, "POST": 422}, ids={"slug": link}, with_ids=404),
    "campaigns": Row(CAMPAIGNERS, READ),
    "new_campaign": Row(EDITORS, {**READ, "POST": 200}),
    "campaign": Row(CAMPAIGNERS, READ, ids={"slug": campaign}, with_ids=404),
    "edit_campaign": Row(EDITORS, {**READ, "POST": 200}, ids={"slug": campaign}, with_ids=404),
    "campaign_preview": Row(EDITORS, {"POST": 200}, ids={"slug": campaign}, with_ids=404),
    "campaign_draft_preview": Row(EDITORS, {"POST": 200}),
    "campaign_release": Row(EDITORS, {"POST": 302}, ids={"slug": campaign}, with_ids=404),
    "campaign_pause": Row(EDITORS, {"POST": 302}, ids={"slug": campaign}, with_ids=404),
    "campaign_resumption": Row(EDITORS, {"POST": 302}, ids={"slug": campaign}, with_ids=404),
    "campaign_copy": Row(EDITORS, {"POST": 302}, ids={"slug": campaign}, with_ids=404),
    "campaign_archival": Row(EDITORS, {"POST": 302}, ids={"slug": campaign}, with_ids=404),
    "campaign_return": Row(EDITORS, {"POST": 302}, ids={"slug": campaign}, with_ids=404),
    "studio_campaign_picture": Row(EDITORS, READ, ids={"slug": campaign}, with_ids=404),
    "studio_campaign_picture_focus": Row(
        EDITORS, {"POST": 302}, ids={"slug": campaign}, with_ids=404
    ),
    "studio_campaign_picture_removal": Row(
        EDITORS, {"POST": 302}, ids={"slug": campaign}, with_ids=404
    ),
    "campaign_picture_permit": Row(EDITORS, {"GET": 204, "HEAD": 204}),
    "campaign_picture_upload": Row(
        EDITORS, {"GET": 302, "HEAD": 302, "POST": 422}, ids={"slug": campaign}, with_ids=404
    ),
    "typed_upload": Row(
        EDITORS, {"GET": 302, "HEAD": 302, "POST": 422}, ids={"slug": campaign}, with_ids=404
    ),
    "new_link": Row(EDITORS, {"POST": 422}, ids={"slug": campaign}, with_ids=404),
    "link": Row(CAMPAIGNERS, READ, ids={"slug": link}, with_ids=404),
    "change_link": Row(EDITORS, {"POST": 422}, ids={"slug": link}, with_ids=404),
    "move_link": Row(EDITORS, {"POST": 422}, ids={"slug": link}, with_ids=404),
    "link_retirement": Row(EDITORS, {"POST": 302}, ids={"slug": link}, with_ids=404),
    "link_return": Row(EDITORS, {"POST": 302}, ids={"slug": link}, with_ids=404),
    "link_qr": Row(CAMPAIGNERS, READ, ids={"slug": link}, with_ids=404),
    "link_png": Row(CAMPAIGNERS, READ, ids={"slug": link}, with_ids=404),
    "link_poster": Row(CAMPAIGNERS, READ, ids={"slug": link}, with_ids=404),
    "link_cards": Row(CAMPAIGNERS, READ, ids={"slug": link}, with_ids=404),
    "devices": Row(STORE_READERS, {"GET": 200, "HEAD": 200, "POST": 422}),
    "device_state": Row(STORE_RUNNERS, READ, with_ids=404, elsewhere=404),
    "device_name": Row(STORE_RUNNERS, {"POST": 422}, with_ids=404, elsewhere=404),
    "device_revocation": Row(STORE_RUNNERS, {"POST": 302}, with_ids=404, elsewhere=404),
    "studio_stores": Row(STORE_READERS, READ),
    "studio_new_store": Row(OWNERS, {**READ, "POST": 422}),
    "studio_store": Row(
        STORE_READERS,
        {**READ, "POST": 422},
        ids={"slug": store},
        body=lambda company: {"opens_0": "at dawn"},
        with_ids=404,
        elsewhere=404,
    ),
    "studio_sold_out": Row(
        STORE_RUNNERS, {**READ, "POST": 302}, ids={"slug": store}, with_ids=404, elsewhere=404
    ),
    "requests": Row(OWNERS, READ),
    "request_decision": Row(OWNERS, {"POST": 422}, with_ids=404, elsewhere=404),
    "studio_treats": Row(BRAND_READERS, READ),
    "studio_new_treat": Row(OWNERS, {**READ, "POST": 422}, body=no_row),
    "studio_new_amount": Row(OWNERS, {**READ, "POST": 422}, body=no_row),
    "studio_treat": Row(
        OWNERS, {**READ, "POST": 422}, ids={"slug": treat}, body=no_row, with_ids=404
    ),
    "studio_treat_picture": Row(OWNERS, READ, ids={"slug": treat}, with_ids=404),
    "studio_treat_picture_focus": Row(OWNERS, {"POST": 302}, ids={"slug": treat}, with_ids=404),
    "studio_treat_picture_removal": Row(OWNERS, {"POST": 302}, ids={"slug": treat}, with_ids=404),
    "treat_picture_permit": Row(OWNERS, {"GET": 204, "HEAD": 204}),
    "treat_picture_upload": Row(
        OWNERS, {"GET": 302, "HEAD": 302, "POST": 422}, ids={"slug": treat}, with_ids=404
    ),
    "studio_brand_picture": Row(OWNERS, READ, ids={"purpose": logo}),
    "studio_brand_picture_focus": Row(OWNERS, {"POST": 302}, ids={"purpose": logo}),
    "studio_brand_picture_removal": Row(OWNERS, {"POST": 302}, ids={"purpose": logo}),
    "brand_picture_permit": Row(OWNERS, {"GET": 204, "HEAD": 204}),
    "brand_picture_upload": Row(
        OWNERS, {"GET": 302, "HEAD": 302, "POST": 422}, ids={"purpose": logo}
    ),
    "studio_sheet": Row(BRAND_READERS, READ),
    "menu_csv": Row(BRAND_READERS, READ),
    "menu_xlsx": Row(BRAND_READERS, READ),
    "menu_example_csv": Row(BRAND_READERS, READ),
    "menu_example_xlsx": Row(BRAND_READERS, READ),
    "studio_menu_import": Row(OWNERS, {**READ, "POST": 409}),
    "studio_menu_import_names": Row(OWNERS, {"POST": 302}),
    "studio_menu_import_removal": Row(OWNERS, {"POST": 302}),
    "menu_sheet_permit": Row(OWNERS, {"GET": 204, "HEAD": 204}),
    "menu_sheet_upload": Row(OWNERS, {"GET": 302, "HEAD": 302, "POST": 422}),
    "picture_file": Row(
        anyone,
        {"GET": 404, "HEAD": 404},
        ids={"folder": lambda company: "0" * 32, "file": lambda company: "0" * 32 + ".webp"},
    ),
    "share_picture": Row(
        anyone, {"GET": 404, "HEAD": 404}, ids={"signed": lambda company: "W10~forged"}
    ),
    "studio_ready_menu": Row(
        OWNERS, {**READ, "POST": 422}, ids={"key": lambda company: "ice-cream"}
    ),
    "payments_trial": Row(OWNERS, {**READ, "POST": 302}),
    "shop_opening": Row(OWNERS, {"GET": 302, "HEAD": 302, "POST": 302}),
    "opening_step": Row(OWNERS, {"GET": 302, "HEAD": 302, "POST": 302}),
    # The only one on the menu: it asks first.
    "studio_treat_archival": Row(OWNERS, {**READ, "POST": 409}, ids={"slug": treat}, with_ids=404),
    "studio_treat_contents": Row(OWNERS, {**READ, "POST": 302}, ids={"slug": treat}, with_ids=404),
    "studio_treat_stores": Row(OWNERS, {**READ, "POST": 422}, ids={"slug": treat}, with_ids=404),
    "studio_treat_copy": Row(OWNERS, {"POST": 302}, ids={"slug": treat}, with_ids=404),
    "studio_treat_restoration": Row(OWNERS, {"POST": 302}, ids={"slug": treat}, with_ids=404),
    "studio_treat_place": Row(OWNERS, {"POST": 302}, ids={"slug": treat}, with_ids=404),
    "studio_brand": Row(BRAND_READERS, {**READ, "POST": 422}),
    "studio_brand_contact": Row(BRAND_READERS, {**READ, "POST": 422}),
    "studio_brand_home": Row(BRAND_READERS, {**READ, "POST": 422}),
    "studio_brand_mail": Row(BRAND_READERS, {**READ, "POST": 302}),
    "studio_brand_pages": Row(BRAND_READERS, {**READ, "POST": 302}),
    "studio_brand_preview": Row(
        OWNERS, {"POST": 422}, body=lambda company: {"of": "studio_brand", "show": "shop"}
    ),
    "studio_brand_letter": Row(OWNERS, READ),
    "studio_brand_look": Row(BRAND_READERS, {**READ, "POST": 422}),
    "studio_team": Row(OWNERS, {**READ, "POST": 422}),
    "invitation_withdrawal": Row(OWNERS, {"POST": 302}, with_ids=404),
    "studio_member": Row(OWNERS, {**READ, "POST": 422}, with_ids=404),
    "studio_member_factor_reset": Row(OWNERS, {"POST": 302}, with_ids=404),
    "studio_member_removal": Row(OWNERS, {"POST": 302}, with_ids=404),
    "studio_offers": Row(CAMPAIGNERS, READ),
    "studio_new_offer": Row(EDITORS, {**READ, "POST": 422}),
    "studio_offer": Row(CAMPAIGNERS, READ, with_ids=404),
    "studio_offer_change": Row(EDITORS, {**READ, "POST": 422}, with_ids=404),
    "studio_offer_pause": Row(EDITORS, {"POST": 302}, with_ids=404),
    "studio_offer_path": Row(CAMPAIGNERS, READ, with_ids=404),
    "studio_handouts": Row(EDITORS, READ),
    "studio_handout": Row(EDITORS, READ, with_ids=404),
    "studio_handout_sheet": Row(EDITORS, {"POST": 200}, with_ids=404),
    "studio_handout_end": Row(EDITORS, {"POST": 422}, with_ids=404),
    "studio_new_list": Row(EDITORS, {**READ, "POST": 422}, with_ids=404),
    "studio_list_draft": Row(EDITORS, {**READ, "POST": 422}),
    "studio_list_removal": Row(EDITORS, {"POST": 302}),
    "studio_list_permit": Row(EDITORS, {"GET": 204, "HEAD": 204}),
    "studio_list_upload": Row(EDITORS, {"GET": 302, "HEAD": 302, "POST": 422}, with_ids=404),
    "studio_new_sheet": Row(EDITORS, {**READ, "POST": 422}, with_ids=404),
    "studio_offer_qr": Row(CAMPAIGNERS, READ, with_ids=404),
    "studio_news": Row(EDITORS, READ),
    "studio_new_news": Row(EDITORS, {**READ, "POST": 422}),
    "studio_one_news": Row(EDITORS, {**READ, "POST": 422}, with_ids=404),
    "studio_news_publication": Row(EDITORS, {"POST": 302}, with_ids=404),
    "studio_news_removal": Row(EDITORS, {"POST": 302}, with_ids=404),
    "studio_news_picture": Row(EDITORS, READ, with_ids=404),
    "studio_news_picture_focus": Row(EDITORS, {"POST": 302}, with_ids=404),
    "studio_news_picture_removal": Row(EDITORS, {"POST": 302}, with_ids=404),
    "news_picture_permit": Row(EDITORS, {"GET": 204, "HEAD": 204}),
    "news_picture_upload": Row(EDITORS, {"GET": 302, "HEAD": 302, "POST": 422}, with_ids=404),
    "studio_reviews": Row(OWNERS, READ),
    "studio_review": Row(OWNERS, {**READ, "POST": 422}, with_ids=404),
    "studio_review_display": Row(OWNERS, {"POST": 302}, with_ids=404),
    "studio_questions": Row(OWNERS, READ),
    "studio_question": Row(OWNERS, {**READ, "POST": 422}, with_ids=404),
    "studio_question_closure": Row(OWNERS, {"POST": 302}, with_ids=404),
    "studio_question_return": Row(OWNERS, {"POST": 302}, with_ids=404),
    "studio_question_display": Row(OWNERS, {"POST": 302}, with_ids=404),
    "money_back": Row(MONEY_READERS, READ),
    "order_money": Row(MONEY_READERS, READ, ids={"order_id": order}, with_ids=404),
    "order_refund": Row(MONEY_MOVERS, {"POST": 422}, ids={"order_id": order}, with_ids=404),
    "refund_gifts": Row(
        MONEY_MOVERS,
        {**READ, "POST": 422},
        ids={"refund_id": lambda company: company.money["unclear"]},
        with_ids=404,
    ),
    "refund_decision": Row(
        MONEY_MOVERS,
        {"POST": 422},
        ids={"refund_id": lambda company: company.money["waiting"]},
        with_ids=404,
    ),
    "refund_notice": Row(
        MONEY_MOVERS,
        {"POST": 302},
        ids={"refund_id": lambda company: company.money["failed"]},
        with_ids=404,
    ),
    "dispute": Row(
        MONEY_MOVERS,
        {**READ, "POST": 422},
        ids={"dispute_id": lambda company: company.money["dispute"]},
        with_ids=404,
    ),
    "dispute_gifts": Row(
        MONEY_MOVERS,
        {**READ, "POST": 422},
        ids={"dispute_id": lambda company: company.money["lost"]},
        with_ids=404,
    ),
    "warning_clearance": Row(
        MONEY_MOVERS,
        {"POST": 422},
        ids={"warning_id": lambda company: company.money["warning"]},
        with_ids=404,
    ),
    "rules": Row(BRAND_READERS, {**READ, "POST": 422}),
    "audit_log": Row(STORE_RUNNERS, READ),
    "studio_staff": Row(STORE_RUNNERS, READ),
    "studio_staff_new": Row(STORE_RUNNERS, {"GET": 200, "HEAD": 200, "POST": 422}),
    "studio_person": Row(STORE_RUNNERS, READ, with_ids=404, elsewhere=404),
    "studio_person_pin": Row(STORE_RUNNERS, {"POST": 422}, with_ids=404, elsewhere=404),
    "studio_person_role": Row(STORE_RUNNERS, {"POST": 422}, with_ids=404, elsewhere=404),
    "studio_person_stores": Row(STORE_RUNNERS, {"POST": 422}, with_ids=404, elsewhere=404),
    "studio_person_unlocking": Row(STORE_RUNNERS, {"POST": 302}, with_ids=404, elsewhere=404),
    "studio_person_deactivation": Row(STORE_RUNNERS, {"POST": 302}, with_ids=404, elsewhere=404),
    "studio_person_reactivation": Row(STORE_RUNNERS, {"POST": 302}, with_ids=404, elsewhere=404),
    # The way in
    "invitation": Row(
        nobody_yet, {**READ, "POST": 422}, ids={"token": lambda company: company.invitation}
    ),
    "account_reset_password": Row(anyone, {**READ, "POST": 422}),
    "account_reset_password_from_key": Row(
        anyone,
        {"GET": 404, "HEAD": 404, "POST": 404},
        ids={"uidb36": lambda company: "eA", "key": lambda company: "x-1"},
    ),
    "account_confirm_login_code": Row(code_asked_for, {**READ, "POST": 422}),
    "social_sign_in": Row(anyone, {"POST": 404}, ids={"provider": lambda company: "google"}),
    "google_callback": Row(anyone, {"GET": 404, "HEAD": 404}),
    "apple_callback": Row(anyone, {"POST": 404}),
    "apple_finish_callback": Row(anyone, {"GET": 404, "HEAD": 404}),
    "passkey_challenge": Row(anyone, {"POST": 200}),
    "passkey_sign_in": Row(not_signed_in, {"POST": 422}),
    "mfa_authenticate": Row(at_the_second_step, {**READ, "POST": 422}),
    "own_invitation": Row(signed_in, {"GET": 404, "HEAD": 404, "POST": 404}, with_ids=404),
    "operator_brands": Row(operator, READ),
    "operator_new_brand": Row(operator, {**READ, "POST": 422}),
    "operator_brand": Row(operator, {**READ, "POST": 422}),
    "operator_support": Row(operator, {**READ, "POST": 422}),
    "operator_order": Row(operator, {**READ, "POST": 302}, ids={"order_id": order}, any_brand=True),
    "operator_receipt": Row(operator, {"POST": 422}, ids={"order_id": order}, any_brand=True),
    "operator_code": Row(operator, {**READ, "POST": 302}, any_brand=True),
    "operator_code_email": Row(operator, {"POST": 422}, any_brand=True),
    "operator_code_correction": Row(operator, {"POST": 409}, body=correcting, any_brand=True),
    "operator_code_hold": Row(operator, {"POST": 302}, body=reason),
    "operator_code_release": Row(operator, {"POST": 409}, body=reason, any_brand=True),
    "operator_code_voiding": Row(operator, {"POST": 302}, body=reason),
    "operator_brand_approval": Row(operator, {"POST": 302}),
    "self_service": Row(no_owner_yet, {**READ, "POST": 422}),
    "self_service_code": Row(opening_code_asked_for, {**READ, "POST": 422}),
    "own_brand": Row(proven, {**READ, "POST": 422}),
    # The till
    "till_manifest": Row(anyone, READ),
    "till_pair": Row(anyone, {"GET": 200, "HEAD": 200, "POST": 422}),
    "till": Row(till, READ),
    "till_staff": Row(tablet, READ),
    "till_unlocking": Row(
        tablet, {"GET": 200, "HEAD": 200, "POST": 422}, with_ids=404, elsewhere=404
    ),
    "till_unblocking": Row(tablet, {"GET": 200, "HEAD": 200, "POST": 422}),
    "till_own_pin": Row(till, {"GET": 200, "HEAD": 200, "POST": 422}),
    "till_sessions": Row(tablet, {"POST": 422}),
    "till_end_session": Row(tablet, {"POST": 302}),
    "till_keep_session": Row(till, {"POST": 204}),
    "till_lookups": Row(
        till, {"POST": 200}, body=lambda company: {"code": code_of(company)}, with_ids=404
    ),
    "till_redemptions": Row(
        till,
        {"POST": 201},
        body=lambda company: {"code": code_of(company), "key": "k", "pick-flavour": "mint"},
        with_ids=404,
    ),
    "till_reversal": Row(till, {"POST": 201}, body=reason, with_ids=409, elsewhere=409),
    # The manager's console
    "till_manager": Row(till_manager, READ),
    "till_manager_refused": Row(till_manager, READ),
    "till_manager_shift": Row(till_manager, READ),
    "till_manager_shift_export": Row(till_manager, {"POST": 200}),
    "till_manager_staff": Row(till_manager, READ),
    "till_manager_staff_new": Row(till_manager, {"GET": 200, "HEAD": 200, "POST": 422}),
    "till_manager_person": Row(till_manager, READ, with_ids=404, elsewhere=404),
    "till_manager_pin": Row(till_manager, {"POST": 422}, with_ids=404, elsewhere=404),
    "till_manager_role": Row(till_manager, {"POST": 422}, with_ids=404, elsewhere=404),
    "till_manager_unlocking": Row(till_manager, {"POST": 302}, with_ids=404, elsewhere=404),
    "till_manager_deactivation": Row(till_manager, {"POST": 302}, with_ids=404, elsewhere=404),
    "till_manager_reactivation": Row(till_manager, {"POST": 302}, with_ids=404, elsewhere=404),
    "till_manager_devices": Row(till_manager, {"GET": 200, "HEAD": 200, "POST": 422}),
    "till_manager_device": Row(till_manager, READ, with_ids=404, elsewhere=404),
    "till_manager_device_state": Row(till_manager, READ, with_ids=404, elsewhere=404),
    "till_manager_device_name": Row(till_manager, {"POST": 422}, with_ids=404, elsewhere=404),
    "till_manager_device_revocation": Row(till_manager, {"POST": 409}, with_ids=404, elsewhere=404),
    "till_manager_device_unblocking": Row(till_manager, {"POST": 302}, with_ids=404, elsewhere=404),
    "till_manager_gifts": Row(
        till_manager,
        {"GET": 200, "HEAD": 200, "POST": 302},
        body=lambda company: {"text": code_of(company)},
        posted_ids=404,
    ),
    "till_manager_gift": Row(till_manager, {"GET": 302, "HEAD": 302, "POST": 302}, with_ids=404),
    "till_manager_gift_repeat": Row(till_manager, {"POST": 409}, body=reason, with_ids=404),
    "till_manager_gift_correction": Row(till_manager, {"POST": 409}, body=correcting, with_ids=404),
    "till_manager_gift_hold": Row(till_manager, {"POST": 302}, body=reason, with_ids=404),
    "till_manager_gift_release": Row(till_manager, {"POST": 409}, body=reason, with_ids=404),
    "till_manager_gift_extension": Row(till_manager, {"POST": 422}, with_ids=404),
    "till_manager_gift_voiding": Row(
        till_manager,
        {"POST": 302},
        body=lambda company: {**reason(company), "money": "no"},
        with_ids=404,
    ),
    "till_manager_gift_decision": Row(till_manager, {"POST": 422}, with_ids=404),
    "till_manager_goodwill": Row(till_manager, {"GET": 200, "HEAD": 200, "POST": 422}),
    "till_manager_requests": Row(till_manager, READ),
    "till_sold_out": Row(till_manager, {**READ, "POST": 302}),
    # The API
    "api-lookups": Row(
        TILLS_AND_DISPLAYS,
        {"POST": 200, "OPTIONS": 200},
        body=lambda company: {"code": code_of(company)},
        with_ids=404,
        json=True,
        asks_first=True,
    ),
    "api-redemptions": Row(
        TILLS_LATE,
        {"POST": 201, "OPTIONS": 200},
        body=redeeming,
        with_ids=404,
        json=True,
        asks_first=True,
    ),
    "api-reversal": Row(
        TILLS,
        {"POST": 201, "OPTIONS": 200},
        body=reason,
        with_ids=404,
        elsewhere=404,
        json=True,
        asks_first=True,
    ),
    "api-schema": Row(anyone, {"GET": 200, "HEAD": 200, "OPTIONS": 200}),
    "api-docs": Row(anyone, READ),
    # For machines
    "healthz": Row(anyone, dict.fromkeys(METHODS, 200)),
    "readyz": Row(anyone, dict.fromkeys(METHODS, 200)),
    # Whoever asks here asks from this machine; 503, since no beat runs. Who else: test_status.py.
    "status": Row(anyone, {"GET": 503, "HEAD": 503}, asks_first=True),
}

LETTERS = {"studio_brand_letter", "order-gift-letter"}
"""E-mails as pages. They bring their styles along; tests/giftshop/delivery judges them."""
