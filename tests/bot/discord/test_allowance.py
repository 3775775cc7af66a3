"""How much one person and one server may ask."""

from bot.discord.allowance import Allowance


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def allowance(each_minute: int) -> tuple[Allowance, Clock]:
    clock = Clock()
    return Allowance(each_minute, clock), clock


def test_who_has_asked_enough_waits_until_the_first_question_is_a_minute_old() -> None:
    asked, clock = allowance(2)
    for clock.now in (0.0, 10.0):
        assert asked.wait("ann") == 0
        asked.take("ann")
    assert asked.wait("ann") == 50
    clock.now = 59.5
    assert asked.wait("ann") == 1
    clock.now = 60.0
    assert asked.wait("ann") == 0


def test_others_do_not_wait() -> None:
    asked, _ = allowance(1)
    asked.take("ann")
    assert asked.wait("ann")
    assert not asked.wait("ben")


def test_no_allowance_is_no_limit() -> None:
    asked, _ = allowance(0)
    for _ in range(100):
        asked.take("ann")
    assert asked.wait("ann") == 0


def test_who_no_longer_asks_is_forgotten() -> None:
    asked, clock = allowance(1)
    for n in range(1000):
        clock.now += 1
        asked.wait(str(n))
        asked.take(str(n))
    assert len(asked._taken) <= 70


def test_who_asks_all_the_time_keeps_nobody_else_in_memory() -> None:
    asked, clock = allowance(100)
    for n in range(1000):
        clock.now += 1
        for who in ("ann", "ben", str(n)):
            asked.wait(who)
            asked.take(who)
    assert len(asked._taken) <= 70
