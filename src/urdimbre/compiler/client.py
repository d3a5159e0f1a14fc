"""El otro extremo del proceso del compilador: se enciende con la primera petición y se reusa."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from urdimbre.compiler.toolchain import toolchain
from urdimbre.compiler.worker import receive, send
from urdimbre.errors import CompilerError

STOPPED = "El proceso del compilador dejó de responder.{said}"
SOURCE = str(Path(__file__).resolve().parents[2])
_worker: list[subprocess.Popen] = []


def compile_in_worker(frozen: dict, types: Any, ccs: tuple, lines: bool = False) -> dict[str, Any]:
    """Lo que responde el compilador; los argumentos son los de ``worker.compile_frozen``.

    Raises:
        CompilerError: si la cadena no está completa, o el proceso se cerró.
    """
    process = _process()
    request = {"frozen": frozen, "types": types, "ccs": ccs, "lines": lines}
    try:
        send(process.stdin, {"path": sys.path, "compile": request})
        answer = receive(process.stdout)
    except BaseException as error:
        stop()
        if isinstance(error, OSError | EOFError):
            raise CompilerError(STOPPED.format(said="")) from error
        raise
    if answer is None:
        stop()
        raise CompilerError(STOPPED.format(said=" Mira lo que escribió en la salida de errores."))
    return answer


def _process() -> subprocess.Popen:
    if _worker and _worker[0].poll() is None:
        return _worker[0]
    toolchain().require()
    _worker[:] = [
        subprocess.Popen(
            [sys.executable, "-m", "urdimbre.compiler.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
        )
    ]
    return _worker[0]


def _environment() -> dict[str, str]:
    """Sin el simulador de Numba y sin tarjetas a la vista: aquí solo se compila."""
    kept = {k: v for k, v in os.environ.items() if k != "NUMBA_ENABLE_CUDASIM"}
    path = os.pathsep.join(filter(None, (SOURCE, kept.get("PYTHONPATH"))))
    return kept | {"PYTHONPATH": path, "CUDA_VISIBLE_DEVICES": "-1"}


@atexit.register
def stop() -> None:
    """Cierra el proceso, si hay uno."""
    while _worker:
        process = _worker.pop()
        process.kill()
        process.communicate()
