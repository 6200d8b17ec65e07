"""What the best forecast of an autoregressive series of order one must leave as error."""

import math


def forecast_floor(phi: float, horizon: int, sigma: float = 1.0) -> float:
    """Return the least mean squared error of a forecast ``horizon`` steps ahead.

    x_t = phi x_{t-1} + sigma e_t with e_t independent, of mean 0 and variance 1. The best forecast is phi^h x_t; what
    the noise of h steps adds remains: sigma^2 (1 + phi^2 + ... + phi^(2h-2)). This is
    sigma^2 (1 - phi^2h) / (1 - phi^2) unless phi^2 = 1 (Box & Jenkins 1970, chapter 5; REFERENCE A17).

    Raises
    ------
    ValueError
        The horizon is below 1.
    """
    if horizon < 1:
        raise ValueError(f"A forecast is for at least one step ahead, not {horizon}.")
    return sigma**2 * math.fsum(phi ** (2 * k) for k in range(horizon))
