"""From an experiment file to tables, report and tracked runs: what surrounds the library ``rnn``.

Telemetry of every tool is off, whichever part is run: the variables must be set before a tool is imported.
"""

import os

os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true")
