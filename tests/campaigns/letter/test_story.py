"""The rules of the Monday letter on a thousand random weeks: no sentence is false, no advice stands without
its ground, and no number in it is so small that it could be a person."""

import re
from collections import Counter
from collections.abc import Callable
from math import sqrt
from random import Random

import pytest
from django.utils import translation

from campaigns.dashboard.figures import Figures
from campaigns.dashboard.number_formats import number
from campaigns.letter.story import Ranked, Sentence, Week, tell
from campaigns.reasons.sentence import Claim
from core.templatetags.money import money
from giftshop.reasons.models import Reason

BASE = "https://gifts.example"
FIGURES = ("gifts_sold", "revenue", "redeemed", "spend_over", "visits")
PATHS = {name: f"/figures/{name}/" for name in FIGURES} | {
    "baskets": "/baskets/",
    "month": "/month/",
    "gap": "/gap/",
}
BEFORE = {name: f"/before/{name}/" for name in FIGURES}
NAMES = ("Pike Street", "Friday <b>post</b>", "100 % Spoon")

Truth = Callable[[Week], int]

COUNTS: dict[tuple[str, str], Truth] = {
    ("sold", "sold"): lambda week: week.figures.gifts_sold,
    ("sold", "earlier"): lambda week: week.before.gifts_sold if week.before else -1,
    ("redeemed", "redeemed"): lambda week: week.figures.redeemed,
    ("redeemed", "earlier"): lambda week: week.before.redeemed if week.before else -1,
    ("spend", "baskets"): lambda week: week.figures.baskets,
    ("link", "count"): lambda week: max(row.redeemed for row in week.links),
    ("store", "count"): lambda week: max(row.redeemed for row in week.stores),
    ("visits", "visits"): lambda week: week.figures.visits,
    ("follows", "visits"): lambda week: week.linked.visits,
    ("waiting", "opened"): lambda week: week.month.opened,
    ("waiting", "redeemed"): lambda week: week.month.redeemed_of_sold,
    ("gap", "count"): lambda week: week.gap.count if week.gap else -1,
    ("gap", "n"): lambda week: week.gap.n if week.gap else -1,
    ("baskets", "redeemed"): lambda week: week.figures.redeemed,
}
AMOUNTS: dict[tuple[str, str], Truth] = {
    ("sold", "revenue"): lambda week: week.figures.revenue,
    ("spend", "spend"): lambda week: week.figures.spend_over,
}


def is_ahead(rows: list[int]) -> bool:
    """Two standard errors, as the dashboard asks."""
    more, less = rows
    return more >= 10 and more - less > 2 * sqrt(more + max(less, 0))


GROUNDS: dict[str, Callable[[Week], bool]] = {
    "sold": lambda week: week.figures.gifts_sold >= 5 and week.figures.revenue > 0,
    "redeemed": lambda week: week.figures.redeemed >= 5,
    "spend": lambda week: week.figures.baskets >= 5 and week.figures.spend_over > 0,
    "link": lambda week: is_ahead([row.redeemed for row in week.links]),
    "store": lambda week: is_ahead([row.redeemed for row in week.stores]),
    "visits": lambda week: week.figures.visits >= 5,
    "follows": lambda week: week.linked.visits >= 30 and not week.linked.orders,
    "waiting": lambda week: (
        week.month.redeemed_of_sold >= 5
        and week.month.opened - week.month.redeemed_of_sold - week.month.taken_back_of_sold
        >= max(10, week.month.opened / 2)
    ),
    "gap": lambda week: week.gap is not None and week.gap.believed != week.gap.said,
    "baskets": lambda week: week.figures.redeemed >= 10 and week.figures.baskets == 0,
}
SENTENCES = ("sold", "redeemed", "spend", "link", "store", "visits")
ADVICE = ("follows", "waiting", "gap", "baskets")


def some(dice: Random) -> int:
    return dice.choice([0, dice.randint(-3, 6), dice.randint(0, 40), dice.randint(20, 3000)])


def figures(dice: Random) -> Figures:
    return Figures(**{name: some(dice) for name in vars(Figures())})


def ranked(dice: Random) -> list[Ranked]:
    rows = sorted((some(dice) for _ in range(2)), reverse=True)
    return [Ranked(dice.choice(NAMES), f"/row/{place}/", each) for place, each in enumerate(rows)]


def random_week(dice: Random) -> Week:
    n = dice.randint(5, 300)
    said = Claim(*dice.choices(list(Reason), k=2), dice.randint(5, n), n)
    return Week(
        figures=figures(dice),
        before=dice.choice([None, figures(dice)]),
        month=figures(dice),
        linked=figures(dice),
        links=ranked(dice),
        stores=ranked(dice),
        gap=dice.choice([None, said]),
        currency="USD",
        paths=PATHS,
        paths_before=BEFORE,
    )


def judge(sentence: Sentence, week: Week) -> None:
    assert GROUNDS[sentence.kind](week), sentence
    names = {"link": week.links, "store": week.stores}.get(sentence.kind)
    if names:
        assert names[0].name in sentence.text
    small = []
    for name, told in sentence.numbers.items():
        key = (sentence.kind, name)
        if key in AMOUNTS:
            assert told.text == money(AMOUNTS[key](week), "USD")
        else:
            truth = COUNTS[key](week)
            assert told.text == number(truth), key
            small += [truth] if truth < 5 else []
        assert told.url.startswith(f"{BASE}/")
        assert (name == "earlier") == told.url.startswith(f"{BASE}/before/")
        assert told.text in sentence.text
        assert f'href="{told.url}"' in sentence.html
    assert not small
    assert "<b>" not in sentence.html
    assert "%(" not in sentence.text
    bare = re.sub(r"\$[\d,.]+|100 %", "", sentence.text)
    assert len(re.findall(r"\d[\d,.]*", bare)) == len(sentence.numbers) - sum(
        (sentence.kind, name) in AMOUNTS for name in sentence.numbers
    ), "a number that nobody counted"


def test_a_thousand_weeks_hold_no_false_sentence() -> None:
    kinds, silent = Counter[str](), 0
    for seed in range(1000):
        week = random_week(Random(seed))
        story = tell(week, base_url=BASE)
        true = [kind for kind in SENTENCES if GROUNDS[kind](week)]
        if story is None:
            assert not true
            silent += 1
            continue
        assert [each.kind for each in story.sentences] == true[:3]
        grounded = [kind for kind in ADVICE if GROUNDS[kind](week)]
        assert ([story.advice.kind] if story.advice else []) == grounded[:1]
        for each in [*story.sentences, *([story.advice] if story.advice else [])]:
            judge(each, week)
            kinds[each.kind] += 1
    assert silent > 3
    assert set(kinds) == {*SENTENCES, *ADVICE}, kinds


@pytest.mark.parametrize("language", ["de", "es"])
def test_every_number_stands_in_every_language(language: str) -> None:
    with translation.override(language):
        for seed in range(300):
            story = tell(random_week(Random(seed)), base_url=BASE)
            for each in story.sentences if story else []:
                assert all(told.text in each.text for told in each.numbers.values())


def test_a_week_with_nothing_to_say_is_silent() -> None:
    assert tell(Week(figures=Figures(), currency="USD", paths=PATHS), base_url=BASE) is None
    few = Figures(gifts_sold=4, revenue=2600, redeemed=4, visits=4, baskets=4, spend_over=900)
    assert tell(Week(figures=few, currency="USD", paths=PATHS), base_url=BASE) is None
