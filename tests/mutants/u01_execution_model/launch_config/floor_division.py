# expect: wrong_values
# Redondea los bloques hacia abajo.
def launch_config(n, max_threads):
    threads = 32 * min(max_threads // 32, (n + 31) // 32)
    return max(1, n // threads), threads
