"""How words are laid over picture."""
