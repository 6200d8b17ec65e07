"""Tasks: one a file, all in one registry."""

from rnn.tasks.adding import ADDING
from rnn.tasks.adding_bai import ADDING_BAI
from rnn.tasks.adding_hs97 import ADDING_HS97
from rnn.tasks.ball import BALL
from rnn.tasks.base import Task
from rnn.tasks.caption import CAPTION
from rnn.tasks.co2 import CO2_WEEKLY
from rnn.tasks.copy_memory import COPY
from rnn.tasks.hello import HELLO
from rnn.tasks.order import ORDER
from rnn.tasks.point import POINT
from rnn.tasks.reber import REBER_TASK
from rnn.tasks.reviews import REVIEWS
from rnn.tasks.reviews_long import REVIEWS_LONG
from rnn.tasks.shakespeare import SHAKESPEARE
from rnn.tasks.speech import SPEECH
from rnn.tasks.sunspots import SUNSPOTS
from rnn.tasks.translate import TRANSLATE

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        *(HELLO, ADDING, CO2_WEEKLY, SUNSPOTS, BALL, REVIEWS, REVIEWS_LONG, SHAKESPEARE),
        *(ORDER, COPY, ADDING_HS97, ADDING_BAI, REBER_TASK),
        *(POINT, SPEECH, CAPTION, TRANSLATE),
    )
}

__all__ = ["TASKS", "Task"]
