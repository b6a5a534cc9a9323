"""The product, whose redemptions of one code meet; its guard is on."""

from giftshop.wsgi import application
from redemption.redeem import write
from tests.races.meeting import meeting

write.spend = meeting(write.spend)

__all__ = ["application"]
