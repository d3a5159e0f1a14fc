"""Programas al azar sin carreras: cada hilo escribe solo su elemento de la salida.

Lo que no se genera, y por qué: un producto de flotantes como sumando (el compilador puede fundirlo
en una sola operación, ``fma``), operaciones entre constantes (las hace Python antes que nadie) y
divisiones enteras de flotantes (su último bit depende de esa misma fusión).
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import program as P
import types_table as types

NAMES = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32",
         "float64")  # fmt: skip
DTYPES = tuple(np.dtype(name) for name in NAMES)
INTEGERS = DTYPES[:8]
BOOL, I32, I64, F64 = (np.dtype(n) for n in ("bool", "int32", "int64", "float64"))
INT_LITERALS = (0, 1, 2, 3, 5, 7, 13, 31, 100, 255, 256, 65535, 2**31 - 1, 2**31, 2**40 + 3)
FLOAT_LITERALS = (0.0, 0.5, 1.0, 1.5, 2.25, 3.0, 0.1, 100.75, 1e10)
ARITHMETIC = ("+", "-", "*", "/", "//", "%", "&", "|", "^", "<<", ">>")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
INTEGER_ONLY = ("//", "%", "&", "|", "^", "<<", ">>")


def constant(e: P.Expr) -> bool:
    """Si la expresión no depende del hilo ni de los datos."""
    if isinstance(e, P.Literal):
        return True
    parts = [v for v in vars(e).values() if isinstance(v, P.Expr)]
    return bool(parts) and all(map(constant, parts))


def product(e: P.Expr) -> bool:
    """Si es un producto de flotantes, o su negativo."""
    if isinstance(e, P.Unary | P.Cast):
        return product(e.arg)
    return isinstance(e, P.Binary) and e.symbol == "*" and e.dtype.kind == "f"


class Generator:
    """Construye un programa a partir de una semilla."""

    def __init__(self, seed: int):
        self.rng = random.Random(seed)
        self.data = np.random.default_rng(seed)
        self.scope: dict[str, np.dtype] = {}
        self.arrays: dict[str, tuple[tuple[int, ...], np.dtype]] = {}
        self.devices: list[P.Device] = []
        self.fresh = 0

    # ---- expresiones ----

    def expr(self, depth: int) -> P.Expr:
        if depth <= 0 or self.rng.random() < 0.15:
            return self.leaf()
        build = self.rng.choices(
            (self.binary, self.unary, self.cast, self.extreme, self.choice, self.math,
             self.element, self.call, self.boolean),
            (10, 2, 4, 2, 2, 1, 3, 2, 1),
        )[0]  # fmt: skip
        return build(depth - 1) or self.leaf()

    def leaf(self) -> P.Expr:
        if self.rng.random() < 0.25:
            return self.literal()
        return self.variable()

    def literal(self) -> P.Expr:
        if self.rng.random() < 0.3:
            return P.Literal(F64, self.rng.choice(FLOAT_LITERALS))
        return P.Literal(I64, self.rng.choice(INT_LITERALS))

    def variable(self) -> P.Expr:
        name = self.rng.choice(list(self.scope))
        return P.Variable(self.scope[name], name)

    def operand(self, depth: int) -> P.Expr:
        """Una expresión que no es constante."""
        e = self.expr(depth)
        return self.variable() if constant(e) else e

    def binary(self, depth: int) -> P.Expr | None:
        symbol = self.rng.choice(ARITHMETIC)
        pair = [self.operand(depth), self.expr(depth)]
        self.rng.shuffle(pair)
        return self.join(symbol, *pair)

    def join(self, symbol: str, left: P.Expr, right: P.Expr) -> P.Expr | None:
        if symbol in INTEGER_ONLY and "f" in (left.dtype.kind, right.dtype.kind):
            return None
        if symbol in ("+", "-"):
            left, right = self.shield(left), self.shield(right)
        if symbol in ("<<", ">>"):
            right = self.small(right, 70)
        dtype = types.pair(f"a {symbol} b", left.dtype, right.dtype)
        return None if dtype is None else P.Binary(dtype, symbol, left, right)

    def shield(self, e: P.Expr) -> P.Expr:
        """Un producto de flotantes no se suma directamente."""
        if not product(e):
            return e
        return P.Extreme(e.dtype, "max", e, P.Cast(e.dtype, f"np.{e.dtype.name}", self.variable()))

    def small(self, e: P.Expr, limit: int) -> P.Expr:
        """La misma expresión entera, llevada a ``0..limit-1``."""
        if e.dtype.kind not in "iu" or constant(e):
            e = P.Cast(I64, "np.int64", self.variable())
        dtype = types.pair("a % b", e.dtype, I64)
        return P.Binary(dtype, "%", e, P.Literal(I64, limit))

    def unary(self, depth: int) -> P.Expr | None:
        symbol, arg = self.rng.choice(("-", "~", "abs", "-")), self.operand(depth)
        template = "abs(a)" if symbol == "abs" else f"{symbol}a"
        dtype = types.single(template, arg.dtype)
        return None if dtype is None else P.Unary(dtype, symbol, arg)

    def cast(self, depth: int) -> P.Expr:
        return self.to(self.rng.choice(DTYPES), self.operand(depth))

    def to(self, dtype: np.dtype, arg: P.Expr) -> P.Expr:
        """Convierte, si hace falta."""
        if dtype == arg.dtype and not isinstance(arg, P.Literal):
            return arg
        name = "bool_" if dtype.kind == "b" else dtype.name
        return P.Cast(dtype, f"np.{name}", arg)

    def extreme(self, depth: int) -> P.Expr | None:
        name, left, right = self.rng.choice(("min", "max")), self.operand(depth), self.expr(depth)
        dtype = types.pair(f"{name}(a, b)", left.dtype, right.dtype)
        return None if dtype is None else P.Extreme(dtype, name, left, right)

    def choice(self, depth: int) -> P.Expr | None:
        then, other = self.expr(depth), self.expr(depth)
        dtype = types.join(then.dtype, other.dtype)
        return None if dtype is None else P.Choice(dtype, self.test(depth), then, other)

    def math(self, depth: int) -> P.Expr:
        name = self.rng.choice(("floor", "ceil", "trunc", "fabs", "sqrt"))
        arg = self.operand(depth)
        dtype = types.single(f"math.{name}(a)", arg.dtype)
        return P.Math(dtype, name, arg)

    def element(self, depth: int) -> P.Expr:
        name = self.rng.choice(list(self.arrays))
        return self.at(name, depth)

    def at(self, name: str, depth: int) -> P.Element:
        shape, dtype = self.arrays[name]
        return P.Element(dtype, name, tuple(self.position(n, depth) for n in shape))

    def position(self, size: int, depth: int) -> P.Expr:
        """Un índice válido; a veces negativo, que cuenta desde el final."""
        inside = self.small(self.operand(depth), size)
        if inside.dtype.kind == "i" and self.rng.random() < 0.25:
            return P.Binary(I64, "-", inside, P.Literal(I64, size))
        return inside

    def call(self, depth: int) -> P.Expr | None:
        if not self.devices:
            return None
        device = self.rng.choice(self.devices)
        args = tuple(self.to(t, self.operand(depth)) for _, t in device.params)
        return P.CallDevice(device.returns, device.name, args)

    def boolean(self, depth: int) -> P.Expr:
        return (
            P.Cast(BOOL, "bool", self.test(depth)) if self.rng.random() < 0.3 else self.test(depth)
        )

    def test(self, depth: int) -> P.Expr:
        """Una condición que depende de los datos."""
        kind = self.rng.random()
        if depth > 0 and kind < 0.2:
            symbol = self.rng.choice(("and", "or"))
            return P.Logic(BOOL, symbol, self.test(depth - 1), self.test(depth - 1))
        if depth > 0 and kind < 0.3:
            return P.Not(BOOL, self.test(depth - 1))
        left, right = self.number(depth), self.number(depth)
        return P.Compare(BOOL, self.rng.choice(COMPARISONS), left, right)

    def number(self, depth: int) -> P.Expr:
        """Una expresión que no es booleana ni constante."""
        e = self.operand(depth)
        return P.Cast(I32, "np.int32", e) if e.dtype == BOOL else e

    # ---- instrucciones ----

    def name(self, prefix: str) -> str:
        self.fresh += 1
        return f"{prefix}{self.fresh}"

    def block(self, size: int, depth: int, *, loop: bool, leave: list[Any] | None) -> list[Any]:
        """Instrucciones de una rama o de un ciclo; sus variables nuevas no salen de ahí."""
        saved = dict(self.scope)
        body = [self.statement(depth, loop=loop, leave=leave) for _ in range(size)]
        if leave is not None and self.rng.random() < 0.2:
            body.append(P.If(self.test(1), [*leave, P.Word("return")], []))
        if loop and self.rng.random() < 0.4:
            first, self.scope = self.rng.random() < 0.5, saved
            word = P.Word(self.rng.choice(("break", "continue")))
            body.insert(0 if first else len(body), P.If(self.test(1), [word], []))
        self.scope = saved
        return body

    def statement(self, depth: int, *, loop: bool, leave: list[Any] | None) -> Any:
        kind = self.rng.random()
        if depth > 0 and kind < 0.25:
            return self.branch(depth - 1, loop=loop, leave=leave)
        if depth > 0 and kind < 0.45:
            return self.loop(depth - 1, leave=leave)
        if depth > 0 and kind < 0.55:
            return self.while_loop(depth - 1, leave=leave)
        return self.update() if kind < 0.8 else self.define()

    def define(self) -> P.Assign:
        value = self.expr(3)
        name = self.name("v")
        self.scope[name] = value.dtype
        return P.Assign(name, value, value.dtype)

    def update(self) -> Any:
        """Cambia una variable sin cambiar su tipo."""
        names = [n for n in self.scope if n.startswith("v")]
        if not names:
            return self.define()
        name = self.rng.choice(names)
        dtype = self.scope[name]
        symbol, value = self.rng.choice(("+", "-", "*", "^", "&")), self.shield(self.expr(2))
        fits = not (symbol in INTEGER_ONLY and "f" in (dtype.kind, value.dtype.kind))
        if fits and types.pair(f"a {symbol}= b", dtype, value.dtype) == dtype and dtype.kind != "f":
            return P.Assign(name, value, dtype, symbol)
        return P.Assign(name, self.to(dtype, self.operand(3)), dtype)

    def branch(self, depth: int, *, loop: bool, leave: list[Any] | None) -> P.If:
        test = self.test(2)
        then = self.block(self.rng.randint(1, 3), depth, loop=loop, leave=leave)
        other = []
        if self.rng.random() < 0.6:
            other = self.block(self.rng.randint(1, 2), depth, loop=loop, leave=leave)
        return P.If(test, then, other)

    def loop(self, depth: int, *, leave: list[Any] | None) -> P.For:
        bounds, dtype = self.bounds()
        name, saved = self.name("k"), dict(self.scope)
        self.scope[name] = dtype
        body = self.block(self.rng.randint(1, 3), depth, loop=True, leave=leave)
        self.scope = saved
        otherwise = []
        if self.rng.random() < 0.15:
            otherwise = self.block(1, 0, loop=False, leave=None)
        return P.For(name, dtype, bounds, body, otherwise)

    def bounds(self) -> tuple[tuple[P.Expr, ...], np.dtype]:
        kind = self.rng.random()
        if kind < 0.4:
            return (P.Literal(I64, self.rng.randint(0, 5)),), I64
        if kind < 0.6:
            return (P.Cast(I32, "np.int32", self.small(self.operand(1), 6)),), I32
        start, stop = self.small(self.operand(1), 4), self.small(self.operand(1), 9)
        start, stop = (self.to(I64, e) for e in (start, stop))
        if kind < 0.8:
            return (start, stop), I64
        step = self.rng.choice((P.Literal(I64, 2), P.Unary(I64, "-", P.Literal(I64, 1)),
                                self.to(I64, self.small(self.operand(1), 3))))  # fmt: skip
        return (start, stop, step), I64

    def while_loop(self, depth: int, *, leave: list[Any] | None) -> P.While:
        counter, saved = self.name("w"), dict(self.scope)
        self.scope[counter] = I64
        test = self.test(2)
        body = self.block(self.rng.randint(1, 3), depth, loop=True, leave=leave)
        self.scope = saved
        return P.While(counter, self.rng.randint(1, 5), test, body)

    # ---- partes del programa ----

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

    def shared_phase(self, size: int) -> list[Any]:
        """Escribir el propio, barrera, leer el de otro, barrera; a veces dentro de un ciclo."""
        name, dtype = self.name("s"), self.rng.choice(DTYPES)
        value, read = self.name("v"), self.name("v")
        t = P.Thread(I32, "threadIdx.x")
        store = [
            P.Assign(value, first := self.expr(3), first.dtype),
            P.Store(P.Element(dtype, name, (t,)), P.Variable(first.dtype, value)),
            P.Barrier(),
        ]
        self.scope[value] = first.dtype
        other = P.Binary(I64, "%", P.Binary(I64, "+", t, P.Literal(I64, self.rng.randint(1, size))),
                         P.Literal(I64, size))  # fmt: skip
        load = [P.Assign(read, P.Element(dtype, name, (other,)), dtype), P.Barrier()]
        declare = P.Local(name, "shared", (size,), dtype)
        if self.rng.random() < 0.4:
            before = P.Assign(read, P.Cast(dtype, f"np.{dtype.name}", P.Literal(I64, 1)), dtype)
            inside = [*store, *load]
            body = [declare, before, P.For(self.name("k"), I64, (P.Literal(I64, 3),), inside)]
            del self.scope[value]
        else:
            body = [declare, *store, *load]
        self.scope[read] = dtype
        return body

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
        body = self.kernel_body(flat, shape, block)
        self.arrays |= {"out": (shape, out.dtype)}
        return P.Program(arrays, out, scalars, self.devices, body, grid, block)

    def shape(self, grid: tuple[int, ...], block: tuple[int, ...]) -> tuple[int, ...]:
        """Algo menos que los hilos que hay: los que sobran se van."""
        full = tuple(g * b for g, b in zip(grid, block, strict=True))
        return tuple(max(1, n - self.rng.randint(0, min(4, n - 1))) for n in full)

    def kernel_body(self, flat: bool, shape: tuple[int, ...], block: tuple[int, ...]) -> list[Any]:
        names = ("i",) if flat else ("i", "j")
        self.scope |= dict.fromkeys(names, I64)
        where = P.Thread(I64, "grid(1)")
        body: list[Any] = [P.Assign("i", where, I64) if flat else P.Unpack(("i", "j"))]
        if flat:
            for _ in range(self.rng.randint(0, 2)):
                body += self.shared_phase(block[0])
        if self.rng.random() < 0.5:
            body += self.local_array()
        outside = [P.Compare(BOOL, ">=", P.Variable(I64, n), P.Literal(I64, size))
                   for n, size in zip(names, shape, strict=True)]  # fmt: skip
        test = outside[0] if flat else P.Logic(BOOL, "or", *outside)
        body.append(P.If(test, [P.Word("return")], []))
        body += [self.define() for _ in range(2)]
        mine = P.Element(I64, "out", tuple(P.Variable(I64, n) for n in names))
        leave = [P.Store(replace(mine), self.expr(2))]
        body += [self.statement(3, loop=False, leave=leave) for _ in range(self.rng.randint(2, 5))]
        return [*body, P.Store(mine, self.expr(3))]


def generate(seed: int) -> P.Program:
    """El programa de esa semilla."""
    return Generator(seed).program()
