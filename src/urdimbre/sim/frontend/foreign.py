"""Un kernel de Numba real, visto desde el simulador.

Con una GPU, los nombres de un kernel llevan al ``numba.cuda`` verdadero. Para observarlo en el
simulador, esos nombres se cambian por los de la fachada.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from urdimbre.sim.functions.intrinsics import Namespace
from urdimbre.sim.functions.xoroshiro import INTRINSICS

CUDA_MODULES = ("numba.cuda", "numba_cuda.numba.cuda")
_kernels: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


class _Numba:
    """El módulo ``numba`` real, con el ``cuda`` del simulador."""

    def __init__(self, module: ModuleType):
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return translate(getattr(self._module, name))


def translate(value: Any) -> Any:
    """El equivalente en el simulador de un objeto de Numba; lo demás queda igual."""
    if isinstance(value, ModuleType):
        return _module(value)
    if isinstance(value, Namespace):
        return value
    is_random = getattr(value, "__name__", "") in INTRINSICS
    if hasattr(value, "py_func") and hasattr(value, "targetoptions") and not is_random:
        return _kernel(value)
    return _intrinsic(value)


def _module(value: ModuleType) -> Any:
    from urdimbre.sim import facade

    if value.__name__ in CUDA_MODULES:
        return facade
    return _Numba(value) if value.__name__ == "numba" else value


def _kernel(dispatcher: Any) -> Any:
    from urdimbre.sim.host.kernel import Kernel

    if dispatcher not in _kernels:
        device = bool(dispatcher.targetoptions.get("device"))
        options = dict(dispatcher.targetoptions)
        _kernels[dispatcher] = Kernel(dispatcher.py_func, device=device, options=options)
    return _kernels[dispatcher]


def _intrinsic(value: Any) -> Any:
    """Lo importado por su nombre: ``from numba.cuda import grid, threadIdx``."""
    from urdimbre.sim import facade

    if not str(getattr(value, "__module__", "")).startswith(CUDA_MODULES):
        return value
    name = getattr(value, "__name__", "")
    if name in INTRINSICS:
        return INTRINSICS[name]
    return getattr(facade, name) if name in vars(facade) else value
