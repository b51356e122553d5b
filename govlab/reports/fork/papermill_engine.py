"""``papermill --engine govlab in.ipynb out.ipynb``: a notebook by fork, under plain papermill."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import from_dict
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NBClientEngine

from govlab.reports.fork.caller import Caller, can_fork, environment

if TYPE_CHECKING:
    from papermill.engines import NotebookExecutionManager


class GovlabEngine(Engine):  # type: ignore[misc]
    """Runs notebooks of this very Python by fork; hands every other one to papermill's own engine."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        execution_timeout: int | None = None,
        **options: Any,
    ) -> Any:
        """Run every cell of the managed notebook until one fails.

        Raises CellTimeoutError where a cell takes longer than ``execution_timeout`` seconds, and
        DeadKernelError where the process of the notebook ends before the notebook does.
        """
        if not can_fork() or not _is_ours(kernel_name):
            return NBClientEngine.execute_managed_notebook(
                nb_man,
                kernel_name,
                log_output=log_output,
                stdout_file=stdout_file,
                stderr_file=stderr_file,
                execution_timeout=execution_timeout,
                **options,
            )
        log = PapermillNotebookClient(
            nb_man, log_output=log_output, stdout_file=stdout_file, stderr_file=stderr_file
        )
        request = {
            "notebook": nb_man.nb,
            "root": str(Path.cwd()),
            "environment": environment(),
            "cell_seconds": execution_timeout,
        }
        end: dict[str, Any] = {}
        for message in _shared().ask(request):
            if "began" in message:
                nb_man.cell_start(nb_man.nb.cells[message["cell"] - 1], message["cell"] - 1)
            elif "ended" in message:
                _take(nb_man, log, message)
            end = message.get("end", end)
        if end["status"] == "failed":
            _raise(nb_man, end["error"], execution_timeout)
        for name in ("language_info", "widgets"):
            if name in end["metadata"]:
                nb_man.nb.metadata[name] = from_dict(end["metadata"][name])
        for cell, final in zip(nb_man.nb.cells, end["cells"], strict=True):
            if "outputs" in final:  # later cells may have changed what an earlier one shows
                cell.outputs = from_dict(final["outputs"])
        return nb_man.nb


def _take(nb_man: Any, log: Any, message: dict[str, Any]) -> None:
    index = message["ended"] - 1
    cell, content = nb_man.nb.cells[index], from_dict(message["content"])
    failed = content.metadata.papermill["exception"]
    cell.metadata = content.metadata
    for name in ("outputs", "execution_count"):
        if name in content:
            cell[name] = content[name]
    for output in cell.get("outputs", ()):
        if log.log_output or log.stdout_file or log.stderr_file:
            log.log_output_message(output)
    if failed:
        nb_man.cell_exception(cell, cell_index=index)
    nb_man.cell_complete(cell, cell_index=index)


def _raise(nb_man: Any, error: dict[str, Any], limit: int | None) -> None:
    index = (error.get("cell") or 1) - 1
    cell = nb_man.nb.cells[index]
    nb_man.cell_exception(cell, cell_index=index)
    nb_man.cell_complete(cell, cell_index=index)
    if error["name"] == "TimeLimit":
        raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", limit or 0, cell)
    raise DeadKernelError(f"Kernel died: {error['name']}")


@lru_cache(maxsize=1)
def _started() -> list[Caller]:
    return []


def _shared() -> Caller:
    """One forking parent for all notebooks that this process runs; it ends with the process."""
    found = _started()
    if not found or not found[0].alive:
        found[:] = [Caller()]
    return found[0]


def _is_ours(kernel_name: str) -> bool:
    """Whether the kernel is IPython on the interpreter that runs this."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(kernel_name)
    except NoSuchKernel:
        return False
    here = {Path(sys.executable), Path(sys.executable).resolve()}
    program = Path(spec.argv[0]) if spec.argv else Path()
    named = program.name in ("python", "python3") and len(program.parts) == 1
    return "ipykernel_launcher" in spec.argv and (named or program in here or program.resolve() in here)
