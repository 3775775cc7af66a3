"""Every limit of Discord's: what is just within it passes, what is just over it is refused, and where."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.strict.commands import sync_faults
from tests.strict.components import component_faults, modal_faults
from tests.strict.faults import Fault, RefusedError, check
from tests.strict.limits import COMPONENTS_V2, message_faults, suggestion_faults, thread_faults
from tests.strict.reach import pings, previews

BARE: dict[str, Any] = {"content": "", "embeds": [], "components": [], "attachments": [], "flags": 0}


def places(faults: Iterable[Fault]) -> list[str]:
    return [".".join(map(str, fault.path)) for fault in faults]


def button(n: int = 0, **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Good", "custom_id": f"b{n}"} | more


def row(*inside: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(inside)}


def select(options: int, **more: Any) -> dict[str, Any]:
    each = [{"label": "x", "value": str(n)} for n in range(options)]
    return {"type": 3, "custom_id": "s", "options": each} | more


def text(length: int) -> dict[str, Any]:
    return {"type": 10, "content": "x" * length}


def link(length: int) -> dict[str, Any]:
    return {"type": 2, "style": 5, "label": "Open", "url": "https://a.test/".ljust(length, "x")}


def fields(count: int, name: int = 1, value: int = 1) -> dict[str, Any]:
    return {"fields": [{"name": "n" * name, "value": "v" * value}] * count}


EMBEDS = [
    ({"title": "x" * 256}, {"title": "x" * 257}, "embeds.0.title"),
    ({"description": "x" * 4096}, {"description": "x" * 4097}, "embeds.0.description"),
    (fields(25), fields(26), "embeds.0.fields"),
    (fields(1, name=256), fields(1, name=257), "embeds.0.fields.0.name"),
    (fields(1, value=1024), fields(1, value=1025), "embeds.0.fields.0.value"),
    (fields(1), fields(1, value=0), "embeds.0.fields.0.value"),
    ({"footer": {"text": "x" * 2048}}, {"footer": {"text": "x" * 2049}}, "embeds.0.footer.text"),
    ({"author": {"name": "x" * 256}}, {"author": {"name": "x" * 257}}, "embeds.0.author.name"),
    ({"title": "x", "url": "https://a.test"}, {"title": "x", "url": "javascript:1"}, "embeds.0.url"),
]
MESSAGES = [
    ({"content": "\N{NEWSPAPER}" * 2000}, {"content": "x" * 2001}, "content"),
    ({"embeds": [{"title": "x"}] * 10}, {"embeds": [{"title": "x"}] * 11}, "embeds"),
    ({"embeds": [{"description": "x" * 3000}] * 2}, {"embeds": [{"description": "x" * 3001}] * 2}, "embeds"),
    *(({"embeds": [within]}, {"embeds": [over]}, place) for within, over, place in EMBEDS),
]
COMPONENTS = [
    ([row(button(n)) for n in range(5)], [row(button(n)) for n in range(6)], "components"),
    ([row(*map(button, range(5)))], [row(*map(button, range(6)))], "components.0.components"),
    ([row(select(25))], [row(select(26))], "components.0.components.0.options"),
    ([row(select(1))], [row(select(1), button())], "components.0.components"),
    ([row(button(label="x" * 80))], [row(button(label="x" * 81))], "components.0.components.0.label"),
    ([row(button(custom_id="x" * 100))], [row(button(custom_id="x" * 101))], "components.0.components.0.custom_id"),
    ([row(button(1), button(2))], [row(button(1), button(1))], "components.0.components.1.custom_id"),
    ([row(link(512))], [row(link(513))], "components.0.components.0.url"),
    ([row(link(20))], [row(link(20) | {"url": "ftp://a.test"})], "components.0.components.0.url"),
    ([row(button())], [text(1)], "components.0.type"),
]
COMPONENTS_2 = [
    ([text(1)] * 40, [text(1)] * 41, "components"),
    ([text(2000)] * 2, [text(2000), text(2001)], "components"),
    ([{"type": 17, "components": [text(1)] * 39}], [{"type": 17, "components": [text(1)] * 40}], "components"),
    ([text(1), row(button())], [text(1), button()], "components.1.type"),
]


def field(**more: Any) -> dict[str, Any]:
    return {"type": 18, "label": "Why", "component": {"type": 4, "custom_id": "why", "style": 1} | more}


def modal(*inside: dict[str, Any], title: str = "Why?") -> dict[str, Any]:
    return {"title": title, "custom_id": "modal", "components": list(inside)}


FIELDS = [field(custom_id=str(n)) for n in range(6)]
MODALS = [
    (modal(field(), title="x" * 45), modal(field(), title="x" * 46), "data.title"),
    (modal(*FIELDS[:5]), modal(*FIELDS), "data.components"),
    (modal(field()), modal(), "data.components"),
    (modal(field() | {"label": "x" * 45}), modal(field() | {"label": "x" * 46}), "data.components.0.label"),
    (modal(field(value="x" * 4000)), modal(field(value="x" * 4001)), "data.components.0.component.value"),
    (modal(field(max_length=4000)), modal(field(max_length=4001)), "data.components.0.component.max_length"),
]


def command(**more: Any) -> dict[str, Any]:
    return {"name": "ask", "description": "Ask"} | more


def option(n: int, **more: Any) -> dict[str, Any]:
    return {"type": 3, "name": f"o{n}", "description": "x"} | more


def menus(count: int) -> list[dict[str, Any]]:
    return [{"type": 3, "name": f"Ask about {n}"} for n in range(count)]


MANY = [{"name": "x" * 75, "value": f"{n}".ljust(75)} for n in range(25)]
LONG = [option(n, choices=MANY) for n in range(3)]
COMMANDS = [
    ([command(name="x" * 32)], [command(name="x" * 33)], "0.name"),
    ([command()], [command(name="Ask")], "0.name"),
    ([command(description="x" * 100)], [command(description="x" * 101)], "0.description"),
    ([command(description="x")], [command(description="")], "0.description"),
    ([command(options=[*map(option, range(25))])], [command(options=[*map(option, range(26))])], "0.options"),
    (
        [command(options=[option(0, required=True), option(1)])],
        [command(options=[option(0), option(1, required=True)])],
        "0.options.1",
    ),
    ([command(), command(name="b")], [command(name="b"), command(), command()], "1.name"),
    (menus(5), menus(6), ""),
    ([command(options=LONG[:2])], [command(options=LONG)], "0"),
]


@pytest.mark.parametrize(("within", "over", "place"), MESSAGES)
def test_messages(within: dict[str, Any], over: dict[str, Any], place: str) -> None:
    assert places(message_faults(BARE | within)) == []
    assert place in places(message_faults(BARE | over))


@pytest.mark.parametrize(("within", "over", "place"), COMPONENTS)
def test_components(within: list[Any], over: list[Any], place: str) -> None:
    assert places(component_faults(within, v2=False)) == []
    assert place in places(component_faults(over, v2=False))


@pytest.mark.parametrize(("within", "over", "place"), COMPONENTS_2)
def test_components_of_the_second_version(within: list[Any], over: list[Any], place: str) -> None:
    assert places(component_faults(within, v2=True)) == []
    assert place in places(component_faults(over, v2=True))
    both = BARE | {"flags": COMPONENTS_V2, "content": "x", "embeds": [{"title": "x"}], "components": within}
    assert places(message_faults(both)) == ["content", "embeds"]


@pytest.mark.parametrize(("within", "over", "place"), MODALS)
def test_modals(within: dict[str, Any], over: dict[str, Any], place: str) -> None:
    assert places(modal_faults(within)) == []
    assert place in places(modal_faults(over))


@pytest.mark.parametrize(("within", "over", "place"), COMMANDS)
def test_commands(within: list[Any], over: list[Any], place: str) -> None:
    assert places(sync_faults(within)) == []
    assert place in places(sync_faults(over))


def test_threads_and_suggestions() -> None:
    assert places(thread_faults({"name": "x" * 100, "auto_archive_duration": 1440})) == []
    assert places(thread_faults({"name": "", "auto_archive_duration": 30})) == ["name", "auto_archive_duration"]
    each = {"name": "x" * 100, "value": "x" * 100}
    assert places(suggestion_faults([each] * 25)) == []
    assert places(suggestion_faults([each] * 26)) == ["data.choices"]
    assert places(suggestion_faults([{"name": "x" * 101, "value": "x"}])) == ["data.choices.0.name"]


def test_faults_are_given_in_discords_shape() -> None:
    with pytest.raises(RefusedError) as refused:
        check(message_faults(BARE | {"embeds": [{"title": "x" * 257}]}))
    said = {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 256 or fewer in length."}
    assert (refused.value.status, refused.value.code) == (400, 50035)
    assert refused.value.body["errors"] == {"embeds": {"0": {"title": {"_errors": [said]}}}}


@pytest.mark.parametrize(
    ("said", "allowed", "found"),
    [
        ("<@1> <@!2> <@&3> @here", None, {"<@1>", "<@2>", "<@&3>", "@here"}),
        ("<@1> <@2>", {"users": ["2"]}, {"<@2>"}),
        ("<@1> <@&3> @everyone", {"parse": ["roles"]}, {"<@&3>"}),
        ("<@1> @everyone", {"parse": []}, set()),
        ("Hello", None, {"<@9>"}),
        ("Hello", {"parse": [], "replied_user": True}, {"<@9>"}),
    ],
)
def test_who_would_be_pinged(said: str, allowed: dict[str, Any] | None, found: set[str]) -> None:
    replied_to = "9" if said == "Hello" else None
    assert pings(said, allowed, replied_to) == found


def test_which_links_would_unfold() -> None:
    said = "[a](https://a.test/1) [b](<https://b.test>) <https://c.test> `https://d.test` http://e.test"
    assert previews(said) == {"https://a.test/1", "http://e.test"}
