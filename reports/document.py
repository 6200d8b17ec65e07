"""The document: everything the report prints, computed from the inputs, as one JSON-able value.

Type-setting reads this and nothing else, so a number, figure or table that the text asks for and that is not here fails
the build.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from reports import by_factor, citations, cliff, dose, fair, forms, hangul, hello, phase, real_text, remedies
from reports.claims.verdict import ALPHA
from reports.figures import gradient as gradient_figures
from reports.figures import score as score_figures
from reports.figures import training as training_figures
from reports.figures.figure import Figure
from reports.inputs import Inputs
from reports.names import DEFAULT, INIT, PHASE_NAMES, TRAINED, at_length, axis, task_title
from reports.numbers import digest, percent, significant
from reports.sentences import claims, factors, gradient, relation, score, study, training
from reports.sentences.words import interval_words
from reports.tabulate import Tabulation
from reports.tabulate import claims as claim_tables
from reports.tabulate import design as design_tables
from reports.tabulate import gradient as gradient_tables
from reports.tabulate import score as score_tables
from reports.tabulate import training as training_tables
from reports.variants import CHARTS, charts
from rnn.gradients.flow import SAMPLES
from rnn.gradients.horizon import THRESHOLD
from rnn.gradients.lyapunov import BURN_IN, STEPS
from rnn.variants import VARIANTS

AUTHORS = "The authors of the project"
TITLE = "Why a vanilla RNN forgets, and what gates change"


def figures(inputs: Inputs) -> dict[str, list[Figure]]:
    """Return the report's figures by section; a figure for which nothing is defined is left out."""
    found: dict[str, Sequence[Figure | None]] = {
        "overview": [gradient_figures.by_cell(inputs)],
        "tasks": [gradient_figures.by_task(inputs, phase) for phase in PHASE_NAMES],
        "lengths": [gradient_figures.by_length(inputs, family) for family in inputs.families],
        **{
            f"variants_{chart}": [gradient_figures.by_variant(inputs, cell, chart) for cell in charts(inputs, chart)]
            for chart in CHARTS
        },
        "scores": [score_figures.by_cell(inputs)],
        "score_variants": [
            score_figures.by_variant(inputs, cell, chart) for chart in CHARTS for cell in charts(inputs, chart)
        ],
        "curves": [training_figures.curves(inputs)],
        "tuning": [training_figures.tuning(inputs)],
        **by_factor.figures(inputs),
        **phase.figures(inputs),
        **cliff.figures(),
        **fair.figures(inputs),
        **remedies.figures(inputs),
        **real_text.figures(inputs),
        **dose.figures(inputs),
    }
    return {section: [figure for figure in of_section if figure is not None] for section, of_section in found.items()}


def tables(inputs: Inputs) -> dict[str, list[Tabulation]]:
    """Return the report's tables by section."""
    found: dict[str, Sequence[Tabulation | None]] = {
        "reach": [gradient_tables.reach(inputs)],
        "horizons": [gradient_tables.horizons(inputs, family) for family in inputs.families],
        "variants": [gradient_tables.of_variants(inputs, cell) for cell in inputs.cells_with_variants],
        "matrices": [gradient_tables.recurrent_matrices(inputs)],
        "relation": [score_tables.relation(inputs)],
        "solved": [score_tables.solved(inputs)],
        "scores": [score_tables.scores(inputs, task) for task in inputs.tasks],
        "tuning": [training_tables.tuning(inputs, family) for family in inputs.families],
        "endings": [training_tables.endings(inputs)],
        "models": [design_tables.models(inputs)],
        "budgets": [design_tables.parameters(inputs), design_tables.budgets(inputs)],
        **by_factor.tables(inputs),
        **phase.tables(inputs),
        **cliff.tables(),
        **fair.tables(inputs),
        **remedies.tables(inputs),
        **real_text.tables(inputs),
        **dose.tables(inputs),
        **forms.tables(inputs),
        "claims": [claim_tables.verdicts(inputs)],
        "claims_left_out": [claim_tables.undecided(inputs)],
    }
    return {section: [table for table in of_section if table is not None] for section, of_section in found.items()}


def document(inputs: Inputs, drawn: dict[str, list[Figure]]) -> dict[str, Any]:
    """Return the whole document; figures without their specifications, which are files of their own.

    The fonts have no Korean letters, so Korean words are printed in Latin ones.
    """
    tabulated = tables(inputs)
    provenance = inputs.provenance
    made = {
        "title": TITLE,
        "subtitle": provenance["title"],
        "experiment": provenance["experiment"],
        "authors": AUTHORS,
        "date": {"year": inputs.finished.year, "month": inputs.finished.month, "day": inputs.finished.day},
        "abstract": abstract(inputs),
        "hello": {**hello.example(), "trained": hello.trained(inputs), "criterion": hello.criterion(inputs)},
        "measured": {
            "samples": str(SAMPLES),
            "threshold": percent(THRESHOLD),
            "alpha": f"{ALPHA:g}",
            "burn_in": f"{BURN_IN:,}",
            "window": f"{STEPS:,}",
            "gate_bias": f"{VARIANTS[DEFAULT].gate_bias:g}",
        },
        "sentences": {name: [text for text in texts if text] for name, texts in sentences(inputs).items()},
        "figures": {figure.name: _words(figure) for of_section in drawn.values() for figure in of_section},
        "figures_of": {section: [figure.name for figure in of_section] for section, of_section in drawn.items()},
        "tables": {table.name: asdict(table) for of_section in tabulated.values() for table in of_section},
        "tables_of": {section: [table.name for table in of_section] for section, of_section in tabulated.items()},
        "cited": {
            "reference": citations.keys(inputs.reference.source),
            "data": citations.known(inputs.card(task)["source"] for task in inputs.tasks),
        },
        "cards": [card for task in inputs.tasks for card in _cards(inputs, task)],
        "provenance": facts(inputs),
        "packages": [[name, str(found)] for name, found in sorted(provenance["versions"].items())],
        "citation": citation(inputs),
    }
    printed: dict[str, Any] = hangul.everywhere(made)
    return {**printed, "romanised": printed != made}


def abstract(inputs: Inputs) -> list[list[str]]:
    """Return the summary: pairs of a lead and the findings that it announces."""
    example = inputs.example(inputs.tasks)
    flow = [
        gradient.decay(inputs, example),
        factors.costs_in_short(inputs, example),
        gradient.gates_in_short(inputs),
    ]
    reach = [gradient.what_horizon_is(), gradient.horizons(inputs, example)]
    cost = [
        score.solved_in_short(inputs),
        score.learned_in_short(inputs, [task for task in inputs.tasks if task != real_text.SENTENCES]),
        score.classical_in_short(inputs),
        score.gates_help(inputs),
        real_text.in_short(inputs),
    ]
    caution = [
        training.divergence_in_short(inputs),
        training.grid_edges(inputs),
        study.mixed_code(inputs),
    ]
    parts = {
        "What was done.": [study.in_short(inputs), study.left_out_in_short(inputs)],
        "What flows back.": flow,
        "How far a loss reaches.": reach,
        "What it costs.": cost,
        "Which claims hold.": [claims.in_short(inputs)],
        "What to keep in mind.": caution,
    }
    joined = {lead: _joined(*findings) for lead, findings in parts.items()}
    return [[lead, findings] for lead, findings in joined.items() if findings]


def sentences(inputs: Inputs) -> dict[str, list[str]]:
    """Return the findings by the place in the text where they stand; an empty one says that it does not apply."""
    tasks = inputs.tasks
    example = inputs.example(tasks)
    return {
        "design": [study.design(inputs), study.left_out_in_short(inputs), study.seeds(inputs), study.draws(inputs)],
        "left_out": list(inputs.provenance["left_out"]),
        "interval": [interval_words(len(inputs.seeds), len(inputs.draws))],
        "reach_init": [gradient.most_and_least(inputs, example, INIT), gradient.gates_against_vanilla(inputs, INIT)],
        "reach_trained": [
            gradient.most_and_least(inputs, example, TRAINED),
            gradient.gates_against_vanilla(inputs, TRAINED),
        ],
        "horizons": [
            gradient.what_horizon_is(),
            gradient.horizons(inputs, example),
            gradient.trained_against_initial(inputs),
        ],
        "variants": [
            *(gradient.variants_against_default(inputs, cell) for cell in inputs.cells),
        ],
        "linear_grows": [gradient.linear_grows(inputs, INIT)],
        "example": [study.example(inputs), study.family_examples(inputs)],
        "relation": [relation.horizon_and_result(inputs, phase) for phase in PHASE_NAMES],
        "without_gradient": [gradient.without_gradient(inputs)],
        "gates_help": [score.gates_help(inputs), score.what_decides(inputs)],
        "solved": [_joined(score.solved(inputs, task), score.mostly_solved(inputs, task)) for task in tasks],
        "scores": [
            _joined(
                score.best_against_baselines(inputs, task),
                score.beats_trivial(inputs, task),
                score.classical_wins(inputs, task),
                score.others(inputs, task),
            )
            for task in tasks
        ],
        "endings": [training.endings(inputs.runs), training.unsolved(inputs), training.divergence(inputs)],
        "tuning": [
            training.grid_edges(inputs),
            training.grid_edges_of_variants(inputs),
            training.rates_at_chance(inputs),
            training.failed_tuning(inputs.tuning),
        ],
        "hidden_units": [study.hidden_units(inputs)],
        "tuned_at": [study.tuned_at(inputs)],
        "budget": [study.budget(inputs)],
        "clipping": [training.clipping(inputs)],
        "provenance": [
            study.commit(inputs),
            study.one_code(inputs),
            study.mixed_code(inputs),
            study.one_machine(inputs),
        ],
        **by_factor.sentences(inputs),
        **phase.sentences(inputs),
        **cliff.sentences(),
        **fair.sentences(inputs),
        **remedies.sentences(inputs),
        **real_text.sentences(inputs),
        **dose.sentences(inputs),
        **forms.sentences(inputs),
        "claims": [claims.summary(inputs), claims.refuted_popular(inputs)],
        "claims_each": claims.each(inputs),
    }


def facts(inputs: Inputs) -> list[list[str]]:
    """Return what the results were made by, as pairs of words."""
    provenance = inputs.provenance
    machine, kernels, times = provenance["machine"], provenance["kernels"], provenance["times"]
    used = ", ".join(
        f"{task} {spent['used']:.0f} (planned {spent['expected']:.0f})"
        for task, spent in sorted(times["core_seconds"].items())
    )
    return [
        ["experiment", f"{provenance['experiment']}: {provenance['title']}"],
        ["experiment seed", str(provenance["configuration"]["seed"])],
        ["configuration digest", provenance["configuration_sha256"]],
        ["commit", provenance["commit"] or "not recorded"],
        ["library digest", ", ".join(sorted(set(provenance["code_sha256"])))],
        *([f"{name} digest", found] for name, found in sorted(provenance["locks"].items())),
        ["machine", ", ".join(f"{name} {value}" for name, value in sorted(machine.items()))],
        *(
            [f"training: {name.replace('_', ' ')}", "; ".join(map(str, values))]
            for name, values in sorted(kernels.items())
        ),
        ["started, finished", f"{times['started']}, {times['finished']}"],
        ["core-seconds used", used],
    ]


def citation(inputs: Inputs) -> str:
    """Return how to cite this report."""
    commit = inputs.provenance["commit"]
    version = f"commit {commit[:10]}" if commit else f"library {digest(inputs.provenance['code_sha256'][0])}"
    return (
        f"{AUTHORS} ({inputs.finished.year}). {TITLE}: a reproducible study of gradient flow in recurrent networks. "
        f"Experiment {inputs.provenance['experiment']}, configuration "
        f"{digest(inputs.provenance['configuration_sha256'])}, {version}."
    )


def _joined(*sentences_of_one: str) -> str:
    return " ".join(filter(None, sentences_of_one))


def _cards(inputs: Inputs, task: str) -> list[dict[str, Any]]:
    """Return a task's data cards, lengths with the same words joined in one."""
    card = inputs.card(task)
    lengths = inputs.lengths(task)
    shared = [
        ["source", card["source"]],
        ["licence", card["licence"]],
        *(["file", f"{name}, SHA-256 {found}"] for name, found in sorted(card["files"].items())),
        ["input", card["input"]],
        ["target", card["target"]],
        ["example", card["example"]],
        ["metric", f"{card['metric']}{', ' + card['unit'] if card['unit'] else ''} (lower is better)"],
        ["note", card["notes"]],
    ]
    predictors = list(card["baselines"])
    roles = {card["trivial"]: " (trivial)", card["classical"]: " (classical)"}
    by_length = [
        [
            str(length),
            *(str(inputs.card(task, length)["split"].get(name, "–")) for name in ("train", "valid", "test")),
            *(significant(inputs.card(task, length)["baselines"][name]) for name in predictors),
            digest(inputs.card(task, length)["sha256"]),
        ]
        for length in lengths
    ]
    at = f" (the card above describes {at_length(task, lengths[-1])})" if len(lengths) > 1 else ""
    named = [f"{name}{roles.get(name, '')}" for name in predictors]
    header = [axis(task), "train", "valid", "test", *named, "SHA-256"]
    return [
        {"task": task, "title": task_title(task), "shared": shared, "header": header, "by_length": by_length, "at": at}
    ]


def _words(figure: Figure) -> dict[str, str]:
    return {"caption": figure.caption, "alt": figure.alt, "provenance": figure.provenance}
