"""Adds the prompts that are new to `prompts/prompts.lock`. What was published stays as it is: changed words stop it."""

import sys
from pathlib import Path

from callsheet.prompts.lock import FILE, departures, locked, present

LOCK = Path(__file__).parents[1] / "prompts" / FILE


def main() -> int:
    """Write the lock; say what keeps it from being written."""
    was, now = locked(), present()
    if broken := departures(was, {address: now[address] for address in now if address in was}):
        print("\n".join(broken), file=sys.stderr)
        return 1
    LOCK.write_text("".join(f"{address}#{now[address]}\n" for address in sorted(now)), encoding="utf-8")
    print(f"{len(now.keys() - was.keys())} added, {len(now)} in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
