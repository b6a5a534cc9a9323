from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "giftshop.accounts"

    def ready(self) -> None:
        """Whoever signs in is heard of from the start, also before the first page was asked for."""
        import_module("giftshop.accounts.session_limits")
