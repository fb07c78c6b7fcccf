"""`parvis draw_docs`: draws docs/workflows.md from the tables of life cycles; a test keeps it true."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from parvis.changes.workflow import CHANGE, PAPER
from parvis.contact.workflow import CONVERSATION
from parvis.declarations.workflow import DECLARATION
from parvis.kit.workflow import Workflow

WORKFLOWS: tuple[Workflow, ...] = (DECLARATION, CHANGE, PAPER, CONVERSATION)
HEAD = """# Life cycles

Drawn from the tables in the code by `parvis draw_docs`; do not edit by hand.
"""


def drawn() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_drawn(workflow) for workflow in WORKFLOWS)])


def _drawn(workflow: Workflow) -> str:
    words = {state.code: state.label for state in workflow.states}
    acts = {act.code: act.label for act in workflow.acts}
    lines = [f"## {workflow.name}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.code}: {state.label}" for state in workflow.states]
    lines += [f"    {source} --> {target}: {acts[act]}" for source, act, target, _, _ in workflow.rows()]
    lines += ["```", "", "| from | act | to | by | right |", "|---|---|---|---|---|"]
    lines += [
        f"| `{source}` {words[source]} | `{act}` {acts[act]} | `{target}` {words[target]} | {who} | {right or '–'} |"
        for source, act, target, who, right in workflow.rows()
    ]
    return "\n".join([*lines, ""])


class Command(BaseCommand):
    help = "Draw docs/workflows.md."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.ROOT / "docs" / "workflows.md").write_text(drawn(), encoding="utf-8")
