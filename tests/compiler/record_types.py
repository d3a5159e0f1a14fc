"""Graba lo que infiere el compilador real: ``golden_types.json``.

    python tests/compiler/record_types.py             todo
    python tests/compiler/record_types.py --nuevas    solo las preguntas que aún no tienen respuesta

Necesita numba-cuda (``pip install "numba-cuda[cu12]"``); no necesita GPU. Tarda unos minutos.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import generated_types as generated
import type_cases as cases

GOLDEN = Path(__file__).with_name("golden_types.json")
COMMAND = "python tests/compiler/record_types.py"

Infer = Callable[[str, tuple[str, ...]], str]


def pair_table(body: str, infer: Infer) -> list[str]:
    """Una fila por tipo de ``a``; en la fila, un código por tipo de ``b``."""
    text = cases.function_text(body, "a, b")
    return [" ".join(infer(text, (a, b)) for b in cases.DTYPES) for a in cases.DTYPES]


def single_row(body: str, infer: Infer) -> str:
    text = cases.function_text(body, "a")
    return " ".join(infer(text, (a,)) for a in cases.DTYPES)


def program_answer(case: tuple[tuple[str, ...], str], infer: Infer) -> str:
    types, text = case
    return infer(text, types)


TABLES = {
    "pairs": (cases.pair_templates, pair_table),
    "singles": (cases.single_templates, single_row),
    "programs": (cases.programs, program_answer),
}


def record(infer: Infer, known: dict) -> dict:
    """Todas las respuestas, en la forma en que se guardan; lo ya sabido no se pregunta."""
    out = {}
    for table, (questions, answer) in TABLES.items():
        before = known.get(table, {})
        out[table] = {
            name: before[name] if name in before else answer(case, infer)
            for name, case in questions().items()
        }
    out["generated"] = known.get("generated", {})
    if out["generated"].get("digest") != generated.digest():
        answers = " ".join(infer(text, types) for text, types in generated.questions())
        out["generated"] = {"digest": generated.digest(), "answers": answers}
    return out


def main() -> None:
    import real_compiler

    if not real_compiler.available():
        sys.exit('Falta numba-cuda: pip install "numba-cuda[cu12]"')
    known = json.loads(GOLDEN.read_text("utf-8")) if "--nuevas" in sys.argv else {}
    answers = record(real_compiler.infer, known)
    header = {"versions": real_compiler.versions(), "command": COMMAND, "dtypes": cases.DTYPES}
    GOLDEN.write_text(json.dumps(header | answers, ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
