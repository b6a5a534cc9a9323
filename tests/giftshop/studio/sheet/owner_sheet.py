"""A sheet that an owner sends, and what the pages say of it."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Price

SHEET = "/studio/frosty-spoon/menu/sheet/"
UPLOAD = "/uploads/frosty-spoon/sheet/menu/"
IMPORT = f"{SHEET}import/"
CHOICES = (
    "Name,On the menu,Size,Price,Contains,Stores,Choice 1,Choice 1: one on each line,ID,Size ID"
)
PLACES = "ID,Name,Place,Size,Price"
FIRST = "ID,Name,On the menu,Size,Price,Size ID"


def send(client: Client, text: "str | bytes") -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("../../menu.exe", content, "image/png")  # counts for nothing
    return client.post(UPLOAD, {"file": file, "whole": "1"})


def sheet(*rows: str, first: str = FIRST) -> str:
    return "\n".join([first, *rows])


def looked_at(client: Client, *rows: str, first: str = FIRST) -> dict[str, Any]:
    answer = send(client, sheet(*rows, first=first))
    assert answer.status_code == 302, answer.content.decode()
    return dict(client.get(IMPORT).context["told"])


def states(told: dict[str, Any]) -> list[tuple[int, str]]:
    return [(line["row"], line["state"]) for line in told["lines"]]


def faults(told: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(line["row"], *fault) for line in told["lines"] for fault in line["faults"]]


def take_over(client: Client, **more: str) -> Any:
    version = client.get(IMPORT).context["told"]["version"]
    return client.post(IMPORT, {"version": version, **more})


def prices(brand: Brand) -> dict[str, tuple[str, int]]:
    with scope(brand=brand):
        return {price.key: (price.name, price.amount) for price in Price.objects.all()}
