# expect: wrong_values
# Suma un bloque siempre, también cuando la división es exacta.
def launch_config(n, max_threads):
    threads = 32 * min(max_threads // 32, (n + 31) // 32)
    return n // threads + 1, threads
