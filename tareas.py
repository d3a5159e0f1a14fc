#!/usr/bin/env python3
"""Prepara el entorno y corre las tareas del proyecto, igual en Linux, macOS y Windows.

Solo usa la biblioteca estándar: es lo primero que se corre, cuando todavía no hay nada instalado.
La primera vez crea ``.venv`` e instala las versiones fijadas; después, solo si cambiaron.
"""

from __future__ import annotations

import argparse
import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOG = VENV / "instalacion.log"
MINIMUM = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
PINS = ("requirements.txt", "constraints.txt", "pyproject.toml")

# Perfil -> archivos de requisitos, del más ligero al más completo.
PROFILES = {
    "curso": "requirements.txt",
    "desarrollo": "requirements-dev.txt",
    "compilador": "requirements-compiler.txt",
}
# Un proceso por núcleo; «python tareas.py test -n 0» corre las pruebas en uno solo.
IN_PARALLEL = ("-n", "auto", "--dist", "loadgroup")
# Las pruebas que sin el compilador de verdad se saltan.
WITH_COMPILER = ("tests/compiler", "tests/differential", "tests/grading/test_backends.py")

# Ni pip ni setuptools se fijan: cada versión de Python trae la suya.
NOT_PINNED = {"pip", "setuptools", "urdimbre"}
GENERATED = ("_build", ".jupyter_cache", ".pytest_cache", ".ruff_cache")


class Failure(Exception):
    """Una tarea no se pudo hacer; el texto dice por qué y qué intentar."""


# --- El entorno ------------------------------------------------------------------------------


def install(profile: str) -> None:
    """Deja ``.venv`` con los requisitos del perfil y el proyecto en modo editable."""
    wanted = fingerprint(profile)
    if stamp(profile).is_file() and stamp(profile).read_text() == wanted and runs(PYTHON):
        return
    start = time.monotonic()
    create_venv()
    say(f"Instalando los paquetes de {PROFILES[profile]} en .venv (unos minutos la primera vez)")
    pip("install", "-r", PROFILES[profile])
    say("Instalando Urdimbre en modo editable")
    pip("install", "--no-deps", "-e", ".")
    stamp(profile).write_text(wanted)
    if profile == "desarrollo":
        stamp("curso").write_text(fingerprint("curso"))
    say(f"Entorno listo en {time.monotonic() - start:.0f} s")


def fingerprint(profile: str) -> str:
    """Resumen de todo lo que decide qué se instala."""
    names = dict.fromkeys((*PINS, PROFILES[profile]))
    text = b"".join((ROOT / name).read_bytes() for name in names)
    return hashlib.sha256(text + sys.version.encode() + str(ROOT).encode()).hexdigest()


def stamp(profile: str) -> Path:
    return VENV / f"instalado-{profile}.txt"


def create_venv() -> None:
    if PYTHON.is_file() and runs(PYTHON):
        return
    if not os.access(ROOT, os.W_OK):
        raise PermissionError(errno.EACCES, "solo lectura", str(ROOT))
    say("Creando el entorno .venv")
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True
    )
    if done.returncode:
        raise Failure(
            "No se pudo crear .venv. En Debian o Ubuntu suele faltar el paquete python3-venv "
            f"(apt-get install python3-venv).\n{done.stdout}{done.stderr}"
        )


def runs(python: Path) -> bool:
    """Si el entorno funciona: no, por ejemplo, cuando se movió o se borró el Python de origen."""
    return subprocess.run([str(python), "-c", "import pip"], capture_output=True).returncode == 0


def pip(*arguments: str) -> None:
    """Corre pip, muestra el avance en una línea y guarda todo en un registro.

    Raises:
        Failure: si pip falla; incluye el final de su registro.
    """
    command = [str(PYTHON), "-m", "pip", *arguments, "--progress-bar", "off", "--no-input"]
    with LOG.open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
        for line in process.stdout:
            log.write(line)
            show_progress(line)
    finish_progress()
    if process.wait():
        tail = "".join(LOG.read_text(encoding="utf-8").splitlines(keepends=True)[-15:])
        raise Failure(
            "pip no pudo instalar los paquetes. ¿Hay conexión a la red y espacio en disco? "
            f"El registro completo está en {LOG}.\n\n{tail}"
        )


# Lo que escribe pip al empezar cada paso -> cómo se cuenta aquí.
STEPS = {"Collecting ": "preparando", "Installing collected": "copiando archivos"}
_seen = {"preparando": 0}


def show_progress(line: str) -> None:
    for start, label in STEPS.items():
        if line.startswith(start):
            _seen["preparando"] += start == "Collecting "
            package = re.match(r"[\w.-]*", line[len(start) :]).group()
            _report(label, package)


def _report(label: str, package: str) -> None:
    count = _seen["preparando"]
    text = f"  {label}" + (f": {count:3d} paquetes, {package}" if label == "preparando" else "…")
    if sys.stdout.isatty():
        print("\r" + text.ljust(70), end="", flush=True)
    elif label != "preparando" or count % 20 == 0:
        print(text, flush=True)


def finish_progress() -> None:
    _seen["preparando"] = 0
    if sys.stdout.isatty():
        print("\r" + " " * 70 + "\r", end="", flush=True)


# --- Las tareas ------------------------------------------------------------------------------


def task_instalar(options) -> None:
    install("desarrollo" if options.desarrollo else "curso")


def task_abrir(options) -> None:
    install("curso")
    arguments = ["--puerto", str(options.puerto)] if options.puerto else []
    arguments += ["--sin-navegador"] if options.sin_navegador else []
    run(str(PYTHON), "-m", "urdimbre", "abrir", *arguments)


def task_test(options) -> None:
    install("desarrollo")
    if options.compilador:
        install("compilador")
        module("pytest", *IN_PARALLEL, *WITH_COMPILER, *options.resto)
        return
    module("ruff", "check", ".")
    module("ruff", "format", "--check", "--quiet", ".")
    module("pytest", *IN_PARALLEL, *options.resto)


def task_libro(_options) -> None:
    install("curso")
    module("urdimbre.course.book", "--estricto")


def task_gpu(options) -> None:
    """No instala nada: en la máquina de la tarjeta puede no haber red."""
    run(str(gpu_python()), str(ROOT / "benchmarks" / "gpu.py"), *options.resto)


def gpu_python() -> Path:
    """El Python que ya tiene Numba CUDA: el de ``.venv`` si lo tiene; si no, el que corre esto."""
    probe = "import sys, importlib.util as u; sys.exit(u.find_spec('numba_cuda') is None)"
    here = Path(sys.executable)
    able = (p for p in (PYTHON, here) if p.is_file() and not subprocess.call([str(p), "-c", probe]))
    return next(able, PYTHON if PYTHON.is_file() else here)


def task_generar(_options) -> None:
    install("curso")
    module("urdimbre.course.notebooks")
    module("urdimbre.grading.nbgrader.build")


def task_formato(_options) -> None:
    install("desarrollo")
    module("ruff", "check", "--fix", ".")
    module("ruff", "format", ".")


def task_fijar(_options) -> None:
    """Escribe constraints.txt con las versiones de .venv que no están fijadas a mano."""
    install("desarrollo")
    frozen = subprocess.run(
        [str(PYTHON), "-m", "pip", "freeze", "--all", "--exclude-editable"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    direct = {name_of(line) for path in PROFILES.values() for line in lines_of(path)}
    kept = [line for line in frozen if name_of(line) not in direct | NOT_PINNED]
    header = "# Versiones de las dependencias indirectas. Lo escribe «make fijar»; no se edita.\n"
    (ROOT / "constraints.txt").write_text(header + "\n".join(kept) + "\n", encoding="utf-8")
    say(f"constraints.txt: {len(kept)} versiones")


def lines_of(path: str) -> list[str]:
    text = (ROOT / path).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if "==" in line and not line.startswith("#")]


def name_of(line: str) -> str:
    return line.split("==")[0].split("[")[0].strip().lower().replace("_", "-").replace(".", "-")


def task_limpio(_options) -> None:
    for name in GENERATED:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    say("Borrado lo generado. .venv y tus notebooks quedan como estaban.")


def module(name: str, *arguments: str) -> None:
    """Corre un módulo con el Python del entorno; su código de salida es el de la tarea."""
    say(" ".join((name, *arguments)))
    run(str(PYTHON), "-m", name, *arguments)


def run(*command: str) -> None:
    """Corre una orden hasta que termine; Ctrl-C le llega a ella, que decide cómo cerrarse."""
    process = subprocess.Popen(command, cwd=ROOT)
    while process.poll() is None:
        try:
            process.wait()
        except KeyboardInterrupt:
            continue
    if process.returncode:
        sys.exit(process.returncode)


def say(text: str) -> None:
    print(f"· {text}", flush=True)


# --- La línea de comandos --------------------------------------------------------------------

TASKS = {
    "abrir": (task_abrir, "instala lo necesario y abre el curso en JupyterLab"),
    "test": (task_test, "instala lo necesario y corre toda la batería de pruebas"),
    "instalar": (task_instalar, "solo prepara .venv"),
    "libro": (task_libro, "construye el libro desde cero; una advertencia es un error"),
    "gpu": (task_gpu, "mide el curso en una GPU; sin tarjeta, dice qué correría"),
    "generar": (task_generar, "regenera notebooks/, exercises/ y solutions/"),
    "formato": (task_formato, "da formato al código"),
    "fijar": (task_fijar, "regenera constraints.txt a partir de .venv"),
    "limpio": (task_limpio, "borra lo generado"),
}


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:
        names = ", ".join(TASKS)
        sys.exit(f"tareas.py: no se entiende la orden. Las tareas son {names}; mira --help.")


def parser() -> argparse.ArgumentParser:
    width = max(map(len, TASKS))
    listing = "\n".join(f"  {name:{width}}  {text}" for name, (_, text) in TASKS.items())
    result = Parser(
        usage=argparse.SUPPRESS, add_help=False, allow_abbrev=False,
        description=f"uso: python tareas.py TAREA [opciones]\n\ntareas:\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    result.add_argument("tarea", choices=TASKS, metavar="TAREA", help=argparse.SUPPRESS)
    options = result.add_argument_group("opciones")
    options.add_argument("-h", "--help", action="help", help="muestra esta ayuda")
    options.add_argument("--puerto", type=int, metavar="N", help="puerto de JupyterLab (abrir)")
    options.add_argument(
        "--sin-navegador", action="store_true", help="no abre el navegador (abrir)"
    )
    options.add_argument(
        "--compilador", action="store_true",
        help="instala el compilador de verdad (210 MB) y corre lo que lo necesita (test)",
    )  # fmt: skip
    options.add_argument(
        "--desarrollo", action="store_true", help="también ruff y demás (instalar)"
    )
    return result


def main() -> None:
    require_python()
    options, rest = parser().parse_known_args()
    if rest and options.tarea not in ("test", "gpu"):
        sys.exit(f"tareas.py: no se entiende «{' '.join(rest)}». Mira «python tareas.py --help».")
    options.resto = rest
    try:
        TASKS[options.tarea][0](options)
    except Failure as failure:
        sys.exit(f"\n{failure}")
    except PermissionError as error:
        sys.exit(f"\nNo se puede escribir en {error.filename}. Copia el curso a una carpeta tuya.")


def require_python() -> None:
    """Sigue con un Python más nuevo si este no alcanza; si no hay, lo dice."""
    if sys.version_info >= MINIMUM:
        return
    for name in NEWER:
        found = shutil.which(name)
        if found and runs(Path(found)):
            sys.exit(subprocess.call([found, *sys.argv]))
    sys.exit(
        "Urdimbre necesita Python {}.{} o posterior, y este es el {}.{}. Instala uno más nuevo y "
        "repite con: make PYTHON=/ruta/al/python abrir".format(*MINIMUM, *sys.version_info[:2])
    )


if __name__ == "__main__":
    main()
