"""The matrix product inside the time loop, in float32: the tile that the fused kernels are built on.

A library's product packs the weights anew at every step and is called from outside the loop; here they are packed once
for all steps, and a tile of 4 rows and 16 columns stays in registers while it runs over the depth, as in Goto & van de
Geijn 2008, "Anatomy of high-performance matrix multiplication". Every entry is one sum in the order of the depth,
whatever the number of rows, so a sequence's bits do not depend on those beside it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.extending import intrinsic

from rnn.cells.elementary import Floats, Lengths, kernel

ROWS, COLUMNS = 4, 16  # 8 registers of 8 numbers: as many sums as hide the latency of multiply-add
BLOCK = 128  # rows whose products are summed at once: they are in the cache, and sums of sums round less
_VECTOR = ir.VectorType(ir.FloatType(), COLUMNS)
CALLS = "fda654498b75c721"  # as in ``rnn.cells.kernels``
_FUSED = ("contract",)  # multiply-add, where the CPU has it


def packed(w: Floats) -> Floats:
    """Return matrices w (S, K, G) as panels of 16 columns, (S, ceil(G / 16), K, 16), zeros beyond the last column."""
    seeds, depth, width = w.shape
    panels = np.zeros((seeds, whole_panels(width) // COLUMNS, depth, COLUMNS), np.float32)
    _pack(w, panels)
    return panels


@kernel
def _pack(w: Floats, panels: Floats) -> None:
    for s in range(panels.shape[0]):
        for p in range(panels.shape[1]):
            for k in range(panels.shape[2]):
                for j in range(min(COLUMNS, w.shape[2] - p * COLUMNS)):
                    panels[s, p, k, j] = w[s, k, p * COLUMNS + j]


def sums_like(w: Floats) -> Floats:
    """Return zeros for the gradient of matrices w (S, K, G), with room for whole panels: (S, K, G or more)."""
    return np.zeros((*w.shape[:2], whole_panels(w.shape[2])), np.float32)


def whole_panels(width: int) -> int:
    """Return the number of columns of all panels that ``width`` columns need."""
    return -(-width // COLUMNS) * COLUMNS


def _make_tile(rows: int) -> Callable[..., None]:
    """Return, for Numba's code, z = a w or (``add``) z += a w for 16 columns and this many rows of z.

    All places count numbers from the start of their array: a begins at ``a_at``, its rows stand ``a_row`` and its
    columns ``a_step`` apart; w begins at ``w_at``, its rows stand ``w_step`` apart; z begins at ``z_at``, its rows
    stand ``z_row`` apart.
    """

    @intrinsic
    def tile(_, depth, a, a_at, a_row, a_step, w, w_at, w_step, z, z_at, z_row, add):  # type: ignore[no-untyped-def]
        _check(a, w, z)
        i = types.intp
        return types.void(i, a, i, i, i, w, i, i, z, i, i, types.boolean), generate

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        depth, a, a_at, a_row, a_step, w, w_at, w_step, z, z_at, z_row, add = arguments
        a, w, z = (context.make_array(signature.args[i])(context, builder, arguments[i]).data for i in (1, 5, 8))

        def place(start: Any, row: Any, apart: Any) -> Any:
            return builder.add(start, builder.mul(row, apart))

        numbers = [ir.Constant(depth.type, r) for r in range(rows)]
        to = [_vector(builder, z, place(z_at, r, z_row)) for r in numbers]
        sums = [cgutils.alloca_once(builder, _VECTOR) for _ in numbers]  # type: ignore[no-untyped-call]
        for total in sums:
            builder.store(ir.Constant(_VECTOR, None), total)
        with cgutils.for_range(builder, depth) as loop:
            row = builder.load(_vector(builder, w, place(w_at, loop.index, w_step)), align=4)
            for r, total in zip(numbers, sums, strict=True):
                number = builder.load(builder.gep(a, [place(place(a_at, r, a_row), loop.index, a_step)]))
                product = builder.fmul(_spread(builder, number), row, flags=_FUSED)
                builder.store(builder.fadd(builder.load(total), product, flags=_FUSED), total)
        with builder.if_then(add):
            for pointer, total in zip(to, sums, strict=True):
                builder.store(builder.fadd(builder.load(pointer, align=4), builder.load(total)), total)
        for pointer, total in zip(to, sums, strict=True):
            builder.store(builder.load(total), pointer, align=4)
        return context.get_dummy_value()

    return tile


@intrinsic
def _copy(_, a, a_at, z, z_at):  # type: ignore[no-untyped-def]
    """Copy 16 numbers; a loop over so few is not vectorised."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        a, z = (context.make_array(signature.args[i])(context, builder, arguments[i]).data for i in (0, 2))
        numbers = builder.load(_vector(builder, a, arguments[1]), align=4)
        builder.store(numbers, _vector(builder, z, arguments[3]), align=4)
        return context.get_dummy_value()

    _check(a, z)
    return types.void(a, types.intp, z, types.intp), generate


def _check(*arrays: Any) -> None:
    """Refuse to compile for memory that is laid out in another way: places are counted in numbers."""
    for array in arrays:
        if array.layout != "C" or array.dtype != types.float32:
            raise TypingError(f"The product takes float32 arrays in C order, not {array}.")


def _vector(builder: Any, array: Any, at: Any) -> Any:
    """Return a pointer to the 16 numbers from place ``at`` on."""
    return builder.bitcast(builder.gep(array, [at]), _VECTOR.as_pointer())


def _spread(builder: Any, number: Any) -> Any:
    """Return a vector that holds one number throughout."""
    nothing = ir.Constant(_VECTOR, ir.Undefined)
    first = builder.insert_element(nothing, number, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(ir.IntType(32), COLUMNS), None))


_tile_1, _tile_2, _tile_3, _tile_4 = (_make_tile(rows) for rows in range(1, ROWS + 1))


@kernel
def _panel(rows, depth, a, a_at, a_row, a_step, w, w_at, w_step, z, z_at, z_row, add):  # type: ignore[no-untyped-def]
    """All rows of 16 columns."""
    for b in range(0, rows - ROWS + 1, ROWS):
        _tile_4(depth, a, a_at + b * a_row, a_row, a_step, w, w_at, w_step, z, z_at + b * z_row, z_row, add)
    left = rows % ROWS
    a_at, z_at = a_at + (rows - left) * a_row, z_at + (rows - left) * z_row
    if left == 1:
        _tile_1(depth, a, a_at, a_row, a_step, w, w_at, w_step, z, z_at, z_row, add)
    elif left == 2:
        _tile_2(depth, a, a_at, a_row, a_step, w, w_at, w_step, z, z_at, z_row, add)
    elif left == 3:
        _tile_3(depth, a, a_at, a_row, a_step, w, w_at, w_step, z, z_at, z_row, add)


@kernel
def _copy_columns(beside: Floats, count: int, flat: Floats, at: int, row: int) -> None:
    for b in range(beside.shape[0]):
        for j in range(count):
            flat[at + b * row + j] = beside[b, j]


@kernel
def _multiply(  # type: ignore[no-untyped-def]
    rows, depth, columns, a, a_at, a_row, a_step, w, w_at, w_panel, w_step, z, z_at, z_row, add
):
    """z = a w or z += a w, by panels of w that stand ``w_panel`` apart; places as for a tile."""
    whole = columns // COLUMNS
    for p in range(whole):
        _panel(rows, depth, a, a_at, a_row, a_step, w, w_at + p * w_panel, w_step, z, z_at + p * COLUMNS, z_row, add)
    if columns % COLUMNS:  # beside z, whose rows have no room for all 16
        beside = np.empty((rows, COLUMNS), np.float32)
        _panel(rows, depth, a, a_at, a_row, a_step, w, w_at + whole * w_panel, w_step, beside, 0, COLUMNS, False)
        _copy_columns(beside, columns % COLUMNS, z.reshape(-1), z_at + whole * COLUMNS, z_row)


@kernel
def rows_left(rows: int, n: Lengths, s: int, t: int) -> int:
    """How many of the first ``rows`` sequences have to be computed for the last that has a step t to be among them."""
    while rows and n[s, rows - 1] <= t:
        rows -= 1
    return rows


@kernel
def step_product(s: int, t: int, rows: int, a: Floats, skip: int, w: Floats, z: Floats, to_s: int, to_t: int) -> None:
    """z[to_s, to_t] = a[s, t] w for the first rows, without the first ``skip`` columns of a; w packed."""
    depth, width = w.shape[2], a.shape[3]
    a_at = (s * a.shape[1] + t) * a.shape[2] * width + skip
    w_at, w_panel = s * w.shape[1] * depth * COLUMNS, depth * COLUMNS
    z_at = (to_s * z.shape[1] + to_t) * z.shape[2] * z.shape[3]
    _multiply(rows, depth, z.shape[3], a, a_at, width, 1, w, w_at, w_panel, COLUMNS, z, z_at, z.shape[3], False)


@kernel
def steps_in_block(batch: int) -> int:
    """How many steps ``add_products`` sums at once."""
    return max(1, BLOCK // batch)


@kernel
def add_products(s: int, t: int, a: Floats, skip: int, d_z: Floats, out: Floats) -> None:
    """Add the sum of a^T d_z over the steps and sequences of the block that begins at step t to out[s].

    a (S, T or more, B, W), of which the first ``skip`` columns are left out, d_z (S, T, B, G), out (S, W - skip, G or
    more). Called as soon as a block's d_z is known, while it is in the cache.
    """
    batch, width, columns, rows, wide = a.shape[2], a.shape[3], d_z.shape[3], out.shape[1], out.shape[2]
    # beyond the last column a panel keeps what the one before it had; it comes to columns of ``out`` that are cut off
    depth, a_at = min(steps_in_block(batch), d_z.shape[1] - t) * batch, (s * a.shape[1] + t) * batch * width + skip
    panel = np.zeros((depth, COLUMNS), np.float32)
    for j in range(0, columns, COLUMNS):
        _gather(s, t, d_z, j, panel)
        _panel(rows, depth, a, a_at, 1, width, panel, 0, COLUMNS, out, s * rows * wide + j, wide, True)


@kernel
def _gather(s: int, t: int, d_z: Floats, first: int, panel: Floats) -> None:
    """A panel's numbers side by side: apart in memory they would fall into few sets of the cache."""
    batch, width = d_z.shape[2], d_z.shape[3]
    at = (s * d_z.shape[1] + t) * batch * width + first
    for k in range(panel.shape[0]):
        if first + COLUMNS <= width:
            _copy(d_z, at + k * width, panel, k * COLUMNS)  # type: ignore[call-arg]
        else:
            for j in range(width - first):
                panel[k, j] = d_z[s, t + k // batch, k % batch, first + j]
