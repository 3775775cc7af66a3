"""Of what a model writes nothing is shown that leaves out, or puts in, the small word on which its meaning hangs."""

import pytest

from bot.supported import support
from tests.bot.evidence import evidence, texts


def is_supported(sentence: str, article: str) -> bool:
    found = evidence(f"The news came in the morning. {article} Rain is expected.")
    return support(sentence, found, texts([found])) is not None


@pytest.mark.parametrize(
    ("article", "turned"),
    [
        ("Did the mayor steal the money?", "The mayor stole the money."),
        ("Deputy mayor Tom Reed sold 40 shares in Nordbau.", "Mayor Tom Reed sold 40 shares in Nordbau."),
        ("Tom Reed sold 40 shares in Nordbau in May.", "President Tom Reed sold 40 shares in Nordbau in May."),
        ("Ivo Kern, once a minister, now runs a bar in Oslo.", "Minister Ivo Kern runs a bar in Oslo."),
        ("Ex-minister Ivo Kern resigned from the board.", "Minister Ivo Kern resigned from the board."),
        ("Would-be killer Al Box apologised.", "Killer Al Box apologised."),
        ("Almost 300 people attended the rally.", "300 people attended the rally."),
        ("The union called off the strike.", "The union called the strike."),
        ("Guards shot a man carrying a toy gun.", "Guards shot a man carrying a gun."),
        ("Inflation rose to 3.2% in May from 2.9% in April.", "Inflation rose to 3.2% in April."),
        ("Inflation rose to 3.2% in May.", "Inflation rose 3.2% in May."),
        ("The talks began on 3 May and ended on 9 May.", "The talks ended on 3 May."),
        ("In 2019 the firm hired 30 staff and in 2021 fired 40.", "In 2019 the firm fired 40."),
        ("The pilot, Tom Oak, and the co-pilot, Al Box, were drunk.", "The pilot, Al Box, was drunk."),
        ("Ann Lee, 45, and Bo Li, 54, were elected.", "Ann Lee, 54, was elected."),
        ("The mayor said: “I did not take a bribe.”", "The mayor said: “take a bribe.”"),
        (
            "Tom Reed left. Reed, an engineer, sold it to his brother Carl Reed.",
            "Carl Reed, an engineer, sold it.",
        ),
        ("Tom Reed met Carl Reed. Reed was jailed for 9 years.", "Carl Reed was jailed for 9 years."),
        ("Tom Reed left. Police arrested Carl Reed on Monday.", "Police arrested Reed on Monday."),
    ],
)
def test_what_turns_the_meaning_round_is_not_left_out(article: str, turned: str) -> None:
    assert not is_supported(turned, article)


@pytest.mark.parametrize(
    ("article", "same"),
    [
        ("Deputy mayor Tom Reed sold 40 shares in Nordbau.", "Deputy mayor Tom Reed sold 40 shares in Nordbau."),
        ("On Monday president Ann Lee signed the bill.", "President Ann Lee signed the bill on Monday."),
        ("The union called off the strike in Kent.", "The union called off the strike."),
        ("The talks began on 3 May and ended on 9 May.", "The talks began on 3 May."),
        ("In 2019 the firm hired 30 staff and in 2021 fired 40.", "In 2019 the firm hired 30 staff."),
        ("Ann Lee, 45, and Bo Li, 54, were elected.", "Ann Lee, 45, was elected."),
        ("Tom Reed left. Police arrested Carl Reed on Monday.", "Carl Reed was arrested by police on Monday."),
        ("Tom Reed left. On Monday Reed sold 40 shares in Nordbau.", "Tom Reed sold 40 shares in Nordbau on Monday."),
    ],
)
def test_what_is_only_said_otherwise_is_still_supported(article: str, same: str) -> None:
    assert is_supported(same, article)
