"""The command ``citedesk``. What is heavy is imported by the command that needs it: ``--help`` is instant."""

import sys
from errno import EDQUOT, EFBIG, ENOSPC

from bot.cli import articles, asking, operations
from bot.cli.frame import FAILED, STOPPED, app
from bot.streams import drop_output, note, prepare
from ingest.errors import CitedeskError

__all__ = ["articles", "asking", "main", "operations"]

FULL = (ENOSPC, EDQUOT, EFBIG)
"""What the system says when nothing more can be written."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit with its status."""
    prepare()
    try:
        try:
            app(arguments, prog_name="citedesk")
        finally:
            sys.stdout.flush()
    except CitedeskError as error:
        note(f"citedesk: {error}")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    except BrokenPipeError:  # whoever read the answers has gone
        drop_output()
        sys.exit(FAILED)
    except OSError as error:
        if error.errno not in FULL:
            raise
        drop_output()
        note(f"citedesk: {error.strerror}: not all could be written. Make room and try again.")
        sys.exit(FAILED)
