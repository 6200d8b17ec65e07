"""A13 to A15, A17: the losses that no model can go below without memory, and the one that none can go below at all."""

import numpy as np

from rnn.losses import cross_entropy
from rnn.reference.case import CLOSED_FORM, Array, Case
from rnn.scores import wrong
from rnn.tasks import copy_memory, order
from rnn.tasks.autoregressive import forecast_floor
from rnn.tasks.reber import EMBEDDED

ARJOVSKY = "Arjovsky, Shah & Bengio 2016, section 4.1"
HOCHREITER = "Hochreiter & Schmidhuber 1997, section 5.6"
CLEEREMANS = "Cleeremans, Servan-Schreiber & McClelland 1989; Hochreiter & Schmidhuber 1997, section 5.1"
BOX_JENKINS = "Box & Jenkins 1970, chapter 5"
CERTAIN = 800.0  # a logit whose exponential against 1 is beyond float64


def copy_cases() -> list[Case]:
    """A13: copy memory without memory."""
    rng = np.random.default_rng(13)
    return [
        Case(
            "A13",
            f"Copy memory, 8 symbols, 10 to copy, delay {delay}: loss of blanks and then guesses, 10 ln 8/(T + 20).",
            right,
            guessing_loss(copy_memory.draw(rng, 20, delay).y),
            5e-7,
            ARJOVSKY,
        )
        for delay, right in ((100, 0.173287), (200, 0.094520), (500, 0.039989), (1000, 0.020387))
    ]


def guessing_loss(y: Array) -> float:
    """Return the mean loss where blanks are sure, but all symbols alike in the last steps; y (N, T) classes."""
    n_symbols, n_copied = copy_memory.N_SYMBOLS, copy_memory.N_COPIED
    o = np.zeros((*y.shape, n_symbols + 1))
    o[:, :-n_copied, n_symbols] = CERTAIN
    o[:, -n_copied:, n_symbols] = -CERTAIN
    return float(cross_entropy(o, y, np.ones(y.shape))[0].mean())


def order_cases() -> list[Case]:
    """A14: temporal order by guessing."""
    rng = np.random.default_rng(14)
    cases = []
    for n_relevant, loss, error in ((2, np.log(4), 0.75), (3, np.log(8), 0.875)):
        y = order.draw(rng, 20_000, 100, n_relevant, longest=110).y
        o = np.zeros((len(y), len(order.class_names(n_relevant))))
        found, _ = cross_entropy(o, y, np.ones(len(y)))
        task = f"Temporal order, {n_relevant} relevant symbols, {o.shape[1]} classes"
        tolerance = 4 * np.sqrt(error * (1 - error) / len(y))
        cases += [
            Case("A14", f"{task}: loss of a guess in nats.", float(loss), float(found.mean()), 1e-12, HOCHREITER),
            Case(
                "A14",
                f"{task}: share of {len(y)} sequences on which the same answer is wrong.",
                error,
                float(wrong(o, y).mean()),
                float(tolerance),
                HOCHREITER,
            ),
        ]
    return cases


def forecast_cases() -> list[Case]:
    """A17: an autoregressive series of order one, which noise makes unpredictable."""
    phi, draws = 0.9, 100_000
    rng = np.random.default_rng(17)
    cases = []
    for horizon, right in ((1, 1.0), (10, 4.62328), (20, 5.18536)):
        start = x = rng.normal(size=draws) / np.sqrt(1 - phi**2)
        for _ in range(horizon):
            x = phi * x + rng.normal(size=draws)
        error = float(np.mean((x - phi**horizon * start) ** 2))
        steps = "1 step" if horizon == 1 else f"{horizon} steps"
        series = f"x_t = 0.9 x_(t-1) + unit noise: mean squared error of the best forecast {steps} ahead"
        cases += [
            Case("A17", f"{series}, formula.", right, forecast_floor(phi, horizon), 5e-6, BOX_JENKINS),
            Case(
                "A17",
                f"{series}, {draws} simulated series.",
                right,
                error,
                4 * right * float(np.sqrt(2 / draws)),
                CLOSED_FORM,
            ),
        ]
    return cases


def reber_cases() -> list[Case]:
    """A15: strings of the embedded Reber grammar."""
    rng = np.random.default_rng(15)
    strings = [EMBEDDED.draw(rng) for _ in range(4000)]
    length = np.array([len(string) for string in strings])
    # each choice is between two symbols; the last symbol of a string leaves none
    bits = np.array([sum(len(legal) == 2 for legal in EMBEDDED.legal_next(string)) for string in strings])
    named = "Embedded Reber grammar"
    exact = (
        ("mean length of a string", 12, EMBEDDED.mean_length),
        ("shortest string", 9, EMBEDDED.shortest),
        ("entropy of a string in bits", 7, EMBEDDED.entropy),
        ("entropy in bits a predicted symbol", 7 / 11, EMBEDDED.bits_a_symbol),
    )
    drawn = (("mean length", 12, length), ("mean number of free choices, a bit each,", 7, bits))
    return [
        *(Case("A15", f"{named}: {text}.", right, found, 1e-12, CLEEREMANS) for text, right, found in exact),
        *(
            Case(
                "A15",
                f"{named}: {text} of {len(strings)} drawn strings.",
                right,
                float(found.mean()),
                4 * float(found.std()) / float(np.sqrt(len(strings))),
                CLEEREMANS,
            )
            for text, right, found in drawn
        ),
        Case("A15", f"{named}: shortest of {len(strings)} drawn strings.", 9, int(length.min()), 0, CLEEREMANS),
    ]
