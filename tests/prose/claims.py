"""Leer las afirmaciones con cifra de una página: «N veces más…» y cantidades de bytes.

Una cantidad de bytes está respaldada si es una definición, si la dice la fuente que cita su frase,
si sale en lo que imprimen las celdas o en sus datos, o si es de una cuenta cierta de su párrafo
(«a · b = c»). Una razón lo está si es el resultado de una de esas cuentas, el cociente de dos
cifras conocidas que el párrafo nombra («de 4 a 32»), o una razón que una celda imprime como tal.
Lo demás es una cifra sin respaldo.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations

WORDS = {
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
    "diez": 10, "once": 11, "doce": 12, "quince": 15, "dieciséis": 16, "veinte": 20,
    "treinta": 30, "treinta y dos": 32, "cuarenta": 40, "cincuenta": 50, "sesenta y cuatro": 64,
    "cien": 100, "doscientas": 200, "mil": 1000,
}  # fmt: skip
BYTES = {
    "B": 1, "bytes": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
    "KiB": 2**10, "MiB": 2**20, "GiB": 2**30,
}  # fmt: skip

# Lo que mide cada cosa por definición, en bytes: no hace falta contarlo en cada página.
BY_DEFINITION = {
    1: "un byte, y el tamaño de un int8",
    2: "el tamaño de un float16",
    4: "el tamaño de un float32 o un int32",
    8: "el tamaño de un float64 o un int64",
    16: "la carga más ancha de un hilo: cuatro float32",
    32: "el sector de la memoria global",
    128: "treinta y dos palabras de 4 B: lo que un warp pide de una vez",
}
# Los bytes que se leyeron en cada fuente: citarla no respalda otra cifra.
SOURCED = {
    "cudaguide": {
        256: "la alineación de lo que se reserva",
        2**10: "lo que el sistema reserva de cada bloque desde la capacidad 8.0",
        48 * 2**10: "la memoria compartida de un bloque, si no pide más",
        164 * 2**10: "la memoria compartida de un multiprocesador 8.0",
    },
    "h100data": {3350 * 10**9: "el ancho de banda de una H100 SXM, por segundo"},
}
SMALL = 64  # una cifra menor sale en cualquier tabla: que una celda la imprima no dice nada

DIGITS = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
SPOKEN = "|".join(sorted(WORDS, key=len, reverse=True))
RATIO = re.compile(
    rf"(?P<number>\b(?:{DIGITS}|{SPOKEN}))\s+veces\s+"
    r"(?:más|menos|mayor|menor|mejor|peor|tan|lo|la|su|en)\b",
    re.IGNORECASE,
)
DOUBLE = re.compile(r"\bel (?P<number>doble|triple) de (?:rápid|lent|car)", re.IGNORECASE)
SIZE = re.compile(
    rf"(?<![\w,])(?P<number>{DIGITS})[ \u00a0](?P<unit>{'|'.join(BYTES)})(?:/s)?(?!\w)"
)
NEAR = re.compile(r"\b(?:unas|unos|casi|cerca de|alrededor de|más de|menos de|del orden de)\s*$")
SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
CITED = re.compile(r"\{cite\}`([^`]*)`")
POINT = re.compile(r"(?<=\d)\.(?=\d)")
PRINTED = re.compile(r"\d+(?:[.,]\d+)*(?:e[+-]?\d+)?")
# Una razón que se anuncia como tal: «razón: 7,0», «9.1 veces», «| veces lo mínimo | 2,13 |».
# «Pasa 23 veces más» es la cuenta de un hallazgo.
STATED = re.compile(
    rf"(?:raz[oó]n|cociente|veces)[^\d|]*\|?\s*({DIGITS}|\d+\.\d+)"
    rf"|(?<!Pasa )(?<![\d.,])({PRINTED.pattern}) veces"
)
UNIT_WORDS = re.compile(r"\b(?:B|bytes|MB|sectores|elementos|hilos|warps|peticiones)\b")
TERM = r"\(*\d+(?:,\d+)?\)*"
EQUATION = re.compile(rf"(?<![\w,])({TERM}(?:\s*(?://|[·×*/%+−-])\s*{TERM})+)\s*=\s*(\d+(?:,\d+)?)")


@dataclass(frozen=True)
class Paragraph:
    """Lo que un párrafo da para respaldar sus cifras: las cuentas ciertas y las cifras que nombra.

    Attributes:
        results: lo que dan sus cuentas.
        operands: los datos de sus cuentas.
        named: lo que dan sus cuentas y las demás cifras que escribe con dígitos.
    """

    results: tuple[float, ...]
    operands: tuple[float, ...]
    named: tuple[float, ...]


@dataclass(frozen=True)
class Claim:
    """Una cifra que el texto afirma.

    Attributes:
        text: cómo está escrita.
        value: la cifra; los bytes, tal como se leen (``1,5 MB`` vale 1.5).
        unit: la unidad de bytes; vacía en las razones.
        near: si el texto dice «unas», «casi», «más de».
        cited: las fuentes que cita su frase.
        around: lo que da su párrafo.
    """

    text: str
    value: float
    unit: str
    near: bool
    cited: tuple[str, ...]
    around: Paragraph

    @property
    def is_ratio(self) -> bool:
        return not self.unit

    @property
    def amount(self) -> float:
        """La razón, o los bytes."""
        return self.value * BYTES.get(self.unit, 1)

    @property
    def slack(self) -> float:
        """Cuánto puede apartarse, relativo: el redondeo de lo escrito, o más si dice «unas»."""
        if self.near:
            return 0.08
        decimals = len(self.text.partition(",")[2].split(" ")[0]) if "," in self.text else 0
        return max(0.5 * 10.0**-decimals / max(self.value, 1e-9), 1e-9) if decimals else 1e-9


def number(text: str) -> float:
    """El valor de una cifra en español: «1 024», «2,5», «ocho», «doble»."""
    spoken = {"doble": 2, "triple": 3} | WORDS
    clean = text.lower()
    return float(spoken[clean]) if clean in spoken else float(joined(clean).replace(",", "."))


def joined(text: str) -> str:
    """Las cifras sin el espacio de los millares."""
    return SPACES.sub("", text)


def paragraphs(markdown: str) -> list[str]:
    """Los párrafos del texto; cada elemento de una lista es uno."""
    return [part for part in re.split(r"\n\s*\n|\n(?=- |\d+\. )", markdown) if part.strip()]


def plain(text: str) -> str:
    """El texto sin código ni papeles: lo que hay que respaldar."""
    return re.sub(r"\{[\w:-]+\}`[^`]*`|(`+)[^`].*?\1", " ", text, flags=re.DOTALL)


def claims(markdown: str) -> Iterator[Claim]:
    """Las afirmaciones con cifra de un texto sin celdas de código, con una oración por línea."""
    for paragraph in paragraphs(markdown):
        around = _around(paragraph)
        for sentence in paragraph.splitlines():
            cited = tuple(k for keys in CITED.findall(sentence) for k in keys.split(","))
            text = plain(sentence)
            for pattern in (RATIO, DOUBLE, SIZE):
                for match in pattern.finditer(text):
                    yield _claim(match, text, cited, around)


def _claim(match: re.Match, text: str, cited: tuple[str, ...], around: Paragraph) -> Claim:
    return Claim(
        text=" ".join(match.group().split()),
        value=number(match["number"]),
        unit=match.groupdict().get("unit") or "",
        near=bool(NEAR.search(text[: match.start()])),
        cited=cited,
        around=around,
    )


def _around(paragraph: str) -> Paragraph:
    sound = [each for each in equations(paragraph) if _close(each[1], each[2], 0.05)]
    operands = [n for text, _, _ in sound for n in figures(text.partition("=")[0])]
    results = [stated for _, _, stated in sound]
    loose = figures(EQUATION.sub(" ", _without_units(paragraph)))
    return Paragraph(tuple(results), tuple(operands), (*loose, *results))


def equations(markdown: str) -> Iterator[tuple[str, float, float]]:
    """Las cuentas escritas en el texto: ``(cómo se lee, lo que da, lo que el texto dice)``."""
    for paragraph in paragraphs(markdown):
        for match in EQUATION.finditer(_without_units(paragraph)):
            result = _evaluate(match[1])
            if result is not None:
                yield match[0].strip(), result, number(match[2])


def _without_units(paragraph: str) -> str:
    return UNIT_WORDS.sub(" ", joined(plain(paragraph)))


def _evaluate(text: str) -> float | None:
    source = text.replace("·", "*").replace("×", "*").replace("−", "-").replace(",", ".")
    try:
        return float(eval(source.strip(), {"__builtins__": {}}))
    except (SyntaxError, TypeError, ZeroDivisionError):
        return None  # no era una cuenta, sino una lista o un intervalo


def figures(text: str) -> list[float]:
    """Los números de una salida, con punto o con coma decimal."""
    return [float(n.replace(",", ".")) for n in PRINTED.findall(joined(text)) if n.count(",") < 2
            and n.count(".") < 2 and not ("," in n and "." in n)]  # fmt: skip


def is_backed(claim: Claim, outputs: Iterable[str], code: str) -> bool:
    """Si algo respalda la cifra; qué, lo dice el principio de este módulo."""
    outputs = list(outputs)
    read = [n for key in claim.cited for n in SOURCED.get(key, ())]
    found = _for_ratio if claim.is_ratio else _for_size
    return any(_close(n, claim.amount, claim.slack) for n in (*read, *found(claim, outputs, code)))


def _for_ratio(claim: Claim, outputs: list[str], code: str) -> list[float]:
    own, shown = claim.around, [n for text in (*outputs, code) for n in figures(text)]
    known = {*own.operands, *own.results, *shown}
    named = {n for n in own.named if n in known}
    stated = [n for text in outputs for m in STATED.finditer(text) for n in figures(m[1] or m[2])]
    return [*own.results, *stated, *(a / b for a, b in permutations(named, 2) if b)]


def _for_size(claim: Claim, outputs: list[str], code: str) -> list[float]:
    own, scale = claim.around, BYTES[claim.unit]
    if scale == 1 and claim.value in BY_DEFINITION:
        return [claim.value]
    shown = [n for text in (*outputs, code) for n in figures(text) if n >= SMALL]
    spanish = (POINT.sub(",", text) for text in outputs)
    with_unit = [number(m[1]) * BYTES[m[2]] for text in spanish for m in SIZE.finditer(text)]
    return [*shown, *with_unit, *(n * scale for n in (*shown, *own.results, *own.operands))]


def _close(one: float, other: float, slack: float) -> bool:
    return abs(one - other) <= slack * abs(other)
