"""Qué hay en este equipo, qué backend se usaría y qué falta instalar, sin cargar nada pesado."""

from __future__ import annotations

import ctypes
import importlib.metadata
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from urdimbre import backend

QUERY = ("--query-gpu=name,driver_version,memory.total", "--format=csv,noheader")
MINIMUM = (3, 11)

# Paquete -> para qué sirve aquí.
NEEDED = {
    "numpy": "el simulador y los oráculos",
    "array-api-compat": "los oráculos",
}
COURSE = {
    "numba": "correr los kernels en una GPU; el simulador no lo necesita",
    "jupyterlab": "abrir los notebooks",
    "jupyterlab-language-pack-es-ES": "JupyterLab en español",
    "matplotlib": "las figuras",
    "nbgrader": "repartir y calificar",
    "jupyter-book": "construir el libro",
    "pytest": "las pruebas",
}
CUPY = ("cupy-cuda12x", "cupy-cuda13x", "cupy")

# Versión mayor de CUDA del controlador -> archivo de requisitos.
GPU_REQUIREMENTS = {12: "requirements-gpu.txt", 13: "requirements-gpu-cuda13.txt"}
OLD_DRIVER = (
    "El controlador es de CUDA {version}: actualízalo a uno de CUDA 12 o posterior "
    "(serie 525 o más nueva) y repite este comando."
)


@dataclass(frozen=True)
class Driver:
    """El controlador de NVIDIA.

    Attributes:
        cuda: versión de CUDA que admite, como ``(12, 8)``; ``None`` si no hay controlador.
        devices: cuántas GPU ve.
        cards: una línea por tarjeta según ``nvidia-smi``; vacía si no está.
    """

    cuda: tuple[int, int] | None
    devices: int
    cards: tuple[str, ...]


@dataclass(frozen=True)
class Diagnosis:
    """El resultado: lo que hay, lo que falta y qué hacer.

    Attributes:
        backend: la línea que escribiría ``urdimbre.enable()``.
        rows: pares (qué, estado).
        advice: órdenes o pasos, en el orden en que conviene hacerlos.
        healthy: si el curso puede correr, con GPU o sin ella.
    """

    backend: str
    rows: tuple[tuple[str, str], ...]
    advice: tuple[str, ...]
    healthy: bool

    def __str__(self) -> str:
        width = max(len(name) for name, _ in self.rows)
        lines = [self.backend, "", *(f"  {name:<{width}}  {state}" for name, state in self.rows)]
        steps = [f"  {number}. {step}" for number, step in enumerate(self.advice, start=1)]
        closing = ["Qué hacer:", *steps] if steps else ["No falta nada."]
        return "\n".join([*lines, "", *closing])


def diagnose() -> Diagnosis:
    """Mira el equipo. No importa Numba ni CuPy si no hay una GPU, y no cambia nada."""
    found = driver()
    missing_needed, missing_course = missing(NEEDED), missing(COURSE)
    return Diagnosis(
        backend=_backend(),
        rows=(*_system_rows(), *_driver_rows(found), *_package_rows()),
        advice=tuple(_advice(found, missing_needed, missing_course)),
        healthy=not missing_needed and sys.version_info >= MINIMUM,
    )


def driver() -> Driver:
    """El controlador, preguntado a su biblioteca y a ``nvidia-smi``."""
    library = _driver_library()
    devices, _why = backend.driver_devices()
    return Driver(_cuda_version(library), devices, _cards())


def _driver_library() -> ctypes.CDLL | None:
    for name in backend.LIBRARIES:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


def _cuda_version(library: ctypes.CDLL | None) -> tuple[int, int] | None:
    """``cuDriverGetVersion`` da 1000 * mayor + 10 * menor."""
    number = ctypes.c_int(0)
    if library is None or library.cuDriverGetVersion(ctypes.byref(number)):
        return None
    return number.value // 1000, number.value % 1000 // 10


def _cards() -> tuple[str, ...]:
    if shutil.which("nvidia-smi") is None:
        return ()
    try:
        done = subprocess.run(
            ["nvidia-smi", *QUERY], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(line.strip() for line in done.stdout.splitlines() if line.strip())


def _backend() -> str:
    """La línea que escribiría ``enable()``, sin instalar nada en ``sys.modules``."""
    device, why = backend.gpu_status()
    if device:
        return str(backend.Backend("gpu", "Se usa numba.cuda tal cual.", device))
    return str(backend.Backend("sim", why, "simulador"))


# --- Filas -----------------------------------------------------------------------------------


def installed(package: str) -> str:
    """Versión instalada, o vacío; no importa el paquete."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def missing(packages: Iterable[str]) -> list[str]:
    """Los que no están."""
    return [name for name in packages if not installed(name)]


def _system_rows() -> list[tuple[str, str]]:
    old = sys.version_info < MINIMUM
    note = f" (se necesita {MINIMUM[0]}.{MINIMUM[1]} o posterior)" if old else ""
    return [
        ("Python", f"{platform.python_version()}{note}"),
        ("Sistema", f"{platform.system()} {platform.machine()}"),
    ]


def _driver_rows(found: Driver) -> list[tuple[str, str]]:
    if found.cuda is None:
        return [("Controlador de NVIDIA", "no hay")]
    version = ".".join(map(str, found.cuda))
    cards = [("Tarjeta", card) for card in found.cards]
    return [("Controlador de NVIDIA", f"CUDA {version}, {found.devices} GPU"), *cards]


def _package_rows() -> list[tuple[str, str]]:
    rows = [
        (name, installed(name) or f"no está: {purpose}")
        for name, purpose in {**NEEDED, **COURSE}.items()
    ]
    cupy = [f"{name} {installed(name)}" for name in CUPY if installed(name)]
    rows.append(("CuPy", " y ".join(cupy) or "no está: solo hace falta con GPU"))
    rows.append(("numba-cuda", installed("numba-cuda") or "no está: solo hace falta con GPU"))
    return rows


# --- Consejos --------------------------------------------------------------------------------


def _advice(found: Driver, needed: list[str], course: list[str]) -> list[str]:
    steps = []
    if sys.version_info < MINIMUM:
        steps.append("Instala Python 3.11 o posterior y crea el entorno otra vez.")
    if needed or course:
        steps.append(f"Faltan {', '.join(needed + course)}: pip install -r requirements.txt")
    return steps + _gpu_advice(found)


def _gpu_advice(found: Driver) -> list[str]:
    if found.cuda is None:
        return []
    if found.cuda[0] < min(GPU_REQUIREMENTS):
        return [OLD_DRIVER.format(version=".".join(map(str, found.cuda)))]
    own = [name for name in CUPY if installed(name)]
    if len(own) > 1:
        return [f"Hay más de un CuPy y se estorban: pip uninstall -y {' '.join(own)}"]
    if not found.devices or (own and installed("numba-cuda")):
        return []
    return [f"Para usar la GPU: pip install -r {requirements_for(found.cuda)}"]


def requirements_for(cuda: tuple[int, int]) -> str:
    """El archivo de requisitos para un controlador que admite esa versión de CUDA."""
    return GPU_REQUIREMENTS[min(cuda[0], max(GPU_REQUIREMENTS))]
