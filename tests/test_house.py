"""The rules of the house, read from the code itself: what lies where, and how.

What still breaks a rule is listed beside it with the reason; a line of those lists that
is not needed any more fails too, so that they only get shorter.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: Each may use those before it, never those after.
ADDONS = ("cap_evaluation", "cap_progress_plan", "cap_network_report")
LONGEST = 40

#: File: why it holds no model of its name, or several.
OTHER_MODELS = {}
#: File: why its texts are French.
FRENCH = {
    "cap_evaluation/kernel/setup/types.py": "reads the types' names in people's tags",
    "cap_evaluation/kernel/setup/pilots.py": "reads job titles",
    "cap_evaluation/kernel/typography.py": "the endings of inclusive forms",
    "cap_evaluation/kernel/workbook/schema.py": "sheets and columns of the workbook",
}
#: File: why it looks at a language.
LANGUAGES = {}
#: File: why it translates inside an f-string.
TRANSLATED = {}
#: File: why a function of it is long.
LONG = {}
#: File: why something of it says nothing of itself.
UNTOLD = {}

# Words of the federation that its English keeps.
OURS = re.compile(r"\b([Rr]éférentiels?|[Dd]épartements?|Ambition et Progrès)\b")
ACCENTS = re.compile(r"[àâäçéèêëîïôöùûüÿœæÀÂÇÉÈÊËÎÏÔÙÛŒ]")
# Two of these in one text make it French, accents or not.
FRENCH_WORDS = re.compile(
    r"\b(le|la|les|un|une|des|du|de|et|ou|pour|avec|dans|sur|vous|votre|est|sont)\b"
)


def code_of(addon):
    """Return ``(path, tree)`` of each Python file that runs in a module."""
    for path in sorted((ROOT / addon).rglob("*.py")):
        inside = path.relative_to(ROOT / addon).parts
        if path.name != "__manifest__.py" and inside[0] not in ("tests", "migrations"):
            yield path.relative_to(ROOT), ast.parse(path.read_text())


def all_code():
    return [found for addon in ADDONS for found in code_of(addon)]


def imported(tree):
    """Return the dotted names that a file imports, relative ones left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def docstrings(tree):
    """Return the nodes that are documentation, not text."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, holders) and ast.get_docstring(node) is not None
    }


def texts(tree):
    """Return ``(line, text)`` of each string that is no documentation."""
    documentation = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node not in documentation:
                yield node.lineno, node.value


def functions(tree):
    """Return each function and method, those inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def length(function):
    """Return the lines of a function, its documentation left out."""
    first = function.body[0]
    told = 0
    if ast.get_docstring(function) is not None:
        told = first.end_lineno - first.lineno + 1
    return function.end_lineno - function.lineno + 1 - told


def check(found, allowed):
    """Fail on what was found in files that no reason allows, and on idle reasons."""
    places = {str(path) for path, *_rest in found}
    told = [": ".join(map(str, f)) for f in found if str(f[0]) not in allowed]
    assert not told, "\n".join(told)
    assert not allowed.keys() - places, "these reasons are not needed any more"


# ---------------------------------------------------------------------- who uses whom


def test_a_kernel_knows_no_odoo():
    """Nor anything of a module but another kernel."""
    kernels = re.compile(rf"odoo\.addons\.({'|'.join(ADDONS)})\.kernel\b")
    found = [
        (path, name)
        for path, tree in all_code()
        if "kernel" in path.parts
        for name in imported(tree)
        if name.split(".")[0] == "odoo" and not kernels.match(name)
    ]
    check(found, {})


def test_a_kernel_uses_nothing_around_it():
    """Its relative imports stay inside ``kernel/``."""
    found = []
    for path, tree in all_code():
        if "kernel" in path.parts:
            depth = len(path.parts) - 2  # <addon>/kernel/x.py may go up once
            found += [
                (path, node.lineno, "leaves kernel/")
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom) and node.level > depth
            ]
    check(found, {})


@pytest.mark.parametrize("addon", ADDONS)
def test_no_module_knows_a_higher_one(addon):
    """Tests, views and scripts of a module included."""
    higher = re.compile("|".join(ADDONS[ADDONS.index(addon) + 1 :]) or r"\b\B")
    found = [
        (path.relative_to(ROOT), number)
        for path in sorted((ROOT / addon).rglob("*"))
        if path.suffix in (".py", ".xml", ".js", ".csv", ".scss")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if higher.search(line)
    ]
    check(found, {})


# ------------------------------------------------------------------- what lies where


def models_of(tree):
    """Return ``(model, whether abstract)`` of each class that is a model."""
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        said = {
            target.id: ast.literal_eval(part.value)
            for part in node.body
            if isinstance(part, ast.Assign)
            for target in part.targets
            if isinstance(target, ast.Name) and target.id in ("_name", "_inherit")
        }
        if said:
            name = said.get("_name") or said["_inherit"]
            bases = [ast.unparse(base) for base in node.bases]
            yield name, "models.AbstractModel" in bases


def test_one_model_one_file():
    """Named after it; a mixin says so; a report's file has the report's name."""
    found = []
    for path, tree in all_code():
        models = list(models_of(tree))
        names = set()
        for model, abstract in models[:1]:
            plain = model.replace(".", "_")
            names = {plain, f"{plain}_mixin"} if abstract else {plain}
            if model.startswith("report."):
                names = {model.rpartition(".")[2].removeprefix("report_")}
        if len(models) > 1 or (models and path.stem not in names):
            found.append((path, *(model for model, _abstract in models)))
    check(found, OTHER_MODELS)


def test_tests_lie_flat():
    """Odoo's loader takes ``tests/test_*.py`` of the package only."""
    nested = [p for addon in ADDONS for p in (ROOT / addon / "tests").glob("*/*.py")]
    assert not nested


# -------------------------------------------------------------------------- said once

ANSWER_HOMES = (
    Path("cap_evaluation/kernel/answer.py"),
    Path("cap_evaluation/static/src/portal/common/answer.js"),
)
#: File: why it lists the keys of an answer again.
ANSWER_LISTS = {}


def listed_in_python(tree):
    """Return ``(line, names)`` of each list, dict and class, and of each text."""
    documentation = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in documentation:
            yield node.lineno, set(re.findall(r"\w+", str(node.value)))
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            yield node.lineno, {getattr(part, "value", None) for part in node.elts}
        elif isinstance(node, ast.Dict):
            yield node.lineno, {getattr(part, "value", None) for part in node.keys}
        elif isinstance(node, ast.ClassDef):
            fields = [part for part in node.body if isinstance(part, ast.AnnAssign)]
            yield node.lineno, {ast.unparse(field.target) for field in fields}


def listed_in_text(text):
    """Return ``(line, names)`` of each list and object that holds no other."""
    for found in re.finditer(r"\[[^\[\]{}]*\]|\{[^\[\]{}]*\}", text):
        line = text.count("\n", 0, found.start()) + 1
        yield line, set(re.findall(r"\w+", found[0]))


def lists_of(keys, path):
    """Return ``(path, line)`` of each list that names most ``keys``, or all texts."""
    text = (ROOT / path).read_text()
    python = path.suffix == ".py"
    listed = listed_in_python(ast.parse(text)) if python else listed_in_text(text)
    texts = keys - {"level", "progress_action"}
    found = [line for line, n in listed if len(keys & n) > 3 or texts <= n]
    return [(path, line) for line in found]


def test_the_keys_of_an_answer_are_listed_once():
    """In one place for Python, in one for the pages: the others ask these."""
    tree = ast.parse((ROOT / ANSWER_HOMES[0]).read_text())
    (keys,) = (names for _line, names in listed_in_python(tree) if len(names) == 5)
    assert {"level", "na_reason", "comment"} < keys
    assert all(lists_of(keys, path) for path in ANSWER_HOMES)
    pages = [p for addon in ADDONS for p in (ROOT / addon).rglob("*")]
    pages = [p.relative_to(ROOT) for p in pages if p.suffix in (".js", ".xml")]
    others = [path for path, _tree in all_code()]
    others += [path for path in pages if "tests" not in path.parts]
    found = [lists_of(keys, p) for p in others if p not in ANSWER_HOMES]
    check(sum(found, []), ANSWER_LISTS)


# --------------------------------------------------------------------------- language


def is_french(text):
    """Return whether a text is French, or holds a word of it."""
    text = OURS.sub("", text)
    return bool(ACCENTS.search(text)) or len(FRENCH_WORDS.findall(text)) > 1


def test_no_french_in_python():
    """What people read is English in the code, French in ``i18n/fr.po``."""
    found = [
        (path, line, text[:60])
        for path, tree in all_code()
        for line, text in texts(tree)
        if is_french(text)
    ]
    check(found, FRENCH)


def test_no_language_is_tested():
    """What changes with the language is a translation, or a setting of the language."""
    found = []
    for path, tree in all_code():
        found += [
            (path, line, text)
            for line, text in texts(tree)
            if re.fullmatch(r"fr(_[A-Z]{2})?", text)
        ]
        found += [
            (path, node.lineno, ast.unparse(node))
            for node in ast.walk(tree)
            if isinstance(node, ast.Compare)
            and re.search(r"\blang\b", ast.unparse(node))
            and any(
                isinstance(part, ast.Constant) and isinstance(part.value, str)
                for part in (node.left, *node.comparators)
            )
        ]
    check(found, LANGUAGES)


def test_no_text_is_translated_inside_an_f_string():
    """Python 3.11's parser hides it from the export: it would stay English."""
    found = []
    for path, tree in all_code():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                found += [
                    (path, node.lineno, ast.unparse(call))
                    for call in ast.walk(node)
                    if isinstance(call, ast.Call)
                    and re.fullmatch(r"(.+\.)?_", ast.unparse(call.func))
                ]
    check(found, TRANSLATED)


# --------------------------------------------------------------------------- readable


def test_no_function_is_long():
    found = [
        (path, function.name, f"{length(function)} lines")
        for path, tree in all_code()
        for function in functions(tree)
        if length(function) > LONGEST
    ]
    check(found, LONG)


def test_what_others_call_is_told():
    """Every public function, method and property says what it does.

    A method says it once for the classes of the same file that extend its own.
    """
    found = []
    for path, tree in all_code():
        told = {}
        for holder in [tree, *(n for n in tree.body if isinstance(n, ast.ClassDef))]:
            bases = [getattr(b, "id", "") for b in getattr(holder, "bases", ())]
            inherited = set().union(*(told.get(base, ()) for base in bases))
            public = [
                node
                for node in holder.body
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                and not node.name.startswith("_")
            ]
            saying = {node.name for node in public if ast.get_docstring(node)}
            told[getattr(holder, "name", "")] = inherited | saying
            found += [
                (path, node.lineno, node.name)
                for node in public
                if node.name not in inherited | saying
            ]
    check(found, UNTOLD)


# ------------------------------------------------------------------- the rules' rules


def test_the_walk_sees_what_it_looks_for():
    """Each rule, on a text that breaks it."""
    tree = ast.parse(
        "from odoo.addons import x\n"
        "class A(models.Model):\n"
        "    _name = 'a.b'\n"
        "    def go(self):\n"
        "        '''Docé.'''\n"
        "        return f'{self.env._(1)} le nom de la personne'\n"
    )
    assert list(imported(tree)) == ["odoo.addons.x"]
    assert list(models_of(tree)) == [("a.b", False)]
    (function,) = functions(tree)
    assert length(function) == 2
    assert [text for _line, text in texts(tree) if is_french(text)] == [
        " le nom de la personne"
    ]
    with pytest.raises(AssertionError, match="a.py: 3"):
        check([(Path("a.py"), 3)], {})
    with pytest.raises(AssertionError, match="not needed"):
        check([], {"a.py": "a reason"})
