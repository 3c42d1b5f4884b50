"""What must never be in the repository, and what every exception must carry: its reason."""

import ast
import io
import re
import tokenize
from itertools import pairwise
from pathlib import Path

import pytest

from architecture.source import ROOT, checkout_files, python_files, shown

NEVER = {
    "the address of a package index": r"pypi\.org|pythonhosted\.org|registry\.npmjs|--(?:extra-)?index-url",
    "a path of somebody's machine": r"(?<![\w.~}-])/(?:work|root|tmp|opt|home/\w+|Users/\w+)/[\w.]",
    "a key": r"\b(?:sk-(?:proj-)?[A-Za-z0-9]{20,}|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36}|xox[bp]-[\w-]{20,})",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
}
DIRECTIVE = re.compile(
    r"(?:noqa|type:\s*ignore|pyright:\s*ignore|pragma:\s*no (?:cover|branch))"
    r"(?::\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*|\[[\w\s,-]+\])?"
)
EXCUSES = {"skip", "skipif", "xfail", "importorskip"}
SCREEN = 60


def stains(text: str) -> list[str]:
    return [what for what, pattern in NEVER.items() if re.search(pattern, text)]


def unexplained_ignores(text: str) -> list[int]:
    """Lines whose comment silences a checker without a word on why."""
    comments = [
        token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == tokenize.COMMENT
    ]
    return [
        token.start[0]
        for token in comments
        if DIRECTIVE.search(token.string) and len(re.findall(r"[A-Za-z]", DIRECTIVE.sub("", token.string))) < 10
    ]


def unexplained_skips(text: str) -> list[int]:
    """Lines that excuse a test without a reason, as a call or as a bare mark."""
    tree = ast.parse(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    found = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call) and excuse_without_reason(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in EXCUSES and id(node) not in called and is_pytest(node):
            found.append(node.lineno)
    return found


def is_pytest(node: ast.Attribute) -> bool:
    return ast.unparse(node).startswith(("pytest.mark.", "pytest."))


def excuse_without_reason(call: ast.Call) -> bool:
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in EXCUSES and is_pytest(call.func)):
        return False
    in_place = call.func.attr == "skip" and bool(call.args)
    return not in_place and not any(keyword.arg == "reason" for keyword in call.keywords)


def readable(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""  # pictures and fonts hold no prose


def test_no_file_names_an_index_a_machine_or_a_key() -> None:
    assert [f"{shown(path)} holds {what}" for path in checkout_files() for what in stains(readable(path))] == []


def test_every_ignore_carries_its_reason() -> None:
    found = [f"{shown(path)}:{line}" for path in python_files() for line in unexplained_ignores(readable(path))]
    assert found == []


def test_every_skipped_test_carries_its_reason() -> None:
    found = [f"{shown(path)}:{line}" for path in python_files() for line in unexplained_skips(readable(path))]
    assert found == []


def test_every_silenced_warning_carries_its_reason() -> None:
    """In the list of the settings each filter stands under, or beside, a comment."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text.partition("filterwarnings = [")[2].partition("\n]")[0].splitlines()
    bare = [
        line
        for before, line in pairwise(listed)
        if "ignore" in line and "#" not in line and not before.lstrip().startswith("#")
    ]
    assert bare == []


def test_a_decision_fits_on_one_screen() -> None:
    notes = [path for path in (ROOT / "docs" / "decisions").glob("*.md") if path.name != "README.md"]
    long = [shown(path) for path in notes if len(readable(path).splitlines()) > SCREEN]
    unnumbered = [shown(path) for path in notes if not re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)]
    assert (long, unnumbered) == ([], [])


def test_the_guide_for_contributors_is_short() -> None:
    assert len(readable(ROOT / "CONTRIBUTING.md").splitlines()) < 80


@pytest.mark.parametrize(
    "text",
    [
        "see https://pypi" + ".org/project",
        "cd /wo" + "rk/main",
        'FOLDER = "/tm' + 'p/x"',
        "key = sk-" + "a" * 24,
        "-----BEGIN " + "PRIVATE KEY-----",
    ],
)
def test_a_stain_is_seen(text: str) -> None:
    assert stains(text) != []


def test_innocent_text_is_no_stain() -> None:
    assert stains("a risk-free artwork/main thing, --no-emit-index-url, out/tmp/x, task-force-number-twenty-two") == []


def test_an_ignore_without_a_reason_is_seen() -> None:
    tag = "no" + "qa"
    assert unexplained_ignores(f"x = 1  # {tag}: E501\n") == [1]
    assert unexplained_ignores(f"x = 1  # {tag}: E501  # the table reads better on one line\n") == []
    assert unexplained_ignores("x = 1  # type: " + "ignore[attr-defined]\n") == [1]
    assert unexplained_ignores("x = 'a " + tag + "'\n") == []


def test_a_skip_without_a_reason_is_seen() -> None:
    assert unexplained_skips("@pytest.mark.skip\ndef test(): ...") == [1]
    assert unexplained_skips("@pytest.mark.skipif(True)\ndef test(): ...") == [1]
    assert unexplained_skips("pytest.skip()") == [1]
    assert unexplained_skips("pytest.skip('no browser here')") == []
    assert unexplained_skips("@pytest.mark.xfail(reason='upstream')\ndef test(): ...") == []
