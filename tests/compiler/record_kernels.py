"""Graba lo que el compilador de verdad dice de los kernels del curso.

    python tests/compiler/record_kernels.py

Escribe ``src/urdimbre/compiler/recorded.json``: de cada solución y de cada kernel de los capítulos,
sus recursos en seis capacidades de cómputo y si sus accesos son uno a uno los del ejecutable.
Necesita requirements-compiler.txt; tarda unos minutos.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import course_kernels

from urdimbre.compiler.client import compile_in_worker
from urdimbre.compiler.memory_ops import machine_ops
from urdimbre.compiler.one_to_one import match
from urdimbre.compiler.recorded import FILE, digest
from urdimbre.compiler.report import disassemble
from urdimbre.compiler.toolchain import toolchain
from urdimbre.compiler.usage import usage
from urdimbre.nvidia import generation_of

CAPABILITIES = ((7, 5), (8, 0), (8, 6), (8, 9), (9, 0), (12, 0))
MEASURED = (8, 0)  # donde se comparan los accesos
KINDS = ("solution", "variant", "chapter")
RECORDED = ("solution", "chapter")


def supported() -> tuple[tuple[int, int], ...]:
    """Las capacidades que admite el CUDA instalado: el 12 no sirve para las Blackwell."""
    cuda = 13 if "nvidia-nvvm" in toolchain().versions else 12
    return tuple(cc for cc in CAPABILITIES if cuda in generation_of(cc).files)


def compiled(kernel: Any) -> dict[str, Any]:
    """La respuesta del compilador, sin los ejecutables que nadie mira."""
    order = (MEASURED, *(cc for cc in supported() if cc != MEASURED))
    answer = compile_in_worker(kernel.frozen, kernel.types, order)
    for cc, build in answer.get("builds", {}).items():
        if cc != MEASURED or kernel.kind not in RECORDED:
            build["cubin"] = b""
    return answer


def rows(course: list[tuple[Any, dict[str, Any]]], memory: bool = True) -> dict[str, dict]:
    """La tabla que se graba, por kernel; sin ``memory``, no se lee ningún ejecutable.

    Leer un ejecutable tarda lo que compilarlo tres veces.
    """
    return {
        kernel.id: _row(kernel, answer) | (_memory_row(kernel, answer) if memory else {})
        for kernel, answer in sorted(course, key=lambda pair: pair[0].id)
        if kernel.kind in RECORDED and answer["compiles"]
    }


def _row(kernel: Any, answer: dict[str, Any]) -> dict[str, Any]:
    used = {
        f"{cc[0]}.{cc[1]}": list(usage(build["log"], build["ptx"]).to_dict().values())
        for cc, build in sorted(answer["builds"].items())
    }
    return {
        "kind": kernel.kind,
        "digest": digest(kernel.text),
        "threads": kernel.threads,
        "shared_bytes": kernel.shared_bytes,
        "usages": used,
    }


def _memory_row(kernel: Any, answer: dict[str, Any]) -> dict[str, Any]:
    return {"memory": memory_of(kernel, answer["builds"][MEASURED])}


def memory_of(kernel: Any, build: dict[str, Any]) -> dict[str, Any]:
    """Los accesos del código y los del ejecutable en la capacidad 8.0."""
    code = disassemble(build["cubin"], build["entry"], kernel.frozen["functions"][0]["origin"])
    found = match(kernel.accesses, machine_ops(code))
    return {
        "one_to_one": found.one_to_one, "reason": found.reason, "source": found.source,
        "machine": found.machine,
    }  # fmt: skip


def main() -> None:
    tools = toolchain()
    tools.require()
    kernels = course_kernels.of_exercises() + course_kernels.of_chapters()
    course = [(kernel, compiled(kernel)) for kernel in kernels if kernel.kind in RECORDED]
    data = {
        "date": date.today().isoformat(),
        "versions": tools.versions,
        "kernels": rows(course),
    }
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    FILE.write_text(_on_one_line(text), encoding="utf-8")
    exact = sum(row["memory"]["one_to_one"] for row in data["kernels"].values())
    print(f"{len(data['kernels'])} kernels; uno a uno: {exact}")


def _on_one_line(text: str) -> str:
    """Las listas de números, cada una en su renglón: la diferencia entre dos grabaciones se lee."""
    import re

    return re.sub(r"\[\s+([\d,\s]+?)\s+\]", lambda m: f"[{', '.join(m[1].split())}]".replace(
        ",,", ","), text)  # fmt: skip


if __name__ == "__main__":
    main()
