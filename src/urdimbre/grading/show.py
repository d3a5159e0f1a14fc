"""Mostrar un informe donde se esté: con HTML en un notebook, con texto en una terminal."""

from __future__ import annotations

import sys
from typing import Any


def show(report: Any) -> None:
    """Muestra el informe. No carga IPython: lo usa solo si ya está corriendo un notebook."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(report)
        return
    from IPython.display import display

    display(report)
