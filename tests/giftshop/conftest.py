"""What the shop's tests in a browser stand on."""

from tests.browsers import camera, site

__all__ = ["camera", "site"]
