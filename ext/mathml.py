"""Fórmulas en MathML, escritas al construir: se leen sin conexión y sin JavaScript."""

from __future__ import annotations

import re

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)

# Lo que el conversor escribe -> lo que el navegador necesita para espaciarlo bien.
CORRECTIONS = (
    (re.compile(r"<mo>(&#x0221E;|[a-z]{2,})</mo>"), r"<mi>\1</mi>"),  # ∞, max, log: no son signos
    (re.compile(r"<mi>(&#x02032;)</mi>"), r"<mo>\1</mo>"),  # la prima no es una letra
    # Un menos detrás de otro signo, que no sea el cierre de un paréntesis, es el de un negativo.
    (
        re.compile(r"(?<!&#x00029;)(?<!&#x0005D;)(</mo>)<mo>(&#x02212;)</mo>"),
        r'\1<mo form="prefix">\2</mo>',
    ),
)
# En una fórmula aparte, el subíndice de un máximo va debajo.
UNDER = re.compile(r"<msub>(<mi>(?:max|min)</mi><mrow>(?:(?!mrow).)*</mrow>)</msub>")
# Lo que el conversor deja como texto: una orden que no conoce, o la marca de columnas que ignora.
UNKNOWN = re.compile(r"\\[A-Za-z]+|<mi>&</mi>")


def mathml(tex: str, display: str, node: nodes.Node) -> str:
    """La fórmula en MathML; lo que no se entiende es una advertencia, con su lugar."""
    try:
        text = convert(tex.strip(), display=display)
    except Exception as error:
        logger.warning("La fórmula «%s» no se entiende: %s", tex, error, location=node)
        return ""
    for command in UNKNOWN.findall(text):
        logger.warning("La fórmula «%s» usa %s, que no se conoce.", tex, command, location=node)
    for pattern, replacement in CORRECTIONS:
        text = pattern.sub(replacement, text)
    return UNDER.sub(r"<munder>\1</munder>", text) if display == "block" else text


def visit_inline(writer, node: nodes.math) -> None:
    tex = node.astext()
    writer.body.append(f'<span class="math">{mathml(tex, "inline", node)}</span>')
    raise nodes.SkipNode


def visit_block(writer, node: nodes.math_block) -> None:
    writer.body.append(writer.starttag(node, "div", CLASS="math"))
    if node.get("number"):
        number = get_node_equation_number(writer, node)
        writer.body.append(f'<span class="eqno">({number})</span>')
    writer.body.append(mathml(node.astext(), "block", node) + "</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict:
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
