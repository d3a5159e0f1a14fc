"""``vectorize`` y ``guvectorize`` con ``target="cuda"``: un kernel a partir de una función.

Las reglas son las de Numba: los arreglos deben tener el tipo exacto de una firma, los números
sueltos se convierten, y el resultado queda donde están los datos.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from urdimbre.errors import ArgumentError
from urdimbre.sim.frontend import signatures
from urdimbre.sim.frontend.typing import Typer
from urdimbre.sim.host.broadcasting import NUMBERS, as_array, common, dtype_of, fill, spread, stager
from urdimbre.sim.host.generalized import CUDAGUFunc
from urdimbre.sim.host.interface import adopted
from urdimbre.sim.host.kernel import Kernel
from urdimbre.sim.memory.device_array import DeviceArray, allocate, to_device


class Builder:
    """Lo común: junta las firmas de una función y arma su objeto al final."""

    made: type

    def __init__(self, func: Callable[..., Any], *more: Any, identity: Any = None,
                 cache: bool = False, targetoptions: Any = None, **options: Any):  # fmt: skip
        self.function = self.made(func, *more)

    def add(self, sig: Any) -> None:
        self.function.add(sig)

    def disable_compile(self) -> None:
        """Nada que hacer: las firmas son las que se dieron."""

    def build_ufunc(self) -> Any:
        return self.function


class CUDAUFunc:
    """Una función de números que se aplica elemento a elemento."""

    def __init__(self, func: Callable[..., Any]):
        self.py_func, self.__name__, self.__doc__ = func, func.__name__, func.__doc__
        self._core = Kernel(func, device=True)
        self._results: dict[tuple[np.dtype, ...], np.dtype] = {}

    @property
    def types(self) -> list[tuple[np.dtype, ...]]:
        return list(self._results)

    def add(self, sig: Any) -> None:
        """Una firma, como ``"float32(float32, float32)"``."""
        (args,) = signatures.parse(sig)
        result = signatures.result(sig)
        if result is None:
            result = Typer(self._core.definition, args, device=True).function().returns
        self._results[args] = result

    @cached_property
    def _kernel(self) -> Kernel:
        names = [f"a{k}" for k in range(len(next(iter(self._results))))]
        items = ", ".join(f"{n}[i]" for n in names)
        return stager([*names, "out"], "out", f"out[i] = core({items})", self._core)

    def __call__(self, *args: Any, out: Any = None, stream: Any = 0) -> Any:
        """El resultado: en el dispositivo si algún argumento está ahí; si no, en el anfitrión.

        Raises:
            ArgumentError: si los tipos no son los de una firma o las formas no se difunden.
        """
        args, out = tuple(adopted(a) for a in args), adopted(out)
        types = self._match(args)
        arrays = [as_array(a, t) for a, t in zip(args, types, strict=True)]
        shape = common([a.shape for a in arrays])
        flat = [spread(a, shape) for a in arrays]
        result = allocate(int(np.prod(shape)), self._results[types])
        if result.size:
            self._kernel.forall(result.size, 0, stream)(*flat, result)
        result = result.reshape(shape)
        if out is not None:
            return fill(out, result)
        return result if any(isinstance(a, DeviceArray) for a in args) else result.copy_to_host()

    def _match(self, args: tuple[Any, ...]) -> tuple[np.dtype, ...]:
        given = [None if isinstance(a, NUMBERS) else dtype_of(a) for a in args]
        exact = [np.asarray(a).dtype if t is None else t for a, t in zip(args, given, strict=True)]
        found = [t for t in self._results if t == tuple(exact)] or [
            types for types in self._results if len(types) == len(args)
            and all(t is None or t == wanted for t, wanted in zip(given, types, strict=True))
        ]  # fmt: skip
        if len(found) != 1:
            known = "; ".join(", ".join(t.name for t in types) for types in self._results)
            why = "varias firmas sirven" if found else "ninguna firma tiene esos tipos"
            raise ArgumentError(
                f"«{self.__name__}» recibe ({', '.join(t.name for t in exact)}) y {why}: los "
                f"arreglos deben ser del tipo exacto de una firma ({known})."
            )
        return found[0]

    def reduce(self, arg: Any, stream: Any = 0) -> Any:
        """Reduce un arreglo de una dimensión; el orden es el de Numba, por mitades."""
        if arg.ndim != 1 or not arg.shape[0] or any(len(t) != 2 for t in self._results):
            raise ArgumentError("reduce pide una función de dos argumentos y un arreglo 1-D.")
        part, ends = to_device(arg)[:], []
        part = to_device(part.copy_to_host())
        while part.size > 1:
            if part.size % 2:
                ends.append(part[part.size - 1 :])
                part = part[: part.size - 1]
            half = part.size // 2
            part = self(part[:half], part[half:])
        for end in reversed(ends):
            part = self(part, end)
        return part.copy_to_host()[0]


class CUDAVectorize(Builder):
    made = CUDAUFunc


class CUDAGUFuncVectorize(Builder):
    made = CUDAGUFunc


def vectorize(ftylist: Any = (), *, target: str = "cpu", **options: Any) -> Any:
    """``@vectorize(["float32(float32)"], target="cuda")``, sin Numba instalado.

    Raises:
        ArgumentError: si se pide otro destino, o sin firmas.
    """
    _need_cuda("vectorize", target, ftylist)
    return _decorator(CUDAVectorize, ftylist)


def guvectorize(ftylist: Any, signature: str, *, target: str = "cpu", **options: Any) -> Any:
    """``@guvectorize(["void(float32[:], float32[:])"], "(n)->(n)", target="cuda")``.

    Raises:
        ArgumentError: si se pide otro destino, o sin firmas.
    """
    _need_cuda("guvectorize", target, ftylist)
    return _decorator(CUDAGUFuncVectorize, ftylist, signature)


def _need_cuda(name: str, target: str, ftylist: Any) -> None:
    if target != "cuda":
        raise ArgumentError(
            f'Aquí {name} solo existe con target="cuda"; para «{target}» instala Numba.'
        )
    if callable(ftylist) or not ftylist:
        raise ArgumentError(f'{name} con target="cuda" pide la lista de firmas.')


def _decorator(build: type[Builder], ftylist: Any, *more: Any) -> Callable[..., Any]:
    listed = [ftylist] if isinstance(ftylist, str) else list(ftylist)

    def wrap(func: Callable[..., Any]) -> Any:
        builder = build(func, *more)
        for sig in listed:
            builder.add(sig)
        return builder.build_ufunc()

    return wrap
