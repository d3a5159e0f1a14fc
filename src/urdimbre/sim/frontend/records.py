"""Tipar registros: ``a[i].x``, ``a[i]["x"]``, ``a.x[i]`` y sus asignaciones.

Un registro es un lugar de la memoria, como en Numba: ``r = a[i]`` no copia y ``r.x = 1`` escribe
en el arreglo.
"""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T


class Records:
    """La parte de ``Typer`` que tipa los campos de un registro."""

    def names_field(self, base: ir.Expr, node: ast.Subscript) -> bool:
        """Si ``base[…]`` nombra un campo y no un elemento."""
        if isinstance(base.type, T.Record):
            return True
        is_text = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
        return isinstance(base.type, T.Array) and T.is_record(base.type.dtype) and is_text

    def field_name(self, base: ir.Expr, node: ast.Subscript) -> str:
        """El campo que se pide entre corchetes: por nombre o por número, constantes."""
        key = getattr(self.expr(node.slice), "value", None)
        if isinstance(key, str):
            return key
        names = base.type.dtype.names
        if isinstance(key, np.integer) and -len(names) <= key < len(names):
            return names[int(key)]
        raise self.fail(
            f"Un campo se pide por su nombre, escrito tal cual: {', '.join(names)}.", node
        )

    def field(self, base: ir.Expr, name: str, node: Any) -> ir.Expr:
        """Un campo: el valor, si es un número de un registro; si no, su lugar."""
        place = self._place(base, name, node)
        return self.value_at(place, node) if self.is_number(place) else place

    def is_number(self, place: ir.Expr) -> bool:
        return isinstance(place.type, T.Record) and not T.is_record(place.type.dtype)

    def _place(self, base: ir.Expr, name: str, node: Any) -> ir.Field:
        dtype = base.type.dtype
        if name not in dtype.names:
            raise self.fail(f"El {T.name_of(dtype)} no tiene el campo «{name}».", node)
        inner, start = dtype.fields[name][:2]
        if isinstance(base.type, T.Record):
            self._need_aligned(inner, start, name, node)
        return ir.Field(self._field_type(base.type, inner, name, node), node.lineno, base, name)

    def _field_type(self, whole: Any, inner: np.dtype, name: str, node: Any) -> Any:
        """Un registro, un número en su lugar o un arreglo; de un arreglo, otro arreglo."""
        element, lengths = inner.subdtype or (inner, ())
        if lengths and element == T.BOOL:
            raise self.fail(f"Numba no admite que «{name}» sea un arreglo de bool.", node)
        if isinstance(whole, T.Array):
            return T.Array(element, whole.ndim + len(lengths), whole.readonly)
        if lengths:
            return T.Nested(element, len(lengths), whole.readonly, lengths)
        return T.Record(inner, whole.readonly)

    def _need_aligned(self, inner: np.dtype, start: int, name: str, node: Any) -> None:
        """Numba no compila un campo de un registro en una posición que no es múltiplo suyo."""
        if not T.is_record(inner.base) and start % inner.alignment:
            raise self.fail(
                f"El campo «{name}» ({inner.base.name}) empieza en el byte {start} y no está "
                "alineado: crea el tipo con np.dtype(..., align=True).",
                node,
            )

    def value_at(self, place: ir.Expr, node: Any) -> ir.Expr:
        return ir.LoadAt(place.type.dtype, node.lineno, place)

    def field_target(self, target: ast.expr) -> ir.Expr | None:
        """El campo que nombra ``r.x`` o ``r["x"]`` como destino de ``+=``; si no lo es, nada."""
        if not isinstance(target, ast.Attribute | ast.Subscript):
            return None
        base = self.expr(target.value)
        if not isinstance(base.type, T.Record):
            return None
        is_name = isinstance(target, ast.Attribute)
        name = target.attr if is_name else self.field_name(base, target)
        return self._place(self.temp(base), name, target)

    def store_attribute(self, target: ast.Attribute, value: ir.Expr) -> None:
        base = self.expr(target.value)
        if not isinstance(base.type, T.Record):
            raise self.fail(
                "Solo se puede asignar al campo de un registro, como a[i].x = v; un vector se "
                "construye de nuevo.",
                target,
            )
        self.store_field(base, target.attr, value, target)

    def store_field(self, base: ir.Expr, name: str, value: ir.Expr, node: Any) -> None:
        self.store_at(self._place(base, name, node), value, node)

    def store_at(self, place: ir.Expr, value: ir.Expr, node: Any) -> None:
        """``r.x = v``; si ``x`` es un registro o un arreglo, parte por parte."""
        self.need_writable(place, node)
        if isinstance(place.type, T.Nested):
            return self.copy_nested(place, value, node)
        if T.is_record(place.type.dtype):
            return self.copy_record(place, value, node)
        self.need_scalar(value, node)
        self.emit(ir.StoreAt(node.lineno, place, self.cast(value, place.type.dtype)))

    def copy_record(self, place: ir.Expr, value: ir.Expr, node: Any) -> None:
        """``a[i] = b[j]``: copia todos los campos.

        Raises:
            KernelTypeError: si no son registros del mismo tipo.
        """
        dtype = place.type.dtype
        if not isinstance(value.type, T.Record) or value.type.dtype != dtype:
            raise self.fail(
                f"Aquí se guarda un {T.name_of(dtype)} y hay {T.name_of(value.type)}.", node
            )
        self.need_writable(place, node)
        place, value = self.temp(place), self.temp(value)
        for name in dtype.names:
            self._copy_field(place, value, name, node)

    def _copy_field(self, place: ir.Expr, value: ir.Expr, name: str, node: Any) -> None:
        inner = place.type.dtype.fields[name][0]
        target, source = (
            ir.Field(self._field_type(part.type, inner, name, node), node.lineno, part, name)
            for part in (place, value)
        )
        source = self.value_at(source, node) if self.is_number(source) else source
        self.store_at(target, source, node)

    def copy_nested(self, place: ir.Expr, value: ir.Expr, node: Any) -> None:
        """``r.v = q.v``: copia todos los elementos; ``r["v"] = a``, también de un arreglo.

        Raises:
            KernelTypeError: si no son campos del mismo tipo y la misma forma.
        """
        kind = place.type
        lengths = getattr(value.type, "lengths", kind.lengths)  # las de otro arreglo se saben luego
        known = T.Array if isinstance(node, ast.Subscript) else T.Nested
        same = isinstance(value.type, known) and value.type.ndim == kind.ndim
        if not same or lengths != kind.lengths or value.type.dtype != kind.dtype:
            raise self.fail(
                "Un campo que es un arreglo solo se copia de otro igual; aquí hay "
                f"{T.name_of(value.type)}. Escribe sus elementos uno por uno.", node
            )  # fmt: skip
        place, value = self.temp(place), self.temp(value)
        for at in np.ndindex(*kind.lengths):
            index = tuple(self.wrap(k, node) for k in at)
            target, source = self.item(place, index, node), self.item(value, index, node)
            if T.is_record(kind.dtype):
                self.copy_record(target, source, node)
            else:
                self.emit(ir.Store(node.lineno, place, index, source))
