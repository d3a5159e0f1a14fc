"""Los enunciados y las pistas de la unidad 11, en Markdown."""

from __future__ import annotations

SCORES_TEXT = """\
Calcula los puntajes de la atención: cuánto se parece cada consulta a cada clave.

$$\\text{s}[i, j] = \\text{scale} \\cdot \\sum_{c=0}^{15} \\text{q}[i, c] \\cdot \\text{k}[j, c]$$

Cada bloque calcula una tesela de 16 × 16 puntajes.
Como las filas tienen solo `HEAD` números, las dos teselas que necesita caben enteras.
Una lleva 16 filas de `q` y la otra 16 filas de `k`.
Se llenan leyendo por filas, con una sola barrera.

- `q`: consultas, `float32` de forma `(n_q, HEAD)`.
- `k`: claves, `float32` de forma `(n_k, HEAD)`.
- `scale`: un `float32` que multiplica los puntajes; casi siempre es uno sobre la raíz de `HEAD`.
- `s`: puntajes, `float32` de forma `(n_q, n_k)`.
- El bloque es de `TILE` × `TILE` hilos, y la malla cubre `s`.
- `x` recorre las columnas de `s` e `y` sus filas, en el bloque y en la malla.
- Las medidas no siempre son múltiplos de 16.

Bajar por una columna de una tesela de 16 columnas usa solo dos bancos: para eso está `PADDED`.
Las cuentas deben quedarse en `float32`.
"""

NAIVE_TEXT = """\
Calcula la atención ingenua, con tres kernels y dos matrices enteras en la memoria global.

1. `attention_scores` escribe los puntajes en `s`, como en el ejercicio anterior.
2. `softmax_rows` escribe en `p` el softmax de cada fila de `s`.
3. `weighted_values` escribe en `out` el promedio de los valores, con los pesos de `p`.

Puedes copiar tu solución del ejercicio anterior en el primero.

- `q`, `k`, `scale`, `s`: como antes.
- `p`: pesos, `float32` de forma `(n_q, n_k)`.
- `v`: valores, `float32` de forma `(n_k, HEAD)`.
- `out`: salida, `float32` de forma `(n_q, HEAD)`.
- `softmax_rows` se lanza con un bloque de `THREADS` hilos por fila.
- Una fila puede ser más corta o más larga que el bloque.
- `weighted_values` se lanza con bloques de `HEAD` × `TILE` hilos, apilados hacia abajo.
- En él, la columna de `out` es `threadIdx.x`; la fila sale de `blockIdx.y` y `threadIdx.y`.

Hay casos con puntajes de hasta ±16 000: sin restar el máximo, la exponencial se desborda.
Las cuentas deben quedarse en `float32`.
"""

FLASH_TEXT = """\
Calcula la atención en un solo kernel, sin escribir la matriz de puntajes en ningún lado.
Cada bloque atiende `ROWS` consultas, una por hilo, y recorre las claves por teselas de `KEYS`.
De cada tesela, los hilos del bloque copian juntos las claves y los valores.
Cada hilo lleva el máximo `m`, la suma `total` y el acumulador de su fila, y los corrige al avanzar.
Al final, una sola división por `total`.

- `q`: `float32` de forma `(n_q, HEAD)`.
- `k`, `v`: `float32` de forma `(n_k, HEAD)`; `n_k` es al menos 1.
- `scale`: un `float32` que multiplica los puntajes.
- `out`: `float32` de forma `(n_q, HEAD)`.
- `lse`: `float32` de forma `(n_q,)`: `m` más el logaritmo de `total`, de cada fila.
- Se lanza con bloques de `ROWS` hilos; ni `n_q` ni `n_k` son siempre múltiplos de nada.

El acumulador va en un arreglo local: `cuda.local.array(HEAD, np.float32)`.
Hay casos con puntajes de hasta ±16 000.
Las cuentas deben quedarse en `float32`.
"""

CAUSAL_TEXT = """\
Agrega la máscara causal a tu kernel: una consulta no ve las claves que vienen después de ella.
La última consulta ve todas las claves.
En general, la consulta `i` ve las claves `j <= i + n_k - n_q`.
Si no ve ninguna, su fila de `out` es de ceros y su `lse` es menos infinito.

- Los argumentos y el lanzamiento son los del ejercicio anterior.
- `n_q` y `n_k` pueden ser distintos, en los dos sentidos.

Las teselas que ninguna consulta del bloque ve no se cargan: el bloque se detiene antes.
Todos los hilos del bloque deben dar las mismas vueltas, porque en cada vuelta hay barreras.
Las cuentas deben quedarse en `float32`.
"""

GQA_TEXT = """\
Calcula la atención de varias secuencias y varias cabezas, con cabezas agrupadas.
Cada grupo de cabezas de consultas comparte una de claves y valores.
La cabeza `h` de `q` usa la cabeza `h // group` de `k` y de `v`.
Aquí `group`, las cabezas de cada grupo, es `cuda.blockDim.y`, y puede valer 1.

Un bloque atiende las mismas 32 posiciones en *todas* las cabezas de un grupo.
Así cada tesela de claves y valores se carga una vez para todo el grupo.

- `q`, `out`: `float32` de forma `(lotes, cabezas, n, HEAD)`.
- `k`, `v`: `float32` de forma `(lotes, cabezas_kv, n, HEAD)`.
- `lse`: `float32` de forma `(lotes, cabezas, n)`.
- El bloque es de 32 × `group` hilos: `threadIdx.x` elige la posición.
- `threadIdx.y` elige la cabeza dentro del grupo.
- La malla es de teselas × `cabezas_kv` × lotes.
- En ella `blockIdx.y` es la cabeza de claves, y `blockIdx.z`, el lote.

No hay máscara causal.
Las cuentas deben quedarse en `float32`.
"""

SCORES_HINTS = (
    "Los 16 hilos de una fila del bloque tienen claves distintas. "
    "¿Qué tan lejos quedan en memoria `k[j, c]` y `k[j + 1, c]`?",
    "Cada hilo trae un número de `q` y uno de `k`, los dos con `threadIdx.x` como columna. "
    "La fila de `k` que trae no es la de su puntaje: depende de `threadIdx.y`.",
    "`q_tile[y, x] = q[by * TILE + y, x]` y `k_tile[y, x] = k[bx * TILE + y, x]`, cada uno con "
    "su guarda; barrera; y el hilo suma `q_tile[y, c] * k_tile[x, c]`. "
    "Bajar por las filas de `k_tile` con `x` es leer con el paso de la fila: que sea impar.",
)

NAIVE_HINTS = (
    "Si la fila es más corta que el bloque, hay hilos sin elementos. "
    "¿Qué deben aportar al máximo y a la suma para no estropearlos?",
    "En `softmax_rows` cada hilo recorre su fila de 64 en 64, y después el bloque reduce: "
    "primero el máximo, que empieza en menos infinito, y luego la suma, que empieza en cero. "
    "Entre las dos reducciones, la memoria compartida se vuelve a usar: hace falta una barrera.",
    "Con `tile[t]` lleno y una barrera: `step = THREADS // 2` y, mientras sea positivo, "
    "`if t < step: tile[t] = max(tile[t], tile[t + step])`, barrera, `step //= 2`. "
    "Guarda `tile[0]` en una variable, pon otra barrera y repite con la suma de "
    "`math.exp(s[row, j] - m)`. "
    "En `weighted_values`, la fila es `cuda.blockIdx.y * TILE + cuda.threadIdx.y`.",
)

FLASH_HINTS = (
    "Llega una clave con un puntaje mayor que todos los anteriores. "
    "¿Qué le pasa a lo que ya estaba sumado en `total` y en el acumulador?",
    "Los hilos sin consulta también cargan teselas y también llegan a las barreras: "
    "la guarda de la consulta protege leer `q` y escribir la salida, nada más. "
    "Una barrera separa cargar de usar, y otra, usar de volver a cargar.",
    "Por clave: `s` es el producto punto; `m_new = max(m, s)`; "
    "`alpha = math.exp(m - m_new)`; `p = math.exp(s - m_new)`; `total = total * alpha + p`; "
    "`acc[c] = acc[c] * alpha + p * v_tile[j, c]`; `m = m_new`. "
    "Empieza con `m` en menos infinito, como `np.float32`, y `total` en cero.",
)

CAUSAL_HINTS = (
    "De las consultas de un bloque, ¿cuál ve más claves, y cuántas ve?",
    "El ciclo de teselas termina en lo que ve la última consulta del bloque, "
    "que es lo mismo para todos los hilos. "
    "Dentro de la tesela, cada hilo termina en lo que ve la suya. "
    "Una clave que no se ve no entra en la suma, y tampoco en el máximo.",
    "`visible = i + n_k - n_q + 1` para el hilo con consulta. "
    "El bloque recorre hasta `stop = last + n_k - n_q + 1`, con `last` la última consulta suya "
    "que existe: `min(first + ROWS, n_q) - 1`. "
    "Al escribir, si `total` es cero, la fila vale cero y su `lse`, menos infinito.",
)

GQA_HINTS = (
    "¿Qué tienen en común los hilos con distinto `threadIdx.y` de un bloque, "
    "y qué pueden cargar entre todos?",
    "La tesela es del bloque entero: la llenan los 32 × `group` hilos, "
    "con un índice `threadIdx.y * 32 + threadIdx.x` y un paso de `32 * group`. "
    "Lo demás es el kernel que ya tienes, con dos índices más.",
    "`kv = cuda.blockIdx.y`, `b = cuda.blockIdx.z`, "
    "`h = kv * cuda.blockDim.y + cuda.threadIdx.y`. "
    "Se lee `k[b, kv, start + j, c]` y `q[b, h, i, c]`, y se escribe `out[b, h, i, c]`.",
)
