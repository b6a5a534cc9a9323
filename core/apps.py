from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core.forms.errors import use_plain_words

        use_plain_words()
