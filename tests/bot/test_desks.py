import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desks import ChannelRules, DeskError, main_desk, new_desk, readable, reserved, resolve, shown, writable
from ingest.store import check_desk

SHARED = ("default", "wire")
ANYTHING = ChannelRules()

guilds = st.integers(0, 2**64 - 1).map(str)
two_guilds = st.lists(guilds, min_size=2, max_size=2, unique=True)
letters = st.text("abgs019._-", min_size=1, max_size=12)
typed = letters | st.sampled_from(["server", "all", "server.wire", "g1", "g1.wire", "wire", "default"])


def refusal(make: object) -> str:
    assert callable(make)
    with pytest.raises(DeskError) as refused:
        make()
    assert "\n" not in str(refused.value)
    return str(refused.value)


def made(guild: str, names: list[str], shared: tuple[str, ...] = SHARED) -> tuple[str, ...]:
    """The desks that a guild has after someone tried to make those."""
    short = []
    for name in names:
        try:
            short.append(new_desk(guild, name, shared))
        except DeskError:
            continue
    return tuple(dict.fromkeys(short))


def owns(guild: str, stored: str) -> bool:
    return stored.partition(".")[0] == f"g{guild}"


# -- reading


def test_a_channel_reads_its_guilds_main_desk_and_the_shared_ones() -> None:
    assert readable("7", ANYTHING, ("sport",), SHARED) == ("g7", "default", "wire")


@pytest.mark.parametrize("desk", ["g7", "g7.sport", "wire"])
def test_a_channel_can_be_narrowed_to_one_desk(desk: str) -> None:
    assert readable("7", ChannelRules(desk), ("sport",), SHARED) == (desk,)


@pytest.mark.parametrize("desk", ["g8", "g8.sport", "g7.gone", "unshared", "g77", "", "g7."])
def test_a_channel_narrowed_to_what_it_may_not_read_reads_nothing(desk: str) -> None:
    assert readable("7", ChannelRules(desk), ("sport",), SHARED) == ()


def test_without_a_guild_only_shared_desks_are_read() -> None:
    assert readable(None, ANYTHING, (), SHARED) == SHARED
    assert readable(None, ChannelRules("g7"), ("sport",), SHARED) == ()


@pytest.mark.parametrize("name", ["g8", "g8.sport", "server", "all"])
def test_a_shared_desk_whose_name_could_be_a_guilds_own_is_not_shared(name: str) -> None:
    assert reserved(name)
    assert readable("7", ANYTHING, (), ("wire", name)) == ("g7", "wire")
    assert readable("7", ChannelRules(name), (), ("wire", name)) == ()
    assert readable(None, ANYTHING, (), ("wire", name)) == ("wire",)


@given(two_guilds, st.lists(typed), st.lists(typed), st.data())
def test_no_guild_reads_a_desk_of_another_whatever_its_rules_say(
    both: list[str], names: list[str], others: list[str], data: st.DataObject
) -> None:
    here, there = both
    theirs = [main_desk(there), *(f"{main_desk(there)}.{short}" for short in made(there, others))]
    rules = ChannelRules(data.draw(st.none() | st.sampled_from(theirs) | typed))
    read = readable(here, rules, made(here, names), (*SHARED, data.draw(st.sampled_from(theirs))))
    assert not any(owns(there, desk) for desk in read)
    assert all(owns(here, desk) or desk in SHARED for desk in read)


@given(two_guilds, st.lists(typed), st.lists(typed))
def test_two_guilds_have_no_desk_in_common_but_the_shared_ones(
    both: list[str], names: list[str], others: list[str]
) -> None:
    here, there = (
        {resolve(guild, name, created, SHARED) for name in ("server", *created)}
        for guild, created in zip(both, (made(both[0], names), made(both[1], others)), strict=True)
    )
    assert not here & there
    assert not (here | there) & set(SHARED)
    assert all(check_desk(desk) for desk in here | there)


@pytest.mark.parametrize("guild", ["", "1.2", "x", "²", "1\n", "1" * 21])
def test_what_is_no_guild_has_no_desk(guild: str) -> None:
    with pytest.raises(ValueError, match="is not the id of a guild"):
        main_desk(guild)


# -- writing


@pytest.mark.parametrize(
    ("narrowed", "written"),
    [(None, "g7"), ("g7", "g7"), ("g7.sport", "g7.sport"), ("wire", "g7"), ("g8", "g7"), ("g7.gone", "g7")],
)
def test_an_ingest_writes_to_a_desk_of_its_own_guild(narrowed: str | None, written: str) -> None:
    assert writable("7", ChannelRules(narrowed), ("sport",)) == written


# -- names


@pytest.mark.parametrize(
    ("name", "stored"),
    [("server", "g7"), ("sport", "g7.sport"), ("wire", "wire"), (" Server ", "g7"), ("SPORT", "g7.sport")],
)
def test_people_call_desks_by_short_names(name: str, stored: str) -> None:
    assert resolve("7", name, ("sport",), SHARED) == stored
    assert shown(stored, "7", SHARED) == name.strip().lower()


def test_an_unknown_desk_is_refused_with_those_that_there_are() -> None:
    assert refusal(lambda: resolve("7", "g8", ("sport",), SHARED)) == (
        "There is no desk 'g8' here. Choose from: server, sport, default, wire."
    )
    assert refusal(lambda: resolve(None, "server", (), SHARED)) == (
        "There is no desk 'server' here. Choose from: default, wire."
    )
    assert refusal(lambda: resolve(None, "x\n" * 5000, (), ())).endswith("here. Choose from: none.")


@pytest.mark.parametrize("guild", ["7", None])
@pytest.mark.parametrize("stored", ["g8", "g8.sport", "g77", "unshared"])
def test_a_desk_that_is_not_open_here_has_no_name_here(guild: str | None, stored: str) -> None:
    assert refusal(lambda: shown(stored, guild, SHARED)) == (
        "The desk that was chosen is not open here any more. Choose another one."
    )


def test_a_desk_made_before_another_of_its_name_was_shared_is_still_told_apart() -> None:
    assert shown("g7.wire", "7", SHARED) == "server.wire"
    assert resolve("7", "server.wire", ("wire",), SHARED) == "g7.wire"
    assert resolve("7", "wire", ("wire",), SHARED) == "wire"


@given(guilds, st.lists(typed), st.lists(letters, unique=True))
def test_every_desk_that_can_be_read_has_a_name_that_leads_back_to_it(
    guild: str, names: list[str], later: list[str]
) -> None:
    created = made(guild, names)
    shared = (*SHARED, *(name for name in later if name not in SHARED))  # shared since the guild's desks were made
    for stored in (f"g{guild}", *(f"g{guild}.{short}" for short in created), *readable(None, ANYTHING, (), shared)):
        assert resolve(guild, shown(stored, guild, shared), created, shared) == stored


@pytest.mark.parametrize("name", ["server", "Server", "all", "wire", "server.x", "g1", "g12345.sport"])
def test_a_guild_cannot_make_a_desk_of_a_name_that_means_another(name: str) -> None:
    assert refusal(lambda: new_desk("7", name, SHARED)) == (
        f"{name.lower()!r} is the name of another kind of desk. Choose another name."
    )


def test_a_guild_can_make_a_desk_as_long_as_its_stored_name_is_one() -> None:
    guild = str(2**64 - 1)
    assert new_desk(guild, " Sport ", SHARED) == "sport"
    assert new_desk(guild, "x" * 41, SHARED) == "x" * 41
    for wrong in ("x" * 42, "", "two words", "-x", "ä", "x" * 5000):
        message = refusal(lambda wrong=wrong: new_desk(guild, wrong, SHARED))
        assert "cannot be the name of a desk: use 1 to 41 of a-z, 0-9, '.', '_' and '-'," in message
