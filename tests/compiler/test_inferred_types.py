"""Los tipos que infiere el simulador, contra los que grabó el compilador real.

No necesita el compilador: compara con ``golden_types.json``.
"""

from __future__ import annotations

import json

import generated_types as generated
import known_differences as known
import pytest
import record_types
import simulated
import type_cases as cases

GOLDEN = json.loads(record_types.GOLDEN.read_text("utf-8"))


def _differences(
    text: str, questions: list[tuple[tuple[str, ...], str]], *, silent: bool = False
) -> list[str]:
    found = []
    for types, wanted in questions:
        got = simulated.infer(text, types)
        refused = got == "-" and (wanted == "-" or (silent and _inexact(types)))
        unsupported = (wanted, got) == ("-", simulated.UNSUPPORTED)
        if got != wanted and not refused and not unsupported:
            found.append(f"{' '.join(types)}: Numba {wanted}, simulador {got}")
    return found


def _inexact(types: tuple[str, ...]) -> bool:
    """Si algún argumento no es un entero."""
    return any(t[0] in "bfc" for t in types)


def _check(
    name: str, text: str, questions: list[tuple[tuple[str, ...], str]], reason: str | None
) -> None:
    found = _differences(text, questions, silent=name in known.STRICTER)
    if reason is None:
        assert not found, f"{name}\n{text}\n" + "\n".join(found)
    else:
        assert found, f"{name}: ya no difiere; bórralo de known_differences.py"


@pytest.mark.parametrize("name", cases.pair_templates())
def test_pairs_of_types(name):
    text = cases.function_text(cases.pair_templates()[name], "a, b")
    rows = zip(cases.DTYPES, GOLDEN["pairs"][name], strict=True)
    questions = [
        ((a, b), wanted)
        for a, row in rows
        for b, wanted in zip(cases.DTYPES, row.split(), strict=True)
    ]
    _check(name, text, questions, known.PAIRS.get(name))


@pytest.mark.parametrize("name", cases.single_templates())
def test_one_type_and_literals(name):
    text = cases.function_text(cases.single_templates()[name], "a")
    answers = zip(cases.DTYPES, GOLDEN["singles"][name].split(), strict=True)
    questions = [((a,), wanted) for a, wanted in answers]
    _check(name, text, questions, known.SINGLES.get(name))


@pytest.mark.parametrize("name", cases.programs(), ids=range(len(cases.programs())))
def test_programs(name):
    types, text = cases.programs()[name]
    reason = known.PROGRAMS.get(text.strip())
    _check(name, text, [(types, GOLDEN["programs"][name])], reason)


def test_generated_expressions():
    assert GOLDEN["generated"]["digest"] == generated.digest(), "graba de nuevo"
    answers = GOLDEN["generated"]["answers"].split()
    assert sum(answer != "-" for answer in answers) > 1500
    pairs = zip(generated.questions(), answers, strict=True)
    asked = [(text, types, wanted) for (text, types), wanted in pairs]
    found = [f"{text}{line}" for text, types, wanted in asked
             for line in _differences(text, [(types, wanted)])]  # fmt: skip
    assert not found, f"{len(found)} de {len(asked)}\n" + "\n".join(found[:20])


def test_known_differences_are_few_and_each_is_a_question():
    texts = {text.strip() for _, text in cases.programs().values()}
    assert set(known.PAIRS) <= set(cases.pair_templates())
    assert set(known.SINGLES) <= set(cases.single_templates())
    assert set(known.PROGRAMS) <= texts


def test_golden_answers_every_question():
    assert list(GOLDEN["dtypes"]) == list(cases.DTYPES)
    assert set(GOLDEN["pairs"]) == set(cases.pair_templates())
    assert set(GOLDEN["singles"]) == set(cases.single_templates())
    assert set(GOLDEN["programs"]) == set(cases.programs())
