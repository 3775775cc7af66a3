import os
from pathlib import Path

import pytest
from platformdirs import user_data_path

from ingest.config import IngestSettings
from ingest.embed import DEFAULT_MODEL
from ingest.errors import SettingsError


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.upper().startswith("CITEDESK_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def refusal() -> str:
    with pytest.raises(SettingsError) as refused:
        IngestSettings.read()
    return str(refused.value)


def test_without_any_setting_articles_are_kept_in_the_systems_place() -> None:
    read = IngestSettings.read()
    assert (read.home, read.embeddings, read.chroma_url) == (user_data_path("citedesk"), DEFAULT_MODEL, "")


def test_an_empty_home_is_the_systems_place_too_and_not_the_working_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_HOME", "")
    assert IngestSettings.read().home == user_data_path("citedesk")


@pytest.mark.parametrize(
    ("given", "home"), [("~/desk", Path.home() / "desk"), ("here", Path("here")), ("/srv/desk", Path("/srv/desk"))]
)
def test_the_home_is_absolute(given: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_HOME", given)
    assert IngestSettings.read().home == home.absolute()


def test_an_empty_setting_in_the_environment_hides_that_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("CITEDESK_CHROMA_URL=http://db:8000/\n")
    assert IngestSettings.read().chroma_url == "http://db:8000"
    monkeypatch.setenv("CITEDESK_CHROMA_URL", "")
    assert IngestSettings.read().chroma_url == ""


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("CITEDESK_HOEM=/x", "CITEDESK_HOEM is not a setting of Citedesk. Did you mean CITEDESK_HOME?"),
        ("CITEDESK_CHROMA_URL=db", "CITEDESK_CHROMA_URL: 'db' is not an http(s) address."),
        ("CITEDESK_INTERNAL_HOSTS=a,b/c", "CITEDESK_INTERNAL_HOSTS: 'b/c' is neither a host's name nor its address."),
        ("CITEDESK_EMBEDDINGS=", "CITEDESK_EMBEDDINGS: String should have at least 1 character."),
    ],
)
def test_a_wrong_setting_is_named(line: str, message: str) -> None:
    Path(".env").write_text(line)
    assert refusal() == message


def test_internal_hosts_are_names_and_addresses_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    assert IngestSettings.read().internal_hosts == frozenset()
    monkeypatch.setenv("CITEDESK_INTERNAL_HOSTS", "CMS.newsroom., 10.0.0.7,[::1],")
    assert IngestSettings.read().internal_hosts == {"cms.newsroom", "10.0.0.7", "::1"}


def test_a_settings_file_that_is_no_text() -> None:
    Path(".env").write_bytes(b"\xff\xfe")
    assert refusal().startswith(".env cannot be read: ")
