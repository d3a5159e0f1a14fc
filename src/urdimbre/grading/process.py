"""Correr un módulo propio en otro proceso, con tiempo, memoria y salida acotados."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from urdimbre.isolated.limits import MAX_OUTPUT

PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])

# El paquete va al final de la ruta: nada que el proceso encuentre ahí tapa a la biblioteca.
LAUNCHER = "import sys; sys.path.append({root!r}); from {module} import main; main()"

# Solo lo que Python y NumPy necesitan para arrancar; ningún secreto viaja en el entorno.
KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH", "LANG")


class Completed(NamedTuple):
    """Cómo terminó: ``code`` es ``None`` si se acabó el tiempo."""

    code: int | None
    output: str
    errors: str


def run_module(module: str, message: str, timeout: float, *, new_group: bool = True) -> Completed:
    """Corre ``module.main()`` en un Python aislado y le da ``message`` por la entrada.

    Args:
        module: nombre completo del módulo.
        message: texto para la entrada estándar.
        timeout: segundos de reloj; al pasar, muere el proceso.
        new_group: si abre un grupo de procesos propio, que al final muere entero. Un proceso
            lanzado desde otro ya acotado se queda en el grupo de este.

    Returns:
        Lo que dejó, recortado a ``MAX_OUTPUT`` bytes.
    """
    code = LAUNCHER.format(root=PACKAGE_ROOT, module=module)
    command = [sys.executable, "-I", "-c", code]
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=err,
            cwd=folder,
            env=_environment(),
            start_new_session=new_group,
        )
        status = _wait(process, message, timeout, new_group)
        return Completed(status, _read(out), _read(err))


def _wait(process: subprocess.Popen, message: str, timeout: float, group: bool) -> int | None:
    try:
        process.communicate(message.encode("utf-8"), timeout=timeout)
        return process.returncode
    except subprocess.TimeoutExpired:
        return None
    finally:
        _kill(process, group)


def _kill(process: subprocess.Popen, group: bool) -> None:
    """Mata el proceso y, si abrió un grupo, a los que haya dejado atrás en él."""
    try:
        if group and hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except (ProcessLookupError, PermissionError):
        pass
    process.wait()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {"OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"}


def _read(stream) -> str:
    stream.seek(0)
    return stream.read(MAX_OUTPUT).decode("utf-8", "replace")
