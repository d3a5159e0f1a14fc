"""La orden ``urdimbre``: una capa fina. Cada verbo llama a una función pública."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from urdimbre import __version__
from urdimbre.command_line import SpanishParser, integer_or
from urdimbre.errors import UrdimbreError

EPILOG = """\
códigos de salida:
  0  todo bien
  1  se hizo, y el resultado no es bueno: una solución que no pasa, un paquete que falta
  2  no se pudo hacer: argumentos mal escritos, un archivo que no está o que no es lo esperado

«ejecutar», «perfilar» y «compilar» devuelven el código del programa que corren.

Para empezar: urdimbre abrir"""

FOUND_PROBLEMS = 1
CANNOT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Corre la orden y devuelve su código de salida."""
    _write_what_the_terminal_can()
    options = _own_options(parser().parse_args(arguments))
    try:
        return options.run(options)
    except UrdimbreError as error:
        print(f"urdimbre: {error}", file=sys.stderr)
        return CANNOT
    except KeyboardInterrupt:
        print("\nInterrumpido.", file=sys.stderr)
        return 130


def _write_what_the_terminal_can() -> None:
    """Donde la salida no es UTF-8, una letra que no existe se escribe «?» y nada se interrumpe."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


# --- Los verbos ------------------------------------------------------------------------------


def doctor(_options: argparse.Namespace) -> int:
    from urdimbre.doctor import diagnose

    diagnosis = diagnose()
    print(diagnosis)
    return 0 if diagnosis.healthy else FOUND_PROBLEMS


def open_course(options: argparse.Namespace) -> int:
    from urdimbre.course import lab
    from urdimbre.course.chapters import course_root

    return lab.open_course(course_root(), port=options.puerto, browser=not options.sin_navegador)


def check(options: argparse.Namespace) -> int:
    if options.ejercicio is None:
        print(listing())
        return 0
    if options.archivo is None:
        parser().error(f"falta el archivo con tu solución de «{options.ejercicio}»")
    from urdimbre.grading.files import judge_file

    verdict = judge_file(options.ejercicio, options.archivo)
    print(verdict)
    return 0 if verdict.passed else FOUND_PROBLEMS


def run(options: argparse.Namespace) -> int:
    from urdimbre.script import run_script

    return run_script(options.programa, options.argumentos)


def profile(options: argparse.Namespace) -> int:
    from urdimbre.script import profile_script, write_profiles

    code, kernels = profile_script(
        options.programa, options.argumentos, card=options.tarjeta, registers=options.registros
    )
    for kernel in kernels:
        print(f"\n{kernel}")
    if not kernels:
        print("\nEl programa no lanzó ningún kernel.")
    files = {"html": options.html, "json": options.json, "images": options.imagen}
    for path in write_profiles(kernels, f"Perfil de {options.programa}", **files):
        print(f"Escrito: {path}", file=sys.stderr)
    return code


def compile_kernels(options: argparse.Namespace) -> int:
    from urdimbre.script import NO_KERNEL, STOPPED, compile_script, write_reports

    code, reports = compile_script(
        options.programa, options.argumentos, cc=options.cc or "8.0", kernel=options.kernel
    )
    for report in reports:
        print(f"\n{report}")
        if options.ptx:
            print(f"\n{report.listing()}")
    if not reports:
        print(f"\n{STOPPED if code else NO_KERNEL}")
    title = f"Compilación de {options.programa}"
    for path in write_reports(reports, title, html=options.html, json=options.json):
        print(f"Escrito: {path}", file=sys.stderr)
    return code or (0 if all(report.compiles for report in reports) else FOUND_PROBLEMS)


def listing() -> str:
    """Los ejercicios, por unidad."""
    from urdimbre.exercises import CATALOG, UNITS, in_unit

    width = max(len(exercise.id) for exercise in CATALOG)
    lines = []
    for unit in UNITS:
        lines += ["", f"Unidad {unit.number}: {unit.title}"]
        lines += [f"  {exercise.id:<{width}}  {exercise.title}" for exercise in in_unit(unit.slug)]
    return "\n".join([*lines[1:], "", "Para corregir uno: urdimbre comprobar EJERCICIO ARCHIVO"])


# --- La línea de comandos --------------------------------------------------------------------


def parser() -> SpanishParser:
    """El analizador de la línea de comandos, entero en español."""
    result = SpanishParser(
        prog="urdimbre", description="Programación de GPU en español, con o sin GPU.", epilog=EPILOG
    )
    result.add_argument(
        "--version", action="version", version=f"urdimbre {__version__}",
        help="muestra la versión y termina",
    )  # fmt: skip
    verbs = result.add_subparsers(title="verbos", metavar="VERBO", required=True)
    _verb(verbs, "doctor", doctor, "dice qué backend se usaría, qué falta y qué instalar")
    _open_arguments(_verb(verbs, "abrir", open_course, "abre el curso en JupyterLab, en español"))
    _check_arguments(_verb(verbs, "comprobar", check, "corrige un ejercicio; sin nada, los lista"))
    _script_arguments(_verb(verbs, "ejecutar", run, "corre un programa de Numba CUDA tal cual"))
    _profile_arguments(
        _verb(verbs, "perfilar", profile, "corre un programa en el simulador y perfila sus kernels")
    )
    _compile_arguments(
        _verb(
            verbs,
            "compilar",
            compile_kernels,
            "compila de verdad, sin GPU, lo que lanza un programa",
        )
    )
    return result


def _verb(verbs, name: str, run: Callable, summary: str) -> SpanishParser:
    added = verbs.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
    added.set_defaults(run=run)
    return added


def _open_arguments(verb: SpanishParser) -> None:
    verb.add_argument("--puerto", type=int, metavar="N", help="puerto (por omisión, 8888)")
    verb.add_argument("--sin-navegador", action="store_true", help="no abre el navegador")


def _check_arguments(verb: SpanishParser) -> None:
    verb.add_argument("ejercicio", nargs="?", metavar="EJERCICIO", help="por ejemplo, vector_add")
    verb.add_argument(
        "archivo", nargs="?", metavar="ARCHIVO", help="un .py con la solución, o tu notebook .ipynb"
    )


def _script_arguments(verb: SpanishParser) -> None:
    verb.add_argument("programa", metavar="PROGRAMA", help="un archivo .py")
    rest = verb.add_argument(
        "argumentos", nargs=argparse.REMAINDER, metavar="...", help="lo que recibe el programa"
    )
    rest.required = False


def _profile_arguments(verb: SpanishParser) -> None:
    _profile_options(verb)
    _script_arguments(verb)
    verb.epilog = (
        "Las opciones van antes o después del programa. Si el programa tiene opciones propias,\n"
        "ponlas después de «--»: urdimbre perfilar p.py --html p.html -- --veces 3"
    )
    verb.set_defaults(own_options=_profile_options)


def _profile_options(verb: SpanishParser) -> None:
    verb.add_argument("--html", metavar="ARCHIVO", help="guarda una página con tablas y figuras")
    verb.add_argument("--json", metavar="ARCHIVO", help="guarda los perfiles como datos")
    verb.add_argument("--imagen", metavar="CARPETA", help="guarda las figuras como PNG")
    verb.add_argument(
        "--tarjeta", metavar="NOMBRE", help="techo y ocupación en una A100, L4, H100 o H200"
    )
    verb.add_argument(
        "--registros", type=integer_or(compilador="compiler"), metavar="N",
        help="registros por hilo, o «compilador», para preguntarle",
    )  # fmt: skip


def _compile_arguments(verb: SpanishParser) -> None:
    _compile_options(verb)
    _script_arguments(verb)
    verb.epilog = (
        "El programa corre en el simulador para saber con qué tipos lanza cada kernel.\n"
        "Hace falta la cadena de compilación: pip install -r requirements-compiler.txt"
    )
    verb.set_defaults(own_options=_compile_options)


def _compile_options(verb: SpanishParser) -> None:
    verb.add_argument("--cc", metavar="N.N", help="capacidad de cómputo (por omisión, 8.0)")
    verb.add_argument("--kernel", metavar="NOMBRE", help="solo los kernels que se llaman así")
    verb.add_argument("--html", metavar="ARCHIVO", help="guarda una página con los informes")
    verb.add_argument("--json", metavar="ARCHIVO", help="guarda los informes como datos")
    verb.add_argument(
        "--ptx", action="store_true", default=None, help="muestra el código, línea por línea"
    )


def _own_options(options: argparse.Namespace) -> argparse.Namespace:
    """Recoge las opciones del verbo que se escribieron después del programa, hasta «--»."""
    add = getattr(options, "own_options", None)
    if add is None:
        return options
    given = options.argumentos
    end = given.index("--") if "--" in given else len(given)
    after = SpanishParser(prog="urdimbre")
    add(after)
    found, options.argumentos = after.parse_known_args(given[:end])
    options.argumentos += given[end + 1 :]
    for name, value in vars(found).items():
        if value is not None:
            setattr(options, name, value)
    return options


if __name__ == "__main__":
    sys.exit(main())
