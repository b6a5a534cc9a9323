"""A copy is off the menu, with all that was said of the treat, and changes nothing of it."""

from datetime import date

from django.test import Client
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.studio.catalog.facts import TreatFacts
from redemption.models import AuditEntry

DAY = date(2026, 5, 1)


def kept(brand: Brand, slug: str) -> Treat:
    with scope(brand=brand):
        whole = Treat.objects.prefetch_related("prices", "option_groups__options")
        return whole.select_related("brand").get(slug=slug)


def test_it_has_all_that_the_treat_has_but_its_name(
    brand: Brand, treat: Treat, owner_client: Client
) -> None:
    Brand.objects.update(languages=["de"])
    with scope(brand=brand):
        Treat.objects.update(
            translations={"de": {"name": "Zwei Kugeln", "category": "Eis"}}, on_sale_from=DAY
        )
        treat.option_groups.get().options.filter(key="mint").update(
            translations={"de": {"label": "Minze"}}
        )
    for _press in range(2):
        answer = owner_client.post(f"/studio/frosty-spoon/menu/{treat.slug}/copy/")
        assert answer.url == "/studio/frosty-spoon/menu/double-scoop-copy/"
    page = owner_client.get(answer.url).content.decode()
    assert "It is off the menu until you put it on." in page
    copied, treat = kept(brand, "double-scoop-copy"), kept(brand, treat.slug)
    assert (copied.is_active, treat.is_active) == (False, True)
    said, own = TreatFacts.of(copied, DAY).said(), TreatFacts.of(treat, DAY).said()
    assert said.pop("name") == "Double scoop (copy)"
    assert said["translations"]["de"].pop("name") == "Zwei Kugeln (Kopie)"
    del own["name"], own["translations"]["de"]["name"]
    assert said == own
    with scope(brand=brand):
        assert [entry.act for entry in AuditEntry.objects.all()] == ["treat.added"]


def test_a_name_of_full_length_has_room_for_the_word(
    brand: Brand, treat: Treat, owner_client: Client
) -> None:
    with scope(brand=brand):
        Treat.objects.update(name="x" * 80)
    owner_client.post(f"/studio/frosty-spoon/menu/{treat.slug}/copy/")
    with scope(brand=brand):
        name = Treat.objects.exclude(pk=treat.pk).get().name
    assert len(name) == 80
    assert name.endswith("x (copy)")
