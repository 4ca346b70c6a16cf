"""What people enter about stock by hand: movements and ingredients."""
