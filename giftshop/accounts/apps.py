from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "giftshop.accounts"

    def ready(self) -> None:
        """Whoever signs in is heard of from the start, also before the first page was asked for."""
        for heard_in in ("session_limits", "browser_sessions"):
            import_module(f"giftshop.accounts.{heard_in}")
