"""Pages that members name, over real connections: names that change, redirects, other spellings, TLS."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from ingest.errors import SourceError
from ingest.fetch import fetch
from ingest.load import load
from ingest.reach import Reach
from ingest.transport import CheckedTransport
from ingest.web import LIMITS, Limits
from tests.ingest.network import PAGE, PUBLIC, Site, knows, serving

NOT_FOUND = (
    "not found on the public web; check the address "
    "(whoever runs Citedesk can allow an internal host by CITEDESK_INTERNAL_HOSTS)"
)


# -- one request


def sent(reach: Reach, url: str, answer: Callable[[httpx.Request], httpx.Response] | None = None) -> httpx.Response:
    """What comes back through the transport, from real servers or else from ``answer``."""

    async def send() -> httpx.Response:
        transport = CheckedTransport(reach, url, httpx.MockTransport(answer) if answer else None)
        async with httpx.AsyncClient(transport=transport, follow_redirects=True) as client:
            return await client.get(url)

    return asyncio.run(send())


def echo(request: httpx.Request) -> httpx.Response:
    told = [str(request.url), request.headers["Host"], request.extensions["sni_hostname"]]
    return httpx.Response(200, json=told)


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("https://news.test/a?b", [f"https://{PUBLIC}/a?b", "news.test", "news.test"]),
        ("http://News.test.:8080/", [f"http://{PUBLIC}:8080/", "news.test.:8080", "news.test"]),
        ("https://six.test:8443/", ["https://[2606:4700::1111]:8443/", "six.test:8443", "six.test"]),
    ],
)
def test_the_address_is_asked_and_the_name_is_kept_in_host_and_tls(url: str, seen: list[str]) -> None:
    response = sent(Reach(resolve=knows(news=[PUBLIC], six=["2606:4700::1111"])), url, echo)
    assert response.json() == seen
    assert response.url == url.lower()


def test_a_name_that_turns_to_this_machine_after_it_was_checked_changes_nothing() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    response = sent(Reach(resolve=lambda _: next(answers)), "http://rebinding.test/", echo)
    assert response.json()[0] == f"http://{PUBLIC}/"
    assert list(answers) == [["127.0.0.1"]]  # it was looked up once


def test_a_name_that_turns_to_this_machine_before_a_redirect_to_itself_is_refused() -> None:
    answers, asked = iter([[PUBLIC], ["127.0.0.1"]]), list[str]()

    def redirect(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"Location": "/again"})

    with pytest.raises(SourceError):
        sent(Reach(resolve=lambda _: next(answers)), "http://rebinding.test/", redirect)
    assert asked == [PUBLIC]


def test_when_an_address_does_not_answer_the_next_one_is_asked() -> None:
    def one_is_down(request: httpx.Request) -> httpx.Response:
        if request.url.host == PUBLIC:
            raise httpx.ConnectError("down")
        return httpx.Response(200, text=request.url.host)

    assert sent(Reach(resolve=knows(news=[PUBLIC, "1.1.1.1"])), "http://news.test/", one_is_down).text == "1.1.1.1"
    with pytest.raises(httpx.ConnectError):
        sent(Reach(resolve=knows(news=[PUBLIC, PUBLIC])), "http://news.test/", one_is_down)


# -- real servers


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def inside(*allowed: str) -> Reach:
    """A reach into a network whose hosts are all on loopback, where these are allowed."""
    return Reach(internal_hosts=frozenset(allowed), resolve=knows(front=["127.0.0.1"], back=["127.0.0.1"]))


def refusal(url: str, reach: Reach, limits: Limits = LIMITS) -> str:
    with pytest.raises(SourceError) as caught:
        fetch(url, reach, limits)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_command_line_reads_what_a_member_may_not(site: Site) -> None:
    url = f"http://127.0.0.1:{site.port}/page"
    assert load(url).data == PAGE
    assert refusal(url, Reach()) == f"{url}: {NOT_FOUND}"
    assert site.asked == [f"127.0.0.1:{site.port}"]


@pytest.mark.parametrize(
    "host",
    [
        *(
            "localhost",
            "LOCALHOST.",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.1",
            "0",
            "127。0。0。1",
            "127.0.0.1.",
        ),
        *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[64:ff9b::7f00:1]"),
    ],
)
def test_this_machine_is_not_reached_however_it_is_spelt(host: str, site: Site) -> None:
    url = f"http://{host}:{site.port}/page"
    assert refusal(url, Reach()).removeprefix(f"{url.lower()}: ") in (NOT_FOUND, "not a valid URL")
    assert site.asked == []


def test_an_allowed_internal_host_is_read_under_its_name(site: Site) -> None:
    url = f"http://front.test:{site.port}/page"
    loaded = fetch(url, inside("front.test"))
    assert (loaded.source, loaded.data, site.asked) == (url, PAGE, [f"front.test:{site.port}"])


def test_an_allowed_host_of_version_six() -> None:
    try:
        with serving("::1") as site:
            url = f"http://[::1]:{site.port}/page"
            loaded = fetch(url, Reach(internal_hosts=frozenset({"::1"})))
            assert (loaded.source, site.asked) == (url, [f"[::1]:{site.port}"])
    except OSError:
        pytest.skip("this machine has no IPv6")


@pytest.mark.parametrize("to", ["http://127.0.0.1:{port}/page", "http://back.test:{port}/page", "//back.test:{port}/"])
def test_a_redirect_does_not_lead_where_the_address_itself_may_not(to: str, site: Site) -> None:
    site.to = to.format(port=site.port)
    url = f"http://front.test:{site.port}/to"
    assert refusal(url, inside("front.test")) == f"{url}: {NOT_FOUND}"
    assert site.asked == [f"front.test:{site.port}"]


def test_a_redirect_between_allowed_hosts_is_followed(site: Site) -> None:
    site.to = f"http://back.test:{site.port}/page"
    assert fetch(f"http://front.test:{site.port}/to", inside("front.test", "back.test")).source == site.to
    assert site.asked == [f"front.test:{site.port}", f"back.test:{site.port}"]


def test_redirects_and_seconds_are_capped_here_too(site: Site) -> None:
    site.to, reach = "/to", inside("front.test")
    url = f"http://front.test:{site.port}"
    assert refusal(f"{url}/to", reach) == f"{url}/to: too many redirects"
    slow = Limits(connect=1, read=0.4, total=0.6)
    assert refusal(f"{url}/slow", reach, slow) == f"{url}/slow: not read within 0.6 seconds"


def test_names_and_passwords_are_refused_and_not_repeated(site: Site) -> None:
    told = refusal(f"http://user:secret@front.test:{site.port}/page", inside("front.test"))
    assert told.endswith(": has a user name or a password in it; give the address without")
    assert "secret" not in told
    site.to = f"http://user:secret@front.test:{site.port}/page"
    told = refusal(f"http://front.test:{site.port}/to", inside("front.test"))
    assert told.endswith(": has a user name or a password in it; give the address without")
    assert len(site.asked) == 1


def test_no_proxy_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{site.port}")
    assert refusal("http://127.0.0.2/page", Reach()) == f"http://127.0.0.2/page: {NOT_FOUND}"
    assert refusal("http://nobody.test/page", inside()) == f"http://nobody.test/page: {NOT_FOUND}"
    assert site.asked == []


# -- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of front.test, with its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "front.pem"
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=front.test"]
    made += ["-addext", "subjectAltName=DNS:front.test", "-keyout", str(path), "-out", str(path.with_suffix(".crt"))]
    subprocess.run(made, check=True, capture_output=True)
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


@pytest.fixture
def secure(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with serving(tls=tls) as site:
        yield site


def test_the_certificate_is_that_of_the_name(secure: Site) -> None:
    assert fetch(f"https://front.test:{secure.port}/page", inside("front.test")).data == PAGE
    assert (secure.asked, secure.named_in_tls) == ([f"front.test:{secure.port}"], ["front.test"])
    assert "no secure connection" in refusal(f"https://back.test:{secure.port}/page", inside("back.test"))


def test_another_name_at_the_same_address_needs_a_certificate_of_its_own(secure: Site) -> None:
    secure.to = f"https://back.test:{secure.port}/page"
    url, reach = f"https://front.test:{secure.port}/to", inside("front.test", "back.test")
    assert "no secure connection" in refusal(url, reach)
    with pytest.raises(httpx.ConnectError, match=r"back\.test"):  # even where the connection could be used again
        sent(reach, url)
    assert secure.asked == [f"front.test:{secure.port}"] * 2
