from __future__ import annotations

from ui.sessions import MOST_PER_USER, Sessions


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_session_is_found_by_its_secret_until_it_ends() -> None:
    sessions = Sessions(hours=1)
    secret = sessions.begin("a", stamp="1")
    found = sessions.find(secret)
    assert found is not None
    assert (found.user, found.stamp) == ("a", "1")
    assert sessions.find("") is None
    assert sessions.find(secret + "x") is None
    sessions.end(secret)
    sessions.end(secret)
    assert sessions.find(secret) is None


def test_session_expires_and_is_forgotten() -> None:
    clock = Clock()
    sessions = Sessions(hours=1, clock=clock)
    secret = sessions.begin("a", stamp="")
    clock.now = 3599
    assert sessions.find(secret) is not None
    clock.now = 3600
    assert sessions.find(secret) is None
    assert len(sessions) == 0


def test_oldest_sessions_of_a_user_end_when_there_are_many() -> None:
    sessions = Sessions(hours=1)
    other = sessions.begin("b", stamp="")
    secrets = [sessions.begin("a", stamp="") for _ in range(MOST_PER_USER + 2)]
    assert [sessions.find(secret) is not None for secret in secrets] == [False] * 2 + [True] * MOST_PER_USER
    assert sessions.find(other) is not None
