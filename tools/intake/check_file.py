"""Whether the files a campaign names are there, inside its folder, and what they claim to be."""

from callsheet.domain.campaign import Asset, TelemetrySource
from callsheet.domain.provider import Provider
from callsheet.tools.intake.asset import Unusable, digest_of_bytes, find_inside, read_bytes, read_picture
from callsheet.tools.intake.desk import Desk
from callsheet.tools.intake.problem import Problem
from callsheet.tools.intake.written import TELEMETRY_FILE, WrittenTelemetry

TELEMETRY_HEADER = "variant,placement,second,viewers,clicks"
PREVIZ_SEED = 2


def check_picture(desk: Desk) -> Asset | None:
    """The product's picture, if it is one."""
    name = desk.form.written.product.image
    if name is None:
        return None
    try:
        asset = read_picture(desk.gathered.folder, name)
        desk.files[asset.digest] = find_inside(desk.gathered.folder, name)
    except Unusable as reason:
        desk.wrong(("product", "image"), str(reason), name)
        return None
    return asset


def check_telemetry(desk: Desk, provider: Provider | None) -> TelemetrySource:
    """Where readings come from; a CSV must begin with the agreed header."""
    written = desk.form.written.telemetry or _unsaid(provider)
    path = desk.gathered.folder / TELEMETRY_FILE
    if desk.is_doubtful("telemetry"):
        return TelemetrySource()
    if not path.exists() and not path.is_symlink():
        if written.kind == "csv":
            desk.wrong(
                ("telemetry",), f"wants {TELEMETRY_FILE}, which is not in the folder; its header is {TELEMETRY_HEADER}"
            )
        return TelemetrySource(kind=written.kind, seed=written.seed)
    if desk.gathered.has("telemetry") and written.kind != "csv":
        desk.wrong(("telemetry",), f"says {written.kind}, but {TELEMETRY_FILE} is in the folder; keep one of the two")
        return TelemetrySource()
    try:
        real, data = read_bytes(desk.gathered.folder, TELEMETRY_FILE)
    except Unusable as reason:
        desk.problems.append(Problem(file=TELEMETRY_FILE, message=str(reason)))
        return TelemetrySource()
    header = data[:200].decode("utf-8-sig", errors="replace").splitlines()[0].strip()
    if [part.strip() for part in header.split(",")] != TELEMETRY_HEADER.split(","):
        problem = Problem(
            file=TELEMETRY_FILE,
            line=1,
            message="has another header",
            found=f'"{header[:60]}"',
            allowed=TELEMETRY_HEADER,
        )
        desk.problems.append(problem)
    digest = digest_of_bytes(data)
    desk.files[digest] = real
    return TelemetrySource(kind="csv", asset=digest, seed=written.seed)


def _unsaid(provider: Provider | None) -> WrittenTelemetry:
    """Previz is watched by simulated viewers; what a real provider made waits for real ones."""
    is_previz = provider is not None and provider.previz
    return WrittenTelemetry(kind="simulation", seed=PREVIZ_SEED) if is_previz else WrittenTelemetry()
