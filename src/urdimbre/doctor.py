"""Qué hay en este equipo, qué backend se usaría y qué falta instalar, sin cargar nada pesado."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from urdimbre import backend, nvidia
from urdimbre.nvidia import Driver

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

# Usa lo que primero falla cuando el compilador y el controlador no se entienden.
TRIAL = """
import numpy as np
from numba import cuda
@cuda.jit
def add(out):
    cuda.atomic.add(out, 0, np.float32(1))
out = np.zeros(1, np.float32)
add[1, 32](out)
assert out[0] == 32, f"dio {out[0]} y debía dar 32"
"""

# Lo que se aconseja según el controlador y las tarjetas; la regla está en ``nvidia.GENERATIONS``.
OLD_DRIVER = (
    "Tu tarjeta es {name} y necesita un controlador de CUDA {major} (serie {series} o posterior). "
    "El tuyo es de CUDA {version}: actualízalo y repite este comando."
)
OLD_CARD = (
    "Tu tarjeta es anterior a Maxwell y CUDA ya no la admite: usa el simulador, o una GPU prestada."
)
DIFFERENT = (
    "Tus tarjetas piden versiones de CUDA distintas: elige una con CUDA_VISIBLE_DEVICES y repite."
)
UNSEEN = (
    "nvidia-smi ve una tarjeta y CUDA, ninguna. Si CUDA_VISIBLE_DEVICES está definida, mira que "
    "nombre una GPU; si la tarjeta está partida (MIG), que haya una instancia en «nvidia-smi -L»."
)
SILENT = (
    "nvidia-smi está y no responde: «{complaint}». Si acabas de actualizar el controlador, "
    "reinicia el equipo; si no, instálalo de nuevo."
)
WSL = (
    "En WSL2 el controlador de NVIDIA se instala en Windows, no aquí. Actualízalo allá, corre "
    "«wsl --update» en Windows y repite este comando."
)
BROKEN = "La GPU está y un kernel de prueba no corre en ella: pip install -r {file}"
OTHER_CUDA = (
    "Este entorno tiene {package}, que no le sirve a tu tarjeta: crea uno nuevo con "
    "pip install -r requirements.txt -r {file}"
)


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
    found = nvidia.driver()
    missing_needed, missing_course = missing(NEEDED), missing(COURSE)
    chosen = _backend()
    failed = trial() if chosen.name == "gpu" else ""
    rows = (*_system_rows(), *_driver_rows(found), *_trial_rows(chosen, failed), *_package_rows())
    return Diagnosis(
        backend=str(chosen),
        rows=rows,
        advice=tuple(_advice(found, missing_needed, missing_course, bool(failed))),
        healthy=not missing_needed and sys.version_info >= MINIMUM,
    )


def _backend() -> backend.Backend:
    """Lo que elegiría ``enable()``, sin instalar nada en ``sys.modules``."""
    device, why = backend.gpu_status()
    if device:
        return backend.Backend("gpu", "Se usa numba.cuda tal cual.", device)
    return backend.Backend("sim", why, "simulador")


def trial(program: str = TRIAL) -> str:
    """Corre un kernel en otro proceso; da la última línea del error, o vacío si dio bien."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "prueba.py")
        path.write_text(program, encoding="utf-8")
        try:
            done = subprocess.run(
                [sys.executable, str(path)], capture_output=True, text=True, timeout=120
            )
        except subprocess.TimeoutExpired:
            return "no terminó en 120 s"
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return (lines or [f"código {done.returncode}"])[-1].strip() if done.returncode else ""


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
    wsl = " (WSL2)" if nvidia.is_wsl() else ""
    return [
        ("Python", f"{platform.python_version()}{note}"),
        ("Sistema", f"{platform.system()} {platform.machine()}{wsl}"),
    ]


def _driver_rows(found: Driver) -> list[tuple[str, str]]:
    if found.cuda is None:
        return [("Controlador de NVIDIA", "no hay")]
    cards = [("Tarjeta", card) for card in found.cards]
    kinds = [
        ("Capacidad", f"{_dotted(each)}: {nvidia.generation_of(each).name}")
        for each in dict.fromkeys(found.capabilities)
    ]
    seen = f"CUDA {_dotted(found.cuda)}, {len(found.capabilities)} GPU"
    return [("Controlador de NVIDIA", seen), *cards, *kinds]


def _trial_rows(chosen: backend.Backend, failed: str) -> list[tuple[str, str]]:
    return [("Kernel de prueba", failed or "corre bien")] if chosen.name == "gpu" else []


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


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


def _advice(found: Driver, needed: list[str], course: list[str], failed: bool) -> list[str]:
    steps = []
    if sys.version_info < MINIMUM:
        steps.append("Instala Python 3.11 o posterior y crea el entorno otra vez.")
    if needed or course:
        steps.append(f"Faltan {', '.join(needed + course)}: pip install -r requirements.txt")
    return steps + _gpu_advice(found, failed)


def _gpu_advice(found: Driver, failed: bool) -> list[str]:
    if not found.capabilities:
        return _unseen(found)
    files = nvidia.files_for(found.capabilities)
    if not files:
        kinds = {nvidia.generation_of(each).name for each in found.capabilities}
        return [OLD_CARD if len(kinds) == 1 else DIFFERENT]
    file = nvidia.requirements_for(found.cuda, found.capabilities)
    return _installation(file, files, failed) if file else [_old_driver(found, min(files))]


def _unseen(found: Driver) -> list[str]:
    """Qué hacer si CUDA no ve ninguna GPU: nada, salvo que algo diga que hay una."""
    if found.complaint:
        return [SILENT.format(complaint=found.complaint)]
    if nvidia.is_wsl() and found.cuda is None:
        return [WSL]
    return [UNSEEN] if found.cards and found.cuda else []


def _old_driver(found: Driver, major: int) -> str:
    newest = nvidia.generation_of(max(found.capabilities))
    return OLD_DRIVER.format(
        name=newest.name, major=major, series=nvidia.SERIES[major], version=_dotted(found.cuda)
    )


def _installation(file: str, files: dict[int, str], failed: bool) -> list[str]:
    own = [name for name in CUPY if installed(name)]
    if len(own) > 1:
        return [f"Hay más de un CuPy y se estorban: pip uninstall -y {' '.join(own)}"]
    other = [name for name in own if name in CUPY[:2] and _cuda_of(name) not in files]
    if other:
        return [OTHER_CUDA.format(package=other[0], file=file)]
    if failed:
        return [BROKEN.format(file=file)]
    complete = own and installed("numba-cuda")
    return [] if complete else [f"Para usar la GPU: pip install -r {file}"]


def _cuda_of(package: str) -> int:
    """``cupy-cuda12x`` es de CUDA 12."""
    return int(package.removeprefix("cupy-cuda").removesuffix("x"))
