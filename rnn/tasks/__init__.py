"""Tasks: one a file, all in one registry."""

from rnn.tasks.adding import ADDING
from rnn.tasks.adding_bai import ADDING_BAI
from rnn.tasks.adding_hs97 import ADDING_HS97
from rnn.tasks.ball import BALL
from rnn.tasks.base import Task
from rnn.tasks.caption import CAPTION
from rnn.tasks.co2 import CO2_WEEKLY
from rnn.tasks.copy_memory import COPY
from rnn.tasks.fiction import FICTION
from rnn.tasks.hello import HELLO
from rnn.tasks.jsb import JSB
from rnn.tasks.nsmc import NSMC
from rnn.tasks.order import ORDER
from rnn.tasks.point import POINT
from rnn.tasks.reber import REBER_TASK
from rnn.tasks.reviews import REVIEWS
from rnn.tasks.reviews_long import REVIEWS_LONG
from rnn.tasks.sentences import SENTENCES
from rnn.tasks.shakespeare import SHAKESPEARE
from rnn.tasks.speech import SPEECH
from rnn.tasks.sunspots import SUNSPOTS
from rnn.tasks.sunspots_monthly import SUNSPOTS_MONTHLY
from rnn.tasks.tiny_shakespeare import TINY_SHAKESPEARE
from rnn.tasks.translate import TRANSLATE

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        *(HELLO, ADDING, CO2_WEEKLY, SUNSPOTS, BALL, REVIEWS, REVIEWS_LONG, SHAKESPEARE),
        *(ORDER, COPY, ADDING_HS97, ADDING_BAI, REBER_TASK),
        *(POINT, SPEECH, CAPTION, TRANSLATE),
        *(SUNSPOTS_MONTHLY, SENTENCES, NSMC, TINY_SHAKESPEARE, FICTION, JSB),
    )
}

__all__ = ["TASKS", "Task"]
