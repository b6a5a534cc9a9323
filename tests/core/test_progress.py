import io

from core.progress import Bar


class Stream(io.StringIO):
    """As a command's stderr: write() takes an ending."""

    def __init__(self, *, watched: bool) -> None:
        super().__init__()
        self.watched = watched

    def isatty(self) -> bool:
        return self.watched

    def write(self, text: str, ending: str = "\n") -> int:
        return super().write(text + ending)


def test_a_bar_moves_where_somebody_watches() -> None:
    stream = Stream(watched=True)
    bar = Bar(stream, "checks")
    bar.show(0, 4, "sums")
    bar.show(4, 4)
    lines = stream.getvalue().split("\r")
    assert lines[1].startswith("·" * 24 + " 0 of 4 checks sums")
    assert lines[2].startswith("█" * 24 + " 4 of 4 checks")
    assert lines[2].endswith("\n")


def test_it_says_nothing_into_a_file() -> None:
    stream = Stream(watched=False)
    Bar(stream, "checks").show(1, 1)
    assert stream.getvalue() == ""


def test_it_moves_no_faster_than_the_eye() -> None:
    stream = Stream(watched=True)
    bar = Bar(stream, "entries")
    for done in range(1000):
        bar.show(done, 1000)
    assert stream.getvalue().count("\r") < 100


def test_nothing_to_do_is_all_done() -> None:
    stream = Stream(watched=True)
    Bar(stream, "entries").show(0, 0)
    assert "0 of 0" in stream.getvalue()
