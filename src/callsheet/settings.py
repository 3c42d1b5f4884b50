"""Settings, from the environment or `callsheet.toml` in the working folder. Unset means embedded.

Nothing else reads the environment. Keys are secrets: they are shown masked and never reach a log or the ledger.
"""

import os
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from callsheet.domain.campaign import Cap
from callsheet.domain.money import Money


class Settings(BaseSettings):
    """Where things are, and which real model and provider to use instead of the embedded ones."""

    model_config = SettingsConfigDict(env_prefix="CALLSHEET_", toml_file="callsheet.toml", extra="forbid")

    home: Path = Field(default=Path(".callsheet"), description="The workspace: database, media, engine.")
    workspace: str = Field(default="default", description="The name that becomes part of every key.")
    account: str = Field(default="default", description="The account at the provider that pays.")
    database_url: str = Field(default="", description="postgresql://... to share a workspace; empty: SQLite in home.")
    media_url: str = Field(default="", description="file:///folder for media; empty: a folder in home.")
    providers: str = Field(
        default="", description="Folder of provider files that add to the catalog; empty: providers in home."
    )
    video_url: str = Field(
        default="", description="Base URL of a /v1/videos server; empty: the sandbox in this process."
    )
    video_key: SecretStr = Field(default=SecretStr(""), description="Key for the video server.")
    video_model: str = Field(default="", description="Model to ask for; empty: the provider's own.")
    chat_url: str = Field(
        default="", description="Base URL of an OpenAI-compatible chat server; empty: the house crew."
    )
    chat_key: SecretStr = Field(default=SecretStr(""), description="Key for the chat server.")
    chat_model: str = Field(default="", description="Chat model that directs, casts, edits and analyses.")
    chat_price_in: Decimal | None = Field(
        default=None, ge=0, description="What the chat model costs to read a million tokens, in USD; 0: nothing."
    )
    chat_price_out: Decimal | None = Field(
        default=None, ge=0, description="What it costs to write a million tokens, in USD; 0: nothing."
    )
    chat_timeout: float = Field(default=120.0, gt=0, description="Seconds to wait for one answer of the chat model.")
    chat_temperature: Annotated[float, Field(ge=0, le=2)] | Literal["server"] = Field(
        default=0.7, description="How freely the chat model writes, 0 to 2; server: its own, for models that take none."
    )
    chat_thinking: int = Field(
        default=0, ge=0, description="The most tokens that a model which reasons may think before an answer; 0: none."
    )
    chat_responses: bool = Field(
        default=False, description="Whether the chat server is asked over the Responses API; no: chat completions."
    )
    chat_whole: bool = Field(
        default=False, description="Whether a storyboard is asked for in one answer, for large models; no: in parts."
    )
    chat_tools: bool = Field(
        default=False, description="Whether the model may look things up with the crew's tools; small ones get worse."
    )
    chat_review: Literal["notes", "stops", "off"] = Field(
        default="notes",
        description="What the chat model's second reading of the words does: notes at the gate, stops, or nothing.",
    )
    sign_cert: str = Field(
        default="", description="PEM file: the certificate that signs finished files, then its issuers; empty: our own."
    )
    sign_key: str = Field(default="", description="PEM file: the private key of that certificate.")
    sign_passphrase: SecretStr = Field(default=SecretStr(""), description="Passphrase of that key, if it has one.")
    sign_anchors: str = Field(
        default="", description="PEM file: authorities that make a signature trusted, such as the C2PA trust list."
    )
    scan: Literal["auto", "all", "off"] = Field(
        default="auto",
        description="What looks at a take before it counts: auto, what is installed; all, everything; off, nothing.",
    )
    gate_hours: int = Field(default=0, ge=0, description="Hours until an unanswered gate expires; 0: never.")
    day_seconds: int = Field(
        default=0, ge=0, description="The most seconds all campaigns together may buy in a day (UTC); 0: no such cap."
    )
    day_money: str = Field(
        default="", description="The most money all campaigns together may spend in a day: 40 USD; empty: no such cap."
    )

    @field_validator("day_money", mode="before")
    @classmethod
    def _is_money(cls, value: Any) -> str:
        text = str(value).strip()
        if text:
            try:
                _money(text)
            except PydanticCustomError:
                raise PydanticCustomError("money", "is not an amount of money such as 40 or 40 USD") from None
        return text

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - passed by name; there is no .env file
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - passed by name; no folder of secrets
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What was passed beats the environment, which beats the file."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))

    @property
    def has_network(self) -> bool:
        """Whether anything outside this machine is set."""
        return bool(self.video_url or self.chat_url)

    @property
    def providers_folder(self) -> Path:
        """Where provider files of one's own lie, whether there are any or not."""
        return Path(self.providers) if self.providers else self.home / "providers"

    @property
    def day_cap(self) -> Cap | None:
        """The cap of all campaigns together for a calendar day, UTC; none when neither part is set."""
        if not self.day_seconds and not self.day_money:
            return None
        return Cap(seconds=self.day_seconds or None, money=_money(self.day_money) if self.day_money else None)

    @property
    def workspace_url(self) -> str:
        """The database of the workspace, as a URL."""
        return self.database_url or f"sqlite:///{self.home.absolute() / 'workspace.db'}"


def _money(text: str) -> Money:
    from callsheet.tools.intake.spelling import read_money  # only a workspace with such a cap needs the reader

    return Money.model_validate(read_money(text))


def unknown_variables() -> tuple[str, ...]:
    """Variables of the environment that begin like settings and are none: misspelt ones would be overlooked."""
    known = {f"CALLSHEET_{name.upper()}" for name in Settings.model_fields}
    return tuple(sorted(name for name in os.environ if name.startswith("CALLSHEET_") and name not in known))


def key_from_environment(name: str) -> SecretStr:
    """The key that a variable of the environment holds; empty when there is no such variable."""
    return SecretStr(os.environ.get(name, ""))
