"""What a model is told about a campaign, short enough to be read for every shot. A person's name stays at home."""

from typing import Any

from callsheet.domain.campaign import Audience, Campaign
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


def language_of(locale: str) -> str:
    """The English name of the language of a locale, or its tag where the rules do not know the language."""
    code = code_of(locale)
    return next((one.name for one in shipped_rules().languages if one.code == code), locale)
