"""JupyterLab on a folder, and a hand in headless Chromium that works in it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace as changed
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from govlab.data.lab import lab_arguments
from govlab.data.workspace import open_workspace
from tests.ports import free_port
from tests.reports.browser import chromium

WAIT = 120_000  # ms; a kernel and a study on a busy machine
# Between two cells a kernel is idle for a moment, and before it is connected its status is unknown.
IDLE = """
longest => new Promise((done, failed) => {
  const start = performance.now();
  let since = null;
  const look = setInterval(() => {
    const now = performance.now();
    const idle = /[|] (Idle|空闲)/.test(document.querySelector('#jp-main-statusbar')?.innerText ?? '');
    since = idle ? since ?? now : null;
    if (since !== null && now - since > 1500) { clearInterval(look); done(); }
    if (now - start > longest) { clearInterval(look); failed(new Error('the kernel is not idle')); }
  }, 50);
})
"""


@dataclass
class Hand:
    """Somebody at a laptop."""

    page: Any
    asked: list[str]
    home: str

    def open(self, name: str) -> None:
        """A notebook, its kernel idle."""
        self.page.goto(f"{self.home}/lab/tree/{name}?token=t", timeout=WAIT)
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=WAIT)
        self.idle()

    def idle(self) -> None:
        """Wait until the status bar has called the kernel idle for a while."""
        self.page.evaluate(IDLE, WAIT)

    def run_all(self) -> None:
        """Run every cell from the menu; the page is scrolled through, since outputs are drawn when seen."""
        self.page.locator(".lm-MenuBar-item").nth(3).click()
        self.page.locator("[data-command='runmenu:run-all']").click()
        self.page.wait_for_timeout(500)
        self.idle()

    def cell(self, text: str) -> Any:
        """The code cell whose source holds a text, scrolled to."""
        found = self.page.locator(".jp-CodeCell").filter(
            has=self.page.locator(".jp-InputArea-editor", has_text=text)
        )
        for _ in range(60):
            if found.count():
                break
            self.page.mouse.wheel(0, 500)
            self.page.wait_for_timeout(150)
        found.first.scroll_into_view_if_needed()
        return found.first

    def type_into(self, cell: Any, text: str) -> None:
        """Replace a cell's source and run it."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_timeout(300)
        self.idle()

    def away(self) -> list[str]:
        """What was asked of anybody but this machine."""
        ours = (self.home, self.home.replace("http", "ws"), "data:", "blob:")
        return [url for url in self.asked if not url.startswith(ours)]


@contextmanager
def laptop(folder: Path, lang: str) -> Iterator[Hand]:
    """JupyterLab as ``govlab lab`` starts it, in a window of a laptop's size; ended afterwards."""
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    place = changed(open_workspace(), root=folder, notebooks=folder)
    options = lab_arguments(place, lang, browser=False, port=port)
    own = {f"JUPYTER_{one}_DIR": str(folder / ".jupyter" / one) for one in ("CONFIG", "DATA", "RUNTIME")}
    options += ["--IdentityProvider.token=t", "--ServerApp.ip=127.0.0.1", "--allow-root"]
    with chromium(1366, 768) as page:
        log = (folder / "lab.log").open("wb")
        running = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=folder, env=os.environ | own, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _up(home, running)
            asked: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            page.on("websocket", lambda socket: asked.append(socket.url))
            page.set_default_timeout(WAIT)
            yield Hand(page, asked, home)
        finally:
            page.close()
            running.terminate()
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()
            log.close()


def _up(home: str, running: Any) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert running.poll() is None, "JupyterLab ended by itself"
        try:
            with urlopen(f"{home}/api?token=t", timeout=5) as answer:
                json.load(answer)
            return
        except OSError:
            time.sleep(0.3)
    raise AssertionError("JupyterLab did not start")
