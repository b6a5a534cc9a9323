"""The control of the soak: the product with a leak that it once had."""
