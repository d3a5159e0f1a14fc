"""Los enunciados y las pistas de las reducciones de la unidad 6, en Markdown."""

from __future__ import annotations

LOST_UPDATE_TEXT = """\
El kernel de abajo cuenta, por estación, las lecturas que pasan de un límite.
Se suman a las cuentas que ya traía `count`.
Cuando dos hilos atienden lecturas de la misma estación, alguna cuenta se pierde.

```python
@cuda.jit
def debug_lost_update(station, celsius, limit, count):
    i = cuda.grid(1)
    if i < celsius.size and celsius[i] > limit:
        count[station[i]] += 1
```

Cópialo en la celda, comprueba qué dice el informe y arréglalo.

- `station`: vector `int32`; la lectura `i` es de la estación `station[i]`.
- `celsius`: vector `float32` del mismo tamaño.
- `limit`: un `float32`; una lectura igual al límite no se cuenta.
- `count`: vector `int32` con una casilla por estación.
- Se lanza con un hilo por lectura.
"""

LOST_UPDATE_HINTS = (
    "La línea `count[station[i]] += 1` parece un paso. ¿Cuántas veces toca la memoria, "
    "y qué pasa si otro hilo toca la misma casilla en el medio?",
    "Una barrera no sirve: los dos hilos pueden ser de bloques distintos. "
    "Hace falta que leer, sumar y escribir ocurran sin que nadie pueda meterse.",
    "Es una línea: `cuda.atomic.add(count, station[i], 1)`. "
    "Lo que devuelve es el valor anterior, y aquí no hace falta guardarlo.",
)

ARGMAX_TEXT = """\
Encuentra en qué columna está el mayor valor de cada fila.
Es lo que hace un modelo de lenguaje cuando elige la palabra más probable.
Cada bloque se ocupa de una fila, que puede tener más columnas que hilos tiene el bloque.

- `x`: matriz `float32` de forma `(filas, columnas)`.
- `out`: vector `int32` con una casilla por fila.
- Se lanza con un bloque de `BLOCK` hilos por fila.
- Si el mayor valor está repetido, vale la primera columna.
- Los NaN no compiten, y menos infinito sí: la respuesta es -1 solo si toda la fila es NaN.
- `LOWEST` es menos infinito, por si necesitas de dónde partir.

Cada hilo debe hacer un par de operaciones atómicas como mucho, y no una por elemento.
"""

ARGMAX_HINTS = (
    "Si supieras cuánto vale el máximo de la fila, ¿cómo encontrarías la primera columna que lo "
    "tiene?",
    "Son dos vueltas sobre la fila, con una barrera antes, otra en medio y otra después. "
    "En la primera, cada hilo busca el mayor de *sus* columnas en una variable suya, "
    "y solo al final lo lleva a la memoria compartida con `cuda.atomic.max`.",
    "El hilo 0 pone `best[0] = LOWEST` y `first[0] = x.shape[1]`; barrera. "
    "Cada hilo recorre sus columnas y hace un `cuda.atomic.max(best, 0, mine)`; barrera. "
    "Después busca su primera columna con `x[row, j] == best[0]` y hace "
    "`cuda.atomic.min(first, 0, j)`; barrera. Si `first[0]` no cambió, la respuesta es -1.",
)

REDUCE_BLOCK_TEXT = """\
Suma cada segmento de 512 elementos: `out[b]` es la suma del segmento `b`.
Cada bloque de 256 hilos se ocupa de un segmento.
Primero cada hilo suma dos elementos al leerlos.
Después cada warp suma lo suyo con `cuda.shfl_down_sync`, sin memoria compartida.
Al final, un solo warp suma lo que dejó cada uno.

- `x`: vector `float32` de `n` elementos; el último segmento puede quedar incompleto.
- `out`: vector `float32` con una casilla por bloque.
- Se lanza con bloques de `BLOCK` hilos, uno por segmento.
- El resultado debe ser el mismo en cada ejecución: sin operaciones atómicas.

Bastan una barrera por bloque y una casilla compartida por warp.
"""

REDUCE_BLOCK_HINTS = (
    "¿Qué warps necesitan esperarse entre sí, y en qué momento, "
    "si dentro de un warp los valores pasan de un carril a otro sin memoria?",
    "El hilo `t` lee `x[start + t]` y `x[start + t + BLOCK]`, cada uno con su guarda, y los suma. "
    "Los hilos sin datos aportan cero, pero no se van: participan en los *shuffles* y en la "
    "barrera.",
    "`value += cuda.shfl_down_sync(FULL, value, step)` con `step` igual a 16, 8, 4, 2 y 1. "
    "El carril 0 de cada warp guarda en `parts[t // 32]`; barrera. "
    "El warp 0 toma `parts[t]` si `t < BLOCK // 32`, o cero, repite los cinco pasos, "
    "y el hilo 0 escribe.",
)

REDUCE_GRID_TEXT = """\
Para saber cuánto se parecen dos vectores hacen falta tres sumas, y salen de los mismos datos.
Suma cada una a la casilla de `out` que le toca:

$$\\text{out}[0] \\leftarrow \\text{out}[0] + \\sum_i x_i \\, y_i$$

$$\\text{out}[1] \\leftarrow \\text{out}[1] + \\sum_i x_i^2$$

$$\\text{out}[2] \\leftarrow \\text{out}[2] + \\sum_i y_i^2$$

La malla puede tener menos hilos que elementos, o más.
Cada elemento de `x` y de `y` se lee una sola vez.
Cada bloque hace una operación atómica por suma, y un solo árbol lleva las tres.

- `x`, `y`: vectores `float32` del mismo tamaño.
- `out`: vector `float32` de tres elementos, que llega con valores.
- Se lanza con bloques de `BLOCK` hilos.
- Toda la cuenta va en `float32`.

Con las tres se calcula después la similitud coseno, `out[0] / sqrt(out[1] * out[2])`.
"""

REDUCE_GRID_HINTS = (
    "Si las tres sumas se reducen con los mismos pasos, ¿hacen falta más barreras que para una?",
    "Cada hilo lleva tres acumuladores en su ciclo, y la tesela tiene tres filas, una por suma. "
    "En cada paso del árbol, un hilo suma en las tres filas antes de la barrera. "
    "Los hilos sin elementos aportan ceros.",
    "`tile = cuda.shared.array((3, BLOCK), np.float32)`, y cada hilo escribe `tile[0, t]`, "
    "`tile[1, t]` y `tile[2, t]`. Se suma por mitades, con una barrera por vuelta para las tres. "
    "Al final, el total de la suma `k` está en `tile[k, 0]`, y puede llevarlo el hilo `k`.",
)

FLOAT_ORDER_TEXT = """\
El kernel de abajo suma cada segmento de 1024 elementos.
No tiene carreras y su error es pequeño, pero no da dos veces el mismo resultado.
Los últimos bits cambian con el orden en que llegan los warps.
Quien busque un error en un programa grande no podrá repetirlo.

```python
@cuda.jit
def debug_float_order(x, out):
    total = cuda.shared.array(1, np.float32)
    t = cuda.threadIdx.x
    start = cuda.blockIdx.x * SEGMENT
    if t == 0:
        total[0] = 0.0
    cuda.syncthreads()
    part = np.float32(0)
    for i in range(start + t, min(start + SEGMENT, x.size), BLOCK):
        part += x[i]
    cuda.atomic.add(total, 0, part)
    cuda.syncthreads()
    if t == 0:
        out[cuda.blockIdx.x] = total[0]
```

Cópialo en la celda, comprueba qué dice el informe y arréglalo.
Con cualquier orden de los warps y de los bloques, `out` debe ser igual bit por bit.

- `x`: vector `float32` de `n` elementos; el último segmento puede quedar incompleto.
- `out`: vector `float32` con una casilla por bloque.
- Se lanza con bloques de `BLOCK` hilos, uno por segmento.

Que el trabajo siga repartido: un solo hilo que suma los 128 no vale.
"""

FLOAT_ORDER_HINTS = (
    "Lo que cada hilo guarda en `part` es siempre igual. ¿En qué línea se decide en qué orden se "
    "juntan esas 128 sumas?",
    "Sumar números de punto flotante en otro orden redondea distinto. "
    "El orden queda fijo si cada suma sabe de antemano qué dos casillas junta.",
    "Cambia `total` por una tesela de `BLOCK` casillas: `tile[t] = part`, barrera, "
    "y suma por mitades, con `step` de 64 a 1 y una barrera en cada vuelta. "
    "El hilo 0 escribe `tile[0]`.",
)
