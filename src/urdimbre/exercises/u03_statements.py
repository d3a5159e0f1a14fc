"""Los enunciados y las pistas de la unidad 3, en Markdown."""

from __future__ import annotations

COPY_TEXT = """\
Copia un vector: `out[i] = x[i]`.
Cada hilo copia cuatro elementos.
Cada bloque se ocupa de un tramo seguido de `4 * cuda.blockDim.x` elementos.
Tú decides qué cuatro le tocan a cada hilo.
En cada lectura y en cada escritura, los hilos vecinos deben tocar elementos vecinos.

- `x`, `out`: vectores `float32` del mismo tamaño.
- El último tramo puede quedar incompleto.
"""

COPY_HINTS = (
    "Si el hilo 0 copia los elementos 0, 1, 2 y 3, ¿qué elementos lee el warp en su primera "
    "lectura, y cuántos sectores tocan?",
    "En la primera vuelta, los hilos del bloque leen elementos seguidos, uno cada uno. "
    "En la siguiente, los que vienen después de esos.",
    "El tramo empieza en `start = 4 * cuda.blockDim.x * cuda.blockIdx.x`. "
    "Para `k` de 0 a 3, `i = start + k * cuda.blockDim.x + cuda.threadIdx.x`, con su guarda.",
)

SOA_TEXT = """\
Unas partículas llegan como arreglo de estructuras: una fila por partícula, con sus 4 números.
Entrégalas como estructura de arreglos, con una fila por número: `s[f, i] = p[i, f]`.
Cada hilo mueve un solo número.
Tanto al leer `p` como al escribir `s`, cada warp debe tocar los sectores justos.

- `p`: matriz `float32` de forma `(n, 4)`.
- `s`: matriz `float32` de forma `(4, n)`.
- La malla tiene una dimensión y cubre los `4 * n` números; le pueden sobrar hilos.
"""

SOA_HINTS = (
    "En la memoria, ¿qué números de `p` siguen al `p[0, 0]`? "
    "¿Qué le toca leer a cada carril para que los 32 sean vecinos?",
    "Numera los hilos en el orden en que están los números de `p`: "
    "cuatro hilos seguidos leen la misma partícula. "
    "Así un warp escribe 8 números seguidos en cada una de las 4 filas de `s`.",
    "`j = cuda.grid(1)`, después `if j < p.size:` y dentro `i = j // 4`, `f = j % 4`, "
    "`s[f, i] = p[i, f]`.",
)

ROW_SUMS_TEXT = """\
Suma las filas de una matriz en 32 sumas parciales por fila.
La suma `k` de una fila reúne las columnas `k`, `k + 32`, `k + 64` y las que siguen.
Con una fila de 70 columnas, `partial[f, 5]` vale `a[f, 5] + a[f, 37] + a[f, 69]`.
Cada hilo calcula una suma parcial.
Tú decides qué fila y qué suma le tocan, para que las lecturas sean coalescidas.
Con las 32 de cada fila, el anfitrión termina: `partial.sum(axis=1)`.
Que terminen los mismos hilos pide que cooperen, y eso llega más adelante.

- `a`: matriz `float32` de forma `(filas, columnas)`.
- `partial`: matriz `float32` de forma `(filas, 32)`.
- Si no le toca ninguna columna, la suma vale cero.
- La malla tiene una dimensión y cubre las `32 * filas` sumas; le pueden sobrar hilos.
- El bloque es siempre múltiplo de 32.
"""

ROW_SUMS_HINTS = (
    "Los 32 carriles de un warp leen a la vez. "
    "¿Deben estar en la misma fila y en columnas seguidas, o en la misma columna?",
    "Un warp se ocupa de una fila: con `i = cuda.grid(1)`, la fila cambia cada 32 hilos "
    "y la suma parcial es el carril.",
    "`i = cuda.grid(1)`, `row = i // 32`, `lane = i % 32`. Con `row < a.shape[0]`, acumula "
    "`a[row, c]` para `c` en `range(lane, a.shape[1], 32)`, desde `np.float32(0)`.",
)

WRONG_STRIDE_TEXT = """\
El kernel de abajo multiplica cada fila de una matriz por su factor.
Cada bloque se ocupa de una fila y la reparte entre sus hilos, en tramos seguidos.
Tiene dos síntomas y una sola causa.
Con 256 columnas y 64 hilos da el resultado correcto, pero mueve sectores de más.
Con 130 columnas y 64 hilos deja columnas sin escribir.
`sanitize` no encuentra nada, porque todos los accesos son válidos.

```python
@cuda.jit
def debug_wrong_stride(a, gain, out):
    row = cuda.blockIdx.x
    t = cuda.threadIdx.x
    cols = a.shape[1]
    chunk = cols // cuda.blockDim.x
    for k in range(chunk):
        c = t * chunk + k
        out[row, c] = gain[row] * a[row, c]
```

Cópialo en la celda, comprueba qué dice el informe y arréglalo.

- `a`, `out`: matrices `float32` de la misma forma.
- `gain`: vector `float32` con un factor por fila.
- Se lanza con un bloque por fila; el bloque puede tener más hilos que columnas, o menos.
"""

WRONG_STRIDE_HINTS = (
    "Con 256 columnas y 64 hilos, ¿qué columna lee cada uno de los primeros hilos "
    "en la primera vuelta del ciclo? ¿Son vecinas?",
    "La causa es la zancada entre hilos vecinos: aquí vale `chunk`, y debe valer 1. "
    "Entre una vuelta y la siguiente, en cambio, cada hilo avanza todo el ancho del bloque.",
    "`for c in range(t, cols, cuda.blockDim.x):` recorre todas las columnas, "
    "también cuando no se reparten en partes iguales.",
)
