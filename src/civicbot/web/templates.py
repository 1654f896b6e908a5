"""Jinja2 templates of the web pages; everything that is put into them is escaped."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from civicbot.web.looks import carried, wished_look

FOLDER = Path(__file__).parent / "templates"


def load_templates() -> Environment:
    """The environment of all templates: autoescaping, and an error for a name that is not given."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["look"] = wished_look
    environment.filters["carried"] = carried
    return environment
