"""Answering a captcha as a person would: by the same derivation as the picture."""

from __future__ import annotations

import re
from datetime import datetime

from parvis.identity.captcha import tokens


def answered(at: datetime) -> dict[str, str]:
    """The fields of a captcha just asked and rightly answered, for a form that is posted without its page."""
    token = tokens.new(at=at)
    return {"captcha_token": token, "captcha": solution(token)}


def read_from(html: str) -> dict[str, str]:
    """The fields of the captcha that a page shows, rightly answered."""
    found = re.search(r'name="captcha_token" value="([^"]+)"', html)
    assert found is not None, "this page asks for no captcha"
    return {"captcha_token": found[1], "captcha": solution(found[1])}


def solution(token: str) -> str:
    """The characters of a captcha."""
    captcha = tokens.read(token)
    assert captcha is not None
    return tokens.characters(captcha)
