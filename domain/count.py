"""How many of a thing there are, in words."""


def counted(number: int, one: str, many: str = "") -> str:
    """`1 entry`, `2 entries`: the number and the noun that goes with it; `many` only where it is not `one` and an s."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
