"""Whom a text would ping and which links it would unfold: what a newsroom notices before anything else."""

import re

from tests.strict.faults import Payload

MENTION = re.compile(r"<@(?P<role>&?)!?(?P<id>\d+)>|(?P<all>@everyone|@here)")
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
QUIET_LINK = re.compile(r"<https?://[^\s<>]+>", re.IGNORECASE)
LINK = re.compile(r"https?://[^\s<>()\[\]]+", re.IGNORECASE)


def pings(text: str, allowed: Payload | None, replied_to: str | None = None) -> frozenset[str]:
    """Who would be pinged: ``<@id>``, ``<@&id>`` for a role, ``@everyone``, ``@here``.

    ``allowed`` is ``allowed_mentions`` as it was sent; none means all that Discord parses by default. A mention
    counts whoever may make it and wherever it stands, also in code: a bot should not lean on either.
    """
    parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or [])
    named = {kind: {str(id) for id in (allowed or {}).get(kind) or []} for kind in ("users", "roles")}
    found = set()
    for mention in MENTION.finditer(text):
        kind = "everyone" if mention["all"] else "roles" if mention["role"] else "users"
        if kind in parse or mention["id"] in named.get(kind, ()):
            found.add(mention["all"] or f"<@{mention['role']}{mention['id']}>")
    if replied_to and (allowed is None or allowed.get("replied_user")):
        found.add(f"<@{replied_to}>")
    return frozenset(found)


def previews(content: str) -> frozenset[str]:
    """The links under which a card would appear: those neither in angle brackets nor in code."""
    return frozenset(LINK.findall(QUIET_LINK.sub(" ", CODE.sub(" ", content))))
