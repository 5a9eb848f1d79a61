"""Draws a session: which views the page shows for it."""

from __future__ import annotations

from collections.abc import Iterable

from copilot.cases import Case
from copilot.drafts import Draft
from copilot.floor import floor_of
from copilot.reviews import Review
from policy_corpus import Reportability
from ui.panel.case import case_view, evidence
from ui.panel.draft import draft_view, undrafted_view
from ui.panel.editor import editor_view
from ui.panel.markup import EMPTY, Html, tag
from ui.panel.queue import queue_view
from ui.panel.seam import CaseDesk
from ui.panel.session import OnScreen, Session

NOTHING_OPEN = tag("p", "Choose a case from the queue.", cls="empty")


class Drawing:
    """The views of a session over a desk."""

    def __init__(self, desk: CaseDesk) -> None:
        self.desk = desk

    def views(self, session: Session, names: Iterable[str]) -> dict[str, Html]:
        drawn = {"queue": self.queue, "case": self.case, "draft": self.draft, "editor": self.editor}
        return {name: drawn[name](session) for name in names}

    def queue(self, session: Session) -> Html:
        return queue_view(session.rows, session.screen.case if session.screen else "")

    def case(self, session: Session) -> Html:
        screen = session.screen
        if screen is None:
            return NOTHING_OPEN
        case, review = self._held(screen)
        return case_view(case, evidence(shown_draft(review, screen)), screen.revealed)

    def draft(self, session: Session) -> Html:
        screen = session.screen
        if screen is None:
            return EMPTY
        case, review = self._held(screen)
        decisions = self.desk.decisions(case.id)
        if review is None:
            return undrafted_view(case, decisions)
        return draft_view(case, review, self.desk.pack, screen.draft, screen.revealed, decisions)

    def editor(self, session: Session) -> Html:
        screen = session.screen
        if screen is None or screen.editing is None:
            return EMPTY
        case, review = self._held(screen)
        floor = floor_of(case, review, screen.corrections, self.desk.pack)
        draft = shown_draft(review, screen)
        reportability = draft.reportability if draft else Reportability.UNKNOWN
        return editor_view(screen, case, self.desk.pack, floor, reportability)

    def _held(self, screen: OnScreen) -> tuple[Case, Review | None]:
        return self.desk.case(screen.case), self.desk.review(screen.case)


def shown_draft(review: Review | None, screen: OnScreen) -> Draft | None:
    """The draft that is on screen."""
    if review is None or screen.draft is None or not 0 <= screen.draft < len(review.drafts):
        return None
    return review.drafts[screen.draft].draft
