"""A stand-in for the product: it keeps one row for each start, so that a test can count them."""

import os
import signal
import sys

import psycopg

if sys.argv[1] == "seed_demo":
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("create table if not exists starts (pepper text)")
        connection.execute("insert into starts values (%s)", [os.environ["CODE_PEPPERS"]])
        starts, peppers = connection.execute(
            "select count(*), count(distinct pepper) from starts"
        ).fetchone() or (0, 0)
    sys.stdout.write(f"Sign in as ana. Starts: {starts}, peppers: {peppers}.\n")
elif sys.argv[1] == "watch_status":
    signal.pause()
