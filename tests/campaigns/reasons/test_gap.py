"""Belief and answers: every figure equals a recount in SQL, no group is told that would show a person, and
the sentence on top is never false."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from math import isclose, sqrt
from uuid import uuid4

import pytest
from django.db import connection
from django_scopes import scope

from brands.models import Brand
from campaigns.reasons.gap import FEW, Z, places, rows, tally, wilson
from campaigns.reasons.read import WHEN, WHO, Group, read
from campaigns.reasons.sentence import claim, in_words
from campaigns.reasons.study import STUDY
from giftshop.reasons.models import Answer, Reason, Round

Ranks = tuple[str, ...]
PEOPLE = (0, 3, 5, 8, 20, 60)
"""How many have answered."""

RECOUNT = """
WITH said AS (
    SELECT each.reason, count(*) AS named, sum(each.weight) AS points
      FROM reasons_answer AS answer
     CROSS JOIN LATERAL (VALUES (answer.first, 3), (answer.second, 2), (answer.third, 1))
           AS each (reason, weight)
     WHERE answer.brand_id = %s AND answer.side = ANY(%s)
       AND (%s::boolean IS NULL OR answer.is_returning = %s)
     GROUP BY each.reason)
SELECT twelve.reason, coalesce(named, 0),
       rank() OVER (ORDER BY coalesce(named, 0) DESC, coalesce(points, 0) DESC)
  FROM unnest(%s::text[]) AS twelve (reason) LEFT JOIN said USING (reason)
"""


def three(dice: random.Random, liked: Reason | None = None) -> Ranks:
    """Any three, with the liked one among them more often than not."""
    picked = dice.sample(list(Reason), 3)
    if liked and liked not in picked and dice.random() < 0.7:
        picked[dice.randrange(3)] = liked
    return tuple(each.value for each in picked)


def lived(brand: Brand, dice: random.Random, people: int) -> None:
    """A random past of a brand: a team, and people who came."""
    asked = Round.objects.create(brand=brand, opened_on=date(2026, 5, dice.randint(1, 28)))
    liked = dice.choice([None, *Reason])
    made = [
        Answer(side=dice.choice(Answer.TEAM), round=asked, is_returning=None)
        for _ in range(dice.randint(0, 5))
    ]
    made += [
        Answer(side=dice.choice(list(WHO.values())), is_returning=dice.choice([True, False, None]))
        for _ in range(people)
    ]
    for each in made:
        each.brand, each.day, each.key = brand, asked.opened_on, uuid4().bytes * 2
        each.first, each.second, each.third = three(dice, liked)
    Answer.objects.bulk_create(made)


def recount(brand: Brand, sides: Sequence[str], when: bool | None) -> dict[str, tuple[int, int]]:
    twelve = [each.value for each in Reason]
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, [brand.pk, [*sides], when, when, twelve])
        return {reason: (named, rank) for reason, named, rank in cursor.fetchall()}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_every_figure_equals_a_recount(brand: Brand, other_brand: Brand, seed: int) -> None:
    dice, people = random.Random(seed), PEOPLE[seed % len(PEOPLE)]
    for each in (other_brand, brand):
        with scope(brand=each):
            lived(each, dice, people)
    shown = 0
    with scope(brand=brand):
        for who in ("", *WHO):
            for when in ("", *WHEN):
                found = read(Group(who, when))
                team = recount(brand, Answer.TEAM, None)
                for row in rows(found.belief, found.answers):
                    if found.belief.n:
                        assert row.belief
                        assert (row.belief.count, row.belief.rank) == team[row.reason]
                sides = [WHO[who]] if who else list(WHO.values())
                theirs = recount(brand, sides, WHEN.get(when))
                assert sum(named for named, _ in theirs.values()) == 3 * found.n
                if found.answers.n:
                    shown += 1
                    assert found.answers.n == found.n
                    for row in rows(found.belief, found.answers):
                        assert row.answers
                        assert (row.answers.count, row.answers.rank) == theirs[row.reason]
    assert bool(shown) == (people >= FEW)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(20))
def test_no_group_under_five_is_told_nor_can_be_taken_from_another(brand: Brand, seed: int) -> None:
    with scope(brand=brand):
        lived(brand, random.Random(1000 + seed), PEOPLE[seed % len(PEOPLE)])
        groups = [Group(who, when) for who in ("", *WHO) for when in ("", *WHEN)]
        told = {group: found for group in groups if (found := read(group)).answers.n}
        for small, found in told.items():
            assert found.n >= FEW
            for large in small.around():
                if large in told:
                    assert told[large].n - found.n == 0 or told[large].n - found.n >= FEW


def ranked(said: list[Ranks]) -> list[tuple[tuple[int, int], str]]:
    """(named, points) of each reason, the strongest first: counted by hand."""
    named = Counter(reason for ranks in said for reason in ranks)
    points = Counter[str]()
    for ranks in said:
        for weight, reason in zip((3, 2, 1), ranks, strict=True):
            points[reason] += weight
    return sorted(((named[r], points[r]), r.value) for r in Reason)[::-1]


def bounds(count: int, n: int) -> tuple[float, float]:
    """The roots of Wilson's equation, (p - share)^2 = z^2 p (1 - p) / n."""
    a, b, c = n + Z * Z, -(2 * count + Z * Z), count * count / n
    root = sqrt(max(0.0, b * b - 4 * a * c))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def test_the_interval_is_wilsons() -> None:
    for n in (1, 5, 63, 1000):
        for count in (0, 1, n // 2, n):
            found, wanted = wilson(count, n), bounds(count, n)
            assert all(isclose(x, y, abs_tol=1e-9) for x, y in zip(found, wanted, strict=True))
    assert [round(each, 3) for each in wilson(41, 63)] == [0.528, 0.757]


def test_the_sentence_is_never_false() -> None:
    made = Counter[str]()
    for seed in range(3000):
        dice = random.Random(seed)
        believes, likes = dice.choice([*Reason]), dice.choice([None, *Reason])
        if dice.random() < 0.2:
            likes = believes
        team = [three(dice, believes) for _ in range(dice.randint(0, 4))]
        people = [three(dice, likes) for _ in range(dice.choice([0, 4, 5, 9, 30, 120]))]
        found = claim(tally((each, 1) for each in team), tally((each, 1) for each in people))
        if found is None:
            continue
        (top, first), (second, _), *_ = ranked(team)
        assert (found.believed, top > second) == (first, True)
        (top, first), (second, runner_up), *_ = ranked(people)
        assert (found.said, top > second) == (first, True)
        assert found.n == len(people) >= FEW
        assert found.count == sum(found.said in ranks for ranks in people) >= FEW
        against = found.believed if found.believed != found.said else runner_up
        less = sum(against in ranks for ranks in people)
        assert bounds(less, found.n)[1] < bounds(found.count, found.n)[0]
        words = in_words(found)
        assert f"{found.count} of {found.n}" in words
        made["agrees" if found.believed == found.said else "differs"] += 1
    assert made["agrees"] > 30, made
    assert made["differs"] > 200, made


def test_the_teams_words_and_those_of_63() -> None:
    team = [(("community", "treat", "event"), 1), (("community", "new", "close"), 2)]
    people = [(("treat", "event", "new"), 41), (("discount", "close", "reviews"), 22)]
    found = claim(tally(team), tally(people))
    assert found
    assert in_words(found) == (
        "You said “Being part of a community”. 41 of 63 said “A treat for someone”."
    )


@pytest.mark.parametrize(
    ("team", "people"),
    [
        ([], 60),  # nobody of the team has said anything
        ([("community", "treat", "event")], 4),  # few
        ([("community", "treat", "event"), ("event", "treat", "community")], 60),  # two stand first
    ],
)
def test_nothing_is_said_without_ground(team: list[Ranks], people: int) -> None:
    came = tally([(("treat", "event", "new"), people)])
    if people > FEW:
        came = tally([(("treat", "event", "new"), people), (("treat", "close", "new"), 1)])
    assert claim(tally((each, 1) for each in team), came) is None


def test_equal_reasons_share_a_rank() -> None:
    found = places(tally([(("treat", "event", "new"), 1)]))
    assert [found[each].rank for each in (Reason.TREAT, Reason.EVENT, Reason.NEW)] == [1, 2, 3]
    assert {place.rank for reason, place in found.items() if not place.count} == {4}


def test_what_one_side_never_named_has_no_place_to_compare() -> None:
    few = list(Reason)[:6]
    belief, answers = tally([(few[:3], 2)]), tally([(few[1:4], 9)])
    compared = {row.reason for row in rows(belief, answers) if row.places_higher is not None}
    assert compared == set(few[1:3])


def test_the_study_is_whole_and_says_what_is_not_verified() -> None:
    assert set(STUDY) == set(Reason)
    verified = {each for each, found in STUDY.items() if found.consumers_verified}
    assert verified == {Reason.DISCOUNT, Reason.TREAT, Reason.CLOSE}
    both = {each for each, found in STUDY.items() if found.businesses_verified}
    assert both == {Reason.DISCOUNT, Reason.CLOSE, Reason.COMMUNITY}
    shares = [found.consumers for found in STUDY.values()]
    assert shares == sorted(shares, reverse=True)
