"""Los enunciados y las pistas de la unidad 8, en Markdown."""

from __future__ import annotations

FLOAT32 = """\
- Toda la cuenta va en `float32`: el acumulador empieza en `np.float32(0)`.
"""

NAIVE_TEXT = (
    """\
Multiplica dos matrices: cada hilo calcula un elemento de `c`.

$$c[i, j] = \\sum_{k=0}^{K-1} a[i, k] \\cdot b[k, j]$$

Los hilos vecinos de un warp deben quedar en columnas vecinas de `c`.
La suma se lleva en una variable y se escribe una sola vez, al final.

- `a`: matriz `float32` de forma `(M, K)`.
- `b`: matriz `float32` de forma `(K, N)`.
- `c`: matriz `float32` de forma `(M, N)`; llega con basura.
- Se lanza con bloques de 32 × 8 hilos: `x` cubre las columnas de `c` e `y`, sus filas.
- Las medidas no siempre llenan los bloques.
"""
    + FLOAT32
)

TILED_TEXT = (
    """\
Multiplica dos matrices por teselas de 16 × 16.
Cada bloque calcula una tesela de `c`, y avanza por `k` de 16 en 16.
En cada paso trae una tesela de `a` y una de `b` a la memoria compartida.
Después cada hilo suma los 16 productos que ese paso le da.

- `a`: matriz `float32` de forma `(M, K)`.
- `b`: matriz `float32` de forma `(K, N)`.
- `c`: matriz `float32` de forma `(M, N)`; llega con basura.
- `M`, `K` y `N` son múltiplos de `TILE`: aquí no hacen falta guardas.
- Se lanza con bloques de `TILE` × `TILE` hilos: `x` cubre las columnas de `c` e `y`, sus filas.
- Cada paso lleva dos barreras.
"""
    + FLOAT32
)

RAGGED_TEXT = (
    """\
Multiplica por teselas dos matrices de cualquier medida.
El último paso de `k` puede quedar incompleto, y las teselas del borde también.
Lo que no existe en `a` o en `b` vale cero.

- `a`: matriz `float32` de forma `(M, K)`.
- `b`: matriz `float32` de forma `(K, N)`.
- `c`: matriz `float32` de forma `(M, N)`; llega con basura.
- `M`, `K` y `N` son enteros desde 1, sin relación con `TILE`.
- Se lanza con bloques de `TILE` × `TILE` hilos: `x` cubre las columnas de `c` e `y`, sus filas.
- Ningún hilo se va antes de la última barrera.
"""
    + FLOAT32
)

TRANSPOSED_B_TEXT = (
    """\
Calcula `c = a · bᵀ`: cada elemento es el producto de una fila de `a` por una fila de `b`.

$$c[i, j] = \\sum_{k=0}^{K-1} a[i, k] \\cdot b[j, k]$$

Así llegan las consultas y las claves a la atención: las dos por filas.
Usa teselas de 32 × 32.
Tanto `a` como `b` deben leerse por filas, y la memoria compartida no debe tener conflictos.

- `a`: matriz `float32` de forma `(M, K)`.
- `b`: matriz `float32` de forma `(N, K)`.
- `c`: matriz `float32` de forma `(M, N)`; llega con basura.
- Las medidas no siempre son múltiplos de `TILE`.
- Se lanza con bloques de `TILE` × `TILE` hilos: `x` cubre las columnas de `c` e `y`, sus filas.
"""
    + FLOAT32
)

UNINITIALIZED_TEXT = """\
El kernel de abajo multiplica por teselas matrices de cualquier medida.
Quien lo escribió razonó así: «donde `a` se acaba pongo ceros, y cero por lo que sea es cero».
Pasó meses sin fallar.
El día que `K` fue 5, la salida se llenó de NaN.

```python
@cuda.jit
def debug_uninitialized_tile(a, b, c):
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tb = cuda.shared.array((TILE, TILE), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    total = np.float32(0)
    for start in range(0, a.shape[1], TILE):
        ta[ty, tx] = np.float32(0)
        if row < a.shape[0] and start + tx < a.shape[1]:
            ta[ty, tx] = a[row, start + tx]
        if start + ty < b.shape[0] and col < b.shape[1]:
            tb[ty, tx] = b[start + ty, col]
        cuda.syncthreads()
        for k in range(TILE):
            total += ta[ty, k] * tb[k, tx]
        cuda.syncthreads()
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = total
```

Cópialo en la celda, comprueba qué dice el informe y arréglalo.

- `a`, `b` y `c`: matrices `float32` de formas `(M, K)`, `(K, N)` y `(M, N)`.
- `b` puede traer infinitos: la salida debe ser la que da la definición.
- Se lanza con bloques de `TILE` × `TILE` hilos, uno por elemento de `c`.
"""

NAIVE_HINTS = (
    "En un mismo paso de `k`, ¿qué elementos de `b` piden los 32 hilos de un warp, "
    "y cuántos sectores ocupan?",
    "`cuda.grid(2)` da primero lo que recorre `threadIdx.x`. "
    "Eso debe ser la columna, y cada índice lleva su guarda.",
    "`col, row = cuda.grid(2)`. Con guarda en los dos, `total = np.float32(0)`, "
    "un ciclo `for k in range(a.shape[1])` que suma `a[row, k] * b[k, col]`, "
    "y al final `c[row, col] = total`.",
)

TILED_HINTS = (
    "En el paso que empieza en `start`, ¿qué columnas de `a` y qué filas de `b` necesita "
    "el bloque, y cuál de esos elementos puede traer el hilo `(tx, ty)`?",
    "Un paso tiene cuatro partes: traer, esperar, sumar, esperar. "
    "La primera espera es para no leer antes de tiempo; la segunda, para no pisar antes de tiempo.",
    "`ta[ty, tx] = a[row, start + tx]` y `tb[ty, tx] = b[start + ty, col]`. "
    "Después `cuda.syncthreads()`, "
    "la suma de `ta[ty, k] * tb[k, tx]` para `k` de 0 a `TILE - 1`, "
    "y otra vez `cuda.syncthreads()`. Al terminar todos los pasos, `c[row, col] = total`.",
)

RAGGED_HINTS = (
    "Un hilo cuya fila no existe en `c`, ¿tiene algo que traer para los demás?",
    "Son tres guardas distintas: si existe el elemento de `a`, si existe el de `b` "
    "y si existe el de `c`. Las barreras van fuera de las tres.",
    "Antes de cada guarda, `ta[ty, tx] = np.float32(0)` y `tb[ty, tx] = np.float32(0)`. "
    "La de `a` pregunta por `row` y `start + tx`; la de `b`, por `start + ty` y `col`. "
    "El ciclo `range(0, a.shape[1], TILE)` ya incluye el paso incompleto.",
)

TRANSPOSED_B_HINTS = (
    "Si el hilo lee `b[col, k]` directamente, ¿en qué filas caen los 32 hilos de un warp?",
    "La tesela de `b` se llena por filas: sus filas son las columnas de `c`, "
    "y sus columnas, los `k` de ese paso. "
    "La fila de `b` que trae el hilo sale de `cuda.blockIdx.x` y `ty`.",
    "Con `n = cuda.blockIdx.x * TILE + ty`: `tb[ty, tx] = b[n, start + tx]`, "
    "con cero si no existe. "
    "La suma usa `ta[ty, k] * tb[tx, k]`, y con `tb` de forma `(TILE, PADDED)` "
    "bajar por una columna no choca.",
)

UNINITIALIZED_HINTS = (
    "¿Cuánto vale cero por NaN? ¿Y cero por infinito?",
    "La memoria compartida empieza con basura. "
    "Además, en el último paso conserva lo que dejó el paso anterior: "
    "darle valor una vez, antes del ciclo, no basta.",
    "Dentro del ciclo, antes de la guarda de `b`, falta `tb[ty, tx] = np.float32(0)`. "
    "También sirve sumar solo los `k` que existen en ese paso, "
    "y solo en los hilos cuya columna existe en `c`.",
)
