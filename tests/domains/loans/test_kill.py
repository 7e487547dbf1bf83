"""Kill -9 at any moment of a conversation loses at most the sentence that was being typed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from akashi.conversations.model import Author
from akashi.domains.loans.intake import Intake, begin_application, read_intake
from akashi.ledger.verify import verify_ledger
from akashi.platform.site import Site
from tests.domains.loans.walking import WORKING, walk

SPEAKER = "tests.domains.loans.speaker"
KILLS, MOST = 3, 3
pytestmark = pytest.mark.full


def said_so_far(intake: Intake) -> list[str]:
    """What the applicant's sentences are, as they were kept."""
    return [one.text for one in intake.messages if one.author is Author.CUSTOMER]


def speak(site: Site, token: str, first: int, chance: random.Random | None = None) -> int:
    """Let another process speak; return the number of the sentence begun last.

    With ``chance`` it is killed somewhere in one of the next sentences, however fast they go.
    """
    url = site.database.url.render_as_string(hide_password=False)
    arguments = [sys.executable, "-m", SPEAKER, url, str(site.settings.home), token, str(first)]
    root = Path(__file__).resolve().parents[3]
    speaker = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=root)
    assert speaker.stdout is not None
    begun = [speaker.stdout.readline().strip()]
    if chance is not None:
        begun += [speaker.stdout.readline().strip() for _ in range(chance.randint(0, MOST))]
        time.sleep(chance.uniform(0, 0.03))
        os.kill(speaker.pid, signal.SIGKILL)
    begun += speaker.stdout.read().split()
    speaker.wait()
    speaker.stdout.close()
    return max(int(one) for one in begun if one != "done")


def test_a_killed_conversation_loses_at_most_one_sentence(site: Site) -> None:
    token = begin_application(site, "working_capital", "ja", "loan")
    sentences = list(WORKING.values())
    kept = 0
    for number in range(KILLS):
        last = speak(site, token, kept, random.Random(number))
        intake = read_intake(site, token, "ja")
        assert intake is not None
        said = said_so_far(intake)
        assert said == sentences[: len(said)]
        assert last <= len(said) <= last + 1
        assert len(intake.application.values) <= len(said)
        kept = len(said)
    assert kept < len(sentences), "nothing was left to say after the kills"
    speak(site, token, kept)
    done = read_intake(site, token, "ja")
    assert done is not None
    assert said_so_far(done) == sentences
    assert done.talk.known == walk("working_capital", WORKING)[0].known
    assert verify_ledger(site, "auditor").fault is None
