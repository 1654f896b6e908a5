"""The chat page's Gradio theme: the calm blue and grey of public services; chat.css does the rest."""

from __future__ import annotations

import gradio as gr
from gradio.themes.utils import colors

FONT = ("Pretendard GOV", "Pretendard", "Noto Sans KR", "Noto Sans CJK KR", "system-ui", "sans-serif")

BLUE = colors.Color(
    name="civic-blue",
    c50="#eef3fd",
    c100="#dbe6fb",
    c200="#b9cff7",
    c300="#8db1f1",
    c400="#5a8ae8",
    c500="#2f66d9",
    c600="#1a50bd",
    c700="#123d95",
    c800="#0d2d6e",
    c900="#091f4d",
    c950="#061433",
)


def civic_theme() -> gr.themes.Base:
    """The theme, with fonts of the system only: nothing is fetched from elsewhere."""
    theme = gr.themes.Base(primary_hue=BLUE, neutral_hue=colors.slate, font=FONT, font_mono=("monospace",))
    return theme.set(
        body_background_fill="#ffffff",
        body_background_fill_dark="#13171d",
        body_text_color="#1e2124",
        body_text_color_dark="#eef1f5",
        block_background_fill="transparent",
        block_border_width="0",
        block_padding="0",
        layout_gap="0",
    )
