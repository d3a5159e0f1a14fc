"""El controlador de NVIDIA, las tarjetas que ve y qué versión de CUDA le sirve a cada una."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field

from urdimbre import backend

QUERY = ("--query-gpu=name,driver_version,memory.total", "--format=csv,noheader")
WSL = "/usr/lib/wsl/lib"  # donde Windows deja nvidia-smi dentro de WSL2
MAJOR, MINOR = 75, 76  # CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR y _MINOR

Version = tuple[int, int]


@dataclass(frozen=True)
class Generation:
    """Tarjetas que admiten las mismas versiones de CUDA.

    Attributes:
        since: la primera capacidad de cómputo; llega hasta la de la fila siguiente.
        name: cómo se llama.
        files: versión mayor de CUDA -> archivo de requisitos.
    """

    since: Version
    name: str
    files: dict[int, str] = field(default_factory=dict)


# La regla entera. CUDA 13 empieza en Turing (7.5) y CUDA 12, en Maxwell (5.0):
# https://nvidia.github.io/numba-cuda/user/installation.html
# El NVVM de CUDA 12.9 rechaza las sumas atómicas en punto flotante para las Blackwell:
# https://github.com/NVIDIA/numba-cuda/issues/603
CUDA_12 = {12: "requirements-gpu.txt"}
CUDA_13 = {13: "requirements-gpu-cuda13.txt"}
GENERATIONS = (
    Generation((0, 0), "anterior a Maxwell"),
    Generation((5, 0), "Maxwell, Pascal o Volta", CUDA_12),
    Generation((7, 5), "Turing, Ampere, Ada o Hopper", CUDA_12 | CUDA_13),
    Generation((10, 0), "Blackwell o posterior", CUDA_13),
)
# Versión mayor de CUDA -> la primera serie de controladores que la corre:
# https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
SERIES = {12: 525, 13: 580}


@dataclass(frozen=True)
class Driver:
    """El controlador de NVIDIA.

    Attributes:
        cuda: versión de CUDA que admite, como ``(12, 8)``; ``None`` si no hay controlador.
        capabilities: la capacidad de cómputo de cada GPU que ve CUDA.
        cards: una línea por tarjeta según ``nvidia-smi``; vacía si no está o no responde.
        complaint: por qué ``nvidia-smi`` no respondió, con sus palabras.
    """

    cuda: Version | None = None
    capabilities: tuple[Version, ...] = ()
    cards: tuple[str, ...] = ()
    complaint: str = ""


def generation_of(capability: Version) -> Generation:
    """La fila de la tabla que le toca a una capacidad de cómputo."""
    return [row for row in GENERATIONS if row.since <= capability][-1]


def files_for(capabilities: Sequence[Version]) -> dict[int, str]:
    """Versión mayor de CUDA -> archivo, de las que sirven a la vez para todas las tarjetas."""
    rows = [generation_of(capability).files for capability in capabilities]
    return {
        major: name for major, name in (CUDA_12 | CUDA_13).items() if all(major in r for r in rows)
    }


def requirements_for(cuda: Version, capabilities: Sequence[Version]) -> str:
    """El archivo de la versión más nueva que corren el controlador y las tarjetas, o vacío."""
    fitting = [name for major, name in files_for(capabilities).items() if major <= cuda[0]]
    return fitting[-1] if fitting else ""


# --- Preguntarle al equipo -------------------------------------------------------------------


def driver() -> Driver:
    """El controlador, preguntado a su biblioteca y a ``nvidia-smi``."""
    library = _library()
    cards, complaint = _cards()
    return Driver(_cuda_version(library), _capabilities(library), cards, complaint)


def _library() -> ctypes.CDLL | None:
    for name in backend.LIBRARIES:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


def _cuda_version(library: ctypes.CDLL | None) -> Version | None:
    """``cuDriverGetVersion`` da 1000 * mayor + 10 * menor."""
    number = ctypes.c_int(0)
    if library is None or library.cuDriverGetVersion(ctypes.byref(number)):
        return None
    return number.value // 1000, number.value % 1000 // 10


def _capabilities(library: ctypes.CDLL | None) -> tuple[Version, ...]:
    count = ctypes.c_int(0)
    if library is None or library.cuInit(0) or library.cuDeviceGetCount(ctypes.byref(count)):
        return ()
    return tuple(
        (_attribute(library, MAJOR, device), _attribute(library, MINOR, device))
        for device in range(count.value)
    )


def _attribute(library: ctypes.CDLL, attribute: int, device: int) -> int:
    value = ctypes.c_int(0)
    library.cuDeviceGetAttribute(ctypes.byref(value), attribute, device)
    return value.value


def _cards() -> tuple[tuple[str, ...], str]:
    """Las líneas de ``nvidia-smi`` y, si no respondió, la primera de su queja."""
    program = shutil.which("nvidia-smi") or shutil.which("nvidia-smi", path=WSL)
    if program is None:
        return (), ""
    try:
        done = subprocess.run([program, *QUERY], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.SubprocessError) as error:
        return (), f"{type(error).__name__}"
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return ((), (lines or [""])[0]) if done.returncode else (tuple(lines), "")


def is_wsl() -> bool:
    """Si este Linux corre dentro de Windows."""
    return os.path.isdir(WSL)
