"""La directiva ``term-index``: cada palabra del glosario, con las secciones que la usan.

Reúne los papeles ``{term}`` de todas las páginas: basta con usarlos para que el índice los tenga.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

ACCENTS = str.maketrans("áéíóúü", "aeiouu")


class TermIndexNode(nodes.General, nodes.Element):
    """El lugar del índice, hasta que se conocen todas las páginas."""


class TermIndex(SphinxDirective):
    """Deja el lugar; la página se vuelve a leer siempre, porque depende de todas."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        return [TermIndexNode()]


def uses(env: BuildEnvironment) -> dict[str, list[tuple[str, str, str]]]:
    """Página -> (término, ancla, título de la sección) de cada papel ``{term}``."""
    if not hasattr(env, "urdimbre_terms"):
        env.urdimbre_terms = {}
    return env.urdimbre_terms


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Anota los términos de una página recién leída."""
    found = [
        (node["reftarget"].lower(), *_section(node))
        for node in doctree.findall(addnodes.pending_xref)
        if node.get("reftype") == "term"
    ]
    uses(app.env)[app.env.docname] = list(dict.fromkeys(found))


def _section(node: nodes.Node) -> tuple[str, str]:
    while not isinstance(node, nodes.section):
        node = node.parent
        if node is None:
            return "", ""
    return node["ids"][0], node.next_node(nodes.title).astext()


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    uses(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    uses(env).update({name: uses(other)[name] for name in docnames if name in uses(other)})


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Pone el índice en su lugar, con las páginas en el orden del libro."""
    for place in doctree.findall(TermIndexNode):
        place.replace_self(list(_letters(app, docname)))


def _letters(app: Sphinx, here: str) -> Iterator[nodes.Node]:
    terms = _places(app.env)
    by_letter = defaultdict(list)
    for term in sorted(terms, key=_order):
        by_letter[_order(term)[0].upper()].append(term)
    for letter, group in by_letter.items():
        yield nodes.rubric("", letter)
        yield nodes.bullet_list("", *(_entry(app, here, term, terms[term]) for term in group))


def _order(term: str) -> str:
    return term.lower().translate(ACCENTS)


def _places(env: BuildEnvironment) -> dict[str, list[tuple[str, str, str]]]:
    """Término -> (página, ancla, título), en el orden del libro."""
    position = {name: i for i, name in enumerate(_reading_order(env))}
    places = defaultdict(list)
    for name in sorted(uses(env), key=lambda n: position.get(n, len(position))):
        for term, anchor, title in uses(env)[name]:
            places[term].append((name, anchor, title))
    return places


def _reading_order(env: BuildEnvironment) -> Iterator[str]:
    pending = [env.config.root_doc]
    while pending:
        name = pending.pop(0)
        yield name
        pending = env.toctree_includes.get(name, []) + pending


def _entry(app: Sphinx, here: str, term: str, places: list[tuple[str, str, str]]) -> nodes.Node:
    definition = definitions(app.env.get_domain("std").objects).get(term)
    line = nodes.paragraph()
    line += _link(app, here, *definition) if definition else nodes.Text(term)
    for i, (name, anchor, title) in enumerate(places):
        line += nodes.Text(", " if i else ": ")
        line += _link(app, here, name, anchor, title)
    return nodes.list_item("", line)


def definitions(objects: dict) -> dict[str, tuple[str, str, str]]:
    """Término en minúsculas -> (página, ancla, el término con sus mayúsculas)."""
    return {name.lower(): (*at, name) for (kind, name), at in objects.items() if kind == "term"}


def _link(app: Sphinx, here: str, page: str, anchor: str, text: str) -> nodes.reference:
    return make_refnode(app.builder, here, page, anchor, nodes.Text(text))


def setup(app: Sphinx) -> dict:
    app.add_node(TermIndexNode)
    app.add_directive("term-index", TermIndex)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("doctree-resolved", resolve)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
