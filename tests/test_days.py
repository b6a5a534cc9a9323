"""A day is a brand's: which one it is there a test asks by tests.cast.today, at whatever hour it runs."""

import re

from tests.server import ROOT

OF_ANOTHER_CALENDAR = re.compile(
    r"timezone\.now\(\)\.date\(\)|timezone\.localdate\(\)|date\.today\(\)"
)


def of_another_calendar(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if OF_ANOTHER_CALENDAR.search(line)]


def test_no_test_takes_its_day_from_the_clock_of_the_machine() -> None:
    """In Seattle it is still yesterday: a campaign that begins "today" has then not begun."""
    assert of_another_calendar("day = timezone.now()" + ".date()")
    found = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "tests").rglob("*.py")
        if (lines := of_another_calendar(path.read_text()))
    }
    assert found == {}
