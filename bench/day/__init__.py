"""Measures a campaign day with everything that follows, on this machine.

Three parts, each at a steady rate, against the product as it is deployed: granian with two workers of
four threads, a Celery worker with two processes, beat, PostgreSQL and Valkey that keep what they are told.

    till     gifts are redeemed (RATE a second, default 400) and each becomes a fact with its sums: how
             much CPU time that takes in all (web, worker, beat, PostgreSQL, Valkey), and how long after
             the redemption the dashboard shows it (lag).
    idiom    the same tills, but each message is one Celery task that writes its fact and sums through the
             ORM (idiomatic.py), as the documentation's examples do. `idiomatic` is how many times as
             much CPU time it takes; at the same rate it would only fall behind, so it gets RATE / 40.
    sale     orders of one gift are placed by the product's own functions and paid on the page of the Stripe
             double (ORDERS a second, default 20), whose webhooks come back; codes are issued and mails
             arrive at a mail server of ours; gifts are redeemed besides at RATE / 8.

Seconds of each part: SECONDS (default 120), the idiom's a quarter of that. After each, what is left is
given as long again, a minute at most (PATIENCE seconds, if that is more), to be worked off. What is not
done then is said and the bench fails; `lost` counts what was acknowledged and is neither done nor waiting.
The load generators, the double and the mail server are processes of their own, and their CPU time is told
apart.
"""
