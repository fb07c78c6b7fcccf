"""The sound of a captcha: each sign spoken as on the telephone, with pauses and a light noise, in French."""

from __future__ import annotations

import io
import secrets
import wave
from functools import cache
from pathlib import Path

RATE = 16_000
VOICE = Path(__file__).parent / "voice"

WORDS = {
    "A": "A, comme Anatole",
    "C": "C, comme Célestin",
    "D": "D, comme Désiré",
    "E": "E, comme Eugène",
    "F": "F, comme François",
    "H": "H, comme Henri",
    "J": "J, comme Joseph",
    "K": "K, comme Kilo",
    "M": "M, comme Marcel",
    "N": "N, comme Nicolas",
    "P": "P, comme Pierre",
    "R": "R, comme Raoul",
    "T": "T, comme Thérèse",
    "V": "V, comme Victor",
    "X": "X, comme Xavier",
    "Y": "Y, comme Yvonne",
    "3": "le chiffre trois",
    "4": "le chiffre quatre",
    "6": "le chiffre six",
    "7": "le chiffre sept",
    "9": "le chiffre neuf",
}
"""What the clips say: ``espeak-ng -v fr -s 135`` made them once; silence cut, mono, 16 kHz, 8 bits between 18 and 238."""

_SILENCE = 128
_SHORTEST_PAUSE, _LONGEST_PAUSE = RATE * 6 // 10, RATE * 9 // 10
_NOISE = 7
_FAINT = bytes(byte % _NOISE for byte in range(256))


def wav(characters: str) -> bytes:
    """The signs one after the other, eight to ten seconds in all; joined anew, and differently, each time."""
    spoken = bytearray()
    for sign in characters:
        pause = _SHORTEST_PAUSE + secrets.randbelow(_LONGEST_PAUSE - _SHORTEST_PAUSE)
        spoken += bytes([_SILENCE]) * pause + _clip(sign)
    spoken += bytes([_SILENCE]) * _SHORTEST_PAUSE
    return _file(_under_noise(spoken))


def _under_noise(spoken: bytearray) -> bytes:
    noise = secrets.token_bytes(len(spoken)).translate(_FAINT)
    # A clip stays within 18…238: with at most 3 either way nothing is clipped.
    return bytes([sample + faint - _NOISE // 2 for sample, faint in zip(spoken, noise, strict=True)])


def _file(frames: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(frames)
    return out.getvalue()


@cache
def _clip(sign: str) -> bytes:
    with wave.open(str(VOICE / f"{sign}.wav"), "rb") as clip:
        return clip.readframes(clip.getnframes())
