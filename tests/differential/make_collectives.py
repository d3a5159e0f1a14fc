"""Operaciones de warp al azar, con todo el warp o con sus primeros carriles."""

from __future__ import annotations

from typing import Any

import numpy as np
import program as P
import types_table as types
from make_expressions import BOOL, I32, I64
from make_statements import Statements

SHUFFLED = tuple(np.dtype(name) for name in ("int32", "int64", "float32", "float64"))
SHUFFLES = ("shfl_sync", "shfl_up_sync", "shfl_down_sync", "shfl_xor_sync")
VOTES = ("any_sync", "all_sync", "eq_sync", "ballot_sync")
BLOCK_VOTES = ("syncthreads_count", "syncthreads_and", "syncthreads_or")


class Collectives(Statements):
    """La parte del generador que hace cooperar a los carriles."""

    def warp_phase(self) -> list[Any]:
        """Una operación que todos alcanzan, o que alcanza la primera mitad del warp."""
        kind = self.rng.random()
        if kind < 0.15:
            return [self.block_vote()]
        if kind < 0.6:
            return [self.collective(32)]
        before, inside = self.number(1), self.collective(16)
        dtype = self.scope[inside.name]
        start = P.Assign(inside.name, self.to(dtype, before), dtype)
        half = P.Compare(BOOL, "<", P.Thread(I32, "laneid"), P.Literal(I64, 16))
        return [start, P.If(half, [inside], [])]

    def block_vote(self) -> P.Collective:
        value = self.to(I64, self.number(2))
        name = self.name("v")
        self.scope[name] = I32
        return P.Collective(name, self.rng.choice(BLOCK_VOTES), 0, value)

    def collective(self, lanes: int) -> P.Collective:
        mask = (1 << lanes) - 1
        kind = self.rng.random()
        if kind < 0.6:
            return self.shuffle(lanes, mask)
        if kind < 0.9:
            function, value = self.rng.choice(VOTES), self.test(2)
        else:
            function, value = "match_any_sync", self.to(self.rng.choice((I32, I64)), self.number(2))
        return self.named(function, mask, value, None)

    def shuffle(self, lanes: int, mask: int) -> P.Collective:
        # Hacia abajo, la mitad de un warp leería de la otra mitad, que no está en la máscara.
        function = self.rng.choice(SHUFFLES if lanes == 32 else ("shfl_sync", "shfl_xor_sync"))
        value = self.to(self.rng.choice(SHUFFLED), self.number(2))
        constant = P.Literal(I64, self.rng.randrange(lanes))
        lane = self.small(self.operand(1), lanes) if function == "shfl_sync" else constant
        return self.named(function, mask, value, lane)

    def named(self, function: str, mask: int, value: P.Expr, lane: Any) -> P.Collective:
        extra = ", 1" if function in SHUFFLES else ""
        dtype = types.single(f"cuda.{function}(0xFFFFFFFF, a{extra})", value.dtype)
        name = self.name("v")
        self.scope[name] = dtype
        return P.Collective(name, function, mask, value, lane)
