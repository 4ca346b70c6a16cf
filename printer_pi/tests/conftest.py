"""Makes the package, the fakes beside it and the repository's own importable
wherever pytest is started."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
for folder in (HERE, HERE.parent / "src", HERE.parents[1] / "tests"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

import examples  # noqa: E402 - it is in one of those folders

examples.choose()
