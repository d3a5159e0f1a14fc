"""Formas y datos de ``vectorize``: difundir los argumentos y armar el kernel que los recorre."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from urdimbre.errors import ArgumentError
from urdimbre.sim.host.kernel import Kernel
from urdimbre.sim.memory.device_array import DeviceArray, to_device

NUMBERS = (int, float, complex, np.number)


def stager(names: list[str], first: str, body: str, core: Kernel) -> Kernel:
    """``if i < first.shape[0]: body``, un hilo por elemento."""
    from urdimbre.sim import facade
    from urdimbre.sim.reading.loader import load_source

    text = (
        f"@cuda.jit\ndef vectorized({', '.join(names)}):\n    i = cuda.grid(1)\n"
        f"    if i < {first}.shape[0]:\n        {body}\n"
    )
    return load_source(text, "<vectorize>", {"cuda": facade, "core": core})["vectorized"]


def layout(text: str) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """``"(m,n),(n)->(m)"`` como listas de letras."""
    inputs, arrow, outputs = text.replace(" ", "").partition("->")
    sides = [[tuple(filter(None, part.split(","))) for part in re.findall(r"\(([^()]*)\)", side)]
             for side in (inputs, outputs)]  # fmt: skip
    known = {d for dims in sides[0] for d in dims}
    if not arrow or not all(d in known for dims in sides[1] for d in dims):
        raise ArgumentError(f"No se entiende la forma «{text}»: se espera «(n),(n)->(n)».")
    return sides[0], sides[1]


def dtype_of(value: Any) -> np.dtype:
    return value.dtype if hasattr(value, "dtype") else np.asarray(value).dtype


def as_array(value: Any, dtype: np.dtype) -> Any:
    """El argumento como arreglo; un número, con el tipo de la firma."""
    if isinstance(value, NUMBERS):
        return np.array([value]).astype(dtype)
    value = value if isinstance(value, DeviceArray) else np.asarray(value)
    view = value.data if isinstance(value, DeviceArray) else value
    return value if view.dtype == dtype else view.astype(dtype)


def common(shapes: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        listed = ", ".join(str(s) for s in shapes)
        raise ArgumentError(f"Las formas {listed} no se pueden difundir juntas.") from None


def spread(array: Any, shape: tuple[int, ...], core: int = 0) -> DeviceArray:
    """El arreglo difundido, con las dimensiones que se recorren en una sola."""
    if isinstance(array, DeviceArray) and array.shape == shape and array.ndim == core + 1:
        return array
    view = array.data if isinstance(array, DeviceArray) else array
    whole = np.broadcast_to(view, shape)
    inside = shape[len(shape) - core :]
    return to_device(np.ascontiguousarray(whole).reshape(-1, *inside))


def fill(out: Any, result: DeviceArray) -> Any:
    """Deja el resultado en ``out``, del anfitrión o del dispositivo."""
    if isinstance(out, DeviceArray):
        out.copy_to_device(result)
        return out
    return result.copy_to_host(out)
