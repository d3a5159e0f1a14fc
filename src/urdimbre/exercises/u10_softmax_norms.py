"""Unidad 10: softmax, normas y fusiones, fila por fila."""

from __future__ import annotations

from urdimbre.exercises.spec import Exercise, Limit, Tolerance
from urdimbre.exercises.u10_cases import (
    BLOCK,
    COLUMNS,
    ROWS,
    bias_gelu_cases,
    cross_entropy_cases,
    layernorm_cases,
    rmsnorm_cases,
    softmax_online_cases,
    softmax_stable_cases,
)
from urdimbre.exercises.u10_statements import (
    BIAS_GELU_HINTS,
    BIAS_GELU_TEXT,
    CROSS_ENTROPY_HINTS,
    CROSS_ENTROPY_TEXT,
    LAYERNORM_HINTS,
    LAYERNORM_TEXT,
    RMSNORM_HINTS,
    RMSNORM_TEXT,
    SOFTMAX_ONLINE_HINTS,
    SOFTMAX_ONLINE_TEXT,
    SOFTMAX_STABLE_HINTS,
    SOFTMAX_STABLE_TEXT,
)
from urdimbre.reference.softmax_norms import IGNORE

UNIT = "u10_softmax_norms"
PREAMBLE = f"import math\n\nimport numpy as np\nfrom numba import cuda\n\nBLOCK = {BLOCK}"
WITH_LOWEST = f"{PREAMBLE}\nLOWEST = np.float32(-np.inf)"
_ROW_SECTORS = ROWS * COLUMNS * 4 // 32  # leer o escribir una vez toda la matriz medida

SINGLE = Limit(
    "double_operations",
    "medida",
    most=0,
    why="Un literal como 1.0 es float64, y un float32 con un entero de 64 bits también lo da: uno "
    "solo arrastra el resto de la cuenta a la aritmética de doble precisión.",
)
WRITTEN_ONCE = Limit(
    "global_store_sectors",
    "medida",
    most=_ROW_SECTORS,
    why=f"Escribir una vez {ROWS} filas de {COLUMNS} float32 son {_ROW_SECTORS} sectores. "
    "Quien deja un resultado a medias en out y vuelve por él escribe el doble, y quien no junta a "
    "los hilos vecinos en columnas vecinas, ocho veces más.",
)


def _reads(times: int, why: str, spare: int = 0) -> Limit:
    """Leer la matriz medida ``times`` veces, y ``spare`` sectores más por fila."""
    most = times * _ROW_SECTORS + spare * ROWS
    return Limit("global_load_sectors", "medida", most=most, why=why)


def _halves(reductions: int) -> Limit:
    most = ROWS * 48 * reductions
    return Limit(
        "shared_load_requests",
        "medida",
        most=most,
        why="Reducir por mitades cuesta, por bloque, unas 20 lecturas de warp por tesela. "
        "Si un solo hilo recorre las 128 casillas, son 128.",
    )


SOFTMAX_STABLE = Exercise(
    id="softmax_stable",
    unit=UNIT,
    title="Softmax de filas con relleno",
    statement=SOFTMAX_STABLE_TEXT,
    hints=SOFTMAX_STABLE_HINTS,
    symbol="softmax_stable",
    signature="def softmax_stable(x, lengths, out):",
    preamble=WITH_LOWEST,
    cases=softmax_stable_cases,
    tolerance=Tolerance(
        rtol=6e-5,
        atol=1e-37,
        why="el redondeo de x - m pesa 104 · 2^-24, porque más abajo exp da cero; exp, 4 · 2^-24; "
        "eso dos veces, más 521 sumas en cualquier orden y 3 redondeos: 740 · 2^-24 = 4,4e-5",
    ),
    limits=(
        _reads(
            4,
            f"Tres lecturas de las {ROWS} filas son {3 * _ROW_SECTORS} sectores, y se admite una "
            "de más. Con un hilo por fila, los vecinos leen filas distintas y son ocho veces más.",
        ),
        WRITTEN_ONCE,
        _halves(2),
        SINGLE,
    ),
    size="unas 35 líneas",
)


SOFTMAX_ONLINE = Exercise(
    id="softmax_online",
    unit=UNIT,
    title="Softmax en dos lecturas",
    statement=SOFTMAX_ONLINE_TEXT,
    hints=SOFTMAX_ONLINE_HINTS,
    symbol="softmax_online",
    signature="def softmax_online(x, out):",
    preamble=WITH_LOWEST,
    cases=softmax_online_cases,
    tolerance=Tolerance(
        rtol=4e-4,
        atol=1e-37,
        why="como en softmax_stable, 219 · 2^-24, y además cada una de las 1031 sumas puede llevar "
        "un reescalado (exp y producto): 6 · 1031 · 2^-24; juntos, 6405 · 2^-24 = 3,8e-4",
    ),
    limits=(
        _reads(
            2,
            f"Dos lecturas de las {ROWS} filas son {2 * _ROW_SECTORS} sectores. "
            "Buscar primero el máximo y sumar después son tres lecturas.",
        ),
        WRITTEN_ONCE,
        _halves(3),
        SINGLE,
    ),
    size="unas 35 líneas",
)


LAYERNORM = Exercise(
    id="layernorm",
    unit=UNIT,
    title="Norma de capa con una sola lectura",
    statement=LAYERNORM_TEXT,
    hints=LAYERNORM_HINTS,
    symbol="layernorm",
    signature="def layernorm(x, gain, bias, eps, out):",
    preamble=PREAMBLE,
    cases=layernorm_cases,
    tolerance=Tolerance(
        rtol=2.0**-19,
        atol=1e-3,
        why="con media 4000, ningún valor pasa por más de 13 redondeos hasta la media, que se "
        "aparta 13 · 4010 · 2^-24 = 3,1e-3; dividido por una desviación de 5,7 y por 1,5 de "
        "gain, 8,2e-4; el resto de la cuenta redondea menos de 32 veces, 2^-19 relativo",
    ),
    limits=(
        _reads(
            3,
            f"Leer una vez la matriz son {_ROW_SECTORS} sectores, y cada fila lee además gain y "
            "bias. Volver a la memoria global por la fila cuesta una matriz más cada vez.",
            spare=4,
        ),
        WRITTEN_ONCE,
        _halves(2),
        SINGLE,
    ),
    size="unas 35 líneas",
)


RMSNORM = Exercise(
    id="rmsnorm",
    unit=UNIT,
    title="Norma RMS con shuffles",
    statement=RMSNORM_TEXT,
    hints=RMSNORM_HINTS,
    symbol="rmsnorm",
    signature="def rmsnorm(x, gain, eps, out):",
    preamble=f"{PREAMBLE}\nWARPS = BLOCK // 32\nFULL = 0xFFFFFFFF",
    cases=rmsnorm_cases,
    tolerance=Tolerance(
        rtol=2e-5,
        why="521 sumas positivas en cualquier orden se apartan 521 · 2^-24, y la raíz lo deja en "
        "la mitad; con los cuadrados, el cociente y los productos, 270 · 2^-24 = 1,6e-5",
    ),
    limits=(
        _reads(
            2,
            f"Leer una vez la matriz son {_ROW_SECTORS} sectores, y cada fila lee además gain. "
            "Volver a la memoria global por la fila cuesta una matriz más.",
        ),
        WRITTEN_ONCE,
        Limit(
            "barriers",
            "medida",
            most=3 * ROWS,
            why="Con shuffles bastan una o dos barreras por bloque. Sumar por mitades en memoria "
            "compartida pide ocho.",
        ),
        SINGLE,
    ),
    size="unas 22 líneas",
)


BIAS_GELU = Exercise(
    id="bias_gelu_fused",
    unit=UNIT,
    title="Sesgo y GELU en un solo kernel",
    statement=BIAS_GELU_TEXT,
    hints=BIAS_GELU_HINTS,
    symbol="bias_gelu_fused",
    signature="def bias_gelu_fused(x, bias, out):",
    preamble=f"{PREAMBLE}\nINV_SQRT2 = np.float32(0.70710678)",
    cases=bias_gelu_cases,
    tolerance=Tolerance(
        rtol=2.0**-20,
        atol=1e-5,
        why="con |v| menor que 21, redondear v y v / sqrt(2) pesa 21 · 2^-23 en el resultado, y "
        "los 2 ulp de erf, 21 · 2^-23 más: 42 · 2^-23 = 5,0e-6. La forma con tanh se aparta "
        "hasta 4,7e-4",
    ),
    limits=(
        _reads(
            2,
            f"Leer x y, en cada fila, bias son {2 * _ROW_SECTORS} sectores. "
            "Releer la suma desde out es una matriz más.",
        ),
        WRITTEN_ONCE,
        SINGLE,
    ),
    size="unas 5 líneas",
)


CROSS_ENTROPY = Exercise(
    id="cross_entropy",
    unit=UNIT,
    title="La pérdida, sin probabilidades",
    statement=CROSS_ENTROPY_TEXT,
    hints=CROSS_ENTROPY_HINTS,
    symbol="cross_entropy",
    signature="def cross_entropy(x, labels, loss):",
    preamble=f"{WITH_LOWEST}\nIGNORE = {IGNORE}",
    cases=cross_entropy_cases,
    tolerance=Tolerance(
        rtol=2.0**-22,
        atol=5e-5,
        why="el redondeo de x - m y el de exp pesan 108 · 2^-24 en d, y hasta 16 reescalados, "
        "6 · 16 · 2^-24; con log y las dos sumas, 216 · 2^-24 = 1,3e-5. Sumar log(d) a 10 000 "
        "se aparta hasta 4,9e-4",
    ),
    limits=(
        _reads(
            1,
            f"Leer una vez la matriz son {_ROW_SECTORS} sectores; la etiqueta y su logit, de dos a "
            "ocho más por fila. Buscar primero el máximo y sumar después es leerla dos veces.",
            spare=8,
        ),
        Limit(
            "global_store_requests",
            "medida",
            most=ROWS,
            why="Cada fila deja un solo número: basta con que lo escriba un hilo.",
        ),
        _halves(3),
        SINGLE,
    ),
    size="unas 40 líneas",
)


EXERCISES = (
    SOFTMAX_STABLE,
    SOFTMAX_ONLINE,
    LAYERNORM,
    RMSNORM,
    BIAS_GELU,
    CROSS_ENTROPY,
)
