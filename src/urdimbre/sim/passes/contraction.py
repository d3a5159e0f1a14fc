"""Fundir ``a * b + c`` en una FMA, con las reglas del compilador real.

Reglas, leídas en el código de máquina que Numba CUDA genera (capacidad 8.0):

- Un producto se funde solo si *todos* sus usos son sumas o restas de su mismo tipo. Si además se
  guarda, se convierte, se compara o llega por dos caminos a una variable, se queda como producto.
- Da igual que la suma esté en otra línea, en otra rama o después de una barrera.
- ``a * b + c * d``: se funde uno y el otro se calcula aparte. En una suma, el que está listo antes
  (argumentos, y luego lecturas en su orden); en una resta, el de la izquierda. Dentro de un ciclo,
  antes el que cambia de vuelta en vuelta.

Lo que no se imita: los ciclos que el compilador desenrolla, donde una vuelta puede fundirse con la
siguiente.
"""

from __future__ import annotations

import numpy as np

from urdimbre.sim.functions.fused import Fused
from urdimbre.sim.passes.product_flow import ProductFlow
from urdimbre.sim.passes.products import Group, Operand, Sum
from urdimbre.sim.typed import ir


def contract(fn: ir.Function) -> ir.Function:
    """Cambia en el sitio cada suma que se funde; se llama antes de ``mark_merges``."""
    flow = ProductFlow(fn)
    decide(flow.sums)
    Rewriter(fn).run(flow.sums)
    return fn


# ---- Qué sumas se funden ---------------------------------------------------------------------

MOST_USES = 4  # con más, el primer paso prefiere guardar el producto; el segundo no


def decide(sums: list[Sum]) -> None:
    """Los dos pasos del compilador: sumas de atrás hacia delante, y luego todo lo demás."""
    for s in reversed(sums):
        if s.plain:
            _fuse(s, next((k for k in s.order() if _only_sums(s.sides[k].group)), None))
    for s in sums:
        able = [k for k in s.order() if s.fused is None and _free(s, k)]
        able.sort(key=lambda k: len(s.sides[k].group.uses) > 1)
        _fuse(s, able[0] if able else None)


def _only_sums(group: Group | None) -> bool:
    if group is None or group.kept or len(group.uses) > MOST_USES:
        return False
    return all(s.plain for s, _ in group.uses)


def _free(s: Sum, k: int) -> bool:
    group = s.sides[k].group
    return group is not None and not group.kept and s.sides[1 - k].group is not group


def _fuse(s: Sum, k: int | None) -> None:
    if k is None:
        return
    s.fused = k
    s.sides[k].group.uses.remove((s, k))
    other = s.sides[1 - k].group
    if other is not None:  # su valor hace falta: es el sumando
        other.kept = True


# ---- Reescribir ------------------------------------------------------------------------------


class Rewriter:
    """Pone las FMA y guarda aparte los factores que se usan más adelante."""

    def __init__(self, fn: ir.Function):
        self.fn = fn
        self.factors: dict[ir.Apply, tuple[ir.Expr, ...]] = {}
        self.instead: dict[ir.Assign, list[ir.Stmt]] = {}

    def run(self, sums: list[Sum]) -> None:
        for s in sums:
            if s.fused is not None:
                self._rewrite(s)
        if self.instead:
            self._replace(self.fn.body)
            for let in [n for n in ir.walk(self.fn) if isinstance(n, ir.Let)]:
                self._replace(let.steps)

    def _rewrite(self, s: Sum) -> None:
        k = s.fused
        side, addend = s.sides[k], s.node.args[1 - k]
        parts = side.product.args if side.assign is None else self._split(side)
        for let in reversed(side.inside):  # sus pasos, antes del primer factor
            first = ir.Let(parts[0].type, let.line, let.steps, parts[0], let.functions)
            parts = (first, *parts[1:])
        subtracts = s.node.run is np.subtract
        run = Fused(side.product.run, k == 1, side.minus ^ (subtracts and k == 1),
                    subtracts and k == 0)  # fmt: skip
        s.node.args = (addend, *parts) if k == 1 else (*parts, addend)
        s.node.run, s.node.name = run, "fma"

    def _split(self, side: Operand) -> tuple[ir.Expr, ...]:
        """Los factores, guardados en variables nuevas donde estaba el producto."""
        product = side.product
        if product not in self.factors:
            kept = self.instead.setdefault(side.assign, [])
            self.factors[product] = tuple(self._save(p, kept) for p in product.args)
            product.args = self.factors[product]
            if side.group.kept or side.group.uses:
                kept.append(side.assign)
        return self.factors[product]

    def _save(self, value: ir.Expr, kept: list[ir.Stmt]) -> ir.Expr:
        if isinstance(value, ir.Const):
            return value
        slot, self.fn.slots = self.fn.slots, self.fn.slots + 1
        kept.append(ir.Assign(value.line, slot, value))
        return ir.Var(value.type, value.line, slot, f".f{slot}")

    def _replace(self, body: list[ir.Stmt]) -> None:
        body[:] = [new for s in body for new in self.instead.get(s, [s])]
        for s in body:
            for part in ("then", "other", "body"):
                self._replace(getattr(s, part, []))
