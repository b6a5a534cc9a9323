"""How soon a first visit sees a page, on a slow line and an old phone: `make bench-pages`.

The demo of a copy of this checkout is opened (of another one: ARGS="--checkout ../older"), and Chromium
visits each page with nothing kept from before: 390 by 844 at two pixels to one, 400 kbit/s with 400 ms to
each answer, the processor four times as slow. Each is visited ROUNDS times (5); the medians are printed:

    fcp, lcp    seconds to the first and to the largest contentful paint, and which element that is
    shift       cumulative layout shift: how much of the screen moved, and how far
    requests    what was asked for, style sheets, fonts and pictures included
    kB          what travelled, heads included, as the proxy sends it

The line is Chromium's own emulation. It holds back what arrives, but no name is looked up, no connection
is opened over that line, and an answer's first byte comes sooner than over a real one, which so takes one
to three times 400 ms longer. What counts is the comparison with the page of another version.

The last line is for programs: `pages: home=1.9 who=1.8 wrapped=2.0 ...`, each page's lcp.
"""
