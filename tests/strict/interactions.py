"""Interactions: the clock that runs from each, its one answer, and what may follow on it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from tests.strict import posting
from tests.strict.components import modal_faults
from tests.strict.faults import Payload, RefusedError, check
from tests.strict.limits import EPHEMERAL, suggestion_faults
from tests.strict.payloads import message_json, user_json
from tests.strict.things import Channel, Message, User
from tests.strict.world import Call, World


class Asked(IntEnum):
    """The kinds of interaction."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Answered(IntEnum):
    """The kinds of first answer."""

    MESSAGE = 4
    THINKING = 5
    LATER = 6
    UPDATE = 7
    SUGGESTIONS = 8
    MODAL = 9


ANSWERS = {
    Asked.COMMAND: {Answered.MESSAGE, Answered.THINKING, Answered.MODAL},
    Asked.COMPONENT: {Answered.MESSAGE, Answered.THINKING, Answered.LATER, Answered.UPDATE, Answered.MODAL},
    Asked.AUTOCOMPLETE: {Answered.SUGGESTIONS},
    Asked.MODAL: {Answered.MESSAGE, Answered.THINKING, Answered.LATER, Answered.UPDATE},
}


@dataclass(eq=False, slots=True)
class Interaction:
    """One thing that somebody did with the bot, what it answered, and what a test awaits of it."""

    world: World
    id: str
    token: str
    kind: Asked
    user: User
    channel: Channel
    owners: Payload
    born: float
    message: Message | None = None
    """The message whose button was pressed, or above whose modal it was."""
    answer: Answered | None = None
    acknowledged_after: float | None = None
    """Seconds until the first answer."""
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    opened: Payload | None = None
    suggested: list[Payload] | None = None
    updated: bool = False
    """Whether the message has been changed since it was said that this would come later."""

    async def acknowledged(self, within: float = 5.0) -> float:
        """Wait for the first answer; the seconds that it took."""
        return await self.world.until(lambda: self.acknowledged_after, "the first answer to an interaction", within)

    async def shown(self, where: Callable[[Message], bool] = lambda _: True, within: float = 5.0) -> Message:
        """Wait for the answer as it stands once the bot no longer "is thinking", and as ``where`` wants it."""

        def seen() -> Message | None:
            message = self.original
            pending = message is None or message.loading or (self.answer == Answered.LATER and not self.updated)
            return None if message is None or pending or message.deleted or not where(message) else message

        return await self.world.until(seen, "the answer to an interaction", within)

    async def modal(self, within: float = 5.0) -> Payload:
        """Wait for the modal that it opens."""
        return await self.world.until(lambda: self.opened, "a modal", within)

    async def choices(self, within: float = 5.0) -> list[Payload]:
        """Wait for what it suggests, each with ``name`` and ``value``."""
        return await self.world.until(lambda: self.suggested, "suggestions", within)

    async def followup(self, n: int = 0, within: float = 5.0) -> Message:
        """Wait for the message that follows the answer, by its number from nought."""
        return await self.world.until(
            lambda: self.followups[n] if n < len(self.followups) else None, "a follow-up", within
        )


class Interactions:
    """The part of REST that answers interactions.

    ``deadline`` and ``window`` are the seconds for the first answer and for all others; ``defers``: whether this
    server lets an answer be put off.
    """

    def __init__(self, world: World, deadline: float, window: float, defers: bool) -> None:
        self._world = world
        self.deadline, self.window, self.defers = deadline, window, defers
        self.all: dict[str, Interaction] = {}

    def routes(self) -> list[tuple[str, str, Callable[[Call], object]]]:
        hook = "/webhooks/{app}/{token}"
        return [
            ("POST", "/interactions/{id}/{token}/callback", self.callback),
            ("POST", hook, self.follow),
            ("GET", hook + "/messages/{message}", self.read),
            ("PATCH", hook + "/messages/{message}", self.edit),
            ("DELETE", hook + "/messages/{message}", self.delete),
        ]

    # -- the first answer

    def callback(self, call: Call) -> Payload:
        now = self._world.clock()
        it = self.all.get(call.params["token"])
        if it is None or it.id != call.params["id"] or now - it.born > self.deadline:
            raise RefusedError(404, 10062, "Unknown interaction")
        if it.answer:
            raise RefusedError(400, 40060, "Interaction has already been acknowledged.")
        answer, data = self._wanted(it, call.body), call.body.get("data") or {}
        self._answer(it, answer, data, call)
        it.answer, it.acknowledged_after = answer, now - it.born
        self._world.touch()
        said = {"id": it.id, "type": int(it.kind), "response_message_loading": answer == Answered.THINKING}
        if it.original is None:
            return {"interaction": said}
        said |= {"response_message_id": it.original.id, "response_message_ephemeral": it.original.ephemeral}
        resource = {"type": int(answer)} | ({"message": message_json(it.original)} if answer != Answered.LATER else {})
        return {"interaction": said, "resource": resource}

    def _wanted(self, it: Interaction, body: Payload) -> Answered:
        """The kind of answer, if it is one that this interaction may have."""
        kind = body.get("type")
        allowed = ANSWERS[it.kind]
        if it.kind == Asked.MODAL and it.message is None:
            allowed = allowed - {Answered.LATER, Answered.UPDATE}
        if not self.defers:
            allowed = allowed - {Answered.THINKING, Answered.LATER}
        if kind not in allowed:
            raise RefusedError(400, 50035, "Invalid Form Body", _no_such_answer(kind, sorted(map(int, allowed))))
        return Answered(kind)

    def _answer(self, it: Interaction, answer: Answered, data: Payload, call: Call) -> None:
        if answer == Answered.SUGGESTIONS:
            check(suggestion_faults(data.get("choices") or []))
            it.suggested = data.get("choices") or []
        elif answer == Answered.MODAL:
            check(modal_faults(data))
            it.opened = data
        elif answer == Answered.MESSAGE:
            it.original = posting.post(self._world, self._new(it, data), data, call.files)
        elif answer == Answered.THINKING:
            ephemeral = bool(int(data.get("flags") or 0) & EPHEMERAL)
            it.original = posting.think(self._world, self._new(it, {}), ephemeral)
        else:
            it.original = it.message
            if it.message and answer == Answered.UPDATE:
                posting.edit(self._world, it.message, data, call.files)

    def _new(self, it: Interaction, data: Payload) -> Message:
        """A message that answers; the bot needs no permission in the channel for it."""
        flags = int(data.get("flags") or 0) & EPHEMERAL
        about = {"id": it.id, "type": int(it.kind), "user": user_json(it.user)}
        about["authorizing_integration_owners"] = it.owners
        return Message(
            self._world.new_id(), it.channel, self._world.bot, flags=flags, interaction=about, reader=it.user
        )

    # -- what follows

    def follow(self, call: Call) -> Payload:
        it, body = self._still_open(call), call.body
        if it.original and it.original.loading:  # the first that follows is the answer that was awaited
            return message_json(self._edit(it, it.original, call))
        guild = it.channel.guild
        outside = "0" not in it.owners and not (guild and guild.has_bot)
        if outside and len(it.followups) >= 5:
            raise RefusedError(400, 40094, "This interaction has reached the maximum number of follow-up messages")
        message = posting.post(self._world, self._new(it, body), body, call.files)
        it.followups.append(message)
        self._world.touch()
        return message_json(message)

    def read(self, call: Call) -> Payload:
        return message_json(self._message(call)[1])

    def edit(self, call: Call) -> Payload:
        it, message = self._message(call)
        return message_json(self._edit(it, message, call))

    def delete(self, call: Call) -> None:
        posting.delete(self._world, self._message(call)[1])

    def _edit(self, it: Interaction, message: Message, call: Call) -> Message:
        posting.edit(self._world, message, call.body, call.files)
        it.updated = it.updated or message is it.original
        self._world.touch()
        return message

    def _still_open(self, call: Call) -> Interaction:
        it = self.all.get(call.params["token"])
        if call.params["app"] != self._world.bot.id:
            raise RefusedError(404, 10015, "Unknown Webhook")
        if it is None or self._world.clock() - it.born > self.window:
            raise RefusedError(401, 50027, "Invalid Webhook Token")
        if it.answer is None:
            raise RefusedError(404, 10015, "Unknown Webhook")
        return it

    def _message(self, call: Call) -> tuple[Interaction, Message]:
        it, id = self._still_open(call), call.params["message"]
        own = {each.id: each for each in [*it.followups, it.original, it.message] if each}
        message = it.original if id == "@original" else own.get(id)
        if message is None or message.deleted:
            raise RefusedError(404, 10008, "Unknown Message")
        return it, message


def _no_such_answer(kind: object, allowed: list[int]) -> Payload:
    said = f"Value must be one of {allowed}: it was {kind}."
    return {"type": {"_errors": [{"code": "BASE_TYPE_CHOICES", "message": said}]}}
