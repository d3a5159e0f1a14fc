"""El módulo ``numba.cuda`` del simulador: los mismos nombres, con la misma ortografía.

Lo que no está lo dice la tabla de ``supported.py``.
"""

from __future__ import annotations

import sys as _sys
from collections.abc import Iterator as _Iterator
from contextlib import contextmanager as _contextmanager
from typing import Any

import numpy as _np

from urdimbre.errors import ArgumentError as _ArgumentError
from urdimbre.sim.frontend import signatures as _signatures
from urdimbre.sim.functions import xoroshiro as random  # noqa: F401
from urdimbre.sim.functions.intrinsics import HINTS as _HINTS
from urdimbre.sim.functions.intrinsics import WARP as _WARP
from urdimbre.sim.functions.intrinsics import (  # noqa: F401
    atomic,
    blockDim,
    blockIdx,
    cg,
    const,
    fp16,
    grid,
    gridDim,
    gridsize,
    laneid,
    libdevice,
    local,
    shared,
    syncthreads,
    threadIdx,
    warpsize,
)
from urdimbre.sim.functions.vectors import NAMES as _VECTORS
from urdimbre.sim.host import streams as _streams
from urdimbre.sim.host import vectorizers  # noqa: F401
from urdimbre.sim.host.arguments import In, InOut, Out  # noqa: F401
from urdimbre.sim.host.device import (  # noqa: F401
    CudaSupportError,
    Device,
    current_context,
    detect,
    get_current_device,
    gpus,
    is_available,
    list_devices,
    select_device,
)
from urdimbre.sim.host.device import Drivers as cudadrv
from urdimbre.sim.host.interface import (  # noqa: F401
    as_cuda_array,
    from_cuda_array_interface,
    is_cuda_array,
)
from urdimbre.sim.host.kernel import Kernel as _Kernel
from urdimbre.sim.host.kernel import contracts as _contracts
from urdimbre.sim.host.reduction import Reduce, reduce  # noqa: F401
from urdimbre.sim.memory.device_array import DeviceArray as _DeviceArray
from urdimbre.sim.memory.device_array import allocate as _allocate
from urdimbre.sim.memory.device_array import allocate_like as _allocate_like
from urdimbre.sim.memory.device_array import to_device as _to_device
from urdimbre.sim.supported import refuse as _refuse
from urdimbre.sim.typed.scalars import SCALARS as _SCALARS

globals().update(_WARP)
globals().update(_HINTS)
globals().update(_VECTORS)
devicearray = cudadrv.devicearray
_TYPES = {name: dtype.type for name, dtype in _SCALARS.items()} | {"boolean": _np.bool_}
legacy_default_stream = per_thread_default_stream = _streams.default_stream
Stream, stream, default_stream = _streams.Stream, _streams.stream, _streams.default_stream
Event, event, event_elapsed_time = _streams.Event, _streams.event, _streams.event_elapsed_time

OPTIONS = frozenset((
    "device", "inline", "debug", "opt", "lineinfo", "fastmath", "max_registers", "cache", "link",
    "launch_bounds", "extensions", "fast", "abi", "abi_info", "shared_memory_carveout", "lto",
))  # fmt: skip


def jit(func_or_sig: Any = None, *, device: bool = False, **options: Any) -> Any:
    """``@cuda.jit``: hace de una función un kernel o, con ``device=True``, una de dispositivo.

    Raises:
        ArgumentError: si alguna opción no existe en Numba.
    """
    unknown = set(options) - OPTIONS
    if unknown:
        raise _ArgumentError(f"cuda.jit no tiene la opción «{sorted(unknown)[0]}».")
    made = {"device": device, "contracts": _contracts(options), "options": options}
    if callable(func_or_sig) and hasattr(func_or_sig, "__code__"):
        return _Kernel(func_or_sig, **made)
    made["signatures"] = _signatures.parse(func_or_sig)
    return lambda fn: _Kernel(fn, **made)


def _compiles(name: str) -> Any:
    """Una función que da código de máquina: aquí se rechaza al llamarla."""

    def refused(*args: Any, **options: Any) -> Any:
        raise _refuse("compile_ptx")

    refused.__name__ = name
    return refused


globals().update(
    {name: _compiles(name) for name in ("compile", "compile_ptx", "compile_for_current_device",
                                        "compile_ptx_for_current_device", "declare_device")}
)  # fmt: skip


# ---- Memoria ---------------------------------------------------------------------------------


def to_device(obj: Any, stream: Any = 0, copy: bool = True, to: Any = None) -> _DeviceArray:
    """Copia un arreglo al dispositivo; si se da ``to``, lo escribe ahí."""
    if to is None:
        return _to_device(obj)
    to.copy_to_device(obj)
    return to


def device_array(shape: Any, dtype: Any = _np.float64, strides: Any = None, order: str = "C",
                 stream: Any = 0) -> _DeviceArray:  # fmt: skip
    """Arreglo del dispositivo sin inicializar (NaN en flotantes)."""
    return _allocate(shape, dtype, order).bind(stream)


def device_array_like(ary: Any, stream: Any = 0) -> _DeviceArray:
    """Como ``device_array``, con la forma y el tipo de ``ary``."""
    return _allocate_like(ary)


def pinned_array(shape: Any, dtype: Any = _np.float64, strides: Any = None, order: str = "C",
                 **options: Any) -> Any:  # fmt: skip
    """Un arreglo de NumPy: aquí no hay memoria fijada."""
    return _np.empty(shape, dtype, order=order)


def pinned_array_like(ary: Any, **options: Any) -> Any:
    return _np.empty_like(_np.asarray(ary))


@_contextmanager
def pinned(*arylist: Any) -> _Iterator[None]:
    yield


mapped_array, mapped_array_like = pinned_array, pinned_array_like
managed_array = pinned_array


@_contextmanager
def mapped(*arylist: Any, **options: Any) -> _Iterator[Any]:
    """Los mismos arreglos: un kernel los lee y los escribe."""
    yield arylist[0] if len(arylist) == 1 else list(arylist)


# ---- Dispositivo -----------------------------------------------------------------------------


def synchronize() -> None:
    """Nada que esperar: cada lanzamiento termina antes de volver."""


def is_float16_supported() -> bool:
    return True


def close() -> None:
    """Nada que cerrar."""


def profile_start() -> None:
    """Para perfilar aquí, usa urdimbre.profile."""


def profile_stop() -> None:
    """Para perfilar aquí, usa urdimbre.profile."""


@_contextmanager
def profiling() -> _Iterator[None]:
    yield


@_contextmanager
def defer_cleanup() -> _Iterator[None]:
    yield


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    if name in _TYPES:  # como en numba-cuda: los tipos de Numba, también aquí
        return getattr(_sys.modules.get("numba"), name, _TYPES[name])
    error = _refuse(f"cuda.{name}")
    raise AttributeError(error.message)


cuda = _sys.modules[__name__]
