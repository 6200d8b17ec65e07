"""Tasks: one a file, all in one registry."""

from rnn.tasks.adding import ADDING
from rnn.tasks.base import Task
from rnn.tasks.co2 import CO2_WEEKLY
from rnn.tasks.copy_memory import COPY
from rnn.tasks.fiction import FICTION
from rnn.tasks.hello import HELLO
from rnn.tasks.jsb import JSB
from rnn.tasks.nsmc import NSMC
from rnn.tasks.order import ORDER
from rnn.tasks.reviews import REVIEWS
from rnn.tasks.reviews_long import REVIEWS_LONG
from rnn.tasks.sentences import SENTENCES
from rnn.tasks.shakespeare import SHAKESPEARE
from rnn.tasks.sunspots import SUNSPOTS
from rnn.tasks.sunspots_monthly import SUNSPOTS_MONTHLY
from rnn.tasks.tiny_shakespeare import TINY_SHAKESPEARE

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        HELLO,
        ADDING,
        CO2_WEEKLY,
        SUNSPOTS,
        REVIEWS,
        REVIEWS_LONG,
        SHAKESPEARE,
        ORDER,
        COPY,
        TINY_SHAKESPEARE,
        SUNSPOTS_MONTHLY,
        SENTENCES,
        NSMC,
        FICTION,
        JSB,
    )
}

__all__ = ["TASKS", "Task"]
