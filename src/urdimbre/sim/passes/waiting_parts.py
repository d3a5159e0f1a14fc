"""Apartar de una instrucción lo que espera a otros hilos, en instrucciones anteriores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from itertools import chain
from typing import Any

from urdimbre.sim.typed import ir

BLOCK_VOTES = ("syncthreads_count", "syncthreads_and", "syncthreads_or")
MEETINGS = frozenset((
    "syncwarp", "shfl_sync", "shfl_up_sync", "shfl_down_sync", "shfl_xor_sync", "any_sync",
    "all_sync", "eq_sync", "ballot_sync", "match_any_sync", "match_all_sync",
))  # fmt: skip
Waits = Callable[[Any], bool]


def waits_for_block(node: Any) -> bool:
    """Una barrera de bloque."""
    return isinstance(node, ir.Sync) or (isinstance(node, ir.Warp) and node.name in BLOCK_VOTES)


def waits_for_warp(node: Any) -> bool:
    """Una operación que espera a los carriles que nombra su máscara."""
    return isinstance(node, ir.Warp) and node.name in MEETINGS


def inside(node: Any, waits: Waits) -> bool:
    """Si en esta parte del kernel, o en lo que llama, hay algo que espera."""
    return any(waits(n) for n in ir.walk(node))


def may_meet(s: ir.If) -> bool:
    """Si una rama de un ``if`` puede esperar a carriles de la otra.

    Las dos tienen algo que espera a su warp, o lo tiene una y la otra puede terminar el hilo.
    """
    meets = [inside(arm, waits_for_warp) for arm in (s.then, s.other)]
    return all(meets) or (any(meets) and any(_returns(part) for part in (*s.then, *s.other)))


def _returns(s: ir.Stmt) -> bool:
    """Si aquí hay un ``return``, sin mirar dentro de las funciones que se llaman."""
    inner = (getattr(s, name, ()) for name in ("then", "other", "body"))
    return isinstance(s, ir.Return) or any(_returns(part) for part in chain(*inner))


def apart(s: ir.Stmt, fn: ir.Function, waits: Waits) -> list[ir.Stmt]:
    """``x = f(a) + voto(b)`` como ``t = f(a)``, ``u = voto(b)``, ``x = t + u``.

    Solo lo que se evalúa siempre y una vez: ni la condición de un ``while`` ni el segundo lado de
    un ``and``.
    """
    if isinstance(s, ir.While) or (isinstance(s, ir.Do) and waits(s.value)):
        return [s]
    parts: list[ir.Stmt] = []
    changes = {
        f.name: _hoist(getattr(s, f.name), fn, waits, parts)
        for f in fields(s)
        if f.name not in ("then", "other", "body") and inside(getattr(s, f.name), waits)
    }
    if not parts:
        return [s]
    new = replace(s, **changes)
    for name in ("region", "frame", "after"):  # las pone ``liveness`` y no son campos
        if hasattr(s, name):
            setattr(new, name, getattr(s, name))
    return [*parts, new]


def _hoist(e: Any, fn: ir.Function, waits: Waits, parts: list[ir.Stmt]) -> Any:
    if isinstance(e, tuple):
        return tuple(_hoist(x, fn, waits, parts) for x in e)
    if not isinstance(e, ir.Expr) or not inside(e, waits) or isinstance(e, ir.Logic | ir.Select):
        return e
    skip = ("type", "line", "function")
    within = {
        f.name: _hoist(getattr(e, f.name), fn, waits, parts)
        for f in fields(e)
        if f.name not in skip
    }
    e = replace(e, **within)
    if not (waits(e) or (isinstance(e, ir.Call) and inside(e.function, waits))):
        return e
    slot, fn.slots = fn.slots, fn.slots + 1
    parts.append(ir.Assign(e.line, slot, e, None))
    return ir.Var(e.type, e.line, slot, f".s{slot}")
