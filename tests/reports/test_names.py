"""Names: every variant has one that no other of its cell has, and belongs to what it changes."""

from reports.names import DEFAULT, FAMILIES, FORMS, OTHER_FAMILY, VARIANT_GROUPS, variant_name
from rnn.tasks import TASKS
from rnn.variants import VARIANTS


def test_every_variant_is_in_one_group() -> None:
    grouped = [variant for group in VARIANT_GROUPS.values() for variant in group]
    assert sorted(grouped) == sorted(set(VARIANTS) - {DEFAULT})


def test_no_two_variants_of_a_cell_have_one_name() -> None:
    for cell in ("rnn", "lstm", "gru"):
        names = [variant_name(cell, name) for name, variant in VARIANTS.items() if cell in variant.cells]
        assert len(set(names)) == len(names)


def test_every_task_has_a_form_and_a_family_that_the_report_knows() -> None:
    assert {task.form for task in TASKS.values()} <= set(FORMS)
    assert {task.family for task in TASKS.values()} <= {*FAMILIES, OTHER_FAMILY}
