"""How fast a till is answered, and what that costs: `make bench-redeem`.

A million valid codes are loaded, the product is started as deployed (granian, two workers of four
threads, every middleware, JSON logs at INFO, a proxy's headers), and distinct codes are redeemed over
keep-alive connections. Two yardsticks run on the same server, the same tables and the same machine, in
turns with the product:

    floor      a bare WSGI app that leaves the same rows behind in one round trip (floor.py, floor.sql)
    idiomatic  Django REST framework and ORM by the book (idiomatic.py)

CPU-ms is CPU time, user and system, spent for one acknowledged redemption by the server's processes
(app) and by all of PostgreSQL's (pg). It hardly depends on what else the machine does, which rates and
waiting times do; `noise` is the share of the machine that others used meanwhile. Every figure is a
median over rounds. The last line is for programs:

    redeem: floor=R idiomatic=R cpu_ms=X p99_ms=X flat=R

    floor      the floor's CPU-ms divided by the product's: the share of the possible. Goal: >= 0.5
    idiomatic  the idiomatic way's CPU-ms divided by the product's: times better. Goal: >= 3
    cpu_ms     the product's CPU-ms, app and PostgreSQL, at 8 connections. Goal: <= 1.2
    p99_ms     99 of 100 answers came within this, product at 8 connections. Goal: <= 15
    flat       the product's CPU-ms with 10 thousand codes in the table divided by that with many: 1 is
               flat. Many is the million, or BENCH_FLAT=10000000. Goal: >= 0.85

CODES, SECONDS (of a turn) and ROUNDS in the environment make it shorter. `--profile` tells instead where
the product's time goes, `--server granian:2x4 --server gunicorn:2x4 ...` compares web servers (workers x
threads). Afterwards the rows of every stack are counted against its acknowledged answers, and
verify_ledger must find no difference.
"""
