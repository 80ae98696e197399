"""``--help``, ``scenarios``, ``models`` and ``wire``: what there is, and whether it is what it says."""

import subprocess
import sys


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom ulterior.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'langgraph', 'anthropic', 'openai', 'docker', 'bashkit', 'pydantic', 'rich', 'starlette'}\n"
        "sys.stderr.write(','.join(sorted(heavy & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "borrow" not in done.stdout
    assert "Commands:" in done.stdout
