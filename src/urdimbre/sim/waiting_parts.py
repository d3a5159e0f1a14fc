"""Apartar de una instrucción lo que espera a todo el bloque, en instrucciones anteriores."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from urdimbre.sim import ir

BLOCK_VOTES = ("syncthreads_count", "syncthreads_and", "syncthreads_or")


def syncs(node: Any) -> bool:
    """Si hay una barrera de bloque en esta parte del kernel."""
    return any(_is_sync(n) for n in ir.walk(node))


def _is_sync(node: Any) -> bool:
    return isinstance(node, ir.Sync) or (isinstance(node, ir.Warp) and node.name in BLOCK_VOTES)


def apart(s: ir.Stmt, fn: ir.Function) -> list[ir.Stmt]:
    """``x = f(a) + voto(b)`` como ``t = f(a)``, ``u = voto(b)``, ``x = t + u``.

    Solo lo que se evalúa siempre y una vez: ni la condición de un ``while`` ni el segundo lado de
    un ``and``.
    """
    if isinstance(s, ir.While) or _is_bare(s):
        return [s]
    parts: list[ir.Stmt] = []
    changes = {
        f.name: _hoist(getattr(s, f.name), fn, parts)
        for f in fields(s)
        if f.name not in ("then", "other", "body") and syncs(getattr(s, f.name))
    }
    if not parts:
        return [s]
    new = replace(s, **changes)
    if hasattr(s, "region"):
        new.region = s.region
    return [*parts, new]


def _is_bare(s: ir.Stmt) -> bool:
    """La barrera ya está sola en su instrucción."""
    return isinstance(s, ir.Do) and isinstance(s.value, ir.Sync)


def _hoist(e: Any, fn: ir.Function, parts: list[ir.Stmt]) -> Any:
    if isinstance(e, tuple):
        return tuple(_hoist(x, fn, parts) for x in e)
    if not isinstance(e, ir.Expr) or not syncs(e) or isinstance(e, ir.Logic | ir.Select):
        return e
    skip = ("type", "line", "function")
    inside = {
        f.name: _hoist(getattr(e, f.name), fn, parts) for f in fields(e) if f.name not in skip
    }
    e = replace(e, **inside)
    if not (_is_sync(e) or (isinstance(e, ir.Call) and syncs(e.function))):
        return e
    slot, fn.slots = fn.slots, fn.slots + 1
    parts.append(ir.Assign(e.line, slot, e, None))
    return ir.Var(e.type, e.line, slot, f".s{slot}")
