"""Tasks: one a file, all in one registry."""

from rnn.tasks.adding import ADDING
from rnn.tasks.base import Task
from rnn.tasks.caption import CAPTION
from rnn.tasks.co2 import CO2_WEEKLY
from rnn.tasks.copy_memory import COPY
from rnn.tasks.hello import HELLO
from rnn.tasks.order import ORDER
from rnn.tasks.reviews import REVIEWS
from rnn.tasks.reviews_long import REVIEWS_LONG
from rnn.tasks.shakespeare import SHAKESPEARE
from rnn.tasks.speech import SPEECH
from rnn.tasks.sunspots import SUNSPOTS
from rnn.tasks.translate import TRANSLATE

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
        CAPTION,
        TRANSLATE,
        SPEECH,
    )
}

__all__ = ["TASKS", "Task"]
