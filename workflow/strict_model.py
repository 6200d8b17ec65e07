"""What all models of experiment files share."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """No conversions (``true`` is not 1, 3.0 is not 3), no unknown keys, no NaN or infinity."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)
