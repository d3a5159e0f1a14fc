"""Correr las herramientas de NVIDIA sobre un peldaño, en un proceso aparte y con un límite."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from glob import glob
from pathlib import Path

from card.chapters import ROOT

LIMIT = 120  # segundos por orden
PLACES = (
    "/usr/local/cuda*/bin", "/opt/nvidia/nsight-compute/*", "/usr/local/cuda*/nsight-compute*",
    "/usr/local/cuda*/compute-sanitizer",
)  # fmt: skip


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


def run(command: list[str], limit: float = LIMIT, strict: bool = False) -> tuple[str, str]:
    """Corre una orden desde ``benchmarks/``.

    Args:
        strict: si un código de salida distinto de cero es un fallo; en las herramientas no lo es.

    Returns:
        Lo que escribió, y por qué no sirve; lo segundo, vacío si terminó a tiempo.
    """
    paths = [str(ROOT / "src"), str(ROOT / "benchmarks"), os.environ.get("PYTHONPATH", "")]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    try:
        done = subprocess.run(
            command, cwd=ROOT / "benchmarks", env=env, text=True, timeout=limit,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace",
        )  # fmt: skip
    except FileNotFoundError:
        return "", f"no está {Path(command[0]).name}"
    except subprocess.TimeoutExpired as error:
        written = error.stdout or b""
        text = written.decode(errors="replace") if isinstance(written, bytes) else written
        return text, f"no terminó en {limit:.0f} s"
    failed = strict and done.returncode
    return done.stdout, f"terminó con código {done.returncode}" if failed else ""
