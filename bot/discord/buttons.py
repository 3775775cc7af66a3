"""The buttons beneath an answer. They carry an opaque id only, and work after a restart: all else is looked up."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from re import Match
from typing import TYPE_CHECKING, Any, Literal, Self

import discord
from discord import ui

from bot.answer import Answer
from bot.discord.errors import tell
from bot.discord.place import way_of
from bot.discord.show import QUIET, respond
from bot.render.discord import nearest_pages, passage_pages, source_pages

if TYPE_CHECKING:
    from bot.discord.client import Client

    Interaction = discord.Interaction[Client]

Callback = Callable[[Any, discord.Interaction[Any]], Coroutine[Any, Any, None]]

ID = r"[0-9a-f]{16}"


def beneath(id: str, answer: Answer) -> ui.View:
    """The buttons of an answer: its passages if there are any, and a vote."""
    view = ui.View(timeout=None)
    if answer.citations:
        view.add_item(Passages(id, "Passages" if answer.answered else "Nearest passages"))
    view.add_item(Vote(id, 1))
    view.add_item(Vote(id, -1))
    return view


def told(callback: Callback) -> Callback:
    """A callback whose errors are told to whoever pressed."""

    @wraps(callback)
    async def guarded(self: Any, interaction: discord.Interaction[Any]) -> None:
        try:
            await callback(self, interaction)
        except Exception as error:  # the library would only log it
            await tell(interaction, error)

    return guarded


class Passages(ui.DynamicItem[ui.Button[ui.View]], template=rf"passages:(?P<id>{ID})"):
    """Shows the cited passages to whoever presses it."""

    def __init__(self, id: str, label: str = "Passages") -> None:
        super().__init__(ui.Button(label=label, custom_id=f"passages:{id}"))
        self.answer_id = id

    @classmethod
    async def from_custom_id(cls, _i: discord.Interaction[Any], _item: ui.Item[Any], match: Match[str], /) -> Self:
        return cls(match["id"])

    @told
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        newsroom = interaction.client.newsroom
        answer = (await newsroom.logged(await way_of(interaction), self.answer_id)).answer
        pages = passage_pages if answer.answered else nearest_pages
        shown = await newsroom.answering.use(lambda room: pages(answer, room.store.text))
        await respond(interaction, shown, private=True)


class Vote(ui.DynamicItem[ui.Button[ui.View]], template=rf"vote:(?P<id>{ID}):(?P<value>up|down)"):
    """Takes a vote, one a person; a thumb down asks why."""

    def __init__(self, id: str, value: Literal[1, -1]) -> None:
        way = "up" if value > 0 else "down"
        super().__init__(ui.Button(emoji="👍" if value > 0 else "👎", custom_id=f"vote:{id}:{way}"))
        self.answer_id = id
        self.value: Literal[1, -1] = value

    @classmethod
    async def from_custom_id(cls, _i: discord.Interaction[Any], _item: ui.Item[Any], match: Match[str], /) -> Self:
        return cls(match["id"], 1 if match["value"] == "up" else -1)

    @told
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        newsroom = interaction.client.newsroom
        await newsroom.vote(await way_of(interaction), self.answer_id, self.value)
        if self.value > 0:
            await interaction.response.send_message("Thank you. Your vote counts once.", ephemeral=True)
        else:
            await interaction.response.send_modal(Why(self.answer_id))


class Why(ui.Modal, title="What is wrong with it?"):
    """Asks for the reason of a thumb down, which counts already."""

    reason: ui.TextInput[ui.View] = ui.TextInput(
        label="It helps whoever runs this bot",
        placeholder="A wrong quote, a wrong source, not what was asked, ...",
        style=discord.TextStyle.paragraph,
        max_length=1000,
    )

    def __init__(self, id: str) -> None:
        super().__init__(timeout=900)  # with an id of its own: the first of two who share one would close both
        self.answer_id = id

    @told
    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.client.newsroom.vote(await way_of(interaction), self.answer_id, -1, self.reason.value)
        await interaction.response.send_message("Thank you. That is noted.", ephemeral=True)


class Turn(ui.DynamicItem[ui.Button[ui.View]], template=r"sources:(?P<page>[0-9]{1,6})"):
    """Turns the pages of the list of articles."""

    def __init__(self, page: int, label: str = "", *, disabled: bool = False) -> None:
        super().__init__(ui.Button(label=label or str(page), custom_id=f"sources:{page}", disabled=disabled))
        self.page = page

    @classmethod
    async def from_custom_id(cls, _i: discord.Interaction[Any], _item: ui.Item[Any], match: Match[str], /) -> Self:
        return cls(int(match["page"]))

    @told
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer()
        content, view = await sources_page(interaction, self.page)
        await interaction.edit_original_response(content=content, view=view, allowed_mentions=QUIET)


async def sources_page(interaction: "Interaction", page: int) -> tuple[str, ui.View | None]:
    """A page of the articles that are read here, counted from 0, and the buttons to the others."""
    newsroom = interaction.client.newsroom
    access = await newsroom.access(await way_of(interaction))
    pages = await asyncio.to_thread(source_pages, await newsroom.articles(access.desks))
    page = min(page, len(pages) - 1)
    if len(pages) == 1:
        return pages[0], None
    view = ui.View(timeout=None)
    # The one at the edge leads to where one is: two buttons may not have the same id.
    view.add_item(Turn(page - 1 if page else len(pages), "◀ Newer", disabled=page == 0))
    view.add_item(Turn(page + 1, "Older ▶", disabled=page == len(pages) - 1))
    return pages[page], view
