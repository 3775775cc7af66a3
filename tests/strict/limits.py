"""What Discord allows in a message, a thread and a list of suggestions."""

from collections.abc import Iterator

from tests.strict.components import component_faults
from tests.strict.faults import Fault, Payload, address, choice, size

SUPPRESS_EMBEDS, EPHEMERAL, LOADING, SUPPRESS_NOTIFICATIONS, COMPONENTS_V2 = 1 << 2, 1 << 6, 1 << 7, 1 << 12, 1 << 15

CONTENT = 2_000
EMBEDS, EMBED_TEXT = 10, 6_000
ATTACHMENTS, ATTACHMENT_BYTES = 10, 10 * 2**20
ARCHIVE_MINUTES = (60, 1_440, 4_320, 10_080)


def message_faults(message: Payload) -> Iterator[Fault]:
    """Faults of a message as it would stand, with all its parts, after a post or an edit."""
    v2 = bool(message["flags"] & COMPONENTS_V2)
    yield from size(message["content"], 0, CONTENT, "content")
    if v2:
        for part in ("content", "embeds"):
            if message[part]:
                said = f"The '{part}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                yield Fault((part,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", said)
    yield from size(message["embeds"], 0, EMBEDS, "embeds")
    for at, embed in enumerate(message["embeds"]):
        yield from _embed_faults(embed, "embeds", at)
    if sum(map(embed_length, message["embeds"])) > EMBED_TEXT:
        said = f"Embed size exceeds maximum size of {EMBED_TEXT}"
        yield Fault(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", said)
    yield from size(message["attachments"], 0, ATTACHMENTS, "attachments")
    yield from component_faults(message["components"], v2=v2)


def embed_length(embed: Payload) -> int:
    """The characters of an embed that count towards the limit for all embeds of a message."""
    fields = embed.get("fields") or []
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    texts += [text for field in fields for text in (field.get("name"), field.get("value"))]
    return sum(len(text or "") for text in texts)


def _embed_faults(embed: Payload, *at: str | int) -> Iterator[Fault]:
    yield from size(embed.get("title"), 0, 256, *at, "title")
    yield from size(embed.get("description"), 0, 4_096, *at, "description")
    yield from size(embed.get("fields"), 0, 25, *at, "fields")
    for n, field in enumerate(embed.get("fields") or []):
        yield from size(field.get("name"), 1, 256, *at, "fields", n, "name")
        yield from size(field.get("value"), 1, 1_024, *at, "fields", n, "value")
    if footer := embed.get("footer"):
        yield from size(footer.get("text"), 1, 2_048, *at, "footer", "text")
    if author := embed.get("author"):
        yield from size(author.get("name"), 1, 256, *at, "author", "name")
        if author.get("url"):
            yield from address(author["url"], *at, "author", "url")
    if embed.get("url"):
        yield from address(embed["url"], *at, "url")
    if not embed_length(embed) and not embed.get("image") and not embed.get("thumbnail"):
        yield Fault((*at, "description"), "BASE_TYPE_REQUIRED", "This field is required")


def mention_faults(allowed: Payload | None, *at: str | int) -> Iterator[Fault]:
    """Faults of ``allowed_mentions``, which is none where it was not given."""
    for n, kind in enumerate((allowed or {}).get("parse") or []):
        yield from choice(kind, ("users", "roles", "everyone"), *at, "allowed_mentions", "parse", n)
    for kind in ("users", "roles"):
        named = (allowed or {}).get(kind)
        yield from size(named, 0, 100, *at, "allowed_mentions", kind)
        if named and kind in ((allowed or {}).get("parse") or []):
            said = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            yield Fault((*at, "allowed_mentions"), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", said)


def thread_faults(body: Payload) -> Iterator[Fault]:
    """Faults of a thread that is to be started."""
    yield from size(body.get("name"), 1, 100, "name")
    if body.get("auto_archive_duration") is not None:
        yield from choice(body["auto_archive_duration"], ARCHIVE_MINUTES, "auto_archive_duration")


def suggestion_faults(choices: list[Payload]) -> Iterator[Fault]:
    """Faults of what an autocomplete offers."""
    yield from size(choices, 0, 25, "data", "choices")
    for n, each in enumerate(choices):
        yield from size(each.get("name"), 1, 100, "data", "choices", n, "name")
        if isinstance(each.get("value"), str):
            yield from size(each["value"], 1, 100, "data", "choices", n, "value")
