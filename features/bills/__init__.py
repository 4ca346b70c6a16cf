"""What a bill adds up to: charges, taxes, tip, rounding."""
