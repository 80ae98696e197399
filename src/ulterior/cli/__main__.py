"""``python -m ulterior.cli``."""

from ulterior.cli import main

if __name__ == "__main__":
    main()
