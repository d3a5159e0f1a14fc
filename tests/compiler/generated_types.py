"""Expresiones al azar, sin mirar tipos: también las que no compilan son una pregunta."""

from __future__ import annotations

import hashlib
import random

import type_cases as cases

COUNT = 3000
NAMES = ("a", "b", "c")
LEAVES = (*NAMES, *NAMES, "2", "3.5", "1", "cuda.threadIdx.x", "cuda.grid(1)", "math.pi")
CALLS = ("math.sqrt({})", "math.floor({})", "math.exp({})", "abs({})", "int({})", "float({})",
         "bool({})", "round({})", "(-{})", "(~{})", "(not {})", "np.float32({})", "np.int32({})",
         "np.uint8({})", "np.uint64({})", "np.float16({})", "({}, 1)[0]")  # fmt: skip
PAIRS = ("min({}, {})", "max({}, {})", "math.pow({}, {})", "math.atan2({}, {})", "pow({}, {})",
         "({} if a == a else {})", "divmod({}, {})[1]")  # fmt: skip
SYMBOLS = (*cases.OPERATORS, "+", "-", "*", "/", *cases.COMPARISONS, "and", "or")


def questions() -> list[tuple[str, tuple[str, ...]]]:
    """Texto de la función y tipos de sus argumentos."""
    rng = random.Random(20240)
    reals = cases.DTYPES[:-2]
    made = []
    for _ in range(COUNT):
        types = tuple(_pick(rng, reals) for _ in NAMES)
        made.append((cases.function_text(f"return {_expression(rng, 3)}", "a, b, c"), types))
    return made


def _expression(rng: random.Random, depth: int) -> str:
    if depth == 0 or rng.random() < 0.1:
        return _pick(rng, LEAVES)
    kind, inside = rng.random(), _expression(rng, depth - 1)
    if kind < 0.25:
        return _pick(rng, CALLS).format(inside)
    other = _expression(rng, depth - 1)
    if kind < 0.4:
        return _pick(rng, PAIRS).format(inside, other)
    return f"({inside} {_pick(rng, SYMBOLS)} {other})"


def _pick(rng: random.Random, options: tuple[str, ...]) -> str:
    return options[int(rng.random() * len(options))]


def digest() -> str:
    """Huella de las preguntas: si cambian, hay que grabar otra vez."""
    text = "".join(f"{' '.join(types)}\n{text}" for text, types in questions())
    return hashlib.sha256(text.encode()).hexdigest()[:16]
