"""Every sign of a drawn text is one that its typeface has: no empty boxes, in any language of a label."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from callsheet.domain.placement import TITLE_SAFE
from callsheet.tools.edit import GlyphMissing, missing_glyphs
from callsheet.tools.edit.label import capital_height, draw_mark
from callsheet.tools.edit.segment import Mark
from callsheet.tools.edit.typeface import SEMIBOLD, Face, face_of, set_text, typeface
from callsheet.tools.rules.jurisdiction import jurisdictions

LABELS = sorted({text for words in jurisdictions().words.values() for text in words.values()})
FRAME = (720, 1280)


def glyph(character: str, face: Face) -> bytes:
    image = Image.new("L", (64, 64), 0)
    ImageDraw.Draw(image).text((6, 48), character, font=typeface(32, SEMIBOLD, face), fill=255, anchor="ls")
    return image.tobytes()


@pytest.mark.parametrize("text", LABELS)
def test_every_sign_of_a_drawn_label_is_in_its_typeface(text: str) -> None:
    """A label that cannot be drawn is an error; one that is drawn has no box, whatever is installed here."""
    mark = Mark(text=text, height=50, safe=TITLE_SAFE)
    if missing_glyphs(text):
        with pytest.raises(GlyphMissing, match=r"callsheet\[cjk\]"):
            draw_mark(mark, FRAME)
        return
    face = face_of(text)
    boxes = {glyph("\U0010ffff", face), glyph("\ue000", face)}
    assert not [character for character in text if glyph(character, face) in boxes]
    assert draw_mark(mark, FRAME).image.width > 0


def test_chinese_is_drawn_as_high_as_the_law_asks() -> None:
    pytest.importorskip("manimgx_fonts_cjk", reason="comes with the extra for Chinese, Japanese and Korean")
    block = set_text("AI生成", size=60, weight=SEMIBOLD, width=600, lines=1)
    assert block.face == "chinese"
    assert missing_glyphs("AI生成，虚拟演员") == ()
    ink = np.asarray(draw_mark(Mark(text="生", height=50, safe=TITLE_SAFE), FRAME).image.convert("RGBA"))[..., :3]
    rows = np.flatnonzero((ink.min(axis=2) > 200).any(axis=1))
    assert rows[-1] - rows[0] + 1 >= 36
    assert capital_height(50, "chinese") > 0


@pytest.mark.parametrize(
    ("text", "face"), [("走ろう", "japanese"), ("달리자", "korean"), ("跑起来", "chinese"), ("Größe", "house")]
)
def test_each_language_has_its_own_signs(text: str, face: Face) -> None:
    pytest.importorskip("manimgx_fonts_cjk", reason="comes with the extra for Chinese, Japanese and Korean")
    assert face_of(text) == face
