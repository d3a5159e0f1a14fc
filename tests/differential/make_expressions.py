"""Expresiones al azar, con su tipo.

Lo que no se genera, y por qué: operaciones entre constantes (las hace Python antes que nadie). Un
producto de flotantes solo va en una suma con las formas en que se sabe si el compilador lo funde:
``Fused`` y ``Product``.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import program as P
import types_table as types

NAMES = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16",
         "float32", "float64")  # fmt: skip
DTYPES = tuple(np.dtype(name) for name in NAMES)
INTEGERS = tuple(t for t in DTYPES if t.kind in "iu")
BOOL, I32, I64, F64 = (np.dtype(n) for n in ("bool", "int32", "int64", "float64"))
INT_LITERALS = (0, 1, 2, 3, 5, 7, 13, 31, 100, 255, 256, 65535, 2**31 - 1, 2**31, 2**40 + 3)
FLOAT_LITERALS = (0.0, 0.5, 1.0, 1.5, 2.25, 3.0, 0.1, 100.75, 1e10)
ARITHMETIC = ("+", "-", "*", "/", "//", "%", "&", "|", "^", "<<", ">>")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
INTEGER_ONLY = ("//", "%", "&", "|", "^", "<<", ">>")

WEIGHTS = (10, 2, 4, 2, 2, 1, 3, 2, 1, 1, 1, 1, 1, 1, 3, 1)
REALS = tuple(t for t in DTYPES if t.kind == "f")


def constant(e: P.Expr) -> bool:
    """Si la expresión no depende del hilo ni de los datos."""
    if isinstance(e, P.Literal):
        return True
    fields = [v if isinstance(v, tuple) else (v,) for v in vars(e).values()]
    parts = [v for field in fields for v in field if isinstance(v, P.Expr)]
    return bool(parts) and not isinstance(e, P.Element) and all(map(constant, parts))


def product(e: P.Expr) -> bool:
    """Si es un producto de flotantes, o su negativo."""
    if isinstance(e, P.Unary | P.Cast):
        return product(e.arg)
    return isinstance(e, P.Binary) and e.symbol == "*" and e.dtype.kind == "f"


class Expressions:
    """La parte del generador que hace expresiones."""

    def __init__(self, seed: int):
        self.rng = random.Random(seed)
        self.data = np.random.default_rng(seed)
        self.scope: dict[str, np.dtype] = {}
        self.arrays: dict[str, tuple[tuple[int, ...], np.dtype]] = {}
        self.devices: list[P.Device] = []
        self.counters: dict[str, int] = {}
        self.fresh = 0

    # ---- expresiones ----

    def expr(self, depth: int) -> P.Expr:
        if depth <= 0 or self.rng.random() < 0.15:
            return self.leaf()
        build = self.rng.choices(self.makers(), WEIGHTS)[0]
        return build(depth - 1) or self.leaf()

    def makers(self) -> tuple[Any, ...]:
        return (self.binary, self.unary, self.cast, self.extreme, self.choice, self.math,
                self.element, self.call, self.boolean, self.power, self.exact_division,
                self.python_call, self.value_logic, self.pick, self.fused,
                self.real_division)  # fmt: skip

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

    def fused(self, depth: int) -> P.Expr:
        """Un producto y una suma en una sola expresión."""
        t = self.rng.choice(REALS)
        first, second = self.factors(t, depth)
        other = self.shield(self.to(t, self.operand(depth)))
        return P.Fused(t, self.rng.choice(tuple(P.FUSED)), (first, second, other))

    def factors(self, t: np.dtype, depth: int) -> tuple[P.Expr, P.Expr]:
        """Dos factores que no se repiten en el programa: lo repetido se calcula una sola vez."""
        self.fresh += 1
        mark = self.to(t, P.Literal(F64, 1 + self.fresh / 1024))
        return P.Binary(t, "/", self.to(t, self.operand(depth)), mark), self.to(
            t, self.operand(depth)
        )

    def real_division(self, depth: int) -> P.Expr:
        """``//`` o ``%`` de flotantes cualesquiera: su resto lleva una FMA."""
        t = self.rng.choice((np.dtype("float32"), F64))
        parts = [self.to(t, self.operand(depth)) for _ in range(2)]
        return P.Binary(t, self.rng.choice(("//", "%")), *parts)

    def shield(self, e: P.Expr) -> P.Expr:
        """Un producto de flotantes no se suma directamente."""
        if not product(e):
            return e
        other = P.Cast(e.dtype, f"np.{e.dtype.name}", self.variable())
        return P.Extreme(e.dtype, "max", (e, other))

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
        """``min`` o ``max`` de dos o tres."""
        name, args = self.rng.choice(("min", "max")), [self.operand(depth), self.expr(depth)]
        if self.rng.random() < 0.3:
            args.append(self.expr(depth))
        dtype = args[0].dtype
        for other in args[1:]:
            dtype = types.pair(f"{name}(a, b)", dtype, other.dtype) if dtype is not None else None
        if dtype is None or (len(args) > 2 and any(a.dtype == BOOL for a in args)):
            return None
        return P.Extreme(dtype, name, tuple(args))

    def power(self, depth: int) -> P.Expr:
        """Un entero a un exponente pequeño: literal, o de los datos."""
        base = self.operand(depth)
        base = self.to(I64, base) if base.dtype.kind not in "iu" else base
        exponent = P.Literal(I64, self.rng.choice((2, 3)))
        if self.rng.random() < 0.5:
            exponent = self.small(self.operand(depth), 12)
        return P.Binary(types.pair("a ** b", base.dtype, exponent.dtype), "**", base, exponent)

    def exact_division(self, depth: int) -> P.Expr:
        """``//`` o ``%`` de flotantes que son enteros pequeños: sin nada que redondear."""
        real = self.rng.choice((np.dtype("float32"), F64))
        small = [self.to(real, self.to(np.dtype("int8"), self.operand(depth))) for _ in range(2)]
        symbol = self.rng.choice(("//", "%"))
        return P.Binary(types.pair(f"a {symbol} b", real, real), symbol, *small)

    def python_call(self, depth: int) -> P.Expr | None:
        """``int``, ``float`` o ``round``."""
        name, arg = self.rng.choice(("int", "float", "round")), self.number(depth)
        dtype = types.single(f"{name}(a)", arg.dtype)
        return None if dtype is None else P.Cast(dtype, name, arg)

    def value_logic(self, depth: int) -> P.Expr | None:
        """``a or b`` entre números: da uno de los dos."""
        symbol, left, right = self.rng.choice(("and", "or")), self.number(depth), self.number(depth)
        dtype = types.pair(f"a {symbol} b", left.dtype, right.dtype)
        return None if dtype is None else P.Logic(dtype, symbol, left, right)

    def pick(self, depth: int) -> P.Expr:
        dtype = self.rng.choice(DTYPES)
        items = tuple(self.to(dtype, self.operand(depth)) for _ in range(self.rng.randint(2, 3)))
        return P.Pick(dtype, items, self.small(self.operand(depth), len(items)))

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
        if depth > 0 and kind < 0.4:
            symbols = (self.rng.choice(COMPARISONS), self.rng.choice(COMPARISONS))
            return P.Between(BOOL, symbols, (left, right, self.number(depth)))
        return P.Compare(BOOL, self.rng.choice(COMPARISONS), left, right)

    def number(self, depth: int) -> P.Expr:
        """Una expresión que no es booleana ni constante."""
        e = self.operand(depth)
        return P.Cast(I32, "np.int32", e) if e.dtype == BOOL else e
