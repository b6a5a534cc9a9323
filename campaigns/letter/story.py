"""What a Monday letter says: three sentences at most and one piece of advice, each by a rule on what was
counted.

Pure functions. No number stands in a letter that is under five and could be a person; what is compared was
watched for both weeks; of two places one is named only where the difference is clear. Advice has its ground
in the numbers that it names. Where no sentence holds, there is no letter.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from campaigns.dashboard.figures import Figures
from campaigns.dashboard.number_formats import number
from campaigns.dashboard.sentences import ENOUGH, clearly_more
from campaigns.reasons.sentence import Claim
from core.bidi import isolated
from core.templatetags.money import money

FEW = 5
SENTENCES = 3
FOLLOWS_TO_TELL = 30
"""So many visits without one order are more than chance."""


@dataclass(frozen=True)
class Ranked:
    """A store or a link of the week: its name, its page, and the gifts it brought to a counter."""

    name: str
    path: str
    redeemed: int


@dataclass(frozen=True, kw_only=True)
class Week:
    """What was counted. `before`: the week before, None where not all of it was watched; `month`: the four
    weeks that end with this one; `stores` and `links`: the two that redeemed most, the first first."""

    figures: Figures
    currency: str
    before: Figures | None = None
    month: Figures = field(default_factory=Figures)
    linked: Figures = field(default_factory=Figures)
    """Of all links together."""
    stores: Sequence[Ranked] = ()
    links: Sequence[Ranked] = ()
    gap: Claim | None = None
    paths: Mapping[str, str] = field(default_factory=dict)
    """Of the page that shows each number, by the figure's name; "baskets", "month", "gap"."""
    paths_before: Mapping[str, str] = field(default_factory=dict)
    """The same of the week before, by the figure's name."""


@dataclass(frozen=True)
class Number:
    """As its reader writes it, and the address of the page that shows it."""

    text: str
    url: str


@dataclass(frozen=True)
class Sentence:
    kind: str
    words: str
    """In the active language, with %(names)s."""
    numbers: dict[str, Number]
    names: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        told = {name: each.text for name, each in self.numbers.items()}
        return self.words % {**told, **self.names}

    @property
    def html(self) -> SafeString:
        linked = {
            name: format_html('<a href="{}" style="color:inherit">{}</a>', each.url, each.text)
            for name, each in self.numbers.items()
        }
        named = {name: conditional_escape(each) for name, each in self.names.items()}
        words = str(conditional_escape(self.words))
        return mark_safe(words % {**linked, **named})  # nosec B308 B703  # all of it is escaped

    @property
    def urls(self) -> list[str]:
        """Of its pages, each once."""
        return list(dict.fromkeys(each.url for each in self.numbers.values()))


@dataclass(frozen=True)
class Story:
    sentences: list[Sentence]
    advice: Sentence | None


def tell(week: Week, *, base_url: str) -> Story | None:
    """In the active language; None where there is nothing to say. `base_url`: before each path."""
    said = list(_sentences(_Writer(week, base_url)))[:SENTENCES]
    if not said:
        return None
    return Story(said, next(_advice(_Writer(week, base_url)), None))


@dataclass(frozen=True)
class _Writer:
    week: Week
    base_url: str

    def count(self, value: int, of: str) -> Number:
        return Number(number(value), self.base_url + self.week.paths[of])

    def amount(self, value: int, of: str) -> Number:
        return Number(money(value, self.week.currency), self.base_url + self.week.paths[of])

    def earlier(self, value: int, of: str) -> Number:
        return Number(number(value), self.base_url + self.week.paths_before[of])

    def ranked(self, row: Ranked) -> Number:
        return Number(number(row.redeemed), self.base_url + row.path)


def _sentences(write: _Writer) -> Iterator[Sentence]:
    week = write.week
    now, before = week.figures, week.before or Figures()
    if now.gifts_sold >= FEW and now.revenue > 0:
        told = {
            "sold": write.count(now.gifts_sold, "gifts_sold"),
            "revenue": write.amount(now.revenue, "revenue"),
        }
        words = _("Last week %(sold)s gifts were sold, for %(revenue)s.")
        if before.gifts_sold >= FEW:
            told["earlier"] = write.earlier(before.gifts_sold, "gifts_sold")
            words = _(
                "Last week %(sold)s gifts were sold, for %(revenue)s; the week before it was %(earlier)s."
            )
        yield Sentence("sold", words, told)
    if now.redeemed >= FEW:
        told = {"redeemed": write.count(now.redeemed, "redeemed")}
        words = _("%(redeemed)s gifts were handed over at a counter.")
        if before.redeemed >= FEW:
            told["earlier"] = write.earlier(before.redeemed, "redeemed")
            words = _(
                "%(redeemed)s gifts were handed over at a counter; the week before it was %(earlier)s."
            )
        yield Sentence("redeemed", words, told)
    if now.baskets >= FEW and now.spend_over > 0:
        yield Sentence(
            "spend",
            _("Beyond their gift guests spent %(spend)s, as the tills told of %(baskets)s."),
            {
                "spend": write.amount(now.spend_over, "spend_over"),
                "baskets": write.count(now.baskets, "baskets"),
            },
        )
    if link := _ahead(week.links):
        yield Sentence(
            "link",
            _("Of your links %(link)s brought most gifts to a counter: %(count)s."),
            {"count": write.ranked(link)},
            {"link": isolated(link.name)},
        )
    if store := _ahead(week.stores):
        yield Sentence(
            "store",
            _("Most of the gifts were handed over at %(store)s: %(count)s."),
            {"count": write.ranked(store)},
            {"store": isolated(store.name)},
        )
    if now.visits >= FEW:
        yield Sentence(
            "visits",
            _("Your links were followed on %(visits)s visits."),
            {"visits": write.count(now.visits, "visits")},
        )


def _advice(write: _Writer) -> Iterator[Sentence]:
    """The most urgent first."""
    week = write.week
    now, month = week.figures, week.month
    if week.linked.visits >= FOLLOWS_TO_TELL and week.linked.orders == 0:
        yield Sentence(
            "follows",
            _(
                "%(visits)s visits by your links led to no order. Look at what the links promise and where"
                " they lead."
            ),
            {"visits": write.count(week.linked.visits, "visits")},
        )
    left = month.opened - month.redeemed_of_sold - month.taken_back_of_sold
    if left >= ENOUGH and month.redeemed_of_sold >= FEW and 2 * left >= month.opened:
        yield Sentence(
            "waiting",
            _(
                "Of the gifts sold in the last four weeks %(opened)s were opened so far and %(redeemed)s"
                " redeemed. Say on the shop what is new this week."
            ),
            {
                "opened": write.count(month.opened, "month"),
                "redeemed": write.count(month.redeemed_of_sold, "month"),
            },
        )
    if week.gap and week.gap.believed != week.gap.said:
        yield Sentence(
            "gap",
            _(
                "You believe that people come for “%(believed)s”; %(count)s of %(n)s said “%(said)s”. Let the"
                " next post speak of that."
            ),
            {
                "count": write.count(week.gap.count, "gap"),
                "n": write.count(week.gap.n, "gap"),
            },
            {"believed": str(week.gap.believed.label), "said": str(week.gap.said.label)},
        )
    if now.redeemed >= ENOUGH and now.baskets == 0:
        yield Sentence(
            "baskets",
            _(
                "Of %(redeemed)s gifts no till told what else was bought. Have the bill typed in, and you"
                " will know what gifts bring."
            ),
            {"redeemed": write.count(now.redeemed, "redeemed")},
        )


def _ahead(rows: Sequence[Ranked]) -> Ranked | None:
    """The first, where it is ahead of the second for a reason."""
    if not rows or rows[0].redeemed < ENOUGH:
        return None
    second = rows[1].redeemed if len(rows) > 1 else 0
    return rows[0] if len(rows) > 1 and clearly_more(rows[0].redeemed, max(second, 0)) else None
