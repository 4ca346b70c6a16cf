"""Makes the package, the fakes beside it and the repository's fake printer importable
wherever pytest is started."""

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

HERE = Path(__file__).parent
for folder in (HERE, HERE.parent / "src", HERE.parents[1] / "tests"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

# A loaded machine is no fault of the code.
settings.register_profile(
    "printer-pi", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("printer-pi")
