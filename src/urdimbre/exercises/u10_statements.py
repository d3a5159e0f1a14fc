"""Los enunciados y las pistas de la unidad 10, en Markdown."""

from __future__ import annotations

SOFTMAX_STABLE_TEXT = """\
Calcula el softmax de cada fila, también cuando los logits son enormes.
Las filas son frases de distinto largo, y de cada una vale solo el comienzo.
El resto es relleno: puede contener cualquier cosa, y sus pesos son cero.
Con $L$ igual a `lengths[r]`, lo que vale pesa:

$$\\text{out}[r, j] = \\frac{e^{x[r, j] - m}}{\\sum_k e^{x[r, k] - m}}, \\quad m = \\max_k x[r, k]$$

Los índices $j$ y $k$ van de 0 a $L - 1$.

- `x`, `out`: matrices `float32` de la misma forma.
- `lengths`: vector `int32`, una casilla por fila, desde 0 hasta la cantidad de columnas.
- Dentro de lo que vale puede haber entradas en menos infinito: su peso es cero.
- Una fila sin nada que pesar, vacía o enmascarada entera, da ceros.
- Se lanza con un bloque de `BLOCK` hilos por fila.

Puedes leer la fila de la memoria global tres veces, y escribirla una.
"""

SOFTMAX_STABLE_HINTS = (
    "Si el mayor logit de la fila es 10 000, ¿cuánto vale `math.exp` de ese número en `float32`? "
    "¿Y si antes le restas el mayor?",
    "Son tres recorridos de la fila, de `t` en adelante y de `BLOCK` en `BLOCK`. "
    "Entre ellos hay dos reducciones por mitades: una con `max` y otra con la suma. "
    "Todos los hilos leen `part[0]` antes de que alguien vuelva a escribir en la tesela.",
    "Después de la primera reducción: `top = part[0] if part[0] > LOWEST else np.float32(0)` y una "
    "barrera. Después de la segunda: `scale = np.float32(1) / part[0]` si `part[0] > 0`, y si no, "
    "`np.float32(0)`. Al final, `math.exp(x[r, j] - top) * scale` si `j < lengths[r]`, y si no, "
    "cero.",
)

SOFTMAX_ONLINE_TEXT = """\
Calcula el softmax de cada fila con dos lecturas de la memoria global en lugar de tres.
En la primera, cada hilo lleva a la vez el mayor valor visto `m` y la suma `d` medida desde él.
Después el bloque junta los pares `(m, d)` de sus hilos:

$$m = \\max(m_1, m_2) \\qquad d = d_1 e^{m_1 - m} + d_2 e^{m_2 - m}$$

- `x`, `out`: matrices `float32` de la misma forma.
- Una entrada en menos infinito está enmascarada: su peso es cero.
- Una fila enmascarada entera da ceros.
- Se lanza con un bloque de `BLOCK` hilos por fila.

Las columnas pueden ser menos que los hilos: el par de un hilo sin datos es `(LOWEST, 0)`.
"""

SOFTMAX_ONLINE_HINTS = (
    "Llevas `d`, la suma de `exp(v - m)` sobre lo visto, y llega un valor mayor que `m`. "
    "¿Por cuánto hay que multiplicar `d` para medirla desde el nuevo mayor?",
    "Si los dos pares son `(LOWEST, 0)`, `LOWEST - LOWEST` es NaN. "
    "Hay tres sitios donde puede pasar: al acumular, al juntar dos pares y al escribir.",
    "Al acumular: si `v > m`, `d = d * math.exp(m - v) + np.float32(1)` y `m = v`; "
    "si no, y `v > LOWEST`, `d += math.exp(v - m)`. Al juntar por mitades, las dos teselas "
    "`peak` y `part` se actualizan solo si `max(a, b) > LOWEST`.",
)

LAYERNORM_TEXT = """\
Calcula la norma de capa de cada fila leyéndola una sola vez de la memoria global:

$$\\mu = \\frac{1}{n} \\sum_j x[r, j], \\quad v = \\frac{1}{n} \\sum_j (x[r, j] - \\mu)^2$$

$$\\text{out}[r, j] = \\frac{x[r, j] - \\mu}{\\sqrt{v + \\text{eps}}} \\, g[j] + b[j]$$

En la fórmula, $g$ es `gain` y $b$ es `bias`.

La fila se guarda en la memoria compartida, y los dos recorridos que faltan se hacen ahí.
Las filas pueden tener una media de varios miles y una varianza pequeña.

- `x`, `out`: matrices `float32` de la misma forma; `n` es su cantidad de columnas.
- `gain`, `bias`: vectores `float32` de `n` elementos.
- `eps`: un `float32` positivo.
- Se lanza con un bloque de `BLOCK` hilos por fila.
- El lanzamiento ya pide `4 * n` bytes de memoria compartida dinámica.
- Una tesela dinámica se declara con tamaño 0: `cuda.shared.array(0, np.float32)`.
"""

LAYERNORM_HINTS = (
    "Con una media de 4000, ¿cuánto vale el cuadrado de `x`, y qué distancia hay entre dos "
    "`float32` vecinos de ese tamaño? ¿Cabe ahí la varianza?",
    "Primero la media, con una reducción. Después la suma de los cuadrados de las distancias a la "
    "media, con otra. La fila queda en `row`, y cada hilo relee las casillas que él escribió.",
    "`n = np.float32(x.shape[1])`, que sin convertir es un entero de 64 bits y lleva la cuenta a "
    "`float64`. `mean = part[0] / n`, y una barrera antes de volver a llenar `part`. "
    "Con la segunda reducción, `scale = np.float32(1) / math.sqrt(part[0] / n + eps)`. "
    "Al final `(row[j] - mean) * scale * gain[j] + bias[j]`.",
)

RMSNORM_TEXT = """\
Calcula la norma RMS de cada fila con los *shuffles* de la unidad 6 y casi sin barreras:

$$q = \\frac{1}{n} \\sum_k x[r, k]^2$$

$$\\text{out}[r, j] = \\frac{x[r, j]}{\\sqrt{q + \\text{eps}}} \\, g[j]$$

En la fórmula, $g$ es `gain`.

No hay media que restar: basta una reducción.
Cada warp suma lo suyo con `cuda.shfl_down_sync`, y después se juntan las sumas de los warps.
El resultado lo necesitan todos los hilos del bloque, no uno solo.

- `x`, `out`: matrices `float32` de la misma forma; `n` es su cantidad de columnas.
- `gain`: vector `float32` de `n` elementos.
- `eps`: un `float32` positivo.
- Se lanza con un bloque de `BLOCK` hilos por fila, que son `WARPS` warps.
- El lanzamiento ya pide `4 * n` bytes de memoria compartida dinámica para guardar la fila.

La fila se lee una sola vez de la memoria global, y el bloque pasa tres barreras como mucho.
"""

RMSNORM_HINTS = (
    "Después de los cinco pasos de `shfl_down_sync`, ¿qué carril tiene la suma de su warp? "
    "¿Cómo la ven los demás warps?",
    "El carril 0 de cada warp deja su suma en `part`; barrera. Son `WARPS` sumas: "
    "cada hilo puede leerlas todas y sumarlas por su cuenta, sin otra barrera.",
    "`if t % 32 == 0: part[t // 32] = value`, y `cuda.syncthreads()`. Después, en todos los hilos, "
    "`total = np.float32(0)` y `for w in range(WARPS): total += part[w]`. "
    "La escala es `np.float32(1) / math.sqrt(total / np.float32(x.shape[1]) + eps)`.",
)

BIAS_GELU_TEXT = """\
Suma el sesgo de cada columna y aplica GELU, en su forma exacta y en un solo kernel:

$$v = x[r, j] + \\text{bias}[j]$$

$$\\text{out}[r, j] = \\frac{v}{2} \\left(1 + \\operatorname{erf}\\frac{v}{\\sqrt{2}}\\right)$$

La suma no pasa por la memoria global: se lee `x` una vez y se escribe el resultado una vez.
Toda la cuenta se hace en `float32`.

- `x`, `out`: matrices `float32` de la misma forma.
- `bias`: vector `float32` con un elemento por columna.
- `INV_SQRT2` es $1/\\sqrt{2}$ en `float32`.
- Se lanza con un bloque de `BLOCK` hilos por fila, que puede tener más o menos columnas que hilos.
"""

BIAS_GELU_HINTS = (
    "¿En qué variable vive `x[r, j] + bias[j]` entre la suma y la GELU, si no es en `out`?",
    "`math.erf` de un `float32` da un `float32`. Un literal como `0.5` es un `float64`, "
    "y arrastra a `float64` toda la cuenta en que aparece.",
    "Para `j` desde `t` de `BLOCK` en `BLOCK`: `v = x[r, j] + bias[j]`, y después "
    "`out[r, j] = np.float32(0.5) * v * (np.float32(1) + math.erf(v * INV_SQRT2))`.",
)

CROSS_ENTROPY_TEXT = """\
Calcula la pérdida de cada fila: cuánto le sorprende al modelo la clase correcta.

$$\\text{loss}[r] = \\log \\sum_j e^{x[r, j]} - x[r, \\text{labels}[r]]$$

Ninguna probabilidad se escribe: cada bloque lee su fila una vez y deja un solo número.

- `x`: matriz `float32` de forma `(filas, clases)`, con alguna entrada finita en cada fila.
- Una entrada en menos infinito es una clase que no existe: no suma.
- `labels`: vector `int32`, la clase correcta de cada fila.
- Con la etiqueta `IGNORE` la fila no cuenta, y su pérdida es 0.
- Con otra etiqueta que no sea una clase, la pérdida es infinita, para que el error se vea.
- `loss`: vector `float32`, una casilla por fila.
- Se lanza con un bloque de `BLOCK` hilos por fila.

Los logits pueden rondar los 10 000, y la pérdida se pide con cuatro decimales.
"""

CROSS_ENTROPY_HINTS = (
    "El logaritmo de la suma se obtiene del par `(m, d)`. ¿Cómo, y cuántas lecturas de la fila "
    "hacen falta para tener ese par?",
    "La pérdida es `m + log(d) - x[r, label]`, pero con `m` cerca de 10 000 la primera suma pierde "
    "los decimales de `log(d)`. Y `x[r, -1]` no es un error en Numba: es la última columna.",
    "Recorrido y reducción de pares como en `softmax_online`. El hilo 0 mira la etiqueta: "
    "si es `IGNORE`, escribe 0; si es menor que 0 o no llega a ser clase, `-LOWEST`; "
    "si no, `(peak[0] - x[r, label]) + math.log(part[0])`.",
)
