"""Make ``ingest/minilm_axes.npy``, on which the vectors of words are projected: ``python -m benchmarks.axes``."""

import numpy as np

from ingest.embed import load_embedder
from ingest.minilm import AXES_FILE, principal_axes

if __name__ == "__main__":
    np.save(AXES_FILE, principal_axes(load_embedder()).astype(np.float16))
