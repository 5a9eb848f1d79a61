"""The Gradio shell: three columns, one bridge to the page's script, and nothing that talks to the outside."""

import os
from pathlib import Path
from typing import Any

from ui.panel.answers import VIEWS, Answer
from ui.panel.bar import bar_view, keys_view
from ui.panel.header import header_view
from ui.panel.markup import EMPTY, Html, join
from ui.panel.panel import Panel
from ui.panel.seam import CaseDesk
from ui.panel.session import Session

ASSETS = Path(__file__).parent / "assets"
CASES_AT_ONCE = 8
"""Commands and drafts, each, that are carried out at the same time over all sessions."""


def build(desk: CaseDesk, *, analyst: str) -> Any:
    """The panel as `gradio.Blocks`. Show it with `serve` or `mount`, which bring its looks."""
    gradio = _gradio()
    panel = Panel(desk, analyst)
    with gradio.Blocks(title="Reviewer Copilot", fill_width=True, analytics_enabled=False) as page:
        session = gradio.State(Session())
        _html(gradio, "header", join([header_view(desk.pack, analyst), keys_view()]))
        with gradio.Row(elem_id="rc-columns"):
            with gradio.Column(elem_id="rc-left"):
                queue = _html(gradio, "queue")
            with gradio.Column(elem_id="rc-middle"):
                case = _html(gradio, "case")
            with gradio.Column(elem_id="rc-right"):
                draft = _html(gradio, "draft")
                editor = _html(gradio, "editor")
                _html(gradio, "bar", bar_view())
        bridge = gradio.HTML("", html_template="", js_on_load=_asset("panel.js"), elem_id="rc-bridge")
        ready = gradio.HTML("", html_template="", js_on_load=_asset("drafted.js"), elem_id="rc-drafted")
        outputs = [session, bridge, queue, case, draft, editor]

        def run(held: Session, event: Any) -> list[Any]:
            return _outputs(gradio, panel.handle(held, event._data))

        def start(held: Session) -> list[Any]:
            return _outputs(gradio, panel.handle(held, {"do": "refresh"}))

        async def have_drafted(held: Session, event: Any) -> str:
            return (await panel.draft(held, event._data)).json()

        for told in (run, have_drafted):  # Gradio hands the message to whoever names its type
            told.__annotations__["event"] = gradio.EventData

        quiet = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": CASES_AT_ONCE}
        page.load(start, [session], outputs, **quiet)
        bridge.command(run, [session], outputs, **quiet)
        bridge.draft(have_drafted, [session], [ready], trigger_mode="multiple", **quiet)
    return page


def serve(
    desk: CaseDesk, *, analyst: str, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False
) -> None:
    """Serves the panel until it is stopped."""
    page = build(desk, analyst=analyst)
    page.launch(server_name=host, server_port=port, inbrowser=open_browser, **_launching())


def start(desk: CaseDesk, *, analyst: str, host: str = "127.0.0.1", port: int | None = None) -> tuple[Any, str]:
    """Serves the panel in the background, by default on a free port; gives what to `close()`, and its address."""
    page = build(desk, analyst=analyst)
    _, address, _ = page.launch(server_name=host, server_port=port, prevent_thread_lock=True, **_launching())
    return page, str(address)


def mount(app: Any, desk: CaseDesk, *, analyst: str, path: str = "/panel", **more: Any) -> Any:
    """Puts the panel under a path of another ASGI application; `more` is for Gradio, such as `auth`."""
    gradio = _gradio()
    page = build(desk, analyst=analyst)
    return gradio.mount_gradio_app(app, page, path=path, **_looks(), **more)


def _gradio() -> Any:
    """Gradio, imported late and with everything off that would ask the outside."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gradio

    return gradio


def _html(gradio: Any, name: str, value: Html = EMPTY) -> Any:
    return gradio.HTML(value, elem_id=f"rc-{name}", apply_default_css=False, js_on_load=None, padding=False)


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _looks() -> dict[str, Any]:
    """Theme and style sheet, with fonts that every machine has."""
    theme = _gradio().themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
    return {
        "theme": theme,
        "head": f"<style>{_asset('panel.css')}</style>",
        "footer_links": [],
        "ssr_mode": False,
        "pwa": False,
    }


def _launching() -> dict[str, Any]:
    no_pages = {"docs_url": None, "redoc_url": None, "openapi_url": None}
    return {"share": False, "quiet": True, "app_kwargs": no_pages, "mcp_server": False, **_looks()}


def _outputs(gradio: Any, answer: Answer) -> list[Any]:
    return [answer.session, answer.status.json(), *(answer.views.get(name, gradio.skip()) for name in VIEWS)]
