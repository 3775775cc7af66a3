"""The commands of whoever runs it: ``doctor`` and ``discord``."""

import typer

from bot.cli.frame import DONE, FAILED, Json, app
from bot.streams import emit, out


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what is set up, what is missing, and how to mend it."""
    from bot.doctor import examine, lines

    fit = True
    for check in examine():
        fit &= not check.stops
        if as_json:
            emit(check.to_json())
        else:
            for line in lines(check):
                out(line)
    raise typer.Exit(DONE if fit else FAILED)


@app.command()
def discord() -> None:
    """Run the Discord bot."""
    from bot import discord as bot

    bot.run()
