"""The panel without a browser: a command and a session in, the changed views out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from copilot.base import now
from copilot.cases import Case, Span
from copilot.errors import CaseError, CopilotError
from copilot.reviews import Review
from ui.panel import commands
from ui.panel.answers import VIEWS, Answer, Status, explain
from ui.panel.deciding import Deciding
from ui.panel.drawing import Drawing
from ui.panel.editing import Edits
from ui.panel.seam import CaseDesk
from ui.panel.session import OnScreen, Session
from ui.panel.terms import VERBS

log = logging.getLogger(__name__)


class Panel:
    """One analyst's panel over a desk; it holds no state of its own, the session does."""

    def __init__(self, desk: CaseDesk, analyst: str) -> None:
        self.desk = desk
        self.analyst = analyst
        self.drawing = Drawing(desk)
        self.edits = Edits(desk, analyst)
        self.deciding = Deciding(desk, analyst)
        self.acts: dict[type, Callable[[Session, Any], Answer]] = {
            commands.Refresh: self._refresh,
            commands.Open: self._open,
            commands.Move: self._move,
            commands.Show: self._show,
            commands.Reveal: self._reveal,
            commands.Mask: self._mask,
            commands.Decide: self._decide,
            commands.Drafted: self._drafted,
            commands.Edit: self._edit,
            commands.Leave: self._edit,
            commands.AddStep: self._edit,
            commands.RemoveStep: self._edit,
            commands.Correct: self._edit,
            commands.Uncorrect: self._edit,
        }

    def handle(self, session: Session, data: object) -> Answer:
        """Does what the page asks, or says in words why not; a failure changes nothing on the page."""
        session = session.next()
        try:
            command = commands.read(data)
            return self.acts[type(command)](session, command)
        except Exception as error:
            return self._failed(session, error)

    async def draft(self, session: Session, data: object) -> Status:
        """Has a case drafted, with the session's corrections where it is the open one."""
        id = str(data.get("case", "")) if isinstance(data, dict) else ""
        screen = session.screen
        corrections = screen.corrections if screen and screen.case == id else ()
        try:
            await self.desk.draft(id, corrections)
        except Exception as error:
            self._log(error)
            problem, hint = explain(error)
            return Status(case=id, problem=f"no draft: {problem}", hint=hint)
        return Status(case=id, said=f"Draft of case {id} is ready.")

    def _failed(self, session: Session, error: Exception) -> Answer:
        self._log(error)
        problem, hint = explain(error)
        screen = session.screen
        case, editing = (screen.case, screen.editing is not None) if screen else ("", False)
        status = Status(number=session.number, problem=problem, hint=hint, case=case, editing=editing)
        return Answer(session, status)

    def _log(self, error: Exception) -> None:
        """The kind of error only: its words may hold what a case says."""
        if not isinstance(error, CopilotError):
            log.error("the panel could not carry out a command: %s", type(error).__name__)

    def _status(self, session: Session, **outcome: Any) -> Status:
        screen = session.screen
        return Status(
            number=session.number,
            case=screen.case if screen else "",
            editing=bool(screen and screen.editing),
            confirm=self.deciding.not_confirmable(screen),
            **outcome,
        )

    def _answer(self, session: Session, *names: str, **outcome: Any) -> Answer:
        """The session with the named views drawn again."""
        views = self.drawing.views(session, names)
        return Answer(session, self._status(session, **outcome), views)

    def _refresh(self, session: Session, _: commands.Refresh) -> Answer:
        session = self._read_queue(session)
        if not session.rows:
            return self._answer(session, *VIEWS, said="No cases yet.")
        return self._opened(session, session.order[0])

    def _read_queue(self, session: Session) -> Session:
        return replace(session, rows=tuple(self.desk.queue()))

    def _open(self, session: Session, command: commands.Open) -> Answer:
        return self._opened(session, command.case)

    def _move(self, session: Session, command: commands.Move) -> Answer:
        here = session.screen.case if session.screen else ""
        at = session.order.index(here) + command.by if here in session.order else 0
        if not 0 <= at < len(session.order):
            return self._answer(session, said="This is the end of the queue." if at > 0 else "This is the first case.")
        return self._opened(session, session.order[at])

    def _opened(self, session: Session, id: str, **outcome: Any) -> Answer:
        """Puts a case on the screen as it stands now; what was revealed and corrected on the same case stays."""
        case, review = self.desk.case(id), self.desk.review(id)
        held = session.screen if session.screen and session.screen.case == id else None
        screen = OnScreen(
            case=id,
            opened_at=held.opened_at if held else now(),
            seen=self.deciding.state(case, review),
            draft=_first(review),
            revealed=held.revealed if held else frozenset(),
            read=held.read if held else (),
            corrections=held.corrections if held else (),
        )
        return self._answer(session.on(screen), *VIEWS, opened=True, **({"said": f"Case {id} is open."} | outcome))

    def _show(self, session: Session, command: commands.Show) -> Answer:
        screen = on_screen(session, command.case)
        review = self.desk.review(command.case)
        if review is None or not 0 <= command.draft < len(review.drafts):
            raise CaseError("there is no such draft", "open the case again")
        session = session.on(replace(screen, draft=command.draft))
        return self._answer(
            session, "case", "draft", said=f"Showing the draft by {review.drafts[command.draft].draft.drafter}."
        )

    def _reveal(self, session: Session, command: commands.Reveal) -> Answer:
        """Records first: words that could not be recorded as read stay masked."""
        screen = on_screen(session, command.case)
        span = whole(self.desk.case(command.case), command.part)
        self.desk.reveal(command.case, span, self.analyst)
        read = screen.read if span in screen.read else (*screen.read, span)
        session = session.on(replace(screen, revealed=screen.revealed | {command.part}, read=read))
        return self._answer(session, "case", "draft", said="Revealed, and recorded.")

    def _mask(self, session: Session, command: commands.Mask) -> Answer:
        screen = on_screen(session, command.case)
        session = session.on(replace(screen, revealed=screen.revealed - {command.part}))
        return self._answer(session, "case", "draft", said="Masked again.")

    def _decide(self, session: Session, command: commands.Decide) -> Answer:
        screen = on_screen(session, command.case)
        if self.deciding.is_stale(screen):
            hint = "it is shown as it stands now; look at it and decide again"
            return self._opened(session, screen.case, said="", problem="the case changed while it was open", hint=hint)
        if command.verb == "changed" and screen.editing is None:
            return self._edit(session, commands.Edit(do="edit", case=command.case))
        decision = self.deciding.decide(screen, command)
        return self._next(session, f"Saved: {VERBS[decision.verb].lower()} case {decision.case_id}.")

    def _next(self, session: Session, said: str) -> Answer:
        """The next undecided case, from where the analyst stands on; the decided one stays open where none is left."""
        here, before = session.screen.case if session.screen else "", session.order
        session = self._read_queue(session)
        open_ones = {row.case_id: row for row in session.rows if row.decided is None}
        at = before.index(here) if here in before else 0
        around = (*before[at:], *before[:at], *open_ones)
        following = next((id for id in around if id in open_ones and id != here), None)
        if following is None:
            done = session.on(None)
            return self._opened(done, here, said=f"{said} No undecided case is left.", saved=True)
        return self._opened(session, following, said=f"{said} Next: case {following}.", saved=True)

    def _drafted(self, session: Session, command: commands.Drafted) -> Answer:
        session = self._read_queue(session)
        screen = session.screen
        if screen is None or screen.case != command.case:
            return self._answer(session, "queue", said=f"Draft of case {command.case} is ready.")
        return self._opened(session, command.case, said=f"Draft of case {command.case} is ready.")

    def _edit(self, session: Session, command: Any) -> Answer:
        screen, said = self.edits.apply(on_screen(session, command.case), command)
        return self._answer(session.on(screen), "editor", said=said)


def on_screen(session: Session, case: str) -> OnScreen:
    """The open case, if it is the one that the command names."""
    if session.screen is None or session.screen.case != case:
        raise CaseError(f"case '{case}' is no longer the open one", "open it again from the queue")
    return session.screen


def whole(case: Case, part: str) -> Span:
    """The span of all words of a part."""
    held = case.part(part)
    if held is None or not held.text:
        raise CaseError(f"part '{part}' has no words to reveal")
    return Span(part=part, start=0, end=len(held.text))


def _first(review: Review | None) -> int | None:
    """The draft to show first: the recommended one, otherwise the first there is."""
    if review is None or not review.drafts:
        return None
    return review.recommended if review.recommended is not None else 0
