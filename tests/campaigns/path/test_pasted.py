"""Rows of a spreadsheet are looked at line by line; what is clear is taken over, what is not is said."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation
from django_scopes import scope

from brands.models import Brand
from campaigns.links import links
from campaigns.models import Campaign, Link, LinkDay
from campaigns.path import link_days, pasted
from campaigns.path.pasted import LINES_MAX, State
from redemption.models import AuditEntry
from tests.cast import today

TODAY = date(2026, 5, 14)
PAGE = "/studio/frosty-spoon/campaigns/two-for-the-weekend/typed/"
HEAD = "Link,Day,Likes,Comments,Shares,Cost"


def read(link: Link, *lines: str, head: str = HEAD) -> pasted.Plan:
    return pasted.read("\n".join([head, *lines]), campaign=link.campaign, today=TODAY)


def test_each_line_is_judged_by_itself(in_brand: Brand, link: Link) -> None:
    link_days.put(link, day=date(2026, 5, 1), said={"likes": 5, "cost": 250})
    link_days.put(link, day=date(2026, 5, 2), said={"likes": 5})
    plan = read(
        link,
        "Friday post,2026-05-01,5,,,",
        "FRIDAY POST,02.05.2026,7,,,",
        f"http://x.example/l/{link.slug}/,2026-05-03,1200,30,9,12.50",
        "Sunday post,2026-05-03,1,,,",
        "Friday post,2026-05-15,1,,,",
        "Friday post,May,1,,,",
        "Friday post,2026-05-04,-1,,,",
        "Friday post,2026-05-05,,,,1.234",
        "Friday post,2026-05-06,,,,",
        "Friday post,2026-05-03,1,,,",
    )
    assert [line.state for line in plan.lines] == [
        *(State.UNCHANGED, State.CHANGED, State.NEW),
        *[State.REFUSED] * 7,
    ]
    said = [" ".join(line.problems) for line in plan.lines[3:]]
    for words, part in zip(
        said,
        (
            *("no link of that name", "still to come", "Write the day as 2026-05-03."),
            *("Likes: ", "Cost: ", "nothing but its day", "same link and day as in line 4"),
        ),
        strict=True,
    ):
        assert part in words
    assert plan.lines[2].said == {"likes": 1200, "comments": 30, "shares": 9, "cost": 1250}
    assert plan.lines[1].said["likes"] == 7


@pytest.mark.parametrize("separator", ["\t", ";", ","])
def test_columns_stand_in_any_order_as_any_program_copies_them(
    in_brand: Brand, link: Link, separator: str
) -> None:
    head, line = ["day", "Cost", "LINK"], ["2026-05-03", "2", "Friday post"]
    plan = read(link, separator.join(line), head="\ufeff" + separator.join(head))
    assert plan.lines[0].said == {**link_days.NOTHING, "cost": 200}


def test_columns_are_read_in_the_readers_language(in_brand: Brand, link: Link) -> None:
    with translation.override("de"):
        head = ";".join(str(label) for label in pasted.COLUMNS.values())
        plan = read(link, "Friday post;03.05.2026;1.200;;;2,50", head=head)
    assert plan.lines[0].said["cost"] == 250


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "nothing in it"),
        (HEAD, "there is no line"),
        ("Likes,Cost\n1,2", "has to name the columns"),
        ("Link,Day\nFriday post,2026-05-03", "has to name the columns"),
        (HEAD + "\nx" * (LINES_MAX + 1), "Make two of it"),
        (HEAD + '\n"x', "no link"),
    ],
)
def test_what_is_no_table_is_said(in_brand: Brand, link: Link, text: str, word: str) -> None:
    try:
        plan = pasted.read(text, campaign=link.campaign, today=TODAY)
        said = " ".join(plan.lines[0].problems)
    except ValidationError as refused:
        said = " ".join(refused.messages)
    assert word in said


def test_lines_are_seen_before_they_are_taken_over(
    owner_client: Client, campaign: Campaign, link: Link
) -> None:
    day = today(campaign.brand).replace(day=1).isoformat()
    text = f"{HEAD}\nFriday post,{day},1200,30,9,12.50\nNobody,{day},1,,,"
    page = owner_client.post(PAGE, {"rows": text})
    assert page.status_code == 200
    assert "To take over: 1. As they are: 0. Not clear: 1." in page.content.decode()
    with scope(brand=campaign.brand):
        assert not LinkDay.objects.exists()
    version = page.context["plan"].version
    sent = {"rows": text, "take": "1", "version": version}
    assert owner_client.post(PAGE, sent).status_code == 302
    with scope(brand=campaign.brand):
        [row] = LinkDay.objects.all()
        entry = AuditEntry.objects.filter(act="link.day_typed").get()
    assert (row.likes, row.cost, row.campaign) == (1200, 1250, campaign)
    assert entry.details["changes"]["cost"] == [None, 1250]
    outdated = owner_client.post(PAGE, {**sent, "rows": text.replace("1200", "1300")})
    assert outdated.status_code == 409
    assert "Look once more" in outdated.content.decode()
    assert "1,200" in owner_client.get(PAGE).content.decode()


def test_a_link_is_found_in_its_own_campaign_only(in_brand: Brand, link: Link) -> None:
    from campaigns.planning import campaigns

    other = campaigns.plan(brand=in_brand, name="Other", starts_on=date(2026, 1, 1))
    links.add(campaign=other, channel="poster", name="Window")
    assert "no link" in read(link, "Window,2026-05-03,1,,,").lines[0].problems[0]
