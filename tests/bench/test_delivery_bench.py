"""The bench's mail server keeps what it is sent, byte for byte."""

import smtplib
import subprocess
import sys
from pathlib import Path

from bench.delivery.sink import mails_in
from sandbox.places import CHECKOUT


def test_the_sink_keeps_each_mail_as_it_came(tmp_path: Path) -> None:
    kept = tmp_path / "mails"
    command = [sys.executable, "-m", "bench.delivery.sink", str(kept)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            port = int(process.stdout.readline().split()[1])
            sent = [
                b"Subject: a\r\n\r\n.dot\r\n..\r\n" + b"x" * 100_000 + b"\r\n",
                b"Subject: b\r\n\r\n\r\n",
            ]
            with smtplib.SMTP("127.0.0.1", port) as connection:
                for mail in sent:
                    connection.sendmail("a@b.example", ["c@d.example"], mail)
        finally:
            process.terminate()
    taken = [mail.replace(b"\r\n.", b"\r\n") for mail in mails_in(kept)]
    assert taken == sent
