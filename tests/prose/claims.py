"""Leer las afirmaciones con cifra de una página: «N veces más…» y cantidades de bytes.

Una cifra está respaldada si el párrafo cita su fuente, si sale en lo que imprimen las celdas de la
página, si una de sus celdas la escribe como dato, o si el texto la deriva con una cuenta («a · b =
c») que es cierta. Lo demás es una cifra sin respaldo.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

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

# Lo que mide cada cosa por definición: no hace falta contarlo en cada página.
BY_DEFINITION = {
    1: "un byte, y el tamaño de un int8",
    2: "el tamaño de un float16",
    4: "el tamaño de un float32 o un int32",
    8: "el tamaño de un float64 o un int64",
    16: "la carga más ancha de un hilo: cuatro float32",
    32: "el sector de la memoria global",
    128: "treinta y dos palabras de 4 B: lo que un warp pide de una vez",
}

DIGITS = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
SPOKEN = "|".join(sorted(WORDS, key=len, reverse=True))
RATIO = re.compile(
    rf"(?P<number>\b(?:{DIGITS}|{SPOKEN}))\s+veces\s+"
    r"(?:más|menos|mayor|menor|mejor|peor|tan|lo que|lo necesario)\b",
    re.IGNORECASE,
)
DOUBLE = re.compile(r"\bel (?P<number>doble|triple) de (?:rápid|lent|car)", re.IGNORECASE)
SIZE = re.compile(
    rf"(?<![\w,])(?P<number>{DIGITS})[ \u00a0](?P<unit>{'|'.join(BYTES)})(?:/s)?(?!\w)"
)
NEAR = re.compile(r"\b(?:unas|unos|casi|cerca de|alrededor de|más de|menos de|del orden de)\s*$")
SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
# Una línea que anuncia un cociente: «razón: 7,0», «9.1 veces», una columna «ventaja».
STATED = re.compile(r"raz[oó]n|veces|ventaja|cociente|entre sí|×", re.IGNORECASE)
PRINTED = re.compile(r"\d+(?:[.,]\d+)*(?:e[+-]?\d+)?")
UNIT_WORDS = re.compile(r"\b(?:B|bytes|sectores|elementos|hilos|warps|peticiones)\b")
TERM = r"\(*\d+(?:,\d+)?\)*"
EQUATION = re.compile(rf"(?<![\w,])({TERM}(?:\s*(?://|[·×*/%+−-])\s*{TERM})+)\s*=\s*(\d+(?:,\d+)?)")


@dataclass(frozen=True)
class Claim:
    """Una cifra que el texto afirma.

    Attributes:
        text: cómo está escrita.
        value: la cifra; los bytes, tal como se leen (``1,5 MB`` vale 1.5).
        scale: por cuánto se multiplica para dar bytes; 1 en las razones.
        is_ratio: si es «N veces más».
        near: si el texto dice «unas», «casi», «más de».
        cited: si su párrafo cita una fuente.
    """

    text: str
    value: float
    scale: int = 1
    is_ratio: bool = False
    near: bool = False
    cited: bool = False

    @property
    def slack(self) -> float:
        """Cuánto puede apartarse, relativo: el redondeo de lo escrito, o más si dice «unas»."""
        if self.near:
            return 0.15
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


def plain(paragraph: str) -> str:
    """El párrafo sin código ni papeles: lo que hay que respaldar."""
    return re.sub(r"\{[\w:-]+\}`[^`]*`|(`+)[^`].*?\1", " ", paragraph, flags=re.DOTALL)


def claims(markdown: str) -> Iterator[Claim]:
    """Las afirmaciones con cifra de un texto sin celdas de código."""
    for paragraph in paragraphs(markdown):
        cited, text = "{cite}`" in paragraph, plain(paragraph)
        for pattern in (RATIO, DOUBLE, SIZE):
            for match in pattern.finditer(text):
                yield _claim(match, text, cited)


def _claim(match: re.Match, text: str, cited: bool) -> Claim:
    unit = match.groupdict().get("unit")
    return Claim(
        text=" ".join(match.group().split()),
        value=number(match["number"]),
        scale=BYTES.get(unit, 1),
        is_ratio=unit is None,
        near=bool(NEAR.search(text[: match.start()])),
        cited=cited,
    )


def equations(markdown: str) -> Iterator[tuple[str, float, float]]:
    """Las cuentas escritas en el texto: ``(cómo se lee, lo que da, lo que el texto dice)``."""
    for paragraph in paragraphs(markdown):
        clean = UNIT_WORDS.sub(" ", joined(plain(paragraph)))
        for match in EQUATION.finditer(clean):
            result = _evaluate(match[1])
            if result is not None:
                yield match[0].strip(), result, number(match[2])


def derived(markdown: str) -> list[float]:
    """Lo que aparece en las cuentas del texto que son ciertas: sus datos y su resultado."""
    sound = [text for text, got, said in equations(markdown) if _close(got, said, 0.05)]
    return [n for text in sound for n in figures(text)]


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


def is_backed(claim: Claim, outputs: Iterable[str], code: str, derived: Iterable[float]) -> bool:
    """Si algo respalda la cifra: una cita, una definición, una salida, un dato o una cuenta."""
    if claim.cited or (not claim.is_ratio and claim.value * claim.scale in BY_DEFINITION):
        return True
    if claim.is_ratio:
        return _close_to_any(derived, claim) or any(_has_ratio(text, claim) for text in outputs)
    known = [*derived, *figures(code), *(n for text in outputs for n in figures(text))]
    return any(_close(n, w, claim.slack) for n in known for w in (claim.value, _bytes(claim)))


def _bytes(claim: Claim) -> float:
    return claim.value * claim.scale


def _close_to_any(known: Iterable[float], claim: Claim, least: float = 0.0) -> bool:
    return any(_close(one, claim.value, max(claim.slack, least)) for one in known)


def _has_ratio(output: str, claim: Claim) -> bool:
    """Si la salida dice esa razón, o si dos números de una fila o de una columna la tienen."""
    lines = [line for line in output.splitlines() if figures(line)]
    said = [n for line in lines if STATED.search(line) for n in figures(line)]
    rows = [figures(line) for line in lines]
    columns = [list(column) for column in zip_longest(*rows)]
    return _close_to_any(said, claim) or any(
        _close_to_any(_quotients(values), claim, 0.02) for values in (*rows, *columns)
    )


def _quotients(values: Iterable[float | None]) -> Iterator[float]:
    """Los cocientes de cada par, el mayor entre el menor."""
    present = sorted({n for n in values if n})
    return (b / a for k, a in enumerate(present) for b in present[k + 1 :])


def _close(one: float, other: float, slack: float) -> bool:
    return abs(one - other) <= slack * abs(other)
