"""La cadena de compilación: qué parte está instalada, dónde y qué falta, sin importar nada de ella.

Son cuatro piezas: ``numba-cuda``, NVVM (de Python a PTX), nvJitLink (de PTX a código de máquina)
y ``nvdisasm`` (código de máquina legible). Ninguna necesita una GPU ni su controlador.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from urdimbre.errors import CompilerError

INSTALL = "Instala la cadena de compilación con: pip install -r requirements-compiler.txt"
NOT_INSTALLED = (
    "El compilador de verdad no está instalado: {missing}. No hace falta una GPU ni un "
    f"controlador. {INSTALL}. Lo demás del curso funciona sin él."
)
# Qué falta -> cómo se cuenta.
NUMBA_CUDA, NVVM, LINKER = "numba-cuda", "NVVM", "nvJitLink"
LABELS = {
    NUMBA_CUDA: "falta numba-cuda",
    NVVM: "falta NVVM (paquete nvidia-nvvm)",
    LINKER: "falta nvJitLink (paquete nvidia-nvjitlink)",
}
# Carpetas de los paquetes de NVIDIA donde está cada archivo, y su nombre.
FILES = {
    NVVM: (("cuda_nvcc", "cu13"), ("libnvvm.so*", "nvvm64*.dll")),
    LINKER: (("nvjitlink", "cu13"), ("libnvJitLink.so*", "nvJitLink*.dll")),
    "nvdisasm": (("cuda_nvdisasm", "cu13", "cuda_nvcc"), ("nvdisasm", "nvdisasm.exe")),
}
PACKAGES = (
    "numba-cuda", "numba", "nvidia-nvvm", "nvidia-nvjitlink", "nvidia-cuda-nvcc-cu12",
    "nvidia-nvjitlink-cu12",
)  # fmt: skip


@dataclass(frozen=True)
class Toolchain:
    """Lo que hay instalado.

    Attributes:
        missing: las piezas sin las que no se compila, de ``LABELS``; vacía si están todas.
        nvdisasm: el programa que escribe el código de máquina, o ``None``.
        versions: versión de cada paquete de ``PACKAGES`` que está.
    """

    missing: tuple[str, ...]
    nvdisasm: Path | None
    versions: dict[str, str]

    @property
    def ready(self) -> bool:
        """Si se puede compilar."""
        return not self.missing

    def require(self) -> None:
        """Falla con lo que hay que instalar, si algo falta.

        Raises:
            CompilerError: si la cadena no está completa.
        """
        if self.missing:
            said = "; ".join(LABELS[name] for name in self.missing)
            raise CompilerError(NOT_INSTALLED.format(missing=said))


_complete: list[Toolchain] = []


def toolchain() -> Toolchain:
    """Mira qué hay instalado, hasta que no falte nada; no carga ninguna biblioteca."""
    if _complete:
        return _complete[0]
    found = _look()
    if found.ready and found.nvdisasm:
        _complete.append(found)
    return found


def _look() -> Toolchain:
    missing = [name for name in (NVVM, LINKER) if _find(name) is None]
    if importlib.util.find_spec("numba_cuda") is None:
        missing.insert(0, NUMBA_CUDA)
    return Toolchain(tuple(missing), _disassembler(), _versions())


def _disassembler() -> Path | None:
    found = _find("nvdisasm") or shutil.which("nvdisasm")
    return Path(found) if found else None


def _find(name: str) -> Path | None:
    """El primer archivo con alguno de esos nombres, en los paquetes o en ``CUDA_HOME``."""
    folders, patterns = FILES[name]
    for root in _roots(folders):
        for pattern in patterns:
            found = next(iter(sorted(root.rglob(pattern))), None)
            if found is not None and found.is_file():
                return found
    return None


def _roots(folders: tuple[str, ...]) -> list[Path]:
    spec = importlib.util.find_spec("nvidia")
    packages = [Path(p) for p in (spec.submodule_search_locations or ())] if spec else []
    roots = [package / folder for package in packages for folder in folders]
    home = os.environ.get("CUDA_HOME")
    return [root for root in (*roots, *([Path(home)] if home else ())) if root.is_dir()]


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
