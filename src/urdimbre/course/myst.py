"""De MyST, que es lo que entiende el libro, a Markdown corriente, que es lo que muestra Jupyter.

Cada papel y cada directiva es una fila de una tabla; lo que no está en ella es un error, para que
ningún capítulo llegue al notebook con marcas a la vista.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from urdimbre.errors import CourseError

ROLE = re.compile(r"\{([a-z:-]+)\}`([^`]+)`")
TARGET = re.compile(r"^\([\w-]+\)=\n", re.MULTILINE)
LINK = re.compile(r"\]\(([\w./-]+)\.md(#[\w-]+)?\)")
OPEN = re.compile(r"^(`{3,}|:{3,})\{([a-z:-]+)\}[ ]*(.*)$")
OPTION = re.compile(r"^:([\w-]+):[ ]*(.*)$")
TITLED = re.compile(r"^(.*?)\s*<(.+)>$")


@dataclass(frozen=True)
class Context:
    """Lo que hace falta para resolver referencias.

    Attributes:
        citations: clave -> texto, como ``"Volkov, 2010"``.
        figures: nombre de la figura -> número.
        notebooks: nombres de capítulos que también son notebooks.
    """

    citations: dict[str, str] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)
    notebooks: frozenset[str] = frozenset()


def to_markdown(text: str, context: Context) -> str:
    """Un texto MyST, sin celdas de código, como Markdown corriente.

    Raises:
        CourseError: si usa un papel, una directiva o una referencia que no se conoce.
    """
    lines = _directives(text.split("\n"), context)
    return _inline("\n".join(lines), context)


# --- Dentro de una línea ---------------------------------------------------------------------


def _inline(text: str, context: Context) -> str:
    text = TARGET.sub("", text)
    text = ROLE.sub(lambda match: _role(match[1], match[2], context), text)
    return LINK.sub(lambda match: _link(match[1], match[2] or "", context), text)


def _role(name: str, body: str, context: Context) -> str:
    if name not in ROLES:
        raise CourseError(f"El papel «{name}» no tiene traducción a notebook: {{{name}}}`{body}`")
    return ROLES[name](body, context)


def _cite(body: str, context: Context) -> str:
    keys = [key.strip() for key in body.split(",")]
    unknown = [key for key in keys if key not in context.citations]
    if unknown:
        raise CourseError(f"La cita «{unknown[0]}» no está en book/references.bib.")
    return "(" + "; ".join(context.citations[key] for key in keys) + ")"


def _figure_number(body: str, context: Context) -> str:
    name = body.split("<")[-1].rstrip(">")
    if name not in context.figures:
        raise CourseError(f"No hay una figura llamada «{name}».")
    return f"figura {context.figures[name]}"


def _title(body: str, _context: Context) -> str:
    titled = TITLED.match(body)
    return titled[1] if titled else body


ROLES: dict[str, Callable[[str, Context], str]] = {
    "term": lambda body, context: f"*{_title(body, context)}*",
    "cite": _cite,
    "cite:p": _cite,
    "cite:t": _cite,
    "numref": _figure_number,
    "ref": _title,
    "doc": _title,
    "math": lambda body, _context: f"${body}$",
    "sup": lambda body, _context: f"<sup>{body}</sup>",
    "sub": lambda body, _context: f"<sub>{body}</sub>",
}


def _link(target: str, anchor: str, context: Context) -> str:
    if target in context.notebooks:
        return f"]({target}.ipynb{anchor})"
    return f"](../book/{target}.md{anchor})"


# --- Bloques ---------------------------------------------------------------------------------


def _directives(lines: list[str], context: Context) -> list[str]:
    """Reemplaza cada directiva por lo que se ve en un notebook, también dentro de otra."""
    out, position = [], 0
    while position < len(lines):
        opened = OPEN.match(lines[position])
        end = _closing(lines, position, opened[1] if opened else "")
        if opened:
            body = lines[position + 1 : end]
            out += _directive(opened[2], opened[3], body, context)
        else:
            out += lines[position : end + 1]
        position = end + 1
    return out


def _closing(lines: list[str], start: int, fence: str) -> int:
    """Índice de la línea que cierra lo que empieza en ``start``."""
    plain = re.match(r"^(`{3,})", lines[start])
    fence = fence or (plain[1] if plain else "")
    if not fence:
        return start
    for position in range(start + 1, len(lines)):
        if lines[position].rstrip() == fence:
            return position
    raise CourseError(f"Esta línea abre un bloque que no se cierra: {lines[start]}")


def _directive(name: str, title: str, body: list[str], context: Context) -> list[str]:
    if name not in DIRECTIVES:
        raise CourseError(f"La directiva «{name}» no tiene traducción a notebook.")
    while body and OPTION.match(body[0]):
        body = body[1:]
    return DIRECTIVES[name](title, _directives(body, context))


def _details(title: str, body: list[str]) -> list[str]:
    return ["<details>", f"<summary>{title}</summary>", "", *body, "", "</details>"]


def _note(label: str) -> Callable[[str, list[str]], list[str]]:
    def quoted(title: str, body: list[str]) -> list[str]:
        return [f"> **{title or label}**", ">", *(f"> {line}".rstrip() for line in body)]

    return quoted


def _math(_title: str, body: list[str]) -> list[str]:
    return ["$$", *body, "$$"]


def _code(title: str, body: list[str]) -> list[str]:
    return [f"```{title}", *body, "```"]


DIRECTIVES: dict[str, Callable[[str, list[str]], list[str]]] = {
    "dropdown": _details,
    "note": _note("Nota"),
    "tip": _note("Consejo"),
    "hint": _note("Pista"),
    "warning": _note("Cuidado"),
    "important": _note("Importante"),
    "seealso": _note("Véase también"),
    "admonition": _note("Nota"),
    "math": _math,
    "code-block": _code,
    "code": _code,
}
