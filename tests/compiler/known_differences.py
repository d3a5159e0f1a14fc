"""Dónde el simulador se aparta a sabiendas de la inferencia real, y por qué.

Una fila dice con qué pregunta y por qué; ``test_inferred_types`` exige que siga siendo cierta:
una diferencia que desaparece se borra de aquí.
"""

from __future__ import annotations

INEXACT_RANGE = "Numba acepta límites reales o booleanos y los trunca; aquí es un error que se dice"
MIXED_RANGE = "int32 con uint64: Numba elige int32 o uint64 según el orden"
DEAD_LOOP = "Numba poda el ciclo (la condición solo compara constantes) y no tipa su cuerpo"
DIVIDE = "Numba rechaza «/=» entre enteros; aquí también, aunque el otro camino sea real"

PAIRS = {
    "range(a, b)": f"{INEXACT_RANGE}; {MIXED_RANGE}",
    "dividir: a, b": DIVIDE,
}
SINGLES = {
    "dividir: a, 2": DEAD_LOOP,
    "dividir: a, 2.5": DEAD_LOOP,
    "dividir: a, True": DEAD_LOOP,
    "dividir: a, -3": DEAD_LOOP,
    "dividir: a, 1099511627776": DEAD_LOOP,
}
# Aquí Numba convierte sin avisar un real, un complejo o un bool en el entero que hace falta
# (``popc(2.7)`` cuenta los bits de ``int8(2)``). El simulador lo rechaza: solo eso puede diferir.
STRICTER = (
    "cuda.popc(a)", "cuda.clz(a)", "cuda.brev(a)", "cuda.syncwarp(a)",
    "cuda.shfl_sync(0xFFFFFFFF, a, b)", "range(a)", "range(0, a, 2)",
)  # fmt: skip
# Por el cuerpo del programa, sin su línea de tipos.
PROGRAMS = {
    "def f(a):\n    if a > 0:\n        return a": "sin opcionales: sin valor, no hay garantía",
    "def f(x):\n    for i, j in enumerate(range(x)):\n        x = j\n    return x": (
        "enumerate de range: el elemento es int64"
    ),
    "def f(x): return (y := x)": "la expresión de asignación: falta",
    "def f(x): return np.sqrt(x)": "sin controlador, el compilador no resuelve ufuncs escalares",
    'def f(x): return float("1.5")': "convertir textos: falta",
    "def f(x): return x is x": "is entre números: se rechaza, casi siempre es un error",
    "def f(x): return x if x else None": "sin opcionales",
    "def f(a): return a.sum()": "métodos de arreglos: faltan",
}
