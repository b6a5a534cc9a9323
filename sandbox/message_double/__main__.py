"""``python -m sandbox.message_double --port 0 --inbound-url URL --auth-token TOKEN``"""

from __future__ import annotations

import argparse
from pathlib import Path

from sandbox import doubles
from sandbox.message_double.double import MessageDouble


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="message_double", description="A double of Twilio's messaging on 127.0.0.1."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--inbound-url", default="", help="where answers of phones go")
    parser.add_argument(
        "--public-url", default="", help="how the product calls itself to the world"
    )
    parser.add_argument(
        "--reach-url", default="", help="where its public address is reached from here"
    )
    parser.add_argument("--account-sid", required=True)
    parser.add_argument("--auth-token", required=True)
    parser.add_argument("--state", type=Path, help="keep everything in this file")
    parser.add_argument("--mail-url", default="", help="the mail tray, to stand beside")
    doubles.run(MessageDouble(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
