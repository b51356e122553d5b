"""A kernel without sockets: a notebook's cells run in this very process, outputs as a real kernel's.

The shell is the one of ipykernel and the messages are put together by nbclient, as under stock
papermill, so that the executed notebook is the same.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from ipykernel.ipkernel import IPythonKernel
from jupyter_client.session import Session, json_packer
from nbclient.client import CellExecutionComplete  # type: ignore[attr-defined]
from nbformat import NotebookNode, from_dict
from papermill.clientwrap import PapermillNotebookClient
from traitlets import Any as AnyTrait
from traitlets.config import Config

from govlab.reports.fork.streams import Stream

if TYPE_CHECKING:
    from papermill.engines import NotebookExecutionManager


class _Wire(Session):
    """Hands every message to a function instead of a socket, in the form it has at the other end."""

    deliver = AnyTrait()

    def send(  # type: ignore[override]
        self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, **rest: Any
    ) -> Any:
        if isinstance(msg_or_type, dict):
            message = dict(msg_or_type)
        else:
            header, metadata = rest.get("header"), rest.get("metadata")
            message = self.msg(msg_or_type, content, parent, header=header, metadata=metadata)
        message["content"] = json.loads(json_packer(message["content"]))
        message["buffers"] = [bytes(one) for one in rest.get("buffers") or message.get("buffers") or ()]
        if self.deliver is not None:
            self.deliver(message)
        return message


@contextmanager
def _no_debugger() -> Iterator[None]:
    """Keep the kernel from loading a debugger, which would open sockets."""
    name = "ipykernel.debugger"
    stand_in = ModuleType(name)
    stand_in._is_debugpy_available, stand_in.Debugger = False, object  # type: ignore[attr-defined]
    sys.modules[name] = stand_in
    try:
        yield
    finally:
        del sys.modules[name]


class _Kernel(IPythonKernel):
    """The kernel with nothing around it that needs a thread or a socket."""

    io_loop: Any = SimpleNamespace(call_later=lambda *_: None)


class Stage:
    """Shell and streams; made once in the parent, used once in each child."""

    def __init__(self) -> None:
        # matplotlib looks at this when it is loaded; drawing into cells is set up in each child by itself.
        self.backend = os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        self.said = 0
        config = Config()
        config.HistoryManager.enabled = False  # its thread must not be there when we fork
        self.session = _Wire(key=b"")
        module = ModuleType("__main__", "Automatically created module for IPython interactive environment")
        with _no_debugger():
            self.kernel: Any = _Kernel.instance(
                config=config,
                session=self.session,
                iopub_socket=None,
                log=logging.getLogger(__name__),
                user_module=module,
                user_ns=module.__dict__,
            )
        self.kernel.shell_channel_thread = SimpleNamespace(parent_thread=None)
        self.shell: Any = self.kernel.shell
        self.streams = {name: Stream(name, self._published) for name in ("stdout", "stderr")}
        self._parent: dict[str, Any] = {}

    def _published(self, name: str, text: str) -> None:
        self.said += 1
        self.session.send(None, "stream", {"name": name, "text": text}, parent=self._parent)

    async def run(self, source: str, deliver: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Run the source of one cell; what it shows goes to ``deliver``, the kernel's reply comes back."""
        self.session.deliver = deliver
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
        self._parent = self.session.msg("execute_request", content)
        self.kernel.set_parent([], self._parent)
        self._tell("status", {"execution_state": "busy"})
        self._tell("execute_input", {"code": source, "execution_count": self.shell.execution_count})
        sys.stdout, sys.stderr = self.streams["stdout"], self.streams["stderr"]
        reply: dict[str, Any] = await self.kernel.do_execute(source, False, store_history=True)
        for stream in (
            sys.stdout,
            sys.stderr,
            *self.streams.values(),
        ):  # the notebook may have put in its own
            stream.flush()
        self._tell("status", {"execution_state": "idle"})
        return reply

    def _tell(self, kind: str, content: dict[str, Any]) -> None:
        self.session.send(None, kind, content, parent=self._parent)


class Player(PapermillNotebookClient):  # type: ignore[misc]
    """Goes through the cells of a notebook on a stage, as papermill goes through them on a kernel.

    began: told the number of a cell (from 1) before it runs. ended: told number and seconds after.
    """

    def __init__(
        self,
        manager: NotebookExecutionManager,
        stage: Stage,
        began: Callable[[int], None],
        ended: Callable[[int, float], None],
    ) -> None:
        super().__init__(manager)
        self._stage, self._began, self._ended = stage, began, ended
        self._answers: list[dict[str, Any]] = []

    def play(self) -> NotebookNode:
        """Run every cell until one fails; the notebook as papermill would hand it back."""
        self.reset_execution_trackers()
        channel = SimpleNamespace(send=self._answers.append)
        self.kc = SimpleNamespace(session=self._stage.session, shell_channel=channel)
        asyncio.run(self._cells())
        self.nb.metadata["language_info"] = from_dict(
            json.loads(json.dumps(self._stage.kernel.language_info))
        )
        self.set_widgets_metadata()
        played: NotebookNode = self.nb
        return played

    async def _cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            failed = False
            start = time.perf_counter()
            self._began(index + 1)
            self.nb_man.cell_start(cell, index)
            try:
                if self._runs(cell):
                    failed = await self._cell(cell, index)
                    self._ended(index + 1, time.perf_counter() - start)
            finally:
                if failed:
                    self.nb_man.cell_exception(cell, cell_index=index)
                self.nb_man.cell_complete(cell, cell_index=index)
            if failed:
                return

    def _runs(self, cell: NotebookNode) -> bool:
        skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        return cell.cell_type == "code" and bool(cell.source.strip()) and not skipped

    async def _cell(self, cell: NotebookNode, index: int) -> bool:
        """Run a cell and keep what it shows; whether it failed."""
        cell.metadata["execution"] = NotebookNode()
        cell.outputs = []
        self.clear_before_next_output = False

        def deliver(message: dict[str, Any]) -> None:
            with suppress(CellExecutionComplete):
                self.process_message(message, cell, index)

        reply = await self._stage.run(cell.source, deliver)
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        cell.metadata["execution"]["shell.execute_reply"] = now
        self.code_cells_executed += 1
        for message in self._answers:  # of output widgets; a kernel hears them between cells
            message.setdefault("buffers", [])
            self._stage.kernel.comm_manager.comm_msg(None, None, message)
        self._answers.clear()
        return reply["status"] == "error" and "raises-exception" not in cell.metadata.get("tags", [])
