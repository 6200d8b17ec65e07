"""Tables of remedies beside their cell's default: how far a loss reaches, what was learned, how training went."""

from __future__ import annotations

from reports import ablations
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, INIT, TRAINED, at_length, cell_name, quoted, variant_name
from reports.numbers import learning_rate, percent, significant, whole
from reports.sentences.remedies import updates_text
from reports.sentences.words import origin
from reports.summaries import horizon, score
from reports.tabulate.tabulation import NOTHING, Tabulation, frozen

JUDGED = ("solved", "updates")  # columns of a task with a criterion


def beside_default(inputs: Inputs, task: str) -> Tabulation:
    """Tabulate every remedy that was trained on a task, cell by cell and length by length, the default first."""
    judged = inputs.solved_below(task)
    header = ("", "horizon", *(JUDGED if judged else ()), "skill", "rate", "clipped", "diverged", "pairs")
    rows, headings, emphasised, n_runs = [], [], [], 0
    for cell in inputs.cells:
        for length in ablations.lengths(inputs, task, cell):
            headings.append((len(rows), f"{cell_name(cell)}, {at_length(task, length)}"))
            for variant in (DEFAULT, *ablations.remedies(inputs, task, cell, length)):
                setting = Setting(task, cell, variant, length)
                if variant != DEFAULT and ablations.learning(inputs, setting).verdict:
                    emphasised.append((len(rows), len(header) - 1))
                rows.append(_row(inputs, setting))
                n_runs += len(inputs.runs_of(setting))
    solved = "updates: until half of the seeds are solved, “>” where that was not reached; " if judged else ""
    return Tabulation(
        name=f"remedies-{task}",
        caption=f"Remedies on {quoted(task)} beside the default of their cell. Horizon: median before → after "
        f"training, in steps, “≥” where it is censored; {solved}skill: the median; rate: the learning rate that was "
        "chosen; clipped: the share of updates. Pairs: runs on the same data in which the remedy is better : worse "
        "than the default, with p of the exact sign test, not corrected; in bold where a difference is seen.",
        header=header,
        rows=frozen(rows),
        provenance=origin(inputs, "runs", n_runs),
        emphasised=tuple(emphasised),
        headings=tuple(headings),
    )


def _row(inputs: Inputs, setting: Setting) -> list[str]:
    found = score(inputs, setting)
    assert found is not None
    runs = inputs.runs_of(setting)
    clipped = ablations.clipped(inputs, [setting])
    judged = found.n_solved is not None
    solved = [f"{found.n_solved}/{found.n}", updates_text(inputs, setting)] if judged else []
    return [
        variant_name(setting.cell, setting.variant),
        " → ".join(_horizon(inputs, setting, phase) for phase in (INIT, TRAINED)),
        *solved,
        significant(found.skill.median, 2),
        " and ".join(learning_rate(rate) for rate in sorted(set(runs.learning_rate))),
        NOTHING if clipped is None else percent(clipped),
        str(int((runs.status == "diverged").sum())),
        NOTHING if setting.variant == DEFAULT else _pairs(inputs, setting),
    ]


def _horizon(inputs: Inputs, setting: Setting, phase: str) -> str:
    found = horizon(inputs, setting, phase)
    if found.spread is None:
        return "undefined"
    return f"≥ {found.bound}" if found.censored else whole(found.spread.median)


def _pairs(inputs: Inputs, setting: Setting) -> str:
    pairs = ablations.learning(inputs, setting)
    return f"{pairs.won} : {pairs.lost}, p = {significant(pairs.p, 2)}"
