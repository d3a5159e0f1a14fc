"""Los enunciados y las pistas de la unidad 4, en Markdown."""

from __future__ import annotations

STENCIL_TEXT = """\
Un estarcido, *stencil* en inglés, calcula cada elemento a partir de sus vecinos.
Este es la suma ponderada de cada elemento y sus tres vecinos de cada lado:

$$\\text{out}[i] = \\sum_{k=0}^{6} \\text{weights}[k] \\cdot x[i + k - 3]$$

Los elementos que caen fuera de `x` valen cero.
Cada bloque copia una sola vez a la memoria compartida los elementos que necesita.
Son los 128 suyos y un halo de 3 por cada lado.
Después cada hilo lee de ahí su ventana de 7.

- `x`, `out`: vectores `float32` del mismo tamaño.
- `weights`: vector `float32` de 7 pesos.
- Se lanza con bloques de `BLOCK` hilos; el último puede quedar incompleto.
- La forma de `cuda.shared.array` debe ser una constante: usa `TILE`.
"""

TRANSPOSE_TEXT = """\
Transpone una matriz: `out[c, f] = a[f, c]`.
Cada bloque de 32 × 32 hilos copia una tesela a la memoria compartida.
Después la escribe en su lugar, ya transpuesta.
Tanto la lectura de `a` como la escritura de `out` deben recorrer filas.
La memoria compartida no debe tener conflictos de bancos.

- `a`: matriz `float32` de forma `(filas, columnas)`.
- `out`: matriz `float32` de forma `(columnas, filas)`.
- `x` recorre las columnas de `a` e `y` sus filas; las medidas no siempre son múltiplos de 32.
- La forma de `cuda.shared.array` admite constantes ya calculadas, como `PADDED`.
- No admite una cuenta como `TILE + 1`.
"""

BLOCK_REVERSE_TEXT = """\
Invierte cada segmento de 128 elementos, sin mover los segmentos de lugar.
Cada bloque se ocupa de un segmento.
Lo copia a la memoria compartida, espera a que esté completo y lo escribe al revés.

- `x`, `out`: vectores `float32` del mismo tamaño.
- Se lanza con bloques de `BLOCK` hilos, uno por segmento.
- El último segmento puede tener `m < 128` elementos: se invierten esos `m`.

Con segmentos de 4, `[1, 2, 3, 4, 5, 6]` da `[4, 3, 2, 1, 6, 5]`.
"""

MISSING_BARRIER_TEXT = """\
El kernel de abajo resta a cada elemento su reflejo dentro de su segmento de 128.
Es decir, el primero menos el último, el segundo menos el penúltimo, y así.
Cada bloque atiende varios segmentos, uno tras otro, con la misma tesela.
A veces el resultado es correcto y a veces no: tiene una carrera.

```python
@cuda.jit
def debug_missing_barrier(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    for start in range(cuda.blockIdx.x * BLOCK, x.size, cuda.gridDim.x * BLOCK):
        tile[t] = x[start + t]
        cuda.syncthreads()
        out[start + t] = tile[t] - tile[BLOCK - 1 - t]
```

Cópialo en la celda, comprueba qué dice el informe y arréglalo.

- `x`, `out`: vectores `float32` del mismo tamaño, múltiplo de `BLOCK`.
- Se lanza con bloques de `BLOCK` hilos.
- La malla puede tener menos bloques que segmentos, o más.
"""

DIVERGENT_BARRIER_TEXT = """\
El kernel de abajo suma cada segmento de 128 elementos por mitades.
Primero 64 hilos suman una pareja cada uno, después lo hacen 32, después 16.
Así hasta que queda un número.
Hay hilos que nunca llegan a una barrera.
Qué hace entonces una GPU no está definido: puede acertar, dar basura o quedarse colgada.

```python
@cuda.jit
def debug_divergent_barrier(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    tile[t] = 0.0
    if i < x.size:
        tile[t] = x[i]
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if t < step:
            tile[t] += tile[t + step]
            cuda.syncthreads()
        step //= 2
    if t == 0:
        out[cuda.blockIdx.x] = tile[0]
```

Cópialo en la celda, comprueba qué dice el informe y arréglalo.
Conserva la suma por mitades.

- `x`: vector `float32` de `n` elementos; el último segmento puede quedar incompleto.
- `out`: vector `float32` con una casilla por bloque.
- Se lanza con bloques de `BLOCK` hilos, uno por segmento.
"""

MOVING_AVERAGE_TEXT = """\
Calcula el promedio de cada elemento con sus vecinos a distancia `radius` o menos.
En los bordes la ventana se recorta: se divide por los elementos que sí existen.
El radio llega como argumento y el tamaño del bloque cambia de un lanzamiento a otro.
Por eso la tesela va en memoria compartida dinámica.

- `x`, `out`: vectores `float32` del mismo tamaño.
- `radius`: entero desde 0, menor que el tamaño del bloque.
- El lanzamiento ya pide `4 * (hilos + 2 * radius)` bytes de memoria compartida.
- Una tesela dinámica se declara con tamaño 0: `cuda.shared.array(0, np.float32)`.

Cada elemento de `x` debe leerse de la memoria global una sola vez por bloque.
"""

STENCIL_HINTS = (
    "¿Cuántos elementos distintos de `x` necesita un bloque de 128 hilos, "
    "y cuántas veces los leería en total sin memoria compartida?",
    "La tesela guarda `TILE` elementos: los del bloque y 3 de halo por cada lado. "
    "Todos los hilos llegan a la barrera, también los que no tienen casilla en `out`.",
    "`tile[t + RADIUS]` guarda el elemento del hilo (cero si no existe). "
    "Los hilos con `t < RADIUS` guardan además `tile[t]` y `tile[t + BLOCK + RADIUS]`. "
    "Después `cuda.syncthreads()`, y la suma lee `tile[t + k]` con `weights[k]`.",
)

TRANSPOSE_HINTS = (
    "Si un warp lee una fila de `a` y la escribe como columna de `out`, "
    "¿cuántos sectores toca la escritura?",
    "La tesela se llena por filas y se vacía por columnas. "
    "Al escribir, el bloque cambia de lugar (`blockIdx.x` por `blockIdx.y`) "
    "pero los hilos vecinos siguen en columnas vecinas de `out`.",
    "Con la tesela de forma `(TILE, PADDED)`: `tile[ty, tx] = a[f, c]`, barrera, "
    "y luego `out[bx * TILE + ty, by * TILE + tx] = tile[tx, ty]`, "
    "cada acceso con su guarda. La columna de más evita los conflictos de bancos.",
)

BLOCK_REVERSE_HINTS = (
    "¿Qué hilo escribe en la memoria compartida el elemento que tú necesitas leer, "
    "y cómo sabes que ya lo escribió?",
    "El segmento del bloque empieza en `start = cuda.blockIdx.x * BLOCK` "
    "y tiene `m = min(BLOCK, x.size - start)` elementos. "
    "La barrera va fuera de todo `if`.",
    "Con guarda `t < m`: `tile[t] = x[start + t]`. Después `cuda.syncthreads()` sin guarda, "
    "y otra vez con guarda `out[start + t] = tile[m - 1 - t]`.",
)

MISSING_BARRIER_HINTS = (
    "Un hilo rápido termina su vuelta y empieza la siguiente. "
    "¿Qué casilla pisa, y quién podría no haberla leído todavía?",
    "La barrera que hay separa escribir de leer dentro de una vuelta. "
    "Nada separa leer en una vuelta de escribir en la siguiente.",
    "Falta un `cuda.syncthreads()` al final del cuerpo del ciclo, fuera de todo `if`.",
)

DIVERGENT_BARRIER_HINTS = (
    "Con `step = 64`, ¿qué hilos llegan a la barrera de dentro del `if` y cuáles no?",
    "Una barrera espera a todos los hilos del bloque. "
    "Solo la suma depende de `t < step`; la espera no.",
    "Saca `cuda.syncthreads()` del `if`, con la misma sangría que el `if`, "
    "para que la ejecuten los 128 hilos en cada vuelta del `while`.",
)

MOVING_AVERAGE_HINTS = (
    "Con bloques de 4 hilos y `radius = 1`, ¿qué elementos de `x` necesita el bloque 2, y en qué "
    "casilla de la tesela queda cada uno?",
    "`cuda.shared.array(0, np.float32)` usa los bytes pedidos al lanzar. "
    "Cargar la tesela con un ciclo que avanza de `cuda.blockDim.x` en `cuda.blockDim.x` "
    "resuelve el cuerpo y el halo de una vez.",
    "Para `j` desde `t` hasta `cuda.blockDim.x + 2 * radius`: "
    "`tile[j]` guarda `x[start + j - radius]`, o cero si no existe. Barrera. "
    "El hilo `t` suma `tile[t]` a `tile[t + 2 * radius]` y divide por "
    "`min(i + radius, n - 1) - max(i - radius, 0) + 1`.",
)
