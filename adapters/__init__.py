"""Everything that leaves the process: the node, rates, the clock, wake-ups."""
