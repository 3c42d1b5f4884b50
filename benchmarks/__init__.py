"""What Callsheet costs in time, memory and disk, measured on the machine at hand: `python -m benchmarks`.

Nothing here judges: a figure is printed with the load of the machine beside it, and no figure fails anything.
"""
