"""Serves Civicbot on one port: ``python app.py``; the settings come from CIVICBOT_* (README.md)."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # A checkout works without being installed.
    sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))
    from civicbot.web.server import main

    sys.exit(main())
