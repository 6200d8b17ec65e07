"""Classical predictors that stand beside the networks.

Imported only where data are prepared, since scikit-learn is slow to load.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LinearRegression

from rnn.tasks.data import Split

Array = NDArray[Any]


def autoregression(train: Split, test: Split) -> Array:
    """Predict from all values of the window by ordinary least squares fitted on the training windows.

    Parameters
    ----------
    train, test
        x (N, T, 1), y (N, 1).

    Returns
    -------
    Predictions for ``test``, (N, 1), in the unit of y.
    """
    model = LinearRegression().fit(train.x[..., 0].astype(np.float64), train.y.astype(np.float64))
    return np.asarray(model.predict(test.x[..., 0].astype(np.float64)))
