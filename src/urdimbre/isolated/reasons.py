"""Lo que dice Python cuando una función falla, en español; lo que no está queda como lo dice él."""

from __future__ import annotations

# Clase del error, qué trae su mensaje y cómo se cuenta.
REASONS: tuple[tuple[str, str, str], ...] = (
    ("NameError", r"name '(\w+)'", "el nombre «{0}» no está definido"),
    ("UnboundLocalError", r"'(\w+)'", "la variable «{0}» se usa antes de darle un valor"),
    ("ZeroDivisionError", "", "división entre cero"),
    ("ModuleNotFoundError", r"'([\w.]+)'", "no se puede importar «{0}»"),
    ("RecursionError", "", "la función se llama a sí misma sin terminar"),
    ("IndexError", "", "un índice pasa del final"),
    ("KeyError", "(.*)", "no existe la clave {0}"),
    (
        "TypeError",
        r"takes (\d+) positional arguments? but (\d+)",
        "los parámetros no cuadran: espera {0} y recibe {1}",
    ),
    (
        "TypeError",
        r"missing \d+ required positional",
        "recibe más parámetros de los que se le pasan",
    ),
    ("AttributeError", r"has no attribute '(\w+)'", "lo que hay a la izquierda no tiene «{0}»"),
)
