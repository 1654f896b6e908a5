"""The screens of the desk, one a file; each shows what services give, and hands what staff do to them."""
