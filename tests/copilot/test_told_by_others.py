"""What the shipped patterns find in the words of people who tell of others: in the third person, in any tense."""

from __future__ import annotations

import pytest

from copilot.cases import Case
from copilot.detectors.lexical import LexicalDetector
from policy_corpus import Pack


@pytest.fixture(scope="module")
def detector(child_safety: Pack) -> LexicalDetector:
    return LexicalDetector(child_safety.patterns)


def told(detector: LexicalDetector, text: str, by: str = "r") -> dict[tuple[str, str], str | None]:
    """What is found in a report, a child's message or a note, and about whom."""
    role = {"r": "report", "k": "user", "s": "user"}.get(by, "note")
    made = Case.model_validate(
        {
            "id": "a",
            "parties": [
                {"id": "s", "role": "subject"},
                {"id": "k", "role": "affected_child"},
                {"id": "r", "role": "reporter"},
            ],
            "parts": [{"id": "1", "role": role, "text": text, "party": by if by != "note" else None}],
        }
    )
    return {(one.fact, one.value): one.about for one in detector.find(made)}


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("They have agreed on a place behind the stadium, he is thirty.", "meeting", "arranged"),
        ("We saw on the map that she is on her way to him.", "meeting", "arranged"),
        ("He invited my niece to his flat to look at fish.", "meeting", "proposed"),
        ("The coach asked her to meet alone after training.", "meeting", "proposed"),
        ("A stranger wants our son to go on in another app.", "platform_move", "yes"),
        ("Some man sends my brother coins every week.", "incentives", "yes"),
        ("She gets parcels from a man whom nobody here knows.", "incentives", "yes"),
        ("He told my pupil to keep it from her parents.", "secrecy_isolation", "yes"),
        ("He asks whether anyone reads her phone.", "secrecy_isolation", "yes"),
        ("A man asked my daughter to send intimate pictures.", "solicitation", "yes"),
        ("He sent [sexual message; text withheld] from his second account.", "sexual_advance", "explicit"),
        ("He threatens to send the pictures to her class.", "threat", "exposure"),
        ("They want 300 euros from my son, otherwise it goes online.", "payment_demand", "yes"),
        ("Someone on that server told a pupil to hurt herself.", "self_harm_coercion", "yes"),
        ("Her cousin sells her to other men.", "trafficking", "shown"),
        ("He took her passport when she came.", "trafficking", "indicated"),
        ("Tonight he is going to come for her, please act.", "imminence", "imminent"),
        ("He hits the boy every evening.", "imminence", "ongoing"),
        ("She thought that he was a boy of her age.", "peer_impersonation", "yes"),
    ],
)
def test_what_a_reporter_tells_is_found_of_the_party_under_review(
    detector: LexicalDetector, text: str, fact: str, value: str
) -> None:
    about = None if fact == "imminence" else "s"
    found = told(detector, text)
    assert (fact, value) in found
    assert found[fact, value] == about


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("They never agreed on a place, and nobody met.", "meeting"),
        ("Her grandmother invited her to her flat for cake.", "meeting"),
        ("The whole team would switch to another app after the outage.", "platform_move"),
        ("His grandfather sends him money for his birthday.", "incentives"),
        ("He told her to keep it secret because it is a surprise party.", "secrecy_isolation"),
        ("The trainer asked my son for a passport photo.", "solicitation"),
        ("In the novel he wrote [sexual message; text withheld] to a pupil.", "sexual_advance"),
        ("The film has a scene in which they threaten to send the pictures to her class.", "threat"),
        ("The club wants 300 euros as a fee, otherwise the place is gone.", "payment_demand"),
        ("The play shows how a stranger told a pupil to hurt herself.", "self_harm_coercion"),
        ("The embassy took her passport to renew it.", "trafficking"),
        ("It was last year that he wanted to come for her tonight or never.", "imminence"),
        ("He used to hit the boy every evening and has stopped.", "imminence"),
    ],
)
def test_what_is_denied_ordinary_past_or_made_up_is_not(detector: LexicalDetector, text: str, fact: str) -> None:
    assert fact not in {found for found, _ in told(detector, text)}


def test_a_child_and_a_note_tell_too_and_the_party_under_review_does_not(detector: LexicalDetector) -> None:
    text = "he told me to keep it from my mum"
    assert told(detector, text, "k")["secrecy_isolation", "yes"] == "s"
    assert told(detector, "He asked whether anyone reads her phone.", "note")["secrecy_isolation", "yes"] == "s"
    assert ("solicitation", "yes") not in told(detector, "A man asked my daughter to send intimate pictures.", "s")


def test_only_people_who_speak_for_a_child_tell_of_near_harm(detector: LexicalDetector) -> None:
    text = "Tonight he is going to come for her."
    assert ("imminence", "imminent") in told(detector, text)
    assert ("imminence", "imminent") not in told(detector, text, "note")
