"""`python -m civicbot`: the command line."""

from civicbot.cli import main

main()
