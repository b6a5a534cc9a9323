"""Prove that the audit log is whole."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from core import arguments
from core.progress import Bar
from redemption.audit import verify
from redemption.models import AuditEntry


class Command(BaseCommand):
    help = "Walk every brand's audit log and what it seals. Exits 1 and prints the rows on any difference."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchors",
            type=arguments.path,
            metavar="FILE",
            help="heads kept from earlier runs, outside the database: each must still be there;"
            " the present heads are added when all is whole",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        anchors = read_anchors(options["anchors"])
        with scopes_disabled():
            total = AuditEntry.objects.count()
        bar, done, found = Bar(self.stderr, "entries"), 0, 0
        heads: dict[str, verify.Walk] = {}
        for brand in Brand.objects.order_by("slug"):
            walk = heads[str(brand.pk)] = verify.Walk()

            def tell(_number: int, slug: str = brand.slug) -> None:
                nonlocal done
                done += 1
                bar.show(done, total, slug)

            with scope(brand=brand):
                known = anchors.pop(str(brand.pk), {})
                for difference in verify.differences(brand, anchors=known, walk=walk, tell=tell):
                    self.stderr.write(str(difference))
                    found += 1
        for brand_id in anchors:
            self.stderr.write(f"anchored brand is gone: {brand_id}")
            found += 1
        if found:
            self.stderr.write(f"{found} differences")
            sys.exit(1)
        if options["anchors"]:
            add_anchors(options["anchors"], heads)
        self.stdout.write(f"{done} entries of {len(heads)} brands, no difference")


def read_anchors(path: Path | None) -> dict[str, verify.Anchors]:
    """By brand. A file that is not there yet holds none."""
    anchors: dict[str, verify.Anchors] = defaultdict(dict)
    if path is None:
        return anchors
    with said(path):
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, start=1):
        try:
            anchor = json.loads(line)
            anchors[anchor["brand"]][int(anchor["number"])] = anchor["seal"]
        except (ValueError, KeyError, TypeError):
            raise CommandError(f"Line {number} of {path} is not an anchor.") from None
    return anchors


@contextmanager
def said(path: Path) -> Iterator[None]:
    """What is wrong with the file, in a sentence."""
    try:
        yield
    except OSError as error:
        raise CommandError(f"Cannot use {path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path} holds no anchors: it is no text.") from None


def add_anchors(path: Path, heads: dict[str, verify.Walk]) -> None:
    with said(path), path.open("a", encoding="utf-8") as file:
        for brand_id, head in heads.items():
            if head.number:
                anchor = {"brand": brand_id, "number": head.number, "seal": head.seal.hex()}
                file.write(json.dumps(anchor) + "\n")
