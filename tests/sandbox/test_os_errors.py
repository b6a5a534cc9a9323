"""Errors of the operating system end in a sentence that names the path and says what to do."""

import errno
import os
import subprocess
import sys

import pytest

from sandbox.os_errors import REMEDIES, sentence
from sandbox.places import CHECKOUT


@pytest.mark.parametrize("number", REMEDIES)
def test_the_path_the_reason_and_what_to_do(number):
    told = sentence(OSError(number, os.strerror(number), "/srv/shop/.local"))
    assert told.startswith(f"/srv/shop/.local: {os.strerror(number)}; ")
    assert told.endswith(f"{REMEDIES[number]}.")


def test_an_error_without_remedy_or_path_is_still_a_sentence():
    assert sentence(OSError(errno.EIO, "Input/output error")) == "Input/output error."
    assert sentence(PermissionError("/x belongs to somebody else")) == "/x belongs to somebody else"


def test_a_run_that_the_system_refuses_ends_in_one_sentence(tmp_path):
    """No temporary folder anywhere: a file stands where it would be."""
    script = (
        "import sys, tempfile; from pathlib import Path\n"
        "from sandbox import __main__, run\n"
        "def refused(**_): Path('/proc/version/here').mkdir()\n"
        "run.throwaway_folder = refused\n"
        "sys.exit(__main__.main(['run', '--', 'true']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr == "sandbox: /proc/version/here: Not a directory.\n"
