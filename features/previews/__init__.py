"""Pictures of paper: what a job prints, and what a layout would look like."""
