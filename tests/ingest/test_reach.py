"""What who may read public pages only can reach: which addresses, which hosts, which sources."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.load import discover, load
from ingest.reach import Reach, host_name, is_public, is_this_machine
from tests.ingest.network import PUBLIC, knows

# -- addresses


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "223.255.255.1", "2606:4700::1111", "64:ff9b::5db8:d70e"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "0.0.0.0",
            "0.1.2.3",
            "127.0.0.1",
            "127.255.255.254",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.1",
            "192.168.1.1",
        ),
        *("169.254.169.254", "169.254.170.2", "168.63.129.16", "100.64.0.1", "100.100.100.200", "192.0.0.192"),
        *("192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "198.19.255.1", "192.88.99.1"),
        *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%lo", "fec0::1", "fc00::1", "fd00:ec2::254", "fd20:ce::254", "ff02::1"),
        *("100::1", "2001:db8::1", "3fff::1", "5f00::1", "2001:20::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:127.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::1", "2002:a00:1::"),
        *("2001:0:7f00:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_what_counts(inner: IPv4Address) -> None:
    number = int(inner)
    mapped = IPv6Address((0xFFFF << 32) + number)
    nat64 = IPv6Address((0x64FF9B << 96) + number)
    six_to_four = IPv6Address((0x2002 << 112) + (number << 80) + 1)
    assert {is_public(str(each)) for each in (mapped, nat64, six_to_four)} == {is_public(str(inner))}


@given(st.ip_addresses(v=6))
def test_a_public_address_of_six_is_one_that_is_given_out(address: IPv6Address) -> None:
    if is_public(str(address)):
        assert address.is_global or address.sixtofour  # what is inside counts, of which the first 3.11 knew nothing
        assert not address.is_multicast
        assert int(address) >> 125 == 1 or int(address) >> 32 in (0x64FF9B << 64, 0xFFFF)


def test_the_addresses_of_this_machine_are_known() -> None:
    assert is_this_machine("127.0.0.1")
    assert not is_this_machine("192.0.2.1")


# -- hosts


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (" CMS.Newsroom. ", "cms.newsroom"),
        ("Bücher.example", "xn--bcher-kva.example"),
        ("[0:0:0:0:0:0:0:1]", "::1"),
        ("10.0.0.7", "10.0.0.7"),
        ("our_wiki-2", "our_wiki-2"),
    ],
)
def test_hosts_are_compared_in_one_form(given: str, name: str) -> None:
    assert host_name(given) == name


@pytest.mark.parametrize("given", ["", ".", "a b", "http://cms", "cms:80", "cms/x", "*.newsroom", "a..b", "x" * 64])
def test_what_is_no_host(given: str) -> None:
    with pytest.raises(ValueError, match="is neither a host's name nor its address"):
        host_name(given)


def test_one_address_that_is_not_public_is_enough_to_refuse_a_host() -> None:
    reach = Reach(resolve=knows(news=[PUBLIC, "1.1.1.1"], mixed=[PUBLIC, "10.0.0.1"]))
    assert reach.addresses("news.test") == [PUBLIC, "1.1.1.1"]
    assert not reach.addresses("mixed.test")


def test_a_public_address_of_this_machine_is_as_internal_as_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    reach = Reach(resolve=knows(news=[PUBLIC], mine=["1.1.1.1"]))
    monkeypatch.setattr("ingest.reach.is_this_machine", lambda address: address == "1.1.1.1")
    assert reach.addresses("news.test")
    assert not reach.addresses("mine.test")


def test_a_host_that_is_internal_looks_like_one_that_does_not_exist() -> None:
    reach = Reach(resolve=knows(cms=["10.0.0.1"]))
    assert not reach.addresses("cms.test")
    assert not reach.addresses("nobody.test")


def test_an_internal_host_is_reached_by_the_very_name_that_is_allowed() -> None:
    resolve = knows(**{"cms": ["10.0.0.1"], "www.cms": ["10.0.0.1"], "10.0.0.1": ["10.0.0.1"]})
    reach = Reach(internal_hosts=frozenset({"cms.test"}), resolve=resolve)
    assert reach.addresses("CMS.test.") == ["10.0.0.1"]
    assert not reach.addresses("www.cms.test")
    assert not reach.addresses("10.0.0.1")


# -- sources


@pytest.mark.parametrize(
    "source", ["-", ".", "/etc/passwd", "~/x", "file:///etc/passwd", "data:text/plain,x", "ftp://a/b", "http:/etc", ""]
)
def test_only_web_addresses_are_sources(source: str) -> None:
    assert list(discover([source], Reach())) == [source]
    with pytest.raises(SourceError, match="not a web address; give one that begins with https:// or http://"):
        load(source, Reach())
