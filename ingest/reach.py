"""Where a source may come from: anywhere, for who runs Citedesk; from the public web alone, for everyone else."""

import re
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Resolve = Callable[[str], Sequence[str]]
"""A host's addresses, as text, the best first. Blocks; raises `socket.gaierror` when there are none."""

_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")

# Named here because not every Python 3.11 holds them for private: the IANA's special-purpose registries, and
# https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 for the last of the first.
_NOT_PUBLIC_4 = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")))
_NOT_PUBLIC_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
_UNICAST_6 = IPv6Network("2000::/3")  # all that is given out: RFC 4291, section 2.4, and IANA's registry
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052, section 2.1


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet, and so does the IPv4 address that may be inside it.

    Private, loopback, link-local, shared, multicast, reserved and test addresses do not, nor do those at which
    clouds tell a machine its secrets.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        ip = _inner(ip) or ip
    if isinstance(ip, IPv6Address):
        return ip in _UNICAST_6 and ip.is_global and not any(ip in network for network in _NOT_PUBLIC_6)
    special = not ip.is_global or ip.is_multicast or ip.is_reserved
    return not special and not any(ip in network for network in _NOT_PUBLIC_4)


def _inner(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets for a mapped, 6to4 or NAT64 address go to in the end."""
    return ip.ipv4_mapped or ip.sixtofour or (IPv4Address(int(ip) & 0xFFFF_FFFF) if ip in _NAT64 else None)


def is_this_machine(address: str) -> bool:
    """Whether packets for an address never leave this machine, a public address of its own included.

    The system says so by taking the same address to send from. Nothing is sent.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect((address, 80))
        except OSError:  # it cannot be reached at all
            return False
        return bool(asked.getsockname()[0] == address)


def host_name(given: str) -> str:
    """A host in the form in which hosts are compared: lower case, IDNA, no last dot; an address in short.

    Raises:
        ValueError: it is neither a name nor an address.
    """
    bare = given.strip().lower().removeprefix("[").removesuffix("]").removesuffix(".")
    with suppress(ValueError):
        return str(ip_address(bare))
    with suppress(UnicodeError):
        if _NAME.fullmatch(name := bare.encode("idna").decode()):
            return name
    raise ValueError(f"{given!r} is neither a host's name nor its address")


def resolve(host: str) -> list[str]:
    """What the system says that a host's addresses are."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a source may come from: unless said otherwise, from http(s) addresses on the public web alone.

    ``public_only`` is given up for who runs Citedesk, who may name files and anything in the network.
    ``internal_hosts`` may be read although they are not public; each as `host_name` gives it.
    """

    public_only: bool = True
    internal_hosts: frozenset[str] = frozenset()
    resolve: Resolve = resolve

    def addresses(self, host: str) -> Sequence[str]:
        """The addresses to connect to for a host; none if it has none, or one that may not be reached. Blocks.

        Both look the same on purpose: which names an internal network knows is nobody's business outside it.
        """
        named = host_name(host) in self.internal_hosts
        try:
            found = self.resolve(host)
        except socket.gaierror:
            return ()
        return found if named or all(is_public(each) and not is_this_machine(each) for each in found) else ()


ANYWHERE = Reach(public_only=False)
"""What the command line reads: all that its user may."""
