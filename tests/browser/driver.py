"""A real browser, driven over WebDriver (https://www.w3.org/TR/webdriver2/) by plain HTTP."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

BROWSER = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")
MISSING = "needs the Debian packages chromium and chromium-driver"

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--window-size=800,600"),
)
_START = "was started successfully on port "


@dataclass(frozen=True, slots=True)
class Browser:
    """One window of it."""

    _client: httpx.Client
    _session: str

    def open(self, url: str) -> None:
        """Go there as somebody who types the address does, and wait until the page is loaded."""
        self._post("url", url="about:blank")  # or a new fragment would be no new page
        self._post("url", url=url)

    def run(self, script: str) -> Any:
        """What a script calls its last argument with."""
        return self._post("execute/async", script=script, args=[])

    def _post(self, command: str, **body: Any) -> Any:
        answer = self._client.post(f"{self._session}/{command}", json=body)
        assert answer.is_success, answer.text
        return answer.json()["value"]


@contextmanager
def browsing(profile: Path) -> Iterator[Browser]:
    """A browser with nothing in its profile, and the process that drives it; both end with the context."""
    assert BROWSER
    assert DRIVER
    with subprocess.Popen(
        [DRIVER, "--port=0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as driver:
        try:
            port = next(line.split(_START)[1].rstrip(".\n") for line in driver.stdout or () if _START in line)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
                options = {"binary": BROWSER, "args": [*_FLAGS, f"--user-data-dir={profile}"]}
                wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
                made = client.post("/session", json=wanted)
                assert made.is_success, made.text
                session = f"/session/{made.json()['value']['sessionId']}"
                yield Browser(client, session)
                client.delete(session)
        finally:
            os.killpg(driver.pid, signal.SIGKILL)
