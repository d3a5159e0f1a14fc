# expect: wrong_values
# Devuelve los hilos antes que los bloques.
def launch_config(n, max_threads):
    threads = 32 * min(max_threads // 32, (n + 31) // 32)
    return threads, (n + threads - 1) // threads
