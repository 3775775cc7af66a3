"""What is set up, what is missing, and the line to type that mends it."""

import os
import platform
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ingest.errors import CitedeskError, SettingsError
from ingest.metadata import without_user

if TYPE_CHECKING:
    from bot.settings import Settings

Status = Literal["ok", "missing", "wrong"]
PATIENCE = 3.0
"""Seconds to wait for a process that has the store."""

SHOWN = ("chromadb", "langchain", "onnxruntime", "discord.py")


@dataclass(frozen=True, slots=True)
class Check:
    """What was found. ``needed`` says whether asking fails without it, ``mend`` what to type or to do."""

    name: str
    status: Status
    detail: str
    mend: str | None = None
    needed: bool = True

    @property
    def stops(self) -> bool:
        return self.needed and self.status != "ok"

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "status": self.status, "detail": self.detail, "mend": self.mend}


def examine() -> Iterator[Check]:
    """Every check, each as it is done. Nothing is created, and nothing reaches out but to a server that is set."""
    from bot.settings import Settings

    yield Check("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield packages()
    try:
        settings = Settings.read()
    except SettingsError as error:
        yield Check("settings", "wrong", str(error), "correct it in .env or in the environment")
        return
    yield Check("settings", "ok", f"read from the environment{' and .env' if Path('.env').is_file() else ''}")
    yield folder(settings.home)
    yield from store(settings)
    yield embeddings(settings)
    yield model(settings)
    yield token(settings)


def lines(check: Check) -> Iterator[str]:
    """A check as it is read: the finding, and beneath it the way to mend it."""
    yield f"{check.status:8} {check.name:12} {check.detail}"
    if check.mend:
        yield f"{'':8} {'':12} -> {check.mend}"


def packages() -> Check:
    """Whether everything that Citedesk requires is installed."""
    try:
        required = metadata.requires("citedesk") or []
    except metadata.PackageNotFoundError:
        return Check("packages", "missing", "citedesk itself is not installed", "pip install -e .", needed=False)
    names = [name[0] for line in required if "extra ==" not in line and (name := re.match(r"[\w.-]+", line))]
    missing = [name for name in names if _version(name) is None]
    if missing:
        return Check("packages", "missing", ", ".join(missing), f"pip install {' '.join(missing)}")
    shown = ", ".join(f"{name} {_version(name)}" for name in ("citedesk", *SHOWN))
    return Check("packages", "ok", f"{shown} and {len(names) - len(SHOWN)} more")


def folder(home: Path) -> Check:
    """Whether the data folder can be written, or made."""
    nearest = next(path for path in (home, *home.parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Check("data folder", "wrong", f"{home} cannot be written", "set CITEDESK_HOME to a folder of your own")
    free = f"{_size(shutil.disk_usage(nearest).free)} free"
    if nearest != home:
        return Check("data folder", "ok", f"{home}, made by the first ingest, {free}")
    used = sum(path.lstat().st_size for path in home.rglob("*"))
    return Check("data folder", "ok", f"{home}, {_size(used)} used, {free}")


def store(settings: "Settings") -> Iterator[Check]:
    """Whether the store opens, and what is in it. An embedded one that is not there yet is not made."""
    where = without_user(settings.chroma_url) or "embedded"
    if not settings.chroma_url and not (settings.home / "chroma").exists():
        yield Check("store", "ok", f"{where}, made by the first ingest")
        yield _articles(0, 0, [])
        return
    from ingest.connect import open_store

    try:
        with open_store(settings, PATIENCE) as opened:
            found = opened.articles()
            desks = sorted({article.desk for article in found})
            for desk in desks:
                opened.fetch(desk, [])  # a desk of another embedding model says so when it is searched
    except CitedeskError as error:
        yield Check("store", "wrong", str(error))
        return
    yield Check("store", "ok", f"{where}, opens")
    yield _articles(len(found), sum(article.passages for article in found), desks)


def _articles(count: int, passages: int, desks: list[str]) -> Check:
    if not count:
        return Check("articles", "missing", "none yet", "citedesk ingest SOURCE", needed=False)
    return Check("articles", "ok", f"{count}, in {passages} passages; desks: {', '.join(desks)}")


def embeddings(settings: "Settings") -> Check:
    """Whether the embedding model loads; the packaged weights are hashed anew."""
    from ingest.embed import DEFAULT_MODEL, load_embedder

    try:
        embedder = load_embedder(settings.embeddings)
    except CitedeskError as error:
        return Check("embeddings", "wrong", str(error))
    except ImportError as error:
        return Check("embeddings", "missing", f"{settings.embeddings} needs {error.name}", f"pip install {error.name}")
    weights = ", weights as published" if settings.embeddings == DEFAULT_MODEL else ""
    return Check("embeddings", "ok", f"{settings.embeddings}, {embedder.dimension} dimensions{weights}")


def model(settings: "Settings") -> Check:
    """Whether the model that is set has its package and its key, whose value is never shown; nothing is sent to it."""
    from bot.settings import QUOTE

    if settings.model == QUOTE:
        return Check("model", "ok", "quote: the articles' own sentences, no language model")
    from bot.model import MissingError, prepare

    try:
        prepare(settings)
    except MissingError as error:
        return Check("model", "missing", f"{settings.model}: {error.detail}", error.mend)
    where = f" at {without_user(settings.model_base_url)}" if settings.model_base_url else ""
    return Check("model", "ok", f"{settings.model}{where}, installed and ready; it has not been asked")


def token(settings: "Settings") -> Check:
    """Whether the bot has its token, whose value is never shown."""
    if settings.discord_token.get_secret_value():
        return Check("discord", "ok", "DISCORD_TOKEN is set", needed=False)
    mend = "set DISCORD_TOKEN in .env, from https://discord.com/developers/applications"
    return Check("discord", "missing", "DISCORD_TOKEN is not set; only the bot needs it", mend, needed=False)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
