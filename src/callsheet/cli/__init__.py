"""The command line of Callsheet."""


def main() -> None:
    """Run the `callsheet` command."""
    from callsheet.cli.app import main as run

    run()
