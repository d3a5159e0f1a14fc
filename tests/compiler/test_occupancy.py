"""La ocupación contra las filas de ``cuda_occupancy.h`` y contra cuentas a mano."""

import pytest

from urdimbre.compiler import DEVICES, block_sizes, occupancy
from urdimbre.errors import ArgumentError

CAPABILITIES = ("7.5", "8.0", "8.6", "8.9", "9.0", "10.0", "12.0")

# (hilos, registros, bytes) -> (bloques, porcentaje) por capacidad; dados por el encabezado
# compilado de CUDA 12.9.
GOLDEN = {
    (256, 32, 2048): "4 100, 8 100, 6 100, 6 100, 8 100, 8 100, 6 100",
    (256, 41, 2048): "4 100, 5 62.5, 5 83.3, 5 83.3, 5 62.5, 5 62.5, 5 83.3",
    (1024, 32, 0): "1 100, 2 100, 1 66.7, 1 66.7, 2 100, 2 100, 1 66.7",
    (1024, 65, 0): "0 0, 0 0, 0 0, 0 0, 0 0, 0 0, 0 0",
    (96, 50, 4097): "10 93.8, 12 56.2, 12 75, 12 75, 12 56.2, 12 56.2, 12 75",
    (32, 17, 0): "16 50, 32 50, 16 33.3, 24 50, 32 50, 32 50, 24 50",
    (256, 65, 32768): "2 50, 3 37.5, 3 50, 3 50, 3 37.5, 3 37.5, 3 50",
}
ROWS = [
    (*kernel, capability, *cell.split())
    for kernel, row in GOLDEN.items()
    for capability, cell in zip(CAPABILITIES, row.split(", "), strict=True)
]


@pytest.mark.parametrize(("threads", "registers", "shared", "capability", "blocks", "share"), ROWS)
def test_golden_rows(threads, registers, shared, capability, blocks, share):
    found = occupancy(threads, registers, shared, capability)
    assert found.blocks == int(blocks)
    assert 100 * found.ratio == pytest.approx(float(share), abs=0.06)


def test_every_capability_is_in_the_table():
    assert tuple(DEVICES) == CAPABILITIES


@pytest.mark.parametrize(
    ("case", "limits", "limiting"),
    [
        # 256 hilos = 8 warps: 64 // 8 = 8. Registros: 32 x 32 = 1024 por warp; 16384 // 1024 = 16
        # por parte, 64 warps, 8 bloques. Memoria: 2048 + 1024 = 3072; 164 KB // 3 KB = 54.
        (
            (256, 32, 2048),
            {"warps": 8, "registers": 8, "shared": 54, "blocks": 32},
            ("warps", "registers"),
        ),
        # 41 x 32 = 1312, que sube a 1536: 16384 // 1536 = 10 por parte, 40 warps, 5 bloques.
        (
            (256, 41, 2048),
            {"warps": 8, "registers": 5, "shared": 54, "blocks": 32},
            ("registers",),
        ),
        # Un warp por bloque: 64 por warps y por registros (17 x 32 = 544 sube a 768; 21 x 4 = 84).
        # Memoria 1 KB: 164. Mandan los 32 bloques.
        ((32, 17, 0), {"warps": 64, "registers": 84, "shared": 164, "blocks": 32}, ("blocks",)),
        # 32 KB + 1 KB: 164 // 33 = 4; registros 65 x 32 = 2080 sube a 2304: 7 x 4 // 8 = 3.
        (
            (256, 65, 32768),
            {"warps": 8, "registers": 3, "shared": 4, "blocks": 32},
            ("registers",),
        ),
        # 40 KB + 1 KB: 164 // 41 = 4.
        ((128, 16, 40960), {"warps": 16, "registers": 32, "shared": 4, "blocks": 32}, ("shared",)),
    ],
)
def test_limits_by_hand_on_8_0(case, limits, limiting):
    found = occupancy(*case, "8.0")
    assert found.limits == limits
    assert found.limiting == limiting


def test_what_does_not_fit():
    # Más de 48 KB sin pedirlo; con permiso, 163 KB + 1 KB llenan el multiprocesador.
    assert occupancy(64, 32, 48 * 1024).blocks == 3
    assert occupancy(64, 32, 48 * 1024 + 1).limiting == ("shared",)
    assert occupancy(64, 32, 48 * 1024 + 1).blocks == 0
    assert occupancy(64, 32, 163 * 1024, optin=True).blocks == 1
    assert occupancy(64, 32, 163 * 1024 + 1, optin=True).blocks == 0
    assert occupancy(1025, 16).blocks == 0
    assert occupancy(64, 255).blocks == 4 and occupancy(64, 256).blocks == 0
    # 64 x 32 = 2048 por warp, 8 por parte: 32 warps justos. Con 65 ya no caben.
    assert occupancy(1024, 64).blocks == 1 and occupancy(1024, 65).blocks == 0


def test_shared_memory_is_rounded_up():
    # 7.5: 5950 B suben a 6144 (24 x 256): 65 536 // 6144 = 10, y no 11.
    assert occupancy(32, 16, 5950, "7.5").limits["shared"] == 10
    # 8.0: 15 766 + 1024 = 16 790 suben a 16 896 (132 x 128): 167 936 // 16 896 = 9, y no 10.
    assert occupancy(32, 16, 15766, "8.0").limits["shared"] == 9


def test_without_shared_memory_on_7_5():
    # Sin memoria reservada no hay nada que repartir: no limita más que el número de bloques.
    assert occupancy(32, 16, 0, "7.5").limits["shared"] == 16


def test_more_of_anything_never_raises_the_blocks():
    for capability in CAPABILITIES:
        for registers in range(1, 256, 9):
            here = occupancy(192, registers, 3000, capability).blocks
            assert occupancy(192, registers + 9, 3000, capability).blocks <= here
            assert occupancy(192, registers, 9000, capability).blocks <= here
            assert occupancy(193, registers, 3000, capability).blocks <= here


def test_block_sizes():
    # 32 registros en 8.0: de 64 hilos en adelante, los divisores de 64 warps llenan la tarjeta.
    sizes = block_sizes(32)
    assert [o.threads for o in sizes] == list(range(32, 1025, 32))
    full = [o.threads for o in sizes if o.ratio == 1.0]
    assert full == [64, 128, 256, 512, 1024]
    assert block_sizes(32, shared_per_thread=4)[7].shared_bytes == 1024


def test_text_and_html_say_what_limits():
    found = occupancy(256, 41, 2048, "8.6")
    text = str(found)
    assert text.startswith("Ocupación teórica: 83,3 % (5 bloques de 256 hilos, 40 de 48 warps)")
    assert "registros             5 <- limita" in text and "Los registros se acaban primero" in text
    html = found._repr_html_()
    assert html.count("&lt;- limita") == 1 and 'lang="es"' in html and "83,3 %" in html
    assert "Ni un bloque cabe" in str(occupancy(1024, 65))


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ((256, 32, 0, "6.1"), "No hay datos"),
        ((0, 32), "hilos por bloque"),
        ((32, 0), "registros por hilo"),
        ((32, 32, -1), "memoria compartida"),
    ],
)
def test_nonsense_is_refused(case, words):
    with pytest.raises(ArgumentError, match=words):
        occupancy(*case)
