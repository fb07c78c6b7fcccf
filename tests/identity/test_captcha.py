"""The security check: what it asks, that it serves once, and that its three ways are equally good."""

from __future__ import annotations

import io
import wave
from datetime import timedelta

import pytest

from parvis.identity.captcha import answers as captcha
from parvis.identity.captcha import picture, sound, tokens
from parvis.identity.captcha.answers import Answer
from parvis.identity.models import CaptchaUse
from parvis.identity.services import sessions
from tests.factories.captcha import solution
from tests.factories.identity import NOW
from tests.identity.test_races import at_once

LOOK_ALIKES = set("0OQ1IL2Z5S8B6GUW") - {"6"}


def _question_of(token: str) -> tuple[str, int]:
    captcha = tokens.read(token)
    assert captcha is not None
    return tokens.question(captcha)


def test_its_signs_are_not_taken_for_one_another_and_each_has_its_clip() -> None:
    assert not LOOK_ALIKES & set(tokens.SIGNS)
    assert set(sound.WORDS) == set(tokens.SIGNS) == {path.stem for path in sound.VOICE.glob("*.wav")}


@pytest.mark.django_db
def test_the_characters_are_read_kindly_and_serve_once() -> None:
    token = tokens.new(at=NOW)
    typed = f" {solution(token)[:2].lower()} {solution(token)[2:]}"
    assert captcha.is_right(token, typed, at=NOW + timedelta(minutes=9))
    assert not captcha.is_right(token, typed, at=NOW + timedelta(minutes=9))


@pytest.mark.django_db
def test_the_question_is_as_good_as_the_picture() -> None:
    token = tokens.new(at=NOW)
    assert captcha.is_right(token, str(_question_of(token)[1]), at=NOW)


def test_questions_are_in_words_and_their_answers_are_right() -> None:
    words = dict(zip(tokens._NUMBERS, range(1, 21), strict=True))
    for _ in range(200):
        question, result = _question_of(tokens.new(at=NOW))
        first, sign, second = question.removeprefix("Combien font ").removesuffix("\u00a0?").split(" ")
        assert result == words[first] + (words[second] if sign == "plus" else -words[second])
        assert result > 0


@pytest.mark.django_db
def test_a_wrong_answer_uses_it_up() -> None:
    token = tokens.new(at=NOW)
    assert captcha.answer(token, "?????", at=NOW) is Answer.WRONG
    assert captcha.answer(token, solution(token), at=NOW) is Answer.EXPIRED


@pytest.mark.django_db
@pytest.mark.parametrize("age", [timedelta(minutes=10, seconds=1), timedelta(seconds=-1)])
def test_it_lives_ten_minutes(age: timedelta) -> None:
    token = tokens.new(at=NOW)
    assert captcha.answer(token, solution(token), at=NOW + age) is Answer.EXPIRED
    assert not CaptchaUse.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "x", "é" * 40, "A" * 44, "\x00", "AAAA" * 400, "../../etc"])
def test_a_token_of_others_is_answered_by_nothing(token: str) -> None:
    assert captcha.answer(token, "ACD34", at=NOW) is Answer.EXPIRED


@pytest.mark.django_db
def test_a_token_cannot_be_made_younger() -> None:
    token = tokens.new(at=NOW)
    for place in range(0, len(token), 5):
        forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert tokens.read(forged) is None


@pytest.mark.django_db(transaction=True)
def test_of_fifty_right_answers_at_once_one_counts() -> None:
    token = tokens.new(at=NOW)
    typed = solution(token)
    assert sum(at_once(50, lambda _: captcha.is_right(token, typed, at=NOW))) == 1


def test_the_picture_is_a_picture_and_never_the_same() -> None:
    first, second = picture.png("ACD34"), picture.png("ACD34")
    assert first.startswith(b"\x89PNG")
    assert first != second
    assert len(first) < 30_000


def test_the_sound_says_each_sign_in_turn() -> None:
    with wave.open(io.BytesIO(sound.wav("ACD34"))) as heard:
        assert heard.getframerate() >= 16_000
        assert heard.getnchannels() == 1
        assert 6 < heard.getnframes() / heard.getframerate() < 14
    assert sound.wav("ACD34") != sound.wav("ACD34")


@pytest.mark.django_db
def test_a_neighbourhood_is_drawn_so_many_and_no_more() -> None:
    drawn = sum(captcha.may_draw("203.0.113.9", at=NOW) for _ in range(320))
    assert drawn == 300
    assert captcha.may_draw("198.51.100.9", at=NOW)


@pytest.mark.django_db
def test_used_ones_are_forgotten_when_they_could_serve_no_more() -> None:
    token = tokens.new(at=NOW)
    captcha.answer(token, "x", at=NOW)
    sessions.forget_ended(at=NOW + timedelta(minutes=9))
    assert captcha.answer(token, solution(token), at=NOW + timedelta(minutes=9)) is Answer.EXPIRED
    sessions.forget_ended(at=NOW + timedelta(minutes=11))
    assert not CaptchaUse.objects.exists()
