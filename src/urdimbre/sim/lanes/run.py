"""El estado de una tanda de bloques mientras corre un kernel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from urdimbre.errors import BarrierError, KernelRuntimeError, LoopBudgetError
from urdimbre.sim.events import WARP, Barrier, Branch, Lanes, LaunchInfo, Op, Step
from urdimbre.sim.memory.block_memory import BlockMemory
from urdimbre.sim.memory.spaces import lanes_shape


@dataclass(frozen=True)
class Options:
    """Cómo se ejecuta un lanzamiento.

    Attributes:
        loop_budget: vueltas que pueden dar, en total, los ciclos de una tanda antes de darlos
            por infinitos.
        chunk_lanes: carriles que corren a la vez; acota la memoria.
        schedule_seed: si se da, los warps de cada bloque corren de uno en uno, en un orden
            sorteado con esta semilla en cada fase entre barreras, y los bloques, por tandas
            en otro orden. Un kernel sin carreras ni operaciones atómicas da lo mismo; los demás
            muestran números que puede dar una GPU.
        fma: si un producto y una suma se funden en una sola operación con un redondeo, como hace
            el compilador real (véase ``contraction``).
        blank_shared: si toda lectura de memoria compartida da cero. Es una pregunta, no una
            ejecución: lo que sale igual no dependía de esa memoria.
    """

    loop_budget: int = 1 << 21
    chunk_lanes: int = 1 << 15
    schedule_seed: int | None = None
    fma: bool = True
    blank_shared: bool = False


class LoopState:
    """Carriles que salieron con ``break`` o esperan por ``continue``."""

    __slots__ = ("breaks", "waits")

    def __init__(self) -> None:
        self.breaks: Any = False
        self.waits: Any = False


def compact(a: np.ndarray) -> Any:
    """Reduce los ejes en que el valor no cambia; un escalar si no cambia en ninguno."""
    for axis in range(a.ndim):
        first = a.take([0], axis=axis)
        if (a == first).all():
            a = first
    return a.reshape(-1)[0] if a.size == 1 else np.ascontiguousarray(a)


def _axes(linear: np.ndarray, dims: tuple[int, int, int], name: str) -> dict[str, Any]:
    x, y, _ = dims
    parts = {"x": linear % x, "y": linear // x % y, "z": linear // (x * y)}
    return {f"{name}.{k}": compact(v.astype(np.int32)) for k, v in parts.items()}


@cache
def _thread_values(block: tuple[int, int, int]) -> tuple[dict[str, Any], Any]:
    """``threadIdx`` y la máscara de los hilos que existen, para una forma de bloque."""
    count = block[0] * block[1] * block[2]
    shape = lanes_shape(1, count)
    t = np.arange(shape[1] * WARP, dtype=np.int64).reshape(shape)
    values = _axes(t, block, "threadIdx")
    values["laneid"] = np.arange(WARP, dtype=np.int32).reshape(1, 1, WARP)
    values["warpsize"] = np.int32(WARP)
    return values, True if count % WARP == 0 else t < count


def _block_values(first: int, count: int, grid: tuple[int, int, int]) -> dict[str, Any]:
    b = np.arange(first, first + count, dtype=np.int64).reshape(-1, 1, 1)
    return _axes(b, grid, "blockIdx")


def _dims(name: str, dims: tuple[int, int, int]) -> dict[str, Any]:
    return {f"{name}.{k}": np.int32(d) for k, d in zip("xyz", dims, strict=True)}


class Run:
    """Una tanda: identidad de los hilos, memoria del bloque, salidas y observadores.

    Los ``on_*`` son tuplas de funciones; vacías si nadie observa.
    """

    def __init__(
        self, launch: LaunchInfo, options: Options, first: int, count: int, observers: Any
    ):
        threads, base = _thread_values(launch.block)
        self.launch, self.options = launch, options
        self.shape = lanes_shape(count, int(np.prod(launch.block)))
        self.lanes = Lanes(self.shape, launch.grid, launch.block, first, base)
        self.mask = base
        self.values = threads | _block_values(first, count, launch.grid)
        self.values |= _dims("blockDim", launch.block) | _dims("gridDim", launch.grid)
        self.exited: Any = False
        self.turns = 0
        self.returned: Any = None
        self.loops: list[LoopState] = []
        self.line = launch.first_line
        self.warned: set[Any] = set()
        self.memory = BlockMemory(self.shape, launch.shared_bytes)
        self.on_access = _listeners(observers, "on_access")
        self.on_barrier = _listeners(observers, "on_barrier")
        self.on_branch = _listeners(observers, "on_branch")
        self.on_op = _listeners(observers, "on_op")
        self.on_step = _listeners(observers, "on_step")

    def fault(self, message: str, line: int, cls: type = KernelRuntimeError) -> KernelRuntimeError:
        source = self.launch.source_line(line)
        return cls(message, line=line, source=source, filename=self.launch.filename)

    def spend(self, line: int) -> None:
        """Cuenta una vuelta; detiene la tanda que pasó su presupuesto."""
        self.turns += 1
        if self.turns > self.options.loop_budget:
            raise self.fault(
                f"Los ciclos dieron más de {self.options.loop_budget} vueltas y aquí se detuvo el "
                "kernel. Revisa si la condición llega a ser falsa; un hilo no puede esperar a otro "
                "bloque. Si de verdad hacen falta más: sim.options(loop_budget=…).",
                line,
                LoopBudgetError,
            )

    # ---- sucesos ----

    def branch(self, line: int, mask: Any, taken: Any) -> None:
        event = Branch(line, mask, taken, self.lanes)
        for tell in self.on_branch:
            tell(event)

    def op(
        self, line: int, mask: Any, dtype: np.dtype, flops: int, operands: tuple[str, ...]
    ) -> None:
        event = Op(line, mask, self.lanes, dtype, flops, operands)
        for tell in self.on_op:
            tell(event)

    def step(self, line: int, mask: Any) -> None:
        event = Step(line, mask, self.lanes)
        for tell in self.on_step:
            tell(event)

    def barrier(self, line: int, mask: Any) -> None:
        """Los carriles de ``mask`` llegan a ``syncthreads``."""
        if self.on_barrier:
            event = Barrier(line, mask, self.exited, self.lanes)
            for tell in self.on_barrier:
                tell(event)
        elif mask is not self.mask:
            self._check_barrier(line, mask)

    def warp_barrier(self, line: int, arrived: np.ndarray, named: Any) -> None:
        """Llegan los carriles ``arrived``; la máscara nombra a ``named``."""
        if self.on_barrier:
            event = Barrier(line, arrived, self.exited, self.lanes, "syncwarp", named)
            for tell in self.on_barrier:
                tell(event)
        else:
            self._check_warp(line, self._missing(arrived & named, named))

    def _missing(self, present: np.ndarray, named: Any) -> np.ndarray:
        """Carriles nombrados y vivos que no llegan a donde otros de su warp sí."""
        alive = np.asarray(self.mask) & ~np.asarray(self.exited)
        absent = np.broadcast_to(named & alive, self.shape) & ~present
        return absent & present.any(axis=2, keepdims=True)

    def _check_warp(self, line: int, stuck: np.ndarray) -> None:
        if stuck.any():
            b, w, lane = (int(k[0]) for k in np.nonzero(stuck))
            raise self.fault(
                f"La máscara nombra al carril {lane} del warp {w} (bloque "
                f"{self.lanes.block_index(b)}), que no llega aquí ni a la misma operación en la "
                "otra rama del «if». En una GPU el warp puede colgarse o dar un resultado "
                "indefinido. Nombra solo a los carriles que llegan.",
                line,
                BarrierError,
            )

    def _check_barrier(self, line: int, mask: Any) -> None:
        expected = self.mask if self.exited is False else ~np.asarray(self.exited) & self.mask
        waiting = np.asarray(expected) & ~np.asarray(mask)
        per_block = np.broadcast_to(waiting, self.shape).any((1, 2))
        arrived = np.broadcast_to(mask, self.shape).any((1, 2))
        stuck = np.flatnonzero(per_block & arrived)
        if stuck.size:
            block = self.lanes.block_index(int(stuck[0]))
            raise self.fault(
                f"En el bloque {block} solo una parte de los hilos llega a esta barrera. En una "
                "GPU el lanzamiento puede colgarse o dar un resultado indefinido. Saca "
                "syncthreads() del «if» o del ciclo que no recorren todos.",
                line,
                BarrierError,
            )


def _listeners(observers: Any, name: str) -> tuple[Any, ...]:
    return tuple(getattr(o, name) for o in observers if hasattr(o, name))
