# expect: wrong_values
# Divide en punto flotante: pierde cifras con n grande.
import math


def launch_config(n, max_threads):
    threads = 32 * min(max_threads // 32, (n + 31) // 32)
    return math.ceil(n / threads), threads
