def launch_config(n, max_threads):
    ### BEGIN SOLUTION
    warps = min(max_threads // 32, (n + 31) // 32)
    threads = 32 * warps
    return (n + threads - 1) // threads, threads
    ### END SOLUTION
