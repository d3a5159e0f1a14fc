"""Kernels y lanzamientos: ``kernel[malla, bloque, stream, bytes_compartidos](*args)``."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import (
    ArgumentError,
    KernelError,
    KernelRuntimeError,
    LaunchError,
    UnsupportedError,
    UrdimbreError,
)
from . import ir, lower
from . import types as T
from .device_array import DeviceArray, check_dtype, reference, to_device
from .events import LaunchInfo
from .run import Options, Run
from .source import Source, from_function
from .typing import Typer

MAX_THREADS, MAX_BLOCK_Z, MAX_SHARED, MAX_LOCAL = 1024, 64, 48 * 1024, 512 * 1024
CHUNK_BYTES = 1 << 28  # memoria local de todos los hilos de una tanda
MAX_GRID = (2**31 - 1, 65535, 65535)

_observers: list[tuple[Any, ...]] = []
_options: list[Options] = [Options()]


@contextmanager
def observing(*observers: Any) -> Iterator[tuple[Any, ...]]:
    """Los lanzamientos de dentro cuentan lo que hacen a ``observers``."""
    _observers.append(observers)
    try:
        yield observers
    finally:
        _observers.pop()


@contextmanager
def options(**changes: Any) -> Iterator[Options]:
    """Cambia por un rato las opciones de ejecución (véase ``Options``)."""
    _options.append(dataclasses.replace(_options[-1], **changes))
    try:
        yield _options[-1]
    finally:
        _options.pop()


@dataclasses.dataclass(frozen=True, eq=False)
class Compiled:
    """Un kernel tipado y listo para correr con unos tipos de argumentos."""

    function: ir.Function
    execute: Callable[..., Any]
    shared_bytes: int
    local_bytes: int


class Kernel:
    """Un kernel o una función de dispositivo del simulador.

    Attributes:
        py_func: la función de Python, o ``None`` si se leyó de un texto.
        device: si se decoró con ``device=True``.
    """

    def __init__(
        self, py_func: Any = None, *, definition: Source | None = None, device: bool = False,
        signatures: tuple[Any, ...] = (),
    ):  # fmt: skip
        self.py_func, self.device, self.signatures = py_func, device, signatures
        self._definition = definition
        self._compiled: dict[tuple[Any, ...], Compiled] = {}
        self._device: dict[tuple[Any, ...], ir.Function | None] = {}
        self.__name__ = definition.name if definition else py_func.__name__
        self.__doc__ = getattr(py_func, "__doc__", None)
        self.__module__ = getattr(py_func, "__module__", None)

    @cached_property
    def definition(self) -> Source:
        """El código, leído la primera vez que hace falta."""
        return self._definition or from_function(self.py_func)

    name = property(lambda self: self.__name__)
    source = property(lambda self: self.definition.text)
    filename = property(lambda self: self.definition.filename)

    def __repr__(self) -> str:
        kind = "función de dispositivo" if self.device else "kernel"
        return f"<{kind} «{self.name}» (simulador)>"

    def __getitem__(self, config: Any) -> Launch:
        return Launch.configured(self, config)

    def forall(self, ntasks: int, tpb: int = 0, stream: Any = 0, sharedmem: int = 0) -> Launch:
        """Lanzamiento de una dimensión que cubre ``ntasks`` hilos."""
        tpb = tpb or 128
        return self[-(-ntasks // tpb) or 1, tpb, stream, sharedmem]

    def __call__(self, *args: Any) -> Any:
        if self.device:
            raise LaunchError(
                f"«{self.name}» es una función de dispositivo: solo se llama desde un kernel."
            )
        raise LaunchError(
            f"Falta la configuración de lanzamiento: {self.name}[bloques, hilos](...)."
        )

    def compile(self, types: tuple[Any, ...]) -> Compiled:
        """El kernel para estos tipos de argumentos; se hace una vez por firma.

        Raises:
            KernelError: con la línea, si no se puede compilar.
        """
        found = self._compiled.get(types)
        if found is None:
            found = self._compiled[types] = self._compile(types)
        return found

    def _compile(self, types: tuple[Any, ...]) -> Compiled:
        try:
            fn = Typer(self.definition, types).function()
            used = {
                space: sum(_declared_bytes(d) for d in _declared(fn) if d.space == space)
                for space in ("shared", "local")
            }
            return Compiled(fn, lower.function(fn), used["shared"], used["local"])
        except RecursionError:
            raise UnsupportedError(
                f"«{self.name}» anida demasiado sus expresiones o sus bloques.",
                line=self.definition.first_line,
            ) from None

    def device_function(self, types: tuple[Any, ...], typer: Any, node: Any) -> ir.Function:
        """La función tipada para llamarla desde otro kernel."""
        params = self.definition.node.args.args
        if len(params) != len(types):
            raise typer.fail(
                f"«{self.name}» lleva {len(params)} argumentos y recibe {len(types)}.", node
            )
        if types in self._device and self._device[types] is None:
            raise typer.fail(f"«{self.name}» se llama a sí misma: la recursión no está en este "
                             "simulador.", node, UnsupportedError)  # fmt: skip
        if types not in self._device:
            self._device[types] = None
            try:
                self._device[types] = Typer(self.definition, types, device=True).function()
            finally:
                if self._device[types] is None:
                    del self._device[types]
        return self._device[types]


def _declared_bytes(d: ir.Declare) -> int:
    return int(np.prod(d.shape)) * d.type.dtype.itemsize


def _declared(fn: ir.Function) -> list[ir.Declare]:
    """Arreglos compartidos y locales de la función y de las que llama."""
    seen: dict[int, ir.Declare] = {}
    pending, visited = [fn], set()
    while pending:
        f = pending.pop()
        if id(f) not in visited:
            visited.add(id(f))
            seen |= {id(d): d for d in f.declared.values()}
            pending.extend(_callees(f.body))
    return list(seen.values())


def _callees(node: Any) -> Iterator[ir.Function]:
    if isinstance(node, ir.Call):
        yield node.function
    if isinstance(node, list | tuple):
        for part in node:
            yield from _callees(part)
    elif isinstance(node, ir.Expr | ir.Stmt | ir.Slice):
        for field in dataclasses.fields(node):
            if field.name not in ("function", "type"):
                yield from _callees(getattr(node, field.name))


@dataclasses.dataclass(frozen=True, eq=False)
class Launch:
    """Un kernel con su configuración: se llama con los argumentos."""

    kernel: Kernel
    grid: tuple[int, int, int]
    block: tuple[int, int, int]
    shared_bytes: int = 0

    @classmethod
    def configured(cls, kernel: Kernel, config: Any) -> Launch:
        """De ``kernel[malla, bloque, stream, bytes]``, en el orden de Numba.

        Raises:
            LaunchError: si falta algo o se pasa un límite de CUDA.
        """
        if kernel.device:
            raise LaunchError(f"«{kernel.name}» es una función de dispositivo: no se lanza.")
        if not isinstance(config, tuple) or not 2 <= len(config) <= 4:
            raise LaunchError(
                "La configuración es kernel[bloques, hilos] o "
                "kernel[bloques, hilos, stream, bytes_compartidos]."
            )
        grid, block = dimensions(config[0], "bloques"), dimensions(config[1], "hilos")
        shared = int(config[3]) if len(config) == 4 else 0
        _check_limits(grid, block, shared)
        return cls(kernel, grid, block, shared)

    def __call__(self, *args: Any) -> None:
        definition = self.kernel.definition
        names = [a.arg for a in definition.node.args.args]
        if len(names) != len(args):
            raise ArgumentError(
                f"«{self.kernel.name}» lleva {len(names)} argumentos ({', '.join(names)}) y "
                f"recibe {len(args)}."
            )
        args = _signed(self.kernel, args)
        bound = [bind(n, a) for n, a in zip(names, args, strict=True)]
        compiled = self.kernel.compile(tuple(b.type for b in bound))
        self._check_memory(compiled)
        self._execute(compiled, bound)
        for b in bound:
            b.copy_back()

    def _check_memory(self, compiled: Compiled) -> None:
        shared = compiled.shared_bytes + self.shared_bytes
        if shared > MAX_SHARED:
            raise LaunchError(
                f"El bloque pide {shared} B de memoria compartida y el límite es {MAX_SHARED} B "
                "(48 KiB). Usa una tesela más pequeña."
            )
        if compiled.local_bytes > MAX_LOCAL:
            raise LaunchError(
                f"Cada hilo pide {compiled.local_bytes} B de memoria local y el límite es "
                f"{MAX_LOCAL} B (512 KiB)."
            )

    def _chunk(self, compiled: Compiled) -> int:
        """Cuántos bloques corren a la vez sin pasarse de memoria."""
        lanes = -(-int(np.prod(self.block)) // 32) * 32
        most = min(_options[-1].chunk_lanes, CHUNK_BYTES // max(compiled.local_bytes, 1))
        return max(1, most // lanes)

    def _execute(self, compiled: Compiled, bound: list[Bound]) -> None:
        observers = [o for group in _observers for o in group]
        info = self.info(compiled, bound)
        _tell(observers, "begin", info)
        values = [b.value for b in bound]
        total, chunk = int(np.prod(self.grid, dtype=np.int64)), self._chunk(compiled)
        with np.errstate(all="ignore"):
            for first in range(0, total, chunk):
                run = Run(info, _options[-1], first, min(chunk, total - first), observers)
                _tell(observers, "begin_chunk", run.lanes)
                _guarded(compiled, run, values)
                _tell(observers, "end_chunk")
        _tell(observers, "end")

    def info(self, compiled: Compiled, bound: list[Bound]) -> LaunchInfo:
        d = self.kernel.definition
        arrays = tuple(b.value.info for b in bound if isinstance(b.type, T.Array))
        return LaunchInfo(
            d.name, d.filename, d.first_line, d.lines, self.grid, self.block, self.shared_bytes,
            arrays, _sources(compiled.function),
        )  # fmt: skip


def _sources(fn: ir.Function) -> dict[int, str]:
    """Texto de las líneas de las funciones de dispositivo que usa."""
    out: dict[int, str] = {}
    for callee in _callees(fn.body):
        out |= callee.lines | _sources(callee)
    return out


def _guarded(compiled: Compiled, run: Run, values: list[Any]) -> None:
    """Corre la tanda; lo que no sea un error nuestro se explica con su línea."""
    try:
        compiled.execute(run, values, run.mask)
    except (UrdimbreError, Warning):
        raise
    except MemoryError:
        raise run.fault("El kernel pide más memoria de la que hay.", run.line) from None
    except Exception as error:
        raise run.fault(f"El simulador no pudo seguir: {error}.", run.line, KernelRuntimeError) from error


def _tell(observers: list[Any], name: str, *args: Any) -> None:
    for o in observers:
        method = getattr(o, name, None)
        if method is not None:
            method(*args)


def dimensions(value: Any, what: str) -> tuple[int, int, int]:
    """``n`` o una tupla de hasta tres enteros, como ``(x, y, z)``."""
    parts = tuple(value) if isinstance(value, tuple | list) else (value,)
    if not 1 <= len(parts) <= 3 or not all(_is_integer(p) for p in parts):
        raise LaunchError(
            f"El número de {what} debe ser un entero o una tupla de hasta tres enteros; es {value!r}."
            + (" Usa // en vez de / para dividir." if isinstance(value, float) else "")
        )
    if min(parts) < 1:
        raise LaunchError(f"El número de {what} debe ser al menos 1 en cada eje; es {value!r}.")
    return (*(int(p) for p in parts), *(1,) * (3 - len(parts)))


def _is_integer(x: Any) -> bool:
    return isinstance(x, int | np.integer) and not isinstance(x, bool | np.bool_)


def _check_limits(grid: Any, block: Any, shared: int) -> None:
    threads = block[0] * block[1] * block[2]
    if threads > MAX_THREADS:
        raise LaunchError(f"Un bloque admite {MAX_THREADS} hilos y este tiene {threads} {block}.")
    if block[2] > MAX_BLOCK_Z:
        raise LaunchError(f"El eje z de un bloque admite {MAX_BLOCK_Z} hilos; pide {block[2]}.")
    for axis, n, limit in zip("xyz", grid, MAX_GRID, strict=True):
        if n > limit:
            raise LaunchError(f"La malla admite {limit} bloques en {axis}; pide {n}.")
    if shared < 0:
        raise LaunchError("Los bytes de memoria compartida no pueden ser negativos.")


# ---- Argumentos ------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, eq=False)
class Bound:
    """Un argumento listo: su tipo, su valor en el kernel y a dónde se copia al terminar."""

    type: Any
    value: Any
    host: np.ndarray | None = None
    device: DeviceArray | None = None

    def copy_back(self) -> None:
        if self.host is not None and self.host.flags.writeable:
            self.host[...] = self.device.view


def bind(name: str, value: Any) -> Bound:
    """Un argumento del anfitrión visto por el kernel; un arreglo de NumPy se copia ida y vuelta.

    Raises:
        ArgumentError: si ese tipo no se puede pasar a un kernel.
    """
    if isinstance(value, DeviceArray):
        return _bind_array(name, value)
    if isinstance(value, np.ndarray):
        check_dtype(value.dtype)
        device = to_device(value)
        return dataclasses.replace(_bind_array(name, device), host=value, device=device)
    if isinstance(value, tuple):
        items = [bind(f"{name}[{k}]", v) for k, v in enumerate(value)]
        return Bound(T.Tuple(tuple(b.type for b in items)), tuple(b.value for b in items))
    return _bind_scalar(name, value)


def _bind_array(name: str, array: DeviceArray) -> Bound:
    return Bound(T.Array(array.dtype, array.ndim), reference(array, name))


def _bind_scalar(name: str, value: Any) -> Bound:
    if isinstance(value, np.generic) and value.dtype.name in T.SCALARS:
        return Bound(value.dtype, value)
    kinds = ((bool, T.BOOL), (int, T.I64), (float, T.F64), (complex, T.C128))
    dtype = next((t for k, t in kinds if isinstance(value, k)), None)
    if dtype is None:
        raise ArgumentError(
            f"El argumento «{name}» es de tipo {type(value).__name__} y un kernel solo recibe "
            "números, tuplas de números y arreglos. Si es una lista, usa np.array(lista)."
        )
    if dtype is T.I64 and not -(1 << 63) <= value < 1 << 63:
        dtype = T.U64
    try:
        return Bound(dtype, dtype.type(value))
    except OverflowError:
        raise ArgumentError(f"El argumento «{name}» = {value} no cabe en 64 bits.") from None


def _signed(kernel: Kernel, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Con firma explícita, los números se convierten al tipo que pide."""
    if len(kernel.signatures) != 1:
        return args
    wanted = kernel.signatures[0]
    if len(wanted) != len(args):
        raise ArgumentError(f"La firma de «{kernel.name}» tiene {len(wanted)} argumentos.")
    return tuple(_convert_argument(kernel, k, t, a) for k, (t, a) in enumerate(zip(wanted, args)))  # noqa: B905


def _convert_argument(kernel: Kernel, k: int, wanted: Any, value: Any) -> Any:
    if isinstance(wanted, T.Array):
        given = (getattr(value, "dtype", None), getattr(value, "ndim", None))
        if given != (wanted.dtype, wanted.ndim):
            raise ArgumentError(f"El argumento {k + 1} de «{kernel.name}» debe ser un {wanted}.")
        return value
    return wanted.type(value) if isinstance(wanted, np.dtype) else value


def as_kernel(obj: Any) -> Kernel:
    """El kernel del simulador que corresponde a ``obj``.

    Acepta un kernel del simulador, uno de Numba (por su ``py_func``) o una función.

    Raises:
        ArgumentError: si no es nada de eso.
    """
    if isinstance(obj, Kernel):
        return obj
    if isinstance(obj, Launch):
        return obj.kernel
    fn = getattr(obj, "py_func", obj)
    if callable(fn) and hasattr(fn, "__code__"):
        device = bool(getattr(obj, "targetoptions", {}).get("device", False))
        return Kernel(fn, device=device)
    raise ArgumentError(f"Se esperaba un kernel (una función con @cuda.jit) y es {obj!r}.")


__all__ = ["Kernel", "KernelError", "Launch", "as_kernel", "observing", "options"]
