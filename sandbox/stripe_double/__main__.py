"""``python -m sandbox.stripe_double --port 0 --webhook-url URL --webhook-secret whsec_…``"""

from __future__ import annotations

import argparse
from pathlib import Path

from sandbox import doubles
from sandbox.stripe_double.double import StripeDouble


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="stripe_double", description="A double of Stripe on 127.0.0.1."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--webhook-url", help="where events go")
    parser.add_argument("--webhook-secret", default="whsec_double")
    parser.add_argument("--state", type=Path, help="keep everything in this SQLite file")
    parser.add_argument(
        "--api-key", help="the only key let in (default: any sk_test_ or rk_test_ key)"
    )
    parser.add_argument("--merchant", default="Sandbox shop", help="the name on the payment page")
    parser.add_argument(
        "--public-url", help="where browsers reach the payment page, if not where it listens"
    )
    parser.add_argument(
        "--webhook-retry", type=float, default=0.5, help="seconds before the first retry"
    )
    parser.add_argument("--webhook-attempts", type=int, default=12)
    parser.add_argument("--webhook-workers", type=int, default=1, help="1 keeps events in order")
    doubles.run(StripeDouble(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
