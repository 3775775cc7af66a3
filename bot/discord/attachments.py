"""Files that people attach, read as articles: only from Discord, only of the kinds and sizes that can be read."""

import asyncio
from pathlib import PurePath
from urllib.parse import urlsplit

import aiohttp
import discord

from ingest.errors import SourceError
from ingest.load import MAX_BYTES, MEDIA, Loaded, of_bytes

HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
"""Where Discord keeps attachments."""

SECONDS = 30.0


async def read(file: discord.Attachment, api_url: str) -> Loaded:
    """The bytes of an attachment.

    Args:
        file: the attachment.
        api_url: the server that stands for Discord; its own host may then keep attachments. Empty: Discord itself.

    Raises:
        SourceError: it is too large, of the wrong kind, kept elsewhere, or cannot be had.
    """
    name = file.filename
    if file.size > MAX_BYTES:
        raise SourceError(f"{name}: larger than {MAX_BYTES // 1_000_000} MB. Attach the article alone.")
    if PurePath(name).suffix.lower() not in MEDIA:
        raise SourceError(f"{name}: cannot be read. Attach one of {', '.join(MEDIA)}.")
    if urlsplit(file.url).hostname not in (HOSTS if not api_url else {urlsplit(api_url).hostname}):
        raise SourceError(f"{name}: is not kept by Discord. Attach it here.")
    try:
        async with asyncio.timeout(SECONDS):
            data = await file.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError):
        raise SourceError(f"{name}: could not be fetched from Discord. Attach it again.") from None
    return of_bytes(name, f"discord:{file.id}/{name}", data)
