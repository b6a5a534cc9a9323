"""A reason that was tapped is read in the reader's language; what somebody wrote stays as it is."""

import pytest
from django.utils import translation

from redemption.redeem.reversal_reasons import QuickReason, in_words


@pytest.mark.parametrize("reason", QuickReason)
def test_a_tapped_reason_is_read_in_the_readers_language(reason: QuickReason) -> None:
    english = in_words(reason.value)
    with translation.override("de"):
        assert in_words(reason.value) not in {english, reason.value}


def test_what_somebody_wrote_stays_as_it_is() -> None:
    with translation.override("de"):
        assert in_words("Dropped it") == "Dropped it"
