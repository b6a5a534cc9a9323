"""Looking for secrets where none may lie: in every table, in Valkey, in what was written to the logs."""

import base64
from collections.abc import Iterator
from urllib.parse import quote

import redis
from django.conf import settings
from django.db import connection

from redemption.code_format import grouped


def forms_of(secret: str) -> dict[str, bytes]:
    """How a secret may look when somebody kept it by mistake."""
    texts = {"plain": secret, "lower case": secret.lower(), "quoted": quote(secret, safe="")}
    if len(secret) == 17:
        texts |= {"grouped": grouped(secret), "grouped, lower case": grouped(secret).lower()}
        texts["grouped, quoted"] = quote(grouped(secret), safe="").replace("-", "%2D")
    forms = {name: text.encode() for name, text in texts.items()}
    for name, text in list(texts.items()):
        forms[f"{name}, in hex"] = text.encode().hex().encode()
        for shift in range(3):  # where in a longer text it begins decides what base64 makes of it
            whole = base64.b64encode(b"\0" * shift + text.encode())
            forms[f"{name}, in base64 from {shift}"] = whole[4 if shift else 0 : -4]
    return forms


def found(secrets: dict[str, str], places: Iterator[tuple[str, bytes]]) -> list[str]:
    """Which secret lies where, and in which form."""
    return [
        f"{name} ({form}) in {place}"
        for place, text in places
        for name, secret in secrets.items()
        for form, wanted in forms_of(secret).items()
        if wanted in text
    ]


def tables() -> Iterator[tuple[str, bytes]]:
    """Every table as pg_dump would write it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                yield f"table {table}", b"".join(bytes(part) for part in copy)


def valkey() -> Iterator[tuple[str, bytes]]:
    """Every key with its value: queued tasks with their arguments among them."""
    with redis.Redis.from_url(settings.REDIS_URL) as store:
        for key in store.scan_iter():
            kind = store.type(key).decode()
            if kind == "list":
                value = b"\n".join(store.lrange(key, 0, -1))
            elif kind == "hash":
                value = repr(store.hgetall(key)).encode()
            elif kind == "set":
                value = repr(store.smembers(key)).encode()
            elif kind == "zset":
                value = repr(store.zrange(key, 0, -1)).encode()
            else:
                value = store.get(key) or b""
            yield f"Valkey's {key.decode()}", key + b"\n" + value
