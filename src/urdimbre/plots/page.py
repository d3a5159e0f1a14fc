"""Los perfiles de un programa en una página HTML que se basta sola, o en imágenes sueltas."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from urdimbre.plots.profile import KINDS, plots

PAGE = """<!doctype html>
<html lang="es"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root{{color-scheme:light dark}}
body{{font-family:system-ui,sans-serif;line-height:1.45;max-width:75rem;margin:1rem auto;
padding:0 1rem}}
figure{{margin:1rem 0}}
figure img{{max-width:100%;height:auto;background:#fff;border-radius:4px}}
.figuras{{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem}}
</style></head>
<body><h1>{title}</h1>
{body}
</body></html>
"""
FIGURE = '<figure><img src="data:image/png;base64,{data}" alt="{alt}" width="{width}"></figure>'


def page(kernels: Sequence[Any], title: str) -> str:
    """La página de varios ``KernelProfile``: tablas y figuras, sin archivos aparte."""
    body = "\n".join(_kernel(k) for k in kernels) or "<p>El programa no lanzó ningún kernel.</p>"
    return PAGE.format(title=html.escape(title), body=body)


def write_images(kernels: Sequence[Any], folder: Path) -> list[Path]:
    """Escribe en ``folder`` una imagen PNG por figura: ``matmul-codigo.png`` y las demás."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, kernel in _named(kernels):
        for what, figure in plots(kernel.profile).items():
            path = folder / f"{name}-{KINDS[what].slug}.png"
            path.write_bytes(_png(figure))
            written.append(path)
    return written


def _named(kernels: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Un nombre por kernel; los repetidos llevan número."""
    seen: dict[str, int] = {}
    for kernel in kernels:
        name = kernel.profile.launch.kernel
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name}-{seen[name]}"), kernel


def _kernel(kernel: Any) -> str:
    profile = kernel.profile
    figures = "".join(_figure(figure, KINDS[what].alt) for what, figure in plots(profile).items())
    note = f"<p>{html.escape(kernel.note)}</p>" if kernel.note else ""
    return f'{profile._repr_html_()}{note}<div class="figuras">{figures}</div>'


def _figure(figure: Figure, alt: str) -> str:
    data = base64.b64encode(_png(figure)).decode("ascii")
    width = int(figure.get_figwidth() * 96)
    return FIGURE.format(data=data, alt=html.escape(alt), width=width)


def _png(figure: Figure) -> bytes:
    image = BytesIO()
    figure.savefig(image, format="png", bbox_inches="tight", pad_inches=0.06)
    return image.getvalue()
