"""Las preguntas de tipos: funciones pequeñas, con los tipos de argumentos con que se prueban.

Una plantilla se pregunta con todos los tipos escalares (``a``), o con todos los pares (``a, b``).
Un programa se pregunta con los tipos que declara en su primera línea. La respuesta es el tipo que
la función devuelve, o ``-`` si no compila.
"""

from __future__ import annotations

from textwrap import dedent

DTYPES = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
CAST_NAMES = ("bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
              "float16", "float32", "float64", "complex64", "complex128")  # fmt: skip
OPERATORS = ("+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
LITERALS = ("2", "2.5", "True", "-3", "1099511627776", "2j")
PAIR_MATH = ("atan2", "copysign", "fmod", "hypot", "ldexp", "nextafter", "pow", "remainder", "gcd")
UNARY_MATH = (
    "acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "ceil", "cos", "cosh", "degrees",
    "erf", "erfc", "exp", "exp2", "expm1", "fabs", "factorial", "floor", "frexp", "gamma",
    "isfinite", "isinf", "isnan", "isqrt", "lgamma", "log", "log10", "log1p", "log2", "modf",
    "radians", "sin", "sinh", "sqrt", "tan", "tanh", "trunc",
)  # fmt: skip

FULL = "0xFFFFFFFF"
# Funciones de CUDA de un valor: bits, warps y barreras que cuentan.
CUDA_UNARY = (
    *(f"cuda.{fn}(a)" for fn in ("popc", "clz", "brev", "ffs", "cbrt", "syncthreads_count",
                                 "syncthreads_and", "syncthreads_or", "syncwarp")),
    *(f"cuda.{fn}({FULL}, a, 1)" for fn in ("shfl_sync", "shfl_up_sync", "shfl_down_sync",
                                            "shfl_xor_sync")),
    *(f"cuda.{fn}({FULL}, a)" for fn in ("any_sync", "all_sync", "eq_sync", "ballot_sync",
                                         "match_any_sync", "match_all_sync")),
    "cuda.ballot_sync(a, True)", "cuda.selp(True, a, a)", "cuda.fma(a, a, a)",
)  # fmt: skip
CUDA_PAIRS = ("cuda.selp(True, a, b)", "cuda.fma(a, b, a)", f"cuda.shfl_sync({FULL}, a, b)")

# Varias líneas: cómo se juntan los caminos. ``{b}`` es el otro valor.
JOINS = {
    "si y no": "if a != a:\n    x = a\nelse:\n    x = {b}\nreturn x",
    "solo si": "x = {b}\nif a != a:\n    x = a\nreturn x",
    "ternario": "return a if a == a else {b}",
    "dos return": "if a != a:\n    return a\nreturn {b}",
    "acumular": "s = {b}\nfor i in range(3):\n    s += a\nreturn s",
    "acumular producto": "s = {b}\nfor i in range(3):\n    s = s * a\nreturn s",
    "dividir": "s = {b}\nwhile s != s:\n    s /= a\nreturn s",
    "reemplazar": "s = {b}\nwhile a != a:\n    s = a\nreturn s",
    "break": "s = {b}\nwhile a == a:\n    if a != a:\n        s = a\n        break\n"
    "    s = {b}\nreturn s",
    "continue": "s = {b}\nfor i in range(4):\n    if i == 2:\n        s = a\n        continue\n"
    "    s = s\nreturn s",
    "cambiar de tipo": "x = a\nx = {b}\nreturn x",
    "dos pasos": "x = {b}\ny = {b}\nfor i in range(3):\n    x = y\n    y = a\nreturn x",
}


def expressions(other: str) -> list[str]:
    """Todo lo que se hace con ``a`` y otro valor, en una expresión."""
    rows = [f"a {op} {other}" for op in (*OPERATORS, *COMPARISONS, "and", "or")]
    return rows + [f"min(a, {other})", f"max(a, {other})"]


def pair_templates() -> dict[str, str]:
    """Nombre -> cuerpo, con ``a`` y ``b`` de todos los pares de tipos."""
    rows = expressions("b") + [f"math.{fn}(a, b)" for fn in PAIR_MATH]
    rows += [
        *CUDA_PAIRS,
        "pow(a, b)",
        "divmod(a, b)",
        "max(a, b, a)",
        "(a, b)",
        "a < b < a",
        "a + b * a",
    ]
    out = {row: f"return {row}" for row in rows}
    out |= {f"a {op}= b": f"a {op}= b\nreturn a" for op in OPERATORS}
    out |= {f"{name}: a, b": body.format(b="b") for name, body in JOINS.items()}
    out["range(a, b)"] = "while True:\n    for i in range(a, b):\n        return i"
    return out


def single_templates() -> dict[str, str]:
    """Nombre -> cuerpo, con ``a`` de todos los tipos."""
    rows = ["-a", "+a", "~a", "not a", "abs(a)", "int(a)", "float(a)", "bool(a)", "complex(a)",
            "round(a)", "round(a, 2)", "a", "(a,)", "a + a", "a * a + a", "a is None"]  # fmt: skip
    rows += [f"np.{name}(a)" for name in CAST_NAMES] + [f"math.{fn}(a)" for fn in UNARY_MATH]
    rows += CUDA_UNARY
    for literal in LITERALS:
        rows += expressions(literal)
        rows += [f"{literal} {op} a" for op in (*OPERATORS, *COMPARISONS, "and", "or")]
        rows += [f"math.pow(a, {literal})", f"min({literal}, a)"]
    out = {row: f"return {row}" for row in rows}
    for literal in LITERALS:
        named = {f"{name}: a, {literal}": text for name, text in JOINS.items()}
        out |= {name: text.format(b=literal) for name, text in named.items()}
    out["range(a)"] = "while True:\n    for i in range(a):\n        return i"
    out["range(0, a, 2)"] = "while True:\n    for i in range(0, a, 2):\n        return i"
    return out


def function_text(body: str, names: str) -> str:
    """El cuerpo, como función ``f``."""
    return f"def f({names}):\n" + "\n".join(f"    {line}" for line in body.splitlines()) + "\n"


def programs() -> dict[str, tuple[tuple[str, ...], str]]:
    """Texto -> (tipos de los argumentos, texto completo); separados por una línea ``# tipos``."""
    out = {}
    for piece in dedent(PROGRAMS).strip().split("\n\n"):
        header, _, text = piece.partition("\n")
        types = tuple(header.removeprefix("#").split())
        out[piece] = (types, text + "\n")
    return out


# Los arreglos se escriben ``f4[2]``: elementos float32, dos dimensiones, orden C.
PROGRAMS = """
# f4[1]
def f(a): return a[0]

# i1[1]
def f(a): return a[0]

# i1[1]
def f(a): return a[0] + a[1]

# u1[1]
def f(a): return a[0] * a[0]

# u1[1]
def f(a): return 255 - a[0]

# f4[1]
def f(a): return a[0] * 2

# f4[1]
def f(a): return a[0] * 2.0

# f4[1]
def f(a): return 1 / a[0]

# f4[1]
def f(a): return a.shape

# f4[2]
def f(a): return a.shape

# f4[2]
def f(a): return a.shape[0]

# f4[2]
def f(a): return a.shape[1] * 2

# f4[2]
def f(a): return len(a)

# f4[1]
def f(a): return a.size

# f4[1]
def f(a): return a.ndim

# f4[2]
def f(a): return a[0].ndim

# f4[2]
def f(a): return a[0, 1]

# f4[2]
def f(a): return a[0][1]

# f4[3]
def f(a): return a[0][1, 2]

# f4[3]
def f(a): return a[0, 1].shape

# f4[1]
def f(a): return a[1:3][0]

# f4[2]
def f(a): return a[:, 0].shape

# f4[2]
def f(a): return a[1:, :2].shape

# f4[1] f4
def f(a, x): return a[x]

# f4[1] f4
def f(a, x): return a[math.floor(x)]

# f4[1] f4
def f(a, x): return a[int(x)]

# f4[1] u1
def f(a, x): return a[x]

# f4[1] b1
def f(a, x): return a[x]

# f4[1]
def f(a): return a[0, 0]

# f4[2] i4 i8
def f(a, i, j): return a[i, j]

# f4[2] i4 f8
def f(a, i, j): return a[i, j]

# f4[1] f8
def f(a, x): a[0] = x

# i4[1] f8
def f(a, x): a[0] = x

# u1[1] i8
def f(a, x): a[0] = x

# f4[1] c16
def f(a, x): a[0] = x

# c8[1] f4
def f(a, x): a[0] = x

# b1[1] i8
def f(a, x): a[0] = x

# f4[1] i4
def f(a, i):
    a[i] += 1
    return a[i]

#
def f(): return cuda.grid(1)

#
def f(): return cuda.grid(2)

#
def f(): return cuda.grid(3)

#
def f():
    x, y = cuda.grid(2)
    return y

#
def f(): return cuda.gridsize(1)

#
def f(): return cuda.gridsize(2)

#
def f(): return cuda.threadIdx.x

#
def f(): return cuda.blockIdx.y

#
def f(): return cuda.blockDim.x

#
def f(): return cuda.gridDim.z

#
def f(): return cuda.laneid

#
def f(): return cuda.activemask()

#
def f(): return cuda.lanemask_lt()

#
def f(): return cuda.threadfence()

#
def f(): return cuda.threadfence_block()

#
def f(): return cuda.syncwarp()

#
def f(): return cuda.popc(7)

#
def f(): return cuda.clz(7)

#
def f(): return cuda.popc(cuda.activemask())

#
def f(): return cuda.popc(cuda.ballot_sync(-1, True)) + 1

# f4
def f(x): return cuda.shfl_down_sync(-1, x, 16) + x

# i4 i4
def f(x, y): return cuda.match_all_sync(-1, x)[1]

#
def f(): return cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x

#
def f(): return cuda.blockDim.x // 2

#
def f(): return cuda.threadIdx.x / 2

#
def f(): return cuda.threadIdx.x < 16

# f4
def f(x): return cuda.threadIdx.x * x

# f4
def f(x):
    i = cuda.threadIdx.x
    while i > 0:
        i //= 2
    return i

#
def f():
    i = cuda.threadIdx.x
    i = i + 1
    return i

#
def f():
    x = 0
    for i in range(cuda.threadIdx.x, 10, cuda.blockDim.x):
        x = i
    return x

#
def f(): return cuda.shared.array(32, np.float32)[0]

#
def f(): return cuda.shared.array((4, 5), np.int64).shape

#
def f(): return cuda.shared.array(0, np.float64)[1]

#
def f(): return cuda.local.array(3, np.int8)[2]

#
def f(): return cuda.local.array((2, 2), np.float64)[0, 1]

#
def f(): return cuda.shared.array(cuda.blockDim.x, np.float32)[0]

# i4
def f(n): return cuda.shared.array(n, np.float32)[0]

#
def f(): return cuda.shared.array(2 * 4, np.float32)[0]

#
def f(): return cuda.shared.array(8, "float32")[0]

#
def f(): return cuda.shared.array(shape=8, dtype=np.uint16)[2]

#
def f():
    s = cuda.shared.array(8, np.float32)
    s[0] = 1
    cuda.syncthreads()
    return s[0]

# i4[1] i4
def f(a, v): return cuda.atomic.add(a, 0, v)

# f4[1] f8
def f(a, v): return cuda.atomic.add(a, 0, v)

# f8[2] i4
def f(a, v): return cuda.atomic.add(a, (0, 1), v)

# i4[1] f4
def f(a, v): return cuda.atomic.max(a, 0, v)

# i2[1] i2
def f(a, v): return cuda.atomic.add(a, 0, v)

# u8[1] u8
def f(a, v): return cuda.atomic.min(a, 0, v)

# f2[1] f2
def f(a, v): return cuda.atomic.add(a, 0, v)

# f4[1] f4
def f(a, v): return cuda.atomic.nanmax(a, 0, v)

# i4[1] i4
def f(a, v): return cuda.atomic.and_(a, 0, v)

# f4[1] f4
def f(a, v): return cuda.atomic.or_(a, 0, v)

# u4[1] u4
def f(a, v): return cuda.atomic.inc(a, 0, v)

# i4[1] i4
def f(a, v): return cuda.atomic.inc(a, 0, v)

# i4[1] i4
def f(a, v): return cuda.atomic.exch(a, 0, v)

# f4[1] f4
def f(a, v): return cuda.atomic.exch(a, 0, v)

# i4[1] i4
def f(a, v): return cuda.atomic.cas(a, 0, v, v)

# f4[1] f4
def f(a, v): return cuda.atomic.cas(a, 0, v, v)

# i8[1] i8
def f(a, v): return cuda.atomic.compare_and_swap(a, v, v)

# f4[1] f4
def f(a, v): return cuda.atomic.sub(a, 0, v)

# i4[1] i4
def f(a, v): return cuda.atomic.add(a[0], 0, v)

#
def f(): return cuda.syncthreads()

# i4 f4
def f(a, b):
    t = (a, b)
    return t[1]

# i4 f4 i4
def f(a, b, i):
    t = (a, b)
    return t[i]

# i4 i4 i4
def f(a, b, i):
    t = (a, b)
    return t[i]

# i4 i8 i4
def f(a, b, i):
    t = (a, b)
    return t[i]

# i4
def f(i):
    t = (1, 2, 3)
    return t[i]

# i4
def f(i):
    t = (1, 2.5)
    return t[1]

# i4
def f(i):
    t = (1.5, 2.5)
    return t[i]

# i4 f4
def f(a, b):
    t = (a, b)
    x, y = t
    return y

# i4 f4
def f(a, b):
    a, b = b, a
    return a

# i4 f4
def f(a, b):
    (x, y), z = (a, b), 1
    return y

# i4 f4
def f(a, b): return len((a, b, a))

# i4 f4
def f(a, b): return (a, b)[-1]

# i4 f4
def f(a, b):
    t = ((a, b), a)
    return t[0]

# i4 i4
def f(a, b): return (a, b) + (b,)

# i4 i4
def f(a, b): return (a, b) == (b, a)

# i4 i4
def f(a, b):
    s = 0
    for x in (a, b):
        s = x
    return s

# i4 f4
def f(a, b):
    s = 0
    for x in (a, b):
        s = x
    return s

# i4 f4
def f(a, b):
    if a > 0:
        t = (a, b)
    else:
        t = (b, a)
    return t

# i4 f4
def f(a, b):
    if a > 0:
        t = a
    else:
        t = (b, a)
    return a

# i4 f4
def f(a, b):
    if a > 0:
        t = a
    else:
        t = (b, a)
    return t

# i4
def f(a):
    if a > 0:
        return a

# i4
def f(a):
    if a > 0:
        return
    a = 1

# i4
def f(a):
    if a > 0:
        x = 1
    return x

# i4
def f(a):
    if a > 0:
        x = np.float32(1)
    return x

# i4
def f(a):
    for i in range(a):
        pass
    return i

# i4
def f(a):
    x = None
    return a

# i4
def f(a): return None

# i4
def f(a): pass

# i4
def f(a): return undefined_name

# i4
def f(a): return math.pi * a

# f4
def f(a): return math.pi * a

# f4
def f(a): return np.float32(math.pi) * a

# f4
def f(a): return np.pi + a

# f4
def f(a): return math.inf if a > 0 else a

# f4
def f(a): return np.nan

# f4
def f(a):
    s = np.float32(0)
    for i in range(4):
        s += a * a
    return s

# f4
def f(a):
    s = np.float32(0)
    for i in range(4):
        s += a * 2
    return s

# f4
def f(a):
    s = 0
    for i in range(4):
        s += a
    return s

# f4
def f(a):
    s = 0.0
    for i in range(4):
        s += a
    return s

#
def f():
    s = np.int32(0)
    for i in range(4):
        s += 1
    return s

#
def f():
    s = np.int32(0)
    s += 1
    return s

#
def f():
    s = np.int32(0)
    while s < 4:
        s = np.int32(s + 1)
    return s

# u4
def f(x): return x * 1664525 + 1013904223

# u4
def f(x): return np.uint32(x * np.uint32(1664525) + np.uint32(1013904223))

# u8
def f(x): return x ^ (x >> np.uint64(12))

# u8
def f(x): return x ^ (x >> 12)

# i4
def f(x): return 1 << x

# i4
def f(x): return x & 1 == 0

# i4
def f(x): return x // 2 * 2 != x

# f4
def f(x): return x ** 2

# f4
def f(x): return x ** 0.5

# f4
def f(x): return x ** -1

# i4
def f(x): return x ** 2

# i4
def f(x): return 2 ** x

# i4
def f(x): return x ** -1

# f4
def f(x): return -x if x < 0 else x

# f4
def f(x): return max(x, 0)

# f4
def f(x): return max(x, np.float32(0))

# i4 i4 f4
def f(x, y, z): return max(x, y, z)

# i4
def f(x): return min(max(x, 0), 255)

# i8 i4
def f(x, y): return min(x, y)

# f4
def f(x): return math.sqrt(x) + math.sin(x)

# f4
def f(x): return math.exp(-x) / (1 + math.exp(-x))

# f4
def f(x): return math.floor(x) + 1

# f4
def f(x): return int(math.floor(x))

# f4
def f(x): return int(x) % 2

# f4
def f(x): return np.int32(x) % np.int32(2)

# f4
def f(x): return 1e-6 + x

# i4 i4
def f(x, y): return x < y and y > 0

# i4 i4
def f(x, y): return x or y

# i4 f4
def f(x, y): return x and y

# i4 f4
def f(x, y): return not x or not y

# i4
def f(x): return 0 <= x < 10

# i4
def f(x):
    i = 0
    while True:
        if i > x:
            break
        i += 1
    return i

# i4
def f(x):
    i = x
    while i > 0:
        i -= 1
    else:
        i = 2.5
    return i

# i4
def f(x):
    for i in range(x):
        if i == 3:
            break
    else:
        return 1
    return i

# i4
def f(x):
    for i, j in enumerate(range(x)):
        x = j
    return x

# i4
def f(x): return [x, x]

# i4
def f(x): return [i for i in range(3)]

# i4
def f(x): return {1: x}

# i4
def f(x): return np.zeros(3)

# i4
def f(x):
    try:
        return x
    except Exception:
        return 0

# i4
def f(x):
    with x:
        return x

# i4
def f(x): return (y := x)

# i4
def f(x): yield x

# i4
def f(x):
    del x

# i4
def f(x): return f"{x}"

# i4
def f(x): return x.real

# i4
def f(x): return x.nada

# f4[1]
def f(a): return a.nada

# f4[1]
def f(a): return a()

# f4
def f(x):
    if True:
        y = x
    else:
        y = 2.5
    return y

# f4
def f(x):
    if 0:
        y = 2.5
    else:
        y = x
    return y

# f4
def f(x): return x if True else 2.5

# f4
def f(x):
    while True:
        x = 2.5
        break
    return x

# f4
def f(x):
    while False:
        x = 2.5
    return x

# f4 i4
def f(x, i):
    for k in range(4):
        y = x
        x = i
    return y

# f4 i4
def f(x, i):
    for k in range(4):
        x = i
        if k == 2:
            continue
        x = 1
    return x

# f4 i4
def f(x, i):
    while i > 0:
        while i > 5:
            x = i
            break
        i -= 1
    return x

# i4
def f(i):
    k = i
    for k in range(4):
        pass
    return k

# i4
def f(i):
    for k in range(4):
        k = k * 2.5
    return k

# i4
def f(i):
    return i
    x = 1.5
    return x

# i4
def f(i):
    while i > 0:
        return 2.5
    return i

# f4
def f(x): return x[0]

# f4
def f(x): return x(1)

# f4
def f(x): return len(x)

# f4
def f(x): return np.sqrt(x)

# f4
def f(x): return math.sqrt(x, x)

# f4
def f(x): return math.sqrt()

# f4
def f(x): return math.nada(x)

# f4
def f(x): return cuda.nada(x)

# f4
def f(x): return sorted(x)

# f4
def f(x): return sum((x, x))

# f4
def f(x): return float("1.5")

# f4
def f(x): return x is x

# i4 i4
def f(x, y):
    x = y = 2.5
    return x

# i4
def f(x):
    y: float = x
    return y

# i4
def f(x):
    assert x > 0
    return x

# i4
def f(x):
    if x > 0:
        raise ValueError
    return x

# i4
def f(x):
    a, b, c = 1, 2
    return a

# i4
def f(x):
    a, *b = 1, 2, 3
    return a

# i4
def f(x): return 9223372036854775807

# i4
def f(x): return 9223372036854775808

# i4
def f(x): return 18446744073709551616

# i4
def f(x): return x + 9223372036854775808

# i4
def f(x): return -x ** 2

# i4
def f(x): return ~x & 0xFF

# i4
def f(x): return x @ x

# f4
def f(x): return x if x else None

# i4 i4
def f(x, y): return x == y == 2

# i4
def f(x): return x in (1, 2)

# f4[2]
def f(a):
    n, m = a.shape
    return n * m

# f4[2] i4
def f(a, i):
    row = a[i]
    return row[0]

# f4[2] i4
def f(a, i):
    for x in a:
        i = x[0]
    return i

# f4[1] i4
def f(a, i):
    for x in a:
        i = x
    return i

# f4[1]
def f(a):
    a[1:3] = 0.0
    return a[0]

# f4[1]
def f(a): return a[-1]

# f4[1]
def f(a): return a[True]

# f4[1]
def f(a): return a[None][0, 0]

# f4[2]
def f(a): return a[..., 0][1]

# f4[2]
def f(a): return a.T[0, 0]

# f4[1]
def f(a): return a.sum()
"""
