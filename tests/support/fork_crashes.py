"""Runs ``ulterior`` in this process and kills it with SIGKILL at its n-th operation on files.

python fork_crashes.py POINT COMMAND...
"""

import sys

from crashes import die_at

from ulterior.cli import main

if __name__ == "__main__":
    die_at(int(sys.argv[1]))
    main(sys.argv[2:])
