"""The gate for words: what a line says, what legal allows, and what stands between the two."""
