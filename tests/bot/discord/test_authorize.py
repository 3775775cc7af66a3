"""Who may do what where: one decision for every way in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desks import ChannelRules
from bot.discord.authorize import Access, Act, NotAllowedError, WayIn, authorize

MEMBER = WayIn(user="3", guild="1", channel="2")
MANAGER = replace(MEMBER, may_manage=True)
DIRECT = WayIn(user="3", guild=None, channel=None, direct=True)
USER_INSTALLED = WayIn(user="3", guild=None, channel=None)
RULES = ChannelRules()
SHARED = ("default",)


def refusal(way: WayIn, act: Act = "ask", rules: ChannelRules = RULES, direct_messages: bool = True) -> str:
    with pytest.raises(NotAllowedError) as refused:
        authorize(way, act, rules, ["sport"], SHARED, direct_messages)
    return str(refused.value)


def access(way: WayIn, act: Act = "ask", rules: ChannelRules = RULES) -> Access:
    return authorize(way, act, rules, ["sport"], SHARED)


def test_a_member_reads_the_server_and_the_shared_desks() -> None:
    assert access(MEMBER) == Access(("g1", "default"), "g1")


def test_a_channel_that_is_narrowed_reads_one_desk() -> None:
    assert access(MEMBER, rules=ChannelRules("g1.sport")).desks == ("g1.sport",)
    assert access(MEMBER, rules=ChannelRules("default")).desks == ("default",)


@pytest.mark.parametrize("way", [DIRECT, USER_INSTALLED])
def test_outside_servers_only_shared_desks_are_read_and_none_is_written(way: WayIn) -> None:
    assert access(way) == Access(("default",), None)


def test_what_a_person_brings_along_is_shown_to_them_alone() -> None:
    assert USER_INSTALLED.only_for_the_asker
    assert not DIRECT.only_for_the_asker
    assert not MEMBER.only_for_the_asker


def test_a_manager_changes_the_desk_that_the_channel_reads_or_else_the_main_one() -> None:
    assert access(MANAGER, "manage").writes_to == "g1"
    assert access(MANAGER, "manage", ChannelRules("g1.sport")).writes_to == "g1.sport"
    assert access(MANAGER, "manage", ChannelRules("default")).writes_to == "g1"


def test_a_channel_whose_desk_is_gone_can_be_given_another() -> None:
    gone = ChannelRules("g1.gone")
    assert "This channel's desk is gone." in refusal(MEMBER, rules=gone)
    assert access(MANAGER, "manage", gone).desks == ()


@pytest.mark.parametrize(
    ("way", "act", "why"),
    [
        (replace(MEMBER, by_bot=True), "ask", "Other bots are not answered."),
        (replace(MEMBER, channel=None), "ask", "This channel could not be looked up"),
        (replace(MANAGER, channel=None), "manage", "This channel could not be looked up"),
        (MEMBER, "manage", "This needs the permission Manage Server."),
        (replace(DIRECT, may_manage=True), "manage", "This works only in a server"),
        (replace(USER_INSTALLED, may_manage=True), "manage", "This works only in a server"),
    ],
)
def test_who_is_turned_away_is_told_why(way: WayIn, act: Act, why: str) -> None:
    assert refusal(way, act).startswith(why)


@pytest.mark.parametrize("way", [DIRECT, USER_INSTALLED])
def test_without_shared_desks_nothing_is_read_outside_servers(way: WayIn) -> None:
    with pytest.raises(NotAllowedError, match="No articles are open outside servers"):
        authorize(way, "ask", RULES, (), ())


def test_direct_messages_can_be_switched_off() -> None:
    assert refusal(DIRECT, direct_messages=False).startswith("Direct messages are switched off.")


ids = st.integers(1, 2**63).map(str)


@given(
    way=st.builds(WayIn, ids, st.none() | ids, st.none() | ids, st.booleans(), st.booleans(), st.booleans()),
    act=st.sampled_from(["ask", "manage"]),
    desk=st.none() | st.sampled_from(["g7", "g7.x", "default", "secret", "g1", "g1.sport"]),
    created=st.lists(st.sampled_from(["sport", "x"])),
)
def test_nobody_ever_reads_or_writes_a_desk_of_another_server(
    way: WayIn, act: Act, desk: str | None, created: list[str]
) -> None:
    try:
        given_access = authorize(way, act, ChannelRules(desk), created, SHARED)
    except NotAllowedError:
        return
    own = f"g{way.guild}"
    assert all(each in SHARED or each == own or each.startswith(f"{own}.") for each in given_access.desks)
    assert given_access.writes_to is None or given_access.writes_to.split(".")[0] == own
