"""Correr las herramientas de NVIDIA sobre un peldaño, en un proceso aparte y con un límite."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from glob import glob
from pathlib import Path

from card.chapters import ROOT

LIMIT = 120  # segundos por orden
PLACES = (
    "/usr/local/cuda*/bin", "/opt/nvidia/nsight-compute/*", "/usr/local/cuda*/nsight-compute*",
    "/usr/local/cuda*/compute-sanitizer",
)  # fmt: skip


Answer = tuple[str, str]  # lo que escribió una orden, y por qué no sirve


def find(name: str) -> str:
    """La ruta de ``ncu`` o ``compute-sanitizer``; vacía si no está."""
    found = shutil.which(name)
    for pattern in () if found else PLACES:
        found = shutil.which(name, path=os.pathsep.join(sorted(glob(pattern), reverse=True)))
        if found:
            break
    return found or ""


def target(*arguments: str) -> list[str]:
    """La orden que lanza un kernel una sola vez."""
    return [sys.executable, "-m", "card.target", *arguments]


def run(command: list[str], limit: float = LIMIT, strict: bool = False) -> Answer:
    """Corre una orden desde ``benchmarks/``.

    Args:
        strict: si un código de salida distinto de cero es un fallo; en las herramientas no lo es.

    Returns:
        Lo que escribió, y por qué no sirve; lo segundo, vacío si terminó a tiempo.
    """
    try:
        process = subprocess.Popen(
            command, cwd=ROOT / "benchmarks", env=_environment(), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    except OSError:
        return "", f"no está {Path(command[0]).name}"
    text, ended = _wait(process, limit)
    if not ended:
        return text, f"no terminó en {limit:.0f} s"
    failed = strict and process.returncode
    return text, f"terminó con código {process.returncode}" if failed else ""


def _environment() -> dict[str, str]:
    paths = [str(ROOT / "src"), str(ROOT / "benchmarks"), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _wait(process: subprocess.Popen, limit: float) -> tuple[str, bool]:
    """Lo que escribió, y si terminó a tiempo; si no, se lo detiene.

    La herramienta tiene un hijo, el que usa la tarjeta: se detiene a los dos, también si quien
    mide interrumpe, o el hijo seguiría ocupándola.
    """
    try:
        written, ended = process.communicate(timeout=limit)[0], True
    except subprocess.TimeoutExpired:
        _kill(process)
        written, ended = process.communicate()[0], False
    except BaseException:
        _kill(process)
        raise
    return written.decode(errors="replace"), ended


def _kill(process: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
