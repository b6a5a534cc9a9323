"""What phones and tablets of the local network need (`make demo LAN=1`): TLS in front of every page."""

from __future__ import annotations

import hashlib
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

from sandbox.places import CHECKOUT

CADDYFILES = (CHECKOUT / "deploy" / "Caddyfile", Path(__file__).with_name("lan.Caddyfile"))
ANSWER_SECONDS = 2.0


@dataclass(frozen=True)
class Lan:
    """This machine's address, and the ports that the proxy listens on there. `mail`, `stripe` and
    `phones`: None where these are services of the caller's own."""

    address: str
    port: int
    certificate: int
    mail: int | None
    stripe: int | None
    phones: int | None = None

    @property
    def certificate_url(self) -> str:
        """Where the root certificate can be had, unencrypted."""
        return f"http://{self.address}:{self.certificate}/root.crt"

    def caddyfile(self, folder: Path) -> Path:
        """The proxy's file for the local network, written into the folder."""
        file = folder / "lan.Caddyfile"
        file.write_text("".join(part.read_text() for part in CADDYFILES))
        return file

    def placeholders(self, folder: Path) -> dict[str, str]:
        """Those of both files. Caddy makes its certificates in the folder and puts none into the
        system's store. Clients that go to an address name no host: they get that address's."""
        relays = [f"import relay {self.mail} 127.0.0.1"] if self.mail else []
        relays += [f"import relay {self.stripe} {{http.request.hostport}}"] if self.stripe else []
        relays += [f"import relay {self.phones} 127.0.0.1"] if self.phones else []
        options = [f"default_bind {self.address}", f"default_sni {self.address}"]
        return {
            "SITE_ADDRESS": f"https://{self.address}:{self.port}",
            "SITE_OPTIONS": "tls internal",
            "PROXY_OPTIONS": "\n".join(
                ["auto_https disable_redirects", "skip_install_trust", *options]
            ),
            "OTHER_HOSTS": "\n".join(f"import other_hosts {place}" for place in self._listened()),
            "LAN_ADDRESS": self.address,
            "LAN_PORT": str(self.port),
            "LAN_RELAYS": "\n".join(relays),
            "LAN_CERTIFICATE": str(self.certificate),
            "LAN_AUTHORITY": str(root_certificate(folder).parent),
        }

    def _listened(self) -> list[str]:
        """Where the proxy listens in the local network, whatever host is asked for."""
        behind_tls = [port for port in (self.port, self.mail, self.stripe, self.phones) if port]
        return [f"http://:{self.certificate}", *(f"https://:{port}" for port in behind_tls)]

    def answers(self, folder: Path) -> bool:
        """Whether the shop's certificate is there, for this address and by our root."""
        try:
            context = ssl.create_default_context(cafile=str(root_certificate(folder)))
            with (
                socket.create_connection((self.address, self.port), ANSWER_SECONDS) as connection,
                context.wrap_socket(connection, server_hostname=self.address),
            ):
                return True
        except OSError:  # ssl.SSLError is one; and the root may not be written yet
            return False


def root_certificate(folder: Path) -> Path:
    """Where Caddy keeps the certificate that vouches for all others."""
    return folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"


def fingerprint(certificate: Path) -> str:
    """SHA-256, as devices show it before they trust a certificate."""
    der = ssl.PEM_cert_to_DER_cert(certificate.read_text())
    return hashlib.sha256(der).digest().hex(":").upper()
