"""The language model of the settings, as `copilot` wants it described."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copilot.errors import SettingsError

if TYPE_CHECKING:
    from copilot.llm_settings import ModelSettings
    from ui.settings import Settings


def model_settings(settings: Settings) -> ModelSettings:
    """What it takes to connect to the model that is set.

    Raises:
        SettingsError: none is set, or it can't be used like that.
    """
    # Late: hardly any command needs them.
    from pydantic import ValidationError

    from copilot.llm_settings import ModelSettings

    try:
        return ModelSettings(
            model=settings.model,
            base_url=settings.base_url or None,
            api_key=settings.api_key,
            timeout=settings.timeout,
            send=settings.send,
            require_zero_retention=settings.require_zero_retention,
        )
    except ValidationError as error:
        said = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise SettingsError(f"REVIEWER_COPILOT_MODEL: {said}", "see the README, 'A language model'") from None
