"""Every setting of Citedesk. The fields' descriptions are the comments of ``.env.example``."""

import hashlib
import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo
from pydantic_settings import NoDecode

from bot.desks import reserved
from ingest.article import DEFAULT_DESK
from ingest.config import IngestSettings, WebAddress
from ingest.errors import StoreError
from ingest.store import check_desk

QUOTE = "quote"
"""The model that is none: answers are quotes."""


def _model(value: str) -> str:
    if value != QUOTE and not re.fullmatch(r"[a-z_]+:.+", value):
        raise ValueError(f"{value!r} is neither {QUOTE} nor provider:model")
    return value


def _listed(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _number(value: object) -> object:
    return None if value == "" else value


def _shards(ids: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
    count = info.data.get("discord_shard_count") or 0
    for shard in ids:
        if not 0 <= shard < count:
            raise ValueError(f"{shard} is none of the {count} shards that DISCORD_SHARD_COUNT says")
    return ids


def _desks(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        try:
            check_desk(name)
        except StoreError as error:
            raise ValueError(str(error)) from None
        if reserved(name):
            raise ValueError(f"{name!r} is how the desk of a Discord server is called; choose another name")
    return tuple(dict.fromkeys(names))


def _database(value: SecretStr) -> SecretStr:
    if given := value.get_secret_value():
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError

        try:
            url = make_url(given)
        except (ArgumentError, ValueError):
            raise ValueError("this is no URL of a database, such as postgresql://user:password@host/name") from None
        if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
            raise ValueError("this SQLite is in no file, so that nothing would be kept; sqlite:////path names one")
    return value


class Settings(IngestSettings):
    """What the environment or ``.env`` says, on top of where articles are kept."""

    model: Annotated[str, AfterValidator(_model)] = Field(
        default=QUOTE,
        description="Who writes the answers: quote (no model, the articles' own sentences), or provider:model.",
    )
    model_base_url: WebAddress = Field(
        default="",
        description="The address of an OpenAI-compatible server for CITEDESK_MODEL. Empty: the provider's own.",
    )
    cache: int = Field(
        default=0,
        ge=0,
        description="Answers kept in memory, given again while their desks stay as they are. 0: none.",
    )
    database_url: Annotated[SecretStr, AfterValidator(_database)] = Field(
        default=SecretStr(""),
        description="Where the record of questions is kept, as a SQLAlchemy URL. Empty: SQLite in the data folder.",
    )
    shared_desks: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_desks)] = Field(
        default=(DEFAULT_DESK,),
        description="The desks that every Discord server and direct message may read, separated by commas.",
    )
    discord_token: SecretStr = Field(
        default=SecretStr(""),
        validation_alias="DISCORD_TOKEN",
        description="The bot's token, from Discord's developer portal. Only citedesk discord needs it.",
    )
    discord_api_url: WebAddress = Field(
        default="",
        validation_alias="DISCORD_API_URL",
        description="A server that speaks Discord's protocol. Empty: Discord itself.",
    )
    discord_gateway_url: str = Field(
        default="",
        validation_alias="DISCORD_GATEWAY_URL",
        description="The gateway of that server. Empty: what its /gateway answers.",
    )
    discord_direct_messages: bool = Field(
        default=True,
        validation_alias="DISCORD_DIRECT_MESSAGES",
        description="Whether the bot answers direct messages, from the shared desks.",
    )
    discord_user_rate: int = Field(
        default=6,
        ge=0,
        validation_alias="DISCORD_USER_RATE",
        description="Questions that one person may ask within a minute. 0: any number.",
    )
    discord_guild_rate: int = Field(
        default=60,
        ge=0,
        validation_alias="DISCORD_GUILD_RATE",
        description="Questions that one server may ask within a minute. 0: any number.",
    )
    discord_in_flight: int = Field(
        default=256,
        ge=1,
        validation_alias="DISCORD_IN_FLIGHT",
        description="Questions that are answered or wait for it at a time, at most; the next is told to ask later.",
    )
    discord_shard_count: Annotated[int | None, BeforeValidator(_number)] = Field(
        default=None,
        ge=1,
        validation_alias="DISCORD_SHARD_COUNT",
        description="Into how many shards the servers are divided, over all processes. Empty: no shards.",
    )
    discord_shard_ids: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_shards)] = Field(
        default=(),
        validation_alias="DISCORD_SHARD_IDS",
        description="The shards of this process, separated by commas, counted from 0. Empty: all of them.",
    )
    discord_health_port: Annotated[int | None, BeforeValidator(_number)] = Field(
        default=None,
        ge=0,
        le=65535,
        validation_alias="DISCORD_HEALTH_PORT",
        description="A port on 127.0.0.1 that answers /healthz and /metrics while the bot runs. Empty: none.",
    )

    @property
    def shaping(self) -> str:
        """Stands for the settings that shape an answer: an editor sees later whether it would still be the same."""
        shaping = self.model_dump_json(include={"model", "model_base_url", "embeddings"})
        return hashlib.sha256(shaping.encode()).hexdigest()[:16]
