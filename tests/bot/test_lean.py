"""What is quoted together, so that a reader knows who speaks and what about."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lean import REACH, STEPS, leaning
from ingest.article import normalise
from ingest.sentences import sentences

YUSOV = (
    "Kyiv has counted them. Andriy Yusov, a spokesman, put the number at 20,000.\n\n"
    "“Cuba is ranked at the top of the list. Currently we know of 20,000 people,” he said. Havana denies it."
)
STEPANOV = (
    "Alexander Stepanov, an expert, linked the pact to Washington. He told Tass that it answers Donald Trump’s moves."
    " “This is a symmetrical response,” he said. In his reading, Russia could now send missiles to Cuba."
)
ZABLOTSKYY = (
    "Maryan Zablotskyy, a lawmaker, testified. He said that much help comes from Iran and Cuba."
    " Without their support, he argued, the attack would be over. He asked the House for a law."
)


def together(paragraph: str, sentence: str) -> list[str]:
    """What is quoted with the sentence that begins like this, itself among it, each by its first words."""
    text = normalise(paragraph)
    found = sentences(text)
    [at] = [n for n, span in enumerate(found) if span.of(text).startswith(sentence)]
    return [" ".join(found[n].of(text).split()[:3]) for n in leaning(text, found, at)]


@pytest.mark.parametrize(
    ("paragraph", "sentence", "quoted"),
    [
        # a quotation over several sentences: who ends it with "he said" is named before it
        (YUSOV, "“Cuba is ranked", ["Andriy Yusov, a", "“Cuba is ranked", "Currently we know"]),
        (YUSOV, "Currently", ["Andriy Yusov, a", "Currently we know"]),
        (YUSOV, "Andriy Yusov", ["Andriy Yusov, a"]),
        (YUSOV, "Havana", ["Havana denies it."]),
        # "he" is the last one named, however often he is "he" in between
        (STEPANOV, "He told Tass", ["Alexander Stepanov, an", "He told Tass"]),
        (STEPANOV, "“This is", ["Alexander Stepanov, an", "He told Tass", "“This is a"]),
        (STEPANOV, "In his reading", ["Alexander Stepanov, an", "In his reading,"]),
        (ZABLOTSKYY, "He asked", ["Maryan Zablotskyy, a", "He asked the"]),
        (ZABLOTSKYY, "Without their", ["Maryan Zablotskyy, a", "He said that", "Without their support,"]),
        # the speaker is named by the quotation itself, before it, within it or behind it
        ("Ann left. “We lost,” Bob Ray said.", "“We", ["“We lost,” Bob"]),
        (
            "Ann left. “We lost,” said Bob Ray. “It hurts. We will be back.”",
            "We will",
            ["“We lost,” said", "We will be"],
        ),
        ("Ann left. Bob Ray told the House: “We lost. We will be back.”", "We will", ["Bob Ray told", "We will be"]),
        ("“We lost,” said Bob Ray.\n\n“We will be back.”", "“We will", ["“We lost,” said", "“We will be"]),
        ("Bob Ray spoke on Monday.\n\n“We will be back.”", "“We will", ["Bob Ray spoke", "“We will be"]),
        # straight quotation marks, guillemets, German ones, quotations within quotations
        (
            'Bob Ray spoke. "We lost. We will be back," he said.',
            '"We lost',
            ["Bob Ray spoke.", '"We lost.', "We will be"],
        ),
        ("Bob Ray spoke. «We lost. We will be back», he said.", "We will", ["Bob Ray spoke.", "We will be"]),
        ("Ray kam. „Wir verlieren“, sagte er. Die Partei schwieg.", "Die", ["Die Partei schwieg."]),
        (
            "Bob Ray spoke. “Ann told me: ‘We lost.’ I did not believe her,” he said. Ann left.",
            "I did",
            ["Bob Ray spoke.", "I did not"],
        ),
        ("Bob Ray spoke. “Ann told me: ‘We lost.’ I did not,” he said. Ann left.", "Ann left", ["Ann left."]),
        # words quoted in a sentence are no quotation
        ("Bob Ray spoke. “Titanic” won eleven Oscars.", "“Titanic”", ["“Titanic” won eleven"]),
        ("Bob Ray spoke. Moscow called the pact “a legal ground” on Monday.", "Moscow", ["Moscow called the"]),
        # neither whom he told nor when names him
        ("Bob Ray left. “We lost,” he told CNN on Tuesday.", "“We", ["Bob Ray left.", "“We lost,” he"]),
        ("Bob Ray left. On Tuesday, he told CNN that it was over.", "On", ["Bob Ray left.", "On Tuesday, he"]),
        ("Ann Ray, the minister, left. “We lost,” the minister said.", "“We", ["Ann Ray, the", "“We lost,” the"]),
        ("Prices rose. Officials said they had expected it.", "Officials", ["Officials said they"]),
        ("Prices rose. The Kremlin said nothing.", "The Kremlin", ["The Kremlin said"]),
        # things: "it", "this", "the agreement"
        ("Kyiv has a plan. In July it opened embassies.", "In July", ["Kyiv has a", "In July it"]),
        ("The accord is broad. It also covers trade.", "It also", ["The accord is", "It also covers"]),
        ("Rebels took the town. That forced the army out.", "That", ["Rebels took the", "That forced the"]),
        ("Cuba signed an agreement. The agreement is weak.", "The agreement", ["Cuba signed an", "The agreement is"]),
        ("The pact was signed. Ann wept. The pact is weak.", "The pact is", ["The pact was", "The pact is"]),
        (
            "Envoy Bob Ray, an ambassador, left. The ambassador told Tass.",
            "The",
            ["Envoy Bob Ray,", "The ambassador told"],
        ),
        (
            "Kyiv counts 20,000. The figure was first given in May.",
            "The figure",
            ["Kyiv counts 20,000.", "The figure was"],
        ),
        ("Cuba signed. The agreement of 1998 is weak.", "The agreement", ["The agreement of"]),
        ("The Luther Bible sold. The Luther Bible was read.", "The Luther Bible was", ["The Luther Bible"]),
        # times: this one is told by the date of the article, that one by the sentence before
        ("Cuba signed. This June, Venezuela joined.", "This June", ["This June, Venezuela"]),
        ("Cuba signed in May. That month, Venezuela joined.", "That", ["Cuba signed in", "That month, Venezuela"]),
        ("Cuba signed in 2018. Jets flew there that year.", "Jets", ["Cuba signed in", "Jets flew there"]),
        ("Cuba signed. On May 9 it was known that day.", "On May", ["Cuba signed.", "On May 9"]),
        ("Cuba signed. In 2018 Venezuela joined, and jets flew that year.", "In 2018", ["In 2018 Venezuela"]),
        # what only looks like it
        ("Cuba signed. It is unclear whether Venezuela will.", "It is", ["It is unclear"]),
        ("Ann Ray lost. After losing his seat, Bob Ray retired.", "After", ["After losing his"]),
        ("Cuba signed. Those who fled were captured.", "Those", ["Those who fled"]),
        ("Bob Ray ran. Heather Lee won.", "Heather", ["Heather Lee won."]),
        # headings say nothing
        ("Bob Ray lost.\n\n## What now\n\nHe will be back.", "He", ["Bob Ray lost.", "He will be"]),
        # nothing stands before it
        ("He left. Ann stayed.", "He left", ["He left."]),
        ("“We lost,” he said. Ann stayed.", "“We", ["“We lost,” he"]),
    ],
)
def test_what_is_quoted_with_a_sentence(paragraph: str, sentence: str, quoted: list[str]) -> None:
    assert together(paragraph, sentence) == quoted


PIECES = [
    "He left. ",
    "“We lost. ",
    "Ann won,” ",
    "she said. ",
    '"',
    "That day, ",
    "The pact was weak. ",
    "\n\n",
    "„",
    "»",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), min_size=1, max_size=30))
def test_whatever_the_text_a_sentence_is_quoted_with_a_few_that_stand_near(pieces: list[str]) -> None:
    text = normalise("".join(pieces))
    found = sentences(text)
    for at in range(len(found)):
        quoted = leaning(text, found, at)
        assert at in quoted
        assert all(a < b for a, b in pairwise(quoted))
        assert max(quoted) <= at + REACH
        assert min(quoted) >= at - (STEPS + 1) * (REACH + 1)


def test_one_endless_quotation_takes_no_time() -> None:
    text = "“" + "We lost again and again. " * 20_000
    found = sentences(text)
    assert leaning(text, found, len(found) - 1)
