# expect: wrong_values
# No redondea los hilos a múltiplos de 32.
def launch_config(n, max_threads):
    threads = min(max_threads, n)
    return (n + threads - 1) // threads, threads
