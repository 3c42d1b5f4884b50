"""The ids of jobs, as each kind of server writes them."""

import base64
import hashlib
import uuid

from callsheet.tools.sandbox.settings import SandboxSettings


def job_name(settings: SandboxSettings, number: int) -> str:
    """The id of a job: drawn from the seed and the job's number, never the same twice."""
    digest = hashlib.sha256(f"{settings.seed}:{number}".encode()).digest()
    short = digest.hex()[:48]
    envelope = f"gateway:provider:sandbox;model_id:{settings.models[0]};video_id:{short}"
    return settings.manners.job_id.format(
        digest=short,
        uuid=uuid.UUID(bytes=digest[:16], version=4),
        wrapped=base64.b64encode(envelope.encode()).decode(),
    )
