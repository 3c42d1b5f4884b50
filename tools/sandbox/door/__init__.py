"""Other doors to the same sandbox: the wires of Gemini and of fal, with the same jobs, the same faults and one bill."""

from starlette.routing import Route

from callsheet.tools.sandbox.door.fal import fal_routes
from callsheet.tools.sandbox.door.gemini import gemini_routes
from callsheet.tools.sandbox.service import Service
from callsheet.tools.sandbox.videos import Videos


def door_routes(service: Service, videos: Videos) -> list[Route]:
    """Gemini's interactions under `/v1beta/`, fal's queue under `/fal/`."""
    return [*gemini_routes(service, videos), *fal_routes(service, videos)]
