"""What Discord allows among the components of a message and of a modal."""

from collections import Counter
from collections.abc import Iterator
from enum import IntEnum

from tests.strict.faults import Fault, Payload, address, choice, size


class Kind(IntEnum):
    """Discord's kinds of component."""

    ROW = 1
    BUTTON = 2
    SELECT = 3
    INPUT = 4
    USERS = 5
    ROLES = 6
    MENTIONABLES = 7
    CHANNELS = 8
    SECTION = 9
    TEXT = 10
    THUMBNAIL = 11
    GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    UPLOAD = 19


SELECTS = {Kind.SELECT, Kind.USERS, Kind.ROLES, Kind.MENTIONABLES, Kind.CHANNELS}
V2_TOP = {Kind.ROW, Kind.SECTION, Kind.TEXT, Kind.GALLERY, Kind.FILE, Kind.SEPARATOR, Kind.CONTAINER}
WITHIN = {
    Kind.ROW: {Kind.BUTTON, *SELECTS},
    Kind.SECTION: {Kind.TEXT},
    Kind.CONTAINER: V2_TOP - {Kind.CONTAINER},
}
ROWS, V2_COMPONENTS, V2_TEXT = 5, 40, 4_000
LINK_BUTTON = 5

Placed = tuple[tuple[str | int, ...], Payload]


def walk(components: list[Payload], *at: str | int) -> Iterator[Placed]:
    """Every component with its place, those within others too, in the order in which they are shown."""
    for n, component in enumerate(components):
        yield from _walk(component, *at, n)


def _walk(component: Payload, *at: str | int) -> Iterator[Placed]:
    yield at, component
    yield from walk(component.get("components") or [], *at, "components")
    for alone in ("accessory", "component"):
        if component.get(alone):
            yield from _walk(component[alone], *at, alone)


def texts(components: list[Payload]) -> list[str]:
    """What the text displays among some components say."""
    return [str(each.get("content", "")) for _, each in walk(components) if each.get("type") == Kind.TEXT]


def component_faults(components: list[Payload], *, v2: bool) -> Iterator[Fault]:
    """Faults of a message's components, without or with the flag for components v2."""
    placed = list(walk(components, "components"))
    if v2:
        if len(placed) > V2_COMPONENTS:
            said = f"A message can have at most {V2_COMPONENTS} components."
            yield Fault(("components",), "BASE_TYPE_BAD_LENGTH", said)
        if sum(map(len, texts(components))) > V2_TEXT:
            said = f"The text of all components must be {V2_TEXT} or fewer in length."
            yield Fault(("components",), "COMPONENT_MAX_TOTAL_TEXT_DISPLAY_LENGTH", said)
    else:
        yield from size(components, 0, ROWS, "components")
    for n, top in enumerate(components):
        yield from choice(top.get("type"), V2_TOP if v2 else {Kind.ROW}, "components", n, "type")
    yield from _duplicates(placed)
    for at, component in placed:
        yield from _faults(component, *at)


def _duplicates(placed: list[Placed]) -> Iterator[Fault]:
    seen = Counter[str]()
    for at, component in placed:
        if custom_id := component.get("custom_id"):
            seen[custom_id] += 1
            if seen[custom_id] > 1:
                said = "Component custom id cannot be duplicated"
                yield Fault((*at, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", said)


def _faults(component: Payload, *at: str | int) -> Iterator[Fault]:
    kind = component.get("type")
    inside = component.get("components") or []
    if kind in WITHIN:
        for n, each in enumerate(inside):
            yield from choice(each.get("type"), WITHIN[Kind(kind)], *at, "components", n, "type")
    if kind == Kind.ROW:
        alone = any(each.get("type") in SELECTS for each in inside)
        yield from size(inside, 1, 1 if alone else 5, *at, "components")
    elif kind == Kind.BUTTON:
        yield from _button_faults(component, *at)
    elif kind in SELECTS:
        yield from _select_faults(component, *at)
    elif kind == Kind.SECTION:
        yield from size(inside, 1, 3, *at, "components")
        accessory = (component.get("accessory") or {}).get("type")
        yield from choice(accessory, {Kind.BUTTON, Kind.THUMBNAIL}, *at, "accessory", "type")
    elif kind == Kind.TEXT:
        yield from size(component.get("content"), 1, V2_TEXT, *at, "content")
    elif kind == Kind.GALLERY:
        yield from size(component.get("items"), 1, 10, *at, "items")


def _button_faults(button: Payload, *at: str | int) -> Iterator[Fault]:
    yield from choice(button.get("style"), range(1, 6), *at, "style")
    yield from size(button.get("label"), 0, 80, *at, "label")
    if not button.get("label") and not button.get("emoji"):
        yield Fault((*at, "label"), "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button must have a label or emoji")
    if button.get("style") == LINK_BUTTON:
        yield from size(button.get("url"), 1, 512, *at, "url")
        yield from address(button.get("url"), *at, "url", schemes=("http", "https", "discord"))
        if button.get("custom_id"):
            said = "A link button has no custom id"
            yield Fault((*at, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_AND_URL", said)
    else:
        yield from size(button.get("custom_id"), 1, 100, *at, "custom_id")


def _select_faults(select: Payload, *at: str | int) -> Iterator[Fault]:
    yield from size(select.get("custom_id"), 1, 100, *at, "custom_id")
    yield from size(select.get("placeholder"), 0, 150, *at, "placeholder")
    if select["type"] != Kind.SELECT:
        return
    options = select.get("options") or []
    yield from size(options, 1, 25, *at, "options")
    seen: set[str] = set()
    for n, option in enumerate(options):
        yield from size(option.get("label"), 1, 100, *at, "options", n, "label")
        yield from size(option.get("value"), 1, 100, *at, "options", n, "value")
        yield from size(option.get("description"), 0, 100, *at, "options", n, "description")
        if option.get("value") in seen:
            said = "The specified option value is already used"
            yield Fault((*at, "options", n, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", said)
        seen.add(option.get("value"))


# -- modals


def modal_faults(modal: Payload) -> Iterator[Fault]:
    """Faults of a modal, the ``data`` of the answer that opens it."""
    yield from size(modal.get("title"), 1, 45, "data", "title")
    yield from size(modal.get("custom_id"), 1, 100, "data", "custom_id")
    tops = modal.get("components") or []
    yield from size(tops, 1, 5, "data", "components")
    for n, top in enumerate(tops):
        yield from choice(top.get("type"), {Kind.ROW, Kind.LABEL, Kind.TEXT}, "data", "components", n, "type")
    placed = list(walk(tops, "data", "components"))
    yield from _duplicates(placed)
    for at, component in placed:
        if component.get("type") == Kind.LABEL:
            yield from size(component.get("label"), 1, 45, *at, "label")
            yield from size(component.get("description"), 0, 100, *at, "description")
            if not component.get("component"):
                yield Fault((*at, "component"), "BASE_TYPE_REQUIRED", "This field is required")
        elif component.get("type") == Kind.ROW:
            yield from _modal_row_faults(component, *at)
        elif component.get("type") == Kind.INPUT:
            yield from _input_faults(component, *at)
        elif component.get("type") in SELECTS:
            yield from _select_faults(component, *at)


def _modal_row_faults(row: Payload, *at: str | int) -> Iterator[Fault]:
    inside = row.get("components") or []
    yield from size(inside, 1, 1, *at, "components")
    for n, each in enumerate(inside):
        yield from choice(each.get("type"), {Kind.INPUT}, *at, "components", n, "type")
        yield from size(each.get("label"), 1, 45, *at, "components", n, "label")


def _input_faults(field: Payload, *at: str | int) -> Iterator[Fault]:
    yield from size(field.get("custom_id"), 1, 100, *at, "custom_id")
    yield from size(field.get("placeholder"), 0, 100, *at, "placeholder")
    yield from size(field.get("value"), 0, 4_000, *at, "value")
    yield from choice(field.get("style"), (1, 2), *at, "style")
    least, most = field.get("min_length") or 0, field.get("max_length") or 4_000
    if not 0 <= least <= 4_000:
        yield Fault((*at, "min_length"), "NUMBER_TYPE_MAX", "int value should be less than or equal to 4000.")
    if not max(1, least) <= most <= 4_000:
        yield Fault((*at, "max_length"), "NUMBER_TYPE_MAX", "int value should be less than or equal to 4000.")
