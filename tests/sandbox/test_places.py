"""Where state and sockets lie, on friendly and unfriendly machines."""

import os
import shutil
from pathlib import Path

import pytest

from sandbox import places
from sandbox.places import fits_sockets, free_port, make_passage, state_folder
from sandbox.processes.guardian import Guardian
from sandbox.servers.postgres import Postgres
from sandbox.servers.valkey import Valkey


@pytest.fixture
def open_folder():
    folder = places.throwaway_folder()
    yield folder
    shutil.rmtree(folder)


def test_state_lies_in_the_checkout(open_folder: Path):
    assert state_folder(open_folder) == open_folder / ".local"
    assert (open_folder / ".local").stat().st_mode & 0o777 == 0o711


@pytest.mark.skipif(os.getuid() != 0, reason="only root hands the servers to another user")
def test_a_checkout_closed_to_the_servers_user_keeps_its_state_elsewhere(open_folder: Path):
    open_folder.chmod(0o700)
    elsewhere = state_folder(open_folder)
    try:
        assert open_folder not in elsewhere.parents
        assert elsewhere == state_folder(open_folder), "found again at the next start"
        assert elsewhere.stat().st_uid == 0
    finally:
        elsewhere.rmdir()


def test_a_folder_of_somebody_else_is_refused(open_folder: Path):
    (open_folder / "trap").symlink_to(open_folder.parent)
    with pytest.raises(PermissionError, match="somebody else"):
        make_passage(open_folder / "trap")


def test_a_long_or_odd_path_takes_no_socket():
    assert fits_sockets(Path("/srv/giftshop/.local/run"))
    assert not fits_sockets(Path("/srv") / ("d" * 90))
    assert not fits_sockets(Path("/srv/my shop/.local/run"))


def test_without_room_for_sockets_the_servers_take_free_ports(open_folder: Path):
    nowhere = open_folder / ("d" * 110)
    guardian = Guardian()
    postgres = Postgres(
        open_folder, sockets=nowhere, logs=open_folder, copies=open_folder, durable=False
    )
    valkey = Valkey(
        open_folder, sockets=nowhere, logs=open_folder, copies=open_folder, durable=False
    )
    try:
        postgres.start(guardian)
        valkey.start(guardian)
        assert postgres.url == f"postgresql://giftshop@127.0.0.1:{postgres.port}/giftshop"
        assert valkey.url == f"redis://127.0.0.1:{valkey.port}/0"
        assert 5432 != postgres.port != valkey.port
    finally:
        valkey.stop()
        postgres.stop()
        guardian.dismiss()


def test_a_free_port_is_free():
    assert free_port() != free_port()
