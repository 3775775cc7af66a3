"""The strict Discord's REST, save for interactions: itself, commands, channels, messages, threads, members."""

from collections.abc import Callable
from typing import Any

from tests.strict import posting
from tests.strict.commands import sync_faults
from tests.strict.faults import Fault, Payload, RefusedError, check
from tests.strict.gateway import Gateway, app_flags
from tests.strict.limits import thread_faults
from tests.strict.payloads import app_json, channel_json, guild_json, member_json, message_json, user_json
from tests.strict.things import REPLY, STARTER, Channel, ChannelKind, Message, Permission
from tests.strict.world import Call, World

Handler = Callable[[Call], object]


class Rest:
    """One method a route: it takes the call and gives the JSON of its answer, or None for an empty one."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world, self._gateway = world, gateway
        self.commands: dict[str, list[Payload]] = {}
        """What is registered, by guild; globally under the empty name."""
        self.typed: list[Channel] = []
        """Where the bot was seen typing, in order."""

    def routes(self) -> list[tuple[str, str, Handler]]:
        app, guild, channel = "/applications/{app}", "/guilds/{guild}", "/channels/{channel}"
        message = channel + "/messages/{message}"
        return [
            ("GET", "/users/@me", lambda _: user_json(self._world.bot)),
            ("POST", "/users/@me/channels", self.open_conversation),
            ("GET", "/users/{user}", self.get_user),
            ("GET", "/oauth2/applications/@me", lambda _: self._app()),
            ("GET", "/applications/@me", lambda _: self._app()),
            ("GET", "/gateway", lambda _: {"url": self._gateway.url}),
            ("GET", "/gateway/bot", self.get_gateway),
            ("GET", app + "/commands", self.get_commands),
            ("PUT", app + "/commands", self.put_commands),
            ("GET", app + guild + "/commands", self.get_commands),
            ("PUT", app + guild + "/commands", self.put_commands),
            ("GET", guild, self.get_guild),
            ("GET", guild + "/channels", self.get_channels),
            ("GET", guild + "/members/{user}", self.get_member),
            ("GET", channel, lambda call: channel_json(self._channel(call))),
            ("PATCH", channel, self.change_channel),
            ("POST", channel + "/typing", self.type),
            ("GET", channel + "/messages", self.list_messages),
            ("POST", channel + "/messages", self.send),
            ("GET", message, self.get_message),
            ("PATCH", message, self.edit),
            ("DELETE", message, self.delete),
            ("PUT", message + "/reactions/{emoji}/@me", self.react),
            ("DELETE", message + "/reactions/{emoji}/@me", self.unreact),
            ("POST", message + "/threads", self.start_thread_from),
            ("POST", channel + "/threads", self.start_thread),
            ("PUT", channel + "/thread-members/@me", self.join_thread),
        ]

    # -- itself and its commands

    def _app(self) -> Payload:
        return app_json(self._world.bot, self._world.owner, app_flags(self._gateway.privileged))

    def get_gateway(self, call: Call) -> Payload:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return {"url": self._gateway.url, "shards": 1, "session_start_limit": limit}

    def get_commands(self, call: Call) -> list[Payload]:
        return self.commands.get(call.params.get("guild", ""), [])

    def put_commands(self, call: Call) -> list[Payload]:
        if call.params["app"] != self._world.bot.id:
            raise RefusedError(404, 10002, "Unknown Application")
        check(sync_faults(call.body))
        scope = call.params.get("guild", "")
        own: Payload = {"application_id": self._world.bot.id, "guild_id": scope} if scope else {}
        own |= {"application_id": self._world.bot.id, "description": "", "type": 1, "version": self._world.new_id()}
        self.commands[scope] = [own | command | {"id": self._world.new_id()} for command in call.body]
        self._world.touch()
        return self.commands[scope]

    # -- guilds and people

    def get_guild(self, call: Call) -> Payload:
        guild = self._world.guilds.get(call.params["guild"])
        if guild is None or not guild.has_bot:
            raise RefusedError(404, 10004, "Unknown Guild")
        return guild_json(guild, self._world.bot, with_members=False)

    def get_channels(self, call: Call) -> list[Payload]:
        self.get_guild(call)
        channels = self._world.guilds[call.params["guild"]].channels
        return [channel_json(each) for each in channels if not each.is_thread]

    def get_member(self, call: Call) -> Payload:
        self.get_guild(call)
        guild = self._world.guilds[call.params["guild"]]
        if call.params["user"] not in guild.members:
            raise RefusedError(404, 10007, "Unknown Member")
        return member_json(guild, guild.members[call.params["user"]][0])

    def get_user(self, call: Call) -> Payload:
        if call.params["user"] not in self._world.users:
            raise RefusedError(404, 10013, "Unknown User")
        return user_json(self._world.users[call.params["user"]])

    def open_conversation(self, call: Call) -> Payload:
        user = self._world.users.get(str(call.body.get("recipient_id")))
        if user is None:
            raise RefusedError(404, 10013, "Unknown User")
        return channel_json(self._world.conversation(user))

    # -- channels and messages

    def _channel(self, call: Call) -> Channel:
        return self._world.find_channel(call.params["channel"])

    def _message(self, call: Call) -> Message:
        channel = self._channel(call)
        self._world.may(channel, Permission.READ_MESSAGE_HISTORY)
        return self._world.find_message(channel, call.params["message"])

    def change_channel(self, call: Call) -> Payload:
        channel = self._channel(call)
        if channel.owner is not self._world.bot:
            self._world.may(channel, Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS)
        check(thread_faults({"name": channel.name} | call.body))
        channel.name = call.body.get("name", channel.name)
        channel.archived = call.body.get("archived", channel.archived)
        event = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
        self._world.events.tell(event, channel_json(channel), channel)
        return channel_json(channel)

    def type(self, call: Call) -> None:
        channel = self._channel(call)
        self._world.may(channel, _to_speak_in(channel))
        self.typed.append(channel)
        self._world.touch()

    def list_messages(self, call: Call) -> list[Payload]:
        channel, query = self._channel(call), call.query
        limit = int(query.get("limit", 50))
        if not 1 <= limit <= 100:
            check([Fault(("limit",), "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")])
        if Permission.READ_MESSAGE_HISTORY not in self._world.permissions(channel):
            return []  # Discord refuses nothing here, there is only nothing to see
        visible = [each for each in channel.messages if not each.deleted and not each.ephemeral]
        if "after" in query:
            chosen = [each for each in visible if int(each.id) > int(query["after"])][:limit]
        elif "around" in query:
            at = sum(int(each.id) < int(query["around"]) for each in visible)
            chosen = visible[max(at - limit // 2, 0) :][:limit]
        else:
            chosen = [each for each in visible if int(each.id) < int(query.get("before", 2**63))][-limit:]
        return [message_json(each) for each in reversed(chosen)]

    def send(self, call: Call) -> Payload:
        channel, body = self._channel(call), call.body
        self._world.may(channel, _to_speak_in(channel))
        if channel.recipient and not channel.recipient.accepts_dms:
            raise RefusedError(403, 50007, "Cannot send messages to this user")
        if body.get("embeds"):
            self._world.may(channel, Permission.EMBED_LINKS)
        if call.files:
            self._world.may(channel, Permission.ATTACH_FILES)
        nonce = str(body["nonce"]) if body.get("nonce") is not None else None
        for earlier in self._world.from_bot(channel) if nonce and body.get("enforce_nonce") else ():
            if earlier.nonce == nonce:
                return message_json(earlier)
        message = Message(self._world.new_id(), channel, self._world.bot, nonce=nonce)
        if reference := body.get("message_reference"):
            self._refer(message, reference)
        return message_json(posting.post(self._world, message, body, call.files))

    def _refer(self, message: Message, reference: Payload) -> None:
        """Make a message a reply."""
        if Permission.READ_MESSAGE_HISTORY not in self._world.permissions(message.channel):
            raise RefusedError(403, 160002, "Cannot reply without permission to read message history")
        to = self._world.messages.get(str(reference.get("message_id")))
        if to is None or to.deleted or to.channel is not message.channel:
            if reference.get("fail_if_not_exists", True):
                check([Fault(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")])
        else:
            message.reference, message.kind = to, REPLY

    def get_message(self, call: Call) -> Payload:
        return message_json(self._message(call))

    def edit(self, call: Call) -> Payload:
        message = self._world.find_message(self._channel(call), call.params["message"])
        if message.author is not self._world.bot:
            raise RefusedError(403, 50005, "Cannot edit a message authored by another user")
        return message_json(posting.edit(self._world, message, call.body, call.files))

    def delete(self, call: Call) -> None:
        message = self._world.find_message(self._channel(call), call.params["message"])
        if message.author is not self._world.bot:
            self._world.may(message.channel, Permission.MANAGE_MESSAGES)
        posting.delete(self._world, message)

    def react(self, call: Call) -> None:
        message = self._message(call)
        self._world.may(message.channel, Permission.ADD_REACTIONS)
        message.reactions.setdefault(call.params["emoji"], set()).add(self._world.bot.id)
        self._world.touch()

    def unreact(self, call: Call) -> None:
        self._message(call).reactions.get(call.params["emoji"], set()).discard(self._world.bot.id)
        self._world.touch()

    # -- threads

    def start_thread_from(self, call: Call) -> Payload:
        message = self._message(call)
        self._no_thread_in(message.channel)
        self._world.may(message.channel, Permission.CREATE_PUBLIC_THREADS)
        check(thread_faults(call.body))
        if message.thread:
            raise RefusedError(400, 160004, "A thread has already been created for this message")
        thread = self._thread(message.channel, call.body, id=message.id)
        message.thread, message.flags = thread, message.flags | 1 << 5
        first = Message(self._world.new_id(), thread, message.author, kind=STARTER, reference=message)
        self._world.keep(first)
        self._world.tell_message("MESSAGE_UPDATE", message)
        return channel_json(thread)

    def start_thread(self, call: Call) -> Payload:
        channel = self._channel(call)
        self._no_thread_in(channel)
        private = call.body.get("type") == ChannelKind.PRIVATE_THREAD
        self._world.may(channel, Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS)
        check(thread_faults(call.body))
        return channel_json(self._thread(channel, call.body, private=private))

    def _no_thread_in(self, channel: Channel) -> None:
        if channel.kind != ChannelKind.TEXT:
            raise RefusedError(400, 50024, "Cannot execute action on this channel type")

    def _thread(self, parent: Channel, body: Payload, **more: Any) -> Channel:
        thread = self._world.thread(parent, body["name"], self._world.bot, **more)
        thread.archive_minutes = body.get("auto_archive_duration") or thread.archive_minutes
        return thread

    def join_thread(self, call: Call) -> None:
        if not self._channel(call).is_thread:
            raise RefusedError(400, 50024, "Cannot execute action on this channel type")


def _to_speak_in(channel: Channel) -> Permission:
    return Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
