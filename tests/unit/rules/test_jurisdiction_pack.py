"""The packaged rules: sourced, dated, honest about doubt, and saying what a running shoe's ad must show where."""

from datetime import date

import pytest

from callsheet.domain.jurisdiction import Facts, demands
from callsheet.domain.labelling import Labelling, label, upload_flags
from callsheet.domain.placement import UPRIGHT
from callsheet.tools.edit import missing_glyphs
from callsheet.tools.rules.jurisdiction import jurisdictions

PACK = jurisdictions()
DAY = date(2026, 11, 22)
PERFORMER = Facts(shows_people=True, has_performer=True)
CAMEO = Facts(shows_people=True, has_replica=True)
NOBODY = Facts()


def labelled(*markets: str, facts: Facts = PERFORMER, locale: str = "en-US", day: date = DAY) -> Labelling:
    return label(PACK, facts, markets, (), locale, day, lambda text: True)


def test_every_rule_says_where_it_is_written_and_when_somebody_looked() -> None:
    assert len({rule.id for rule in PACK.rules}) == len(PACK.rules)
    for rule in PACK.rules:
        assert len(rule.law) > 10, rule.id
        assert len(rule.note) > 40, rule.id
        assert rule.starts.year >= 2020, rule.id
        assert rule.checked >= PACK.checked, f"{rule.id}: the pack is as old as its oldest look"
        assert bool(rule.platform) == (rule.markets == ("*",)), rule.id
        asks = rule.label or rule.flag or rule.provenance or rule.release or rule.metadata
        assert asks or "No general duty" in rule.note, rule.id
    assert {"EU", "US-NY", "US-CA", "CN", "KR", "IN", "GB"} <= {one for rule in PACK.rules for one in rule.markets}
    assert len(PACK.regions["EU"]) == 27
    assert set(UPRIGHT) <= set(PACK.platforms)


def test_a_performer_who_does_not_exist_is_named_where_new_york_sees_it() -> None:
    assert labelled("US").text == "AI-generated, synthetic performer"
    assert labelled("US-NY").text == "AI-generated, synthetic performer"
    assert labelled("US-CA").text == ""
    assert labelled("US", facts=CAMEO).text == ""
    assert labelled("US", day=date(2026, 6, 8)).text == ""


def test_the_union_asks_for_a_label_from_august_2026_on() -> None:
    assert labelled("DE", facts=NOBODY, locale="de-DE").text == "KI-generiert"
    assert labelled("DE", facts=NOBODY).span == "throughout"
    assert labelled("DE", facts=NOBODY, day=date(2026, 8, 1)).text == ""
    assert labelled("GB", facts=PERFORMER).text == ""


def test_china_gives_figures() -> None:
    asked = labelled("CN", facts=NOBODY, locale="zh-CN")
    assert (asked.text, asked.height, asked.span) == ("AI生成", 50, "start")
    assert asked.seconds == 2
    assert asked.metadata == ("AIGC",)
    assert labelled("CN", facts=NOBODY).text == "AI-generated · AI生成"


def test_a_persons_likeness_asks_for_their_permission() -> None:
    asked = {one.rule.id for one in demands(PACK, CAMEO, ("US", "IT"), (), DAY) if one.rule.release}
    assert asked == {"us-ny-civil-rights-50-f", "us-ca-civil-3344", "us-tn-elvis-act", "it-law-132-2025"}


def test_each_platforms_own_field_is_set() -> None:
    assert upload_flags(labelled("GB")) == {
        "youtube": {"status.containsSyntheticMedia": True},
        "google-ads": {"syntheticContentAttestationStatus": "IS_SYNTHETIC"},
        "tiktok": {"post_info.is_aigc": True},
        "taboola": {"ai_disclosure.status": "AI_GENERATED"},
    }


@pytest.mark.parametrize("language", [one for one in PACK.words if one not in ("zh", "ja")])
def test_the_typeface_can_draw_the_labels_words(language: str) -> None:
    """Chinese and Japanese need a typeface of their own; clearance stops such a cut and says so."""
    words = PACK.words[language]
    assert not [text for text in words.values() if missing_glyphs(text)]
    assert words["performer"].startswith(words["generated"])


def test_no_label_promises_or_praises_anything() -> None:
    assert all(not any(mark.isdigit() for mark in text) for words in PACK.words.values() for text in words.values())
