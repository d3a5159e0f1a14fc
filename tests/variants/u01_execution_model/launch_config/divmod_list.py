# Con divmod, y devuelve una lista.
def launch_config(n, max_threads):
    needed, rest = divmod(n, 32)
    warps = needed + (1 if rest else 0)
    threads = 32 * min(warps, max_threads // 32)
    blocks, rest = divmod(n, threads)
    return [blocks + (1 if rest else 0), threads]
