"""The words by which news tells persons from bodies, one from several, and women from men.

The classes of words are lists. None is complete: whoever is on none of them is taken for nobody in particular.
"""

from typing import Literal

from bot.wording import ROLE, kind, pattern

Gender = Literal["he", "she", ""]
"""Which pronoun somebody goes by; empty where it cannot be told."""

_MALE = pattern(r"(?:mr|sir|lord|king|prince|father|brother|son|husband|man|boy|actor|widower|\w+(?<!wo)m[ae]n)")
_FEMALE = pattern(
    r"(?:mrs|ms|miss|dame|lady|queen|princess|mother|sister|daughter|wife|woman|girl|actress|widow|\w+wom[ae]n)"
)
_MEN = (
    "adam ahmad ahmed alan ali anders andrew andriy andrés anthony antonio arthur ben benjamin bill bob brian"
    " carlos charles christopher daniel david dmitry donald edward emmanuel erik ernesto fernando francisco frank"
    " george hans hassan henry hiroshi hugo hussein ibrahim igor ivan jack jacques james javier jim joe john jonas"
    " jorge joseph josé juan julio karim karl kenji kevin kofi lars luis mahmoud marco mario mark martin matthew"
    " michael miguel mohamed mohammed muhammad musa mustafa nicolás nikolai nils oleg omar oscar pablo patrick"
    " paul pedro peter philip pierre rafael richard robert roberto sergei sergey simon stefan stephen steven"
    " thomas tom tomás vladimir volodymyr walter william yusuf"
)
_WOMEN = (
    "aisha alice amina ana anita ann anna anne barbara beatriz carmen catherine charlotte christine clara elena"
    " elizabeth ellen emily emma ewa fatima fiona françoise grace hannah helen hélène ingrid irene irina isabel"
    " jane jennifer jessica joan julia karen kate katherine laila laura layla leila linda lisa lucy lucía margaret"
    " maria mariam marie martha mary maría nadia natalia natasha olga patricia petra rachel rosa ruth samira sara"
    " sarah sofia sophie susan svetlana teresa ursula zainab"
)
_GIVEN: dict[str, Gender] = {**dict.fromkeys(_MEN.split(), "he"), **dict.fromkeys(_WOMEN.split(), "she")}
"""Given names that are a man's, or a woman's, nearly everywhere."""

_BODY = (
    "agency airline airlines army association authority bank board bureau campaign central centre charity charter"
    " church city club college commission committee company congress corporation council court department energy"
    " ferries firm foundation gas government group hospital house institute international kremlin lines"
    " manufacturer media ministry museum newspaper office oil operator organisation organization pact paper"
    " parliament party pentagon police post press producer regulator school senate service society team times"
    " treasury tribunal union university"
)
_SEVERAL = (
    "activists analysts authorities campaigners doctors economists engineers experts farmers investigators"
    " journalists lawmakers lawyers leaders ministers negotiators neighbours officers officials organisers"
    " organizers police prosecutors protesters rebels rescuers researchers residents scientists sources spokesmen"
    " students survivors teachers unions witnesses workers"
)
_PERSON = (
    "academic activist admiral adviser advisor advocate aide archbishop astronomer attorney aunt author baker"
    " banker barrister biologist bishop boss boy broker brother builder butcher campaigner candidate captain"
    " carpenter ceo chair chairwoman chef chemist chief clerk co-founder colleague colonel columnist commissioner"
    " congressman congresswoman contractor coroner correspondent counsel counsellor counterpart cousin critic"
    " curator dancer daughter delegate deputy designer detective doctor driver economist editor electrician"
    " engineer envoy executive farmer father firefighter fisherman friend girl goalkeeper granddaughter"
    " grandfather grandson guard head historian husband ian inspector investigator justice landlord lecturer"
    " lieutenant magistrate major manager mechanic member mep midfielder migrant monk mother mp negotiator"
    " neighbor neighbour nephew niece novelist nun nurse owner paramedic partner passenger pastor pensioner"
    " photographer physicist pilot planner plumber poet policeman policewoman predecessor premier priest prince"
    " princess producer professor prosecutor rabbi rector referee refugee representative researcher resident rival"
    " sailor scholar scientist sergeant sheriff shopkeeper singer sister solicitor son speaker specialist"
    " strategist striker student successor surgeon survivor suspect teacher tenant tourist trader translator"
    " treasurer trustee uncle veteran vicar vice-president victim volunteer widow widower wife winner worker"
    " writer"
)
BODIES = "|".join(_BODY.split())
"""Words for what is no person and may speak, as alternatives of a pattern."""
MANY = "|".join(_SEVERAL.split())
"""Words for several people who may speak as one."""
PERSON = (
    rf"{ROLE}|{'|'.join(_PERSON.split())}|councill?or|organi[sz]er"
    r"|\w+man|\w+woman|\w+person|\w*keeper|\w+ologist|\w{3,}(?:ist|ian|eer)"
)
"""Words for a person by what they are."""
_PERSON_ALONE = pattern(rf"(?:{PERSON})")
_TITLE = pattern(rf"(?:{PERSON}|mr|mrs|ms|miss|dr|prof|sir|dame|lord|lady|sen|rep|gov|gen|lt|col|capt|sgt|rev)\.?")
_HONORIFIC = pattern(r"(?:mr|mrs|ms|miss|dr)\.?")
_BODIES = frozenset(_BODY.split())


def is_person(word: str) -> bool:
    """Whether a word says what a person is: "minister"."""
    return _PERSON_ALONE.fullmatch(word) is not None


def is_title(word: str) -> bool:
    """Whether a word may stand right before a name: "Minister", "Mrs."."""
    return _TITLE.fullmatch(word) is not None


def is_role(word: str) -> bool:
    """Whether such a word also says what somebody does."""
    return is_title(word) and _HONORIFIC.fullmatch(word) is None


def is_body(name: str) -> bool:
    """Whether a name is more likely a place's or an organisation's than a person's."""
    parts = name.lower().split()
    return kind(name) != "person" or parts[-1] in _BODIES or parts[0] in _BODIES


def is_given(word: str) -> bool:
    """Whether a word is a given name."""
    return word.lower() in _GIVEN


def gender_of(noun: str) -> Gender:
    """Whom a word for a person can only mean: a spokesman is no woman."""
    return "she" if _FEMALE.fullmatch(noun) else "he" if _MALE.fullmatch(noun) else ""


def gender_of_name(name: str) -> Gender:
    """Whose name it is, by the given name; a last name alone does not tell."""
    given, _, last = name.partition(" ")
    return _GIVEN.get(given.lower(), "") if last else ""
