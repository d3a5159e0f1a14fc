"""Graba lo que infiere el compilador real: ``golden_types.json``.

    python tests/compiler/record_types.py

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


def record(infer: Infer, progress: Callable[[str], None] = lambda name: None) -> dict:
    """Todas las respuestas, en la forma en que se guardan."""
    pairs, singles, programs = {}, {}, {}
    for name, body in cases.pair_templates().items():
        progress(name)
        pairs[name] = pair_table(body, infer)
    for name, body in cases.single_templates().items():
        progress(name)
        singles[name] = single_row(body, infer)
    for name, (types, text) in cases.programs().items():
        programs[name] = infer(text, types)
    random = " ".join(infer(text, types) for text, types in generated.questions())
    made = {"digest": generated.digest(), "answers": random}
    return {"pairs": pairs, "singles": singles, "programs": programs, "generated": made}


def main() -> None:
    import real_compiler

    if not real_compiler.available():
        sys.exit('Falta numba-cuda: pip install "numba-cuda[cu12]"')
    answers = record(real_compiler.infer, lambda name: print(name, file=sys.stderr))
    header = {"versions": real_compiler.versions(), "command": COMMAND, "dtypes": cases.DTYPES}
    GOLDEN.write_text(json.dumps(header | answers, ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
