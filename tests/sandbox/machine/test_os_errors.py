"""Errors of the operating system end in a sentence that names the path and says what to do."""

import errno
import os
import subprocess
import sys

import pytest

from sandbox.machine.os_errors import REMEDIES, sentence
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
    assert (
        done.stderr == f"sandbox: /proc/version/here: Not a directory; {REMEDIES[errno.ENOTDIR]}.\n"
    )


@pytest.mark.parametrize(
    ("free", "told"), [(3, "Only 3 MiB are free in "), (70, "seed_demo ended")]
)
def test_a_part_that_fails_on_a_full_disk_is_told_with_its_cause(free, told):
    """What its log says of it is a connection that was lost."""
    script = (
        "import shutil, sys; from types import SimpleNamespace\n"
        "from sandbox import demo; from sandbox.processes.children import ChildError\n"
        f"shutil.disk_usage = lambda _: SimpleNamespace(free={free} * 2**20)\n"
        "def fail(*_): raise ChildError('seed_demo ended with status 1.')\n"
        "demo.given_services = fail\n"
        "sys.exit(demo.demo(reset=False, weeks=1))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith(told)
    assert "seed_demo ended with status 1." in done.stderr
