"""Preguntas sobre el texto de lo entregado, sin ejecutarlo."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap

from urdimbre.exercises.spec import Case, Exercise


def function_node(source: str) -> ast.FunctionDef | None:
    """La primera función del texto, o ``None`` si no se puede leer."""
    try:
        tree = ast.parse(textwrap.dedent(source))
    except SyntaxError:
        return None
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return next(nodes, None)


def text_of(obj: object) -> str:
    """El código de un kernel o de una función; vacío si no está disponible."""
    source = getattr(obj, "source", None)
    if isinstance(source, str):
        return source
    try:
        return inspect.getsource(obj)
    except (OSError, TypeError):
        return ""


def parameters(source: str) -> tuple[str, ...] | None:
    """Los nombres de los parámetros, o ``None`` si no se conocen."""
    node = function_node(source)
    return None if node is None else tuple(arg.arg for arg in node.args.args)


def argument_names(exercise: Exercise, case: Case) -> tuple[str, ...]:
    """Los nombres de los argumentos de un caso, según la ficha."""
    return case.names or parameters(f"{exercise.signature} pass") or ()


def is_stub(source: str) -> bool:
    """Si la función conserva el ``raise NotImplementedError()`` con que se entrega."""
    node = function_node(source)
    return node is not None and any(map(_not_implemented, ast.walk(node)))


def _not_implemented(node: ast.AST) -> bool:
    if not isinstance(node, ast.Raise) or node.exc is None:
        return False
    target = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return isinstance(target, ast.Name) and target.id == "NotImplementedError"


def error_message(source: str) -> str:
    """El primer error de sintaxis del texto, en español y con su línea; vacío si no hay."""
    try:
        ast.parse(source)
    except SyntaxError as error:
        return _syntax_message(error)
    except ValueError:
        return "El texto contiene caracteres que Python no admite."
    except (RecursionError, MemoryError):
        return "El código tiene demasiados niveles anidados para leerlo."
    return ""


def _syntax_message(error: SyntaxError) -> str:
    shown = (error.text or "").strip()[:100]
    if not error.lineno:
        return "El texto no es Python válido."
    if shown.startswith(("%", "!")):
        return f"Línea {error.lineno}: quita de la solución los comandos de Jupyter.\n    {shown}"
    return f"Línea {error.lineno}: no es Python válido{_reason(error)}.\n    {shown}".rstrip()


# Lo que dice Python, en español. Lo que no está aquí se queda sin motivo.
REASONS = (
    (r"expected ':'", "falta «:»"),
    (r"'(.)' was never closed", "no se cerró «{0}»"),
    (r"unmatched '(.)'", "sobra «{0}»"),
    (r"does not match opening", "un paréntesis o corchete se cierra con otro distinto"),
    (r"Maybe you meant '==' ", "para comparar se usa «==»"),
    (r"expected an indented block", "falta sangrar la línea, o está vacío lo de arriba"),
    (r"unexpected indent", "sobra sangría"),
    (r"unindent does not match", "la sangría no coincide con la de ninguna línea de arriba"),
    (r"inconsistent use of tabs", "se mezclan tabuladores y espacios en la sangría"),
    (r"unterminated", "un texto entre comillas no se cerró"),
    (
        r"non-printable character (\S+)",
        "hay un carácter invisible ({0}); escribe de nuevo la línea",
    ),
    (r"invalid character '(.)'", "el carácter «{0}» no es de Python; quizá vino al copiar y pegar"),
    (r"forgot a comma", "quizá falta una coma"),
)


# Lo que se escribe por costumbre de otro lenguaje, que Python no sabe explicar.
HABITS = (
    (r"__\w+__ void|\bvoid\b|^\s*(int|float|double) \w+", "parece C o C++; escribe Python"),
    (r"\+\+", "Python no tiene «++»; usa «+= 1»"),
    (r"--\s*$", "Python no tiene «--»; usa «-= 1»"),
    (r"&&", "Python no tiene «&&»; escribe «and»"),
    (r"\|\|", "Python no tiene «||»; escribe «or»"),
    (r"\belse if\b", "«else if» se escribe «elif»"),
    (r"!\s*[\w(]", "Python no tiene «!»; escribe «not»"),
)


def _reason(error: SyntaxError) -> str:
    """El motivo, si es de los conocidos, tras dos puntos."""
    for pattern, text in HABITS:
        if re.search(pattern, error.text or ""):
            return f": {text}"
    for pattern, text in REASONS:
        found = re.search(pattern, error.msg or "")
        if found:
            return f": {text.format(*found.groups())}"
    return ""


def definition(source: str, symbol: str) -> str:
    """El texto de la última función ``symbol`` del nivel superior; vacío si no está."""
    found = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == symbol
    ]
    return ast.get_source_segment(source, found[-1]) or "" if found else ""


def defines(source: str, symbol: str) -> bool:
    """Si el texto define ``symbol`` en el nivel superior, con ``def`` o con una asignación."""
    assigned = {
        target.id
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return symbol in assigned or bool(definition(source, symbol))


WANTED = {
    "kernel": "un kernel llamado «{}», definido",
    "function": "una función llamada «{}», definida",
}
DECORATED = "Línea {}: encima de «{}» dice «@{}», y debe decir «@cuda.jit»."


def why_absent(source: str, symbol: str, subject: str) -> str:
    """Por qué el texto no define lo que se pide: qué hay en su lugar, y en qué línea."""
    tree = ast.parse(source)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for node in (node for node in functions if node.name == symbol):
        if not node.decorator_list:
            return f"Línea {node.lineno}: a «{symbol}» le falta @cuda.jit encima del «def»."
        wrong = node.decorator_list[0]
        return DECORATED.format(wrong.lineno, symbol, ast.unparse(wrong))
    wanted = f"Se esperaba {WANTED[subject].format(symbol)} al margen izquierdo."
    return f"{_instead(tree, functions, symbol)}{wanted}"


def _instead(tree: ast.Module, functions: list[ast.FunctionDef], symbol: str) -> str:
    if not tree.body:
        return "La celda está vacía. "
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == symbol:
            return f"Línea {node.lineno}: «{symbol}» está dentro de otra cosa. "
    if functions:
        return f"Línea {functions[0].lineno}: hay «{functions[0].name}», pero no «{symbol}». "
    return ""
