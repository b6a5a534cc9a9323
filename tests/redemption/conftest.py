"""What disagrees is to be shown in full, also where it is compared outside the test's own file."""

import pytest

pytest.register_assert_rewrite("tests.redemption.acts", "tests.redemption.lived_in")
