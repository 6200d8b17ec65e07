"""The result tables: what each file holds; ``reports.stored`` writes and reads them.

A table is one Parquet file in a results folder. Its schema is the contract between the pipeline, which writes it, and
all that reads it. Null means "not defined" (a column's remark says when); NaN and infinities are never stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

TEXT, WHOLE, REAL, FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()


@dataclass(frozen=True)
class Table:
    """One table of a results folder.

    Attributes
    ----------
    rows
        The columns that name a row; no two rows agree in all of them. Rows are stored in their order.
    """

    name: str
    rows: tuple[str, ...]
    schema: pa.Schema

    def file(self, results: Path) -> Path:
        """Return where the table lies in a results folder."""
        return results / f"{self.name}.parquet"


def _column(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


RUN_COLUMNS = ("task", "cell", "variant", "length", "seed")
_RUN = (
    _column("task", TEXT),
    _column("cell", TEXT),
    _column("variant", TEXT),
    _column("length", WHOLE),
    _column("seed", WHOLE),
)
_STEP = _column("step", WHOLE)
_PHASE = _column("phase", TEXT)  # "init" (step 0), "early" (10, 100, ... updates) or "trained" (at best_step)

RUNS = Table(
    "runs",
    RUN_COLUMNS,
    pa.schema(
        [
            _column("key", TEXT),
            *_RUN,
            _column("status", TEXT),  # "ok" or "diverged"
            _column("stopped_by", TEXT),  # "solved", "stalled", "budget" or "diverged"
            _column("metric", TEXT),  # lower is better
            _column("value", REAL),  # metric on the test set at best_step
            _column("baseline", REAL),  # the trivial predictor's metric on the test set
            pa.field("classical", REAL),  # the classical predictor's; null where the task has none
            _column("skill", REAL),  # 1 - value / baseline
            # share of wrong classes over all steps with a target, where the metric counts whole sequences; else null
            pa.field("symbol_errors", REAL),
            pa.field("solved", FLAG),  # null where the task has no criterion
            _column("best_step", WHOLE),  # best on validation
            _column("steps", WHOLE),
            _column("n_parameters", WHOLE),
            _column("wall_s", REAL),
            _column("data_sha256", TEXT),
            _column("code_sha256", TEXT),
            _column("learning_rate", REAL),
        ]
    ),
)

TUNING = Table(
    "tuning",
    ("task", "cell", "variant", "length", "learning_rate", "seed"),
    pa.schema(
        [
            _column("task", TEXT),
            _column("cell", TEXT),
            _column("variant", TEXT),
            _column("length", WHOLE),
            _column("seed", WHOLE),
            _column("learning_rate", REAL),
            _column("steps", WHOLE),
            pa.field("valid_value", REAL),  # null where no check on validation was finite
            _column("chosen", FLAG),
        ]
    ),
)

CURVES = Table(
    "curves",
    (*RUN_COLUMNS, "step"),
    pa.schema(
        [
            *_RUN,
            _STEP,
            pa.field("train_loss", REAL),  # mean since the check before; null at step 0
            pa.field("valid_loss", REAL),  # null where it overflowed
            pa.field("valid_metric", REAL),
            pa.field("grad_norm", REAL),  # global norm before clipping, mean since the check before
            pa.field("clipped", REAL),  # share of the updates since the check before
        ]
    ),
)

# By lag, relative to lag 0. A sample whose gradient is exactly zero counts in n_zero and is left out of the quantiles.
# G_k is the part of dL_T/dW_hh (mean over samples) that comes from lag k, G their sum.
GRADIENTS = Table(
    "gradients",
    (*RUN_COLUMNS, "phase", "step", "lag"),
    pa.schema(
        [
            *_RUN,
            _PHASE,
            _STEP,
            _column("lag", WHOLE),  # all that the longest measured sequence has
            _column("n_samples", WHOLE),  # with this lag and a gradient at lag 0
            _column("n_zero", WHOLE),
            # of ||dL_T/ds_t||; null at lags that fewer than half of the sequences have, and where none is left
            pa.field("log10_norm_q25", REAL),
            pa.field("log10_norm_q50", REAL),
            pa.field("log10_norm_q75", REAL),
            pa.field("log10_sigma_max", REAL),  # of ds_T/ds_t; null but at log-spaced lags, and where it is zero
            # of ||G_k|| / ||G||; null where G_k or G is zero or not finite: G_k is at the last lag, as h_0 = 0
            pa.field("log10_contribution", REAL),
            pa.field("share", REAL),  # <G_k, G> / ||G||^2, sums to 1; null where G is zero or not finite
            pa.field("log10_gate_path", REAL),  # through keep gates alone; null for the vanilla cell, and as the norms
        ]
    ),
)

# Rates are natural logarithms a step. rate_* are means over samples and over lags n/2 to n-1; what splits them or the
# spectrum into slopes and weights is null for gated cells. Every null of a row is explained in its ``reason``.
RATES = Table(
    "rates",
    (*RUN_COLUMNS, "phase", "step"),
    pa.schema(
        [
            *_RUN,
            _PHASE,
            _STEP,
            pa.field("rate_total", REAL),  # ln ||g_{t-1}|| / ||g_t||
            pa.field("rate_slopes", REAL),
            pa.field("rate_weights", REAL),  # rate_slopes + rate_weights = rate_total
            pa.field("rate_gate_path", REAL),  # null for the vanilla cell
            # lyapunov_* and mean_*: null in phase "early", all but mean_weights also where an overflowing state leaves
            # them undefined
            pa.field("lyapunov_max", REAL),  # null where minus infinity
            pa.field("lyapunov_mean", REAL),  # null where minus infinity, and where only the largest was measured
            pa.field("mean_slopes", REAL),  # null where a slope is zero (ReLU)
            pa.field("mean_weights", REAL),  # mean_slopes + mean_weights = lyapunov_mean; null where W_hh is singular
            pa.field("polar_slopes", REAL),  # rate_total with W_hh replaced by its polar factor
            pa.field("unit_slopes_weights", REAL),  # rate_total with all slopes 1
            pa.field("horizon", WHOLE),  # first lag whose median ratio is below 1 %; number of lags if censored
            pa.field("horizon_censored", FLAG),
            pa.field("cancellation", REAL),  # sum of |share|; null as share
            pa.field("w_spectral_radius", REAL),  # w_*: null for gated cells
            pa.field("w_sigma_max", REAL),
            pa.field("reason", TEXT),  # why values of this row are null
        ]
    ),
)

# The memory horizon by what is asked of it: the first or the last lag at which the median ratio crosses a threshold.
HORIZONS = Table(
    "horizons",
    (*RUN_COLUMNS, "phase", "step", "threshold", "crossing"),
    pa.schema(
        [
            *_RUN,
            _PHASE,
            _STEP,
            _column("threshold", REAL),
            _column("crossing", TEXT),  # "first" or "last"
            pa.field("horizon", WHOLE),  # number of lags if censored; null where no sample has a gradient at lag 0
            pa.field("censored", FLAG),
        ]
    ),
)

# Lyapunov exponents of the full state, natural logarithms a step, with a split that holds for every partial sum: that
# of exponents is that of slopes plus that of weights. Not measured in phase "early"; the largest alone for draws of
# weights that are not trained.
SPECTRA = Table(
    "spectra",
    (*RUN_COLUMNS, "phase", "step", "index"),
    pa.schema(
        [
            *_RUN,
            _PHASE,
            _STEP,
            _column("index", WHOLE),  # 0-based, the largest exponent first
            pa.field("exponent", REAL),  # null where minus infinity, and where the state overflowed
            pa.field("slopes", REAL),  # slopes and weights: null for gated cells and where the exponent is null
            pa.field("weights", REAL),
        ]
    ),
)

# Published or exact values, and what the library measures for them in this environment.
REFERENCE = Table(
    "reference",
    ("case", "statement"),
    pa.schema(
        [
            _column("case", TEXT),  # "A1" to "A22"
            _column("statement", TEXT),
            _column("expected", REAL),
            _column("measured", REAL),
            _column("tolerance", REAL),  # allowed difference
            _column("ok", FLAG),
            _column("source", TEXT),
        ]
    ),
)

# Untrained networks by their gain and by lag: random ones without input, and gated cells by their gate's bias.
PHASE = Table(
    "phase",
    ("activation", "gain", "noise", "size", "seed", "lag"),
    pa.schema(
        [
            _column("activation", TEXT),  # "tanh", "sigmoid", "relu" or "linear"; "lstm" or "gru"
            _column("gain", REAL),  # g: entries of W have the variance g^2 / size; of a gated cell the gate's bias
            _column("noise", REAL),  # its variance, added to every unit's sum at every step
            _column("size", WHOLE),  # units
            _column("lag", WHOLE),  # spaced evenly in their logarithm, and 0
            _column("seed", WHOLE),  # one matrix for all activations, gains and noises; one draw for all biases
            pa.field("log10_norm", REAL),  # of a random row gradient, relative to lag 0; null where it is exactly zero
            pa.field("lyapunov_max", REAL),  # of this network, nats a step; null where minus infinity
            pa.field("theory", REAL),  # the same for infinitely many units; null for gated cells
        ]
    ),
)

# Norms of the gradient of -ln p(prediction) with respect to the input vectors of some test sequences, trained networks;
# without a row where no task's texts may be printed.
ATTRIBUTION = Table(
    "attribution",
    ("key", "sentence", "position"),
    pa.schema(
        [
            _column("key", TEXT),
            _column("sentence", WHOLE),  # index in the test set
            _column("position", WHOLE),  # 0-based
            _column("token", TEXT),  # the input symbol
            _column("target", TEXT),  # the class that was predicted
            pa.field("log10_norm", REAL),  # null where it is exactly zero
        ]
    ),
)

# What networks that read their own output write, on the test sequences that are attributed; the end is not a row.
DECODED = Table(
    "decoded",
    ("key", "sentence", "position"),
    pa.schema(
        [
            _column("key", TEXT),
            _column("sentence", WHOLE),  # index in the test set
            _column("position", WHOLE),  # 0-based, in what is written
            pa.field("target", TEXT),  # class; null behind the end
            pa.field("output", TEXT),  # class; null behind the end
        ]
    ),
)

MLFLOW = Table("mlflow", ("key",), pa.schema([_column("key", TEXT), _column("run_id", TEXT)]))

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        RUNS,
        TUNING,
        CURVES,
        GRADIENTS,
        RATES,
        HORIZONS,
        SPECTRA,
        PHASE,
        ATTRIBUTION,
        DECODED,
        REFERENCE,
        MLFLOW,
    )
}
