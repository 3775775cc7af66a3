"""Settings of the store and the embedder, from the environment or ``.env``, checked at the start."""

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Self

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ingest.embed import DEFAULT_MODEL
from ingest.errors import SettingsError
from ingest.metadata import is_web, without_user
from ingest.reach import host_name

PREFIX = "CITEDESK_"


def _web_address(value: str) -> str:
    if value and not is_web(value):
        raise ValueError(f"{without_user(value)!r} is not an http(s) address")
    return value.rstrip("/")


WebAddress = Annotated[str, AfterValidator(_web_address)]
"""An http(s) address without a trailing slash, or nothing."""


def _hosts(given: object) -> object:
    return frozenset(host_name(host) for host in given.split(",") if host.strip()) if isinstance(given, str) else given


class IngestSettings(BaseSettings):
    """Where articles are kept and how they are embedded. Each field's description is its documentation."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    home: Annotated[
        Path,
        BeforeValidator(lambda given: given or user_data_path("citedesk")),
        AfterValidator(lambda path: path.expanduser().absolute()),
    ] = Field(
        default_factory=lambda: user_data_path("citedesk"),
        description="The data folder. Empty: the system's own place for such data.",
    )
    embeddings: str = Field(
        default=DEFAULT_MODEL,
        min_length=1,
        description="The embedding model: the packaged one, or a sentence-transformers model by name or folder.",
    )
    chroma_url: WebAddress = Field(
        default="",
        description="A Chroma server to keep the articles in. Empty: Chroma embedded, in the data folder.",
    )
    internal_hosts: Annotated[frozenset[str], NoDecode, BeforeValidator(_hosts)] = Field(
        default=frozenset(),
        description="Internal hosts that members may ingest pages from: names or addresses, separated by commas.",
    )

    @classmethod
    def read(cls) -> Self:
        """The settings in force.

        Raises:
            SettingsError: naming the variable that is wrong or unknown.
        """
        try:
            settings = cls()
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            variable = name if name.isupper() else cls.variable(name)
            raise SettingsError(f"{variable}: {first['msg'].removeprefix('Value error, ')}.") from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f".env cannot be read: {error}.") from None
        cls._refuse_unknown()
        return settings

    @classmethod
    def variable(cls, field: str) -> str:
        """The environment variable that sets a field."""
        alias = cls.model_fields[field].validation_alias
        return str(alias) if alias else PREFIX + field.upper()

    @classmethod
    def _refuse_unknown(cls) -> None:
        known = {cls.variable(field) for field in cls.model_fields}
        given = {*os.environ, *dotenv_values(".env")}
        for name in sorted(given - known):
            if name.upper().startswith(PREFIX) and name.upper() not in known:
                near = get_close_matches(name.upper(), sorted(known), n=1)
                hint = f" Did you mean {near[0]}?" if near else " .env.example lists every setting."
                raise SettingsError(f"{name} is not a setting of Citedesk.{hint}")
