"""The commands of whoever runs it: ``doctor``, ``log`` and ``discord``."""

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.frame import DONE, FAILED, Json, app, read_settings
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
def log(
    start: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="A day, 2026-03-01, or how long ago: 7d, 12h.")
    ] = None,
    only_stale: Annotated[
        bool, typer.Option("--stale", help="Only answers with a quote that no longer stands in its article.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show what was asked and answered, newest first, and whether it is still so."""
    from bot import past
    from bot.records import open_records
    from bot.stale import current_in, stale
    from ingest.connect import open_store

    try:
        since = past.since(start, datetime.now(UTC)) if start else None
    except past.SinceError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None
    settings = read_settings()
    with ExitStack() as stack:
        records = stack.enter_context(open_records(settings))
        past.take_in(records, settings)
        current_of = current_in(stack.enter_context(open_store(settings))) if only_stale else None
        for logged in records.past(since):
            changed = stale(logged.answer, current_of) if current_of else ()
            if only_stale and not changed:
                continue
            if as_json:
                emit(past.stale_row(logged, changed) if only_stale else past.row(logged))
            else:
                for line in past.lines(logged, changed):
                    out(line)
                out("")


@app.command()
def discord() -> None:
    """Run the Discord bot."""
    from bot import discord as bot

    bot.run()
