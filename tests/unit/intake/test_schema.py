"""The schema that editors use agrees with the reader."""

from pathlib import Path

import pytest
import yaml
from unit.intake.folder import SOUND

from callsheet.tools.intake import campaign_schema
from callsheet.tools.intake.spelling import known_placements

ROOT = Path(__file__).resolve().parents[3]


def test_the_schema_names_its_draft_and_describes_every_key() -> None:
    schema = campaign_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["required"] == ["goal", "product"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["placements"]["items"]["anyOf"][0]["enum"] == list(known_placements())
    definitions = schema["$defs"]
    for name, part in schema["properties"].items():
        target = definitions.get(str(part.get("$ref", "")).rpartition("/")[2], {})
        assert part.get("description") or target.get("description"), name


@pytest.mark.parametrize("path", ["examples/runner/campaign.yaml", "examples/pocket/campaign.yaml", None])
def test_campaigns_that_can_be_read_fit_the_schema(path: str | None) -> None:
    validator = pytest.importorskip("jsonschema_rs", reason="comes with a development tool, not on every machine")
    data = yaml.safe_load((ROOT / path).read_text() if path else SOUND)
    schema = validator.validator_for(campaign_schema())
    assert [str(error) for error in schema.iter_errors(data)] == []
    assert list(schema.iter_errors({**data, "provder": "x"}))
    assert list(schema.iter_errors({**data, "takes": 9}))
