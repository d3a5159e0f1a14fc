"""Tipar asignaciones: a un nombre, a varios, a un elemento o a un campo."""

from __future__ import annotations

import ast
from typing import Any

from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T


class Assignments:
    """La parte de ``Typer`` que guarda valores."""

    def do_assign(self, node: ast.Assign) -> None:
        if isinstance(node.value, ast.Lambda) and isinstance(node.targets[0], ast.Name):
            return self.do_lambda_assign(node.targets[0].id, node.value)
        value = self.expr(node.value)
        if len(node.targets) > 1:
            value = self.temp(value)
        for target in node.targets:
            self.store(target, value)

    def do_annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.store(node.target, self.expr(node.value))

    def store(self, target: ast.expr, value: ir.Expr) -> None:
        """Asigna ``value`` a un nombre, una tupla de destinos o un elemento de arreglo."""
        if isinstance(target, ast.Name):
            self._store_name(target, value)
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target, value)
        elif isinstance(target, ast.Subscript):
            self.store_item(target, value)
        elif isinstance(target, ast.Attribute):
            self.store_attribute(target, value)
        else:
            raise self.fail("Solo se puede asignar a variables y a elementos de arreglos.", target)

    def _store_name(self, target: ast.Name, value: ir.Expr) -> None:
        if value.type == T.NONE or (isinstance(value, ir.Object) and value.value is None):
            self.env[target.id] = T.NONE  # no hay nada que guardar: lo sabe el tipo
            return None
        if isinstance(value, ir.Object) and not isinstance(value.type, T.Array):
            return self._store_alias(target, value)
        if isinstance(value, ir.Declare):
            value.name = target.id
        if isinstance(value, ir.Const) and value.literal and self.stores[target.id] == 1:
            self.literals[target.id] = value
        self.assign(target.id, value, target.lineno)

    def _store_alias(self, target: ast.Name, value: ir.Object) -> None:
        """Otro nombre para un módulo, una función o un tipo: como en Numba, uno solo y fijo."""
        if self.stores[target.id] != 1 or isinstance(value.value, str):
            raise self.fail(
                f"«{target.id}» no puede guardar un texto, ni un módulo, una función o un tipo que "
                "cambian.",
                target,
            )
        self.aliases[target.id] = value

    def _unpack(self, target: ast.Tuple, value: ir.Expr) -> None:
        if isinstance(value.type, T.Array) and value.type.ndim:
            items = self._first_items(value, len(target.elts), target)
        else:
            items = self.items_of(value, target)
        if len(items) != len(target.elts):
            raise self.fail(f"Hay {len(target.elts)} nombres para {len(items)} valores.", target)
        for part, item in zip(target.elts, items, strict=True):
            if isinstance(item, ir.Declare) and isinstance(part, ast.Name):
                item.name = part.id
        for part, item in zip(target.elts, [self.temp_copy(i) for i in items], strict=True):
            self.store(part, item)

    def _first_items(self, value: ir.Expr, count: int, node: Any) -> list[ir.Expr]:
        """``x, y = a``: los elementos de un arreglo que mide justo eso, lo que se ve al correr."""
        source = self.temp(value)
        length = ir.Shape(T.I64, node.lineno, source, 0)
        fits = self.compare_one(ast.Eq(), length, self.wrap(count, node), node)
        text = f"el arreglo no tiene {count} elementos"
        self.emit(ir.Raise(node.lineno, text, fits, ValueError))
        return [self._row(source, self.wrap(k, node), node) for k in range(count)]

    def temp_copy(self, value: ir.Expr) -> ir.Expr:
        """Copia siempre, también una variable: en ``a, b = b, a`` hace falta el valor viejo."""
        if isinstance(value, ir.Const):
            return value
        name = f".c{self.key((value.line, len(self.out), 'copy'))}"
        self.emit(ir.Assign(value.line, self.slot(name, value.type), value))
        return ir.Var(value.type, value.line, self.slot(name, value.type), name)

    def do_augmented(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            old = self.expr(ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target))
            value = self._augmented(node, old)
            self.assign(node.target.id, value, node.lineno)
        elif place := self.field_target(node.target):
            old = self.value_at(place, node) if self.is_number(place) else place
            self.store_at(place, self._augmented(node, old), node)
        elif isinstance(node.target, ast.Subscript):
            self._augment_item(node)
        else:
            raise self.fail("Solo se puede asignar a variables y a elementos de arreglos.", node)

    def _augment_item(self, node: ast.AugAssign) -> None:
        array, index = self.element(node.target)
        index = tuple(self.temp(i) for i in index)
        old = ir.Load(array.type.dtype, node.lineno, array, index)
        value = self._augmented(node, old)
        self.emit(ir.Store(node.lineno, array, index, self.cast(value, array.type.dtype)))

    def _augmented(self, node: ast.AugAssign, old: ir.Expr) -> ir.Expr:
        value = self.expr(node.value)
        if isinstance(old.type, T.Tuple):
            raise self.fail("Numba no compila «+=» con tuplas: escribe t = t + u.", node)
        if isinstance(node.op, ast.Div) and T.is_int(old.type) and T.is_int(value.type):
            raise self.fail(
                "Numba CUDA no compila «/=» entre enteros: escribe x = x / y, o usa «//=».", node
            )
        return self.binary(node.op, old, value, node)
