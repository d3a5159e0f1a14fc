"""Una cerca alrededor del proceso: lee bibliotecas y calcula, y nada más.

Usa los avisos de auditoría de Python (PEP 578), que no se pueden quitar una vez puestos. No es un
aislamiento completo: quien ejecute código de máquina la salta. Cierra lo que se hace con Python:
leer las respuestas del disco, escribir archivos, lanzar procesos, usar la red, matar al corrector.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

PACKAGE = str(Path(__file__).resolve().parents[1])
SECRET = ("exercises", "grading", "reference", "course")

FORBIDDEN = (
    "ctypes.", "ftplib.", "gc.get_", "http.", "mmap.", "os.chflags", "os.chmod", "os.chown",
    "os.exec", "os.fork", "os.kill", "os.link", "os.mkdir", "os.posix_spawn", "os.remove",
    "os.rename", "os.rmdir", "os.setxattr", "os.spawn", "os.startfile", "os.symlink", "os.system",
    "os.truncate", "os.utime", "pty.", "shutil.", "signal.pthread_kill", "smtplib.", "socket.",
    "sqlite3.", "subprocess.", "syslog.", "urllib.", "webbrowser.", "winreg.",
)  # fmt: skip

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
REFUSED = "la función de una entrega solo calcula: no puede usar {what}."


def readable() -> tuple[str, ...]:
    """Las carpetas con las bibliotecas de Python, terminadas en «/»."""
    named = (sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    folders = {os.path.dirname(os.__file__), PACKAGE, *filter(None, named)}
    folders |= {entry for entry in sys.path if entry.endswith(("site-packages", "lib-dynload"))}
    return tuple(f"{folder.replace(os.sep, '/')}/" for folder in sorted(folders))


def secret(folders: tuple[str, ...]) -> tuple[str, ...]:
    """Dónde están las respuestas, con cualquiera de los nombres por los que se llega."""
    packages = {f"{PACKAGE.replace(os.sep, '/')}/", *(f"{folder}urdimbre/" for folder in folders)}
    return tuple(f"{package}{name}" for package in sorted(packages) for name in SECRET)


def raise_fence() -> None:
    """Cierra la cerca hasta que el proceso termine.

    Lo que decide vive en la clausura, tomado de antemano: cambiar después los nombres de Python,
    los de ``os`` o los de este módulo no la mueve.
    """
    folders = readable()
    may_open = _path_rule(folders, secret(folders), WRITING, os.sep)
    forbidden, refused = FORBIDDEN, REFUSED
    starts, error = str.startswith, PermissionError

    def watch(event: str, arguments: tuple) -> None:
        if event == "open":
            if not may_open(arguments[0], arguments[2]):
                raise error(refused.format(what="ese archivo"))
        elif starts(event, forbidden):
            raise error(refused.format(what=event))

    sys.addaudithook(watch)


def _path_rule(
    folders: tuple[str, ...], secrets: tuple[str, ...], writing: int, separator: str
) -> Callable[[object, int], bool]:
    number, text, raw, kind_of = int, str, bytes, type
    starts, replace, decode = str.startswith, str.replace, bytes.decode

    def may_open(path: object, flags: int) -> bool:
        kind = kind_of(path)
        if kind is number:
            return True
        if kind is raw:
            path, kind = decode(path, "utf-8", "replace"), text
        if kind is not text or flags & writing:
            return False
        path = replace(path, separator, "/")
        if "/../" in path or "//" in path or starts(path, secrets):
            return False
        return starts(path, folders)

    return may_open
