"""Tables of the formula's factors: slopes and weights beside numbers of W_hh, and the path through the gates."""

from __future__ import annotations

from itertools import product

from reports.factors import VANILLA
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, PHASE_NAMES, at_length, model_name, quoted, variant_name
from reports.sentences.factors import log_of, nats
from reports.sentences.gradient import horizon_text
from reports.sentences.words import on_task, origin_of
from reports.summaries import horizon, rate
from reports.tabulate.tabulation import NOTHING, Tabulation, frozen
from reports.variants import BIASES, MATRICES, Block, blocks, charted

RATES = {
    "rate_total": "total",
    "rate_slopes": "slopes",
    "rate_weights": "weights",
    "polar_slopes": "slopes alone",
    "unit_slopes_weights": "weights alone",
    "lyapunov_max": "λ_max",
}
MATRIX = {"w_spectral_radius": "ln ρ(W_hh)", "w_sigma_max": "ln σ_max(W_hh)"}


def two_factors(inputs: Inputs, task: str) -> Tabulation | None:
    """Tabulate what slopes and weights change a step in every variant of the vanilla cell; None without that cell."""
    compared = blocks(inputs, VANILLA, inputs.variants(VANILLA))
    found = [block for block in reversed(compared) if block.task == task]
    rows, shown, headings = [], [], []
    for block in found or [Block(task, inputs.longest(task), (DEFAULT,))]:
        if len(found) > 1:
            headings.append((len(rows), at_length(task, block.length)))
        for variant, phase in product(block.variants, PHASE_NAMES):
            setting = Setting(task, VANILLA, variant, block.length)
            if rate(inputs, setting, phase, "w_spectral_radius") is None:
                continue
            rates = [rate(inputs, setting, phase, column) for column in RATES]
            matrix = [rate(inputs, setting, phase, column) for column in MATRIX]
            rows.append(
                [
                    variant_name(VANILLA, variant),
                    PHASE_NAMES[phase],
                    *(NOTHING if s is None else nats(s.median) for s in rates),
                    *(NOTHING if s is None else nats(log_of(s.median)) for s in matrix),
                ]
            )
            shown.append((setting, phase))
    if not rows:
        return None
    where = quoted(task) if headings else on_task(task, shown[0][0].length)
    return Tabulation(
        name="two-factors",
        caption=f"The two factors of the vanilla RNN’s gradient on {where}, in nats a step, means over "
        "samples and over the later half of the lags (the first half of the sequence), medians over seeds (so columns "
        "add up for each network, and only nearly for the medians). Total = slopes + weights, both along the "
        "gradient’s own way; each alone is a counterfactual. To the right, for comparison and no gradient: the largest "
        "Lyapunov exponent, and the logarithms of the spectral radius and the largest singular value of W_hh.",
        header=("variant", "training", *RATES.values(), *MATRIX.values()),
        rows=frozen(rows),
        provenance=origin_of(inputs, "rates", shown),
        n_labels=2,
        headings=tuple(headings),
    )


def gate_paths(inputs: Inputs, task: str) -> Tabulation | None:
    """Tabulate what the gates alone carry beside the whole gradient: of gated cells at every trained length.

    Their variants that change gates or recurrent matrices stand at the greatest length at which they were trained.
    """
    rows, shown = [], []
    for model in inputs.models_on(task):
        if model[1] != DEFAULT and not any(
            model[1] in charted(inputs, model[0], chart) for chart in (MATRICES, BIASES)
        ):
            continue
        for length in inputs.trained_at(task, *model)[0 if model[1] == DEFAULT else -1 :]:
            setting = Setting(task, *model, length)
            pairs = [
                (rate(inputs, setting, phase, "rate_gate_path"), rate(inputs, setting, phase, "rate_total"))
                for phase in PHASE_NAMES
            ]
            if all(gates is None for gates, _ in pairs):
                continue
            rows.append(
                [
                    model_name(*model),
                    at_length(task, length),
                    *(NOTHING if s is None else nats(s.median) for pair in pairs for s in pair),
                    *(horizon_text(horizon(inputs, setting, phase)) for phase in PHASE_NAMES),
                ]
            )
            shown += [(setting, phase) for phase in PHASE_NAMES]
    if not rows:
        return None
    measured = ("gates alone", "total")
    return Tabulation(
        name="gate-paths",
        caption=f"What the path through the gates alone changes (LSTM: the forget gates of the cell state; GRU: the "
        f"update gates), beside the whole gradient, on {on_task(task, inputs.longest(task))} and shorter, in nats a "
        "step, medians over seeds; the memory horizon in steps, with its interval.",
        header=(
            "cell",
            "length",
            *(f"{what}, {PHASE_NAMES[phase]}" for phase in PHASE_NAMES for what in measured),
            *(f"horizon, {PHASE_NAMES[phase]}" for phase in PHASE_NAMES),
        ),
        rows=frozen(rows),
        provenance=origin_of(inputs, "rates", shown),
        n_labels=2,
    )
