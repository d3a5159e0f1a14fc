"""Del árbol de Python a la forma tipada: expresiones.

Una expresión se tipa mirando los tipos de sus partes en las tablas de ``ops.py`` y ``types.py``;
una llamada, en la tabla ``calls.CALLS``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import KernelTypeError, UnsupportedError
from . import intrinsics, ir, ops
from . import types as T


class Expressions:
    """La parte de ``Typer`` que tipa expresiones."""

    def expr(self, node: ast.expr) -> ir.Expr:
        handler = EXPRESSIONS.get(type(node))
        if handler is None:
            raise self.refuse(node)
        return handler(self, node)

    # ---- valores ----

    def do_constant(self, node: ast.Constant) -> ir.Expr:
        if node.value is None or isinstance(node.value, str):
            return ir.Object(T.OBJECT, node.lineno, node.value)
        return self.wrap(node.value, node, literal=True)

    def wrap(self, value: Any, node: Any, *, literal: bool = False) -> ir.Expr:
        """Un valor de Python visto desde el kernel: constante, tupla, arreglo u objeto."""
        line = node.lineno
        if isinstance(value, tuple):
            items = tuple(self.wrap(v, node) for v in value)
            return ir.MakeTuple(T.Tuple(tuple(i.type for i in items)), line, items)
        if isinstance(value, np.ndarray) or hasattr(value, "__urdimbre_device_array__"):
            return ir.Object(T.Array(value.dtype, value.ndim), line, value)
        dtype = self._constant_type(value, node)
        if dtype is None:
            return self._object(value, node)
        return ir.Const(dtype, line, dtype.type(value), literal)

    def _constant_type(self, value: Any, node: Any) -> np.dtype | None:
        if isinstance(value, np.generic):
            return T.SCALARS.get(value.dtype.name)
        if isinstance(value, bool):
            return T.BOOL
        if isinstance(value, int):
            return self._int_type(value, node)
        if isinstance(value, float):
            return T.F64
        return T.C128 if isinstance(value, complex) else None

    def _int_type(self, value: int, node: Any) -> np.dtype:
        if -(1 << 63) <= value < (1 << 63):
            return T.I64
        if 0 <= value < (1 << 64):
            return T.U64
        raise self.fail(f"El entero {value} no cabe en 64 bits.", node)

    def _object(self, value: Any, node: Any) -> ir.Expr:
        if isinstance(value, intrinsics.Value):
            return self.special(value.name, node)
        if isinstance(value, list):
            raise self.fail("Una lista global no se puede usar en un kernel: usa una tupla.", node)
        return ir.Object(T.OBJECT, node.lineno, value)

    def special(self, name: str, node: Any) -> ir.Expr:
        return ir.Special(T.I32, node.lineno, name.removeprefix("cuda."))

    def do_name(self, node: ast.Name) -> ir.Expr:
        if node.id in self.locals:
            return self._local(node)
        try:
            return self.wrap(self.source.lookup[node.id], node)
        except KeyError:
            raise self.fail(
                f"El nombre «{node.id}» no está definido: ¿falta importarlo o está mal escrito?", node
            ) from None

    def _local(self, node: ast.Name) -> ir.Expr:
        t = self.env.get(node.id)
        if t is None:
            raise self.fail(f"La variable «{node.id}» se usa antes de darle un valor.", node)
        if isinstance(t, T.Conflict):
            raise self.fail(
                f"La variable «{node.id}» puede llegar aquí como {t}: no hay un tipo común.", node
            )
        return ir.Var(t, node.lineno, self.slot(node.id, t), node.id)

    def do_tuple(self, node: ast.Tuple) -> ir.Expr:
        items = tuple(self.expr(e) for e in node.elts)
        return ir.MakeTuple(T.Tuple(tuple(i.type for i in items)), node.lineno, items)

    def items_of(self, value: ir.Expr, node: Any) -> list[ir.Expr]:
        """Los elementos de una tupla, como expresiones."""
        if isinstance(value, ir.MakeTuple):
            return list(value.items)
        if not isinstance(value.type, T.Tuple):
            raise self.fail(f"Se esperaba una tupla y hay {T.name_of(value.type)}.", node)
        return [self._item(value, k, node) for k in range(len(value.type.items))]

    def _item(self, value: ir.Expr, k: int, node: Any) -> ir.Expr:
        index = ir.Const(T.I64, node.lineno, np.int64(k), True)
        return ir.TupleItem(value.type.items[k], node.lineno, value, index)

    # ---- operaciones ----

    def cast(self, value: ir.Expr, to: Any) -> ir.Expr:
        if value.type == to:
            return value
        if isinstance(to, T.Tuple):
            items = (self.cast(i, t) for i, t in zip(self.items_of(value, value), to.items, strict=True))
            return ir.MakeTuple(to, value.line, tuple(items))
        self.need_scalar(value, value)
        if value.type.kind == "c" and to.kind != "c":
            raise self.fail("Un complejo no se convierte en real: usa .real o abs().", value)
        out = ir.Cast(to, value.line, value)
        return fold(out) if isinstance(value, ir.Const) else out

    def truth(self, value: ir.Expr) -> ir.Expr:
        if isinstance(value, ir.Object):
            raise self.fail("Esto no tiene valor de verdad dentro de un kernel.", value)
        return self.cast(value, T.BOOL)

    def need_scalar(self, value: ir.Expr, node: Any) -> None:
        if not T.is_scalar(value.type):
            raise self.fail(f"Se esperaba un número y hay {T.name_of(value.type)}.", node)

    def apply(self, name: str, run: Any, compute: Any, result: Any, args: Any, node: Any) -> ir.Expr:
        """Aplica una función de NumPy con los operandos convertidos a ``compute``."""
        parts = tuple(self.cast(a, compute) for a in args)
        return fold(ir.Apply(result, node.lineno, run, parts, name))

    def binary(self, op: ast.operator, a: ir.Expr, b: ir.Expr, node: Any) -> ir.Expr:
        row = ops.BINARY.get(type(op))
        if row is None:
            raise self.fail("Operador no admitido en un kernel.", node)
        for part in (a, b):
            self._check_operand(row, part, node)
        if row.symbol == "**":
            return self._power(row, a, b, node)
        compute = row.compute(a.type, b.type)
        return self.apply(row.symbol, row.function(compute), compute, compute, (a, b), node)

    def _check_operand(self, row: ops.Op, value: ir.Expr, node: Any) -> None:
        if not T.is_scalar(value.type) or value.type.kind not in row.kinds:
            raise self.fail(f"El operador «{row.symbol}» no admite {T.name_of(value.type)}.", node)

    def _power(self, row: ops.Op, a: ir.Expr, b: ir.Expr, node: Any) -> ir.Expr:
        """``x ** 2`` y ``x ** 3`` son productos, como en el compilador."""
        compute = row.compute(a.type, b.type)
        exponent = int(b.value) if isinstance(b, ir.Const) and T.is_int(b.type) else 0
        if exponent in (2, 3):
            run = {2: lambda x: x * x, 3: lambda x: x * x * x}[exponent]
            return self.apply("**", run, compute, compute, (a,), node)
        return self.apply("**", row.function(compute), compute, compute, (a, b), node)

    def do_binary(self, node: ast.BinOp) -> ir.Expr:
        return self.binary(node.op, self.expr(node.left), self.expr(node.right), node)

    def do_unary(self, node: ast.UnaryOp) -> ir.Expr:
        value = self.expr(node.operand)
        self.need_scalar(value, node)
        if isinstance(node.op, ast.Not):
            return self.apply("not", np.logical_not, T.BOOL, T.BOOL, (value,), node)
        wide = T.arithmetic(value.type, value.type)
        if isinstance(node.op, ast.Invert):
            if not T.is_int(value.type):
                raise self.fail("«~» solo se aplica a enteros.", node)
            return self.apply("~", np.invert, wide, wide, (value,), node)
        run = np.negative if isinstance(node.op, ast.USub) else np.positive
        return self.apply("-", run, wide, wide, (value,), node)

    def do_logic(self, node: ast.BoolOp) -> ir.Expr:
        kind = "and" if isinstance(node.op, ast.And) else "or"
        out = self.expr(node.values[0])
        for part in node.values[1:]:
            right = self.expr(part)
            t = self.common(out, right, node)
            out = ir.Logic(t, node.lineno, kind, self.cast(out, t), self.cast(right, t))
        return out

    def common(self, a: ir.Expr, b: ir.Expr, node: Any) -> Any:
        t = T.unify(a.type, b.type)
        if t is None:
            raise self.fail(
                f"No hay un tipo común para {T.name_of(a.type)} y {T.name_of(b.type)}.", node
            )
        return t

    def do_compare(self, node: ast.Compare) -> ir.Expr:
        left, out = self.expr(node.left), None
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.expr(right_node)
            test = self._compare_one(op, left, right, node)
            out = test if out is None else ir.Logic(T.BOOL, node.lineno, "and", out, test)
            left = right
        return out

    def _compare_one(self, op: ast.cmpop, a: ir.Expr, b: ir.Expr, node: Any) -> ir.Expr:
        if isinstance(op, ast.Is | ast.IsNot):
            return self._identity(op, a, b, node)
        row = ops.COMPARE.get(type(op))
        if row is None:
            raise self.fail("«in» no está admitido en un kernel.", node)
        self.need_scalar(a, node)
        self.need_scalar(b, node)
        compute = row.compute(a.type, b.type)
        return self.apply(row.symbol, row.run, compute, T.BOOL, (a, b), node)

    def _identity(self, op: ast.cmpop, a: ir.Expr, b: ir.Expr, node: Any) -> ir.Expr:
        if not (isinstance(a, ir.Object) or isinstance(b, ir.Object)):
            raise self.fail("«is» solo sirve para comparar con None.", node)
        same = isinstance(a, ir.Object) and isinstance(b, ir.Object) and a.value is b.value
        return self.wrap(same == isinstance(op, ast.Is), node)

    def do_select(self, node: ast.IfExp) -> ir.Expr:
        test = self.truth(self.expr(node.test))
        a, b = self.expr(node.body), self.expr(node.orelse)
        t = self.common(a, b, node)
        return ir.Select(t, node.lineno, test, self.cast(a, t), self.cast(b, t))

    # ---- atributos, índices y llamadas ----

    def do_attribute(self, node: ast.Attribute) -> ir.Expr:
        base = self.expr(node.value)
        if isinstance(base.type, T.Array):
            return self._array_attribute(base, node)
        if T.is_scalar(base.type) and node.attr in ("real", "imag"):
            return self._complex_part(base, node)
        if not isinstance(base, ir.Object) or node.attr.startswith("_"):
            raise self.fail(f"{T.name_of(base.type)} no tiene «{node.attr}».", node)
        try:
            return self.wrap(getattr(base.value, node.attr), node)
        except AttributeError as error:
            raise self._no_attribute(base.value, node, str(error)) from None

    def _no_attribute(self, value: Any, node: ast.Attribute, why: str) -> Exception:
        if "simulador" in why or "numba.cuda" in why:
            return self.fail(why, node, UnsupportedError)
        return self.fail(f"«{getattr(value, '__name__', value)}» no tiene «{node.attr}».", node)

    def _complex_part(self, base: ir.Expr, node: ast.Attribute) -> ir.Expr:
        run = np.real if node.attr == "real" else np.imag
        part = {"complex64": T.F32, "complex128": T.F64}.get(base.type.name, base.type)
        return self.apply(node.attr, run, base.type, part, (base,), node)

    def _array_attribute(self, array: ir.Expr, node: ast.Attribute) -> ir.Expr:
        t, line = array.type, node.lineno
        axes = [ir.Shape(T.I64, line, array, k) for k in range(t.ndim)]
        if node.attr == "shape":
            return ir.MakeTuple(T.Tuple((T.I64,) * t.ndim), line, tuple(axes))
        if node.attr == "size":
            total = axes[0] if axes else self.wrap(1, node)
            for axis in axes[1:]:
                total = self.binary(ast.Mult(), total, axis, node)
            return total
        constant = {"ndim": t.ndim, "itemsize": t.dtype.itemsize, "dtype": t.dtype}
        if node.attr in constant:
            return self.wrap(constant[node.attr], node)
        raise self.fail(f"Un arreglo no tiene «{node.attr}» dentro de un kernel.", node)

    def do_subscript(self, node: ast.Subscript) -> ir.Expr:
        base = self.expr(node.value)
        if isinstance(base.type, T.Tuple):
            return self._tuple_subscript(base, node)
        if not isinstance(base.type, T.Array):
            raise self.fail(f"{T.name_of(base.type)} no se puede indexar con [ ].", node)
        index = self.index_parts(node.slice, base)
        plain = not any(isinstance(i, ir.Slice) for i in index)
        if plain and len(index) == base.type.ndim:
            return ir.Load(base.type.dtype, node.lineno, base, index)
        return self._view(base, index, node)

    def _view(self, base: ir.Expr, index: tuple[Any, ...], node: Any) -> ir.Expr:
        kept = sum(isinstance(i, ir.Slice) for i in index) + base.type.ndim - len(index)
        full = (*index, *(ir.Slice(None, None, None) for _ in range(base.type.ndim - len(index))))
        return ir.View(T.Array(base.type.dtype, kept), node.lineno, base, full)

    def index_parts(self, node: ast.expr, base: ir.Expr) -> tuple[Any, ...]:
        """Los índices, uno por dimensión: enteros o rebanadas."""
        parts = node.elts if isinstance(node, ast.Tuple) else [node]
        index: list[Any] = []
        for part in parts:
            index.extend(self._index_part(part))
        if len(index) > base.type.ndim:
            raise self.fail(
                f"Hay {len(index)} índices para un {base.type}.", node if hasattr(node, "lineno") else base
            )
        return tuple(index)

    def _index_part(self, node: ast.expr) -> list[Any]:
        if isinstance(node, ast.Slice):
            ends = (node.lower, node.upper, node.step)
            return [ir.Slice(*(self.index(self.expr(e), e) if e else None for e in ends))]
        value = self.expr(node)
        if isinstance(value.type, T.Tuple):
            return [self.index(i, node) for i in self.items_of(value, node)]
        return [self.index(value, node)]

    def index(self, value: ir.Expr, node: Any) -> ir.Expr:
        if not T.is_int(value.type) or value.type == T.BOOL:
            hint = " Convierte con int()." if T.is_float(value.type) else ""
            raise self.fail(f"Un índice debe ser entero y aquí es {T.name_of(value.type)}.{hint}", node)
        return self.cast(value, T.I64 if value.type != T.U64 else T.U64)

    def _tuple_subscript(self, base: ir.Expr, node: ast.Subscript) -> ir.Expr:
        index = self.index(self.expr(node.slice), node)
        if isinstance(index, ir.Const):
            return self._constant_item(base, int(index.value), node)
        if not base.type.homogeneous:
            raise self.fail("Una tupla de tipos distintos solo se indexa con una constante.", node)
        return ir.TupleItem(base.type.items[0], node.lineno, base, index)

    def _constant_item(self, base: ir.Expr, k: int, node: Any) -> ir.Expr:
        n = len(base.type.items)
        if not -n <= k < n:
            raise self.fail(f"La tupla tiene {n} elementos y se pide el {k}.", node)
        return self.items_of(base, node)[k]

    def element(self, node: ast.Subscript) -> tuple[ir.Expr, tuple[ir.Expr, ...]]:
        """Arreglo e índices de ``a[i, j]`` como destino de una asignación."""
        base = self.expr(node.value)
        if not isinstance(base.type, T.Array):
            raise self.fail(f"No se puede asignar a un elemento de {T.name_of(base.type)}.", node)
        index = self.index_parts(node.slice, base)
        if len(index) != base.type.ndim or any(isinstance(i, ir.Slice) for i in index):
            raise self.fail("Aquí hace falta un índice por dimensión.", node)
        return base, index

    def store_item(self, node: ast.Subscript, value: ir.Expr) -> None:
        base = self.expr(node.value)
        if not isinstance(base.type, T.Array):
            raise self.fail(f"No se puede asignar a un elemento de {T.name_of(base.type)}.", node)
        index = self.index_parts(node.slice, base)
        if not T.is_scalar(value.type):
            raise self.fail("Solo se pueden guardar números en un arreglo.", node)
        value = self.cast(value, base.type.dtype)
        if len(index) == base.type.ndim and not any(isinstance(i, ir.Slice) for i in index):
            return self.emit(ir.Store(node.lineno, base, index, value))
        self._fill(self._view(base, index, node), value, node)

    def _fill(self, view: ir.View, value: ir.Expr, node: Any) -> None:
        """``a[i, :] = v``: un ciclo sobre la parte nombrada."""
        if view.type.ndim != 1:
            raise self.fail("Solo se puede llenar una rebanada de una dimensión.", node)
        self.emit(ir.StoreView(node.lineno, view, value))

    def do_call(self, node: ast.Call) -> ir.Expr:
        from .calls import call

        return call(self, node)

    # ---- range ----

    def is_range(self, node: ast.Call) -> bool:
        target = self.expr(node.func) if isinstance(node.func, ast.Name) else None
        return isinstance(target, ir.Object) and target.value is range

    def range_parts(self, node: ast.Call) -> tuple[ir.Expr, ir.Expr, ir.Expr]:
        args = [self.index(self.expr(a), a) for a in node.args]
        raw = [self.expr(a) for a in node.args]
        if not 1 <= len(args) <= 3 or node.keywords:
            raise self.fail("range lleva de uno a tres enteros.", node)
        zero, one = self.wrap(0, node), self.wrap(1, node)
        start, stop = (zero, raw[0]) if len(raw) == 1 else (raw[0], raw[1])
        return start, stop, raw[2] if len(raw) == 3 else one

    def range_type(self, start: ir.Expr, stop: ir.Expr, step: ir.Expr) -> np.dtype:
        """``range(int32)`` da int32; con algo sin signo de 32 o más bits, uint64."""
        given = {e.type for e in (start, stop, step) if not isinstance(e, ir.Const)}
        if not given:
            return T.I64
        if all(t.kind == "u" for t in given):
            return T.U64
        return T.I32 if all(t.itemsize <= 4 and t.kind == "i" for t in given) else T.I64

    def for_each(self, node: ast.For) -> None:
        """``for x in arreglo`` o ``in tupla``: un ciclo sobre la posición."""
        source = self.temp(self.expr(node.iter))
        length = self._length(source, node)
        name = f".i{self.key(node)}"
        parts = [self.wrap(0, node), self.temp(length), self.wrap(1, node)]

        def body() -> list[ir.Stmt]:
            saved, self.out = self.out, []
            self.store(node.target, self._element_at(source, name, node))
            inner = self.block(node.body)
            out, self.out = self.out + inner, saved
            return out

        self._loop(node, lambda: self._for_once(node, name, T.I64, parts, body))

    def _length(self, source: ir.Expr, node: Any) -> ir.Expr:
        if isinstance(source.type, T.Array):
            return ir.Shape(T.I64, node.lineno, source, 0)
        if isinstance(source.type, T.Tuple) and source.type.homogeneous:
            return self.wrap(len(source.type.items), node)
        raise self.fail(f"No se puede recorrer {T.name_of(source.type)} con «for».", node)

    def _element_at(self, source: ir.Expr, name: str, node: Any) -> ir.Expr:
        index = ir.Var(T.I64, node.lineno, self.slot(name, T.I64), name)
        if isinstance(source.type, T.Tuple):
            return ir.TupleItem(source.type.items[0], node.lineno, source, index)
        if source.type.ndim == 1:
            return ir.Load(source.type.dtype, node.lineno, source, (index,))
        return self._view(source, (index,), node)


def fold(node: ir.Expr) -> ir.Expr:
    """Calcula al tipar lo que solo depende de constantes."""
    from .values import convert

    if isinstance(node, ir.Cast) and isinstance(node.arg, ir.Const):
        return ir.Const(node.type, node.line, convert(node.arg.type, node.type)(node.arg.value))
    if isinstance(node, ir.Apply) and all(isinstance(a, ir.Const) for a in node.args):
        with np.errstate(all="ignore"):
            value = node.run(*(a.value for a in node.args))
        literal = node.name == "-" and node.args[0].literal
        return ir.Const(node.type, node.line, node.type.type(value), literal)
    return node


EXPRESSIONS: dict[type, Callable[[Any, Any], ir.Expr]] = {
    ast.Constant: Expressions.do_constant,
    ast.Name: Expressions.do_name,
    ast.Tuple: Expressions.do_tuple,
    ast.BinOp: Expressions.do_binary,
    ast.UnaryOp: Expressions.do_unary,
    ast.BoolOp: Expressions.do_logic,
    ast.Compare: Expressions.do_compare,
    ast.IfExp: Expressions.do_select,
    ast.Attribute: Expressions.do_attribute,
    ast.Subscript: Expressions.do_subscript,
    ast.Call: Expressions.do_call,
}
__all__ = ["Expressions", "KernelTypeError", "fold"]
