"""The errors that a person can act on: each message says what failed, on which input, and what to do."""


class CitedeskError(Exception):
    """Anything that is reported as one line, never as a traceback."""


class SourceError(CitedeskError):
    """One source could not be read as an article. The other sources go on."""


class LaterError(SourceError):
    """One source could not be read for a reason that may pass.

    ``after`` says how many seconds its server asked to wait, 0 if it did not.
    """

    def __init__(self, line: str, after: float = 0.0) -> None:
        super().__init__(line)
        self.after = after


class StoreError(CitedeskError):
    """The store of articles cannot be opened, read or written."""


class SettingsError(CitedeskError):
    """A setting is missing or wrong. The message names the variable."""
