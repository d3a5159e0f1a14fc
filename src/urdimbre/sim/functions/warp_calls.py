"""Llamadas de warp y de bits: qué tipos admiten y qué devuelven."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from urdimbre.sim.functions import bits
from urdimbre.sim.functions import intrinsics as I
from urdimbre.sim.functions.fma import fma
from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T

Handler = Callable[..., ir.Expr]
FULL = 0xFFFFFFFF
SHUFFLED = (T.I32, T.I64, T.F32, T.F64)
# El tipo en que se comparan los valores; uint64 pasa por float64, como en el PTX.
MATCHED = {
    T.U32: T.I64, T.I64: T.I64, T.U64: T.F64, T.F16: T.F32, T.F32: T.F32, T.F64: T.F64,
}  # fmt: skip
SELECTED = (T.I16, T.I32, T.I64, T.U16, T.U32, T.U64, T.F32, T.F64)
COUNTED = (T.I32, T.I64, T.U32, T.U64)


def _mask(typer: Any, node: Any, value: ir.Expr) -> ir.Expr:
    if not T.is_int(value.type) or value.type == T.BOOL:
        raise typer.fail("La máscara del warp debe ser un entero, como 0xffffffff.", node)
    return typer.cast(value, T.I64)


def _shuffle(name: str) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, 3)
        mask, value, lane = args
        if value.type not in SHUFFLED:
            raise typer.fail(
                f"cuda.{name} no admite {T.name_of(value.type)}: solo int32, int64, float32 y "
                "float64.",
                node,
            )
        parts = (_mask(typer, node, mask), value, typer.index(lane, node))
        return ir.Warp(value.type, node.lineno, name, parts)

    return handler


def _vote(name: str, result: Any) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, 2)
        if not T.is_int(args[1].type):
            raise typer.fail(
                f"cuda.{name} pide un bool o un entero: compara antes con «> 0».", node
            )
        parts = (_mask(typer, node, args[0]), typer.truth(args[1]))
        return ir.Warp(result, node.lineno, name, parts)

    return handler


def _match(name: str, result: Any) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, 2)
        typer.need_real(args[1], node)
        value = typer.cast(args[1], MATCHED.get(args[1].type, T.I32))
        return ir.Warp(result, node.lineno, name, (_mask(typer, node, args[0]), value))

    return handler


def _block_vote(name: str) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, 1)
        if not T.is_int(args[0].type) or args[0].type == T.BOOL:
            raise typer.fail(
                f"cuda.{name} pide un entero y recibe {T.name_of(args[0].type)}: usa int32(…).",
                node,
            )
        return ir.Warp(T.I32, node.lineno, name, (typer.cast(args[0], T.I32),))

    return handler


def _plain(name: str, result: Any, most: int = 0) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, most)
        return ir.Warp(result, node.lineno, name, tuple(args))

    return handler


def _syncwarp(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 0, 1)
    mask = args[0] if args else typer.wrap(FULL, node)
    return ir.Warp(T.NONE, node.lineno, "syncwarp", (_mask(typer, node, mask),))


def _bits(name: str, run: Any) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, 1)
        t = args[0].type
        if not T.is_int(t) or t == T.BOOL:
            raise typer.fail(f"cuda.{name} pide un entero.", node)
        return typer.apply(name, run, t, t, args, node)

    return handler


def _ffs(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 1)
    t = args[0].type
    if t not in COUNTED:
        raise typer.fail("cuda.ffs pide un entero de 32 o 64 bits.", node)
    return typer.apply("ffs", bits.ffs, t, T.U32, args, node)


def _brev(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    """De 64 bits solo con uint64: un int64 se corta a 32, como en Numba."""
    typer.arity(node, args, 1)
    typer.need_real(args[0], node)
    t = T.U64 if args[0].type == T.U64 else T.U32
    return typer.apply("brev", bits.brev, t, t, args, node)


def _fma(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 3)
    for a in args:
        typer.need_real(a, node)
    t = reduce(T.real_pair, (a.type for a in args))
    return typer.apply("fma", fma, t, t, args, node)


def _cbrt(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 1)
    typer.need_real(args[0], node)
    t = T.real_pair(args[0].type, T.F32)
    return typer.apply("cbrt", np.cbrt, t, t, args, node)


def _selp(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 3)
    test, a, b = args
    if not T.same(a.type, b.type) or a.type not in SELECTED:
        raise typer.fail(
            "cuda.selp pide dos valores del mismo tipo: un entero de 16 a 64 bits, float32 o "
            "float64.",
            node,
        )
    return ir.Select(a.type, node.lineno, typer.truth(test), a, b)


WARP_CALLS: dict[Any, Handler] = {
    **{I.WARP[n]: _shuffle(n) for n in ("shfl_sync", "shfl_up_sync", "shfl_down_sync",
                                        "shfl_xor_sync")},
    **{I.WARP[n]: _vote(n, T.BOOL) for n in ("any_sync", "all_sync", "eq_sync")},
    I.WARP["ballot_sync"]: _vote("ballot_sync", T.I32),
    I.WARP["match_any_sync"]: _match("match_any_sync", T.I32),
    I.WARP["match_all_sync"]: _match("match_all_sync", T.Tuple((T.I32, T.BOOL))),
    I.WARP["activemask"]: _plain("activemask", T.U32),
    I.WARP["lanemask_lt"]: _plain("lanemask_lt", T.U32),
    I.WARP["syncwarp"]: _syncwarp,
    **{I.WARP[n]: _block_vote(n) for n in ("syncthreads_count", "syncthreads_and",
                                           "syncthreads_or")},
    **{I.WARP[n]: _plain(n, T.NONE) for n in ("threadfence", "threadfence_block",
                                              "threadfence_system")},
    I.WARP["nanosleep"]: _plain("nanosleep", T.NONE, 1),
    I.WARP["popc"]: _bits("popc", bits.popc),
    I.WARP["clz"]: _bits("clz", bits.clz),
    I.WARP["ffs"]: _ffs,
    I.WARP["brev"]: _brev,
    I.WARP["fma"]: _fma,
    I.WARP["cbrt"]: _cbrt,
    I.WARP["selp"]: _selp,
}  # fmt: skip
