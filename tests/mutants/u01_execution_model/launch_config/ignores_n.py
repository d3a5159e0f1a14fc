# expect: wrong_values
# Usa siempre el máximo de hilos.
def launch_config(n, max_threads):
    threads = max_threads // 32 * 32
    return (n + threads - 1) // threads, threads
