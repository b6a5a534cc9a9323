"""A week in small, against the product as it is deployed.

Senders buy on the real pages and pay at Stripe's double, recipients open what came by mail, tills and a
counter device redeem, a marketer looks. They come in bursts with pauses longer than threads, keep-alives and,
in a long run, pools live. Meanwhile each kind of process is killed once, services go away and come
back, strangers send halves of requests. At the end nothing that was acknowledged may be missing,
nothing may have grown, and everything must answer.

The last line: `soak: minutes=M requests=N errors=E p99_ms=X lost=0 rss_growth=P connections=A/B`.
requests: what the product was asked; errors: 5xx, time-outs and refusals outside of what a fault
excuses; p99_ms: of the same requests; lost: what was acknowledged and is missing; rss_growth: how much
more memory all processes held at rest in the end than after warming up; connections: PostgreSQL's
sessions at rest then and now. Exit status 1 when anything was lost, leaked or did not come back.
"""
