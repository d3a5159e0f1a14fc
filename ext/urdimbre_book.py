"""Extensión local de Sphinx: español completo, enlaces de cada capítulo y accesibilidad."""

from __future__ import annotations

import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import translators
from sphinx.util import logging

logger = logging.getLogger(__name__)

# Catálogo de mensajes -> lo que el tema deja en inglés o mal escrito, y cómo se dice aquí.
MESSAGES = {
    "sphinx": {
        "Link to this heading": "Enlace a esta sección",
        "Permalink to this heading": "Enlace a esta sección",
        "Link to this term": "Enlace a este término",
        "Permalink to this term": "Enlace a este término",
        "Link to this image": "Enlace a esta figura",
        "Permalink to this image": "Enlace a esta figura",
        "Link to this table": "Enlace a esta tabla",
        "Link to this code": "Enlace a este programa",
        "Link to this equation": "Enlace a esta ecuación",
        "Skip to main content": "Saltar al contenido",
        "Back to top": "Volver arriba",
        "On this page": "En esta página",
        "Breadcrumb": "Ruta",
        "Color mode": "Modo de color",
        "Light": "Claro",
        "Dark": "Oscuro",
        "System Settings": "Como el sistema",
        "Search": "Buscar",
        "Collapse Sidebar": "Plegar el índice",
        "Expand Sidebar": "Desplegar el índice",
        "Section Navigation": "Navegación",
        "Site navigation": "Índice del curso",
        "previous page": "página anterior",
        "next page": "página siguiente",
        "previous": "anterior",
        "next": "siguiente",
    },
    "booktheme": {
        "By": "Por",
        "By the": "Por",
        "Download this page": "Descargar esta página",
        "Download source file": "Descargar el texto fuente",
        "Download notebook file": "Descargar el notebook",
        "Fullscreen mode": "Pantalla completa",
        "Print to PDF": "Imprimir",
        "Toggle navigation": "Mostrar u ocultar el índice",
        "Theme by the": "Tema de",
        "Contents": "En esta página",
    },
}

# Texto fijo de las plantillas, que no pasa por ningún catálogo.
FIXED_TEXT = {
    "© Copyright ": "© ",
    'aria-label="Main"': 'aria-label="Índice del curso"',
    'aria-label="Page"': 'aria-label="En esta página"',
    'aria-label="Toggle hidden content"': 'aria-label="Mostrar u ocultar"',
    'title="Toggle primary sidebar"': 'title="Mostrar u ocultar el índice"',
    'aria-label="Toggle primary sidebar"': 'aria-label="Mostrar u ocultar el índice"',
    'title="Toggle secondary sidebar"': 'title="Mostrar u ocultar el contenido de la página"',
    'aria-label="Toggle secondary sidebar"': 'aria-label="Mostrar el contenido de la página"',
}

FOLDERS = ("notebooks", "exercises")
LINKS = """
<nav class="chapter-files" aria-label="Archivos de este capítulo">
{items}
</nav>"""
LINK = '<a href="{url}" download>{label}</a>'
# Dónde está cada archivo de un capítulo -> cómo se ofrece. «u04_escalera» es de la unidad «u04».
LABELS = {
    "notebooks/{name}.ipynb": "Descargar este capítulo como notebook",
    "exercises/{unit}_*/{unit}_*.ipynb": "Descargar los ejercicios de la unidad",
}


def spanish_messages(app: Sphinx, _config) -> None:
    """Completa los catálogos de mensajes ya cargados."""
    for catalog, messages in MESSAGES.items():
        translator = translators.get(("general", catalog))
        if translator is not None and hasattr(translator, "_catalog"):
            translator._catalog.update(messages)


def chapter_files(app: Sphinx, page: str, _template, context: dict, _doctree) -> None:
    """Pone bajo el título los enlaces al notebook y a los ejercicios del capítulo, si existen."""
    name = page.rpartition("/")[2]
    unit = name.partition("_")[0]
    files = {
        path.relative_to(app.srcdir).as_posix(): label
        for pattern, label in LABELS.items()
        for path in sorted(Path(app.srcdir).glob(pattern.format(name=name, unit=unit)))
    }
    items = [
        LINK.format(url=context["pathto"](path, resource=True), label=label)
        for path, label in files.items()
    ]
    if items and "body" in context:
        block = LINKS.format(items="\n".join(items))
        context["body"] = context["body"].replace("</h1>", "</h1>" + block, 1)


def copy_files(app: Sphinx, error: Exception | None) -> None:
    """Copia al sitio los notebooks que los capítulos enlazan."""
    if error or app.builder.format != "html":
        return
    for folder in FOLDERS:
        for path in sorted(Path(app.srcdir, folder).rglob("*.ipynb")):
            if ".ipynb_checkpoints" not in path.parts:
                target = Path(app.outdir, path.relative_to(app.srcdir))
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)


def spanish_templates(app: Sphinx, error: Exception | None) -> None:
    """Traduce en las páginas escritas lo que el tema tiene fijo en inglés."""
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for path in (*out.rglob("*.html"), *out.glob("_static/togglebutton.js")):
        text = path.read_text(encoding="utf-8")
        fixed = text
        for english, spanish in FIXED_TEXT.items():
            fixed = fixed.replace(english, spanish)
        if fixed != text:
            path.write_text(fixed, encoding="utf-8")


def require_alternative_text(app: Sphinx, doctree: nodes.document) -> None:
    """Una figura sin texto alternativo es una advertencia, y aquí las advertencias son errores."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip():
            logger.warning("figura sin texto alternativo: %s", image["uri"], location=image)


def setup(app: Sphinx) -> dict:
    app.connect("config-inited", spanish_messages, priority=900)
    app.connect("doctree-read", require_alternative_text)
    app.connect("html-page-context", chapter_files)
    app.connect("build-finished", copy_files)
    app.connect("build-finished", spanish_templates)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
