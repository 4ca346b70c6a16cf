"""Which examples hypothesis tries: the same in every run, so that a red test is red
for what was changed. ``EXPLORE`` is how many others to try instead (`make explore`);
a test that names a number of its own keeps it."""

import os

from hypothesis import HealthCheck, settings

EXPLORED = int(os.environ.get("EXPLORE", "0"))


def choose() -> None:
    """Settle it for this process."""
    settings.register_profile(
        "restaurant",
        # A loaded machine is no fault of the code.
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=not EXPLORED,
        max_examples=EXPLORED or 100,
    )
    settings.load_profile("restaurant")
