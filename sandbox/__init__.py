"""What a fresh machine lacks: PostgreSQL, Valkey, a Stripe double and a mail tray.

    python -m sandbox run -- COMMAND ...     throwaway services for one command, for tests;
                                             run --durable -- for benches: they wait for the disk
    python -m sandbox demo [--reset]         the whole product, with data that stays

For development, demos and tests only. The servers let every local user in who can reach their
socket or port, without a password. Everything listens on a unix socket or on 127.0.0.1.

The sandbox knows the product only by its commands (`manage.py`, `celery`, `granian`) and by the
names of its settings; it imports none of it, and the product imports nothing from here.
"""
