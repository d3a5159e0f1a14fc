"""Kernels al azar: todo acaba en un resultado o en un error nuestro con su línea.

Para una corrida larga: ``URDIMBRE_FUZZ=100000 pytest tests/sim/test_fuzz.py``, y con
``URDIMBRE_SEMILLA=100000`` empieza en otra semilla.
"""

import os
import random
import warnings

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import KernelError, OutOfBoundsWarning, UrdimbreError
from urdimbre.sim import facade

COUNT = int(os.environ.get("URDIMBRE_FUZZ", "400"))
FIRST = int(os.environ.get("URDIMBRE_SEMILLA", "0"))
HEADER = (
    "from numba import cuda, float32, int32\nimport numpy as np\nimport math\nimport cmath\n"
    "T = 4\nW = (1, 2.5, T)\n"
    "@cuda.jit(device=True)\ndef dev(x, y):\n    if x > y:\n        return x\n    return y\n"
)
RECORD = np.dtype([("x", "f4"), ("k", "i8")], align=True)
GLOBALS = {"REC": RECORD, "G": np.arange(6, dtype=np.int32).reshape(2, 3)}
NAMES = [
    "r",
    "r[0]",
    "z",
    "v",
    "G",
    "i",
    "x",
    "y",
    "a",
    "b",
    "s",
    "n",
    "t",
    "T",
    "W",
    "cuda",
    "np",
    "q",
]
LITERALS = ["0", "1", "-1", "2.5", "3", "32", "True", "None", "1e30", "'z'", "(1, 2)", "2**40"]
BINARY = ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^"]
COMPARE = ["<", "<=", ">", ">=", "==", "!=", "is", "in", "not in"]
FIELDS = ["x", "k", "real", "y", "T", "shape", "strides"]
CALLS = ["min", "max", "abs", "int", "float", "round", "len", "math.sqrt", "math.floor", "dev",
         "np.float32", "int32", "bool", "pow", "math.isnan", "divmod", "range", "cuda.grid",
         "math.exp", "math.erf", "np.int8", "print", "complex", "cmath.exp", "math.frexp",
         "cuda.float32x2", "cuda.fp16.hadd", "cuda.libdevice.sincos", "a.reshape", "z.conjugate",
         "cuda.const.array_like", "cuda.cg.this_grid", "cuda.popc"]  # fmt: skip


def expression(r, depth=0):
    if depth > 3 or r.random() < 0.25:
        return r.choice(NAMES + LITERALS)
    sub = lambda: expression(r, depth + 1)  # noqa: E731
    return r.choice(
        [
            lambda: f"({sub()} {r.choice(BINARY)} {sub()})",
            lambda: f"({sub()} {r.choice(COMPARE)} {sub()})",
            lambda: f"({sub()} {r.choice(['and', 'or'])} {sub()})",
            lambda: f"({r.choice(['-', '~', 'not ', '+'])}{sub()})",
            lambda: f"{r.choice(['a', 'b', 's', 'W', 'x'])}[{sub()}]",
            lambda: f"b[{sub()}, {sub()}]",
            lambda: f"a[{sub()}:{sub()}]",
            lambda: f"r[{sub()}].{r.choice(FIELDS)}",
            lambda: f"{r.choice(NAMES)}.{r.choice(FIELDS)}",
            lambda: (
                f"{r.choice(['r[0]', 'r', 'W', 'b'])}[{r.choice(['0', '...', '1:'] + FIELDS)!r}]"
            ),
            lambda: f"W[{r.choice(['1:', '::-1', ':n'])}]",
            lambda: f"{r.choice(CALLS)}({', '.join(sub() for _ in range(r.randint(0, 3)))})",
            lambda: f"({sub()} if {sub()} else {sub()})",
            lambda: f"cuda.threadIdx.{r.choice('xyzw')}",
            lambda: (
                f"{r.choice(['a', 'b', 's'])}.{r.choice(['shape', 'size', 'ndim', 'T', 'dtype'])}"
            ),
            lambda: f"cuda.atomic.{r.choice(['add', 'max', 'cas', 'exch'])}(a, {sub()}, {sub()})",
        ]
    )()


TAME_CALLS = ["abs({})", "int({})", "float({})", "math.sqrt({})", "dev({}, {})", "min({}, {})",
              "max({}, {})", "np.float32({})", "int32({})", "math.exp({})", "bool({})",
              "divmod({}, 3)[0]", "cuda.shfl_xor_sync(-1, int({}), 16)",
              "cuda.ballot_sync(-1, int({}))",
              "cuda.atomic.add(a, int({}) % 9, {})", "cuda.atomic.max(a, 3, {})"]  # fmt: skip


TAME_TARGETS = ["x", "y", "n", "a[i % 50]", "b[t % 9, n % 7 if n == 3 else 0]"]


def tame(r, depth=0):
    """Una expresión numérica que casi siempre compila."""
    if depth > 3 or r.random() < 0.3:
        return r.choice(["i", "x", "y", "n", "t", "T", "W[0]", "0", "1", "-3", "2.5", "7"])
    sub = lambda: tame(r, depth + 1)  # noqa: E731
    call = r.choice(TAME_CALLS)
    return r.choice(
        [
            lambda: f"({sub()} {r.choice(BINARY[:6])} {sub()})",
            lambda: f"(int({sub()}) {r.choice(BINARY[7:])} int({sub()}))",
            lambda: f"({sub()} {r.choice(COMPARE[:6])} {sub()})",
            lambda: f"({sub()} {r.choice(['and', 'or'])} {sub()})",
            lambda: f"a[int({sub()}) % 50]",
            lambda: f"b[int({sub()}), t % 7]",
            lambda: f"({sub()} if {sub()} else {sub()})",
            lambda: call.format(*(sub() for _ in range(2))),
        ]
    )()


def tame_statement(r, depth=0):
    e = lambda: tame(r)  # noqa: E731
    flat = [
        lambda: [f"{r.choice(TAME_TARGETS)} = {e()}"],
        lambda: [f"{r.choice(['x', 'y', 'a[i % 50]'])} {r.choice(BINARY[:3])}= {e()}"],
        lambda: [f"x, y = y, {e()}"],
        lambda: ["s = cuda.shared.array(8, float32)", f"s[t % 8] = {e()}", "x = s[(t + 1) % 8]"],
        lambda: ["cuda.syncwarp()"],
        lambda: ["l = cuda.local.array((2, T), int32)", f"l[1, t % T] = {e()}", "y = l[1, i % T]"],
    ]
    jumps = [lambda: [r.choice(["break", "continue", "return"])]] if depth else []
    nested = [
        lambda: [f"if {e()}:", *tame_block(r, depth), "else:", *tame_block(r, depth)],
        lambda: [f"for q in range(int({e()}) % 5):", *tame_loop(r, depth)],
        lambda: [f"while x < {e()}:", "    x += 1", *tame_loop(r, depth)],
        lambda: ["for q in (1, 2, 3):", "    y += q", *tame_loop(r, depth)],
    ]
    return r.choice(flat * 2 + jumps + (nested * 2 if depth < 3 else []))()


def tame_block(r, depth):
    """Bloque dentro de un «if»: sin break ni continue, que fuera de un ciclo no existen."""
    lines = [line for _ in range(r.randint(1, 3)) for line in tame_statement(r, depth + 1)]
    keep = [line for line in lines if line.strip() not in ("break", "continue")]
    return [f"    {line}" for line in keep or ["pass"]]


def tame_loop(r, depth):
    lines = [line for _ in range(r.randint(1, 3)) for line in tame_statement(r, depth + 1)]
    return [f"    {line}" for line in lines]


PATTERNS = ["1", "0 | 2.5", "_", "q", "q if q > 1", "-1 as q", "None", "(x, y)", "True"]


def statement(r, depth=0):
    target = r.choice(
        [
            "x",
            "y",
            "n",
            "t",
            "a[i]",
            "b[i, 0]",
            "s[t]",
            "x, y",
            "a[1:3]",
            "b[0]",
            "r[0]",
            "r[i].x",
            "v.x",
            "G[0, 0]",
            "b[...]",
        ]
    )
    flat = [
        lambda: [f"{target} = {expression(r)}"],
        lambda: [f"{r.choice(['x', 'a[i]', 's[0]'])} {r.choice(BINARY)}= {expression(r)}"],
        lambda: [
            r.choice(["return", "break", "continue", "pass", "cuda.syncthreads()", "return x"])
        ],
        lambda: [f"{expression(r)}"],
        lambda: ["s = cuda.shared.array(8, float32)"],
        lambda: [f"x = cuda.local.array({r.choice(['3', 'T', 'n', '0', '(2, T)'])}, int32)"],
    ]
    nested = [
        lambda: [f"if {expression(r)}:", *block(r, depth + 1), "else:", *block(r, depth + 1)],
        lambda: [f"for n in range({expression(r)}):", *block(r, depth + 1)],
        lambda: [f"while {expression(r)}:", *block(r, depth + 1)],
        lambda: [
            f"match {expression(r)}:",
            f"    case {r.choice(PATTERNS)}:",
            *(f"    {line}" for line in block(r, depth + 1)),
        ],
        lambda: [f"for q in {r.choice(['a', 'b', 'W', 's', '(1, 2)'])}:", *block(r, depth + 1)],
    ]
    return r.choice(flat + nested if depth < 3 else flat)()


def block(r, depth=0):
    lines = [line for _ in range(r.randint(1, 4)) for line in statement(r, depth)]
    return [f"    {line}" for line in lines]


def random_kernel(seed):
    r = random.Random(seed)
    start = [
        "i = cuda.grid(1)",
        "x = 1",
        "y = 2.0",
        "n = 3",
        "t = cuda.threadIdx.x",
        "r = cuda.local.array(3, REC)",
        "z = complex(1.0, 2.0)",
        "v = cuda.float32x2(1, 2)",
    ]
    if seed % 2:
        rest = tame_loop(r, -1) + tame_loop(r, -1) + tame_loop(r, -1)
    else:
        rest = block(r) + block(r)
    body = [f"    {line}" for line in start] + rest
    return HEADER + "@cuda.jit\ndef k(a, b):\n" + "\n".join(body) + "\n"


def outcome(text):
    """``None`` si corrió, o nuestro error; lo que no sea nuestro se propaga."""
    try:
        kernel = sim.load_source(text, names=GLOBALS)["k"]
        with warnings.catch_warnings(), sim.options(loop_budget=40):
            warnings.simplefilter("ignore", OutOfBoundsWarning)
            kernel[2, 48](np.linspace(-2, 9, 50, dtype=np.float32), np.ones((9, 7), np.float64))
    except UrdimbreError as error:
        return error
    return None


def test_random_kernels_end_in_a_result_or_in_our_error(capsys):
    ran = 0
    for seed in range(FIRST, FIRST + COUNT):
        text = random_kernel(seed)
        try:
            error = outcome(text)
        except Exception as broken:
            raise AssertionError(f"semilla {seed}: {broken!r}\n{text}") from broken
        ran += error is None
        assert not isinstance(error, KernelError) or error.line, f"semilla {seed}\n{text}"
        assert "no pudo seguir" not in str(error), f"semilla {seed}: {error}\n{text}"
    assert COUNT // 5 < ran < COUNT, "el generador ya no da kernels válidos e inválidos"


@pytest.mark.parametrize("name", ["shared", "atomic", "local"])
def test_facade_groups_refuse_unknown_members(name):
    with pytest.raises(AttributeError, match=r"numba\.cuda|simulador"):
        getattr(facade, name).nada  # noqa: B018
