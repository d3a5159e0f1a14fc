"""Programas al azar sin carreras: cada hilo escribe solo su elemento de la salida."""

from __future__ import annotations

from typing import Any

import numpy as np
import program as P
import types_table as types
from make_collectives import Collectives
from make_expressions import BOOL, DTYPES, I32, I64, product
from make_statements import Leave

COUNTER_TYPES = tuple(np.dtype(name) for name in ("int32", "uint32", "int64", "uint64"))


class Generator(Collectives):
    """Construye un programa a partir de una semilla."""

    def device(self) -> None:
        """Una función de dispositivo con una o dos salidas."""
        params = [(self.name("p"), self.rng.choice(DTYPES)) for _ in range(self.rng.randint(1, 3))]
        saved_scope, saved_arrays, self.arrays = self.scope, self.arrays, {}
        self.scope = dict(params)
        body, early = [self.define_plain()], self.operand_plain(2)
        if self.rng.random() < 0.7:
            body.append(P.If(P.Compare(BOOL, "<", *self.two()), [P.ReturnValue(early)], []))
        body.append(self.define_plain())
        last = self.operand_plain(2)
        dtype = types.join(early.dtype, last.dtype) if len(body) == 3 else last.dtype
        body.append(P.ReturnValue(last))
        self.scope, self.arrays = saved_scope, saved_arrays
        if dtype is not None:
            self.devices.append(P.Device(self.name("d"), params, body, dtype))

    def two(self) -> tuple[P.Expr, P.Expr]:
        names = [n for n in self.scope if n.startswith("p")]
        first, second = self.rng.choice(names), self.rng.choice(names)
        return P.Variable(self.scope[first], first), P.Variable(self.scope[second], second)

    def operand_plain(self, depth: int) -> P.Expr:
        """Sin arreglos: una función de dispositivo generada solo ve sus parámetros."""
        for _ in range(50):
            try:
                e = self.operand(depth)
            except IndexError:  # eligió leer un arreglo y no hay
                continue
            if not product(e):
                return e
        return self.two()[0]

    def define_plain(self) -> P.Assign:
        value, name = self.operand_plain(2), self.name("v")
        self.scope[name] = value.dtype
        return P.Assign(name, value, value.dtype)

    def inputs(self, shape: tuple[int, ...]) -> dict[str, np.ndarray]:
        made = {}
        for _ in range(self.rng.randint(1, 3)):
            name, dtype = self.name("a"), self.rng.choice(DTYPES)
            made[name] = self.sample(shape, dtype)
            self.arrays[name] = (shape, dtype)
        if self.rng.random() < 0.4:
            name, dtype = self.name("h"), self.rng.choice(COUNTER_TYPES)
            self.counters[name] = self.rng.randint(1, 9)
            made[name] = self.sample((self.counters[name],), dtype)
        return made

    def sample(self, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """Valores de todo el rango, valores pequeños y, en flotantes, NaN e infinitos."""
        small = self.data.integers(0 if dtype.kind == "u" else -9, 10, shape).astype(np.int64)
        if dtype.kind == "f":
            wide = self.data.normal(0, 50, shape)
            wide.flat[:: self.rng.randint(5, 11)] = self.rng.choice((np.nan, np.inf, -np.inf, 1e20))
        else:
            info = np.iinfo(dtype)
            wide = self.data.integers(info.min, info.max, shape, dtype, endpoint=True)
        with np.errstate(all="ignore"):
            pick = self.data.random(shape) < 0.5
            return np.where(pick, small.astype(dtype), wide.astype(dtype))

    def shared_phase(self, block: tuple[int, ...], *, dynamic: bool = False) -> list[Any]:
        """Escribir el propio, barrera, leer el de otro, barrera; a veces dentro de un ciclo."""
        name, value, read = self.name("s"), self.name("v"), self.name("v")
        dtype, first = self.rng.choice(DTYPES), self.expr(3)
        shape = tuple(reversed(block))
        threads = [P.Thread(I32, f"threadIdx.{axis}") for axis, _ in zip("xy", block, strict=False)]
        mine = tuple(reversed(threads))
        body = [
            P.Assign(value, first, first.dtype),
            P.Store(P.Element(dtype, name, mine), P.Variable(first.dtype, value)),
            P.Barrier(),
            P.Assign(read, P.Element(dtype, name, self.neighbour(mine, shape)), dtype),
            P.Barrier(),
        ]
        one = P.Assign(read, P.Cast(dtype, f"np.{dtype.name}", P.Literal(I64, 1)), dtype)
        kind = self.rng.random()
        if kind < 0.3:
            body = [one, P.For(self.name("k"), I64, (P.Literal(I64, 3),), body)]
        elif kind < 0.5:
            same = P.Compare(BOOL, "==", P.Thread(I32, "blockIdx.x"), P.Literal(I64, 0))
            body = [one, P.If(same, body, [])]
        else:
            self.scope[value] = first.dtype
        self.scope[read] = dtype
        return [P.Local(name, "shared", shape, dtype, dynamic), *body]

    def neighbour(self, mine: tuple[P.Expr, ...], shape: tuple[int, ...]) -> tuple[P.Expr, ...]:
        """Otro elemento, que cada hilo lee de un solo dueño."""
        moved = (
            P.Binary(I64, "+", t, P.Literal(I64, self.rng.randint(1, n)))
            for t, n in zip(mine, shape, strict=True)
        )
        pairs = zip(moved, shape, strict=True)
        return tuple(P.Binary(I64, "%", t, P.Literal(I64, n)) for t, n in pairs)

    def local_array(self) -> list[Any]:
        name, dtype, size = self.name("l"), self.rng.choice(DTYPES), self.rng.randint(1, 5)
        k = self.name("k")
        saved = dict(self.scope)
        self.scope[k] = I64
        store = P.Store(P.Element(dtype, name, (P.Variable(I64, k),)), self.expr(2))
        self.scope = saved
        self.arrays[name] = ((size,), dtype)
        fill = P.For(k, I64, (P.Literal(I64, size),), [store])
        return [P.Local(name, "local", (size,), dtype), fill]

    def program(self) -> P.Program:
        """El programa completo."""
        flat = self.rng.random() < 0.7
        block = (self.rng.choice((1, 7, 32, 33, 64)),) if flat else (5, 7)
        grid = (self.rng.randint(1, 3),) if flat else (2, 1)
        shape = self.shape(grid, block)
        for _ in range(self.rng.randint(0, 2)):
            self.device()
        arrays, out = self.inputs(shape), self.sample(shape, self.rng.choice(DTYPES))
        values = (3, 2.5, np.float32(1.25), np.int32(-4))
        scalar_values = {self.name("x"): self.rng.choice(values)}
        scalars = {n: np.asarray(v)[()] for n, v in scalar_values.items()}
        scalars = {n: np.int64(v) if isinstance(v, int) else v for n, v in scalars.items()}
        self.scope |= {n: v.dtype for n, v in scalars.items()}
        dynamic = flat and self.rng.random() < 0.2
        body = self.kernel_body(flat, shape, block, dynamic=dynamic)
        bytes_ = block[0] * 8 if dynamic else 0
        return P.Program(arrays, out, scalars, self.devices, body, grid, block, bytes_)

    def shape(self, grid: tuple[int, ...], block: tuple[int, ...]) -> tuple[int, ...]:
        """Algo menos que los hilos que hay: los que sobran se van."""
        full = tuple(g * b for g, b in zip(grid, block, strict=True))
        return tuple(max(1, n - self.rng.randint(0, min(4, n - 1))) for n in full)

    def kernel_body(
        self, flat: bool, shape: tuple[int, ...], block: tuple[int, ...], *, dynamic: bool
    ) -> list[Any]:
        names = ("i",) if flat else ("i", "j")
        self.scope |= dict.fromkeys(names, I64)
        start = P.Assign("i", P.Thread(I64, "grid(1)"), I64) if flat else P.Unpack(("i", "j"))
        body: list[Any] = [start]
        for k in range(self.rng.randint(dynamic, 2)):
            body += self.shared_phase(block, dynamic=dynamic and k == 0)
        if flat and block[0] % 32 == 0 and self.rng.random() < 0.7:
            body += self.warp_phase() + self.warp_phase()
        if self.rng.random() < 0.5:
            body += self.local_array()
        body.append(self.guard(names, shape))
        body += [self.define(), self.define()]
        if not flat and self.rng.random() < 0.6:
            body.append(self.view())
        mine = P.Element(I64, "out", tuple(P.Variable(I64, n) for n in names))
        for _ in range(self.rng.randint(2, 5)):
            body += self.step(lambda: P.Store(mine, self.expr(2)))
        return [*body, P.Store(mine, self.expr(3))]

    def guard(self, names: tuple[str, ...], shape: tuple[int, ...]) -> P.If:
        """Los hilos que sobran se van."""
        outside = [P.Compare(BOOL, ">=", P.Variable(I64, n), P.Literal(I64, size))
                   for n, size in zip(names, shape, strict=True)]  # fmt: skip
        test = outside[0] if len(outside) == 1 else P.Logic(BOOL, "or", *outside)
        return P.If(test, [P.Word("return")], [])

    def view(self) -> P.View:
        """Una fila de una entrada, como arreglo de una dimensión."""
        source = self.rng.choice([n for n, (shape, _) in self.arrays.items() if len(shape) == 2])
        (rows, columns), dtype = self.arrays[source]
        view = P.View(self.name("r"), source, self.position(rows, 2))
        self.arrays[view.name] = ((columns,), dtype)
        return view

    def step(self, leave: Leave) -> list[Any]:
        """Una o más instrucciones que todos los hilos recorren."""
        kind = self.rng.random()
        if kind < 0.15:
            return self.accumulate()
        if kind < 0.3:
            return [self.retype()]
        return [self.statement(3, loop=False, leave=leave)]


def generate(seed: int) -> P.Program:
    """El programa de esa semilla."""
    return Generator(seed).program()
