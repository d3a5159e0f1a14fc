"""Corre las pruebas de Numba CUDA con el simulador en el lugar de ``numba.cuda``.

Va en su propio proceso: ``python numba_suite.py salida.json [módulo...]``. El resultado es una
fila por prueba: nombre, desenlace y motivo. Los programas de Numba no se tocan. Lo que un
programa pide del interior de Numba (su controlador, su compilador) salta la prueba y lo dice.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import itertools
import json
import linecache
import os
import sys
import types
import unittest
from fnmatch import fnmatch
from pathlib import Path

os.environ["NUMBA_ENABLE_CUDASIM"] = "1"  # las pruebas preguntan si corren en un simulador
os.environ["URDIMBRE_SIN_AVANCE"] = "1"

from numba_exceptions import ALSO, ELSEWHERE, LONG

import urdimbre
from urdimbre import backend

FOLDERS = ("cudapy", "cudasim", "cudadrv", "doc_examples")
INTERNAL = "interior de Numba: "
LEFT_OUT = ELSEWHERE if "URDIMBRE_NUMBA" in os.environ else ELSEWHERE + LONG


class Internal:
    """Algo del interior de Numba: usarlo salta la prueba."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Internal(f"{self._name}.{name}")

    def _skip(self, *args, **options):
        raise unittest.SkipTest(INTERNAL + self._name)

    __call__ = __iter__ = __len__ = __enter__ = __eq__ = _skip
    __hash__ = object.__hash__


class InternalModule(types.ModuleType):
    """Un módulo de ``numba.cuda`` que el simulador no tiene, o no entero."""

    __path__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Internal(f"{self.__name__}.{name}")

    def __call__(self, *args, **options):
        raise unittest.SkipTest(INTERNAL + self.__name__)


class Finder:
    """Las pruebas, de su archivo; el interior de Numba, vacío; lo demás, de la fachada."""

    def __init__(self, root):
        self.root = root

    def find_spec(self, name, path=None, target=None):
        _, _, inner = name.partition("numba.cuda.")
        if inner == "testing" or inner.partition(".")[0] == "tests":
            place = self.root.joinpath(*inner.split("."))
            file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
            return importlib.util.spec_from_file_location(name, file)
        if inner and name not in backend.SUBMODULES:
            return importlib.machinery.ModuleSpec(name, self)
        return None

    def create_module(self, spec):
        return InternalModule(spec.name)

    def exec_module(self, module):
        """Nada que ejecutar."""


def install():
    """Pone el simulador y las pruebas en su lugar, y devuelve la carpeta de las pruebas."""
    root = Path(importlib.util.find_spec("numba").origin).parent / "cuda"
    urdimbre.enable("sim", quiet=True)
    sys.meta_path.insert(0, Finder(root))
    for name in backend.SUBMODULES:
        importlib.import_module(name).__class__ = InternalModule
    testing = importlib.import_module("numba.cuda.testing")
    testing.CUDATestCase.skip_if_lto = lambda self, reason: None
    testing.ContextResettingTestCase.tearDown = testing.CUDATestCase.tearDown
    testing.skip_on_cudasim = skip_on_cudasim
    builtins.exec = with_source(builtins.exec)
    return root / "tests"


def matches(name, patterns):
    return any(fnmatch(name, pattern) for pattern in patterns)


def skip_on_cudasim(reason):
    """El de Numba, salvo en lo que su simulador no tiene y el nuestro sí."""

    def decorate(test):
        name = f"{test.__module__.rpartition('.')[2]}.{getattr(test, '__qualname__', '')}"
        return test if matches(name, ALSO) else unittest.skip(reason)(test)

    return decorate


def with_source(run):
    """``exec`` que guarda el texto donde ``inspect`` lo encuentra: así hacen los notebooks."""
    count = itertools.count()

    def guarded(source, scope=None, names=None):
        caller = sys._getframe(1)
        scope = caller.f_globals if scope is None else scope
        if isinstance(source, str):
            file = f"<exec {next(count)}>"
            linecache.cache[file] = (len(source), None, source.splitlines(True), file)
            source = compile(source, file, "exec")
        return run(source, scope, names)

    return guarded


def short_name(test):
    return test.id().partition("numba.cuda.tests.")[2] or test.id()


class Result(unittest.TextTestResult):
    """Una fila por prueba; si una subprueba falla, la prueba falla."""

    def __init__(self, *args):
        super().__init__(*args)
        self.rows = {}

    def _add(self, test, outcome, why=""):
        name = short_name(test)
        if self.rows.get(name, ("",))[0] != "fail":
            self.rows[name] = (outcome, why)

    def addSuccess(self, test):
        self._add(test, "ok")

    def addFailure(self, test, error):
        self._add(test, "fail", self._exc_info_to_string(error, test))

    addError = addFailure

    def addSkip(self, test, reason):
        self._add(test, "skip", reason)

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self._add(test, "fail", self._exc_info_to_string(error, test))

    def addExpectedFailure(self, test, error):
        self._add(test, "skip", "Numba espera que falle")

    def addUnexpectedSuccess(self, test):
        self._add(test, "skip", "Numba espera que falle")


def modules(folder, names):
    files = sorted(f for part in FOLDERS for f in (folder / part).glob("test_*.py"))
    for file in files:
        if not names or file.stem in names:
            yield f"numba.cuda.tests.{file.parent.name}.{file.stem}"


def run(module, result):
    """Las pruebas de un archivo; el que necesita el interior de Numba al cargarse se salta."""
    try:
        loaded = importlib.import_module(module)
    except unittest.SkipTest as why:
        result.rows[module.partition("tests.")[2]] = ("skip", str(why))
        return
    for case in unittest.defaultTestLoader.loadTestsFromModule(loaded):
        kept = [test for test in case if not matches(short_name(test), LEFT_OUT)]
        unittest.TestSuite(kept).run(result)


def main(out, *names):
    folder = install()
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        result = Result(unittest.runner._WritelnDecorator(nowhere), False, 0)
        for module in modules(folder, names):
            run(module, result)
    rows = [(name, *row) for name, row in sorted(result.rows.items())]
    Path(out).write_text(json.dumps(rows), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
