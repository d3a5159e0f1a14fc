"""Cada prueba de la semántica falla si se rompe la regla que prueba.

Una fila por fila de ``test_semantics_rules``: qué tabla o función del simulador la hace cumplir y
con qué se la rompe. El cambio es siempre un error que alguien escribiría: el tipo que elegiría
NumPy, un redondeo de menos, la función parecida.
"""

import ast
import builtins
import dataclasses
import math

import numpy as np
import pytest
from test_semantics_rules import ROWS, check_atomic_order, check_fast_math, check_row

from urdimbre.sim.frontend import calls, expressions, operators, typing
from urdimbre.sim.functions import intrinsics as I
from urdimbre.sim.functions import python_calls
from urdimbre.sim.host import kernel
from urdimbre.sim.lanes import warp
from urdimbre.sim.lower import expressions as lower_expressions
from urdimbre.sim.lower import statements as lower_statements
from urdimbre.sim.memory import atomics, references
from urdimbre.sim.memory.block_memory import BlockMemory
from urdimbre.sim.typed import ir, lowering, ops, values
from urdimbre.sim.typed import types as T


def op(table, kind, **changes):
    """Cambia una fila de la tabla de operaciones."""
    return lambda patch: patch.setitem(table, kind, dataclasses.replace(table[kind], **changes))


def entry(table, key, new):
    return lambda patch: patch.setitem(table, key, new(table[key]))


def part(owner, name, new):
    return lambda patch: patch.setattr(owner, name, new(getattr(owner, name)))


def binary(kind, **changes):
    return op(ops.BINARY, kind, **changes)


def always(dtype):
    return lambda a, b: dtype


def weak(a, b):
    """El literal se adapta al float32, como en NumPy 2."""
    return T.F32 if T.F32 in (a, b) else np.promote_types(a, b)


def first_type(original):
    """La variable se queda con el primer tipo que tuvo."""

    def assign(typer, name, value, line):
        known = typer.env.get(name)
        original(typer, name, typer.cast(value, known) if known is not None else value, line)

    return assign


def logic_gives_bool(original):
    def build(node):
        a, b = lowering.expression(node.left), lowering.expression(node.right)
        return lambda run, v, m: ((a(run, v, m) != 0) & (b(run, v, m) != 0)).astype(node.type)

    return build


def first_item(original):
    return lambda node: lambda run, v, m: lowering.expression(node.source)(run, v, m)[0]


def first_axis(original):
    return lambda node: original(dataclasses.replace(node, axis=0))


def integral(original):
    """``math.floor`` da un entero, como en Python."""
    return lambda typer, node, args: typer.cast(original(typer, node, args), T.I64)


def converted(change):
    """``change(x, tipo)`` en vez de la conversión de real a entero."""
    return part(values, "clamp_to_integer", lambda original: lambda x, t: change(np.asarray(x), t))


def saturating(original):
    def convert(source, to):
        if source.kind not in "iu" or to.kind not in "iu":
            return original(source, to)
        limits = np.iinfo(to)
        return lambda x: np.clip(np.float64(x), limits.min, limits.max).astype(to)

    return convert


def never_narrow(original):
    return lambda source, to: (lambda x: x) if to == T.U32 else original(source, to)


def half_up(original):
    def handler(typer, node, args):
        value = typer.apply("round", lambda x: np.floor(x + 0.5), T.F64, T.F64, args, node)
        return typer.cast(value, T.I64)

    return handler


def both(name, new):
    """Lo mismo al compilar y al ejecutar."""

    def apply(patch):
        for module in (lower_expressions, operators):
            patch.setattr(module, name, new(getattr(module, name)))

    return apply


def c_division(a, b):
    return np.where(b == 0, 0, np.trunc(np.float64(a) / np.where(b == 0, 1, b))).astype(a.dtype)


def one_array_a_line(original):
    def declare(memory, d):
        ref = memory.arrays.get(d.line)
        if ref is None:
            ref = memory.arrays[d.line] = original(memory, d)
        return ref

    return declare


def one_thread_at_a_time(original):
    """Las escrituras de ``h[0] += 1`` se suman, como si los hilos fueran de uno en uno."""

    def store(run, ref, index, new, m, line):
        count = np.broadcast_to(m, run.shape).sum() if np.all(new == 1) else 1
        original(run, ref, index, new * count, m, line)

    return store


class SumsInFloat64:
    """Una atómica que acumula en float64 y redondea al final."""

    @staticmethod
    def at(flat, where, value):
        total = flat.astype(np.float64)
        np.add.at(total, where, value.astype(np.float64))
        flat[:] = total


def without_bits(original):
    return lambda run, m, line, bits, test: original(run, m, line, bits, test).view(np.uint32)


BROKEN = {
    "1 literal de coma": binary(ast.Mult, compute=weak),
    "1 un entero grande": binary(ast.Mult, compute=always(T.I32)),
    "2 threadIdx": binary(ast.Mult, compute=always(T.I32)),
    "2 grid": binary(ast.Mult, compute=always(T.I32)),
    "3 int32 + int32": binary(ast.Add, compute=np.promote_types),
    "3 uint32 - uint32": binary(ast.Sub, compute=always(T.I64)),
    "3 un cast": both("convert", never_narrow),
    "4 entero / entero": binary(ast.Div, compute=T.arithmetic, run=np.floor_divide),
    "5 float32 * int32": binary(ast.Mult, compute=weak),
    "5 float32 * uint8": binary(ast.Mult, compute=always(T.F64)),
    "5 float32 ** 2": binary(ast.Pow, compute=always(T.F64)),
    "6 «and»": entry(lowering.EXPRESSIONS, ir.Logic, logic_gives_bool),
    "7 int64 o uint64": part(T, "unify", lambda original: lambda a, b: a),
    "8 una variable": part(typing.Typer, "assign", first_type),
    "8 s = 0": binary(ast.Add, compute=weak),
    "9 min y max": part(T, "unify", lambda original: lambda a, b: a),
    "9 round": entry(calls.CALLS, builtins.round, half_up),
    "10 floor": entry(calls.CALLS, math.floor, integral),
    "10 math de float32": part(python_calls, "_float_type", lambda original: lambda t: T.F64),
    "11 un elemento": binary(ast.Add, compute=np.promote_types),
    "12 una tupla": entry(lowering.EXPRESSIONS, ir.TupleItem, first_item),
    "13 una forma": entry(lowering.EXPRESSIONS, ir.Shape, first_axis),
    "15 el índice": binary(ast.Add, compute=np.promote_types),
    "17 la atómica": converted(lambda x, t: np.rint(x).astype(t)[()]),
    "18 un voto": entry(warp.WARP_OPS, "ballot_sync", without_bits),
    "19 un literal": part(
        expressions.Expressions, "_int_type", lambda original: lambda self, value, node: T.I32
    ),
    "20 división y resto": binary(ast.FloorDiv, run=c_division),
    "20 entre cero": binary(ast.FloorDiv, run=lambda a, b: np.where(b == 0, -1, a)),
    "20 el menor": binary(ast.FloorDiv, run=np.floor_divide),
    "20 un corrimiento": binary(ast.LShift, run=lambda a, b: np.left_shift(a, b & 63)),
    "20 1 << 63": binary(ast.LShift, compute=always(T.I32)),
    "21 un entero": binary(
        ast.Add, run=lambda a, b: values.clamp_to_integer(np.float64(a) + b, T.I64)
    ),
    "21 una potencia": binary(ast.Pow, run=np.power),
    "22 int64 con uint64": op(ops.COMPARE, ast.Eq, compute=always(T.U64)),
    "23 entre cero": binary(ast.Div, run=lambda a, b: np.where(b == 0, 0, a / b)),
    "24 el resto": binary(ast.Mod, run=np.fmod),
    "26 x ** 3": entry(ops.SMALL_POWERS, (3, False), lambda original: np.cbrt),
    "26 min y max": entry(
        calls.CALLS,
        builtins.max,
        lambda original: python_calls.extreme("max", np.maximum, np.maximum),
    ),
    "26 atomic.max no guarda": entry(atomics.UPDATE, "max", lambda original: np.maximum),
    "26 atomic.max no quita": entry(atomics.UPDATE, "max", lambda original: np.fmax),
    "27 un real": converted(lambda x, t: x.astype(np.int64).astype(t)[()]),
    "27 NaN": converted(lambda x, t: np.nan_to_num(x).astype(t)[()]),
    "27 a uint8": converted(lambda x, t: np.clip(x, 0, 255).astype(t)[()]),
    "27 -1": both("convert", saturating),
    "27 todo lo que": both(
        "convert",
        lambda original: lambda source, to: lambda x: original(T.I64, to)(np.int64(x)),
    ),
    "28 un índice": part(references, "wrap_negative", lambda original: lambda i, n: i),
    "30 una suma atómica": entry(atomics.UPDATE, "add", lambda original: SumsInFloat64),
    "30 una resta atómica": entry(atomics.UPDATE, "sub", lambda original: SumsInFloat64),
    "tabla: cbrt": entry(calls.CALLS, I.WARP["cbrt"], lambda original: calls.CALLS[math.sqrt]),
    "tabla: hfloor": entry(calls.CALLS, I.fp16.hfloor, lambda original: calls.CALLS[I.fp16.hceil]),
    "tabla: seis": binary(ast.Mult, compute=always(T.F64)),
    "tabla: dos": part(BlockMemory, "declare", one_array_a_line),
    "tabla: sumas": part(lower_statements, "store", one_thread_at_a_time),
}


def approximate(original):
    """Con ``fastmath``, una división que no redondea bien."""
    compiled = original.__get__

    def compile_kernel(self, types, fma=True):
        return compiled(self)(types, fma and not self.options.get("fastmath"))

    return compile_kernel


OTHERS = [
    ("29", check_fast_math, part(kernel.Kernel, "compile", approximate)),
    ("30", check_atomic_order, part(kernel, "scheduled", lambda original: kernel.lower)),
]


def broken_by(rule):
    return [start for start in BROKEN if rule.startswith(start)]


def test_every_row_has_one_way_to_break_it():
    assert [(rule, len(broken_by(rule))) for rule, *_ in ROWS] == [(r, 1) for r, *_ in ROWS]
    assert len(BROKEN) == len(ROWS)


@pytest.mark.filterwarnings("ignore::UserWarning")  # sin la regla 28 se escribe fuera
@pytest.mark.parametrize("row", ROWS, ids=[r[0] for r in ROWS])
def test_a_broken_rule_is_noticed(row, monkeypatch):
    check_row(*row)
    (start,) = broken_by(row[0])
    BROKEN[start](monkeypatch)
    with pytest.raises(AssertionError):
        check_row(*row)


@pytest.mark.parametrize(("rule", "check", "breaks"), OTHERS, ids=[o[0] for o in OTHERS])
def test_a_broken_rule_of_several_launches_is_noticed(rule, check, breaks, monkeypatch):
    check()
    breaks(monkeypatch)
    with pytest.raises(AssertionError):
        check()
