# expect: runtime_error
# Falla con n pequeño.
def launch_config(n, max_threads):
    threads = min(max_threads, n) // 32 * 32
    return (n + threads - 1) // threads, threads
