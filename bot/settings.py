"""Every setting of Citedesk. The fields' descriptions are the comments of ``.env.example``."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from ingest.config import IngestSettings, WebAddress

QUOTE = "quote"
"""The model that is none: answers are quotes."""


def _model(value: str) -> str:
    if value != QUOTE and not re.fullmatch(r"[a-z_]+:.+", value):
        raise ValueError(f"{value!r} is neither {QUOTE} nor provider:model")
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
    database_url: str = Field(
        default="",
        description="Where the bot keeps its records, as a SQLAlchemy URL. Empty: SQLite in the data folder.",
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
