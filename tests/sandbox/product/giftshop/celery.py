import os

from celery import Celery

address = os.environ["REDIS_URL"].removeprefix("unix://").partition("?")[0]
app = Celery("giftshop", broker=f"redis+socket://{address}")
