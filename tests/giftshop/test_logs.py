"""What is logged is short, and opens nothing."""

import logging

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection
from django.db.transaction import atomic
from django.test import Client

from giftshop.logs import MESSAGE_LENGTH_MAX, scrub, scrub_error

CODE = "7Q4K-9XWM-2HTD-P6VC-R"
TOKEN = "t" * 43
SECRETS = (CODE, f"https://gifts.example.com/gift/{TOKEN}/", "whsec_abcdef", "ana.lee@example.com")


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("at", range(-45, 5, 3))
def test_a_secret_that_the_cut_goes_through_leaves_nothing_of_itself(secret: str, at: int) -> None:
    text = "a word " * 1000
    place = text.rindex(" ", 0, MESSAGE_LENGTH_MAX + at) + 1
    written = scrub(f"{text[:place]}{secret} {text[place:]}")

    assert len(written) < MESSAGE_LENGTH_MAX + 40
    assert written.endswith("more characters]")
    left = secret.removeprefix("https://gifts.example.com/gift/").strip("/")
    assert not any(left[: n + 4] in written for n in range(len(left) - 3))


def test_one_endless_word_is_left_out_whole() -> None:
    assert scrub("x" * 60_000) == " [60000 more characters]"


def test_an_address_that_begins_like_a_code_goes_as_a_whole() -> None:
    assert scrub(f"to {CODE.replace('-', '')}.ana@example.com!") == "to [removed]!"


def test_the_row_that_the_database_refused_is_left_out(db: None) -> None:
    """Its message ends with the whole row: here a stranger's words over several lines."""
    words = "Happy birthday\nBen\n\nfrom Amy of Elm Street"
    with pytest.raises(IntegrityError) as caught, atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE refused (words text, amount int CHECK (amount > 0))")
        cursor.execute("INSERT INTO refused VALUES (%s, 0)", [words])
    assert "Elm Street" in str(caught.value)
    kept = scrub_error(caught.value)
    assert kept.startswith("IntegrityError: new row for relation")
    assert "refused_amount_check" in kept
    assert not any(word in kept for word in ("birthday", "Ben", "Elm"))
    trace = (
        f"{caught.value}\n\nThe above exception was the direct cause of the following exception:\n"
    )
    assert scrub(trace + "the rest").endswith("the rest")


def test_what_is_short_keeps_its_words() -> None:
    assert scrub(f"mail to a-b.c+d@example.com of {CODE}.") == "mail to [removed] of [removed]."


@pytest.mark.django_db
def test_what_a_stranger_is_refused_for_is_one_line_and_no_error(
    client: Client, capfd: pytest.CaptureFixture[str], settings: LazySettings
) -> None:
    handler = logging.getLogger().handlers[0]
    too_many = {f"f{n}": "x" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    record = logging.LogRecord(
        "django.security.TooManyFieldsSent", logging.ERROR, "", 1, "no", (), None
    )
    record.exc_info = (ValueError, ValueError("x"), None)
    assert handler.filter(record)
    assert (record.levelname, record.exc_info) == ("WARNING", None)
    answer = client.post("/accounts/login/", too_many)
    assert answer.status_code == 400
    assert b"<h1" in answer.content
    written = capfd.readouterr().err
    assert "Traceback" not in written
    assert '"level": "error"' not in written


def test_a_form_without_our_token_gets_our_own_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"username": "x"})
    assert answer.status_code == 403
    assert b"site-header" in answer.content or b"giftshop" in answer.content.lower()
    assert b"<style" not in answer.content
