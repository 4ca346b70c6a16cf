"""What a discount may be, as its restaurant writes it down."""
