"""Unidad 11: la atención, de la matriz entera a FlashAttention con cabezas agrupadas."""

from __future__ import annotations

from urdimbre.exercises.spec import Exercise, Limit, Tolerance
from urdimbre.exercises.u11_cases import (
    GROUP_ROWS,
    HEAD,
    KEYS,
    ROWS,
    THREADS,
    TILE,
    causal_cases,
    flash_cases,
    group_cases,
    naive_cases,
    scores_cases,
)
from urdimbre.exercises.u11_statements import (
    CAUSAL_HINTS,
    CAUSAL_TEXT,
    FLASH_HINTS,
    FLASH_TEXT,
    GQA_HINTS,
    GQA_TEXT,
    NAIVE_HINTS,
    NAIVE_TEXT,
    SCORES_HINTS,
    SCORES_TEXT,
)

UNIT = "u11_attention"
PREAMBLE = "import numpy as np\nfrom numba import cuda\n"
WITH_MATH = f"import math\n\n{PREAMBLE}"
FLASH_PREAMBLE = f"{WITH_MATH}\nHEAD = {HEAD}\nROWS = {ROWS}\nKEYS = {KEYS}"

SINGLE = Limit(
    "double_operations",
    "medida",
    most=0,
    why="Un literal como 0.25, 1.0 o -math.inf es float64 y arrastra la cuenta entera a ese tipo. "
    "En una tarjeta, eso cuesta muchas veces más: usa np.float32(...).",
)
NO_CONFLICTS = Limit(
    "bank_conflicts",
    "medida",
    most=0,
    why="Si todo el warp lee la misma casilla de la tesela, no hay fila. Si cada hilo lee su "
    "propia fila de 16 números, los 32 caen en dos bancos: cambia el orden de los ejes.",
)
WEIGHTED = Tolerance(
    rtol=2.0**-21,
    atol=1.5e-4,
    why="|s| no pasa de 16: 17 redondeos de 2^-24 en el producto punto mueven el puntaje hasta "
    "1,6e-5, y la resta y la exponencial, unas 50 · 2^-24 más: cada peso se mueve 2e-5, "
    "relativo. Un promedio de valores menores que 2 se mueve 2 · 2 · 2e-5, más unas 200 sumas y "
    "correcciones: 200 · 2^-24 · 2 · 2. Total: 1,3e-4, redondeado hacia arriba. En el caso enorme "
    "los puntajes son exactos y solo queda el redondeo de lse, relativo",
)

_SCORES_SECTORS = 16 * 2 * TILE * HEAD * 4 // 32
SCORES = Exercise(
    id="attention_scores",
    unit=UNIT,
    title="Los puntajes de la atención",
    statement=SCORES_TEXT,
    hints=SCORES_HINTS,
    symbol="attention_scores",
    signature="def attention_scores(q, k, scale, s):",
    preamble=f"{PREAMBLE}\nHEAD = {HEAD}\nTILE = {TILE}\nPADDED = HEAD + 1",
    cases=scores_cases,
    tolerance=Tolerance(
        rtol=2.0**-22,
        atol=2e-5,
        why="16 productos menores que 4, con sumas parciales menores que 64: "
        "16 · 64 · 2^-24, por la escala de 1/4, y 16 · 4 · 2^-24: 1,7e-5",
    ),
    limits=(
        Limit(
            "global_load_sectors",
            "medida",
            most=_SCORES_SECTORS,
            why="Son 16 bloques y cada uno lee dos teselas de 16 filas de 64 B: 32 sectores cada "
            "una, 1024 en total. Leer q y k directamente, sin tesela, cuesta más de 30 000: "
            "hilos vecinos leen filas distintas de k.",
        ),
        Limit(
            "bank_conflicts",
            "medida",
            most=2 * 128,
            why="Con filas de 16, bajar por una columna de la tesela manda los 16 hilos a dos "
            "bancos: ocho turnos por lectura, más de 14 000 de más. Con filas de 17 no hay fila al "
            "leer, y llenar cuesta a lo sumo dos turnos de más en cada uno de los 128 warps, "
            "porque dos filas ocupan 33 palabras.",
        ),
        SINGLE,
    ),
    size="unas 18 líneas",
)

NAIVE = Exercise(
    id="attention_naive",
    unit=UNIT,
    title="La atención ingenua, en tres kernels",
    statement=NAIVE_TEXT,
    hints=NAIVE_HINTS,
    symbol="attention_scores",
    signature="def attention_scores(q, k, scale, s):",
    more_signatures=("def softmax_rows(s, p):", "def weighted_values(p, v, out):"),
    preamble=f"{WITH_MATH}\nHEAD = {HEAD}\nTILE = {TILE}\nPADDED = HEAD + 1\nTHREADS = {THREADS}",
    cases=naive_cases,
    tolerance=WEIGHTED,
    limits=(
        Limit(
            "global_load_sectors",
            "medida",
            most=40_000,
            why="Con 96 consultas y 96 claves: los puntajes, 36 bloques de 64 sectores, 2304; el "
            "softmax, tres pasadas de 12 sectores por fila, 3456; el promedio, 2 sectores de p y "
            "2 de v por clave y warp, 48 · 96 · 4 = 18 432. Un solo hilo por fila en el softmax "
            "suma 96 · 3 · 96 = 27 648, y los puntajes sin tesela, 82 944.",
        ),
        SINGLE,
    ),
    size="unas 55 líneas entre los tres",
)

FLASH = Exercise(
    id="flash_attention_forward",
    unit=UNIT,
    title="FlashAttention, hacia adelante",
    statement=FLASH_TEXT,
    hints=FLASH_HINTS,
    symbol="flash_attention_forward",
    signature="def flash_attention_forward(q, k, v, scale, out, lse):",
    preamble=FLASH_PREAMBLE,
    cases=flash_cases,
    tolerance=WEIGHTED,
    limits=(
        Limit(
            "global_load_sectors",
            "medida",
            most=4096,
            why="Con 128 posiciones, q cuesta hasta 2048 sectores y las de claves y valores, "
            "1024. El máximo es lo que costaría leer dos veces una matriz de 128 × 128, como hace "
            "la atención ingenua. Leer las claves y los valores sin tesela pasa de 18 000.",
        ),
        NO_CONFLICTS,
        SINGLE,
    ),
    size="unas 40 líneas",
)

_CAUSAL_BYTES = 128 * HEAD * 4 + (2 + 4) * KEYS * 2 * HEAD * 4
CAUSAL = Exercise(
    id="flash_attention_causal",
    unit=UNIT,
    title="FlashAttention con máscara causal",
    statement=CAUSAL_TEXT,
    hints=CAUSAL_HINTS,
    symbol="flash_attention_causal",
    signature="def flash_attention_causal(q, k, v, scale, out, lse):",
    preamble=FLASH_PREAMBLE,
    cases=causal_cases,
    tolerance=WEIGHTED,
    limits=(
        Limit(
            "global_load_bytes",
            "medida",
            most=_CAUSAL_BYTES,
            why="Con 128 posiciones, los dos bloques ven 2 y 4 teselas de claves y valores: "
            "6 · 32 · 128 B, más los 8192 B de q. Cargar las 4 en los dos bloques son 8192 B más.",
        ),
        NO_CONFLICTS,
        SINGLE,
    ),
    size="cinco o seis líneas más que el anterior",
)

_GROUP_BYTES = 2 * 8 * 96 * HEAD * 4 + 3 * 2 * 2 * 96 * 2 * HEAD * 4
GQA = Exercise(
    id="attention_gqa",
    unit=UNIT,
    title="Lotes, cabezas y cabezas agrupadas",
    statement=GQA_TEXT,
    hints=GQA_HINTS,
    symbol="attention_gqa",
    signature="def attention_gqa(q, k, v, scale, out, lse):",
    preamble=f"{WITH_MATH}\nHEAD = {HEAD}\nROWS = {GROUP_ROWS}\nKEYS = {KEYS}",
    cases=group_cases,
    tolerance=WEIGHTED,
    limits=(
        Limit(
            "global_load_bytes",
            "medida",
            most=_GROUP_BYTES,
            why="Son 12 bloques y cada uno lee 96 claves y 96 valores de 64 B una vez, para sus "
            "cuatro cabezas: 147 456 B, más los 98 304 B de q. Cargarlos por cabeza son cuatro "
            "veces los primeros.",
        ),
        NO_CONFLICTS,
        SINGLE,
    ),
    size="las mismas líneas que flash_attention_forward",
)

EXERCISES = (SCORES, NAIVE, FLASH, CAUSAL, GQA)
