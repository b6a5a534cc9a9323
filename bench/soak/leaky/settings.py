"""The product's settings, with a database engine whose threads take connections into their graves."""

from giftshop.settings import *  # noqa: F403, TID251
from giftshop.settings import DATABASES  # noqa: TID251

DATABASES["default"]["ENGINE"] = "bench.soak.leaky.postgresql"
DATABASES["default"]["OPTIONS"]["pool"].pop("patience", None)  # of our pool only
