"""El informe del compilador: lo que se lee sin él, y lo que dice donde está."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from urdimbre.compiler import advice, assembly, memory_ops, one_to_one, report, spelling, toolchain
from urdimbre.compiler.freeze import freeze
from urdimbre.compiler.memory_ops import MemoryOps
from urdimbre.compiler.occupancy import occupancy
from urdimbre.compiler.usage import Usage, usage
from urdimbre.errors import ArgumentError, CompilerError
from urdimbre.sim import facade as cuda
from urdimbre.sim.host.kernel import as_kernel
from urdimbre.sim.typed import types as T

ROOT = Path(__file__).resolve().parents[2]
TOOLS = toolchain.toolchain()
installed = pytest.mark.skipif(not TOOLS.ready, reason="el compilador no está instalado")

TILE = 8
HALF = np.float32(0.5)


@cuda.jit(device=True)
def halved(v):
    return v * HALF


@cuda.jit(fastmath=True)
def smooth(x, out):
    tile = cuda.shared.array(TILE, np.float32)
    i = cuda.grid(1)
    if i < x.size:
        tile[cuda.threadIdx.x] = x[i]
        out[i] = halved(tile[cuda.threadIdx.x])


# --- Lo que viaja al compilador --------------------------------------------------------------


def test_arrays_are_spelled_with_their_layout():
    a = np.zeros((4, 6), np.float32)
    assert spelling.spell(a) == ("array", "<f4", 2, "C", False)
    assert spelling.spell(a.T) == ("array", "<f4", 2, "F", False)
    assert spelling.spell(a[:, ::2]) == ("array", "<f4", 2, "A", False)
    assert spelling.spell(cuda.to_device(a))[:4] == ("array", "<f4", 2, "C")
    a.flags.writeable = False
    assert spelling.spell(a)[-1] is True


def test_numbers_are_spelled_as_numba_receives_them():
    found = [spelling.spell(v)[1] for v in (1, 2.5, True, np.int32(3), 1 << 63, 1j)]
    assert found == ["<i8", "<f8", "|b1", "<i4", "<u8", "<c16"]
    assert spelling.spell((1, 2.5)) == ("tuple", ("scalar", "<i8"), ("scalar", "<f8"))
    with pytest.raises(ArgumentError, match="No se entiende"):
        spelling.spell([1, 2])


def test_a_frozen_kernel_carries_what_it_uses_and_nothing_else():
    frozen = freeze(smooth)["functions"]
    assert [f["name"] for f in frozen] == ["smooth", "halved"]
    assert set(frozen[0]["names"]) == {"TILE", "cuda", "halved", "np"}
    assert frozen[0]["names"]["cuda"] == ("module", "numba.cuda")
    assert frozen[0]["options"] == {"fastmath": True}
    assert frozen[1]["device"] and set(frozen[1]["names"]) == {"HALF", "cuda"}


def test_without_a_signature_the_message_says_what_to_give():
    with pytest.raises(ArgumentError, match="Faltan los tipos de «smooth»"):
        report.job_of(smooth)


def test_a_capability_that_is_not_in_the_table_is_refused():
    assert report.capability("8.9") == report.capability((8, 9)) == (8, 9)
    with pytest.raises(ArgumentError, match=r"No hay datos de la capacidad 6\.1"):
        report.capability("6.1")


# --- Lo que se lee ---------------------------------------------------------------------------

LOG = """ptxas info    : Function properties for k
ptxas         .     64 bytes stack frame, 8 bytes spill stores, 12 bytes spill loads
ptxas info    : Used 40 registers, used 1 barriers
info    : used 40 registers, used 1 barriers, 64 stack, 2048 bytes smem, 64 bytes lmem
"""
PTX = """
.visible .shared .align 4 .b8 tile[1024];
.extern .shared .align 4 .b8 dynamic[];
	.file	1 "/tmp/a.py"
	.file	2 "/lib/numba.py"
	.loc	1 7 0
	ld.global.f32 	%f1, [%rd1];
	.loc	2 90 0, function_name $x, inlined_at 1 9 0
	@%p1 add.f64 	%fd1, %fd2, %fd3;
	.loc	1 10 0
	st.shared.v4.f32 	[%rd2], {%f1, %f2, %f3, %f4};
"""
SASS = """
//--------------------- .text.other --------------------------
	//## File "/tmp/a.py", line 3
        /*0000*/                   LDG.E R0, [R2.64] ;
//--------------------- .text.k --------------------------
	//## File "/tmp/a.py", line 7
        /*0000*/                   LDG.E.128 R4, desc[UR4][R2.64] ;
	//## File "/lib/numba.py", line 90 inlined at "/tmp/a.py", line 9
        /*0010*/              @!P0 LDS.U16 R5, [R6] ;
        /*0020*/                   RED.E.MAX.S64.STRONG.GPU [R2.64], R4 ;
        /*0030*/                   NOP ;
"""


def test_the_assembler_log_gives_the_resources():
    assert usage(LOG, PTX) == Usage(40, 1024, 64, 8, 12)
    assert usage(LOG, PTX).spills
    assert not usage("ptxas info : Used 8 registers, used 0 barriers", "").spills


def test_an_own_array_is_local_memory_also_when_only_the_stack_counts_it():
    log = (
        "ptxas         .     32 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads\n"
        "info    : used 24 registers, used 7 barriers, 32 stack, 0 bytes smem, 0 bytes lmem\n"
    )
    assert usage(log, "") == Usage(24, 0, 32, 0, 0)


# --- El texto --------------------------------------------------------------------------------


def refused(message, original):
    error = report.CompileError(7, message, original)
    return report.CompileReport("k", "a.py", 6, ("def k(x):",), "8.0", error=error)


def test_the_text_fits_in_eighty_columns():
    text = str(refused("una explicación " * 12, "corto"))
    assert max(map(len, text.splitlines())) <= 80
    assert "Línea 7: una explicación" in text.replace("\n", " ")


@pytest.mark.parametrize(("message", "end"), [("¿falta importarlo?", "lo?"), ("no existe", "e.")])
def test_a_sentence_ends_once(message, end):
    assert str(refused(message, "x")).split("\n\n")[1].endswith(end)


def test_what_the_compiler_said_is_cut_and_told():
    text = str(refused("no", "\n".join(f"renglón {k}" for k in range(40))))
    assert "renglón 11" in text and "renglón 12" not in text
    assert "(y 28 líneas más, en --json o en .error.original)" in text
    assert "más, en" not in str(refused("no", "\n".join("x" * 12)))


@pytest.mark.parametrize(
    ("said", "spanish"),
    [
        ("Signature mismatch: 2 argument types given, but function takes 3 arguments",
         "lleva 3 argumentos y recibe 2"),
        ("'k' uses too much shared data (0x10000 bytes, 0xc000 max)",
         "pide 65536 B de memoria compartida de tamaño fijo y el límite es 49152 B"),
    ],
)  # fmt: skip
def test_what_the_compiler_says_is_told_in_spanish(said, spanish):
    assert spanish in advice.said(said)


def test_one_block_is_singular():
    made = report.CompileReport(
        "k", "a.py", 6, ("def k(x):",), "8.0", usages={"8.0": Usage(63, 0, 0, 0, 0)},
        occupancies=(occupancy(1024, 63, 0, "8.0"), occupancy(256, 8, 0, "8.0")), threads=1024,
    )  # fmt: skip
    assert "   8.0:  63 registros,   1 bloque,  50 %" in str(made)
    assert "   8.0:   8 registros,  8 bloques, 100 %" in str(made)


def test_a_capability_that_this_compiler_refuses_is_told():
    made = report.CompileReport(
        "k", "a.py", 6, ("def k(x):",), "8.0", usages={"8.0": Usage(8, 0, 0, 0, 0)},
        refused={"12.0": advice.said("ERROR_INVALID_IR (6)")},
    )  # fmt: skip
    for text in (str(made), made._repr_html_()):
        assert "12.0: no compila; el NVVM de CUDA 12.9 rechaza" in " ".join(text.split())


def test_each_ptx_instruction_knows_its_line():
    found = assembly.read_ptx(PTX, "/tmp/a.py", {})
    assert [(i.line, i.opcode) for i in found] == [
        (7, "ld.global.f32"), (9, "add.f64"), (10, "st.shared.v4.f32"),
    ]  # fmt: skip
    assert str(found[1]) == "@%p1 add.f64 %fd1, %fd2, %fd3"
    assert memory_ops.double_lines(found) == (9,)
    assert memory_ops.ptx_ops(found) == {"ld.global.f32": 1, "st.shared.v4.f32": 1}


def test_each_machine_instruction_knows_its_line_and_its_width():
    found = assembly.read_sass(SASS, "k", "/tmp/a.py")
    assert [(i.line, i.guard) for i in found] == [(7, ""), (9, "@!P0"), (9, "")]
    assert memory_ops.machine_ops(found) == (
        MemoryOps("global", "atomic", 8, 1), MemoryOps("global", "load", 16, 1),
        MemoryOps("shared", "load", 2, 1),
    )  # fmt: skip


# --- Uno a uno -------------------------------------------------------------------------------


def accesses(kernel, *types):
    return one_to_one.source_accesses(as_kernel(kernel).compile(types).function)


def test_source_accesses_are_counted_by_space_and_width():
    found = accesses(smooth, T.Array(T.F32, 1), T.Array(T.F32, 1))
    # En papel: se lee x, se escribe la tesela, se lee la tesela y se escribe out.
    assert dict(found.counts) == {
        ("global", "load", 4): 1, ("shared", "store", 4): 1,
        ("shared", "load", 4): 1, ("global", "store", 4): 1,
    }  # fmt: skip
    assert not found.loops


@pytest.mark.parametrize(
    ("machine", "loops", "reason"),
    [
        ([("global", "load", 4, 2)], False, ""),
        ([("global", "load", 4, 1)], False, one_to_one.REMOVED),
        ([("global", "load", 16, 1)], True, one_to_one.JOINED),
        ([("global", "load", 4, 8)], True, one_to_one.UNROLLED),
        ([("global", "load", 4, 3)], False, one_to_one.REPEATED),
    ],
)
def test_the_reason_of_a_mismatch(machine, loops, reason):
    source = one_to_one.Accesses(one_to_one.Counter({("global", "load", 4): 2}), loops)
    found = one_to_one.match(source, [MemoryOps(*row) for row in machine])
    assert (found.reason, found.one_to_one) == (reason, not reason)


# --- Sin el compilador, y con él -------------------------------------------------------------


def test_without_the_compiler_the_message_says_what_to_install():
    tools = toolchain.Toolchain(("numba-cuda", "NVVM"), None, {})
    with pytest.raises(CompilerError, match=r"falta numba-cuda; falta NVVM.*requirements-compiler"):
        tools.require()


PROGRAM = """
import numpy as np
from numba import cuda


@cuda.jit
def scaled(x, out):
    i = cuda.grid(1)
    if i < x.size:
        out[i] = x[i] * 2.5


x = np.ones(100, np.float32)
scaled[1, 128](x, np.zeros_like(x))
"""


def compilar(tmp_path, *options):
    (tmp_path / "programa.py").write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "-m", "urdimbre", "compilar", "programa.py", *options]
    return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)


@pytest.mark.skipif(TOOLS.ready, reason="el compilador está instalado")
def test_the_command_without_the_compiler_says_what_to_install(tmp_path):
    done = compilar(tmp_path)
    assert done.returncode == 2
    assert "requirements-compiler.txt" in done.stderr


@installed
def test_the_command_compiles_what_a_program_launches(tmp_path):
    done = compilar(tmp_path, "--cc", "8.9", "--json", "r.json", "--html", "r.html", "--ptx")
    assert done.returncode == 0, done.stderr
    assert "Compila en una GPU real: sí" in done.stdout
    assert "línea 10: float32 * float64; la constante 2.5 es float64" in done.stdout
    assert "ptx   ld.global.f32" in done.stdout
    kernel = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["kernels"][0]
    assert (kernel["kernel"], kernel["cc"], kernel["threads"]) == ("scaled", "8.9", 128)
    assert kernel["promotions"][0]["line"] == 10
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@installed
@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("print('hola')\n", "agrega el lanzamiento"),
        ("@cuda.jit\ndef k(x):\n    x[0] = 1\nk[1, 32](None.a)\n", "se detuvo antes de lanzar"),
        ("@cuda.jit\ndef k(x):\n    x[0] = 1\nk[1, 32](x)\n", "kernel «tres». Los que lanzó: k"),
    ],
)
def test_a_program_without_that_kernel_is_told_what_to_do(tmp_path, body, words):
    head = "import numpy as np\nfrom numba import cuda\nx = np.zeros(32, np.float32)\n"
    (tmp_path / "p.py").write_text(head + body, encoding="utf-8")
    command = [sys.executable, "-m", "urdimbre", "compilar", "p.py", "--kernel", "tres"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert words in done.stdout + done.stderr and "Traceback" not in done.stdout


@installed
def test_a_declared_signature_is_what_is_compiled(tmp_path):
    # Numba compila lo declarado, y rechaza un lanzamiento con otros tipos.
    text = (
        "import numpy as np\nfrom numba import cuda\n"
        "@cuda.jit('void(float64[:])')\ndef k(x):\n    x[0] = 1\n"
        "k[1, 32](np.zeros(32, np.float32))\n"
    )
    (tmp_path / "p.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "urdimbre", "compilar", "p.py"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert "x es array(float64, 1d, A)" in done.stdout, done.stdout


@installed
def test_too_much_shared_memory_is_told_with_both_numbers():
    @cuda.jit
    def greedy(x):
        tile = cuda.shared.array(16384, np.float32)
        tile[cuda.threadIdx.x] = x[0]
        cuda.syncthreads()
        x[0] = tile[0]

    found = report.compile_report(greedy, (np.zeros(4, np.float32),))
    assert "65536 B" in found.error.message and "49152 B" in found.error.message


@installed
def test_the_report_of_a_kernel():
    x = np.zeros(100, np.float32)
    found = report.compile_report(smooth[13, 8], (x, x), "8.6")
    assert found.compiles and found.error is None
    assert found.usage.shared_bytes == 4 * TILE
    assert found.registers == found.usages["8.6"].registers > 0
    assert found.promotions == () and found.double_lines == ()
    assert [o.device.name for o in found.occupancies] == list(report.DEVICES)
    assert {v.name: v.type for v in found.variables}["i"] == "int64"
    body = [i for i in found.ptx if i.opcode.startswith("ld.global")]
    assert [found.source[i.line - found.first_line].strip() for i in body] == [
        "tile[cuda.threadIdx.x] = x[i]"
    ]
    assert "<table>" in found._repr_html_()
    assert json.dumps(found.to_dict())


@installed
def test_a_rejected_kernel_says_the_line_in_spanish():
    @cuda.jit
    def wrong(x):
        x[0] = x[0].meters

    found = report.compile_report(wrong, (np.zeros(4, np.float32),))
    assert not found.compiles
    assert found.source[found.error.line - found.first_line].strip() == "x[0] = x[0].meters"
    assert "meters" in found.error.message and "no tiene" in found.error.message
    assert "Unknown attribute" in found.error.original
    assert "no. Línea" in found.summary


@installed
def test_a_check_with_the_compiler_informs_and_keeps_the_score():
    from urdimbre.grading import check
    from urdimbre.sim.reading.loader import load_source

    text = (ROOT / "solutions/u04_shared_memory/transpose_tiled.py").read_text(encoding="utf-8")
    kernel = load_source(text)["transpose_tiled"]
    plain = check("transpose_tiled", kernel, seed=1)
    asked = check("transpose_tiled", kernel, seed=1, compiler=True)
    assert asked.score == plain.score == 1.0
    assert asked.advice[: len(plain.advice)] == plain.advice
    assert "Compila en una GPU real: sí" in asked.advice[-1]
