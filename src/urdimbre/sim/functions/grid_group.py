"""Grupos cooperativos: ``cuda.cg.this_grid()`` y la barrera de toda la malla.

Todos los bloques corren en una sola tanda, así que una barrera de la malla es como la del bloque,
con una exigencia más: que llegue algún hilo de cada bloque.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from urdimbre.errors import BarrierError, LaunchError
from urdimbre.sim.events import Barrier
from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T

RESIDENT = 132 * 2048  # hilos a la vez en una H100: 132 multiprocesadores de 2048


def cooperative(fn: ir.Function) -> bool:
    """Si el kernel tiene una barrera de toda la malla."""
    return any(isinstance(n, ir.Sync) and n.kind == "grid" for n in ir.walk(fn))


def check_resident(grid: tuple[int, ...], lanes_per_block: int, name: str) -> None:
    """Una barrera de la malla pide que todos los bloques corran a la vez.

    Raises:
        LaunchError: si son más de los que caben.
    """
    lanes = math.prod(grid) * lanes_per_block
    if lanes > RESIDENT:
        raise LaunchError(
            f"«{name}» usa la barrera de toda la malla y pide {lanes} hilos a la vez; el límite es "
            f"{RESIDENT}, los de una H100. Lanza menos bloques y que cada hilo haga más trabajo."
        )


def grid_sync(run: Any, line: int, mask: Any) -> np.int32:
    """Los carriles de ``mask`` llegan a la barrera de la malla."""
    if run.on_barrier:
        event = Barrier(line, mask, run.exited, run.lanes, "grid")
        for tell in run.on_barrier:
            tell(event)
    else:
        run.barrier(line, mask)
        _need_every_block(run, line, mask)
    return np.int32(0)


def _need_every_block(run: Any, line: int, mask: Any) -> None:
    arrived = np.broadcast_to(mask, run.shape).any((1, 2))
    if not arrived.all():
        block = run.lanes.block_index(int(np.flatnonzero(~arrived)[0]))
        raise run.fault(
            f"Ningún hilo del bloque {block} llega a esta barrera de toda la malla. En una GPU el "
            "lanzamiento se cuelga: todos los bloques deben llegar.",
            line,
            BarrierError,
        )


def this_grid(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    """``cuda.cg.this_grid()``."""
    typer.arity(node, args, 0)
    return ir.Const(T.GRID, node.lineno, None)


def sync(typer: Any, node: Any, base: ir.Expr, args: list[ir.Expr]) -> ir.Expr:
    """``grupo.sync()``: un int32 que vale cero."""
    typer.arity(node, args, 0)
    return ir.Sync(T.I32, node.lineno, "grid")
