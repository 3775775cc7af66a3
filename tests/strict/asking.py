"""Interactions as the JSON that a bot is told, and modals as they come back."""

from typing import Any

from tests.strict.components import SELECTS, Kind
from tests.strict.faults import Payload
from tests.strict.interactions import Interaction
from tests.strict.payloads import channel_json, member_json, message_json, user_json
from tests.strict.things import ORDINARY, Channel, ChannelKind, permissions


def interaction_json(it: Interaction, data: Payload) -> Payload:
    """An interaction as the bot is told of it."""
    place, guild = it.channel, it.channel.guild
    held = permissions(it.world.bot, place) if not guild or guild.has_bot else ORDINARY
    payload: Payload = {
        "id": it.id,
        "application_id": it.world.bot.id,
        "type": int(it.kind),
        "token": it.token,
        "version": 1,
        "data": data,
        "locale": "en-GB",
        "entitlements": [],
        "app_permissions": str(int(held)),
        "attachment_size_limit": 10 * 2**20,
        "authorizing_integration_owners": it.owners,
        "context": context(place),
        "channel_id": place.id,
        "channel": channel_json(place),
    }
    if it.message:
        payload["message"] = message_json(it.message)
    if guild is None:
        return payload | {"user": user_json(it.user)}
    mine = str(int(permissions(it.user, place)))
    payload["channel"]["permissions"] = mine
    payload |= {"guild_id": guild.id, "guild_locale": "en-GB", "member": member_json(guild, it.user)}
    payload["member"]["permissions"] = mine
    return payload | {"guild": {"id": guild.id, "features": [], "locale": "en-GB"}}


def context(place: Channel) -> int:
    """Discord's number for where an interaction is: a guild, the conversation with the bot, or elsewhere in private."""
    return 0 if place.guild else 1 if place.kind == ChannelKind.DM else 2


def fill(component: Payload, left: dict[str, Any], title: str = "") -> Payload:
    """A component of a modal as it comes back, with what ``left`` says for it taken from there."""
    kind, filled = component["type"], {"type": component["type"], "id": 1}
    if kind == Kind.ROW:
        return filled | {"components": [fill(each, left) for each in component["components"]]}
    if kind == Kind.LABEL:
        return filled | {"component": fill(component["component"], left, component["label"])}
    if "custom_id" not in component:
        return filled
    name = component["custom_id"] if component["custom_id"] in left else title or component.get("label", "")
    given = left.pop(name, component.get("value") or "")
    if kind in SELECTS:
        return filled | {"custom_id": component["custom_id"], "values": list(given)}
    least, most = component.get("min_length") or 0, component.get("max_length") or 4_000
    assert given or not component.get("required", True), f"the field {name!r} has to be filled in"
    assert not given or least <= len(given) <= most, f"the field {name!r} takes {least} to {most} characters"
    return filled | {"custom_id": component["custom_id"], "value": given}
