"""En qué máquina se midió: tarjeta, controlador, CUDA y versiones. Sin red y sin nada pesado."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from card.chapters import ROOT

RESULTS = ROOT / "benchmarks" / "results"
PACKAGES = (
    "numba-cuda", "numba", "numpy", "cupy-cuda12x", "cupy-cuda13x", "torch", "cuda-bindings",
)  # fmt: skip


def usable() -> tuple[Any, str]:
    """El ``numba.cuda`` de verdad, si hay una tarjeta que pueda usar, y si no, por qué no."""
    from urdimbre.backend import gpu_status

    device, why = gpu_status()
    if not device:
        return None, why
    from numba import cuda

    return cuda, ""


def packages() -> dict[str, str]:
    """Las versiones instaladas de lo que decide un resultado; CuPy, con un solo nombre."""
    found = {}
    for name in PACKAGES:
        try:
            found[name.split("-cuda1")[0]] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def describe(cuda: Any, when: datetime) -> dict[str, Any]:
    """La ficha de la máquina que va en cada resultado."""
    from urdimbre.nvidia import driver

    device, found = cuda.get_current_device(), driver()
    memory = int(cuda.current_context().get_memory_info().total)
    cuda.close()  # quien orquesta no ocupa la tarjeta: puede admitir un solo proceso
    name = device.name.decode() if isinstance(device.name, bytes) else str(device.name)
    return {
        "date": when.isoformat(timespec="seconds"),
        "card": name,
        "capability": ".".join(map(str, device.compute_capability)),
        "multiprocessors": int(device.MULTIPROCESSOR_COUNT),
        "memory": memory,
        "driver": driver_version(found.cards),
        "cuda": ".".join(map(str, found.cuda or (0, 0))),
        "python": sys.version.split()[0],
        "system": platform.platform(),
        "packages": packages(),
    }


def driver_version(cards: tuple[str, ...]) -> str:
    """La versión del controlador según ``nvidia-smi``: «nombre, versión, memoria»."""
    parts = cards[0].split(",") if cards else []
    return parts[1].strip() if len(parts) > 1 else "desconocido"


def folder_for(machine: dict[str, Any], again: bool = False, results: Path | None = None) -> Path:
    """``results/<fecha>-<tarjeta>``: las corridas del mismo día en la misma tarjeta se juntan.

    Args:
        again: si se sigue la corrida más nueva de esa tarjeta, aunque sea de otro día.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", machine["card"].lower()).strip("-")
    base = results or RESULTS
    before = sorted(base.glob(f"????-??-??-{slug}")) if again else []
    return before[-1] if before else base / f"{machine['date'][:10]}-{slug}"
