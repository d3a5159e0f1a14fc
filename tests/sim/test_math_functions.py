"""fp16, libdevice, cmath y las funciones de math con dos resultados, frente a Python."""

import cmath
import math
from fractions import Fraction

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import KernelTypeError, UnsupportedError
from urdimbre.sim.functions.half import BINARY, TESTS, UNARY

HEADER = "from numba import cuda\nimport math\nimport cmath\n"
ALL_HALVES = np.arange(1 << 16, dtype=np.uint16).view(np.float16)


def launched(expression, out, *arrays):
    """``out[i] = expression`` con ``a``, ``b``, ``c`` los elementos de cada arreglo."""
    names = "abc"[: len(arrays)]
    params = ", ".join([*(f"{n}_all" for n in names), "out"])
    body = "".join(f"        {n} = {n}_all[i]\n" for n in names)
    text = (
        f"{HEADER}@cuda.jit\ndef k({params}):\n    i = cuda.grid(1)\n    if i < out.size:\n{body}"
        f"        out[i] = {expression}\n"
    )
    n = out.size
    sim.load_source(text)["k"][-(-n // 128), 128](*arrays, out)
    return out


def nearest_half(x):
    """El float16 más cercano a una fracción, mitades al par."""
    if abs(x) >= 65520:
        return math.copysign(math.inf, x)
    exponent = max(math.frexp(float(abs(x)))[1], -13) - 11
    return float(round(x / Fraction(2) ** exponent) * Fraction(2) ** exponent)


def some_halves(seed, n=4000):
    values = np.random.default_rng(seed).choice(ALL_HALVES, n)
    return np.where(np.isfinite(values), values, np.float16(1))


EXACT = {"hadd": lambda a, b: a + b, "hsub": lambda a, b: a - b, "hmul": lambda a, b: a * b,
         "hdiv": lambda a, b: a / b}  # fmt: skip


@pytest.mark.parametrize("name", sorted(EXACT))
def test_half_arithmetic_rounds_once(name):
    a, b = some_halves(1), some_halves(2)
    b = np.where(b == 0, np.float16(1), b)
    out = launched(f"cuda.fp16.{name}(a, b)", np.zeros(a.size, np.float16), a, b)
    exact = [EXACT[name](Fraction(float(x)), Fraction(float(y))) for x, y in zip(a, b)]
    assert out.tolist() == [nearest_half(x) for x in exact]


def test_half_fma_rounds_once():
    a, b, c = some_halves(3), some_halves(4), some_halves(5)
    # El producto minúsculo decide hacia dónde cae una suma que está justo a la mitad.
    a[:4], b[:4], c[:4] = [1, 6e-8, -6e-8, 32], [1, 6e-8, 6e-8, 32], [2048, 2049, 2049, 0.5]
    out = launched("cuda.fp16.hfma(a, b, c)", np.zeros(a.size, np.float16), a, b, c)
    rows = (tuple(Fraction(float(v)) for v in row) for row in zip(a, b, c))
    assert out.tolist() == [nearest_half(x * y + z) for x, y, z in rows]


@pytest.mark.parametrize(
    ("name", "fn"),
    [("hfloor", math.floor), ("hceil", math.ceil), ("htrunc", math.trunc), ("hrint", round),
     ("habs", abs), ("hneg", lambda x: -x), ("hsqrt", math.sqrt), ("hrcp", lambda x: 1 / x)],
)  # fmt: skip
def test_every_half(name, fn):
    a = ALL_HALVES[np.isfinite(ALL_HALVES) & (ALL_HALVES != 0)]
    a = a[a > 0] if name == "hsqrt" else a
    out = launched(f"cuda.fp16.{name}(a)", np.zeros(a.size, np.float16), a)
    assert out.tolist() == [nearest_half(Fraction(fn(float(x)))) for x in a]


def test_half_comparisons_are_false_with_a_nan_and_extremes_drop_it():
    a = np.array([1, 2, np.nan, np.nan, 3], np.float16)
    b = np.array([1, 3, 1, np.nan, np.nan], np.float16)
    expected = {"heq": [1, 0, 0, 0, 0], "hne": [0, 1, 0, 0, 0], "hlt": [0, 1, 0, 0, 0],
                "hle": [1, 1, 0, 0, 0], "hgt": [0, 0, 0, 0, 0], "hge": [1, 0, 0, 0, 0]}  # fmt: skip
    assert sorted(expected) == sorted(TESTS)
    for name, row in expected.items():
        out = launched(f"cuda.fp16.{name}(a, b)", np.zeros(5, np.int32), a, b)
        assert out.tolist() == row, name
    for name, row in {"hmax": [1, 3, 1, 3], "hmin": [1, 2, 1, 3]}.items():
        out = launched(f"cuda.fp16.{name}(a, b)", np.zeros(5, np.float16), a, b)
        assert out[[0, 1, 2, 4]].tolist() == row
        assert np.isnan(out[3])


@pytest.mark.parametrize(
    ("name", "fn"),
    [("hsin", math.sin), ("hcos", math.cos), ("hexp", math.exp), ("hexp2", math.exp2),
     ("hlog", math.log), ("hlog2", math.log2), ("hlog10", math.log10), ("htanh", math.tanh),
     ("htanh_approx", math.tanh), ("hexp10", lambda x: 10**x),
     ("hrsqrt", lambda x: 1 / math.sqrt(x))],
)  # fmt: skip
def test_half_functions(name, fn):
    a = np.linspace(0.1, 4, 500).astype(np.float16)
    out = launched(f"cuda.fp16.{name}(a)", np.zeros(a.size, np.float16), a)
    expected = np.array([fn(float(x)) for x in a])
    spacing = np.spacing(np.abs(expected).astype(np.float16)).astype(np.float64)
    assert (np.abs(out.astype(np.float64) - expected) <= 0.51 * spacing).all()


def test_the_reference_page_has_32_functions():
    assert len(UNARY) + len(BINARY) + len(TESTS) + 1 == 32


LIBDEVICE = {
    "rsqrt(a)": lambda x: 1 / math.sqrt(x), "exp10f(a)": lambda x: 10**x,
    "fast_sinf(a)": math.sin, "fast_expf(a)": math.exp, "fast_powf(a, 2)": lambda x: x**2,
    "sincosf(a)[1]": math.cos, "sinpi(a)": lambda x: math.sin(math.pi * x),
    "normcdf(a)": lambda x: 0.5 * math.erfc(-x / math.sqrt(2)), "cbrtf(a)": lambda x: x ** (1 / 3),
    "fdim(a, 1.5)": lambda x: max(x - 1.5, 0),
    "remainder(a, 1.3)": lambda x: math.remainder(x, 1.3),
    "modf(a)[1]": math.trunc, "frexp(a)[1]": lambda x: math.frexp(x)[1],
    "ldexpf(a, 3)": lambda x: x * 8, "round(a)": lambda x: math.floor(x + 0.5),
    "float2int_ru(a)": math.ceil, "saturatef(a)": lambda x: min(x, 1),
}  # fmt: skip


@pytest.mark.parametrize("call", sorted(LIBDEVICE))
def test_libdevice_functions(call):
    a = np.linspace(0.25, 3.75, 57)  # con mitades exactas
    a = a.astype(np.float32) if "f(" in call else a
    out = launched(f"cuda.libdevice.{call}", np.zeros(a.size), a)
    expected = [LIBDEVICE[call](float(x)) for x in a]
    np.testing.assert_allclose(out, expected, rtol=3e-7, atol=1e-7 if "f(" in call else 1e-12)


def test_libdevice_integers_and_bits():
    a = np.array([0, 1, -1, 123456789, -(2**31), 2**31 - 1], np.int32)
    for call, fn in {
        "popc(a)": lambda x: bin(x & 0xFFFFFFFF).count("1"),
        "clz(a)": lambda x: 32 - (x & 0xFFFFFFFF).bit_length(),
        "mulhi(a, a)": lambda x: x * x >> 32,
        "hadd(a, 5)": lambda x: (x + 5) >> 1,
        "rhadd(a, 5)": lambda x: (x + 6) >> 1,
        "float_as_int(cuda.libdevice.int_as_float(a))": lambda x: x,
    }.items():
        out = launched(f"cuda.libdevice.{call}", np.zeros(a.size, np.int64), a)
        assert out.tolist() == [fn(x) for x in a.tolist()], call


@pytest.mark.parametrize("t", [np.complex64, np.complex128])
@pytest.mark.parametrize("name", ["exp", "log", "log10", "sqrt", "sin", "cos", "tan", "sinh",
                                  "cosh", "tanh", "asin", "acos", "atan", "asinh", "acosh",
                                  "atanh", "phase"])  # fmt: skip
def test_cmath(name, t):
    parts = np.random.default_rng(8).normal(size=(2, 200))
    z = (parts[0] + 1j * parts[1]).astype(t)
    out = launched(f"cmath.{name}(a)", np.zeros(z.size, np.complex128), z)
    expected = [getattr(cmath, name)(complex(x)) for x in z]
    np.testing.assert_allclose(out, expected, rtol=1e-5 if t == np.complex64 else 1e-13)


def test_complex_arithmetic():
    parts = np.random.default_rng(9).integers(-8, 9, (2, 64))
    z = (parts[0] + 1j * parts[1]).astype(np.complex64)
    call = "(a * a + complex(a.imag, a.real) - a.conjugate() * 2j) + abs(a * a.conjugate())"
    out = launched(call, np.zeros(z.size, np.complex128), z)
    expected = [
        w * w + complex(w.imag, w.real) - w.conjugate() * 2j + abs(w * w.conjugate())
        for w in z.tolist()
    ]
    np.testing.assert_allclose(out, expected, rtol=1e-6)
    out = launched("cmath.rect(cmath.polar(a)[0], cmath.polar(a)[1])", out, z)
    np.testing.assert_allclose(out, z, atol=1e-5)


def test_pairs_of_math():
    a = np.array([0.0, -0.75, 1.5, -1234.5, 1e-310, math.inf])
    for call, fn in {
        "math.frexp(a)[0] * 1000 + math.frexp(a)[1]": lambda x: (
            math.frexp(x)[0] * 1000 + math.frexp(x)[1]
        ),
        "math.modf(a)[0]": lambda x: math.modf(x)[0],
        "math.modf(a)[1]": lambda x: math.modf(x)[1],
        "math.ldexp(a, 3)": lambda x: math.ldexp(x, 3),
        "math.remainder(a, 0.4)": lambda x: math.remainder(x, 0.4) if x < 1e308 else math.nan,
    }.items():
        out = launched(call, np.zeros(a.size), a)
        np.testing.assert_array_equal(out, [fn(x) for x in a.tolist()], err_msg=call)


@pytest.mark.parametrize("t", [np.float32, np.float64])
@pytest.mark.parametrize("digits", [0, 2, 5, 15, -2])
def test_round_to_digits_is_that_of_numba(t, digits):
    # La versión de CUDA calcula siempre en float64 y pasa por un int64.
    numba = pytest.importorskip("numba")
    reference = numba.njit(lambda x: round(x, digits))
    a = np.r_[np.random.default_rng(2).normal(0, 300, 300), 2.675, 0.125, -250, np.nan]
    a = a.astype(t)
    out = launched(f"round(a, {digits})", np.zeros(a.size, t), a)
    np.testing.assert_array_equal(out, np.array([reference(float(x)) for x in a], t))


def test_round_to_digits_saturates_as_cvt_rni_s64():
    # PTX de round(a, 2): mul.f64, cvt.rni.s64.f64, cvt.rn.f64.s64, div.rn.f64.
    assert launched("round(a, 2)", np.zeros(1), np.array([1e300])) == float(2**63) / 100


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        ("cuda.libdevice.j0(a)", UnsupportedError, "libdevice"),
        ("cuda.fp16.hadd(a)", KernelTypeError, "2 argumentos"),
        ("complex(a > 0)", KernelTypeError, "complex no admite bool"),
        ("abs(complex(a, a) // 2)", KernelTypeError, "no admite complex128"),
        ("int(complex(a, a))", KernelTypeError, "complejo"),
        ("math.cbrt(a)", KernelTypeError, "cbrt"),
    ],
)
def test_what_does_not_compile(call, error, text):
    with pytest.raises((error, UnsupportedError), match=text):
        launched(call, np.zeros(3), np.ones(3))
