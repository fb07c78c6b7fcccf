"""The pairs of ux.md C1, computed from the file itself: a colour cannot change without its contrast."""

from __future__ import annotations

import re

import pytest

from tests.design.stage import STATIC

TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
TEXTS = [
    "ink/paper",
    "ink/card",
    "ink/card-2",
    "ink/tint",
    "ink/tint-2",
    "ink-2/paper",
    "ink-2/card",
    "ink-2/card-2",
    "ink-2/tint",
    "link/paper",
    "link/card",
    "link/card-2",
    "link/tint",
    "on-brand/brand",
    "on-brand/brand-hover",
    "brand-hover/tint-2",
    "ink-on-dark/head",
    "ink-on-dark-2/head",
    "ink-on-dark-2/head-2",
    "warm/warm-bg",
    "info/info-bg",
    "ok/ok-bg",
    "bad/bad-bg",
    "bad/card",
    "card/bad",
    "card/ok-fill",
    "card/ink",
]
DRAWINGS = [
    "line-strong/card",
    "line-strong/paper",
    "brand/card",
    "brand/paper",
    "ok-fill/card",
    "ok-fill/todo-fill",
    "warm-fill/card",
    "bad/card",
    "focus-in/card",
    "focus-in/paper",
]


def _declared(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", block))


def _themes() -> dict[str, dict[str, str]]:
    light, asked, device = re.split(r":root\[data-theme=dark\]\{|@media \(prefers-color-scheme:dark\)\{", TOKENS)
    return {
        "light": _declared(light),
        "asked": _declared(light) | _declared(asked),
        "device": _declared(light) | _declared(device),
    }


def _light(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "asked", "device"])
@pytest.mark.parametrize("pair", TEXTS)
def test_text_is_readable(pair: str, theme: str) -> None:
    colours = _themes()[theme]
    front, back = pair.split("/")
    assert contrast(colours[front], colours[back]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "asked"])
@pytest.mark.parametrize("pair", DRAWINGS)
def test_drawings_and_edges_are_seen(pair: str, theme: str) -> None:
    colours = _themes()[theme]
    front, back = pair.split("/")
    assert contrast(colours[front], colours[back]) >= 3


def test_the_focus_is_seen_on_any_ground() -> None:
    for colours in _themes().values():
        for ground in ("card", "paper", "head", "head-2", "tint", "brand"):
            assert max(contrast(colours[ring], colours[ground]) for ring in ("focus-in", "focus-out")) >= 3


def test_the_night_asked_for_is_the_night_of_the_device() -> None:
    themes = _themes()
    assert themes["asked"] == themes["device"]
    assert themes["asked"] != themes["light"]


def test_colours_are_written_in_one_file_only() -> None:
    screen = (STATIC / "components.css").read_text(encoding="utf-8").split("@media print")[0]
    assert not set(re.findall(r"#[0-9a-f]{3,8}\b", screen)) - {"#000", "#d6eadf", "#083c31"}
