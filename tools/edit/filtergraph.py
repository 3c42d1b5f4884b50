"""The encoder's filter graph for one piece. It is built from numbers alone: no text and no file name ever enters it."""

from collections.abc import Sequence
from dataclasses import dataclass

from callsheet.tools.edit.reframe import reframe
from callsheet.tools.edit.segment import Segment, Source

_SOFTENED = 12
"""The blurred copy behind a contained picture is made at this fraction of the frame's size."""
_STILL_ZOOM = 0.06
_CARD_ZOOM = 0.045


@dataclass(frozen=True)
class Overlay:
    """A drawn layer over a piece: at `x`, `y`, from frame `start` (may be before the piece) for `frames`.

    Fades count in frames; `slide` pixels are travelled from the left during the fade in.
    """

    x: int
    y: int
    start: int
    frames: int
    fade_in: int = 0
    fade_out: int = 0
    slide: int = 0


def picture_graph(piece: Segment) -> str:
    """The footage of a piece, as `[picture]`: inputs 0 and 1 are its sources."""
    graph = [_source(piece, source, number) for number, source in enumerate(piece.sources)]
    if len(piece.sources) == 2:
        graph.append(_transition(piece, "s0", "s1"))
    elif piece.kind != "clip":
        black = f"color=c=black:s={piece.width}x{piece.height}:r={piece.rate},format=yuv420p,{_clock(piece)}[black]"
        graph += [black, _transition(piece, "black", "s0")]
    else:
        graph.append("[s0]null[picture]")
    return ";".join(graph)


def card_graph(piece: Segment, product: tuple[int, int] | None) -> str:
    """The end card's ground (input 0) and, when it has one, its product layer (input 1) at `x`, `y`, as `[picture]`."""
    ground = f"[0:v]{_held(piece, 'yuv420p')}"
    if product is None:
        return f"{ground}[picture]"
    moved = _zoom(_CARD_ZOOM, 0, piece.frames)
    x, y = product
    return (
        f"{ground}[ground];[1:v]{_held(piece, 'yuva420p')},{moved}[product];"
        f"[ground][product]overlay=x={x}:y={y}:format=yuv420[picture]"
    )


def overlay_graph(piece: Segment, overlays: Sequence[Overlay], first_input: int) -> str:
    """Lay drawn layers over `[picture]` in order, as `[out]` of exactly the piece's frames."""
    graph, below = [], "picture"
    for number, overlay in enumerate(overlays):
        graph.append(f"[{first_input + number}:v]{_layer(piece, overlay)}[o{number}]")
        x = str(overlay.x)
        if overlay.slide and overlay.fade_in:
            x = f"'{overlay.x}-{overlay.slide}*pow(max(0,1-(n-({overlay.start}))/{overlay.fade_in}),2)'"
        graph.append(f"[{below}][o{number}]overlay=x={x}:y={overlay.y}:format=yuv420:eof_action=pass[p{number}]")
        below = f"p{number}"
    tags = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
    graph.append(f"[{below}]trim=end_frame={piece.frames},setsar=1,format=yuv420p,{tags}[out]")
    return ";".join(graph)


def _clock(piece: Segment) -> str:
    return f"settb=1/{piece.rate},setpts=N,trim=end_frame={piece.frames}"


def _held(piece: Segment, pixels: str) -> str:
    """One decoded picture, held: decoding it again for every frame would cost more than the rest of the graph."""
    return f"{_to_video(pixels)},loop=loop=-1:size=1:start=0,{_clock(piece)}"


def _to_video(pixels: str) -> str:
    return f"scale=out_color_matrix=bt709:out_range=tv,format={pixels}"


def _transition(piece: Segment, before: str, after: str) -> str:
    """A dissolve mixes the two; a dip goes down to black in its first half and comes up again in its second."""
    if piece.kind == "dissolve":
        return f"[{before}][{after}]xfade=transition=fade:duration={piece.frames / piece.rate:.6f}:offset=0[picture]"
    down = piece.frames // 2
    up = piece.frames - down
    return (
        f"[{before}]fade=t=out:start_frame=0:nb_frames={max(1, down)}[down];"
        f"[{after}]fade=t=in:start_frame={down}:nb_frames={up}[up];"
        f"[down][up]overlay=format=yuv420:enable='gte(n,{down})'[picture]"
    )


def _source(piece: Segment, source: Source, number: int) -> str:
    frame = (piece.width, piece.height)
    last = source.first + piece.frames
    if source.still:
        return (
            f"[{number}:v]{_held(piece, 'yuv420p')},{_zoom(_STILL_ZOOM, source.first, source.span)},setsar=1[s{number}]"
        )
    shown = reframe((source.width, source.height), frame)
    cut = (
        f"[{number}:v:0]setpts=PTS-STARTPTS,fps={piece.rate},tpad=stop_mode=clone:stop={last},"
        f"trim=start_frame={source.first}:end_frame={last},settb=1/{piece.rate},setpts=N"
    )
    sized = (
        f"scale={shown.width}:{shown.height}:flags=bicubic" if (shown.width, shown.height) != _size(source) else "null"
    )
    if shown.how == "fill":
        crop = f",crop={frame[0]}:{frame[1]}" if (shown.width, shown.height) != frame else ""
        return f"{cut},{sized}{crop},format=yuv420p,setsar=1[s{number}]"
    x, y = (frame[0] - shown.width) // 2, (frame[1] - shown.height) // 2
    small = tuple(max(16, 2 * round(length / _SOFTENED / 2)) for length in frame)
    soft = (
        f"scale={small[0]}:{small[1]}:force_original_aspect_ratio=increase:flags=area,crop={small[0]}:{small[1]},"
        f"gblur=sigma=1.6,lutyuv=y=(val-16)*0.5+16,scale={frame[0]}:{frame[1]}:flags=bicubic,format=yuv420p"
    )
    return (
        f"{cut},split[a{number}][b{number}];[a{number}]{soft},setsar=1[c{number}];"
        f"[b{number}]{sized},format=yuv420p,setsar=1[d{number}];"
        f"[c{number}][d{number}]overlay=x={x}:y={y}:format=yuv420[s{number}]"
    )


def _size(source: Source) -> tuple[int, int]:
    return source.width, source.height


def _zoom(amount: float, first: int, span: int) -> str:
    """A slow push in with sub-pixel steps; whole-pixel steps would tremble."""
    inset = f"(1-1/(1+{amount}*(on+{first})/{max(1, span)}))/2"
    far = f"(1-{inset})"
    corners = ((inset, inset), (far, inset), (inset, far), (far, far))
    moved = ":".join(f"x{number}='W*{x}':y{number}='H*{y}'" for number, (x, y) in enumerate(corners))
    return f"perspective={moved}:interpolation=linear:eval=frame"


def _layer(piece: Segment, overlay: Overlay) -> str:
    """A layer in its own time, with its fades, then cut to and set on the piece's time."""
    fades = ""
    if overlay.fade_in:
        fades += f",fade=t=in:start_frame=0:nb_frames={overlay.fade_in}:alpha=1"
    if overlay.fade_out:
        fades += f",fade=t=out:start_frame={overlay.frames - overlay.fade_out}:nb_frames={overlay.fade_out}:alpha=1"
    begun = max(0, -overlay.start)
    end = min(overlay.frames, piece.frames - overlay.start)
    return (
        f"{_to_video('yuva420p')},loop=loop=-1:size=1:start=0,settb=1/{piece.rate},setpts=N,trim=end_frame={overlay.frames}"
        f"{fades},trim=start_frame={begun}:end_frame={end},setpts=N+{max(0, overlay.start)}"
    )
