"""Question sets and the scripts that use them."""
