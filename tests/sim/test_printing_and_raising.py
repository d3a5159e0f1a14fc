"""``print``, ``raise`` y ``assert`` dentro de un kernel: lo que el compilador real admite.

El PTX dice el formato: ``%lld`` y ``%llu`` para enteros, ``%f`` para reales, ``%s`` para bool.
"""

import re

import numpy as np
import pytest

from urdimbre.errors import KernelRuntimeError, KernelTypeError, UnsupportedError
from urdimbre.observe import Memcheck
from urdimbre.sim import facade as cuda
from urdimbre.sim import load_source, observing

HEAD = "from numba import cuda\nimport numpy as np\nTEXT = 'hola'\n@cuda.jit\ndef k(a):\n"


def run(body, a=None, block=1, grid=1):
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    kernel = load_source(HEAD + lines)["k"]
    kernel[grid, block](np.array([1, -2.5, 3, 0], np.float32) if a is None else a)


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        ("print(1, a[1], 2.5)", "1 -2.500000 2.500000"),
        ("print(a[0] > 0, a[1] > 0)", "True False"),
        ("print(np.uint64(2**63), np.int8(-3))", "9223372036854775808 -3"),
        ("print(np.float16(0.1))", "0.099976"),
        ("print('x', TEXT, '100%')", "x hola 100%"),
        ("print((1, 2.5, (a[0], True)))", "(1, 2.500000, (1.000000, True))"),
        ("print((a[2],))", "(3.000000,)"),
        ("print(a[3] / a[3], 1 / a[3], -1 / a[3])", "nan inf -inf"),
        ("print()", ""),
    ],
)
def test_print_shows_what_printf_would(call, shown, capsys):
    run(call)
    assert capsys.readouterr().out == shown + "\n"


def test_each_active_thread_prints_its_line(capsys):
    run("i = cuda.grid(1)\nif i % 3 == 1:\n    print(i, a[i % 4], a.size)", block=4, grid=2)
    assert capsys.readouterr().out == "1 -2.500000 4\n4 1.000000 4\n7 0.000000 4\n"


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("print(a)", "no imprime arreglo"),
        ("print(None)", "no imprime None"),
        ("print(complex(1, 2))", "no imprime complex128"),
        ("print(cuda.float32x2(1, 2))", "no imprime float32x2"),
        ("print(np.float32)", "no imprime"),
        ("print(1, sep=',')", "no lleva «sep=»"),
        ("a[0] = abs(x=1)", "no lleva «x=»"),
    ],
)
def test_what_print_refuses(call, text):
    with pytest.raises(KernelTypeError, match=text):
        run(call)


def test_print_of_more_than_32_values_shows_the_format(capsys):
    # Como Numba: avisa al compilar y en el PTX el formato lleva «%%»; con 32 da los valores.
    run("print(" + "a[0], " * 32 + ")")
    assert capsys.readouterr().out == " ".join(["1.000000"] * 32) + "\n"
    with pytest.warns(UserWarning, match="más de 32 valores"):
        run("print(" + "a[0], " * 30 + "1, np.uint8(2), True, (1, 2.5))", block=2)
    line = "%f " * 30 + "%lld %llu %s (%lld, %f)\n"
    assert capsys.readouterr().out == line * 2


@pytest.mark.parametrize(
    ("statement", "kind", "text"),
    [
        ("raise ValueError('malo')", ValueError, "malo"),
        ("raise ValueError(TEXT)", ValueError, "hola"),
        ("raise ValueError('a' + 'b')", ValueError, "ab"),
        ("raise KeyError('x', 3)", KeyError, "x, 3"),
        ("raise IndexError", IndexError, ""),
        ("raise", RuntimeError, ""),
        ("raise StopIteration('x')", KernelRuntimeError, "x"),
        ("raise SystemExit(1)", KernelRuntimeError, "1"),
        ("assert a[0] > 5, 'menor'", AssertionError, "menor"),
        ("assert a[0] > 5", AssertionError, ""),
    ],
)
def test_an_exception_names_its_class_its_message_and_its_thread(statement, kind, text):
    body = (
        "x, y = cuda.grid(2)\nfor j in range(2):\n    if x >= 9 and y == 3:\n        " + statement
    )
    with pytest.raises(KernelRuntimeError) as error:
        run(body, block=(8, 4), grid=(3, 2))
    assert isinstance(error.value, kind)
    assert error.value.line == 9
    name = re.match(r"raise (\w+)", statement)
    kind = name[1] if name else kind.__name__
    where = f"{kind} en tid=[0, 3, 1] ctaid=[0, 0, 1]{': ' * bool(text)}{text}."
    assert where in str(error.value)


def test_a_passing_assert_does_nothing():
    run("assert a[0] == 1, 'no'")


@pytest.mark.parametrize(
    "statement",
    [
        "raise ValueError('malo', a[0])",
        "raise ValueError(f'{a[0]}')",
        "raise ValueError(msg='a')",
        "raise 3",
        "raise ValueError('x') from None",
        "assert a[0] > 5, a[0]",
    ],
)
def test_what_numba_does_not_compile(statement):
    with pytest.raises(KernelTypeError):
        run(statement)


@pytest.mark.parametrize(
    "body",
    ["x = None\nif a[0] > 0:\n    x = 1\na[1] = x", "x = None if a[0] > 0 else 3\na[1] = x"],
)
def test_a_variable_that_is_sometimes_none_says_it_is_missing_here(body):
    with pytest.raises(UnsupportedError, match="este simulador, no"):
        run(body)


@cuda.jit
def two_on_a_line(out):
    first, second = cuda.shared.array(4, np.float32), cuda.local.array(4, np.float32)
    first[5] = 1
    second[6] = first[0]
    out[0] = second[0]


def test_arrays_declared_on_one_line_keep_their_names():
    seen = Memcheck()
    with observing(seen):
        two_on_a_line[1, 1](np.zeros(1, np.float32))
    assert [(f.array, f.detail["space"]) for f in seen.findings] == [
        ("first", "shared"), ("second", "local"),
    ]  # fmt: skip
