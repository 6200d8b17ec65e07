"""The lecture's example as the report prints it (REFERENCE A1)."""

from dataclasses import replace

from reports import hello
from rnn import lecture
from rnn.simplifications import simplifications
from rnn.tasks import TASKS
from tests.reports.synthetic import study


def test_printed_steps_are_those_of_the_lecture():
    example = hello.example()
    assert example["first"]["h"] == [["0.2888", "0.2698", "0.6626"]]
    assert example["matrices"]["W_hh"][0] == ["0.3152", "0.5083", "0.9454"]
    assert example["second"]["prediction"] == "o"
    assert example["second"]["target"] == "l"
    assert "agree with these to its four digits" in example["agreement"]
    assert "“eooo” in place of “ello”, wrong at steps 2 and 3" in example["guess"]


def test_a_wrong_printed_number_would_be_said(monkeypatch):
    monkeypatch.setitem(lecture.PRINTED, "h_1", lecture.PRINTED["h_1"] + 0.1)
    assert "differ from these, by up to 0.1" in hello.agreement()


def test_each_simplification_has_its_words_and_numbers():
    rows = hello.simplified()
    assert [(row["of"], row["by"]) for row in rows] == [(each.of, each.by) for each in simplifications()]
    assert {row["what"] for row in rows} == set(hello.SIMPLIFICATIONS.values())
    (zero,) = [row for row in rows if row["simplified"] == "0"]
    assert (zero["by"], zero["error"]) == ("W_hh", "100 %")


def test_the_text_and_the_table_say_the_same():
    by_words = {(row["what"], row["by"]): row for row in hello.simplified()}
    apart, said = by_words["slopes and weights sorted apart", "h_1"], hello.backward()
    assert f"a norm of {apart['simplified']}, " in said["order"]
    assert f"the exact {apart['exact']}." in said["order"]
    first = by_words["the first step’s term alone", "W_xh"]
    assert f"a norm of {first['simplified']}, the full sum {first['exact']}." in said["terms"]
    assert said["norms"][-1][2] == apart["exact"]


def test_slopes_of_tanh_and_sigmoid():
    assert hello.derivatives() == {
        "tanh_peak": "1",
        "sigmoid_peak": "0.250",
        "tanh_width": "1.76",
        "sigmoid_width": "3.53",
        "crossing": "1.663",
    }


def test_trained_networks_are_judged_by_the_table(made, read):
    assert hello.trained(read(made)).startswith("On “hello” every seed of the vanilla RNN, the LSTM and the GRU learns")
    made.put("runs", "solved", False, task="hello", cell="rnn", seed=0)
    said = hello.trained(read(made))
    assert "2 of 3 seeds of the vanilla RNN" in said
    assert "the others do not meet it" in said


def test_the_criterion_is_computed_and_only_said_where_it_applies(made, read, monkeypatch):
    assert "below 0.05 nats over the 4 symbols" in hello.criterion(read(made))
    assert "about 82 %, more than one half" in hello.criterion(read(made))
    monkeypatch.setitem(TASKS, "hello", replace(TASKS["hello"], solved_below=0.5))
    assert "about 14 %." in hello.criterion(read(made))
    assert hello.criterion(read(study({"adding": [6]}, seeds=1))) == ""
