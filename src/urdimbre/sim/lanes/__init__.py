"""Los carriles mientras corren: la tanda de bloques, sus warps y lo que se dicen."""
