"""The queue as one HTML page with a form: nothing is loaded from anywhere, answers stay in the reader's
browser.

Covered: text of agents, tools and studies is escaped by the template engine; a content security policy
lets nothing run but the page's own script, known by its hash, and nothing load. The script reads what
was chosen and writes a file of JSON lines for ``ulterior label import``; it never reads the text that is
shown. Not covered: what else has access to the browser's storage, where answers are kept until the file
is saved."""

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ulterior.analysis.labels.queue import QueueItem

__all__ = ["as_page"]

_FOLDER = Path(__file__).parent


def as_page(items: Iterable[QueueItem]) -> str:
    """The page. It holds the items in the order given."""
    style, form = ((_FOLDER / name).read_text(encoding="utf-8") for name in ("form.css", "form.html"))
    script = form.partition("<script>")[2].partition("</script>")[0]  # as it stands: it holds no placeholder
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    environment = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined)
    template = environment.get_template("form.html")
    return template.render(items=list(items), style=Markup(style), policy=policy)


def _hash(source: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}"
