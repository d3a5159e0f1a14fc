"""``argparse`` en español: la ayuda, los títulos y los errores."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from typing import Any, NoReturn

# Lo que argparse dice al fallar -> cómo se dice aquí. Los grupos pasan tal cual.
ERRORS = (
    (r"the following arguments are required: (.+)", r"falta: \1"),
    (r"unrecognized arguments: (.+)", r"no se entiende: \1"),
    (r"argument (.+?): expected one argument", r"\1: falta su valor"),
    (r"argument (.+?): expected at least one argument", r"\1: falta al menos un valor"),
    (r"argument (.+?): expected (\d+) arguments", r"\1: necesita \2 valores"),
    (r"argument (.+?): ignored explicit argument (.+)", r"\1: no lleva valor, y se le dio \2"),
    (
        r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)",
        r"\1: \2 no es una opción; las que hay son \3",
    ),
    (r"argument (.+?): invalid int value: (.+)", r"\1: \2 no es un número entero"),
    (r"argument (.+?): invalid (\w+) value: (.+)", r"\1: \3 no es válido"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1: no va junto con \2"),
    (r"ambiguous option: (.+?) could match (.+)", r"\1 puede ser \2: escríbela completa"),
    (r"argument (.+?): (.+)", r"\1: \2"),
)


def in_spanish(message: str) -> str:
    """El mensaje de error de argparse, en español."""
    for pattern, spanish in ERRORS:
        if re.fullmatch(pattern, message, re.DOTALL):
            return re.sub(pattern, spanish, message, flags=re.DOTALL)
    return message


def integer_or(**words: str) -> Callable[[str], int | str]:
    """Lee un entero, o una de esas palabras, que vale lo que dice la tabla."""

    def read(text: str) -> int | str:
        try:
            return words.get(text) or int(text)
        except ValueError:
            spoken = " ni ".join(f"«{word}»" for word in words)
            raise argparse.ArgumentTypeError(
                f"«{text}» no es un número entero ni {spoken}"
            ) from None

    return read


class SpanishFormatter(argparse.RawDescriptionHelpFormatter):
    """«uso:» en lugar de «usage:», y los nombres largos en la misma línea que su ayuda."""

    def __init__(self, prog: str, **options: Any):
        super().__init__(prog, **{"max_help_position": 32} | options)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "uso: " if prefix is None else prefix)


class SpanishParser(argparse.ArgumentParser):
    """Un ``ArgumentParser`` cuya ayuda y cuyos errores están en español."""

    def __init__(self, *arguments: Any, **options: Any):
        options = {"formatter_class": SpanishFormatter, "allow_abbrev": False} | options
        super().__init__(*arguments, **options, add_help=False)
        self._positionals.title, self._optionals.title = "argumentos", "opciones"
        self.add_argument("-h", "--help", action="help", help="muestra esta ayuda y termina")

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {in_spanish(message)}\n")
