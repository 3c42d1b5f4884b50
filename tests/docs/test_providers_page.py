"""The page about providers: its tables are the code's, its example is a provider."""

import re
import sys
from pathlib import Path

from callsheet.domain.provider import Provider
from callsheet.tools.video.catalog import load_provider

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import draw_providers  # noqa: E402 - the page's own script, which is no package

PAGE = draw_providers.PAGE.read_text(encoding="utf-8")


def test_the_tables_are_not_stale() -> None:
    assert draw_providers.page() == PAGE, "run `python docs/draw_providers.py`"


def test_the_page_is_short_enough_to_be_read() -> None:
    assert len(PAGE.splitlines()) < 120


def test_the_example_is_a_provider_that_can_be_loaded(tmp_path: Path) -> None:
    found = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    (tmp_path / "our-gateway.yaml").write_text(found.group(1), encoding="utf-8")
    ours = load_provider("our-gateway", folder=tmp_path)
    assert ours.commercial_use is True
    not_shown = {"are_prices_given", "generates_audio", "previz", "slate", "compare_with"}
    not_shown |= {"takes_negative_prompt", "deletes_characters"}
    assert set(Provider.model_fields) - ours.model_fields_set == not_shown
