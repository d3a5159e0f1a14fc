"""``print`` dentro de un kernel: qué admite y cómo se ve, con el formato de ``printf``."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T
from urdimbre.sim.typed.lowering import Code, expression

MOST = 32
TOO_MANY = (
    f"print lleva más de {MOST} valores: dentro de un kernel, Numba escribe entonces el formato, "
    "como «%f %f», y no los valores. Repártelos entre varios print."
)


def typed(typer: Any, node: Any, args: list[ir.Expr], **named: ir.Expr) -> ir.Expr:
    """Tipa ``print(…)``.

    Raises:
        KernelTypeError: si Numba no lo compila.
    """
    if named:
        raise typer.fail(f"print no lleva «{next(iter(named))}=» dentro de un kernel.", node)
    for arg in args:
        if not _printable(arg):
            what = "None" if getattr(arg, "value", 0) is None else T.name_of(arg.type)
            raise typer.fail(
                f"Numba no imprime {what} dentro de un kernel: números, bool, texto y tuplas.", node
            )
    if len(args) > MOST:
        warnings.warn_explicit(TOO_MANY, UserWarning, typer.source.filename, node.lineno)
    return ir.Print(T.NONE, node.lineno, tuple(args))


def _printable(arg: ir.Expr) -> bool:
    if isinstance(arg, ir.Object):
        return isinstance(arg.value, str)
    return _shown(arg.type)


def _shown(t: Any) -> bool:
    if isinstance(t, T.Tuple):
        return all(_shown(item) for item in t.items)
    return T.is_scalar(t) and t.kind != "c"


def lowered(node: ir.Print) -> Code:
    parts = [expression(a) for a in node.args]
    kinds = [a.type for a in node.args]

    def show(run: Any, v: Any, m: Any) -> None:
        values = [p(run, v, m) for p in parts]
        for lane in np.flatnonzero(np.broadcast_to(m, run.shape)):
            where = np.unravel_index(int(lane), run.shape)
            if len(kinds) > MOST:
                print(*map(_format, kinds))
                continue
            print(*(_text(x, t, where) for x, t in zip(values, kinds, strict=True)))

    return show


def _format(t: Any) -> str:
    """El formato de ``printf`` con que Numba escribe un valor de este tipo."""
    if isinstance(t, T.Tuple):
        inside = ", ".join(map(_format, t.items))
        return f"({inside},)" if len(t.items) == 1 else f"({inside})"
    if isinstance(t, T.ObjectType) or t == T.BOOL:
        return "%s"
    return {"f": "%f", "u": "%llu"}.get(t.kind, "%lld")


def _text(value: Any, t: Any, where: tuple[Any, ...]) -> str:
    """El valor de un carril: los reales con seis decimales, como ``%f``."""
    if isinstance(t, T.Tuple):
        inside = ", ".join(_text(x, k, where) for x, k in zip(value, t.items, strict=True))
        return f"({inside},)" if len(t.items) == 1 else f"({inside})"
    if isinstance(t, T.ObjectType):
        return value
    if isinstance(value, np.ndarray):
        value = value[tuple(0 if n == 1 else k for n, k in zip(value.shape, where, strict=True))]
    return f"{value:f}" if t.kind == "f" else str(value)
