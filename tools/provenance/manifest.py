"""The manifest that goes into a file: what C2PA calls actions, ingredients and assertions, from an origin."""

from typing import Any

from callsheet.domain.credential import Signatory, Standing
from callsheet.domain.origin import SOURCE_TYPES, Origin, Source
from callsheet.tools.provenance.port import Provenance

CLEARANCE = "org.callsheet.clearance"
DISCLOSURES = "org.callsheet.disclosures"


def manifest_of(provenance: Provenance, standing: Standing, by: Signatory, version: str) -> dict[str, Any]:
    """The manifest definition without its ingredients. Every figure is a string: readers differ on bare numbers."""
    origin, agent = provenance.origin, {"name": "Callsheet", "version": version}
    assertions = [
        {"label": "c2pa.actions.v2", "data": {"actions": _actions(origin, agent)}},
        {"label": CLEARANCE, "data": _clearance(provenance, standing, by)},
    ]
    if origin.disclosures:
        assertions.append({"label": DISCLOSURES, "data": origin.disclosures})
    return {
        "claim_generator_info": [agent],
        "title": provenance.title,
        "format": "video/mp4",
        "assertions": assertions,
    }


def ingredient_of(source: Source) -> dict[str, str]:
    """A source as an ingredient. The library stores no hash of media without a manifest, so it stands in words here
    and once more in the clearance assertion.
    """
    return {
        "title": source.id,
        "relationship": "componentOf",
        "instance_id": instance_of(source.id),
        "description": f"{source.kind}, SHA-256 {source.digest}",
    }


def instance_of(source: str) -> str:
    """The id by which actions speak of an ingredient."""
    return f"xmp:iid:{source}"


def _actions(origin: Origin, agent: dict[str, str]) -> list[dict[str, Any]]:
    created = {
        "action": "c2pa.created",
        "digitalSourceType": SOURCE_TYPES + origin.source_type,
        "softwareAgent": agent,
    }
    found: list[dict[str, Any]] = [created]
    for edit in origin.edits:
        action: dict[str, Any] = {"action": edit.action, "description": edit.description, "softwareAgent": agent}
        if edit.source:
            action["parameters"] = {"ingredientIds": [instance_of(edit.source)]}
        found.append(action)
    return found


def _clearance(provenance: Provenance, standing: Standing, by: Signatory) -> dict[str, Any]:
    origin = provenance.origin
    return {
        "essence": provenance.essence,
        "storyboard": origin.storyboard,
        "call_sheet": origin.call_sheet,
        "sources": [_source(one) for one in origin.sources],
        "releases": list(origin.releases),
        "claims": list(origin.claims),
        "certificate": f"{standing}, {by.organisation}, {by.algorithm}, SHA-256 {by.fingerprint}",
    }


def _source(source: Source) -> dict[str, str]:
    said = {key: value for key, value in source.model_dump(mode="json").items() if value}
    if source.source_type:
        said["source_type"] = SOURCE_TYPES + source.source_type
    return said
