"""What all commands share: the Typer app, exit statuses, options, the settings."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.streams import out
from ingest.errors import CitedeskError

if TYPE_CHECKING:
    from bot.settings import Settings

DONE, FAILED, UNSAID, STOPPED = 0, 1, 3, 130
"""Exit statuses, beside 2 for wrong usage: ``UNSAID`` is that the articles do not say."""

app = typer.Typer(
    help="Answers questions about news articles, with a proven quote for every sentence.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def one_desk(name: str | None) -> str | None:
    """A name of a desk that may be one, as Typer calls it."""
    from ingest.store import check_desk

    try:
        return None if name is None else check_desk(name)
    except CitedeskError as error:
        raise typer.BadParameter(str(error)) from None


def _desks(names: list[str] | None) -> list[str]:
    for name in names or ():
        one_desk(name)
    return list(dict.fromkeys(names or ()))


def _version(asked: bool) -> None:
    if asked:
        from importlib import metadata

        out(f"citedesk {metadata.version('citedesk')}")
        raise typer.Exit


Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
OneDesk = Annotated[str | None, typer.Option("--desk", metavar="NAME", callback=one_desk, help="Only this desk.")]
ManyDesks = Annotated[
    list[str] | None,
    typer.Option("--desk", metavar="NAME", callback=_desks, help="A desk to ask; may be repeated. [default: default]"),
]
Id = Annotated[str, typer.Argument(metavar="ID", help="An article's id, or the first four or more characters of it.")]


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def read_settings() -> "Settings":
    """The settings of this run.

    Raises:
        SettingsError: with the name of the variable that is wrong.
    """
    from bot.settings import Settings

    return Settings.read()
