"""Lanzar un kernel: ``kernel[malla, bloque, stream, bytes_compartidos](*args)``."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from urdimbre.errors import ArgumentError, KernelRuntimeError, LaunchError, UrdimbreError
from urdimbre.sim.events import LaunchInfo
from urdimbre.sim.functions.grid_group import check_resident
from urdimbre.sim.host.arguments import Bound, bind, signed
from urdimbre.sim.host.interface import adopted
from urdimbre.sim.host.progress import tracked
from urdimbre.sim.lanes.run import Options, Run

MAX_THREADS, MAX_BLOCK_Z, MAX_SHARED, MAX_LOCAL = 1024, 64, 48 * 1024, 512 * 1024
CHUNK_BYTES = 1 << 28  # memoria local de todos los hilos de una tanda
SHUFFLED_CHUNKS = 8  # tandas, por lo menos, en que se parte una malla de orden sorteado
MAX_GRID = (2**31 - 1, 65535, 65535)
NAMED = "Los argumentos de un kernel van por su posición: «{name}» recibió con nombre {given}."

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
class Launch:
    """Un kernel con su configuración: se llama con los argumentos."""

    kernel: Any
    grid: tuple[int, int, int]
    block: tuple[int, int, int]
    shared_bytes: int = 0

    @classmethod
    def configured(cls, kernel: Any, config: Any) -> Launch:
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

    def __call__(self, *args: Any, **named: Any) -> None:
        if named:
            raise ArgumentError(NAMED.format(name=self.kernel.name, given=", ".join(named)))
        _tell([o for group in _observers for o in group], "launched", self, args)
        definition = self.kernel.definition
        names = [a.arg for a in definition.node.args.args]
        if len(names) != len(args):
            raise ArgumentError(
                f"«{self.kernel.name}» lleva {len(names)} argumentos ({', '.join(names)}) y "
                f"recibe {len(args)}."
            )
        args = signed(self.kernel, tuple(adopted(a) for a in args))
        bound = [bind(n, a) for n, a in zip(names, args, strict=True)]
        compiled = self.kernel.compile(tuple(b.type for b in bound), _options[-1].fma)
        self._check_memory(compiled)
        self._execute(compiled, bound)
        for b in bound:
            b.copy_back()

    def _check_memory(self, compiled: Any) -> None:
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

    def _chunk(self, compiled: Any) -> int:
        """Cuántos bloques corren a la vez sin pasarse de memoria."""
        lanes = -(-int(np.prod(self.block)) // 32) * 32
        if compiled.cooperative:
            check_resident(self.grid, lanes, self.kernel.name)
            return int(np.prod(self.grid))
        most = min(_options[-1].chunk_lanes, CHUNK_BYTES // max(compiled.local_bytes, 1))
        if _options[-1].schedule_seed is not None:
            most = min(most, lanes * -(-int(np.prod(self.grid)) // SHUFFLED_CHUNKS))
        return max(1, most // lanes)

    def _execute(self, compiled: Any, bound: list[Bound]) -> None:
        observers = [o for group in _observers for o in group]
        info = self.info(compiled, bound)
        _tell(observers, "begin", info)
        values = [b.value for b in bound]
        total, chunk = int(np.prod(self.grid, dtype=np.int64)), self._chunk(compiled)
        with np.errstate(all="ignore"):
            turns = _turns(total, chunk, _options[-1].schedule_seed)
            for done in tracked(info.kernel, total, chunk):
                first = int(turns[done // chunk])
                run = Run(info, _options[-1], first, min(chunk, total - first), observers)
                _tell(observers, "begin_chunk", run.lanes)
                _guarded(compiled, run, values)
                _tell(observers, "end_chunk")
        _tell(observers, "end")

    def info(self, compiled: Any, bound: list[Bound]) -> LaunchInfo:
        d = self.kernel.definition
        arrays = tuple(info for b in bound for info in b.arrays)
        return LaunchInfo(
            d.name, d.filename, d.first_line, d.lines, self.grid, self.block, self.shared_bytes,
            arrays, compiled.sources, compiled.shared_bytes, d.origin or d.filename,
        )  # fmt: skip


def _turns(total: int, chunk: int, seed: int | None) -> np.ndarray:
    """El primer bloque de cada tanda, en el orden en que corren; con semilla, sorteado."""
    starts = np.arange(0, total, chunk, dtype=np.int64)
    return starts if seed is None else np.random.default_rng((seed, total)).permutation(starts)


def _guarded(compiled: Any, run: Run, values: list[Any]) -> None:
    """Corre la tanda; lo que no sea un error nuestro se explica con su línea."""
    try:
        seeded = run.options.schedule_seed is not None
        execute = compiled.scheduled if seeded else compiled.execute
        execute(run, values, run.mask)
    except (UrdimbreError, Warning):
        raise
    except MemoryError:
        raise run.fault("El kernel pide más memoria de la que hay.", run.line) from None
    except Exception as error:
        raise run.fault(
            f"El simulador no pudo seguir: {error}.", run.line, KernelRuntimeError
        ) from error


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
            f"El número de {what} debe ser un entero o una tupla de hasta tres; es {value!r}."
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
