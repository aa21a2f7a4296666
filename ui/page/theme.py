"""The look of Gradio's own components: fonts of this computer, colours with enough contrast in both modes."""

from __future__ import annotations

import gradio as gr

FONTS = (
    "system-ui", "Hiragino Sans", "Yu Gothic UI", "Meiryo", "Noto Sans CJK JP", "Noto Sans JP", "sans-serif",
)  # fmt: skip
FIXED_FONTS = ("ui-monospace", "Consolas", "Noto Sans Mono CJK JP", "monospace")
# Text on these grounds has at least 4.5:1, borders of controls 3:1; `page.css` has the same colours.
COLOURS = {
    "body_background_fill": ("#f6f7f9", "#12161b"),
    "body_text_color": ("#1b2026", "#e7eaee"),
    "body_text_color_subdued": ("#4d5763", "#b3bcc7"),
    "background_fill_primary": ("#ffffff", "#1a2027"),
    "background_fill_secondary": ("#f6f7f9", "#12161b"),
    "block_background_fill": ("#ffffff", "#1a2027"),
    "block_label_background_fill": ("#ffffff", "#1a2027"),
    "block_label_text_color": ("#1b2026", "#e7eaee"),
    "block_title_text_color": ("#1b2026", "#e7eaee"),
    "block_info_text_color": ("#4d5763", "#b3bcc7"),
    "border_color_primary": ("#c5ccd4", "#3c4651"),
    "input_background_fill": ("#ffffff", "#12161b"),
    "input_border_color": ("#7b8794", "#7b8794"),
    "input_border_color_focus": ("#0b5cad", "#8ec5ff"),
    "input_placeholder_color": ("#5c6773", "#a5afba"),
    "link_text_color": ("#0b5cad", "#8ec5ff"),
    "button_primary_background_fill": ("#0b5cad", "#0b5cad"),
    "button_primary_background_fill_hover": ("#084887", "#084887"),
    "button_primary_text_color": ("#ffffff", "#ffffff"),
    "button_secondary_background_fill": ("#e8ecf1", "#2a323b"),
    "button_secondary_background_fill_hover": ("#d9e0e8", "#37414c"),
    "button_secondary_text_color": ("#1b2026", "#e7eaee"),
}


def build_theme() -> gr.themes.Base:
    """The theme, without a font that would have to be fetched."""
    theme = gr.themes.Base(font=FONTS, font_mono=FIXED_FONTS, text_size="lg", radius_size="md")
    values = {name: light for name, (light, _) in COLOURS.items()}
    dark = {f"{name}_dark": value for name, (_, value) in COLOURS.items()}
    return theme.set(**values, **dark, input_border_width="1px", input_border_width_dark="1px")
