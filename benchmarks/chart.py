"""One chart: how many times faster than torch.nn each engine takes a training step."""

from typing import Any

import altair as alt
import pandas as pd

from benchmarks.tables import size_of
from reports.figures.figure import COLOURS, SHAPES

ENGINES = ("ours", "torch stacked", "jax", "jax vmap")
CELLS = {"lstm": "LSTM", "gru": "GRU", "rnn": "vanilla RNN"}


def chart(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the specification: one panel a cell, one line a setting, whiskers over the rounds, targets as ticks."""
    shown = rows[(rows.quantity == "times torch.nn") & rows.engine.isin(ENGINES)].copy()
    shown["setting"] = [size_of(row) for row in shown.itertuples()]
    order = list(dict.fromkeys(shown.setting))
    engine = {"title": None, "sort": list(ENGINES)}
    base = alt.Chart().encode(
        x=alt.X("value:Q", title="times as fast as torch.nn").scale(type="log", domain=[0.2, 20], nice=False),
        y=alt.Y("setting:N", sort=order, title=None),
        color=alt.Color("engine:N", **engine).scale(domain=list(ENGINES), range=list(COLOURS[: len(ENGINES)])),
    )
    layers = [
        alt.Chart(pd.DataFrame({"equal": [1]})).mark_rule(strokeDash=[3, 3], color="#57606a").encode(x="equal:Q"),
        base.mark_rule(opacity=0.5).encode(x="low:Q", x2="high:Q"),
        base.mark_point(filled=True, size=45, opacity=1).encode(
            shape=alt.Shape("engine:N", **engine).scale(domain=list(ENGINES), range=list(SHAPES[: len(ENGINES)]))
        ),
        base.transform_filter("isValid(datum.target)")
        .mark_tick(thickness=2, size=14, color="#1f2328")
        .encode(x="target:Q", color=alt.value("#1f2328")),
    ]
    panels = [
        alt.layer(*layers, data=part).properties(width=420, height=190, title=name)
        for cell, name in CELLS.items()
        if len(part := shown[shown.cell == cell])
    ]
    return {**alt.vconcat(*panels).to_dict(), "background": "white"}
