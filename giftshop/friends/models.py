"""No table of its own: recipients stand in giftshop.orders, for now under this label."""
