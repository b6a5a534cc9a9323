"""Which PINs are too easy to guess, whoever picks them."""

LENGTH_MIN, LENGTH_MAX = 4, 8
_UP = "01234567890"
_DOWN = _UP[::-1]


def is_weak(pin: str) -> bool:
    """One digit again and again, a pair again and again, or a row up or down: 1111, 1212, 4321."""
    return (
        len(set(pin)) == 1
        or (len(pin) % 2 == 0 and pin == pin[:2] * (len(pin) // 2))
        or pin in _UP
        or pin in _DOWN
    )
