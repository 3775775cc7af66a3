"""``python -m bot.cli`` is ``citedesk``."""

from bot.cli import main

main()
