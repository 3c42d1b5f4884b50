"""What a model is told about a campaign, short enough to be read for every shot. A person's name stays at home."""

from typing import Any

from callsheet.domain.campaign import Audience, Campaign
from callsheet.domain.words.person import people_in, without_names
from callsheet.domain.words.rule import code_of
from callsheet.tools.rules.shipped import shipped_rules


def about_campaign(campaign: Campaign) -> dict[str, Any]:
    """What is advertised, why, and how the brand speaks; only what is said at all."""
    product, brand = campaign.product, campaign.brand
    told: dict[str, Any] = {
        "goal": campaign.goal,
        "product": product.name,
        "category": product.category,
        "description": product.description,
        "tone": brand.tone,
        "never": list(brand.avoid),
    }
    return {name: value for name, value in told.items() if value}


def about_audience(audience: Audience) -> dict[str, str]:
    """Who one variant is for; only what is said at all."""
    told = {"who": audience.name, "want": audience.hypothesis, "tone": audience.tone, "are_at": audience.setting}
    return {name: value for name, value in told.items() if value}


def with_initials(campaign: Campaign, told: Any) -> Any:
    """What a plan says, as a model may read it: whoever a text in it names has initials; ids stay as they are.

    A hill is not somebody called Hill, and the product keeps its name.
    """
    if isinstance(told, dict):
        return {key: with_initials(campaign, value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [with_initials(campaign, value) for value in told]
    if not isinstance(told, str) or told in {str(one.id) for one in campaign.cameos}:
        return told
    own = (campaign.product.name, campaign.brand.name, *campaign.product.short_names)
    return without_names(told, people_in(told, campaign.cameos, own, shipped_rules().names.words))


def language_of(locale: str) -> str:
    """The English name of the language of a locale, or its tag where the rules do not know the language."""
    code = code_of(locale)
    return next((one.name for one in shipped_rules().languages if one.code == code), locale)
