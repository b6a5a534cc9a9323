"""From which gift an order came, and how many stand before it: kept when it is placed, and never changed.

A chain begins with an order that came from no gift, of generation 0. What is given by a recipient of one
of its gifts is of generation 1, and so on. All that is kept are ids of orders and gifts.
"""

from typing import Any

from giftshop.orders.models import Draft, Order

GENERATION_MAX = 32_767
"""What the column takes."""


def of(draft: Draft | None) -> dict[str, Any]:
    """The columns of an order that is placed from this draft. One query where it came from a gift, else none.
    Expects the brand's scope."""
    if draft is None:
        return {}
    columns = {
        "came_by": draft.came_by,
        "counter_store_id": draft.counter_store_id,
        "link_id": draft.link_id,
        "link_campaign_id": draft.link_campaign_id,
    }
    if draft.from_gift_id is None:
        return columns
    before = Order.objects.filter(gifts=draft.from_gift_id)
    found = before.values_list("pk", "chain_id", "generation").first()
    if found is None:
        return columns
    order_id, chain_id, generation = found
    return {
        **columns,
        "from_gift_id": draft.from_gift_id,
        "chain_id": chain_id or order_id,
        "generation": min(generation + 1, GENERATION_MAX),
    }
