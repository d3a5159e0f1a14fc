"""Cambios pequeños hechos a máquina en cada solución: la comprobación debe notarlos todos.

Los mutantes escritos a mano dicen qué informe merece cada error típico. Estos buscan huecos:
cada comparación, cuenta, eje, constante, condición y línea de la solución cambia una vez. Los que
siguen dando lo mismo se anotan en ``EQUIVALENT`` con su motivo.

La campaña entera tarda varios minutos: por omisión corre uno de cada ``STRIDE`` cambios. Quien
agrega o cambia un ejercicio los corre todos, con ``URDIMBRE_MUTANTES=1``.
"""

from __future__ import annotations

import ast
import copy
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from urdimbre import sim
from urdimbre.exercises import CATALOG
from urdimbre.grading import check

ROOT = Path(__file__).resolve().parents[2]
SEED = 11
STRIDE = int(os.environ.get("URDIMBRE_MUTANTES", "4"))

COMPARISONS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPERATIONS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
}
NAMES = {"tx": "ty", "ty": "tx", "i": "j", "j": "i", "c": "f", "f": "c", "row": "col"}

OF_MASKED = "en una fila enmascarada todo exp da cero: lo demás da igual si es finito"
OTHER_IS_ZERO = "en el borde la otra tesela vale cero: cualquier valor finito sirve"
EQUIVALENT = {
    ("clamp_guard", "if v <= lo:"): "en el límite, recortar no cambia el valor",
    ("clamp_guard", "elif v >= hi:"): "en el límite, recortar no cambia el valor",
    ("stencil_1d", "TILE = BLOCK + 3 * RADIUS"): "la tesela tiene casillas que nadie usa",
    ("stencil_1d", "tile[t] = x[left] if left > 0 else zero"): "left = 0 no ocurre con t < RADIUS",
    ("stencil_1d", "tile[t] = x[left] if left >= 1 else zero"): "left = 0 no ocurre con t < RADIUS",
    ("debug_uninitialized_halo", "tile[0] = x[i - 1] if i > 1 else zero"): "con t = 0, i no vale 1",
    ("debug_divergent_barrier", "BLOCK = 129"): "la mitad entera de 129 es la de 128",
    ("debug_divergent_barrier", "if t == 1:"): "cualquier hilo puede escribir el resultado",
    ("softmax_stable", "top = part[0] if part[0] > LOWEST else np.float32(1)"): OF_MASKED,
    ("softmax_stable", "scale = np.float32(1)"): OF_MASKED,
    ("softmax_online", "top = peak[0] if peak[0] > LOWEST else np.float32(1)"): OF_MASKED,
    ("softmax_online", "scale = np.float32(1)"): OF_MASKED,
    ("softmax_online", "m, d = (LOWEST, np.float32(1))"): "el primer reescalado lo borra",
    ("cross_entropy", "m, d = (LOWEST, np.float32(1))"): "el primer reescalado lo borra",
    ("cross_entropy", "if t == 1:"): "cualquier hilo puede escribir el resultado",
    ("argmax_atomic", "if True:"): "todos ponen el mismo valor inicial, y una barrera lo separa",
    ("argmax_atomic", "if t == 1:"): "cualquier hilo puede poner el valor inicial o la respuesta",
    ("argmax_atomic", "pass"): "sin break, los empates hacen más atómicas, y el mínimo es el mismo",
    ("argmax_atomic", "best = cuda.shared.array(2, np.float32)"): "la casilla de más no se usa",
    ("argmax_atomic", "first = cuda.shared.array(2, np.int32)"): "la casilla de más no se usa",
    ("argmax_atomic", "if x[row, j] >= mine:"): "cambiar un valor por otro igual no cambia nada",
    ("reduce_block", "if True:"): "los demás warps suman casillas que nadie escribe en la salida",
    ("reduce_block", "parts = cuda.shared.array(33, np.float32)"): "la casilla de más no se usa",
    ("reduce_block", "step = 17"): "en la segunda vuelta solo hay ocho casillas",
    ("reduce_grid", "BLOCK = 129"): "la mitad entera de 129 es la de 128",
    ("reduce_grid", "tile = cuda.shared.array((4, BLOCK), np.float32)"): (
        "la fila de más no se usa"
    ),
    ("debug_float_order", "if t == 1:"): "cualquier hilo puede escribir el resultado",
    ("scan_block", "while step <= BLOCK:"): "un paso de más no suma nada",
    ("scan_grid", "while step <= BLOCK:"): "un paso de más no suma nada",
    ("scan_grid", "if t == 1:"): "cualquier hilo puede escribir el total",
    ("stream_compaction", "while step <= BLOCK:"): "un paso de más no suma nada",
    ("stream_compaction", "if t == 1:"): "cualquier hilo puede escribir la cuenta",
    ("debug_uninitialized_tile", "ta[ty, tx] = np.float32(1)"): OTHER_IS_ZERO,
    ("debug_uninitialized_tile", "tb[ty, tx] = np.float32(1)"): OTHER_IS_ZERO,
    ("matmul_ragged", "ta[ty, tx] = np.float32(1)"): OTHER_IS_ZERO,
    ("matmul_ragged", "tb[y, tx] = np.float32(1)"): OTHER_IS_ZERO,
    ("matmul_ragged", "ROWS, COLS, STEP = (16, 33, 32)"): "la columna de más no se usa",
    ("matmul_transposed_b", "ta[ty, tx] = np.float32(1)"): OTHER_IS_ZERO,
    ("matmul_transposed_b", "tb[ty, tx] = np.float32(1)"): OTHER_IS_ZERO,
    ("attention_scores", "PADDED = HEAD + 2"): "con filas de 18 los conflictos caben en el límite",
    ("attention_naive", "PADDED = HEAD + 2"): "con filas de 18 los conflictos caben en el límite",
    ("attention_naive", "if i < out.shape[0] and c <= HEAD:"): "el bloque tiene HEAD columnas",
    ("flash_attention_forward", "KEYS = 33"): "cualquier tesela que quepa sirve",
    ("flash_attention_forward", "total = np.float32(1)"): "el primer alfa es cero y lo borra",
    ("flash_attention_forward", "acc[c] = np.float32(1)"): "el primer alfa es cero y lo borra",
    ("flash_attention_forward", "query[c] = q[i, c] * scale if i < n_q else np.float32(1)"): (
        "el hilo sin consulta no escribe nada"
    ),
    ("flash_attention_causal", "KEYS = 33"): "cualquier tesela que quepa sirve",
    (
        "flash_attention_causal",
        "total = np.float32(1)",
    ): "el primer alfa la borra; sin claves, 0 / 1",
    ("flash_attention_causal", "acc[c] = np.float32(1)"): "el primer alfa es cero y lo borra",
    ("flash_attention_causal", "query[c] = q[i, c] * scale if i < n_q else np.float32(1)"): (
        "el hilo sin consulta no escribe nada"
    ),
    ("flash_attention_causal", "visible = i + n_k - n_q + 1 if i < n_q else 1"): (
        "el hilo sin consulta no escribe nada"
    ),
    ("flash_attention_causal", "visible = i + n_k - n_q + 1 if i <= n_q else 0"): (
        "el hilo sin consulta no escribe nada"
    ),
    ("attention_gqa", "KEYS = 33"): "cualquier tesela que quepa sirve",
    ("attention_gqa", "total = np.float32(1)"): "el primer alfa es cero y lo borra",
    ("attention_gqa", "acc[c] = np.float32(1)"): "el primer alfa es cero y lo borra",
    ("attention_gqa", "query[c] = q[b, h, i, c] * scale if i < n else np.float32(1)"): (
        "el hilo sin posición no escribe nada"
    ),
}


def edits(node: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    """Los cambios posibles en un nodo, como funciones que lo modifican."""
    kind = type(node)
    if kind is ast.Compare and type(node.ops[0]) in COMPARISONS:
        yield lambda n: n.ops.__setitem__(0, COMPARISONS[type(n.ops[0])]())
    if kind in (ast.BinOp, ast.AugAssign) and type(node.op) in OPERATIONS:
        yield lambda n: setattr(n, "op", OPERATIONS[type(n.op)]())
    if kind is ast.Constant and type(node.value) is int:
        yield lambda n: setattr(n, "value", n.value + 1)
    if kind is ast.Attribute and node.attr in ("x", "y"):
        yield lambda n: setattr(n, "attr", {"x": "y", "y": "x"}[n.attr])
    if kind is ast.Name and node.id in NAMES and isinstance(node.ctx, ast.Load):
        yield lambda n: setattr(n, "id", NAMES[n.id])
    if kind is ast.If:
        yield lambda n: setattr(n, "test", ast.Constant(True))
    if kind in (ast.FunctionDef, ast.For, ast.While, ast.If):
        for k in range(len(node.body)):
            yield lambda n, k=k: n.body.__setitem__(k, ast.Pass())


def mutants(tree: ast.Module) -> Iterator[str]:
    """El texto de cada versión con un solo cambio."""
    for position, node in enumerate(ast.walk(tree)):
        for edit in edits(node):
            changed = copy.deepcopy(tree)
            edit(list(ast.walk(changed))[position])
            yield ast.unparse(ast.fix_missing_locations(changed))


def subjects(exercise, text: str) -> list:
    namespace: dict = {}
    if exercise.subject == "kernel":
        namespace = sim.load_source(text)
    else:
        exec(compile(text, "<celda>", "exec"), namespace)
    return [namespace[symbol] for symbol in exercise.symbols]


def changed_line(before: str, after: str) -> str:
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    return next(new.strip() for old, new in pairs if old != new)


@pytest.mark.parametrize("exercise", CATALOG, ids=lambda e: e.id)
def test_every_small_change_is_noticed(exercise):
    path = ROOT / "solutions" / exercise.unit / f"{exercise.id}.py"
    tree = ast.parse(path.read_text("utf-8"))
    original = ast.unparse(tree)
    tried = [(changed_line(original, text), text) for text in list(mutants(tree))[::STRIDE]]
    survivors = {
        line
        for line, text in tried
        if check(exercise.id, *subjects(exercise, text), seed=SEED).passed
    }
    known = {line for name, line in EQUIVALENT if name == exercise.id}
    assert survivors <= known
    if STRIDE == 1:  # una línea puede estar dos veces y ser equivalente solo en una
        assert survivors == known


def test_every_equivalent_is_a_change_that_exists():
    changes = []
    for exercise in CATALOG:
        path = ROOT / "solutions" / exercise.unit / f"{exercise.id}.py"
        tree = ast.parse(path.read_text("utf-8"))
        original = ast.unparse(tree)
        changes += [(exercise.id, changed_line(original, text)) for text in mutants(tree)]
    assert set(EQUIVALENT) <= set(changes)
    assert len(changes) > 300  # la campaña no está vacía
