"""El motivo de un error de sintaxis, en español."""

from __future__ import annotations

import pytest

from urdimbre.grading.source import error_message

BROKEN = [
    ("def f(x)\n    return x\n", "falta «:»"),
    ("x = (1 + 2\ny = 3\n", "no se cerró «(»"),
    ("x = 1)\n", "sobra «)»"),
    ("x = (1]\n", "se cierra con otro distinto"),
    ("if x = 3:\n    pass\n", "se usa «==»"),
    ("def f(x):\nreturn x\n", "falta sangrar"),
    ("x = 1\n  y = 2\n", "sobra sangría"),
    ("if x:\n        y = 1\n    z = 2\n", "no coincide con la de ninguna"),
    ("if x:\n        y = 1\n\tz = 2\n", "se mezclan tabuladores y espacios"),
    ("x = 'hola\n", "comillas no se cerró"),
    ("x =\u00a01\n", "un carácter invisible (U+00A0)"),
    ("x = 3 − 1\n", "el carácter «−» no es de Python"),
]


@pytest.mark.parametrize(("text", "words"), BROKEN, ids=[words for _, words in BROKEN])
def test_a_syntax_error_says_why(text, words):
    message = error_message(text)
    assert message.startswith("Línea ")
    assert words in message


def test_an_unknown_reason_is_left_out():
    assert error_message("x = = 3\n") == "Línea 1: no es Python válido.\n    x = = 3"
