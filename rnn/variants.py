"""Variants of a cell, its start and its training: what an ablation changes, by name."""

from dataclasses import dataclass, field

from rnn.cells import CELLS, LSTM1997, Cell, GRUBefore

GATED = ("lstm", "gru")


@dataclass(frozen=True)
class Variant:
    """What differs from the default: tanh, Glorot weights, keep-gate biases of 1, the experiment's H and clipping."""

    description: str
    cells: tuple[str, ...] = tuple(CELLS)
    options: dict[str, str] = field(default_factory=dict)  # of the cell's constructor
    form: type[Cell] | None = None  # another form of the cell, in place of the registered one
    matched: bool = False  # H such that the network has about as many parameters as that with an LSTM
    recurrent: str = "glorot"
    gain: float = 1.0  # factor of W_hh
    gate_bias: float = 1.0
    chrono: bool = False  # gate biases for dependencies of up to all steps of a sequence, in place of ``gate_bias``
    clip: float | None = None  # threshold of the gradient's norm in place of the experiment's; 0: never
    window: int = 0  # steps that training back-propagates through at a time; 0: all. Measurements are exact
    budget: int = 1  # factor of the budget of updates, also of a run that only chooses a learning rate

    def cell(self, name: str, n_inputs: int, n_hidden: int) -> Cell:
        """Return the variant of a registered cell, with D inputs and H hidden units."""
        return (self.form or CELLS[name])(n_inputs, n_hidden, **self.options)


# names are made of lower-case letters, digits and hyphens
VARIANTS: dict[str, Variant] = {
    "default": Variant("tanh, Glorot weights, forget and keep bias 1"),
    "sigmoid": Variant("sigmoid in place of tanh", ("rnn",), {"activation": "sigmoid"}),
    "relu": Variant("ReLU in place of tanh", ("rnn",), {"activation": "relu"}),
    "linear": Variant("no non-linearity", ("rnn",), {"activation": "linear"}),
    "orthogonal": Variant("orthogonal recurrent matrices, gate by gate", recurrent="orthogonal"),
    "identity": Variant("identity as recurrent matrix", ("rnn",), recurrent="identity"),
    "irnn": Variant(
        "ReLU in place of tanh, identity as recurrent matrix", ("rnn",), {"activation": "relu"}, recurrent="identity"
    ),
    "gain-0-5": Variant("Glorot recurrent matrix times 0.5", ("rnn",), gain=0.5),
    "gain-0-9": Variant("Glorot recurrent matrix times 0.9", ("rnn",), gain=0.9),
    "gain-1-2": Variant("Glorot recurrent matrix times 1.2", ("rnn",), gain=1.2),
    "gain-1-5": Variant("Glorot recurrent matrix times 1.5", ("rnn",), gain=1.5),
    "bias-minus-2": Variant("forget and keep bias -2", GATED, gate_bias=-2.0),
    "bias-minus-1": Variant("forget and keep bias -1", GATED, gate_bias=-1.0),
    "bias-0": Variant("forget and keep bias 0", GATED, gate_bias=0.0),
    "bias-2": Variant("forget and keep bias 2", GATED, gate_bias=2.0),
    "bias-3": Variant("forget and keep bias 3", GATED, gate_bias=3.0),
    "bias-4": Variant("forget and keep bias 4", GATED, gate_bias=4.0),
    "chrono": Variant("forget and keep biases for dependencies of up to all steps of a sequence", GATED, chrono=True),
    "reset-before": Variant("reset gate before the recurrent product, as published in 2014", ("gru",), form=GRUBefore),
    "no-forget": Variant("no forget gate, as published in 1997", ("lstm",), form=LSTM1997),
    "matched": Variant("H such that there are as many parameters as with an LSTM", ("rnn", "gru"), matched=True),
    "clip-0": Variant("no clipping", clip=0.0),
    "clip-0-1": Variant("gradients clipped at a norm of 0.1", clip=0.1),
    "truncated-20": Variant("back-propagation through 20 steps at a time, truncated beyond", window=20),
    "long-budget": Variant("four times the budget of updates", budget=4),
}
