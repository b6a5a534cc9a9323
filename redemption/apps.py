from django.apps import AppConfig


class RedemptionConfig(AppConfig):
    name = "redemption"

    def ready(self) -> None:
        from redemption.form_errors import use_plain_words

        use_plain_words()
        from redemption.api import schema  # noqa: F401  registers itself with drf-spectacular
