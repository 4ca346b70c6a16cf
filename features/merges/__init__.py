"""Two orders become one."""
