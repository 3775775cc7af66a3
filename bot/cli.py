"""The command ``citedesk``. What is heavy is imported by the command that needs it: ``--help`` is instant."""

import sys
from contextlib import ExitStack
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.render import safe
from bot.streams import drop_output, emit, note, out, prepare
from ingest.article import DEFAULT_DESK
from ingest.errors import CitedeskError

if TYPE_CHECKING:
    from bot.settings import Settings

DONE, FAILED, UNSAID, STOPPED = 0, 1, 3, 130
"""Exit statuses, beside 2 for wrong usage: ``UNSAID`` is that the articles do not say."""

FULL = (ENOSPC, EDQUOT, EFBIG)
"""What the system says when nothing more can be written."""

app = typer.Typer(
    help="Answers questions about news articles, with a proven quote for every sentence.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit with its status."""
    prepare()
    try:
        try:
            app(arguments, prog_name="citedesk")
        finally:
            sys.stdout.flush()
    except CitedeskError as error:
        note(f"citedesk: {error}")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    except BrokenPipeError:  # whoever read the answers has gone
        drop_output()
        sys.exit(FAILED)
    except OSError as error:
        if error.errno not in FULL:
            raise
        drop_output()
        note(f"citedesk: {error.strerror}: not all could be written. Make room and try again.")
        sys.exit(FAILED)


def _desk(name: str | None) -> str | None:
    from ingest.store import check_desk

    try:
        return None if name is None else check_desk(name)
    except CitedeskError as error:
        raise typer.BadParameter(str(error)) from None


def _desks(names: list[str] | None) -> list[str]:
    for name in names or ():
        _desk(name)
    return list(dict.fromkeys(names or ()))


def _version(asked: bool) -> None:
    if asked:
        from importlib import metadata

        out(f"citedesk {metadata.version('citedesk')}")
        raise typer.Exit


Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
OneDesk = Annotated[str | None, typer.Option("--desk", metavar="NAME", callback=_desk, help="Only this desk.")]
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


@app.command()
def ingest(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE", help="Files, folders, URLs, or - for standard input.")
    ] = None,
    desk: Annotated[
        str, typer.Option("--desk", metavar="NAME", callback=_desk, help="The desk to put the articles on.")
    ] = DEFAULT_DESK,
    sample: Annotated[bool, typer.Option("--sample", help="Ingest the article that ships with Citedesk.")] = False,
    as_json: Json = False,
) -> None:
    """Put articles on a desk."""
    if not sources and not sample:
        raise typer.BadParameter("name a source, or --sample", param_hint="SOURCE")
    from bot.progress import Bar
    from ingest import pipeline
    from ingest.connect import open_store
    from ingest.embed import load_embedder
    from ingest.sample import ARTICLE

    settings = _settings()
    named = [str(ARTICLE)] * sample + (sources or [])
    failed = False
    with open_store(settings) as store, Bar() as bar:
        embedder = load_embedder(settings.embeddings, settings.home)
        for result in pipeline.ingest(named, desk, store, embedder, progress=bar):
            bar.clear()
            failed |= result.status == "failed"
            if as_json:
                emit(result.to_json())
            elif result.article_id is None:
                note(f"citedesk: {result.error}")
            else:
                article = store.find([result.article_id]).get(result.article_id)
                title = article.title if article else result.source
                count = f"{result.passages} {'passage' if result.passages == 1 else 'passages'}"
                out(f"{result.status:9}  {result.article_id}  {safe(title)}  ({count})")
    raise typer.Exit(FAILED if failed else DONE)


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="The question, in quotation marks.")
    ] = None,
    desks: ManyDesks = None,
    batch: Annotated[
        str | None,
        typer.Option(metavar="FILE", help='A question a line, plain or {"question", "desk"}; - is standard input.'),
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask one question, or all of a file.

    Exit status: 0 answered, 1 failed, 2 wrong usage, 3 the articles do not say.
    """
    from bot import asked

    if (question is None) == (batch is None):
        raise typer.BadParameter("give either a question or --batch FILE", param_hint="QUESTION")
    if batch is not None:
        raise typer.Exit(_ask_all(batch, tuple(desks or (DEFAULT_DESK,))))
    try:
        one = asked.ask(question or "", tuple(desks or (DEFAULT_DESK,)))
    except CitedeskError as error:
        raise typer.BadParameter(str(error), param_hint="QUESTION") from None
    from bot.chat import show_json, show_text
    from bot.room import open_room

    with open_room(_settings()) as room:
        answer = (show_json if as_json else show_text)(room.stream(one), room.store.text)
    raise typer.Exit(DONE if answer.answered else UNSAID)


def _ask_all(name: str, desks: tuple[str, ...]) -> int:
    from bot.asked import answer_each
    from bot.room import open_room

    with ExitStack() as stack:
        try:
            stream = sys.stdin.buffer if name == "-" else stack.enter_context(Path(name).open("rb"))
        except OSError as error:
            raise CitedeskError(f"{name}: {error.strerror}.") from None
        room = stack.enter_context(open_room(_settings()))
        sound = answer_each(stream, desks, lambda question: emit(room.answer(question).model_dump(mode="json")))
    return DONE if sound else FAILED


@app.command()
def chat(desks: ManyDesks = None, as_json: Json = False) -> None:
    """Ask in turns, follow-ups understood; /help inside lists what else there is."""
    from bot import chat as talk
    from bot.room import open_room

    settings = _settings()
    conversation = talk.Chat(lambda: open_room(settings), tuple(desks or (DEFAULT_DESK,)))
    if as_json:
        raise typer.Exit(DONE if conversation.pipe(sys.stdin.buffer) else FAILED)
    conversation.greet()
    with talk.lines_of(sys.stdin, settings.home, lambda: conversation.prompt) as lines:
        conversation.converse(lines)


@app.command()
def articles(desk: OneDesk = None, as_json: Json = False) -> None:
    """List the articles, newest first."""
    from bot import shelf
    from ingest.connect import open_store

    with open_store(_settings()) as store:
        found = store.articles(desk)
    if as_json:
        for article in found:
            emit(shelf.row(article))
        return
    for line in shelf.listing(found):
        out(line)
    if not found:
        note(f"There is no article{f' on the desk {desk}' if desk else ''} yet. {shelf.HOW_TO_ADD}")


@app.command()
def show(
    id: Id,
    text: Annotated[bool, typer.Option("--text", help="The text exactly as every offset counts it.")] = False,
    version: Annotated[
        str | None,
        typer.Option(metavar="VERSION", help="With --text: of this version; the start of its name will do."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show an article: what is known of it and its versions, or its text."""
    if version is not None and not text:
        raise typer.BadParameter("goes with --text", param_hint="--version")
    from bot import shelf
    from ingest.connect import open_store

    with open_store(_settings()) as store:
        article = shelf.find(store, id)
        name = shelf.version(article, version)
        words = shelf.text(store, article, name) if text else ""
    if as_json:
        emit(shelf.row(article) | ({"version": name, "characters": len(words), "text": words} if text else {}))
    elif text:
        sys.stdout.flush()
        sys.stdout.buffer.write(words.encode())
    else:
        for line in shelf.details(article):
            out(line)


@app.command()
def remove(id: Id, as_json: Json = False) -> None:
    """Take an article off its desk, with every version of it."""
    from bot import shelf
    from ingest.connect import open_store

    with open_store(_settings()) as store:
        article = shelf.find(store, id)
        store.remove(article)
    if as_json:
        emit(shelf.row(article))
    else:
        out(f"removed  {article.id}  {safe(article.title)}")


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
    from importlib import import_module, util

    if util.find_spec("bot.discord") is None:
        raise CitedeskError("This version of Citedesk has no Discord bot.")
    import_module("bot.discord").run()


def _settings() -> "Settings":
    from bot.settings import Settings

    return Settings.read()


if __name__ == "__main__":
    main()
