"""``python -m akashi`` is the command ``akashi``."""

from akashi.cli.main import run

if __name__ == "__main__":
    run()
