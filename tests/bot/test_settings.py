import os
import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from ingest.errors import SettingsError

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(("CITEDESK_", "DISCORD_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def default(field: str) -> str:
    """The default as one writes it in a file."""
    match Settings.model_fields[field].default:
        case SecretStr() as secret:
            return secret.get_secret_value()
        case bool() as switch:
            return str(switch).lower()
        case tuple() as several:
            return ",".join(map(str, several))
        case str() | int() as value:
            return str(value)
    return ""


def test_the_example_lists_every_setting_with_its_description_and_its_default() -> None:
    _, *blocks = EXAMPLE.read_text("utf-8").rstrip("\n").split("\n\n")
    assert blocks == [
        f"# {about.description}\n# {Settings.variable(field)}={default(field)}"
        for field, about in Settings.model_fields.items()
    ]


def test_the_example_with_every_line_in_force_is_what_holds_without_it() -> None:
    before = Settings.read()
    lines = EXAMPLE.read_text("utf-8").splitlines()
    Path(".env").write_text("\n".join(line[2:] for line in lines if re.match(r"# [A-Z_]+=", line)), "utf-8")
    assert Settings.read() == before


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("CITEDESK_MODEL=openai:a\nCITEDESK_HOME=~/desk\nOTHER=1\n")
    assert (Settings.read().model, Settings.read().home) == ("openai:a", Path.home() / "desk")
    monkeypatch.setenv("CITEDESK_MODEL", "openai:b")
    assert Settings.read().model == "openai:b"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("CITEDESK_MODLE", "CITEDESK_MODLE is not a setting of Citedesk. Did you mean CITEDESK_MODEL?"),
        (
            "CITEDESK_QQQQQQQQQQQ",
            "CITEDESK_QQQQQQQQQQQ is not a setting of Citedesk. .env.example lists every setting.",
        ),
    ],
)
@pytest.mark.parametrize("in_file", [True, False])
def test_an_unknown_setting_is_refused_by_name(
    name: str, message: str, in_file: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if in_file:
        Path(".env").write_text(f"{name}=1\n")
    else:
        monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsError) as error:
        Settings.read()
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("CITEDESK_CHROMA_URL", "ann:secret@db", "CITEDESK_CHROMA_URL: 'db' is not an http(s) address."),
        ("CITEDESK_CHROMA_URL", "db:8000", "CITEDESK_CHROMA_URL: 'db:8000' is not an http(s) address."),
        ("CITEDESK_MODEL", "gpt", r"CITEDESK_MODEL: 'gpt' is neither quote nor provider:model."),
        ("DISCORD_API_URL", "ftp://x", "DISCORD_API_URL: 'ftp://x' is not an http(s) address."),
        ("DISCORD_SHARD_IDS", "0", "DISCORD_SHARD_IDS: 0 is none of the 0 shards that DISCORD_SHARD_COUNT says."),
        (
            "CITEDESK_SHARED_DESKS",
            "default,g12",
            "CITEDESK_SHARED_DESKS: 'g12' is how the desk of a Discord server is called; choose another name.",
        ),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        Settings.read()
    assert str(error.value) == message


def test_a_file_that_is_no_text_is_refused() -> None:
    Path(".env").write_bytes(b"CITEDESK_MODEL=\xff\n")
    with pytest.raises(SettingsError, match=r"^\.env cannot be read: "):
        Settings.read()


def test_the_token_is_not_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "s3cret")
    assert Settings.read().discord_token.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(Settings.read())
