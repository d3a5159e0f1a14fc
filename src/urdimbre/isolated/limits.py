"""Los límites que un proceso se pone a sí mismo, y por dónde contesta."""

from __future__ import annotations

import os

MAX_OUTPUT = 4 * 2**20
MAX_MEMORY = 4 * 2**30


def limit_resources(cpu_seconds: int, memory: int = MAX_MEMORY) -> None:
    """Acota, en este proceso, la memoria, el tiempo de CPU y el tamaño de los archivos.

    Donde el sistema no ofrece estos límites (Windows) no hace nada: queda el reloj.
    """
    resource = _resource()
    if resource is None:
        return
    limits = (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, MAX_OUTPUT),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, value in limits:
        _lower(resource, kind, value)


def forbid_processes() -> None:
    """Impide, en este proceso, abrir otros. A un administrador el sistema no se lo impide."""
    resource = _resource()
    if resource is not None and hasattr(resource, "RLIMIT_NPROC"):
        _lower(resource, resource.RLIMIT_NPROC, 0)


def _resource():
    """El módulo ``resource``, o ``None`` en Windows."""
    try:
        import resource
    except ImportError:
        return None
    return resource


def _lower(resource, kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(kind, (value, value))
    except (ValueError, OSError):
        pass


def private_stdout():
    """La salida estándar verdadera, para el veredicto; los ``print`` van a la de errores."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return channel
