from django.apps import AppConfig


class RedemptionConfig(AppConfig):
    name = "redemption"

    def ready(self) -> None:
        from redemption.api import schema  # noqa: F401  registers itself with drf-spectacular
