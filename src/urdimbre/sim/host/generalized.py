"""``guvectorize`` con ``target="cuda"``: una función de arreglos pequeños, sobre muchos."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from urdimbre.errors import ArgumentError
from urdimbre.sim.frontend import signatures
from urdimbre.sim.host.broadcasting import (
    NUMBERS,
    as_array,
    common,
    dtype_of,
    fill,
    layout,
    spread,
    stager,
)
from urdimbre.sim.host.interface import adopted
from urdimbre.sim.host.kernel import Kernel
from urdimbre.sim.memory.device_array import DeviceArray, allocate


class CUDAGUFunc:
    """Una función de arreglos pequeños que se aplica a cada elemento de las dimensiones de más."""

    def __init__(self, func: Callable[..., Any], signature: str):
        self.py_func, self.__name__, self.__doc__ = func, func.__name__, func.__doc__
        self._core = Kernel(func, device=True)
        self.inputs, self.outputs = layout(signature)
        self._types: list[tuple[Any, ...]] = []

    def add(self, sig: Any) -> None:
        """Una firma, como ``"void(float32[:], float32[:])"``: entradas y luego salidas."""
        (args,) = signatures.parse(sig)
        if len(args) != len(self.inputs) + len(self.outputs):
            raise ArgumentError(f"La firma de «{self.__name__}» no tiene un tipo por argumento.")
        self._types.append(args)

    @cached_property
    def _kernel(self) -> Kernel:
        sides = [*self.inputs, *self.outputs]
        names = [f"a{k}" for k in range(len(sides))]
        # Una salida sin dimensiones propias es un arreglo de un elemento.
        items = [f"{n}[i:i + 1]" if k >= len(self.inputs) and not dims else f"{n}[i]"
                 for k, (n, dims) in enumerate(zip(names, sides, strict=True))]  # fmt: skip
        return stager(names, names[0], f"core({', '.join(items)})", self._core)

    def __call__(self, *args: Any, out: Any = None, stream: Any = 0) -> Any:
        args, out = tuple(adopted(a) for a in args), adopted(out)
        count = len(self.inputs)
        if len(args) not in (count, count + len(self.outputs)):
            raise ArgumentError(f"«{self.__name__}» lleva {count} entradas y recibe {len(args)}.")
        given = args[count:] or ((out,) if out is not None else ())
        types = self._match(args[:count])
        arrays = [as_array(a, getattr(t, "dtype", t)) for a, t in zip(args[:count], types)]
        arrays = [a.reshape(()) if isinstance(given, NUMBERS) else a
                  for a, given in zip(arrays, args)]  # fmt: skip
        loop, sizes = self._shapes(arrays)
        cores = [tuple(sizes[d] for d in dims) for dims in self.outputs]
        flat = [spread(a, loop + a.shape[a.ndim - len(dims) :], len(dims))
                for a, dims in zip(arrays, self.inputs, strict=True)]  # fmt: skip
        total = int(np.prod(loop))
        results = [allocate((total, *core), t.dtype)
                   for core, t in zip(cores, types[count:], strict=True)]  # fmt: skip
        if total:
            self._kernel.forall(total, 0, stream)(*flat, *results)
        results = [r.reshape(loop + core) for r, core in zip(results, cores, strict=True)]
        on_device = any(isinstance(a, DeviceArray) for a in args)
        if given:
            done = [fill(g, r) for g, r in zip(given, results, strict=True)]
        else:
            done = [r if on_device else r.copy_to_host() for r in results]
        return done[0] if len(done) == 1 else tuple(done)

    def _match(self, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """La firma exacta o, si no, la primera compatible, como en Numba."""
        given = tuple(dtype_of(a) for a in inputs)
        wanted = [tuple(getattr(t, "dtype", t) for t in types) for types in self._types]
        for types, dtypes in zip(self._types, wanted, strict=True):
            if dtypes[: len(given)] == given:
                return types
        for types, dtypes in zip(self._types, wanted, strict=True):
            if all(np.can_cast(d, g) for d, g in zip(dtypes, given)):
                return types
        names = ", ".join(t.name for t in given)
        raise ArgumentError(f"«{self.__name__}» no tiene una firma para ({names}).")

    def _shapes(self, arrays: list[Any]) -> tuple[tuple[int, ...], dict[str, int]]:
        """La forma que se recorre, y el tamaño de cada letra."""
        sizes: dict[str, int] = {}
        loops = []
        for a, dims in zip(arrays, self.inputs, strict=True):
            if a.ndim < len(dims):
                raise ArgumentError(f"«{self.__name__}» pide un arreglo de {len(dims)} ejes.")
            split = a.ndim - len(dims)
            loops.append(a.shape[:split])
            for letter, size in zip(dims, a.shape[split:], strict=True):
                if sizes.setdefault(letter, size) != size:
                    raise ArgumentError(
                        f"En «{self.__name__}», «{letter}» mide {sizes[letter]} y {size}."
                    )
        return common(loops), sizes
