from django.apps import AppConfig


class PicturesConfig(AppConfig):
    name = "giftshop.pictures"

    def ready(self) -> None:
        from giftshop.pictures import subscribers  # noqa: F401  - registers itself
