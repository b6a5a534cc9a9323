"""What each role may see and do in a brand's studio: the one table that every page asks."""

from collections.abc import Iterator, Sequence

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from giftshop.accounts.models import Membership

Role = Membership.Role


class Permission(models.TextChoices):
    """Of a page or an act. The label says it as the team page does, and holds what is not said apart:
    who may change the menu sees it."""

    SEE_FIGURES = "see_figures", _("See how the gifts are doing")
    SEE_CAMPAIGNS = "see_campaigns", _("See campaigns and their links")
    RANK_REASONS = "rank_reasons", _("Say why they believe that people come")
    PLAN_CAMPAIGNS = "plan_campaigns", _("Plan campaigns and make links")
    SEE_MENU = "see_menu", _("See the menu and its prices")
    CHANGE_MENU = "change_menu", _("Change the menu and its prices")
    SEE_STORES = "see_stores", _("See stores, their hours and what is sold out")
    RUN_STORES = "run_stores", _("Set a store's hours, its phone and what is sold out")
    CHANGE_STORES = "change_stores", _("Add stores and change all about them")
    SEE_DEVICES = "see_devices", _("See the devices at the counters")
    CHANGE_DEVICES = "change_devices", _("Connect, rename and disconnect devices")
    MANAGE_STAFF = "manage_staff", _("Add staff, give PINs, say who works where")
    VOUCH = "vouch", _("Vouch for staff to whom they hand a PIN")
    DECIDE_REQUESTS = "decide_requests", _("Decide as the second person what a store asks for")
    WRITE_NEWS = "write_news", _("Tell news on the shop")
    ANSWER_QUESTIONS = "answer_questions", _("Answer what visitors ask the shop")
    MODERATE_REVIEWS = "moderate_reviews", _("Show reviews or hide them with a reason")
    SEE_MONEY = "see_money", _("See payments, what went back and what banks ask")
    MOVE_MONEY = "move_money", _("Send money back and answer banks")
    SEE_ACTIVITY = "see_activity", _("Read who did what")
    SEE_ALARMS = "see_alarms", _("Be told when somebody tries codes or PINs")
    SEE_BRAND = "see_brand", _("See the brand and its rules")
    CHANGE_BRAND = "change_brand", _("Change the brand and its rules, open the shop")
    MANAGE_TEAM = "manage_team", _("Invite colleagues, give them other roles, remove them")


ROLES: dict[Permission, tuple[str, ...]] = {
    Permission.SEE_FIGURES: (Role.MARKETER, Role.FINANCE, Role.STORE_MANAGER, Role.READER),
    Permission.SEE_CAMPAIGNS: (Role.MARKETER, Role.FINANCE, Role.READER),
    Permission.RANK_REASONS: (Role.MARKETER, Role.STORE_MANAGER),
    Permission.PLAN_CAMPAIGNS: (Role.MARKETER,),
    Permission.SEE_MENU: (Role.READER,),
    Permission.CHANGE_MENU: (),
    Permission.SEE_STORES: (Role.STORE_MANAGER, Role.READER),
    Permission.RUN_STORES: (Role.STORE_MANAGER,),
    Permission.CHANGE_STORES: (),
    Permission.SEE_DEVICES: (Role.STORE_MANAGER, Role.READER),
    Permission.CHANGE_DEVICES: (Role.STORE_MANAGER,),
    Permission.MANAGE_STAFF: (Role.STORE_MANAGER,),
    Permission.VOUCH: (),
    Permission.DECIDE_REQUESTS: (),  # a store manager decides at the till: there we know who else they are
    Permission.WRITE_NEWS: (Role.MARKETER,),
    Permission.ANSWER_QUESTIONS: (),
    Permission.MODERATE_REVIEWS: (),
    Permission.SEE_MONEY: (Role.FINANCE, Role.READER),
    Permission.MOVE_MONEY: (Role.FINANCE,),
    Permission.SEE_ACTIVITY: (Role.STORE_MANAGER,),
    Permission.SEE_ALARMS: (),
    Permission.SEE_BRAND: (Role.READER,),
    Permission.CHANGE_BRAND: (),
    Permission.MANAGE_TEAM: (),
}
"""Who may beside the owner, who may everything. A reader gets no page on which people are named."""

BY_STORE = {
    Permission.SEE_FIGURES,
    Permission.RANK_REASONS,
    Permission.SEE_STORES,
    Permission.RUN_STORES,
    Permission.SEE_DEVICES,
    Permission.CHANGE_DEVICES,
    Permission.MANAGE_STAFF,
    Permission.SEE_ACTIVITY,
}
"""What can be told apart by store: all that is left to a member of some stores only."""

NEEDS_SECOND_FACTOR = frozenset({Role.OWNER, Role.MARKETER, Role.FINANCE})
"""Who sees money or changes what customers see: from a while after they join, only with a second factor."""

HELD_IN = {
    Permission.SEE_CAMPAIGNS: Permission.PLAN_CAMPAIGNS,
    Permission.SEE_MENU: Permission.CHANGE_MENU,
    Permission.SEE_DEVICES: Permission.CHANGE_DEVICES,
    Permission.SEE_STORES: Permission.RUN_STORES,
    Permission.SEE_BRAND: Permission.CHANGE_BRAND,
    Permission.SEE_MONEY: Permission.MOVE_MONEY,
}
"""What goes without saying where the larger one is said."""


def of_role(role: str) -> frozenset[Permission]:
    """All that the role may."""
    if role == Role.OWNER:
        return frozenset(Permission)
    return frozenset(permission for permission in Permission if role in ROLES[permission])


def roles_with(permission: Permission) -> tuple[str, ...]:
    """The roles that may."""
    return tuple(str(role) for role in Role if permission in of_role(role))


def of_member(membership: Membership) -> frozenset[Permission]:
    """All that they may, at their stores."""
    may = of_role(membership.role)
    return may if membership.all_stores else may & BY_STORE


def is_by_store(role: str) -> bool:
    """Whether the role may be given for some stores only: all of it can be told apart by store, or what is
    left of it makes sense."""
    return role in {Role.FINANCE, Role.STORE_MANAGER, Role.READER}


def in_words() -> Iterator[tuple[Promise, Sequence[Promise]]]:
    """Each role by its name, with what it may do; an owner with one word for everything."""
    for role in Role:
        may = of_role(role)
        if may == frozenset(Permission):
            yield role.label, [_("Everything")]
            continue
        said = [each.label for each in Permission if each in may and HELD_IN.get(each) not in may]
        yield role.label, said
