"""After a change of these texts or their translations: write the proxy's own pages anew."""

from typing import Any

from django.core.management.base import BaseCommand

from giftshop.http.proxy_pages import rendered


class Command(BaseCommand):
    help = "Write the pages that the proxy shows when it cannot ask the product (deploy/pages)."

    def handle(self, *args: Any, **options: Any) -> None:
        for path, html in rendered().items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(html, encoding="utf-8")
