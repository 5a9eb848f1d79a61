"""The panel: the queue at the left, the case in the middle, the draft at the right; a person decides with one key."""

from ui.panel.app import build, mount, serve, start
from ui.panel.seam import CaseDesk

__all__ = ["CaseDesk", "build", "mount", "serve", "start"]
