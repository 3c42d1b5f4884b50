"""The JSON Schema of a campaign as people write it, for editors that complete and check while typing."""

from typing import Any

from callsheet.tools.intake.spelling import known_placements
from callsheet.tools.intake.written import MAIN_FILE, WrittenCampaign
from callsheet.tools.video.catalog import providers

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def campaign_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of `campaign.yaml`."""
    schema = _friendly(WrittenCampaign.model_json_schema())
    schema["properties"]["provider"]["examples"] = [provider.name for provider in providers()]
    schema["properties"]["placements"]["items"]["anyOf"][0]["enum"] = list(known_placements())
    head = {"$schema": DRAFT, "title": f"Callsheet {MAIN_FILE}"}
    return {**head, **{key: value for key, value in schema.items() if key != "title"}}


def _friendly(node: Any) -> Any:
    """Drop what only concerns the code: class names as titles, and null where leaving the key out means the same."""
    if isinstance(node, list):
        return [_friendly(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == ["number", "string"] and isinstance(node.get("default"), str):
        node = {**node, "default": float(node["default"])}
    choices = node.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        rest = [choice for choice in choices if choice != {"type": "null"}]
        node = {key: value for key, value in node.items() if key != "anyOf" and (key, value) != ("default", None)}
        node = {**rest[0], **node} if len(rest) == 1 else {**node, "anyOf": rest}
    return {
        key: {name: _friendly(value) for name, value in item.items()}
        if key in ("properties", "$defs")
        else _friendly(item)
        for key, item in node.items()
        if key != "title" or not isinstance(item, str)
    }
