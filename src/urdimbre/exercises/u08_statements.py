"""Los enunciados y las pistas de la unidad 8, en Markdown."""

from __future__ import annotations

FLOAT32 = """\
- Toda la cuenta va en `float32`: el acumulador empieza en `np.float32(0)`.
"""

NAIVE_TEXT = (
    """\
Multiplica dos matrices que llegan guardadas por columnas, como las guarda Fortran.
Vistas desde Python, las dos están transpuestas; `c` se pide por filas, como siempre.

$$c[i, j] = \\sum_{k=0}^{K-1} a[k, i] \\cdot b[j, k]$$

Cada hilo calcula un elemento de `c`.
Tú decides si `threadIdx.x` recorre las columnas de `c` o sus filas.
Antes de escribir, cuenta los sectores que lee un warp en un paso de `k` con cada reparto.
Uno pide 5 y el otro, 33: la comprobación solo acepta el mejor.

- `a`: matriz `float32` de forma `(K, M)`.
- `b`: matriz `float32` de forma `(N, K)`.
- `c`: matriz `float32` de forma `(M, N)`; llega con basura.
- Se lanza con bloques de 32 × 8 hilos, y la malla alcanza para los dos repartos.
- Las medidas no siempre llenan los bloques, y sobran bloques enteros.
- La suma se lleva en una variable y se escribe una sola vez, al final.
"""
    + FLOAT32
)

TILED_TEXT = (
    """\
Suma a `c` el producto de `a` transpuesta por `b`, por teselas de 16 × 16.

$$c[i, j] \\leftarrow c[i, j] + \\sum_{k=0}^{K-1} a[k, i] \\cdot b[k, j]$$

Así se acumula el gradiente de los pesos de una capa: `k` recorre los ejemplos.
Cada bloque se ocupa de una tesela de `c` y avanza por `k` de 16 en 16, como en el capítulo.
Pero una fila de `a` tiene ahora un mismo `k` y varias filas de `c`.
Decide qué elemento de `a` trae cada hilo, para que los vecinos lean vecinos.
Después, en qué casilla de la tesela está el que cada uno necesita.

- `a`: matriz `float32` de forma `(K, M)`.
- `b`: matriz `float32` de forma `(K, N)`.
- `c`: matriz `float32` de forma `(M, N)`; llega con números que cuentan.
- `M`, `K` y `N` son múltiplos de `TILE`: aquí no hacen falta guardas.
- Se lanza con bloques de `TILE` × `TILE` hilos: `x` cubre las columnas de `c` e `y`, sus filas.
- Cada elemento de `c` se lee una vez y se escribe una vez.
"""
    + FLOAT32
)

RAGGED_TEXT = (
    """\
Multiplica dos matrices de cualquier medida con teselas que no son cuadradas.
Cada bloque calcula 16 filas y 32 columnas de `c`, y avanza por `k` de 32 en 32.
La tesela de `a` tiene entonces tantos elementos como hilos hay en el bloque.
La de `b` tiene el doble: decide quién trae la otra mitad.
Lo que no existe en `a` o en `b` vale cero.

- `a`: matriz `float32` de forma `(M, K)`.
- `b`: matriz `float32` de forma `(K, N)`.
- `c`: matriz `float32` de forma `(M, N)`; llega con basura.
- `M`, `K` y `N` son enteros desde 1, sin relación con las teselas.
- Se lanza con bloques de `COLS` × `ROWS` hilos: `x` cubre las columnas de `c` e `y`, sus filas.
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
    "Con `threadIdx.x` en las columnas de `c`, los 32 hilos de un warp tienen 32 `j` distintos: "
    "en un mismo paso de `k`, ¿qué elementos de `b` piden, y cuántos sectores ocupan?",
    "Con el reparto de siempre, `a` pide un sector y `b`, 32. "
    "Con el otro, los vecinos comparten `j` y recorren una fila de `a`. "
    "La escritura de `c` empeora, pero ocurre una vez y las lecturas, `K` veces.",
    "`cuda.grid(2)` da primero lo que recorre `threadIdx.x`: que sea la fila de `c`. "
    "Las guardas preguntan por la forma de `c`; el ciclo llega hasta `a.shape[0]`.",
)

TILED_HINTS = (
    "El bloque necesita 16 filas de `a`, las de este paso, y 16 columnas, las de sus filas de `c`. "
    "¿Cuál de las dos debe recorrer `tx`, y desde qué columna empieza el bloque?",
    "Lo que un hilo trae no tiene por qué ser lo que usa. "
    "Si `tx` recorre las columnas de `a`, la primera es la primera fila de `c` que toca al bloque. "
    "En la tesela, `k` queda en las filas.",
    "La columna de `a` es `cuda.blockIdx.y * TILE + tx` y la fila, `start + ty`. "
    "Al sumar, el hilo baja por la columna `ty` de su tesela: `ta[k, ty]`. "
    "Entre traer y sumar, una barrera; entre sumar y volver a traer, otra.",
)

RAGGED_HINTS = (
    "Con 32 × 16 hilos y 32 filas en la tesela de `b`, ¿qué dos filas le tocan al hilo `(tx, ty)`? "
    "¿Y tiene algo que traer un hilo cuya fila no existe en `c`?",
    "Son guardas distintas: una para el elemento de `a`, una para cada elemento de `b` "
    "y una para el de `c`. Las barreras van fuera de todas.",
    "Al hilo le tocan las filas `ty` y `ty + ROWS` de la tesela de `b`: "
    "un ciclo `for y in range(ty, STEP, ROWS)` las recorre. "
    "Dentro, primero el cero y después la guarda, que pregunta por `start + y` y por `col`.",
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
