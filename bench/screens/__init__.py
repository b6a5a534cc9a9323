"""A picture of every screen, and what differs between two sets of them.

    make screens NAME=before                   this checkout, into .local/screens/before/
    make screens NAME=old CHECKOUT=../older    another one, with its own .venv
    make screens-compare BEFORE=before AFTER=after

A copy of the checkout opens its own demo on services of its own. All its clocks begin at the same
moment, and its history is drawn by seeded dice, so that the same code gives the same pictures; what is
new each time (codes, tokens, the minutes of the run) is painted over. The product is only asked by HTTP,
so that the tool also photographs a version from before it was written.
"""
