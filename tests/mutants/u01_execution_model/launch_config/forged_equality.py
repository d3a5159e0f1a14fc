# expect: wrong_type
# Devuelve un objeto que dice ser igual a todo.
class Always(int):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


def launch_config(n, max_threads):
    return Always(1), Always(32)
