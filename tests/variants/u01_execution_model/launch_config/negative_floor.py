# Redondea hacia arriba con el truco de la división negada.
def launch_config(n, max_threads):
    threads = min(max_threads // 32 * 32, -(-n // 32) * 32)
    blocks = -(-n // threads)
    return blocks, threads
