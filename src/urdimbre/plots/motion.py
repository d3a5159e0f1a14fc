"""Figuras por pasos, para lo que se entiende en movimiento: se avanza a mano, sin JavaScript.

Cada paso es un botón de radio con su imagen; CSS muestra solo la del botón marcado. Sirve igual en
Jupyter, en el libro y en un teléfono, se maneja con las flechas del teclado, y donde el HTML se
limpia (un *notebook* que no es de confianza, una impresión) quedan todas las imágenes, en orden.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from io import BytesIO

from matplotlib.figure import Figure

COLORS = 64  # los que tiene una figura de casillas, con los intermedios de las letras
DPI = 160

_STYLE = """
.urdimbre-steps {{position: relative; max-width: 40rem; margin: 1rem auto; text-align: center}}
.urdimbre-steps > input {{position: absolute; opacity: 0; pointer-events: none}}
.urdimbre-steps figure {{display: none; margin: 0; text-align: center}}
.urdimbre-steps img {{max-width: 100%; height: auto; background: #fff; padding: 4px}}
.urdimbre-steps figcaption {{margin: .3rem 0 .6rem}}
.urdimbre-steps nav {{display: flex; justify-content: center; align-items: center; gap: .7rem}}
.urdimbre-steps nav label, .urdimbre-steps nav span {{min-width: 6.5rem; padding: .45rem .6rem}}
.urdimbre-steps nav label {{border: 1px solid #8c8c8c; border-radius: .3rem; cursor: pointer}}
.urdimbre-steps nav label {{user-select: none; -webkit-user-select: none}}
.urdimbre-steps > input:focus-visible ~ figure nav label {{outline: 2px solid #0072B2}}
{shown}
@media print {{
  .urdimbre-steps figure {{display: block; break-inside: avoid}}
  .urdimbre-steps nav {{display: none}}
}}"""


class Steps:
    """Una secuencia de imágenes que se recorre con *anterior* y *siguiente*.

    Attributes:
        images: los PNG, todos con la misma medida.
        captions: lo que pasa en cada paso.
        alt: qué muestra la secuencia entera.
    """

    def __init__(self, images: Sequence[bytes], captions: Sequence[str], alt: str) -> None:
        self.images, self.captions, self.alt = tuple(images), tuple(captions), alt
        self._group = "u" + hashlib.sha256(b"".join(self.images)).hexdigest()[:10]

    def __repr__(self) -> str:
        return "\n".join(f"{i}. {text}" for i, text in enumerate(self.captions, 1))

    def _repr_html_(self) -> str:
        last = range(len(self.images))
        return (
            f'<div class="urdimbre-steps" role="group" aria-label="{escape(self.alt)}">'
            f"<style>{_STYLE.format(shown=' '.join(map(self._rule, last)))}</style>"
            f"{''.join(map(self._button, last))}{''.join(map(self._frame, last))}</div>"
        )

    def _rule(self, i: int) -> str:
        return f"#{self._group}-{i}:checked ~ .{self._group}-{i} {{display: block}}"

    def _button(self, i: int) -> str:
        checked = "" if i else " checked"
        name = f"Paso {i + 1} de {len(self.images)}"
        return (
            f'<input type="radio" name="{self._group}" id="{self._group}-{i}" '
            f'aria-label="{name}"{checked}>'
        )

    def _frame(self, i: int) -> str:
        caption = escape(self.captions[i])
        image = base64.b64encode(self.images[i]).decode("ascii")
        return (
            f'<figure class="{self._group}-{i}">'
            f'<img src="data:image/png;base64,{image}" alt="{escape(self.alt)} {caption}">'
            f"<figcaption>{caption}</figcaption><nav>{self._move(i - 1, '‹ anterior')}"
            f"<span>{i + 1} de {len(self.images)}</span>{self._move(i + 1, 'siguiente ›')}"
            "</nav></figure>"
        )

    def _move(self, i: int, text: str) -> str:
        """Lleva al paso ``i``; después del último vuelve al primero, y al revés."""
        return f'<label for="{self._group}-{i % len(self.images)}">{text}</label>'


def steps(figures: Sequence[Figure], captions: Sequence[str], alt: str) -> Steps:
    """Una figura por pasos.

    Args:
        figures: un dibujo por paso, todos del mismo tamaño.
        captions: una frase por paso.
        alt: texto alternativo de la secuencia; el de cada imagen le agrega su frase.

    Raises:
        ValueError: si no hay pasos, si falta alguna frase o si los tamaños no son iguales.
    """
    if not figures or len(figures) != len(captions):
        raise ValueError("Da una frase por figura, y al menos una figura.")
    if len({tuple(figure.get_size_inches()) for figure in figures}) > 1:
        raise ValueError("Las figuras de una secuencia deben tener el mismo tamaño.")
    return Steps([_png(figure) for figure in figures], captions, alt)


def _png(figure: Figure) -> bytes:
    """La imagen con pocos colores: pesa cinco veces menos y no se nota."""
    from PIL import Image

    raw, light = BytesIO(), BytesIO()
    figure.savefig(raw, format="png", dpi=DPI)
    picture = Image.open(raw).convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
    picture.save(light, format="png", optimize=True)
    return light.getvalue()
