"""How a message of the bot comes to be and is changed, whichever way it was sent."""

from tests.strict.components import texts
from tests.strict.faults import Payload, RefusedError, check
from tests.strict.limits import (
    ATTACHMENT_BYTES,
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    mention_faults,
    message_faults,
)
from tests.strict.reach import MENTION, pings, previews
from tests.strict.things import Message, User
from tests.strict.world import File, World

ON_POST = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
ON_EDIT = SUPPRESS_EMBEDS | COMPONENTS_V2
PARTS = ("content", "embeds", "components", "attachments")


def post(world: World, message: Message, body: Payload, files: dict[str, File]) -> Message:
    """Put what the body says into a new message and make it known.

    Raises:
        RefusedError: it breaks a limit, or is empty.
    """
    message.flags |= int(body.get("flags") or 0) & ON_POST
    _apply(world, message, body, files, replied_to=_answered(message))
    world.keep(message)
    world.tell_message("MESSAGE_CREATE", message)
    return message


def edit(world: World, message: Message, body: Payload, files: dict[str, File]) -> Message:
    """Change a message as the body says; what it does not name stays, save the mentions: those are parsed again.

    Raises:
        RefusedError: it would break a limit, or be empty.
    """
    if body.get("flags") is not None:
        wanted = int(body["flags"])
        if message.is_v2 and not wanted & COMPONENTS_V2:
            raise RefusedError(400, 50035, "Invalid Form Body", _no_way_back())
        flags = (message.flags & ~ON_EDIT) | (wanted & ON_EDIT)
    else:
        flags = message.flags
    before, message.flags = message.flags, flags & ~LOADING
    try:
        _apply(world, message, body, files)
    except RefusedError:
        message.flags = before
        raise
    message.edits += 1
    world.tell_message("MESSAGE_UPDATE", message)
    return message


def delete(world: World, message: Message) -> None:
    """Take a message away."""
    message.deleted = True
    gone = {"id": message.id, "channel_id": message.channel.id}
    if message.channel.guild:
        gone["guild_id"] = message.channel.guild.id
    if not message.ephemeral:
        world.events.tell("MESSAGE_DELETE", gone, message.channel)
    world.touch()


def think(world: World, message: Message, ephemeral: bool) -> Message:
    """Show that an answer is on its way."""
    message.flags |= LOADING | (EPHEMERAL if ephemeral else 0)
    world.keep(message)
    world.tell_message("MESSAGE_CREATE", message)
    return message


def read_mentions(world: World, message: Message, found: frozenset[str]) -> None:
    """Name in a message those whom it mentions."""
    mentions = [MENTION.fullmatch(each) for each in sorted(found)]
    message.mentions = [
        world.users[each["id"]] for each in mentions if each and not each["role"] and each["id"] in world.users
    ]
    message.mention_roles = [each["id"] for each in mentions if each and each["role"]]
    message.mention_everyone = any(each and each["all"] for each in mentions)


def _apply(
    world: World, message: Message, body: Payload, files: dict[str, File], replied_to: User | None = None
) -> None:
    allowed = body.get("allowed_mentions")
    content = message.content if "content" not in body else str(body["content"] or "").strip()
    embeds = message.embeds if "embeds" not in body else body["embeds"] or []
    components = message.components if "components" not in body else body["components"] or []
    attachments = _attachments(world, message, body, files)
    parts: Payload = dict(zip(PARTS, (content, embeds, components, attachments), strict=True))
    check([*message_faults(parts | {"flags": message.flags}), *mention_faults(allowed)])
    if not any(parts.values()):
        raise RefusedError(400, 50006, "Cannot send an empty message")
    message.content, message.embeds, message.components, message.attachments = parts.values()
    said = [content if "content" in body else "", *(texts(components) if "components" in body else [])]
    if any(part in body for part in ("content", "components")) or replied_to:
        now = pings("\n".join(said), allowed, replied_to.id if replied_to else None)
        message.pings |= now
        read_mentions(world, message, now)
    if not message.flags & (SUPPRESS_EMBEDS | COMPONENTS_V2):
        message.previews |= previews(content)


def _answered(message: Message) -> User | None:
    to = message.reference.author if message.reference else None
    return None if to is message.author else to


def _attachments(world: World, message: Message, body: Payload, files: dict[str, File]) -> list[Payload]:
    """Those that are kept, and the new ones; the files come in parts named ``files[n]``."""
    if any(len(file.data) > ATTACHMENT_BYTES for file in files.values()):
        raise RefusedError(413, 40005, "Request entity too large")
    kept = message.attachments
    if body.get("attachments") is not None:
        named = {str(each["id"]) for each in body["attachments"]}
        kept = [each for each in kept if each["id"] in named]
    return [*kept, *(attach(world, message.channel.id, file) for file in files.values())]


def attach(world: World, channel_id: str, file: File, size: int | None = None) -> Payload:
    """Keep a file and serve it; ``size`` where it is to claim another than it has."""
    id = world.new_id()
    world.files[id] = file
    url = f"{world.base}/attachments/{channel_id}/{id}/{file.name}"
    bytes_ = len(file.data) if size is None else size
    about = {"id": id, "filename": file.name, "content_type": file.kind, "size": bytes_}
    return about | {"url": url, "proxy_url": url, "flags": 0}


def _no_way_back() -> Payload:
    said = "The IS_COMPONENTS_V2 flag cannot be removed"
    return {"flags": {"_errors": [{"code": "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", "message": said}]}}
