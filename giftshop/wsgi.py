"""The entry point of a WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from giftshop.http.content_types import read_as_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftshop.settings")

application = read_as_utf8(get_wsgi_application())

# What was loaded stays for good: the collector need not look through it again, nor after every request.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
