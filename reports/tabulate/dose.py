"""The causal test in numbers: what each dose came to, and how horizon and learning go together across doses."""

from __future__ import annotations

from collections.abc import Sequence

from reports import dose_response
from reports.dose_response import Trial
from reports.inputs import Inputs
from reports.names import TRAINED, cell_name
from reports.numbers import learning_rate, listed, significant
from reports.sentences.dose import value_text
from reports.sentences.gradient import horizon_text
from reports.sentences.remedies import updates_text
from reports.sentences.words import origin_of, the
from reports.tabulate.tabulation import NOTHING, Tabulation, and_interval, frozen, median_of, task_at


def levels(inputs: Inputs, cell: str) -> Tabulation:
    """Tabulate what each dose of a cell set, and what was learned with it."""
    trials = dose_response.trials_of(inputs, cell)
    rows, headings, emphasised = [], [], []
    for trial in trials:
        headings.append((len(rows), task_at(trial.task, trial.length)))
        top = dose_response.best(inputs, trial)
        settings = {variant: s for (variant, _), s in zip(trial.doses, trial.settings, strict=True)}
        for level in dose_response.levels(inputs, trial):
            setting, s = settings[level.variant], level.score
            if level in top:
                emphasised.append((len(rows), 0))
            rates = inputs.runs_of(setting).learning_rate.unique()
            rows.append(
                [
                    f"{trial.knob} {value_text(level.dose)}",
                    horizon_text(level.before),
                    NOTHING if level.rate is None else median_of(level.rate),
                    listed([learning_rate(value) for value in rates], "or"),
                    NOTHING if s.n_solved is None else f"{s.n_solved}/{s.n}",
                    updates_text(inputs, setting) if inputs.solved_below(trial.task) else NOTHING,
                    median_of(s.skill),
                ]
            )
    return Tabulation(
        name=f"dose-levels-{cell}",
        caption=f"The doses of {the(cell)}: horizon in steps, of the trained seeds, and rate in nats a step, of all "
        "draws, before training; learning rate that the grid chose; seeds solved; updates until half of the seeds are "
        "solved, “>” where that was not reached within the budget; skill. "
        f"Median{and_interval(inputs, draws=True)}; “≥” where it is censored. In bold: the dose at which most was "
        "learned by the middle seed (of two the lower), then by the seeds solved.",
        header=("dose", "horizon before", "rate before", "learning rate", "solved", "updates", "skill"),
        rows=frozen(rows),
        provenance=_origin(inputs, trials),
        headings=tuple(headings),
        emphasised=tuple(emphasised),
    )


def correlations(inputs: Inputs) -> Tabulation | None:
    """Tabulate by task, length and cell how horizon and learning go together across doses; None without doses."""
    trials = dose_response.trials(inputs)
    if not trials:
        return None
    rows = []
    for trial in trials:
        found, split = dose_response.correlation(inputs, trial), dose_response.split(inputs, trial)
        lag = trial.required_lag
        decided = split is not None and split.p is not None
        rows.append(
            [
                task_at(trial.task, trial.length),
                cell_name(trial.cell),
                str(len(trial.doses)),
                NOTHING if found is None else median_of(found),
                NOTHING if found is None else str(found.n),
                NOTHING if lag is None else str(lag),
                *((f"{solved}/{of}" for solved, of in (split.reaching, split.short)) if split else (NOTHING, NOTHING)),
                significant(split.p, 2) if decided else NOTHING,
            ]
        )
    return Tabulation(
        name="dose-correlations",
        caption="Spearman’s rank correlation, across the doses of one cell, of the horizon before training and what "
        f"was learned: median over the seeds that have one{and_interval(inputs)}. Then the runs solved of those whose "
        "horizon before training is beyond the required lag, and of the others, with the p of Fisher’s exact test, "
        "two-sided and uncorrected; none where all runs are on one side, or all are solved, or none. Runs of a seed "
        "share their data, so p is likely too small.",
        header=(
            "task",
            "cell",
            "doses",
            "correlation",
            "seeds",
            "required lag",
            "beyond: solved",
            "short: solved",
            "p",
        ),
        rows=frozen(rows),
        provenance=_origin(inputs, trials),
        n_labels=2,
    )


def _origin(inputs: Inputs, trials: Sequence[Trial]) -> str:
    return origin_of(inputs, "runs", [(setting, TRAINED) for trial in trials for setting in trial.settings])
