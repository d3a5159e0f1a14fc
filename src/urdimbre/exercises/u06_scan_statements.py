"""Los enunciados y las pistas de la suma de prefijos y sus clientes, en Markdown."""

from __future__ import annotations

SCAN_BLOCK_TEXT = """\
Un camión deja `x[i]` kilos en cada parada, o los recoge si `x[i]` es negativo.
¿Cuánto le falta por dejar al irse de cada una?
Calcula, para cada elemento, la suma de los que vienen *después* en su segmento de 128, sin el suyo.
Es una suma de prefijos exclusiva que empieza por el final.

- `x`, `out`: vectores `float32` del mismo tamaño.
- Se lanza con bloques de `BLOCK` hilos, uno por segmento.
- El último segmento puede quedar incompleto: lo que no existe no suma.
- La salida del último elemento de cada segmento es cero.
- Suman todos los hilos, en pocos pasos y con memoria compartida; los *shuffles* también valen.

Con segmentos de 4, `[1, 2, 3, 4, 5, 6]` da `[9, 7, 4, 0, 6, 0]`.
"""

SCAN_GRID_TEXT = """\
Calcula la suma de prefijos de un vector de cualquier tamaño.
Son dos kernels, y los dos van en la misma celda.

- `scan_blocks` deja en `out` la suma de prefijos de cada segmento de 64 elementos.
- Además deja en `sums[b]` el total del segmento `b`.
- `add_offsets` recibe en `offsets` la suma de prefijos de esos totales.
- A cada elemento de `out` le suma el total de los segmentos anteriores al suyo.

Los lanzamientos ya están decididos, y los hace la comprobación:

```python
def scan(x, out):
    blocks = -(-x.size // BLOCK)
    sums = cuda.device_array(blocks, np.float32)
    scan_blocks[blocks, BLOCK](x, out, sums)
    if blocks > 1:
        offsets = cuda.device_array(blocks, np.float32)
        scan(sums, offsets)
        add_offsets[blocks, BLOCK](out, offsets)
```

Como `scan` se llama a sí misma, el vector puede tener más de 64 · 64 elementos.
También se comprueban los `sums` y los `offsets` de cada nivel.

- Todos los vectores son `float32`.
- El último segmento puede quedar incompleto, y puede haber uno solo.
"""

HISTOGRAM_TEXT = """\
Cuenta cuántas veces aparece cada entero de 0 a 63.
El resultado se suma a lo que `counts` ya traía de una tanda anterior.
Cada bloque cuenta primero en un histograma propio, en la memoria compartida.
Al terminar todos sus datos lo suma al de la memoria global, una sola vez.

- `x`: vector `int32` de `n` elementos; puede traer valores negativos o mayores que 63.
- Esos valores no se cuentan.
- Cada elemento de `x` se lee una sola vez de la memoria global.
- `counts`: vector `int32` de `BINS` casillas, con cuentas de antes.
- El tamaño del bloque cambia de un lanzamiento a otro, y puede ser menor que `BINS`.
- La malla puede tener menos hilos que `n`: usa un ciclo de zancada de malla.
"""

COMPACTION_TEXT = """\
Junta los elementos positivos de cada fila al comienzo de la fila, sin cambiar su orden.
Cada bloque se ocupa de una fila y la recorre por tramos de `BLOCK` elementos.

- `x`, `out`: matrices `float32` de la misma forma, `(filas, n)`.
- `counts`: vector `int32` con una casilla por fila: cuántos positivos tiene.
- Lo que sobra de cada fila de `out` no se escribe.
- Se lanza con un bloque de `BLOCK` hilos por fila, y `n` puede ser cualquiera.
- Cada elemento de `x` se lee una sola vez.

La fila `[-1, 4, 2, -3, 5]` da `[4, 2, 5]` y una cuenta de 3.
"""

SCAN_BLOCK_HINTS = (
    "En el capítulo cada casilla suma la que está `step` lugares antes. "
    "Aquí, ¿la de qué lado, y qué casillas no tienen con quién sumar?",
    "En cada paso un hilo lee dos casillas y escribe una que otro también lee. "
    "Lee de una tesela y escribe en la otra, o separa la lectura de la escritura con una barrera. "
    "Al terminar, cada casilla incluye su propio elemento: la suma sin él está en otra casilla.",
    "En el paso `step` suman las casillas con `t + step < BLOCK`: guarda `tile[t + step]` en una "
    "variable, espera, agrégala a `tile[t]` y espera otra vez. "
    "Al final, la salida del hilo `t` está en `tile[t + 1]`, y la del último es cero.",
)

SCAN_GRID_HINTS = (
    "Si cada segmento ya tiene su suma de prefijos, ¿qué número le falta a cada elemento del "
    "segmento 2, y es el mismo para todos?",
    "`scan_blocks` es la suma inclusiva de un segmento más una línea: un solo hilo escribe el "
    "total en `sums`. "
    "En `add_offsets` no hace falta memoria compartida ni barreras.",
    "El total del segmento es la última casilla de la tesela, también si el segmento quedó "
    "incompleto, porque las casillas que sobran valen cero. "
    "En `add_offsets`, los hilos del bloque `b > 0` suman `offsets[b - 1]` a su elemento.",
)

HISTOGRAM_HINTS = (
    "¿Cuántas operaciones atómicas sobre la memoria global hace cada bloque si solo suma sus "
    "64 totales al final?",
    "Son tres fases con una barrera entre cada una: poner el histograma propio en cero, contar, y "
    "sumar al global. "
    "Si el bloque tiene menos hilos que casillas, la primera y la última necesitan un ciclo.",
    "Cero y suma final: `for b in range(t, BINS, cuda.blockDim.x)`. "
    "Cuenta: `for i in range(cuda.grid(1), x.size, cuda.gridsize(1))`, `v = x[i]` y, si "
    "`0 <= v < BINS`, `cuda.atomic.add(local, v, 1)`. "
    "Al final, `cuda.atomic.add(counts, b, local[b])`.",
)

COMPACTION_HINTS = (
    "Si sabes cuántos positivos hay antes de un elemento, ¿en qué lugar de la salida va?",
    "Marca cada elemento con 1 o 0 y calcula la suma de prefijos de las marcas. "
    "Entre un tramo y el siguiente hay que recordar cuántos van.",
    "En cada tramo: `tile[t]` vale 1 si el elemento existe y es positivo, o 0. "
    "Después de la suma de prefijos, quien tenga un 1 escribe en "
    "`out[row, base + tile[t] - 1]`. "
    "Todos hacen `base += tile[BLOCK - 1]`, y una barrera más antes de pisar la tesela.",
)
