"""Values that are known, from papers and closed forms, measured again with this library.

Nothing is copied: a table of these cases says on which machine and with which code the values hold.
"""

from rnn.reference.bounds import bound_cases, uniform_cases
from rnn.reference.case import Case
from rnn.reference.chance import adding_cases, fresh_model_cases
from rnn.reference.chaos import exponent_cases, onset_cases
from rnn.reference.checks import gradient_cases
from rnn.reference.cliff import cliff_cases
from rnn.reference.clipping import clipping_cases
from rnn.reference.counts import count_cases
from rnn.reference.floors import copy_cases, forecast_cases, order_cases, reber_cases
from rnn.reference.gates import chrono_cases, time_constant_cases
from rnn.reference.gru_forms import form_cases
from rnn.reference.hello import hello_cases
from rnn.reference.linear import linear_cases, transient_cases
from rnn.reference.spectra import logistic_cases, spectrum_cases
from rnn.reference.titles import TITLES

__all__ = ["ROWS", "TITLES", "Case", "measure_cases"]

ROWS = {
    "A1": hello_cases,
    "A2": linear_cases,
    "A3": transient_cases,
    "A4": bound_cases,
    "A5": uniform_cases,
    "A6": spectrum_cases,
    "A7": exponent_cases,
    "A8": onset_cases,
    "A9": logistic_cases,
    "A10": time_constant_cases,
    "A11": chrono_cases,
    "A12": adding_cases,
    "A13": copy_cases,
    "A14": order_cases,
    "A15": reber_cases,
    "A16": fresh_model_cases,
    "A17": forecast_cases,
    "A18": cliff_cases,
    "A19": clipping_cases,
    "A20": count_cases,
    "A21": gradient_cases,
    "A22": form_cases,
}


def measure_cases() -> list[Case]:
    """Measure every case, in the order of the rows; about 8 s on one core, a third of it networks of 1000 units."""
    return [case for measure in ROWS.values() for case in measure()]
