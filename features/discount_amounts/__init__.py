"""What discounts take off each line of a bill."""
