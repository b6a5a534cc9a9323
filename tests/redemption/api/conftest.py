import pytest

from redemption.till.devices import PairedDevice


@pytest.fixture
def paired(till_system: PairedDevice) -> PairedDevice:
    """Who asks here is a program, not a tablet."""
    return till_system
