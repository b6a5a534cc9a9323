"""A backend whose threads keep what the pool lent them, as giftshop/postgresql once did."""
