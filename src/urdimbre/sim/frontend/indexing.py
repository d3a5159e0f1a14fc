"""Tipar atributos, índices, rebanadas y recorridos."""

from __future__ import annotations

import ast
from enum import EnumMeta
from typing import Any

import numpy as np

from urdimbre.errors import UnsupportedError
from urdimbre.sim.frontend import advice
from urdimbre.sim.frontend.foreign import translate
from urdimbre.sim.functions.methods import has_method
from urdimbre.sim.functions.vectors import part as vector_part
from urdimbre.sim.memory.references import halves
from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T


class Indexing:
    """La parte de ``Typer`` que tipa lo que va tras un punto o entre corchetes."""

    def do_attribute(self, node: ast.Attribute) -> ir.Expr:
        base = self.expr(node.value)
        if has_method(base.type, node.attr):
            return ir.Method(T.OBJECT, node.lineno, base, node.attr)
        if isinstance(base.type, T.Vector):
            return vector_part(self, base, node.attr, node)
        if isinstance(base.type, T.NamedTuple) and node.attr in base.type.names:
            return self.items_of(base, node)[base.type.names.index(node.attr)]
        if isinstance(base.type, T.Member) and node.attr == "value" and base.type.is_number:
            return self.member_value(base, node)
        if isinstance(base.type, T.Record):
            return self.field(base, node.attr, node)
        if isinstance(base.type, T.Array):
            return self._array_attribute(base, node)
        if T.is_scalar(base.type) and node.attr in ("real", "imag"):
            return self._complex_part(base, node)
        if not isinstance(base, ir.Object) or node.attr.startswith("_"):
            raise self.fail(f"{T.name_of(base.type)} no tiene «{node.attr}».", node)
        try:
            return self.wrap(translate(getattr(base.value, node.attr)), node)
        except AttributeError as error:
            raise self._no_attribute(base.value, node, str(error)) from None

    def _no_attribute(self, value: Any, node: ast.Attribute, why: str) -> Exception:
        if "simulador" in why or "numba.cuda" in why:
            return self.fail(why, node, UnsupportedError)
        hint = advice.similar(node.attr, dir(value))
        name = getattr(value, "__name__", value)
        return self.fail(f"«{name}» no tiene «{node.attr}».{hint}", node)

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
            return self._count(axes, node)
        if node.attr == "strides":
            return self.make_tuple([ir.Stride(T.I64, line, array, k) for k in range(t.ndim)], node)
        if node.attr == "nbytes":
            return self.binary(
                ast.Mult(), self._count(axes, node), self.wrap(t.dtype.itemsize, node), node
            )
        if node.attr == "T":
            return ir.Transpose(T.Array(t.dtype, t.ndim, t.readonly), line, array)
        if t.dtype.kind == "c" and node.attr in ("real", "imag"):
            return ir.Field(T.Array(halves(t.dtype)[0], t.ndim, t.readonly), line, array, node.attr)
        constant = {"ndim": t.ndim, "itemsize": t.dtype.itemsize, "dtype": t.dtype}
        if node.attr in constant:
            return self.wrap(constant[node.attr], node)
        if T.is_record(t.dtype) and node.attr in t.dtype.names:
            return self.field(array, node.attr, node)
        hint = advice.attribute(node.attr)
        if node.attr in advice.COMPILED:
            text = f"Numba conoce «{node.attr}» de un arreglo, y este simulador, no.{hint}"
            raise self.fail(text, node, UnsupportedError)
        raise self.fail(f"Un arreglo no tiene «{node.attr}» dentro de un kernel.{hint}", node)

    def _count(self, axes: list[ir.Expr], node: Any) -> ir.Expr:
        total = axes[0] if axes else self.wrap(1, node)
        for axis in axes[1:]:
            total = self.binary(ast.Mult(), total, axis, node)
        return total

    def do_subscript(self, node: ast.Subscript) -> ir.Expr:
        base = self.expr(node.value)
        if isinstance(base.type, T.Tuple):
            return self._tuple_subscript(base, node)
        if self.names_field(base, node):
            return self.field(base, self.field_name(base, node), node)
        if isinstance(getattr(base, "value", None), EnumMeta):
            return self._named_member(base, node)
        if not isinstance(base.type, T.Array):
            raise self.fail(advice.item_of(ast.unparse(node.value), base), node)
        index = self.index_parts(node.slice, base)
        plain = not any(isinstance(i, ir.Slice) for i in index)
        if plain and len(index) == base.type.ndim:
            return self.item(base, index, node)
        return self._view(base, index, node)

    def _named_member(self, base: ir.Object, node: ast.Subscript) -> ir.Expr:
        """``Color["rojo"]``."""
        name = getattr(self.expr(node.slice), "value", None)
        if name not in base.value.__members__:
            raise self.fail(f"{base.value.__name__} no tiene el miembro «{name}».", node)
        return self.wrap(base.value[name], node)

    def item(self, base: ir.Expr, index: tuple[ir.Expr, ...], node: Any) -> ir.Expr:
        """Un elemento: su valor o, si es un registro, su lugar."""
        t, line = base.type, node.lineno
        if T.is_record(t.dtype):
            return ir.Element(T.Record(t.dtype, t.readonly), line, base, index)
        return ir.Load(t.dtype, line, base, index)

    def _view(self, base: ir.Expr, index: tuple[Any, ...], node: Any) -> ir.Expr:
        kept = sum(isinstance(i, ir.Slice) for i in index) + base.type.ndim - len(index)
        full = (*index, *(ir.Slice(None, None, None) for _ in range(base.type.ndim - len(index))))
        t = T.Array(base.type.dtype, kept, base.type.readonly)
        return ir.View(t, node.lineno, base, full)

    def index_parts(self, node: ast.expr, base: ir.Expr) -> tuple[Any, ...]:
        """Los índices, uno por dimensión: enteros o rebanadas."""
        parts = node.elts if isinstance(node, ast.Tuple) else [node]
        index: list[Any] = []
        for part in parts:
            index.extend(self._index_part(part))
        index = self._expand_ellipsis(index, base)
        if len(index) > base.type.ndim:
            hint = advice.COORDINATES if len(index) > len(parts) else ""
            raise self.fail(
                f"Hay {len(index)} índices para un {base.type}.{hint}",
                node if hasattr(node, "lineno") else base,
            )
        return tuple(index)

    def _expand_ellipsis(self, index: list[Any], base: ir.Expr) -> list[Any]:
        """``a[..., 0]``: los puntos valen por las dimensiones que no se nombran."""
        at = next((k for k, part in enumerate(index) if part is ...), None)
        if at is None:
            return index
        missing = base.type.ndim - len(index) + 1
        every = [ir.Slice(None, None, None) for _ in range(missing)]
        return [*index[:at], *every, *index[at + 1 :]]

    def _index_part(self, node: ast.expr) -> list[Any]:
        if isinstance(node, ast.Slice):
            ends = (node.lower, node.upper, node.step)
            return [ir.Slice(*(self.index(self.expr(e), e) if e else None for e in ends))]
        if isinstance(node, ast.Constant) and node.value is ...:
            return [...]
        value = self.expr(node)
        if isinstance(value.type, T.Tuple):
            return [self.index(i, node) for i in self.items_of(value, node)]
        return [self.index(value, node)]

    def index(self, value: ir.Expr, node: Any) -> ir.Expr:
        if not T.is_int(value.type) or value.type == T.BOOL:
            hint = " Convierte con int()." if T.is_float(value.type) else ""
            raise self.fail(
                f"Un índice debe ser entero y aquí es {T.name_of(value.type)}.{hint}", node
            )
        return self.cast(value, T.I64 if value.type != T.U64 else T.U64)

    def _tuple_subscript(self, base: ir.Expr, node: ast.Subscript) -> ir.Expr:
        if isinstance(node.slice, ast.Slice):
            return self.tuple_slice(base, node.slice, node)
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
            what = f"No se puede asignar a un elemento de {T.name_of(base.type)}."
            raise self.fail(what + advice.assigned(base), node)
        index = self.index_parts(node.slice, base)
        if len(index) != base.type.ndim or any(isinstance(i, ir.Slice) for i in index):
            raise self.fail(
                "Numba CUDA no opera sobre rebanadas: recorre la rebanada con «for», elemento a "
                "elemento.",
                node,
            )
        self.need_writable(base, node)
        return base, index

    def need_writable(self, base: ir.Expr, node: Any) -> None:
        if base.type.readonly:
            raise self.fail(
                f"«{ast.unparse(node)}» no se puede escribir: el arreglo es una constante (los "
                "globales de NumPy lo son) o de solo lectura.",
                node,
            )

    def store_item(self, node: ast.Subscript, value: ir.Expr) -> None:
        base = self.expr(node.value)
        if isinstance(base.type, T.Record):
            return self.store_field(base, self.field_name(base, node), value, node)
        if not isinstance(base.type, T.Array):
            what = f"No se puede asignar a un elemento de {T.name_of(base.type)}."
            raise self.fail(what + advice.assigned(base), node)
        self.need_writable(base, node)
        index = self.index_parts(node.slice, base)
        whole = len(index) == base.type.ndim and not any(isinstance(i, ir.Slice) for i in index)
        if T.is_record(base.type.dtype) and whole:
            return self.copy_record(self.item(base, index, node), value, node)
        if not T.is_scalar(value.type):
            raise self.fail("Solo se pueden guardar números en un arreglo.", node)
        value = self.cast(value, base.type.dtype)
        if whole:
            return self.emit(ir.Store(node.lineno, base, index, value))
        self._fill(self._view(base, index, node), value, node)

    def _fill(self, view: ir.View, value: ir.Expr, node: Any) -> None:
        """``a[i, :] = v``: un ciclo sobre la parte nombrada."""
        self.emit(ir.StoreView(node.lineno, view, value))
