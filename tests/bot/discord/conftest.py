"""One real store and chain for all tests of the bot, and a scene of its own for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chain import embedder_of
from bot.room import Room, open_room
from bot.settings import Settings
from ingest.pipeline import shelve
from tests.bot.discord.scene import SHARED, Scene


@pytest.fixture(scope="session")
def real_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room with one article on the shared desk; what tests put into it stands on desks of their own servers."""
    with open_room(Settings(home=tmp_path_factory.mktemp("room"))) as room:
        shelve([SHARED], "default", room.store, embedder_of(room.settings))
        yield room


@pytest.fixture
def scene(real_room: Room, tmp_path: Path) -> Scene:
    return Scene(real_room, tmp_path)
