"""Los enunciados de la unidad 4, en Markdown."""

from __future__ import annotations

STENCIL_TEXT = """\
Calcula la suma pesada de cada elemento y sus tres vecinos de cada lado:

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
A veces da bien y a veces no: tiene una carrera.

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
Primero 64 hilos suman una pareja cada uno, después 32, después 16, hasta que queda un número.
En una GPU puede quedarse colgado: hay hilos que nunca llegan a una barrera.

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
