"""The page of an export: the front end's own files in one, under a policy that lets nothing else in.

Covered: the page runs one script and one style sheet, both named by their hashes; it asks no network for
anything, not even a file beside it, except for the scripts of a folder that hold its documents; nothing in a
document is markup or code to it. Not covered: what somebody changes in the file afterwards.
"""

import base64
import hashlib
import html
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from ulterior.scenarios import CANARY
from ulterior.viewer.inline import inlined

__all__ = ["FRONT", "Page", "data_block", "data_script", "page"]

FRONT = Path(__file__).parent / "front"

_STYLE = '<link rel="stylesheet" href="'
_SCRIPT = '<script type="module" src="'


@dataclass(frozen=True)
class Page:
    """A page in two pieces; the blocks of documents stand between them."""

    head: str
    tail: str


def page(where: Literal["file", "folder"]) -> Page:
    """The page of a file that holds its documents, or of a folder that does."""
    source = (FRONT / "index.html").read_text(encoding="utf-8")
    style, script = _front()
    scripts = f"'{_hash(script)}'" + (" 'self'" if where == "folder" else "")
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src '{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    metas = (
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy, quote=False)}">\n'
        f'    <meta name="ulterior-where" content="{where}">\n'
        f'    <meta name="canary" content="{CANARY}">'
    )
    lines: list[str] = []
    for line in source.splitlines():
        if _SCRIPT not in line and _STYLE not in line:
            lines.append(line)
        if "<meta charset=" in line:
            lines.append(f"    {metas}")
        if "</title>" in line:
            lines.append(f"<style>{style}</style>")
    head, end = "\n".join(lines).split("  </body>")
    return Page(head, f"{_licences()}<script>{script}</script>\n  </body>{end}\n")


def data_block(name: str, packed: str) -> str:
    """A document inside a page: data to the browser, which is no script and runs under no policy."""
    return f'<script type="application/json" data-document="{html.escape(name)}">{packed}</script>\n'


def data_script(name: str, packed: str) -> str:
    """A document beside a page, as the one kind of file that a page opened from a disk may load."""
    return f"// {CANARY}\nulteriorDocument({json.dumps(name)},{json.dumps(packed)});\n"


@cache
def _front() -> tuple[str, str]:
    """All styles, in the order of index.html, and the script that its module amounts to."""
    source = (FRONT / "index.html").read_text(encoding="utf-8")
    sheets = [_squeezed((FRONT / name).read_text(encoding="utf-8")) for name in _named(source, _STYLE)]
    (entry,) = _named(source, _SCRIPT)
    style = "\n".join(sheets)
    if "</style" in style.lower():
        raise ValueError("a style sheet would end the element that holds it")
    return style, inlined(entry, lambda path: (FRONT / path).read_text(encoding="utf-8"))


def _squeezed(sheet: str) -> str:
    """A style sheet of ours without comments and indentation; none has a string that looks like either."""
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return "\n".join(line.strip() for line in bare.splitlines() if line.strip())


def _licences() -> str:
    """The licences of what others have written of the script, which must go wherever it goes."""
    texts = {path.suffix[1:]: path.read_text("utf-8") for path in sorted(FRONT.glob("vendor/LICENSE.*"))}
    assert not any("</script" in text or "<!--" in text for text in texts.values())
    return "".join(
        f'<script type="text/plain" data-licence="{name}">{text}</script>\n' for name, text in texts.items()
    )


def _named(source: str, before: str) -> list[str]:
    """The files that index.html names behind these words."""
    return [line.split(before)[1].split('"')[0] for line in source.splitlines() if before in line]


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
