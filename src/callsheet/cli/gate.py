"""Shows an open gate to people exactly as it would be decided: plan, takes or files, what it may cost, what to type."""

from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from callsheet.cli.console import Console
from callsheet.cli.quote import show_quote
from callsheet.cli.view import GateView
from callsheet.cli.workspace import media_store, near, say_next
from callsheet.domain.quote import seconds_text

if TYPE_CHECKING:
    from callsheet.domain.storyboard import Panel, VariantPlan

SHORT_HASH = 8
"""Characters of a hash that `--shown` takes at least."""


def show_gate(console: Console, view: GateView, in_full: bool = False) -> None:
    """Print the question and what it is about, words on screen included. `in_full` adds sources and prompts."""
    showing = view.asked.showing
    console.say(f"{view.run.id} waits for a person at {showing.kind}:", style="bold")
    console.say(showing.question, style="bold cyan")
    if view.quote is not None:
        show_quote(console, view.campaign, view.storyboard, view.quote, with_words=not in_full)
        if in_full:
            _show_words(console, view)
    if showing.takes:
        _show_takes(console, view)
    if showing.purchases:
        _show_purchases(console, view)
    if showing.files:
        _show_files(console, view)
    _show_notices(console, view)
    if (allowed := view.asked.gate.allowance) is not None:
        console.say(f"Approval lets it buy at most {allowed.seconds} s and spend at most {allowed.money}.")
    if view.asked.gate.deadline:
        console.say(f"Unanswered, it expires at {view.asked.gate.deadline:%Y-%m-%d %H:%M %Z}.")
    console.say(f"Gate {view.asked.gate.id} shows {short(view)}; answer exactly that with --shown {short(view)}.")
    has_more = view.quote is not None and not in_full
    say_next(*([_look(view)] if has_more else []), *answers(view))


def commands(view: GateView) -> list[str]:
    """What can be typed, ready to be copied: the answers, and the command that shows everything."""
    return [*answers(view), _look(view)]


def answers(view: GateView) -> list[str]:
    """What can be typed to answer, ready to be copied."""
    from callsheet.graphs.question import ALLOWED

    run = "" if view.is_only else f" {view.run.id}"
    shown = f" --shown {short(view)}"
    found = [f"callsheet decide{run} approve{shown}"]
    if view.asked.gate.kind == "writer":
        found.append(f'callsheet decide{run} edit --note "what to mind"{shown}')
    elif "edit" in ALLOWED[view.asked.gate.kind] and (example := _example_edit(view)):
        found.append(f"callsheet decide{run} edit --set {example}{shown}")
    found.append(f'callsheet decide{run} reject --note "why"{shown}')
    return found


def _look(view: GateView) -> str:
    return "callsheet show" if view.is_only else f"callsheet show {view.run.id}"


def gate_document(view: GateView) -> dict[str, Any]:
    """The gate as JSON, whole."""
    return {
        "gate": view.asked.gate.model_dump(mode="json"),
        "shown": view.asked.gate.shown,
        "showing": view.asked.showing.model_dump(mode="json"),
        "storyboard": view.storyboard.model_dump(mode="json"),
        "quote": view.quote.model_dump(mode="json") if view.quote else None,
        "files": [_place(view, one.name) for one in view.asked.showing.files],
        "takes": [str(media_store().path(one.media)) for one in view.asked.showing.takes],
        "next": commands(view),
    }


def short(view: GateView) -> str:
    """The beginning of the hash of what is shown."""
    return view.asked.gate.shown[:SHORT_HASH]


def _example_edit(view: GateView) -> str:
    """A change that makes sense here: a length that wastes less, another length, or another take."""
    showing = view.asked.showing
    if showing.kind == "dailies":
        others = [take for take in showing.takes if not take.circled]
        return f"{others[0].shot}.take={others[0].number}" if others else ""
    if showing.kind == "purchase":
        return " --set ".join(f"{one.shot}.{one.take}.job=<id or paid>" for one in showing.purchases)
    offers = view.quote.alternatives if view.quote else ()
    if offers:
        return f"{offers[0].shot}.seconds={seconds_text(offers[0].instead).removesuffix(' s')}"
    shot = view.storyboard.shots[min(1, len(view.storyboard.shots) - 1)]
    return f"{shot.id}.seconds={seconds_text(max(shot.seconds - 1, shot.seconds / 2)).removesuffix(' s')}"


def _show_words(console: Console, view: GateView) -> None:
    for variant in view.storyboard.variants:
        console.table(
            f"Variant {variant.id} for {variant.audience}, {seconds_text(variant.seconds)}",
            ["shot", ">seconds", "caption", "callout", "cites"],
            [*(_panel(panel) for panel in variant.panels), _end_card(variant)],
        )
        if variant.end_card.legal:
            console.say(f"legal line: {variant.end_card.legal}")
    for shot in view.storyboard.shots:
        console.say(f"{shot.id} asks for: {shot.prompt}")
        if shot.negative_prompt:
            console.say(f"{shot.id} avoids: {shot.negative_prompt}")


def _panel(panel: "Panel") -> tuple[str, str, str, str, str]:
    cites = ""
    if panel.callout:
        named = (("fact", panel.callout.fact), ("claim", panel.callout.claim))
        cites = ", ".join(f"{kind} {id_}" for kind, id_ in named if id_)
    return (
        panel.shot,
        seconds_text(panel.seconds),
        panel.caption,
        panel.callout.text if panel.callout else "",
        cites,
    )


def _end_card(variant: "VariantPlan") -> tuple[str, str, str, str, str]:
    card = variant.end_card
    return ("end card", seconds_text(card.seconds), card.headline, card.call_to_action, card.url)


def _show_takes(console: Console, view: GateView) -> None:
    store = media_store()
    console.table(
        "Takes",
        ["shot", ">take", "circled", "hash"],
        [(one.shot, one.number, "yes" if one.circled else "", one.media[:12]) for one in view.asked.showing.takes],
    )
    for one in view.asked.showing.takes:
        console.say(f"  {one.shot} take {one.number}: {near(store.path(one.media))}", whole=True)


def _show_purchases(console: Console, view: GateView) -> None:
    console.table(
        "Purchases in doubt",
        ["shot", ">take", ">seconds", ">price", "provider", "asked at"],
        [
            (one.shot, one.take, one.seconds, one.money, one.provider, one.intended_at[:19])
            for one in view.asked.showing.purchases
        ],
    )
    for one in view.asked.showing.purchases:
        console.say(f"  {one.shot} take {one.take}: {one.reason}")


def _show_files(console: Console, view: GateView) -> None:
    by_name = {one.name: one for one in view.files}
    is_split = view.asked.showing.is_split
    rows = []
    for one in view.asked.showing.files:
        made = by_name.get(one.name)
        size = f"{made.width}x{made.height}" if made else ""
        length = f"{made.frames / made.rate:.1f} s" if made else ""
        loudness = made.loudness if made else ""
        place = (one.placement, *([one.runs] if is_split else []))
        rows.append((one.variant, *place, size, length, loudness, one.credentials, one.file[:SHORT_HASH]))
    columns = ["variant", "placement", *(["runs"] if is_split else []), "size", ">length", ">LUFS", "signed", "SHA-256"]
    console.table("Files", columns, rows)
    for one in view.asked.showing.files:
        console.say(f"  {near(_place(view, one.name))}", whole=True)


def _place(view: GateView, name: str) -> str:
    return str(Path(view.run.out) / "deliverables" / f"{name}.mp4")


def _show_notices(console: Console, view: GateView) -> None:
    written = set(view.run.notices)
    for notice in view.asked.showing.notices:
        folder = f"{near(view.run.folder)}/" if notice in written else ""
        console.say(f"note: {folder}{shorten(notice, 600, placeholder=' …')}", style="yellow" if folder else None)
