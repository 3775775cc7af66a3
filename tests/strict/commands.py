"""What Discord allows in the commands that an application registers."""

import re
from collections import Counter
from collections.abc import Iterator

from tests.strict.faults import Fault, Payload, choice, size

CHAT, ON_USER, ON_MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, NUMBER, ATTACHMENT = 1, 2, 3, 4, 10, 11
MOST = {CHAT: 100, ON_USER: 5, ON_MESSAGE: 5}
"""How many of a kind: of the menus, as many as discord.py 2.7 lets a bot have."""
ALL_TEXT = 8_000

NAME = re.compile(r"[-_'\w]{1,32}")


def sync_faults(commands: list[Payload]) -> Iterator[Fault]:
    """Faults of the commands that are to replace all there are. Paths begin with the number of the command."""
    kinds = Counter(command.get("type", CHAT) for command in commands)
    for kind, count in kinds.items():
        most = MOST.get(kind, 0)
        if count > most:
            yield Fault((), "APPLICATION_COMMAND_TOO_MANY", f"There can be {most} commands of type {kind}.")
    names = Counter((command.get("type", CHAT), command.get("name")) for command in commands)
    for n, command in enumerate(commands):
        if names[command.get("type", CHAT), command.get("name")] > 1:
            said = "Application command names must be unique"
            yield Fault((n, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", said)
        yield from command_faults(command, n)


def command_faults(command: Payload, *at: str | int) -> Iterator[Fault]:
    """Faults of one command."""
    if command.get("type", CHAT) != CHAT:
        yield from size(command.get("name"), 1, 32, *at, "name")
        if command.get("description"):
            yield Fault((*at, "description"), "APPLICATION_COMMAND_MENU_DESCRIPTION", "A menu has no description")
        return
    yield from _named(command, *at)
    yield from _option_faults(command.get("options") or [], *at)
    if text_length(command) > ALL_TEXT:
        said = f"Command exceeds maximum size ({ALL_TEXT})"
        yield Fault(at, "APPLICATION_COMMAND_TOO_LARGE", said)


def text_length(command: Payload) -> int:
    """The characters of a command that count towards its limit: names, descriptions, values, all the way down."""
    own = sum(len(str(command.get(part) or "")) for part in ("name", "description", "value"))
    inside = [*(command.get("options") or []), *(command.get("choices") or [])]
    return own + sum(map(text_length, inside))


def _named(thing: Payload, *at: str | int) -> Iterator[Fault]:
    name = str(thing.get("name") or "")
    if not NAME.fullmatch(name) or name != name.lower():
        said = "Command name is invalid: 1 to 32 letters, digits, - or _, in lower case"
        yield Fault((*at, "name"), "APPLICATION_COMMAND_INVALID_NAME", said)
    yield from size(thing.get("description"), 1, 100, *at, "description")


def _option_faults(options: list[Payload], *at: str | int) -> Iterator[Fault]:
    yield from size(options, 0, 25, *at, "options")
    names = Counter(option.get("name") for option in options)
    optional = False
    for n, option in enumerate(options):
        here = (*at, "options", n)
        yield from choice(option.get("type"), range(1, 12), *here, "type")
        yield from _named(option, *here)
        if names[option.get("name")] > 1:
            yield Fault((*here, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", "Option names must be unique")
        if option.get("type") in (SUBCOMMAND, GROUP):
            yield from _option_faults(option.get("options") or [], *here)
            continue
        if option.get("required") and optional:
            said = "Required options must be placed before non-required options"
            yield Fault(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", said)
        optional = optional or not option.get("required")
        yield from _choice_faults(option, *here)


def _choice_faults(option: Payload, *at: str | int) -> Iterator[Fault]:
    choices = option.get("choices") or []
    yield from size(choices, 0, 25, *at, "choices")
    for n, each in enumerate(choices):
        yield from size(each.get("name"), 1, 100, *at, "choices", n, "name")
        if isinstance(each.get("value"), str):
            yield from size(each["value"], 1, 100, *at, "choices", n, "value")
    if choices and option.get("autocomplete"):
        said = "An option has choices or an autocomplete, not both"
        yield Fault((*at, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", said)
