"""The picture of a captcha: distorted enough to cost a machine something, dark on light for those who see badly."""

from __future__ import annotations

import io
import secrets

from captcha.image import ImageCaptcha

WIDTH, HEIGHT = 280, 90
_INKS = ((20, 20, 60), (60, 15, 50), (10, 60, 55), (70, 35, 5))
_PAPER = (255, 255, 255)


class _Artist(ImageCaptcha):
    # The library lets dark inks fade away, and letters lie on each other: both cost people more than machines.
    lookup_table = [min(255, level * 8) for level in range(256)]
    word_offset_dx = 0.05


def png(characters: str) -> bytes:
    """The characters as PNG; drawn anew, and differently, each time."""
    artist = _Artist(width=WIDTH, height=HEIGHT, font_sizes=(50, 56, 60))
    image = artist.create_captcha_image(characters, secrets.choice(_INKS), _PAPER)
    image = artist.create_noise_dots(image, secrets.choice(_INKS), 3, 40)
    for _ in range(2):
        image = artist.create_noise_curve(image, secrets.choice(_INKS))
    out = io.BytesIO()
    image.save(out, format="PNG")
    return out.getvalue()
