"""Qué backend se usa y por qué: ``numba.cuda`` de verdad o el simulador con su nombre.

Sin GPU, un buscador de módulos entrega el simulador a quien importe ``numba.cuda``; si Numba no
está instalado, también un ``numba`` mínimo con sus tipos.
"""

from __future__ import annotations

import ctypes
import importlib.machinery
import importlib.util
import operator
import sys
import types as pytypes
from dataclasses import dataclass
from typing import Any

from urdimbre.errors import BackendError

MODES = (None, "sim", "gpu")
SUBMODULES = {f"numba.cuda.{n}": n for n in (
    "cg", "fp16", "libdevice", "random", "vectorizers", "cudadrv", "cudadrv.driver",
    "cudadrv.error", "cudadrv.devicearray")}  # fmt: skip
LIBRARIES = ("libcuda.so.1", "libcuda.so", "nvcuda.dll")


@dataclass(frozen=True)
class Backend:
    """El backend elegido.

    Attributes:
        name: ``"sim"`` o ``"gpu"``.
        reason: por qué, en español.
        device: nombre del dispositivo.
    """

    name: str
    reason: str
    device: str

    def __str__(self) -> str:
        where = f"GPU ({self.device})" if self.name == "gpu" else "simulador, sin GPU"
        return f"Urdimbre: {where}. {self.reason}"


def enable(mode: str | None = None, *, quiet: bool = False) -> Backend:
    """Prepara ``numba.cuda``: el real si hay una GPU utilizable; si no, el simulador.

    Args:
        mode: ``"sim"`` o ``"gpu"`` para forzar uno.
        quiet: no escribir la línea que dice cuál se usa.

    Raises:
        BackendError: si se pide una GPU que no está, o un modo que no existe.
    """
    if mode not in MODES:
        raise BackendError(f"El backend «{mode}» no existe: usa «sim», «gpu» o nada.")
    chosen = _choose(mode)
    (_install if chosen.name == "sim" else _uninstall)()
    if not quiet:
        print(chosen)
    return chosen


def _choose(mode: str | None) -> Backend:
    if mode == "sim":
        return Backend("sim", "Se pidió el simulador.", "simulador")
    device, why = gpu_status()
    if device:
        return Backend("gpu", "Se usa numba.cuda tal cual.", device)
    if mode == "gpu":
        raise BackendError(f"Se pidió una GPU y no se puede usar: {why} Prueba «urdimbre doctor».")
    return Backend("sim", why, "simulador")


def gpu_status() -> tuple[str, str]:
    """Nombre de la GPU utilizable (vacío si no hay) y, si no hay, el motivo."""
    count, why = driver_devices()
    if not count:
        return "", why
    if importlib.util.find_spec("numba") is None:
        return "", "Hay una GPU, pero falta Numba: «urdimbre doctor» dice qué instalar."
    return _real_device()


def driver_devices() -> tuple[int, str]:
    """Cuántas GPU ve el controlador de NVIDIA, sin importar nada pesado."""
    for name in LIBRARIES:
        try:
            driver = ctypes.CDLL(name)
        except OSError:
            continue
        count = ctypes.c_int(0)
        if driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0:
            return count.value, "" if count.value else "El controlador no ve ninguna GPU."
        return 0, "El controlador de NVIDIA está, pero no responde."
    return 0, "No hay controlador de NVIDIA en este equipo."


def _real_device() -> tuple[str, str]:
    _uninstall()
    try:
        from numba import cuda

        if not cuda.is_available():
            return "", "Numba no puede usar la GPU: «urdimbre doctor» dice qué falta."
        name = cuda.get_current_device().name
        return name.decode() if isinstance(name, bytes) else str(name), ""
    except Exception as error:
        return "", f"Numba no puede usar la GPU ({type(error).__name__}: {error})."


# ---- El simulador con el nombre de numba.cuda ------------------------------------------------


class SimulatorFinder:
    """Entrega el simulador a quien importe ``numba.cuda`` (y ``numba``, si no está instalado)."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name == "numba.cuda" or (name == "numba" and not _numba_installed(self)):
            package = name == "numba"
            return importlib.machinery.ModuleSpec(name, self, is_package=package)
        if name not in SUBMODULES:
            if name.startswith("numba.cuda."):
                raise ModuleNotFoundError(f"El simulador no tiene «{name}».", name=name)
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=name.endswith("cudadrv"))

    def create_module(self, spec: Any) -> Any:
        if spec.name in SUBMODULES:
            return _submodule(spec.name)
        return simulated_cuda() if spec.name == "numba.cuda" else _small_numba()

    def exec_module(self, module: Any) -> None:
        """El módulo ya está completo."""


def _numba_installed(finder: SimulatorFinder) -> bool:
    others = [f for f in sys.meta_path if f is not finder]
    return any(getattr(f, "find_spec", lambda *_: None)("numba", None) for f in others)


_finder = SimulatorFinder()


def simulated_cuda() -> pytypes.ModuleType:
    """Un módulo ``numba.cuda`` con los nombres de la fachada."""
    from urdimbre.sim import facade

    module = pytypes.ModuleType("numba.cuda", facade.__doc__)
    public = {k: v for k, v in vars(facade).items() if not k.startswith("_")}
    vars(module).update(public, __getattr__=facade.__getattr__, __path__=[])
    module.cuda = module
    return module


def _submodule(name: str) -> pytypes.ModuleType:
    """``numba.cuda.random`` y los demás grupos de la fachada que se importan como módulos."""
    from urdimbre.sim import facade

    group = operator.attrgetter(SUBMODULES[name])(facade)
    module = pytypes.ModuleType(name, type(group).__doc__)
    vars(module).update({k: v for k, v in vars(group).items() if not k.startswith("_")})
    return module


def _small_numba() -> pytypes.ModuleType:
    """``numba`` sin Numba: sus tipos, como los de NumPy, y ``vectorize`` para CUDA."""
    import numpy as np

    from urdimbre.sim.host.vectorizers import guvectorize, vectorize
    from urdimbre.sim.typed.types import SCALARS

    module = pytypes.ModuleType("numba", "Numba no está instalado: sus tipos y vectorize.")
    vars(module).update({name: dtype.type for name, dtype in SCALARS.items()}, __path__=[])
    module.from_dtype = np.dtype
    module.boolean = SCALARS["bool"].type
    module.types = module
    module.vectorize, module.guvectorize = vectorize, guvectorize
    return module


def _install() -> None:
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    _forget()
    numba = sys.modules.get("numba")
    if numba is not None:
        numba.cuda = sys.modules["numba.cuda"] = simulated_cuda()


def _uninstall() -> None:
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)
        _forget()
        numba = sys.modules.get("numba")
        if numba is not None:
            vars(numba).pop("cuda", None)


def _forget() -> None:
    """Quita de la memoria de importación el ``numba.cuda`` anterior."""
    for name in [n for n in sys.modules if n == "numba.cuda" or n.startswith("numba.cuda.")]:
        del sys.modules[name]
