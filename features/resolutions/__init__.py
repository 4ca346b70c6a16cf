"""What staff do about a paid order that cannot be made as it was ordered."""
