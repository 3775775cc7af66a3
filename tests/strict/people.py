"""What people do in the strict Discord: type, mention, reply, press, choose, fill in; and what they then see."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.strict import posting
from tests.strict.asking import context, fill, interaction_json
from tests.strict.commands import ATTACHMENT, CHAT, GROUP, ON_MESSAGE, SUBCOMMAND
from tests.strict.components import walk
from tests.strict.faults import Payload
from tests.strict.interactions import Asked, Interaction, Interactions
from tests.strict.payloads import channel_json, message_json
from tests.strict.reach import pings
from tests.strict.rest import Rest
from tests.strict.things import (
    REPLY,
    Channel,
    ChannelKind,
    Guild,
    Message,
    Permission,
    User,
    label,
    permissions,
)
from tests.strict.world import File, World


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody attaches; ``size`` where Discord is to claim another than it has."""

    name: str
    data: bytes
    kind: str = "text/plain"
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody has said, and what the bot says to it."""

    world: World
    message: Message

    async def answer(self, where: Callable[[Message], bool] = lambda _: True, within: float = 5.0) -> Message:
        """Wait for what the bot says after it, in the same place or in the thread that it opened on it."""

        def seen() -> Message | None:
            places = [self.message.channel, *([self.message.thread] if self.message.thread else [])]
            said = [each for place in places for each in self.world.from_bot(place, after=self.message.id)]
            return next((each for each in said if where(each)), None)

        return await self.world.until(seen, f"an answer to {self.message.content!r}", within)

    async def thread(self, within: float = 5.0) -> Channel:
        """Wait for the thread that the bot opens on it."""
        return await self.world.until(lambda: self.message.thread, f"a thread on {self.message.content!r}", within)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses the bot; ``home`` is the guild where they do, if any.

    What they do waits until the bot is there. Where no channel is named it is the first of the home, or for a person
    without one a private group, where only the bot that they installed for themselves is at hand.
    """

    world: World
    rest: Rest
    interactions: Interactions
    hand_over: Callable[[Payload], None]
    bot_is_there: Callable[[], bool]
    user: User
    home: Guild | None

    # -- commands

    async def slash(
        self, command: str, options: dict[str, Any] | None = None, *, channel: Channel | None = None, own: bool = False
    ) -> Interaction:
        """Use a command, with its subcommand if it has one (``"desk use"``); ``own``: by the person's own installation.

        It is sent even where Discord would not offer it: the bot has to check for itself.
        """
        return await self._command(Asked.COMMAND, command, options or {}, None, channel, own)

    async def autocomplete(
        self, command: str, options: dict[str, Any], focused: str, *, channel: Channel | None = None, own: bool = False
    ) -> Interaction:
        """Type into an option of a command, as far as ``options`` says."""
        return await self._command(Asked.AUTOCOMPLETE, command, options, focused, channel, own)

    async def menu(self, name: str, message: Message, *, own: bool = False) -> Interaction:
        """Use a command of a message's context menu."""
        found = self._find(name, ON_MESSAGE, message.channel)
        data = {"id": found["id"], "name": name, "type": ON_MESSAGE, "target_id": message.id}
        data["resolved"] = {"messages": {message.id: message_json(message)}}
        return await self._interact(Asked.COMMAND, data, message.channel, own=own)

    def offered(self, command: str, channel: Channel | None = None, kind: int = CHAT) -> bool:
        """Whether Discord would show them a command there, by its default permissions and its contexts."""
        place = channel or self._place()
        found = self._find(command.split()[0] if kind == CHAT else command, kind, place)
        needed = found.get("default_member_permissions")
        held = permissions(self.user, place)
        in_context = found.get("contexts") is None or context(place) in found["contexts"]
        return in_context and (needed is None or place.guild is None or held & int(needed) == int(needed))

    async def _command(
        self, kind: Asked, name: str, options: dict[str, Any], focused: str | None, channel: Channel | None, own: bool
    ) -> Interaction:
        place = channel or self._place()
        await self._bot()
        first, *rest = name.split()
        found = self._find(first, CHAT, place)
        known, resolved = found.get("options") or [], {}
        path = []
        for part in rest:
            path.append(next(each for each in known if each["name"] == part and each["type"] in (SUBCOMMAND, GROUP)))
            known = path[-1].get("options") or []
        kinds = {each["name"]: each["type"] for each in known}
        given = []
        for option, value in options.items():
            assert option in kinds, f"/{name} has no option {option!r}; it has {sorted(kinds)}"
            if kinds[option] == ATTACHMENT:
                attached = self._attach(place, value)
                resolved[attached["id"]], value = attached, attached["id"]
            given.append({"name": option, "type": kinds[option], "value": value})
            given[-1] |= {"focused": True} if option == focused else {}
        for part in reversed(path):
            given = [{"name": part["name"], "type": part["type"], "options": given}]
        data: Payload = {"id": found["id"], "name": first, "type": CHAT, "options": given}
        data |= {"resolved": {"attachments": resolved}} if resolved else {}
        return await self._interact(kind, data, place, own=own)

    def _find(self, name: str, kind: int, place: Channel) -> Payload:
        here = [*self.rest.commands.get(place.guild.id if place.guild else "", []), *self.rest.commands.get("", [])]
        found = next((each for each in here if each["name"] == name and each["type"] == kind), None)
        assert found, f"no command {name!r} is registered here, only {[each['name'] for each in here]}"
        return found

    # -- components

    async def click(self, message: Message, what: str, *, own: bool = False) -> Interaction:
        """Press a button, by what it says or by its custom id."""
        found = next((each for each in message.buttons if what in (label(each), each.get("custom_id"))), None)
        assert found, f"no button {what!r}, only {message.labels}"
        assert "custom_id" in found, f"the button {what!r} is a link"
        return await self._use(message, found, {}, own)

    async def choose(self, message: Message, custom_id: str, *values: str, own: bool = False) -> Interaction:
        """Choose from a select of a message."""
        found = next(each for _, each in walk(message.components) if each.get("custom_id") == custom_id)
        assert set(values) <= {each["value"] for each in found.get("options") or []}, "no such option"
        return await self._use(message, found, {"values": list(values)}, own)

    async def _use(self, message: Message, component: Payload, more: Payload, own: bool) -> Interaction:
        assert not message.deleted, "the message is gone"
        assert not component.get("disabled"), "it is disabled"
        assert not message.ephemeral or message.reader is self.user, f"{self.user.name} cannot see the message"
        data = {"custom_id": component["custom_id"], "component_type": component["type"], "id": 1} | more
        return await self._interact(Asked.COMPONENT, data, message.channel, message, own=own)

    async def submits(self, opener: Interaction, fields: dict[str, Any] | None = None) -> Interaction:
        """Fill in the modal that an interaction opened, its fields by label or custom id, and send it."""
        modal, left = await opener.modal(), dict(fields or {})
        filled = [fill(top, left) for top in modal["components"]]
        assert not left, f"the modal has no field {sorted(left)}"
        data = {"custom_id": modal["custom_id"], "components": filled}
        return await self._interact(Asked.MODAL, data, opener.channel, opener.message, own="1" in opener.owners)

    # -- messages

    async def says(
        self,
        text: str,
        *,
        channel: Channel | None = None,
        reply_to: Message | None = None,
        pinging: bool = True,
        files: tuple[Upload, ...] = (),
    ) -> Said:
        """Say something in a channel, a thread or a conversation, perhaps as a reply (which pings, or not)."""
        await self._bot()
        place = channel or (reply_to.channel if reply_to else self._place())
        held = permissions(self.user, place)
        needed = Permission.SEND_MESSAGES_IN_THREADS if place.is_thread else Permission.SEND_MESSAGES
        assert needed in held, f"{self.user.name} may not write there"
        if place.archived:
            place.archived = False
            self.world.events.tell("THREAD_UPDATE", channel_json(place), place)
        message = Message(self.world.new_id(), place, self.user, content=text, reference=reply_to)
        message.kind = REPLY if reply_to else 0
        message.attachments = [self._attach(place, each) for each in files]
        self._mention(message, reply_to.author if reply_to and pinging else None)
        self.world.keep(message)
        self.world.tell_message("MESSAGE_CREATE", message)
        return Said(self.world, message)

    async def dm(self, text: str, *, files: tuple[Upload, ...] = ()) -> Said:
        """Say something to the bot alone."""
        return await self.says(text, channel=self.world.conversation(self.user), files=files)

    async def edits(self, message: Message, text: str) -> None:
        """Change a message of theirs."""
        message.content, message.edits = text, message.edits + 1
        self._mention(message, message.reference.author if message.reference else None)
        self.world.tell_message("MESSAGE_UPDATE", message)

    async def deletes(self, message: Message) -> None:
        """Take a message of theirs away."""
        posting.delete(self.world, message)

    def _mention(self, message: Message, replied_to: User | None) -> None:
        found = pings(message.content, None, replied_to.id if replied_to else None)
        if Permission.MENTION_EVERYONE not in permissions(self.user, message.channel):
            found -= {"@everyone", "@here"}
        posting.read_mentions(self.world, message, found)

    def _attach(self, place: Channel, upload: Upload) -> Payload:
        return posting.attach(self.world, place.id, File(upload.name, upload.kind, upload.data), upload.size)

    # -- how an interaction is made

    async def _bot(self) -> None:
        await self.world.until(lambda: self.bot_is_there() or None, "the bot", 30.0)

    def _place(self) -> Channel:
        if self.home:
            return next(each for each in self.home.channels if not each.is_thread)
        group = Channel(self.world.new_id(), "", ChannelKind.GROUP, owner=self.user, recipient=self.user)
        return self.world.channels.setdefault(group.id, group)

    async def _interact(
        self, kind: Asked, data: Payload, place: Channel, message: Message | None = None, *, own: bool
    ) -> Interaction:
        await self._bot()
        personal = own or place.kind == ChannelKind.GROUP or bool(place.guild and not place.guild.has_bot)
        owners = {"1": self.user.id} if personal else {"0": place.guild.id if place.guild else "0"}
        id, token, now = self.world.new_id(), uuid.uuid4().hex, self.world.clock()
        it = Interaction(self.world, id, token, kind, self.user, place, owners, now, message)
        self.interactions.all[token] = it
        self.hand_over(interaction_json(it, data))
        return it
