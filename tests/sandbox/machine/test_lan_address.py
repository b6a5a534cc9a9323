"""Which address `make demo LAN=...` means, or what to do where there is none."""

import socket

import pytest

from sandbox.machine import lan_address as module
from sandbox.machine.lan_address import LanAddressError, lan_address
from sandbox.machine.ports import PortTakenError, is_free, remembered_port, web_port
from tests.sandbox import namespaces


@pytest.fixture
def machine(monkeypatch):
    """A machine that speaks from one address and has others on its interfaces."""

    def have(source: str, *interfaces: str) -> None:
        own = {source, "127.0.0.1", *interfaces}
        monkeypatch.setattr(
            module,
            "source_towards",
            lambda address: address if address in own else source,
        )
        monkeypatch.setattr(module, "of_interfaces", lambda: ["127.0.0.1", *interfaces])

    return have


@pytest.mark.parametrize("word", [None, "", "0", "no"])
def test_unasked_nobody_else_gets_in(machine, word):
    machine("192.168.1.20")
    assert lan_address(word) is None


@pytest.mark.parametrize(
    ("source", "interfaces", "chosen"),
    [
        ("192.168.1.20", ["172.17.0.1", "192.168.1.20"], "192.168.1.20"),
        ("", ["169.254.7.7"], "169.254.7.7"),
        ("8.8.4.4", ["8.8.4.4", "10.0.0.5"], "10.0.0.5"),
        ("100.64.3.2", [], "100.64.3.2"),
    ],
    ids=["the one of the default route", "no route", "a public one is not meant", "shared"],
)
def test_asked_it_is_the_one_that_this_machine_speaks_from(machine, source, interfaces, chosen):
    machine(source, *interfaces)
    assert lan_address("1") == lan_address("yes") == chosen


def test_without_any_it_is_told_what_to_do(machine):
    machine("8.8.4.4", "8.8.4.4")
    with pytest.raises(LanAddressError, match=r"no address in a local network.*make demo LAN=192"):
        lan_address("1")


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("10.0.0.6", "LAN=10.0.0.6 is no address of this machine."),
        ("8.8.4.4", "LAN=8.8.4.4 is no address of a local network: the demo's passwords are known"),
        ("127.0.0.1", "LAN=127.0.0.1 is no address of a local network"),
        ("fe80::1", "LAN=fe80::1 is no IPv4 address."),
        ("tablet.local", "LAN=tablet.local is no IPv4 address."),
        ("10.0.0.005", "LAN=10.0.0.005 is no IPv4 address."),
    ],
)
def test_one_named_by_hand_must_be_this_machines_and_local(machine, word, told):
    machine("8.8.4.4", "10.0.0.5")
    assert lan_address("10.0.0.5") == "10.0.0.5"
    with pytest.raises(LanAddressError, match=f"{told}.*make demo LAN="):
        lan_address(word)


ASK = """
import sys
from sandbox.machine.lan_address import LanAddressError, lan_address, of_interfaces
print(of_interfaces())
for word in sys.argv[1:]:
    try:
        print(lan_address(word))
    except LanAddressError as error:
        print(error)
"""


@pytest.mark.skipif(bool(namespaces.cannot()), reason=namespaces.cannot())
def test_the_system_tells_them():
    with namespaces.two_machines() as (demo, visitor):
        foreign = [visitor.address, "10.77.7.255", "0.0.0.0", "224.0.0.1"]
        said = demo.run("-c", ASK, "1", demo.address, *foreign).splitlines()
        assert said[:3] == [f"['127.0.0.1', '{demo.address}']", demo.address, demo.address]
        assert len(said[3:]) == len(foreign)
        assert all(" is no address of this machine." in line for line in said[3:])
        # It has no default route.
        assert visitor.run("-c", ASK, "1").splitlines()[1] == visitor.address


def test_a_port_is_to_be_free_at_that_address_too(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.2", 0))
        other.listen()
        port = other.getsockname()[1]
        assert is_free(port)
        assert not is_free(port, "127.0.0.2")
        assert web_port({"PORT": str(port)}) == port
        with pytest.raises(PortTakenError, match=f"Port {port} is taken"):
            web_port({"PORT": str(port)}, "127.0.0.2")
        (tmp_path / "ports").write_text(f"mail_web={port}\n")
        assert remembered_port(tmp_path / "ports", "mail_web") == port
        assert remembered_port(tmp_path / "ports", "mail_web", "127.0.0.2") != port
