"""El PTX y el código de máquina de un kernel: cada instrucción, con su línea de Python."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

_PTX_FILE = re.compile(r'^\s*\.file\s+(\d+)\s+"([^"]*)"', re.MULTILINE)
_LOC = re.compile(r"^\s*\.loc\s+(\d+) (\d+) \d+(?:.*inlined_at (\d+) (\d+))?")
_PTX = re.compile(r"^\s*(@!?%\w+ )?([a-z][\w.:]*)(?:\s+(.*))?;\s*$")
_MARK = re.compile(r'//## File "([^"]*)", line (\d+)(?: inlined at "([^"]*)", line (\d+))?')
_SASS = re.compile(r"^\s*/\*([0-9a-f]{4,})\*/\s+(@!?U?P\w+\s+)?([A-Z][\w.]*)\s*(.*?)\s*;")
_TEXT = re.compile(r"^//-+ \.(text)\.(\S+) -+$")
NOT_CODE = ("NOP",)


@dataclass(frozen=True)
class Instruction:
    """Una instrucción.

    Attributes:
        line: la línea de Python que la produjo; 0 si es de otro archivo.
        opcode: la operación con sus sufijos, como ``ld.global.f32`` o ``LDG.E.128``.
        operands: lo demás.
        guard: el predicado que la activa, como ``@P0``; vacío si se ejecuta siempre.
    """

    line: int
    opcode: str
    operands: str
    guard: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.guard, self.opcode, self.operands)))

    def to_dict(self) -> dict[str, Any]:
        """Con tipos que JSON entiende."""
        return asdict(self)


def read_ptx(text: str, origin: str, names: dict[str, str]) -> tuple[Instruction, ...]:
    """Las instrucciones de PTX, en orden.

    Args:
        names: nombres internos del compilador -> cómo se muestran.
    """
    files = dict(_PTX_FILE.findall(text))
    found, line = [], 0
    for row in text.splitlines():
        loc = _LOC.match(row)
        if loc:
            line = _own_line(loc.groups(), files, origin, line)
        elif code := _PTX.match(row):
            found.append(_instruction(line, code, names))
    return tuple(found)


def _own_line(parts: tuple, files: dict, origin: str, before: int) -> int:
    """La línea del archivo del kernel: la propia o, si es de una biblioteca, la que la llamó."""
    for file, line in (parts[:2], parts[2:]):
        if file and _tail(files.get(file, "")) == _tail(origin):
            return int(line)
    return before


def _tail(origin: str) -> str:
    return origin.replace("\\", "/").rsplit("/", 1)[-1]


def read_sass(text: str, entry: str, origin: str) -> tuple[Instruction, ...]:
    """Las instrucciones de máquina del kernel ``entry``, en orden y sin el relleno del final."""
    found, line, inside = [], 0, False
    for row in text.splitlines():
        section = _TEXT.match(row)
        if section:
            inside = section.group(2) == entry
        elif inside and (mark := _MARK.search(row)):
            line = _marked_line(mark.groups(), origin, line)
        elif inside and (code := _SASS.match(row)) and code.group(3) not in NOT_CODE:
            found.append(_instruction(line, code, {}, 2))
    return tuple(found)


def _instruction(line: int, code: re.Match, names: dict, first: int = 1) -> Instruction:
    guard, opcode, operands = (code.group(first + i) or "" for i in range(3))
    for name, shown in names.items():
        operands = operands.replace(name, shown)
    return Instruction(line, opcode, operands, guard.strip())


def _marked_line(parts: tuple, origin: str, before: int) -> int:
    for file, line in (parts[:2], parts[2:]):
        if file and _tail(file) == _tail(origin):
            return int(line)
    return before
