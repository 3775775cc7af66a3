"""The things of the strict Discord as the JSON that a client reads."""

from datetime import UTC, datetime

from tests.strict.faults import Payload
from tests.strict.things import (
    Channel,
    ChannelKind,
    Guild,
    Message,
    Overwrite,
    Permission,
    Role,
    User,
    permissions,
)

EPOCH = 1_420_070_400_000
"""Discord's: the milliseconds from 1970 to 2015, when its ids begin."""
JOINED = "2025-01-01T00:00:00.000000+00:00"


def made_at(id: str) -> str:
    """When something with this id was made, as Discord writes it."""
    return datetime.fromtimestamp(((int(id) >> 22) + EPOCH) / 1000, UTC).isoformat()


def user_json(user: User) -> Payload:
    return {
        "id": user.id,
        "username": user.name,
        "discriminator": "0",
        "global_name": None if user.bot else user.name.title(),
        "avatar": None,
        "bot": user.bot,
        "public_flags": 0,
    }


def member_json(guild: Guild, user: User, *, whole: bool = True) -> Payload:
    """A member; not ``whole`` where the user stands beside it. One who has left has no roles."""
    _, roles = guild.members.get(user.id, (user, []))
    member: Payload = {
        "roles": [role.id for role in roles],
        "joined_at": JOINED,
        "nick": None,
        "avatar": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
    }
    return member | ({"user": user_json(user)} if whole else {})


def role_json(role: Role, position: int) -> Payload:
    return {
        "id": role.id,
        "name": role.name,
        "permissions": str(int(role.permissions)),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def overwrite_json(overwrite: Overwrite) -> Payload:
    allow, deny = str(int(overwrite.allow)), str(int(overwrite.deny))
    return {"id": overwrite.id, "type": int(overwrite.of_member), "allow": allow, "deny": deny}


def channel_json(channel: Channel) -> Payload:
    last = channel.messages[-1].id if channel.messages else None
    base: Payload = {"id": channel.id, "type": int(channel.kind), "last_message_id": last, "flags": 0}
    if channel.guild is None:
        people = [user_json(channel.recipient)] if channel.recipient else []
        return base | {
            "recipients": people,
            "name": None,
            "icon": None,
            "owner_id": channel.owner.id if channel.owner else None,
        }
    base |= {"guild_id": channel.guild.id, "name": channel.name, "rate_limit_per_user": 0}
    if channel.is_thread:
        return base | _thread_json(channel)
    return base | {
        "position": channel.guild.channels.index(channel),
        "permission_overwrites": [overwrite_json(each) for each in channel.overwrites],
        "topic": None,
        "nsfw": False,
        "parent_id": None,
    }


def _thread_json(thread: Channel) -> Payload:
    said = sum(not message.deleted for message in thread.messages)
    return {
        "parent_id": thread.parent.id if thread.parent else None,
        "owner_id": thread.owner.id if thread.owner else None,
        "message_count": said,
        "total_message_sent": len(thread.messages),
        "member_count": len({message.author.id for message in thread.messages}) or 1,
        "thread_metadata": {
            "archived": thread.archived,
            "auto_archive_duration": thread.archive_minutes,
            "archive_timestamp": made_at(thread.id),
            "create_timestamp": made_at(thread.id),
            "locked": False,
        }
        | ({"invitable": True} if thread.kind == ChannelKind.PRIVATE_THREAD else {}),
    }


def guild_json(guild: Guild, seen_by: User, *, with_members: bool) -> Payload:
    """A guild as one is told of it on connecting; without the intent for members, only oneself is among them."""
    threads = [each for each in guild.channels if each.is_thread and each.announced and not each.archived]
    return {
        "id": guild.id,
        "name": guild.name,
        "owner_id": guild.owner.id,
        "icon": None,
        "member_count": len(guild.members),
        "unavailable": False,
        "large": False,
        "joined_at": JOINED,
        "features": [],
        "emojis": [],
        "stickers": [],
        "preferred_locale": "en-GB",
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "nsfw_level": 0,
        "mfa_level": 0,
        "premium_tier": 0,
        "system_channel_flags": 0,
        "afk_timeout": 300,
        "roles": [role_json(role, n) for n, role in enumerate([guild.everyone, *guild.roles])],
        "channels": [channel_json(each) for each in guild.channels if not each.is_thread],
        "threads": [channel_json(each) for each in threads if permissions(seen_by, each) & Permission.VIEW_CHANNEL],
        "voice_states": [],
        "presences": [],
        "members": [member_json(guild, user) for user, _ in guild.members.values() if with_members or user is seen_by],
    }


def message_json(message: Message) -> Payload:
    """A message as REST gives it."""
    whole: Payload = {
        "id": message.id,
        "channel_id": message.channel.id,
        "type": message.kind,
        "author": user_json(message.author),
        "content": message.content,
        "embeds": message.embeds,
        "components": message.components,
        "attachments": message.attachments,
        "flags": message.flags,
        "timestamp": made_at(message.id),
        "edited_timestamp": made_at(message.id) if message.edits else None,
        "tts": False,
        "pinned": False,
        "mention_everyone": message.mention_everyone,
        "mention_roles": message.mention_roles,
        "mentions": [user_json(user) for user in message.mentions],
        "reactions": [
            {"emoji": {"id": None, "name": emoji}, "count": len(by), "me": False}
            for emoji, by in message.reactions.items()
        ],
    }
    if message.nonce:
        whole["nonce"] = message.nonce
    if message.interaction:
        whole |= {"interaction_metadata": message.interaction, "application_id": message.author.id}
        whole["webhook_id"] = message.author.id
    if message.thread:
        whole["thread"] = channel_json(message.thread)
    if message.reference:
        to = message.reference
        whole["message_reference"] = {"type": 0, "message_id": to.id, "channel_id": to.channel.id}
        if to.channel.guild:
            whole["message_reference"]["guild_id"] = to.channel.guild.id
        nested = message_json(to) | {"referenced_message": None}
        whole["referenced_message"] = None if to.deleted else nested
    return whole


def told_json(message: Message) -> Payload:
    """A message as the gateway tells of it: with its guild and its author's membership."""
    guild = message.channel.guild
    if guild is None:
        return message_json(message) | {"channel_type": int(message.channel.kind)}
    mentions = [user_json(user) | _membership(guild, user) for user in message.mentions]
    told = message_json(message) | {"guild_id": guild.id, "mentions": mentions}
    return told | _membership(guild, message.author)


def _membership(guild: Guild, user: User) -> Payload:
    return {"member": member_json(guild, user, whole=False)} if user.id in guild.members else {}


HIDDEN: Payload = {"content": "", "embeds": [], "components": [], "attachments": []}
"""What a bot without the intent for it sees instead of a message's content."""


def app_json(bot: User, owner: User, flags: int) -> Payload:
    return {
        "id": bot.id,
        "name": bot.name,
        "description": "",
        "summary": "",
        "icon": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": user_json(owner),
        "verify_key": "0" * 64,
        "flags": flags,
        "team": None,
        "bot": user_json(bot),
        "integration_types_config": {"0": {}, "1": {}},
    }
